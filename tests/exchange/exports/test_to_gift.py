"""GIFT: what is written is read as it is meant, and scores as it does here wherever the report says so."""

from __future__ import annotations

from html import unescape
from pathlib import Path
from typing import Any

import pytest
from export_checks import exact_texts, well_formed, write_with
from gift_bank import read_gift
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import EXAMPLES, TYPES, question_of, questions, quiz_of
from moodle_bank import BankQuestion
from moodle_scores import compare, moodle_response

import civicquiz
from civicquiz.authoring.markdown import flow
from civicquiz.exchange.exported import ExportedQuestion
from civicquiz.exchange.exports.to_gift import EXPORTER
from civicquiz.model.interactions import Choice
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation

Read = list[tuple[str, str, str, BankQuestion]]


def exported(quiz: Quiz) -> tuple[Read, dict[str, ExportedQuestion]]:
    """The questions as they are read, and what became of each by the report."""
    content, report = write_with(EXPORTER, quiz)
    return read_gift(content.decode()), report


@pytest.mark.parametrize("question_type", TYPES)
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(draw=st.data())
def test_every_response_scores_as_here_where_the_report_says_exact(question_type: str, draw: st.DataObject) -> None:
    author = draw.draw(questions(question_type))
    if question_type == "short-text":
        author = exact_texts(author)
    question = question_of(author)
    found, report = exported(quiz_of(author))
    done = report[question.id]
    assert tuple(number for number, *_ in found) == done.target_ids
    assert bool(found) == bool(done.written_as)
    assert {bank.type for *_, bank in found} <= {done.written_as}
    assert all(loss.part in (*done.parts, "question") for loss in done.losses)
    for _ in range(3 if found else 0):
        compare(question, [bank for *_, bank in found], done, draw.draw(well_formed(question)))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_right_answer_to_every_example_earns_everything_or_the_question_is_named(path: Path) -> None:
    quiz = civicquiz.load(path)
    found, report = exported(quiz)
    banks = {number: bank for number, _, _, bank in found}
    for question in quiz.keyed_questions.values():
        done, key = report[question.id], question.key()
        if not done.written_as:
            assert done.losses[0].part == "question"
            continue
        bank = banks[done.target_ids[0]]
        if key is not None and not question.void:
            answer = key.answer[:1] if isinstance(question.interaction(), Choice) and bank.single else key.answer
            assert bank.share(moodle_response(question, bank, answer)) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("question_type", ["cloze", "timeline", "poll"])
def test_what_gift_cannot_say_is_left_out_and_named(question_type: str) -> None:
    (path,) = (path for path in EXAMPLES if path.stem == question_type)
    found, report = exported(civicquiz.load(path))
    assert found == []
    assert [done.losses[0].reason for done in report.values()] == [f"GIFT has no question like '{question_type}'."]


def test_eleven_right_options_are_refused_and_ten_are_not() -> None:
    for right in (10, 11):
        options = [{"text": f"o{n}", "correct": n < right} for n in range(right + 10)]
        found, report = exported(quiz_of({"id": "q", "type": "multiple-choice", "prompt": "x", "options": options}))
        assert len(found) == (right == 10)
        assert report["q"].written_as == ("multichoice" if right == 10 else "")


HOSTILE = "a & b < c ]] \"e\" 'f' {x} ~ = % # } \\ / * :: -- é 日本 $CATEGORY: x [html] ####"


@pytest.mark.parametrize(
    "text", [HOSTILE, "// x", "[plain]x", "=", "%50%x", "a\\", "~x}", "####", "a\n\n    b\n\n    c", "\\n"]
)
def test_whatever_a_text_says_is_shown_as_it_is(text: str) -> None:
    pick: dict[str, Any] = {"options": [{"text": text, "correct": True, "feedback": text}, "other"]}
    authors = [
        {"id": "a", "prompt": text, "type": "single-choice", **pick, "explanation": text},
        {"id": "b", "prompt": text, "type": "multiple-choice", **pick},
        {"id": "c", "type": "true-false", "prompt": text, "answer": False, "feedback": {"true": text}},
        {"id": "d", "type": "numeric", "prompt": text, "answer": 1, "tolerance": 0},
        {"id": "e", "type": "open-response", "prompt": text, "explanation": text},
    ]
    authors[3]["mistakes"] = [{"number": 2, "feedback": text}]
    if "\n" not in text:
        pairs = [{"left": text, "right": text}, {"left": "l", "right": "r"}]
        authors.append({"id": "f", "type": "match", "prompt": text, "pairs": pairs})
        authors.append({"id": "g", "type": "short-text", "prompt": text, "accept": [text], "ignore": ["case", "space"]})
    found, _ = exported(quiz_of(*authors, title=f"A/B {text}".split("\n")[0]))
    assert [number for number, *_ in found] == [f"quiz/{author['id']}" for author in authors]
    html = flow(text).strip()
    block = civicquiz.authoring.markdown.render(text).strip()
    assert {asked.strip() for _, asked, _, _ in found} == {block}
    (_, _, general, single), (_, _, _, several), (_, _, _, truth), (_, _, _, number), (_, _, essay, _), *rest = found
    assert general.strip() == essay.strip() == block
    for bank in (single, several):
        assert (bank.answers[0].text.strip(), bank.answers[0].feedback.strip()) == (html, block)
    assert truth.answers[1].feedback.strip() == block
    assert number.answers[1].feedback.strip() == block
    if rest:
        match, short = (bank for *_, bank in rest)
        assert match.rows[0][0] == html
        assert match.rows[0][1].split() == unescape(html).split()
        assert short.share(text) == 1
        assert short.share("anything else") == 0


def test_ids_and_tags_are_in_comments() -> None:
    author = {"id": "q", "type": "true-false", "prompt": "x", "answer": True, "tags": ["law"], "difficulty": "easy"}
    done = EXPORTER.export([Translation.original(quiz_of(author))])
    assert b"// [id:quiz/q] [tag:law] [tag:easy]\n::q::[html]" in done.content
    assert done.quizzes[0].questions[0].losses == ()
