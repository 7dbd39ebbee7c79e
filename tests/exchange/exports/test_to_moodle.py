"""Moodle XML: every type of question is read, and scores as it does here wherever the report says so."""

from __future__ import annotations

from html import unescape
from pathlib import Path
from typing import Any

import pytest
from export_checks import exact_texts, well_formed, write_with
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import EXAMPLES, PNG, TYPES, load_text, question_of, questions, quiz_of
from moodle_bank import GRADES, BankQuestion, read_bank
from moodle_scores import compare, moodle_response

import civicquiz
from civicquiz.authoring.markdown import flow
from civicquiz.exchange.exported import ExportedQuestion
from civicquiz.exchange.exports import to_moodle
from civicquiz.exchange.exports.to_moodle import EXPORTER
from civicquiz.model.interactions import (
    Choice,
)
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation


def exported(quiz: Quiz) -> tuple[list[BankQuestion], dict[str, ExportedQuestion]]:
    """The questions as Moodle reads them, and what became of each by the report."""
    content, report = write_with(EXPORTER, quiz)
    return read_bank(content), report


def only(*authors: dict[str, Any], **settings: Any) -> tuple[BankQuestion, ExportedQuestion]:
    """The one question of a quiz, and what became of it."""
    (question,), report = exported(quiz_of(*authors, **settings))
    return question, next(iter(report.values()))


# ---- All types ----


@pytest.mark.parametrize("question_type", TYPES)
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(draw=st.data())
def test_every_response_scores_as_here_where_the_report_says_exact(question_type: str, draw: st.DataObject) -> None:
    author = draw.draw(questions(question_type))
    if question_type == "short-text" or question_type == "cloze":
        author = exact_texts(author)
    question = question_of(author)
    bank, report = exported(quiz_of(author))
    assert report[question.id].written_as == bank[0].type
    assert len(report[question.id].target_ids) == len(bank)
    assert [one.text("idnumber") for one in bank] == list(report[question.id].target_ids)
    assert all(loss.part in report[question.id].parts for loss in report[question.id].losses)
    if report[question.id].fidelity("points") == "exact":
        assert all(one.grade == pytest.approx(question.points) for one in bank)
    for _ in range(3):
        compare(question, bank, report[question.id], draw.draw(well_formed(question)))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_read_whole_and_its_right_answer_earns_everything(path: Path) -> None:
    quiz = civicquiz.load(path)
    bank, report = exported(quiz)
    for question in quiz.keyed_questions.values():
        done = report[question.id]
        assert done.written_as, done.losses
        own = [one for one in bank if one.text("idnumber") in done.target_ids]
        assert len(own) == len(done.target_ids)
        key = question.key()
        if key is not None and not question.void:
            answer = key.answer[:1] if isinstance(question.interaction(), Choice) and own[0].single else key.answer
            assert own[0].share(moodle_response(question, own[0], answer)) == pytest.approx(1, abs=1e-5)


# ---- Single rules ----


def several(right: int, wrong: int, **more: Any) -> dict[str, Any]:
    options = [{"text": f"o{n}", "correct": n < right} for n in range(right + wrong)]
    return {"id": "q", "type": "multiple-choice", "prompt": "Which?", "options": options, **more}


@pytest.mark.parametrize("right", range(1, 22))
@pytest.mark.parametrize("wrong", [1, 3, 9])
def test_any_number_of_right_options_scores_as_here(right: int, wrong: int) -> None:
    author = several(right, wrong)
    question, (bank, done) = question_of(author), only(author)
    assert done.fidelity("score") == "exact"
    costs_are_listed = all(any(abs(100 / n - grade) < 0.001 for grade in GRADES) for n in (right, min(right, wrong)))
    assert bank.type == ("multichoice" if costs_are_listed else "multianswer")
    ids = [option.id for option in question.interaction().option_lists()[0]]
    for count in range(1, len(ids) + 1):
        assert compare(question, [bank], done, ids[:count])
        assert compare(question, [bank], done, ids[-count:])


def test_all_or_nothing_is_named_unless_only_one_option_is_right() -> None:
    for right, fidelity in ((1, "exact"), (2, "approximate"), (12, "approximate")):
        author = several(right, 3, scoring="all-or-nothing")
        bank, done = only(author)
        assert done.fidelity("score") == fidelity
        for count in range(1, right + 4):
            response = [option.id for option in question_of(author).interaction().option_lists()[0]][:count]
            compare(question_of(author), [bank], done, response)


