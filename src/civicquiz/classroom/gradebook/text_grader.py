"""A text that was handed in -> what it earns, and what is wrong with it.

It depends on no other text, so that many can be graded at the same time, in any number of processes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from civicquiz.authoring.wording import excerpt
from civicquiz.classroom.collecting import FoundText, Refused, Roster, Submission, read_submission
from civicquiz.classroom.gradebook.grader import Grader, score_of
from civicquiz.classroom.gradebook.ledger import Entry
from civicquiz.classroom.gradebook.problems import problem_of
from civicquiz.classroom.submission_problem import SubmissionProblem
from civicquiz.errors import UnusableError
from civicquiz.grading.arrangement import seed_of_learner
from civicquiz.model.learner_copy import accepted_versions
from civicquiz.model.quiz_files import load_keys

__all__ = ["Graded", "TextGrader"]


@dataclass(frozen=True)
class Graded:
    """What was made of one text: an ``entry``, if it could be graded, and what could not be used or needs a look."""

    entry: Entry | None
    problems: tuple[SubmissionProblem, ...]


class TextGrader:
    """Grades texts with the quizzes that ``keys`` name. It can be sent to another process, with what it has read."""

    def __init__(
        self,
        keys: Sequence[Path],
        roster: Roster | None = None,
        *,
        due: datetime | None = None,
        versions: Collection[str] = (),
        per_learner: bool = False,
    ) -> None:
        """
        Args:
            keys: as in ``model.quiz_files``.
            roster: who is in the class; without one, everybody is.
            due: when answers were due, with a time zone.
            versions: versions of a quiz that are accepted besides that of its key.
            per_learner: whether learners were given copies of their own.

        Raises:
            CivicquizError: a key cannot be used.
        """
        self.roster = roster
        self._due, self._per_learner = due, per_learner
        #: by the name of the quiz
        self.graders = {name: Grader(quiz) for name, quiz in sorted(load_keys(keys).items())}
        self._accepted = {name: accepted_versions(of.quiz) | {*versions} for name, of in self.graders.items()}

    def is_learner(self, name: str) -> bool:
        """Whether somebody on the roster has this id or name."""
        return self.roster is not None and bool(self.roster.by_id(name) or self.roster.by_name(name))

    def grade(self, found: FoundText | Refused) -> Graded:
        """What ``found`` earns, or why it cannot be graded."""
        if isinstance(found, Refused):
            return Graded(None, (problem_of(found),))
        try:
            submission = read_submission(found, self._accepted, self.roster, due=self._due)
        except UnusableError as reason:
            refused = Refused(found.place, found.parts, reason, found.layout)
            return Graded(None, (problem_of(refused, line=found.line),))
        return self.grade_submission(submission)

    def grade_submission(self, submission: Submission) -> Graded:
        """What a submission to one of the quizzes earns."""
        learner, quiz, session = submission.learner, submission.quiz, submission.session
        grader, problems = self.graders[quiz], list[SubmissionProblem]()

        def note(reason: str, message: str, hint: str = "look into it") -> None:
            place, upload = submission.place, submission.upload
            problems.append(SubmissionProblem(reason, place, message, hint, learner, quiz, upload))

        if grader.picks and "seed" not in session.overall:
            message = "has no valid seed, so there is no way to know which questions this student got; it is not graded"
            note("no-seed", message, "ask the student for the file that the page or the notebook saved, unchanged")
            return Graded(None, tuple(problems))
        if submission.unread_time:
            message = f"the time '{excerpt(submission.unread_time, 60)}' in timestamp.txt could be more than one moment"
            note("unreadable-time", message, "check yourself whether it was late")
        if submission.claimed:
            message = f"says that it is from '{submission.claimed}'; where it was handed in says otherwise, and counts"
            note("other-name", message)
        expected = seed_of_learner(quiz, learner)
        if self._per_learner and not submission.on_paper and session.overall.get("seed", expected) != expected:
            note("other-seed", "has the random number of someone else's copy, or one that the student chose")
        for message in grader.impossible_claims(session)[:20]:
            note("claim", message)
        rows, unreadable = grader.grade(session)
        for reason in unreadable[:20]:
            note("unreadable-answer", f"{reason}; it counts as no answer", "")
        entry = Entry(
            learner,
            submission.name,
            quiz,
            score_of(rows),
            submission.late,
            submission.order,
            submission.place,
            Entry.packed_rows(rows),
            submission.platform,
            submission.doubtful,
            session.overall.get("seed"),
            str(session.overall.get("language", "")),
            submission.upload,
        )
        return Graded(entry, tuple(problems))
