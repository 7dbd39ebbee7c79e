"""The feedback pages of a class, one file for each learner."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from civicquiz.classroom.collecting import Learner
from civicquiz.classroom.gradebook.grader import Grader
from civicquiz.classroom.gradebook.review import Mark
from civicquiz.classroom.gradebook.tables import Standing
from civicquiz.classroom.outcomes_file import Row
from civicquiz.hosts.documents.feedback import Answered, page, question_row, quiz_part
from civicquiz.model.translations import Translation
from civicquiz.output_folder import safe_name

__all__ = ["Pages", "file_name"]

#: How many rows of questions are cached, and how long a row may be to be worth caching.
_KEPT, _LONGEST = 20_000, 5_000


def file_name(learner: str) -> str:
    """The name of a learner's page."""
    return f"{safe_name(learner)}.html"


class Pages:
    """Writes pages into ``folder``, which exists; with ``show_key``, they show the right answers and explanations."""

    def __init__(self, folder: Path, *, show_key: bool = False) -> None:
        self.folder, self._show_key = folder, show_key
        #: what is shown of a question and an answer -> HTML
        self._lines: dict[tuple[object, ...], str] = {}

    def part(
        self,
        grader: Grader,
        texts: Translation,
        rows: Sequence[Row],
        standing: Standing | None,
        marks: Mapping[int, Mark],
        seed: int | None = None,
    ) -> str:
        """One quiz on a page, as HTML, with these ``texts``; without a ``standing``, nothing was handed in.

        ``marks`` are those that a person gave, by the index of the question; ``seed`` is the learner's, which decides
        their numbers.
        """
        if standing is None:
            return quiz_part(texts, (), 0, 0, waits=False, late=False)
        lines = self._rows(grader, texts, rows, marks, seed)
        late, waits = standing.late, standing.needs_review
        return quiz_part(texts, lines, standing.score, standing.max_score, waits=waits, late=late)

    def _rows(
        self, grader: Grader, texts: Translation, rows: Sequence[Row], marks: Mapping[int, Mark], seed: int | None
    ) -> Iterator[str]:
        for number, row in enumerate(grader.in_shown_order(rows, seed), start=1):
            note = marks[row.question_index].note if row.question_index in marks else ""
            question = grader.questions[row.question_index]
            own_seed = seed if question.interaction().variants else None
            shown = (grader.quiz.name, texts.language, number, *row, note, own_seed)
            line = self._lines.get(shown)
            if line is None:
                response = json.loads(row.response) if row.response else None
                messages = grader.messages(row, own_seed, texts)
                answered = Answered(row.status, row.score, response, messages, note, own_seed)
                line = question_row(texts, question.id, number, answered, key=self._show_key)
                if len(line) <= _LONGEST:
                    if len(self._lines) >= _KEPT:
                        self._lines.clear()
                    self._lines[shown] = line
            yield line

    def write(self, learner: Learner, language: str, parts: Sequence[str]) -> None:
        """Write the page of a learner."""
        text = page(learner.name or learner.id, language, parts)
        (self.folder / file_name(learner.id)).write_bytes(text.encode("utf-8", "replace"))
