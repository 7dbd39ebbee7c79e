"""What only New Quizzes has: its own types, words for how it scores, and texts that questions share.

What it has in common with Classic Quizzes is in ``test_canvas_packages``.
"""

from __future__ import annotations

from typing import Any

from canvas_bank import CanvasQuiz, Entry, new_quizzes_share, read_package
from canvas_scores import compare, share_there
from material import question_of, quiz_of

from civicquiz.exchange.exported import ExportedQuestion
from civicquiz.exchange.exports.to_canvas import EXPORTER
from civicquiz.model.translations import Translation

TEXT = {"type": "short-text", "prompt": "Who?", "ignore": ["case", "space"]}
PICK = {"type": "single-choice", "options": [{"text": "1798", "correct": True}, {"text": "1812", "feedback": "No."}]}


def exported(*authors: dict[str, Any], **settings: Any) -> tuple[CanvasQuiz, dict[str, ExportedQuestion]]:
    """The quiz as New Quizzes reads it, and what became of its questions."""
    done = EXPORTER.export([Translation.original(quiz_of(*authors, **settings))])
    (quiz,) = read_package(done.content).quizzes
    return quiz, {question.id: question for question in done.quizzes[0].questions}


def only(author: dict[str, Any], **settings: Any) -> tuple[Entry, ExportedQuestion]:
    """The one item of a question, and what became of it."""
    quiz, report = exported({"id": "q", "prompt": "x", **author}, **settings)
    (entry,) = quiz.entries
    return entry, report["q"]


def test_how_choices_and_matches_score_is_said_by_the_words_that_new_quizzes_has() -> None:
    def options(right: int) -> list[dict[str, Any]]:
        return [{"text": f"o{n}", "correct": n < right} for n in range(4)]

    words = {}
    for right, scoring in ((1, "net-correct"), (2, "net-correct"), (2, "all-or-nothing")):
        entry, report = only({"type": "multiple-choice", "options": options(right), "scoring": scoring})
        words[right, scoring] = (entry.fields["scoring_algorithm"], report.fidelity("score"))
    assert words == {
        (1, "net-correct"): ("AllOrNothing", "exact"),
        (2, "net-correct"): ("PartialScore", "approximate"),
        (2, "all-or-nothing"): ("AllOrNothing", "exact"),
    }
    pairs = [{"left": "l", "right": "r", "feedback": "No."}, {"left": "k", "right": "s"}]
    entry, report = only({"type": "match", "pairs": pairs, "distractors": ["t"]})
    assert entry.fields["scoring_algorithm"] == "PartialDeep"
    assert (report.fidelity("score"), report.fidelity("feedback")) == ("approximate", "lost")
    assert "may differ" in report.losses[0].reason


def test_order_is_all_or_nothing_and_of_two_entries_that_is_exact() -> None:
    for count, fidelity in ((2, "exact"), (4, "approximate")):
        author = {"id": "q", "prompt": "x", "type": "order", "items": [f"e{n}" for n in range(count)]}
        quiz, report = exported(author)
        question = question_of(author)
        assert (report["q"].written_as, report["q"].fidelity("score")) == ("ordering", fidelity)
        key = question.key()
        assert key is not None
        for response, right in ((key.answer, 1), (key.answer[::-1], 0)):
            assert share_there(question, quiz.entries, response, new_quizzes_share) == right
            compare(question, quiz, report["q"], response, new_quizzes_share)
    _, report_of_equal = only({"type": "order", "code": "python", "lines": "a += 1\na += 1"})
    assert report_of_equal.fidelity("score") == "approximate"


def test_categories_have_their_entries_and_one_may_be_empty() -> None:
    author = {
        "id": "q",
        "prompt": "x",
        "type": "categorize",
        "categories": ["A", "B", "C"],
        "items": [{"text": str(n), "category": "AB"[n % 2]} for n in range(3)],
    }
    quiz, report = exported(author)
    (entry,) = quiz.entries
    assert (entry.type, report["q"].fidelity("score")) == ("categorization_question", "approximate")
    assert [field.get("rcardinality") for field in entry.responses] == ["Multiple"] * 3
    assert all(entry.labels(field) == entry.labels() for field in entry.responses)
    answer = {"0": "a", "1": "b", "2": "a"}
    assert share_there(question_of(author), quiz.entries, answer, new_quizzes_share) == 1
    assert share_there(question_of(author), quiz.entries, answer | {"0": "c"}, new_quizzes_share) < 1


def test_typing_errors_are_forgiven_where_one_text_is_right() -> None:
    entry, report = only({**TEXT, "accept": ["executive"], "typos": 1})
    (blank,) = entry.blanks().values()
    (label,) = blank.iterfind(".//{*}response_label")
    assert (
        label.attrib.items()
        >= {
            "scoring_algorithm": "TextCloseEnough",
            "answer_type": "openEntry",
            "levenshtein_distance": "1",
            "ignore_case": "true",
        }.items()
    )
    assert not any("typing errors" in loss.reason for loss in report.losses)
    entry, _ = only({**TEXT, "accept": ["executive", {"text": "president", "credit": 0.5}], "typos": 1})
    assert [*entry.labels().values()] == ["executive"]
    for accept in (["executive", "president"], ["abc"]):  # several; too short to forgive anything
        entry, report = only({**TEXT, "accept": accept, "typos": 1})
        assert entry.type == "short_answer_question"
        assert any("typing errors" in loss.reason for loss in report.losses)
    entry, report = only({**TEXT, "prompt": "[answer]", "accept": ["executive"], "typos": 1})
    assert list(entry.blanks()) == ["answer_"]


