"""What a class handed in -> its results: the gradebook, outcomes, feedback, and what Canvas and Moodle import."""