def test_calculated_has_its_sets_of_numbers_and_any_way_to_be_exact() -> None:
    base = {
        "id": "q",
        "type": "calculated",
        "prompt": "From {a} to {b}, {c}",
        "variables": {"a": {"from": 3, "to": 900, "step": 7}, "b": {"values": [0.5, 0.25]}, "c": "a * b"},
        "answer": "a / b",
        "explanation": "It is {a} by {b}, so {c}.",
        "mistakes": [{"answer": "a * b + 0.001", "feedback": "You multiplied {a}."}],
    }
    for exact in ({"decimals": 2, "tolerance": 0.5}, {"decimals": 1, "tolerance": "2%"}, {"significant": 2}):
        author = {**base, **exact}
        question, (bank, done) = question_of(author), only(author)
        assert (bank.type, done.fidelity("score"), done.fidelity("numbers")) == ("calculated", "exact", "exact")
        sets = question.number_sets()
        for position, variant in enumerate(question.interaction().variants):
            key = question.key()
            right = key.answer_for({**variant, "answer": "0"})  # type: ignore[union-attr]
            for factor in (0.9, 0.979, 0.981, 0.999, 1, 1.0001, 1.019, 1.021, 1.2):
                response = {**variant, "answer": civicquiz.authoring.wording.number_text(float(right) * factor)}
                assert compare(question, [bank], done, response)
            text = bank.shown("questiontext/text", position)
            assert f"From {sets[position]['a']} to {sets[position]['b']}, {sets[position]['c']}" in text
            assert f"so {sets[position]['c']}." in bank.shown("generalfeedback/text", position)
            assert bank.value(bank.answers[0].text, position) == float(right)
        assert "You multiplied {" in bank.answers[-1].feedback


def test_other_questions_with_numbers_become_a_question_for_each_set_in_a_category() -> None:
    author = {
        "id": "q",
        "type": "single-choice",
        "prompt": "Twice {n}?",
        "variables": {"n": {"values": [1, 2, 3]}, "m": "2 * n"},
        "options": [{"text": "{m}", "correct": True}, "7 {n}"],
    }
    bank, report = exported(quiz_of(author, {"id": "r", "type": "true-false", "prompt": "x", "answer": True}))
    texts = [(one.text(), one.answers[0].text) for one in bank[:3]]
    assert sorted(texts) == [(f"<p>Twice {n}?</p>", str(2 * n)) for n in (1, 2, 3)]
    assert [one.category for one in bank] == [*["$course$/top/A quiz/q"] * 3, "$course$/top/A quiz"]
    assert report["q"].target_ids == ("quiz/q/1", "quiz/q/2", "quiz/q/3")
    assert report["q"].fidelity("numbers") == "approximate"


HOSTILE = "a & b < c > d ]]> \"e\" 'f' {1:SHORTANSWER:=x} {#1} ~ = % # } \\ / * {x} é 日本"


@pytest.mark.parametrize(
    "text", [HOSTILE, "<script>alert(1)</script>", "]]>", "=", "%50%x", "a\\", "&amp;", "~x}", "#1"]
)
def test_whatever_a_text_says_is_shown_as_it_is(text: str) -> None:
    typed = {"type": "short-text", "accept": [text, "b"], "ignore": [], "mistakes": [{"text": "m", "feedback": text}]}
    around = text.replace("]]", "").replace("{x}", "")
    cloze = {"type": "cloze", "prompt": text, "text": f"{around} [[g]] [[h]] {around}"}
    pick = {"type": "single-choice", "options": [{"text": text, "correct": True, "feedback": text}, "other"]}
    bank, _ = exported(
        quiz_of(
            {"id": "a", "prompt": text, **pick, "explanation": text, "hint": text},
            {"id": "b", **cloze, "gaps": {"g": typed, "h": pick}},
            {
                "id": "c",
                "type": "match",
                "prompt": text,
                "pairs": [{"left": text, "right": text}, {"left": "l", "right": "r"}],
            },
            {"id": "d", "prompt": text, **typed},
            {"id": "e", "type": "order", "prompt": text, "items": [text, "second"]},
            {**several(11, 2), "prompt": text, "id": "f", "options": [*several(11, 2)["options"], text]},
            title=f"A/B {text}",
        )
    )
    html, block = flow(text), f"<p>{flow(text)}</p>"
    choice, gaps, match, short, order, many = bank
    assert choice.text() == choice.text("generalfeedback/text") == choice.text("hint/text") == block
    assert (choice.answers[0].text, choice.answers[0].feedback) == (html, block)
    assert [answer.text.replace(r"\*", "*") for answer in gaps.blanks[0].answers] == [text, "b", "m"]
    assert gaps.blanks[0].answers[2].feedback == block
    assert unescape(gaps.blanks[1].answers[0].text) == unescape(html)
    assert gaps.blanks[1].answers[0].feedback == block
    assert match.rows[0][0] == html
    assert match.rows[0][1].split() == unescape(html).split()
    assert short.share(text) == 1
    assert short.share("anything else") == 0
    assert order.answers[0].text == html
    assert many.blanks[0].answers[-1].text == html
    assert all(one.category.startswith("$course$/top/A//B ") for one in bank)


def test_signs_that_xml_cannot_hold_are_replaced() -> None:
    bank, _ = only({"id": "q", "type": "true-false", "prompt": "a\x01b\ufffec", "answer": True})
    assert bank.text() == "<p>a\ufffdb\ufffdc</p>"


