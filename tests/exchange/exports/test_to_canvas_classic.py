"""What Classic Quizzes lack becomes what they have: nothing is sent that they read as nonsense.

What they have in common with New Quizzes is in ``test_canvas_packages``.
"""

from __future__ import annotations

from typing import Any

import pytest
from canvas_bank import CanvasQuiz, classic_share, read_package
from canvas_scores import compare, share_there
from material import question_of, quiz_of

from civicquiz.exchange.exported import ExportedQuestion
from civicquiz.exchange.exports.to_canvas_classic import EXPORTER
from civicquiz.model.translations import Translation

TEXT = {"type": "short-text", "accept": ["Paris"], "ignore": ["case", "space"]}
PICK = {"type": "single-choice", "options": [{"text": "1798", "correct": True}, {"text": "1812", "feedback": "No."}]}
NUMBER = {"type": "numeric", "answer": 14, "tolerance": 1}


def exported(*authors: dict[str, Any], **settings: Any) -> tuple[CanvasQuiz, dict[str, ExportedQuestion]]:
    """The quiz as Classic Quizzes read it, and what became of its questions."""
    done = EXPORTER.export([Translation.original(quiz_of(*authors, **settings))])
    (quiz,) = read_package(done.content).quizzes
    return quiz, {question.id: question for question in done.quizzes[0].questions}


def only(author: dict[str, Any], **settings: Any) -> tuple[CanvasQuiz, ExportedQuestion]:
    """The quiz with one question, and what became of it."""
    quiz, report = exported({"id": "q", "prompt": "x", **author}, **settings)
    return quiz, report["q"]


@pytest.mark.parametrize(
    ("right", "wrong", "scoring", "fidelity"),
    [
        (2, 2, "net-correct", "exact"),
        (2, 5, "net-correct", "exact"),
        (3, 1, "net-correct", "approximate"),
        (1, 3, "all-or-nothing", "exact"),
        (2, 3, "all-or-nothing", "approximate"),
    ],
)
def test_check_boxes_score_right_minus_wrong(right: int, wrong: int, scoring: str, fidelity: str) -> None:
    options = [{"text": f"o{n}", "correct": n < right} for n in range(right + wrong)]
    quiz, report = only({"type": "multiple-choice", "options": options, "scoring": scoring})
    assert report.fidelity("score") == fidelity
    idents = list(quiz.entries[0].labels())
    assert classic_share(quiz.entries[0], idents) == max(0, (right - wrong) / right)


def test_order_is_matched_with_places() -> None:
    author = {"id": "q", "prompt": "x", "type": "order", "items": ["a", "b", "c", "d"]}
    quiz, report = exported(author)
    (entry,) = quiz.entries
    assert (entry.type, report["q"].fidelity("score")) == ("matching_question", "approximate")
    assert [*entry.labels().values()] == ["1", "2", "3", "4"]
    question = question_of(author)
    assert share_there(question, quiz.entries, ["a", "b", "c", "d"], classic_share) == 1
    assert share_there(question, quiz.entries, ["b", "a", "c", "d"], classic_share) == 0.5


def test_categories_are_right_sides_of_a_match_and_exact() -> None:
    entries = [{"text": str(n), "category": "AB"[n % 2], "feedback": f"Not {n}."} for n in range(3)]
    author = {"id": "q", "prompt": "x", "type": "categorize", "categories": ["A", "B", "C"], "items": entries}
    quiz, report = exported(author)
    (entry,) = quiz.entries
    assert (entry.type, report["q"].fidelity("score")) == ("matching_question", "exact")
    assert [*entry.labels().values()] == ["A", "B", "C"]
    question = question_of(author)
    for response in ({"0": "a", "1": "b", "2": "a"}, {"0": "c", "1": "b"}, {"2": "b"}):
        assert compare(question, quiz, report["q"], response, classic_share)
    # The feedback on a row is on everything but the right category.
    shown = {ident: entry.feedback(ident) for _, _, ident in entry.conditions if ident}
    assert [*shown.values()] == ["<p>Not 0.</p>", "<p>Not 1.</p>", "<p>Not 2.</p>"]
    assert report["q"].fidelity("feedback") == "approximate"


