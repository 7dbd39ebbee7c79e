"""Tests on paper: the folder to print, and the table of what students answered on it."""
