"""What a class handed in to gradebook, feedback and item analysis."""