def test_blanks_of_all_types_are_in_one_text_unless_a_number_may_be_off() -> None:
    gaps: dict[str, Any] = {
        "year": PICK,
        "age": {"type": "numeric", "answer": 14000, "tolerance": 0},
        "word": {"type": "short-text", "accept": ["naturalized", "naturalised"], "ignore": ["case", "space"]},
        "exact": {"type": "short-text", "accept": ["US"], "ignore": ["space"]},
    }
    cloze = {"id": "q", "type": "cloze", "prompt": "x", "text": "In [[year]], [[age]] were [[word]] in the [[exact]]."}
    quiz, report = exported({**cloze, "gaps": gaps, "points": 4})
    (entry,) = quiz.entries
    assert (entry.type, report["q"].fidelity("score")) == ("fill_in_multiple_blanks_question", "approximate")
    labels = [field.find(".//{*}response_label") for field in entry.responses]
    assert [label.get("scoring_algorithm") for label in labels if label is not None] == [
        "Equivalence",
        "TextInChoices",
        "TextInChoices",
        "TextEquivalence",
    ]
    assert [*entry.labels(entry.responses[1]).values()] == ["14000", "14,000"]
    assert [*entry.told.values()] == ["<p>No.</p>"]
    answer = {"year": "1798", "age": "14,000", "word": "Naturalised", "exact": "US"}
    question = question_of({**cloze, "gaps": gaps})
    assert share_there(question, [entry], answer, new_quizzes_share) == 1
    assert share_there(question, [entry], {**answer, "year": "1812"}, new_quizzes_share) == 0.75
    gaps["age"]["tolerance"] = 1
    quiz, report = exported({**cloze, "gaps": gaps, "points": 4})
    assert [one.type.removesuffix("_question") for one in quiz.entries] == [
        "multiple_choice",
        "numerical",
        "short_answer",
        "short_answer",
    ]
    assert [one.points for one in quiz.entries] == [1] * 4
    assert report["q"].target_ids == tuple(f"quiz-quiz.q.{name}" for name in gaps)
    assert "<p>In (1) ______, (2) ______ were" in quiz.entries[0].text


def test_options_are_shuffled_with_the_fixed_ones_locked() -> None:
    poll = {"id": "p", "type": "poll", "prompt": "x", "options": ["yes", "no"]}
    for shuffle, expected in (([], ["No", "No"]), (["options"], ["Yes", "Yes"])):
        quiz, _ = exported({"id": "q", "prompt": "x", **PICK}, poll, shuffle=shuffle)
        found = [entry.element.find(".//{*}render_choice") for entry in quiz.entries]
        assert [one.get("shuffle") for one in found if one is not None] == expected
        locked = [[label.get("lock") for label in one] for one in found if one is not None]
        assert locked == [[None, None], ["Yes", "Yes"] if shuffle else [None, None]]


def test_questions_refer_to_the_text_that_they_share() -> None:
    statement = {"type": "true-false", "prompt": "x", "answer": True}
    quiz, report = exported(
        {"id": "a", **statement, "stimulus": "table"},
        {"id": "b", **statement},
        {"id": "c", **statement, "stimulus": "table"},
        stimuli={"table": {"title": "A table", "text": "Read."}},
    )
    text, first, other, second = quiz.entries
    assert (text.type, text.fields["passage"], text.element.get("title")) == ("text_only_question", "true", "A table")
    parents = [entry.fields.get("parent_stimulus_item_ident") for entry in (first, other, second)]
    assert parents == [text.ident, None, text.ident]
    assert first.text == "<p>x</p>"
    assert report["a"].fidelity("shared text") == "exact"


def test_essay_has_limits_and_a_rubric_for_whoever_grades() -> None:
    rubric = [{"text": "A *reason*", "points": 1}, {"text": "A source & more", "points": 2}]
    author = {"type": "open-response", "min_words": 50, "rubric": rubric, "model_answer": "Because.", "points": 3}
    entry, report = only(author)
    attributes = entry.responses[0].attrib
    assert {"word_limit_enabled": "Yes", "word_limit_min": "50", "rce": "Yes"}.items() <= attributes.items()
    assert "word_limit_max" not in attributes
    assert "<em>reason</em> (1)" in entry.fields["grading_notes"]
    assert "source &amp; more (2)" in entry.fields["grading_notes"]
    assert "Because." in entry.fields["grading_notes"]
    assert (report.fidelity("rubric"), report.fidelity("length")) == ("approximate", "approximate")
    ((test, change, _),) = [one for one in entry.conditions if one[2] != "general_fb"]
    assert change is None
    assert test[0].tag.endswith("other")


def test_several_right_options_are_named() -> None:
    options = [{"text": "a", "correct": True}, {"text": "b", "correct": True}, "c"]
    _, report = only({"type": "single-choice", "options": options})
    assert report.fidelity("score") == "approximate"


def test_true_and_false_have_the_words_of_the_language() -> None:
    for language, type_name, words in (("en", "true false", "True"), ("es", "multiple choice", "Verdadero")):
        entry, report = only({"type": "true-false", "answer": True, "feedback": {"false": "No."}}, language=language)
        assert (report.written_as, next(iter(entry.labels().values()))) == (type_name, words)
        assert new_quizzes_share(entry, [next(iter(entry.labels()))]) == 1
        assert [*entry.told.values()] == ["<p>No.</p>"]
