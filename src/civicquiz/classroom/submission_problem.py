"""What is wrong with something that was handed in."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SubmissionProblem"]


@dataclass(frozen=True)
class SubmissionProblem:
    """Something that was handed in and could not be used, or needs a look.

    Attributes:
        reason: one of the codes that the page *Collect and grade* of the docs lists.
        place: where it was found.
        message: what is wrong.
        hint: what to do about it; may be empty.
        learner: whose it is; empty if nobody knows.
        quiz: the name of the quiz; empty if nobody knows.
        upload: what one learner handed in, in which it is; empty for a line of a file of the person who grades.
    """

    reason: str
    place: str
    message: str
    hint: str = ""
    learner: str = ""
    quiz: str = ""
    upload: str = ""
