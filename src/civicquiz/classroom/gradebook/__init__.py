"""What a class handed in -> its results: the gradebook, outcomes, feedback, and imports for Canvas and Moodle."""
