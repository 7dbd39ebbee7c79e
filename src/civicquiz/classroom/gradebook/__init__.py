"""What a class handed in -> its results: the gradebook, outcomes, feedback, and what Canvas and Moodle import."""

from civicquiz.gradebook.grading_run import GradingRun, Request
from civicquiz.gradebook.keys import load_keys
from civicquiz.gradebook.outcomes import Change, GradingError

__all__ = ["Change", "GradingError", "GradingRun", "Request", "load_keys"]
