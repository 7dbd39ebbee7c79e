"""QTI 2.1 and 3.0: every type of question is an item that scores as it does here wherever the report says so."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from export_checks import number_set
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import EXAMPLES, SEEDS, TYPES, load_text, questions, quiz_of, responses_to, write
from qti2_engine import Item, Package, html_of

import civicquiz
from civicquiz.authoring.markdown import flow
from civicquiz.exchange import qti2_packages
from civicquiz.exchange.exported import ExportedQuestion, ExportedQuiz
from civicquiz.exchange.exports import EXPORTERS
from civicquiz.exchange.importing import import_files
from civicquiz.exchange.package_writing import zip_bytes
from civicquiz.grading import grade_question
from civicquiz.model.interactions import (
    Choice,
    ComputedNumber,
    InlineGaps,
    Matching,
    NumberField,
    Ordering,
    Scale,
    ShapeError,
    TextEntry,
)
from civicquiz.model.questions import KeyedQuestion
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation

FORMATS = ("qti21", "qti3")


def exported(name: str, quiz: Quiz) -> tuple[Package, ExportedQuiz]:
    """The package in a format, and what became of the quiz by the report."""
    done = EXPORTERS[name].export([Translation.original(quiz)])
    (report,) = done.quizzes
    return Package(done.content), report


def called(name: str) -> str:
    """The identifier of an id. It can be undone."""
    new = name if name[0].isalpha() and not name.startswith("q-") else f"q-{name}"
    assert (new.removeprefix("q-") if new.startswith("q-") else new) == name
    return new


def qti_responses(question: KeyedQuestion, item: Item, response: Any) -> dict[str, Any]:
    """What a student would do in an item who gave ``response`` here, which was read."""
    shown = question.interaction()
    match shown:
        case Choice(multiple=multiple):
            names = [called(name) for name in response]
            return {"RESPONSE": names if multiple else names[0]}
        case ComputedNumber():
            return {"RESPONSE": float(response["answer"])}
        case NumberField():
            return {"RESPONSE": float(response)}
        case TextEntry():
            return {"RESPONSE": response}
        case Ordering():
            return {"RESPONSE": [called(name) for name in response]}
        case Matching():
            return {"RESPONSE": [f"row-{row} target-{target}" for row, target in response.items()]}
        case Scale():
            return {f"event-{name}": int(float(year)) for name, year in response.items()}
        case InlineGaps(gaps=gaps):
            values: dict[str, Any] = {}
            for name, gap in gaps.items():
                if name in response:
                    value = response[name]
                    typed = float(value) if isinstance(gap, NumberField) else value
                    values[f"gap-{name}"] = called(value) if isinstance(gap, Choice) else typed
            return values
    raise AssertionError(shown)


def well_formed(question: KeyedQuestion) -> st.SearchStrategy[Any]:
    """Responses that a program can give: whole years on the scale, texts without rare signs."""
    shown = question.interaction()
    if isinstance(shown, Scale):
        years = st.integers(shown.start, shown.end).map(str)
        return st.fixed_dictionaries({}, optional={event.id: years for event in shown.events})
    if isinstance(shown, TextEntry):
        return _near(question)
    return responses_to(question)


def _near(question: KeyedQuestion) -> st.SearchStrategy[str]:
    """Texts that are right, or right but for capitals, spaces, punctuation, accents, or for what is before or after."""
    key = question.key()
    assert key is not None
    texts = [*key.accept, *key.rule.accept, *key.rule.mistakes]  # type: ignore[attr-defined]
    changes = [
        str.upper,
        str.lower,
        str.title,
        lambda text: f"  {text} ",
        lambda text: f"{text}.",
        lambda text: f"“{text}”",
        lambda text: f"the {text}",
        lambda text: f"{text}s",
        lambda text: text.replace(" ", "  "),
        lambda text: text.replace(" ", "-"),
        lambda text: text.replace("é", "e").replace("É", "E"),
        lambda text: text.replace("e", "é"),
        lambda text: text[1:],
        lambda text: text + text,
    ]
    return st.builds(
        lambda text, some: _changed(text, some), st.sampled_from(texts), st.lists(st.sampled_from(changes))
    )


def _changed(text: str, changes: list[Any]) -> str:
    for change in changes[:3]:
        text = change(text)
    return text


def compare(question: KeyedQuestion, items: list[Item], response: Any) -> bool:
    """Check that a response earns the same points in both; whether it is one."""
    try:
        read = question.interaction().read(response)
    except ShapeError:
        return False
    if read is None:
        return False
    item = items[number_set(question, read)] if len(items) > 1 else items[0]
    their = item.score(qti_responses(question, item, read))
    assert their == pytest.approx(grade_question(question, response).score, abs=1e-6), (response, item.name)
    return True


# ---- All types ----


@pytest.mark.parametrize("question_type", TYPES)
@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(format_name=st.sampled_from(FORMATS), draw=st.data())
def test_every_response_scores_as_here_where_the_report_says_exact(
    question_type: str, format_name: str, draw: st.DataObject
) -> None:
    author = draw.draw(questions(question_type))
    quiz = quiz_of(author)
    (question,) = quiz.keyed_questions.values()
    package, report = exported(format_name, quiz)
    (done,) = report.questions
    items = package.items(searches=draw.draw(st.booleans()))
    assert list(items) == list(done.target_ids)
    assert done.written_as
    assert all(loss.part in done.parts for loss in done.losses)
    assert {item.points() for item in items.values()} == {question.points}
    assert all(item.score({}) == 0 for item in items.values())
    if question.key() is None or done.fidelity("score") != "exact":
        return
    for _ in range(4):
        compare(question, list(items.values()), draw.draw(well_formed(question)))


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_written_whole_and_its_right_answer_earns_everything(format_name: str, path: Path) -> None:
    quiz = civicquiz.load(path)
    package, report = exported(format_name, quiz)
    assert EXPORTERS[format_name].export([Translation.original(quiz)]).content == package.content
    assert EXPORTERS[format_name].wrote(package.content)
    items = package.items()
    names = [name for done in report.questions for name in done.target_ids]
    assert sorted(names) == sorted(items)
    for done in report.questions:
        question = quiz.keyed_questions[done.id]
        key = question.key()
        if key is not None:
            own = [items[name] for name in done.target_ids]
            assert compare(question, own, key.answer)


# ---- Single rules ----


STATEMENT = {"type": "true-false", "prompt": "x", "answer": True}


def only(format_name: str, author: dict[str, Any], **more: Any) -> tuple[KeyedQuestion, Item, ExportedQuestion]:
    """The one question of a quiz, its item, and what became of it."""
    quiz = quiz_of(author, **more)
    package, report = exported(format_name, quiz)
    (item,), (done,) = package.items().values(), report.questions
    return next(iter(quiz.keyed_questions.values())), item, done


@pytest.mark.parametrize("count", [2, 3, 7, 12])
def test_an_order_is_scored_by_its_pairs(count: int) -> None:
    author = {"id": "q", "type": "order", "prompt": "x", "points": 3, "items": [f"entry {n}" for n in range(count)]}
    question, item, done = only("qti21", author)
    key = question.key()
    assert key is not None
    right = key.answer
    assert done.fidelity("score") == "exact"
    assert item.score({"RESPONSE": right}) == 3
    for response in ([right[1], right[0], *right[2:]], right[::-1], [*right[1:], right[0]], right[::2] + right[1::2]):
        assert compare(question, [item], response)


def test_equal_entries_of_an_order_are_named() -> None:
    for lines, fidelity in (("a\nb\na", "approximate"), ("\n".join("abcdefghijklmnopqrst"), "exact")):
        question, item, done = only("qti3", {"id": "q", "type": "order", "prompt": "x", "lines": lines})
        assert done.fidelity("score") == fidelity
        key = question.key()
        assert key is not None
        assert item.score({"RESPONSE": [called(name) for name in key.answer]}) == pytest.approx(1)


@pytest.mark.parametrize("searches", [False, True])
def test_a_text_is_right_as_a_whole_also_where_an_engine_looks_for_a_part(searches: bool) -> None:
    accept = ["executive branch", {"text": "U.S. $5 [a-z]* (x|y) ^a\\d", "credit": 0.5}]
    for ignore in ([], ["case", "space"], ["space", "punctuation"], ["case", "space", "punctuation", "diacritics"]):
        author = {"id": "q", "type": "short-text", "prompt": "x", "accept": accept, "ignore": ignore}
        quiz = quiz_of(author)
        (question,) = quiz.keyed_questions.values()
        package, _ = exported("qti3", quiz)
        items = list(package.items(searches=searches).values())
        for text in ("executive branch", accept[1]["text"]):  # type: ignore[index]
            more = (f"the {text}", f"{text} of it", f"{text}{text}", text[:-1], f" {text}  ", f"{text}.", text.upper())
            for response in (text, *more, text.replace(" ", "\t "), text.replace("e", "é")):
                assert compare(question, items, response)


def test_an_untouched_slider_earns_nothing_even_if_its_start_counts_as_the_response() -> None:
    events = [{"text": "a", "year": 1710}, {"text": "b", "year": 1790}]
    author = {"id": "q", "type": "timeline", "prompt": "x", "start": 1700, "end": 1800, "events": events}
    author |= {"tolerance": 5, "reach": 25}
    question, item, done = only("qti3", author)
    starts = {
        name: int(found.get("lowerBound", "")) for name, found in zip(item.responses, item.interactions, strict=True)
    }
    assert set(starts.values()) == {1685}
    assert item.score(starts) == item.score({}) == 0
    assert any("1685" in loss.reason for loss in done.losses)
    for years in ({"a": "1710"}, {"a": "1730", "b": "1790"}, {"a": "1700", "b": "1800"}):
        assert compare(question, [item], years)
    _, item, done = only("qti3", {**author, "start": 1600})
    assert item.interactions[0].get("lowerBound") == "1600"
    assert done.fidelity("text") == "exact"


def test_numbers_in_several_ranges_and_without_an_end() -> None:
    author = {"id": "q", "type": "numeric", "prompt": "x", "answer": 9, "range": {"from": 5}, "unit": "m/s"}
    question, item, done = only("qti21", author)
    assert done.fidelity("score") == "exact"
    for number in ("4.999", "5", "1e300", "-5"):
        assert compare(question, [item], number)
    question, item, _ = only(
        "qti21", {**STATEMENT, "id": "q", "type": "numeric", "answer": 1, "tolerance": 0, "accept": [3]}
    )
    for number in ("1", "3", "2"):
        assert compare(question, [item], number)


def test_void_question_gives_everyone_its_points() -> None:
    _, item, done = only("qti3", {**STATEMENT, "id": "q", "void": True, "points": 2, "hint": "h"})
    assert (item.score({}), item.score({"RESPONSE": "false"}), done.fidelity("score")) == (2, 2, "exact")
    assert item.shown({"RESPONSE": "false"}) == []


def test_feedback_is_shown_to_those_it_is_for() -> None:
    pick = {"type": "single-choice", "options": [{"text": "a", "correct": True}, {"text": "b", "feedback": "Not *b*."}]}
    item = only("qti3", {"id": "q", "prompt": "x", **pick, "explanation": "Because.", "hint": "Look."})[1]
    assert item.shown({"RESPONSE": "b"}) == ["Not <em>b</em>.", "<p>Look.</p>", "<p>Because.</p>"]
    assert item.shown({"RESPONSE": "a"}) == ["<p>Because.</p>"]
    several = [{**option, "feedback": f"{option['text']}\n\n- list"} for option in pick["options"]]
    item = only("qti21", {"id": "q", "prompt": "x", "type": "multiple-choice", "options": several})[1]
    assert len(item.shown({"RESPONSE": ["a", "b"]})) == 2
    assert len(item.shown({"RESPONSE": ["b"]})) == 1
    number = {"type": "numeric", "answer": 5, "tolerance": 0, "mistakes": [{"number": 4, "feedback": "One more."}]}
    text = {"type": "short-text", "accept": ["x"], "mistakes": [{"text": "Y z", "feedback": "No Y."}]}
    assert only("qti21", {"id": "q", "prompt": "x", **number})[1].shown({"RESPONSE": 4.0}) == ["<p>One more.</p>"]
    assert only("qti21", {"id": "q", "prompt": "x", **text})[1].shown({"RESPONSE": " y  Z"}) == ["<p>No Y.</p>"]
    gaps = {"n": number, "t": text, "p": pick}
    item = only("qti3", {"id": "q", "type": "cloze", "prompt": "x", "text": "[[n]] [[t]] [[p]]", "gaps": gaps})[1]
    given = {"gap-n": 4.0, "gap-t": "y z", "gap-p": "b"}
    assert item.shown(given) == ["<p>One more.</p>", "<p>No Y.</p>", "<p>Not <em>b</em>.</p>"]
    assert item.shown({"gap-n": 5.0, "gap-t": "x", "gap-p": "a"}) == []
    pairs = [{"left": "l", "right": "r", "feedback": "Not so."}, {"left": "m", "right": "s"}]
    question, item, _ = only("qti3", {"id": "q", "type": "match", "prompt": "x", "pairs": pairs})
    token = next(iter(question.token_feedback())).split(" ")
    assert item.shown({"RESPONSE": ["row-{} target-{}".format(*token)]}) == ["<p>Not so.</p>"]


HOSTILE = "a & b < c > d ]]> \"e\" 'f' <!-- {x} </p> <choiceInteraction> &lt; \\ é 日本 \U0001f5fd"


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize(
    "text", [HOSTILE, "<script>alert(1)</script>", "]]>", "&amp;", "x" * 3000, "\ufffe\ufdd0", "<qti-value a-b='1'/>"]
)
def test_whatever_a_text_says_is_shown_as_it_is(format_name: str, text: str) -> None:
    plain = re.sub(r"[\[\]{}]", "", text)[:150]
    typed = {"type": "short-text", "accept": [plain, "b"], "ignore": [], "mistakes": [{"text": "m", "feedback": text}]}
    pick = {"type": "single-choice", "options": [{"text": text, "correct": True, "feedback": text}, "other"]}
    pairs = [{"left": text, "right": text}, {"left": "l", "right": "r"}]
    essay_parts = {"model_answer": text, "rubric": [{"text": text, "points": 1}]}
    quiz = quiz_of(
        {"id": "1-a", "prompt": text, "stimulus": "s", **pick, "explanation": text, "hint": text},
        {"id": "b", "type": "cloze", "prompt": text, "text": "x [[g]] [[h]] y", "gaps": {"g": typed, "h": pick}},
        {
            "id": "c",
            "type": "match",
            "prompt": text,
            "pairs": pairs,
        },
        {"id": "d", "prompt": text, **typed},
        {"id": "q-e", "type": "order", "prompt": text, "items": [text, "second"]},
        {
            "id": "f",
            "prompt": text,
            "type": "open-response",
            **essay_parts,
        },
        title=f"A/B {text}",
        stimuli={"s": {"title": text, "text": text}},
        sections=[{"title": text, "text": text, "questions": ["1-a", "b", "c", "d", "q-e", "f"]}],
    )
    package, report = exported(format_name, quiz)
    shown = flow(text).replace("\ufffe", "\ufffd")
    test = package.test()
    assert test.get("title") == f"A/B {text}".replace("\ufffe", "\ufffd")
    assert html_of(test.find(".//rubricBlock")) == as_xml(f"<p>{shown}</p>")
    items = package.items()
    assert list(items) == ["q-1-a", "b", "c", "d", "q-q-e", "f"]
    assert [done.target_ids[0] for done in report.questions] == list(items)
    for item in items.values():
        assert as_xml(f"<p>{shown}</p>") in html_of(item.body)
    choice, gaps, match, short, order, essay = items.values()
    (right, _), feedback = choice.choices().values(), as_xml(shown)
    assert html_of(right).startswith(as_xml(shown))
    assert choice.shown({"RESPONSE": right.get("identifier")})[0] == feedback
    assert choice.shown({})[-2:] == [as_xml(f"<p>{shown}</p>")] * 2
    assert next(iter(gaps.choices().values())).text == unescape(re.sub("<[^>]*>", "", shown))
    assert [html_of(found) for found in match.choices().values()].count(as_xml(shown)) == 2
    assert short.score({"RESPONSE": plain.replace("\ufffe", "\ufffd")}) == 1
    assert short.score({"RESPONSE": f"{plain}!"}) == 0
    assert as_xml(shown) in [html_of(found) for found in order.choices().values()]
    assert essay.responses["RESPONSE"].correct == text.replace("\ufffe", "\ufffd")


def as_xml(html: str) -> str:
    """HTML of ours as a parser of XML gives it back."""
    return html_of(ElementTree.fromstring(f"<x>{html}</x>"))


@pytest.mark.parametrize("format_name", FORMATS)
def test_pictures_are_files_that_those_who_show_them_need(format_name: str, tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><title>1</title></svg>', "utf-8")
    quiz = load_text(
        tmp_path,
        "title: Pictures\nstimuli: {s: {text: '![one](a.svg)'}}\nsections: [{text: '![o](a.svg)', tag: t}]\n"
        "questions:\n"
        "  - {id: q, type: single-choice, prompt: 'x', tags: [t], stimulus: s,\n"
        "     options: [{text: '![one](a.svg)', correct: true}, 'src=\"data:image/@@0@@\"']}\n"
        "  - {id: r, type: true-false, prompt: 'y', tags: [t], stimulus: s, answer: true}\n",
    )
    package, report = exported(format_name, quiz)
    item, other = package.items().values()
    (picture,) = [name for name in package.archive.namelist() if name.startswith("images/")]
    assert [found.get("src") for found in item.body.iter("img")][-1] == f"../{picture}"
    assert "@@0@@" in html_of(item.body)
    assert "<svg" in package.read(picture).decode()
    shared = {done.fidelity("shared text") for done in report.questions}
    if format_name == "qti21":
        assert (len(list(item.body.iter("img"))), shared) == (2, {"approximate"})
        return
    references = [one.root.find("assessmentStimulusRef") for one in (item, other)]
    assert {found.get("href") for found in references if found is not None} == {"text-s.xml"}
    assert (len(list(item.body.iter("img"))), shared) == (1, {"exact"})
    text = package.read("quiz/text-s.xml").decode()
    assert f'src="../{picture}"' in text


def test_a_test_has_the_settings_of_its_quiz() -> None:
    quiz = quiz_of(
        *({**STATEMENT, "id": name, "tags": ["t"]} for name in ("a", "b", "1")),
        sections=[{"title": "First", "text": "Read *this*.", "questions": ["b"]}, {"questions": ["a", "1"], "pick": 1}],
        time_limit=30,
        attempts=2,
        attempt_penalty=0.25,
        shuffle=["questions", "options"],
        certainty="marks",
    )
    package, report = exported("qti3", quiz)
    test = package.test()
    limits, control, part = test.find("timeLimits"), test.find(".//itemSessionControl"), test.find("testPart")
    assert limits is not None
    assert control is not None
    assert part is not None
    assert limits.get("maxTime") == "1800"
    assert (control.get("maxAttempts"), control.get("showFeedback")) == ("2", "true")
    assert part.get("submissionMode") == "individual"
    first, second = part.findall("assessmentSection")
    assert (first.get("title"), first.get("visible"), first.find("selection")) == ("First", "true", None)
    assert html_of(first.find("rubricBlock")) == "<p>Read <em>this</em>.</p>"
    selection = second.find("selection")
    assert selection is not None
    assert selection.get("select") == "1"
    assert all(section.find("ordering") is not None for section in (first, second))
    assert [one.get("identifier") for one in second.findall("assessmentItemRef")] == ["a", "q-1"]
    assert {loss.part for loss in report.losses} == {"time limit", "attempt penalty", "certainty"}
    # True and false stay in the order that people expect.
    assert package.items()["a"].interactions[0].get("shuffle") == "false"
    assert {tuple(words) for words in package.keywords.values()} == {(), ("t",)}
    for feedback, mode, is_shown in (("at-end", "simultaneous", "true"), ("none", "individual", "false")):
        test = exported("qti21", quiz_of({**STATEMENT, "id": "a"}, feedback=feedback))[0].test()
        control, part = test.find(".//itemSessionControl"), test.find("testPart")
        assert control is not None
        assert part is not None
        assert (part.get("submissionMode"), control.get("showFeedback")) == (mode, is_shown)


def test_several_quizzes_are_several_tests_whose_files_never_collide(tmp_path: Path) -> None:
    quizzes = [
        quiz_of(*({**STATEMENT, "id": name} for name in ("a", "A", "test"))).placed(path=Path(name))
        for name in ("law.yml", "LAW.yml", "1 é/x.yml")
    ]
    done = EXPORTERS["qti3"].export([Translation.original(quiz) for quiz in quizzes])
    package = Package(done.content)
    assert len(package.tests) == 3
    for path in package.tests:
        assert list(package.items(path)) == ["a", "A", "test"]


def test_numbers_that_differ_become_an_item_for_each_set_of_which_one_is_selected() -> None:
    author = {**STATEMENT, "id": "q", "prompt": "Twice {n}?", "variables": {"n": {"values": [1, 2, 3]}}}
    package, report = exported("qti3", quiz_of(author, {**STATEMENT, "id": "r"}, pick=1))
    assert report.questions[0].target_ids == ("q.1", "q.2", "q.3")
    assert {html_of(item.body.find("p")) for item in package.items().values()} >= {"Twice 1?", "Twice 2?", "Twice 3?"}
    outer = package.test().find("testPart/assessmentSection")
    assert outer is not None
    selections = [section.find("selection") for section in (outer, *outer.findall("assessmentSection"))]
    assert [found.get("select") for found in selections if found is not None] == ["1", "1"]
    assert report.questions[0].fidelity("numbers") == "approximate"


def test_sources_and_the_language_of_each_question_are_there(tmp_path: Path) -> None:
    write(tmp_path / "seeds" / "record.yml", SEEDS)
    question = "title: A\nquestions:\n  - {id: q, type: true-false, prompt: So?, answer: true, cites: [h04]}\n"
    quiz = civicquiz.load(write(tmp_path / "quizzes" / "law.yml", question))
    package, _ = exported("qti3", quiz)
    item = package.items()["q"]
    assert "The Act is of 1798." in item.shown({})[0]
    assert item.root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def test_question_of_a_type_that_has_no_writer_is_left_out_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(qti2_packages.WRITERS, "poll")
    poll = {"id": "p", "type": "poll", "prompt": "x", "options": ["a", "b"]}
    package, report = exported("qti21", quiz_of(poll, {**STATEMENT, "id": "b"}))
    assert list(package.items()) == ["b"]
    assert report.questions[0].written_as == ""
    assert {report.questions[0].fidelity(part) for part in report.questions[0].parts} == {"lost"}


def test_only_packages_that_were_written_here_are_known() -> None:
    exporter = EXPORTERS["qti3"]
    assert not exporter.wrote(b"PK\x03\x04 half a file")
    assert not exporter.wrote(zip_bytes({"imsmanifest.xml": "<manifest/>"}))
    assert not exporter.wrote(zip_bytes({"other.xml": "<x/>"}))


@pytest.mark.parametrize("format_name", FORMATS)
def test_what_is_written_is_read_again_without_changes(format_name: str, tmp_path: Path) -> None:
    number = {"type": "numeric", "answer": 9, "range": {"from": 5}, "unit": "m/s"}
    texts = {"type": "short-text", "accept": ["U.S.", {"text": "us of a", "credit": 0.5}]}
    # In the order in which they are shown.
    events = [{"text": "b", "year": 1790}, {"text": "a", "year": 1710}]
    pairs = [{"left": "l", "right": "r", "feedback": "Not so."}, {"left": "m", "right": "s"}]
    mistakes = [{"text": "uk", "feedback": "No."}]
    authors: dict[str, dict[str, Any]] = {
        "number": {**number, "hint": "Look.", "explanation": "Because.", "tags": ["law"]},
        "1-text": {
            **texts,
            "ignore": ["case", "space", "punctuation"],
            "mistakes": mistakes,
        },
        "order": {"type": "order", "items": ["a", "b", "c"], "points": 2},
        "line": {"type": "timeline", "events": events, "start": 1600, "end": 1800, "tolerance": 5, "reach": 25},
        "pairs": {"type": "match", "pairs": pairs},
        "poll": {"type": "poll", "options": ["a", "b"]},
        "gaps": {"type": "cloze", "text": "x [[gap-1]] and [[gap-2]] y", "gaps": {"gap-1": number, "gap-2": texts}},
        "essay": {"type": "open-response", "min_words": 30, "max_words": 90, "model_answer": "Like this."},
    }
    quiz = quiz_of(*({"id": name, "prompt": "Which?", **author} for name, author in authors.items()))
    (tmp_path / "quiz.zip").write_bytes(exported(format_name, quiz)[0].content)
    report = import_files([tmp_path / "quiz.zip"], tmp_path / "back")
    assert [one.reasons for one in report.questions] == [()] * len(authors)
    (path,) = report.files
    back = civicquiz.load(path)
    for before, after in zip(quiz.questions, back.questions, strict=True):
        assert after == before