@pytest.mark.parametrize(
    ("gaps", "types"),
    [
        ([PICK, PICK], ["multiple_dropdowns"]),
        ([TEXT, TEXT], ["fill_in_multiple_blanks"]),
        ([PICK, TEXT], ["multiple_choice", "short_answer"]),
        ([PICK, NUMBER], ["multiple_choice", "numerical"]),
        ([NUMBER], ["numerical"]),
        ([PICK], ["multiple_dropdowns"]),
    ],
)
def test_blanks_of_one_type_are_in_one_text_and_others_are_questions(gaps: list[Any], types: list[str]) -> None:
    names = [f"g{n}" for n in range(len(gaps))]
    text = " and ".join(f"[[{name}]]" for name in names)
    author = {"id": "q", "prompt": "x", "type": "cloze", "text": text, "gaps": dict(zip(names, gaps, strict=True))}
    quiz, report = exported(author)
    assert [entry.type.removesuffix("_question") for entry in quiz.entries] == types
    assert report["q"].fidelity("score") == "exact"
    question = question_of(author)
    for response in ("1798", "1812"), ("paris", " Paris "), ("14", "16"), ("1798", "Rome"), ("15", "1798"):
        compare(question, quiz, report["q"], dict(zip(names, response, strict=False)), classic_share)
    assert share_there(question, quiz.entries, question.key().answer, classic_share) == 1  # type: ignore[union-attr]


def test_right_options_of_a_blank_and_of_a_choice_can_be_several() -> None:
    options = [{"text": "a", "correct": True}, {"text": "b", "correct": True}, "c"]
    choice = {"id": "q", "prompt": "x", "type": "single-choice", "options": options}
    cloze = {"id": "r", "prompt": "x", "type": "cloze", "text": "[[g]]", "gaps": {"g": choice | {"prompt": "y"}}}
    del cloze["gaps"]["g"]["prompt"], cloze["gaps"]["g"]["id"]  # type: ignore[index]
    quiz, report = exported(choice, cloze)
    for name in "abc":
        single, gap = quiz.entries[:1], quiz.entries[1:]
        assert share_there(question_of(choice), single, [name], classic_share) == float(name != "c")
        assert share_there(question_of(cloze), gap, {"g": name}, classic_share) == float(name != "c")
    assert report["q"].fidelity("score") == report["r"].fidelity("score") == "exact"


def test_texts_that_are_compared_in_another_way_are_named() -> None:
    quiz, report = only(TEXT)
    assert report.fidelity("score") == "exact"
    assert classic_share(quiz.entries[0], "PARIS ") == 1
    accept = ["Paris", {"text": "Lyon", "credit": 0.5}]
    for change in ({"ignore": ["space"]}, {"typos": 1}, {"ignore": ["case", "punctuation"]}, {"accept": accept}):
        quiz, report = only({**TEXT, **change})
        assert report.fidelity("score") == "approximate"
    assert classic_share(quiz.entries[0], "Lyon") == 0
    quiz, report = only({**TEXT, "mistakes": [{"text": "Rome", "feedback": "No."}]})
    assert report.fidelity("feedback") == "lost"
    assert classic_share(quiz.entries[0], "Rome") == 0


def test_known_wrong_numbers_are_not_sent_since_they_would_count_as_right() -> None:
    quiz, report = only({**NUMBER, "mistakes": [{"number": 41, "feedback": "No."}]})
    assert report.fidelity("feedback") == "lost"
    assert [classic_share(quiz.entries[0], text) for text in ("13", "15", "41")] == [1, 1, 0]


def test_text_that_questions_share_is_before_them_and_again_after_others() -> None:
    statement = {"type": "true-false", "prompt": "x", "answer": True}
    quiz, report = exported(
        *({"id": name, **statement, "stimulus": "table"} for name in "ab"),
        {"id": "c", **statement},
        {"id": "d", **statement, "stimulus": "table"},
        stimuli={"table": {"text": "Read."}},
    )
    idents = [entry.ident.removeprefix(f"{quiz.ident}.") for entry in quiz.entries]
    assert idents == ["text.table", "a", "b", "c", "text.table.2", "d"]
    assert quiz.entries[4].text == "<p>Read.</p>"
    assert report["a"].fidelity("shared text") == "approximate"
    texts = [entry.fields.get("parent_stimulus_item_ident") for entry in quiz.entries]
    first, second = quiz.entries[0].ident, quiz.entries[4].ident
    assert texts == [None, first, first, None, None, second]


def test_options_that_stay_in_order_here_are_shuffled_there_and_that_is_named() -> None:
    poll = {"type": "poll", "options": ["yes", "no"]}
    assert only(poll)[1].fidelity("options") == "exact"
    assert only(poll, shuffle=["options"])[1].fidelity("options") == "approximate"


def test_essay_has_neither_limits_nor_a_rubric() -> None:
    rubric = [{"text": "A reason", "points": 1}]
    quiz, report = only({"type": "open-response", "max_words": 50, "rubric": rubric})
    assert quiz.entries[0].type == "essay_question"
    assert (report.fidelity("rubric"), report.fidelity("length")) == ("lost", "lost")