def test_pictures_are_in_the_file_by_their_content(tmp_path: Path) -> None:
    for name, content in (("a.png", PNG), ("more/a.png", PNG[:-12] + b"\0\0\0\0tEXt\0\0\0\0" + PNG[-12:])):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    quiz = load_text(
        tmp_path,
        "title: Pictures\nquestions:\n  - id: q\n    type: single-choice\n"
        "    prompt: '![one](a.png) ![two](more/a.png)'\n"
        "    hint: '![one](a.png)'\n"
        "    options: [{text: '![one](a.png)', correct: true}, 'src=\"data:image/@@0@@\"']\n",
    )
    (question,), _ = exported(quiz)
    assert question.element is not None
    assert len(question.element.findall("questiontext/file")) == 2
    assert len(question.element.findall("answer/file")) == 1
    assert "@@0@@" in question.answers[1].text


def test_one_sided_ranges_and_units_are_named() -> None:
    author = {"id": "q", "type": "numeric", "prompt": "x", "answer": 9, "range": {"from": 5}, "unit": "m/s"}
    bank, done = only({**author, "units": ["km/h"]})
    assert done.fidelity("score") == "approximate"
    assert [bank.share(number) for number in ("4.99", "5", "1000000", "1e9")] == [0, 1, 1, 0]
    assert bank.element is not None
    units = {unit.findtext("unit_name"): float(unit.findtext("multiplier") or 0) for unit in bank.element.iter("unit")}
    assert units == {"m/s": 1, "km/h": pytest.approx(3.6)}
    _, done = only({**author, "unit": "degC", "units": ["degF"], "range": {"from": 5, "to": 10}})
    assert "degF" in " ".join(loss.reason for loss in done.losses)


def test_credits_that_moodle_does_not_know_become_a_blank() -> None:
    author = {"id": "q", "type": "short-text", "prompt": "x", "accept": ["A", {"text": "B", "credit": 0.33}]}
    question, (bank, done) = question_of(author), only(author)
    assert bank.type == "multianswer"
    for response in ("A", "a", "b", "c"):
        assert compare(question, [bank], done, response)
    bank, _ = only({**author, "accept": ["A", {"text": "B", "credit": 0.5}]})
    assert bank.type == "shortanswer"


def test_points_that_blanks_cannot_have_are_named() -> None:
    gaps = {
        "a": {"type": "numeric", "answer": 1, "tolerance": 0},
        "b": {"type": "numeric", "answer": 2, "tolerance": 0},
    }
    author = {"id": "q", "type": "cloze", "prompt": "x", "text": "[[a]] [[b]]", "gaps": gaps}
    for points, grade, fidelity in ((4, 4, "exact"), (1, 2, "approximate"), (2.5, 2, "approximate")):
        bank, done = only({**author, "points": points})
        assert (bank.grade, done.fidelity("points")) == (grade, fidelity)


def test_sections_are_categories_and_settings_are_in_the_report() -> None:
    statement = {"type": "true-false", "prompt": "x", "answer": True}
    quiz = quiz_of(
        {"id": "a", **statement},
        {"id": "b", **statement},
        sections=[{"title": "First", "text": "Read *this*.", "questions": ["b"]}, {"questions": ["a"], "pick": 1}],
        time_limit=30,
        attempts=2,
        attempt_penalty=0.25,
        certainty="marks",
    )
    bank, _ = exported(quiz)
    assert [one.category for one in bank] == ["$course$/top/A quiz/First", "$course$/top/A quiz/2"]
    assert bank[0].text("penalty") == "0.2500000"
    losses = EXPORTER.export([Translation.original(quiz)]).quizzes[0].losses
    assert {loss.part for loss in losses} == {"sections", "time limit", "attempts", "attempt penalty", "certainty"}
    assert any("1 random" in loss.reason for loss in losses)


def test_question_of_a_type_that_moodle_lacks_is_left_out_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(to_moodle._WRITERS, "poll")
    statement = {"type": "true-false", "prompt": "x", "answer": True}
    poll = {"type": "poll", "prompt": "x", "options": ["a", "b"]}
    (question,), report = exported(quiz_of({"id": "a", **poll}, {"id": "b", **statement}))
    assert question.text("name/text") == "b"
    assert report["a"].written_as == ""
    assert {report["a"].fidelity(part) for part in report["a"].parts} == {"lost"}
    assert "poll" in report["a"].losses[0].reason


def test_void_question_is_named() -> None:
    _, done = only({"id": "q", "type": "true-false", "prompt": "x", "answer": True, "void": True})
    assert done.fidelity("score") == "lost"


def test_long_ids_are_cut_and_stay_different() -> None:
    names = ["a" * 60 + end for end in "xy"]
    quiz = quiz_of(*({"id": name, "type": "true-false", "prompt": "x", "answer": True} for name in names))
    quiz = quiz.placed(path=Path("q" * 80 + ".yml"))
    bank, report = exported(quiz)
    assert len({one.text("idnumber") for one in bank}) == 2
    assert [report[name].target_ids[0] for name in names] == [one.text("idnumber") for one in bank]
