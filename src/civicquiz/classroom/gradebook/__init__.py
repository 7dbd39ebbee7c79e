"""What a class handed in -> its results: the gradebook, outcomes, feedback, and what Canvas and Moodle import."""

from civicquiz.classroom.gradebook.grading_run import GradingRun, Request
from civicquiz.classroom.gradebook.outcomes import Change

__all__ = ["Change", "GradingRun", "Request"]
