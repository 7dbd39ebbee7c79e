"""What a test editor would say of quizzes that are valid: questions that their looks give away, and how they are made.

The rules for writing questions are numbered as in T. Haladyna, S. Downing and M. Rodriguez, "A Review of
Multiple-Choice Item-Writing Guidelines for Classroom Assessment", Applied Measurement in Education 15 (2002), table 1.
"""
