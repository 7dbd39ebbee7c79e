"""What a class handed in -> its results: the gradebook, outcomes, feedback, and what Canvas and Moodle import."""

from civicquiz.classroom.gradebook.grading_run import GradingRun, Request
from civicquiz.classroom.outcomes_file import Change, GradingError

__all__ = ["Change", "GradingError", "GradingRun", "Request"]
