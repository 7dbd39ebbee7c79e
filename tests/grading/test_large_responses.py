"""A response of the largest size that a response file can have is read soon, whatever is in it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from material import ROOT

import civicquiz
from civicquiz.classroom.collecting.archives import Limits
from civicquiz.grading import grade_handed_in

#: Some took minutes once. The bound is ten times what they take, so that a busy machine meets it.
SECONDS = 4

QUIZZES = {path.stem: civicquiz.load(path) for path in sorted((ROOT / "examples").glob("*.yml"))}
#: value -> how often it fits into a file, as JSON that is not limited to ASCII
PIECES: dict[str, Any] = {
    "letters": "a",
    "marks": "\u0301\u0323",
    "letters with marks": "a\u0301\u0323",
    "letters that decompose": "\ufdfa",
    "invisible": "\u200b\u0301\u200d\u0323",
    "spaces": " ",
    "digits": "1",
    "groups of digits": "1,",
    "decimals": "1.234",
    "lines": "a\n",
    "Markdown": "*[`<",
    "list of texts": ["a"],
    "list of lists": [[]],
}


def _filled(piece: Any) -> Any:
    size = len(json.dumps(piece, ensure_ascii=False).encode()) - 2
    return piece * ((Limits().file - 1_000) // (size + 2 * isinstance(piece, list)))


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("name", QUIZZES)
def test_largest_response_is_graded_soon_or_reported(name: str, piece: str) -> None:
    quiz = QUIZZES[name]
    responses = {question.id: _filled(PIECES[piece]) for question in quiz.questions[:1]}
    started = time.process_time()
    result, unreadable = grade_handed_in(quiz, responses)
    assert time.process_time() - started < SECONDS
    assert unreadable or result.outcomes[quiz.questions[0].id].status in ("unanswered", "needs-review", "unscored")
    assert all(len(str(error)) < 500 for error in unreadable)


@pytest.mark.parametrize("name", QUIZZES)
def test_largest_mapping_is_graded_soon_or_reported(name: str) -> None:
    quiz = QUIZZES[name]
    for value in ("a", [], {}):
        responses = {quiz.questions[0].id: {f"name-{number}": value for number in range(100_000)}}
        started = time.process_time()
        _, unreadable = grade_handed_in(quiz, responses)
        assert time.process_time() - started < SECONDS
        assert [len(str(error)) < 500 for error in unreadable] == [True]
