"""A quiz and everything it is made of: questions, interactions, settings, claims, translations."""
