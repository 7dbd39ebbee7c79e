"""Quizzes in other forms, one module each."""
