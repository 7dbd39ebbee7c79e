"""Copies of a quiz without its key, and the folder that a class gets."""
