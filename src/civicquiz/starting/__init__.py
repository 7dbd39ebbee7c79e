"""New files to begin with: a first quiz, or a whole course."""
