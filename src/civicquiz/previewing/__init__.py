"""Quizzes while they are written: a local server that shows them and follows every save."""
