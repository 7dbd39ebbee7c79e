"""New files to begin with: a first quiz, a whole course, a table of questions, a plugin for MyST."""
