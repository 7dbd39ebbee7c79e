"""Packages for Canvas: both dialects are read whole, and score as here wherever the report says so."""

from __future__ import annotations

import io
import re
import zipfile
from html import escape
from pathlib import Path
from typing import Any

import pytest
from canvas_bank import CanvasPackage, CanvasQuiz, classic_share, new_quizzes_share, pick_and_points, read_package
from canvas_scores import Share, compare, own_items, share_there
from export_checks import exact_texts, well_formed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import EXAMPLES, PNG, TYPES, load_text, question_of, questions, quiz_of

import civicquiz
from civicquiz.authoring.markdown import flow
from civicquiz.exchange.asked import words_of
from civicquiz.exchange.canvas_packages import CanvasExporter
from civicquiz.exchange.canvas_questions import CanvasQuestion
from civicquiz.exchange.exported import ExportedQuestion, ExportedQuiz, UnfitError
from civicquiz.exchange.exports import to_canvas, to_canvas_classic
from civicquiz.exchange.importing import import_files
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation

DIALECTS: list[tuple[CanvasExporter, Share]] = [
    (to_canvas.EXPORTER, new_quizzes_share),
    (to_canvas_classic.EXPORTER, classic_share),
]
both = pytest.mark.parametrize(("exporter", "share"), DIALECTS, ids=[one.name for one, _ in DIALECTS])

STATEMENT = {"type": "true-false", "prompt": "x", "answer": True}


def packaged(exporter: CanvasExporter, *quizzes: Quiz) -> tuple[CanvasPackage, list[ExportedQuiz]]:
    """The package as Canvas reads it, and what became of the quizzes."""
    texts = [Translation.original(quiz) for quiz in quizzes]
    done = exporter.export(texts)
    assert exporter.export(texts).content == done.content
    assert exporter.wrote(done.content)
    return read_package(done.content), list(done.quizzes)


def exported(exporter: CanvasExporter, quiz: Quiz) -> tuple[CanvasQuiz, dict[str, ExportedQuestion]]:
    """The one quiz of a package, and what became of its questions."""
    package, (report,) = packaged(exporter, quiz)
    (found,) = package.quizzes
    return found, {question.id: question for question in report.questions}


# ---- All types ----


@pytest.mark.parametrize("question_type", TYPES)
@both
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(draw=st.data())
def test_every_response_scores_as_here_where_the_report_says_exact(
    exporter: CanvasExporter, share: Share, question_type: str, draw: st.DataObject
) -> None:
    author = draw.draw(questions(question_type))
    if question_type in ("short-text", "cloze"):
        author = exact_texts(author)
    question = question_of(author)
    quiz, reports = exported(exporter, quiz_of(author))
    report = reports[question.id]
    assert report.written_as, report.losses
    assert [entry.ident for entry in quiz.entries] == list(report.target_ids)
    assert all(loss.part in report.parts for loss in report.losses)
    sets = len(question.number_sets())
    items = [quiz.entry(ident) for ident in report.target_ids]
    parts = items if sets < 2 or items[0].type == "calculated_question" else items[::sets]
    assert sum(item.points for item in parts) == pytest.approx(question.points, abs=1e-6)
    assert [pick_and_points(group) for group in quiz.groups] in (
        [],
        [(1, pytest.approx(question.points / len(parts), abs=1e-6))] * len(parts),
    )
    for _ in range(3):
        compare(question, quiz, report, draw.draw(well_formed(question)), share)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@both
def test_every_example_is_read_whole_and_its_right_answer_earns_everything(
    exporter: CanvasExporter, share: Share, path: Path
) -> None:
    source = civicquiz.load(path)
    quiz, reports = exported(exporter, source)
    for question in source.keyed_questions.values():
        report, key = reports[question.id], question.key()
        assert report.written_as, report.losses
        if key is not None and not question.void:
            items = own_items(quiz, report, question, key.answer)
            assert share_there(question, items, key.answer, share) == pytest.approx(1, abs=1e-5)


@both
def test_examples_of_all_types_are_one_package_that_is_imported_again(
    exporter: CanvasExporter, share: Share, tmp_path: Path
) -> None:
    quizzes = [civicquiz.load(path) for path in EXAMPLES if path.parent.name == "examples"]
    (tmp_path / "quizzes.zip").write_bytes(exporter.export([Translation.original(quiz) for quiz in quizzes]).content)
    done = import_files([tmp_path / "quizzes.zip"], tmp_path / "out")
    assert not done.failed
    assert [question for question in done.questions if question.verdict == "not read"] == []
    imported = [civicquiz.load(path) for path in done.files]
    assert sorted(quiz.title for quiz in imported) == sorted(quiz.title for quiz in quizzes)
    types = {question.id: question.type for quiz in quizzes for question in quiz.questions}
    found = {question.id: question.type for quiz in imported for question in quiz.questions}
    same = {"single-choice", "multiple-choice", "true-false", "numeric", "calculated", "short-text", "match"}
    same |= {"open-response", "poll"}
    wanted = {name: type_name for name, type_name in types.items() if type_name in same}
    assert len(wanted) == len(same)
    assert wanted.items() <= found.items()


# ---- Texts ----

HOSTILE = "a & b < c > d ]]> \"e\" 'f' [g] [answer] {x} \\( % &lt; <b> é 日本\ttab"


@pytest.mark.parametrize(
    "text", [HOSTILE, "<script>alert(1)</script>", "]]>", "[g]", "&amp;", 'src="data:image/@@0@@"', "w" * 4000]
)
@both
def test_whatever_a_text_says_is_shown_as_it_is(exporter: CanvasExporter, share: Share, text: str) -> None:
    pick = {"options": [{"text": text, "correct": True, "feedback": text}, "other"]}
    typed = text[:150]
    gap = {"type": "single-choice", **pick}
    pairs = [{"left": text, "right": text}, {"left": "l", "right": "r"}]
    around = text.replace("]]", "")
    quiz, report = exported(
        exporter,
        quiz_of(
            {"id": "a", "type": "single-choice", "prompt": text, **pick, "explanation": text},
            {"id": "b", "type": "cloze", "prompt": text, "text": f"{around} [[g]] {around}", "gaps": {"g": gap}},
            {"id": "c", "type": "match", "prompt": text, "pairs": pairs},
            {"id": "d", "type": "short-text", "prompt": text, "accept": [typed, "b"], "typos": 0},
            {"id": "e", "type": "order", "prompt": text, "items": [text, "second"]},
            title=text,
        ),
    )
    html, block = flow(text), f"<p>{flow(text)}</p>"
    words = words_of(html)
    a, b, c, d, e = quiz.entries
    for entry in quiz.entries:
        assert block in entry.text
    assert quiz.title == text[:255]
    assert next(iter(a.labels().values())) in (html, words)
    assert a.feedback("general_fb") == block
    assert list(a.told.values()) == [block] == list(b.told.values())
    assert list(b.labels().values()) == [words, "other"]
    assert len(b.blanks()) == 1
    lefts = [row.findtext("{*}material/{*}mattext") for row in c.responses]
    assert {html, words} & {*lefts}
    assert {words, escape(words, quote=False)} & {*c.labels().values()}
    assert share(d, typed, 0) == 1
    assert share(d, "something else", 0) == 0
    assert report["e"].written_as in ("ordering", "matching")
    assert e.responses


@both
def test_signs_that_xml_cannot_hold_are_replaced(exporter: CanvasExporter, share: Share) -> None:
    quiz, _ = exported(exporter, quiz_of({"id": "q", "type": "true-false", "prompt": "a\x01b\ufffec", "answer": True}))
    assert quiz.entries[0].text == "<p>a\ufffdb\ufffdc</p>"


@both
def test_formulas_are_latex(exporter: CanvasExporter, share: Share) -> None:
    quiz, _ = exported(
        exporter, quiz_of({"id": "q", **STATEMENT, "prompt": "Is $a < \\frac{1}{2}$?", "explanation": "$$b^2$$"})
    )
    assert "\\(a &lt; \\frac{1}{2}\\)" in quiz.entries[0].text
    assert "<math" not in quiz.entries[0].text + quiz.entries[0].feedback("general_fb")


@both
def test_pictures_are_files_of_the_package(exporter: CanvasExporter, share: Share, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    quiz = load_text(
        tmp_path,
        "title: Pictures\nquestions:\n  - id: q\n    type: single-choice\n    prompt: '![one](a.png)'\n"
        "    explanation: '![one](a.png)'\n    options: [{text: '![one](a.png)', correct: true}, b]\n"
        "  - id: m\n    type: match\n    prompt: x\n"
        "    pairs: [{left: '![one](a.png)', right: '![one](a.png)'}, {left: l, right: r}]\n",
    )
    package, (report,) = packaged(exporter, quiz)
    (path,) = (name for name in package.files if name.startswith("images/"))
    assert package.files[path] == PNG
    entries = package.quizzes[0].entries
    source = f'src="$IMS-CC-FILEBASE$/{path}"'
    assert source in entries[0].text
    assert source in entries[0].feedback("general_fb")
    assert source in next(iter(entries[0].labels().values()))
    assert report.questions[0].fidelity("pictures") == "exact"
    assert report.questions[1].fidelity("pictures") == "lost"
    assert not re.search(rb"data:image|@@", b"".join(package.files.values()))


# ---- Numbers ----


@both
def test_a_number_is_right_at_both_ends_and_not_beyond(exporter: CanvasExporter, share: Share) -> None:
    for number, off in ((14, 0), (0.3, 0.1), (3.14, 0.01), (480000, 10000), (-2.5, 0.5), (1e-6, 1e-7)):
        author = {"id": "q", "type": "numeric", "prompt": "x", "answer": number, "tolerance": off}
        quiz, report = exported(exporter, quiz_of(author))
        assert report["q"].fidelity("score") == "exact"
        low, high = (float(f"{end:.12g}") for end in (number - off, number + off))
        step = off / 100 or 0.001
        for response, right in ((low, 1), (high, 1), (number, 1), (low - step, 0), (high + step, 0)):
            assert share(quiz.entries[0], f"{response:.12g}", 0) == right


@both
def test_a_side_without_an_end_is_cut_and_named(exporter: CanvasExporter, share: Share) -> None:
    author = {"id": "q", "type": "numeric", "prompt": "x", "answer": 9, "range": {"from": 5}, "unit": "m/s"}
    quiz, report = exported(exporter, quiz_of({**author, "units": ["km/h"]}))
    assert report["q"].fidelity("score") == "approximate"
    assert report["q"].fidelity("typing") == "lost"
    assert [share(quiz.entries[0], text, 0) for text in ("4.99", "5", "1000000", "1e9")] == [0, 1, 1, 0]


CALCULATED = {
    "id": "q",
    "type": "calculated",
    "prompt": "From {a} to {b}, {c} [a]",
    "variables": {"a": {"from": 3, "to": 9000, "step": 7}, "b": {"values": [0.5, 0.25]}, "c": "a ** 2 * b"},
    "answer": "log10(a) / b",
}


@both
def test_calculated_has_its_sets_of_numbers_and_our_answers(exporter: CanvasExporter, share: Share) -> None:
    for exact in ({"decimals": 2, "tolerance": 0.5}, {"decimals": 1, "tolerance": "2%"}):
        author = {**CALCULATED, **exact}
        question = question_of(author)
        quiz, report = exported(exporter, quiz_of(author))
        (entry,) = quiz.entries
        assert (entry.type, report["q"].fidelity("score")) == ("calculated_question", "exact")
        calculated = entry.element.find(".//{*}calculated")
        assert calculated is not None
        names = {one.get("name"): one for one in calculated.find("{*}vars")}  # type: ignore[union-attr]
        shown = re.findall(r"\[(\w+)\]", entry.text)
        assert len(set(shown)) == 4
        assert shown[-1] == "a"
        assert {*shown[:3]} == {*names}
        formula = calculated.findtext("{*}formulas/{*}formula")
        assert formula == f"log({shown[0]}) / {shown[1]}"
        key = question.key()
        assert key is not None
        for variant in question.interaction().variants:
            right = float(key.answer_for({**variant, "answer": "0"}))
            for factor in (0.9, 0.979, 0.981, 1, 1.019, 1.021):
                response = {**variant, "answer": civicquiz.authoring.wording.number_text(right * factor)}
                assert compare(question, quiz, report["q"], response, share)


@both
def test_numbers_are_in_formulas_too(exporter: CanvasExporter, share: Share) -> None:
    prompt = {"prompt": "Of {a} and {c}: $\\frac{a}{b}$ and\n\n$$\\sqrt[a]{b}$$"}
    quiz, _ = exported(exporter, quiz_of({**CALCULATED, **prompt, "decimals": 1, "tolerance": 0.1}))
    a, b = re.findall(r"\{\[(\w+)\]\}", quiz.entries[0].text)[:2]
    assert f": \\(\\frac{{[{a}]}}{{[{b}]}}\\)" in quiz.entries[0].text
    assert f"\\sqrt[a]{{[{b}]}}" in quiz.entries[0].text
    assert a != "a"  # which would be a number in the root


@both
def test_other_sets_of_numbers_are_a_group_of_which_everyone_gets_one(exporter: CanvasExporter, share: Share) -> None:
    choice = {
        "id": "q",
        "type": "single-choice",
        "prompt": "Twice {n}?",
        "variables": {"n": {"values": [1, 2, 3]}, "m": "2 * n"},
        "options": [{"text": "{m}", "correct": True}, "7 {n}"],
        "points": 2,
    }
    quiz, report = exported(exporter, quiz_of(choice, {**CALCULATED, "id": "r", "significant": 2}))
    first, second = quiz.groups
    assert pick_and_points(first) == (1, 2)
    assert sorted(entry.text for entry in quiz.entries if entry.group is first) == [
        f"<p>Twice {n}?</p>" for n in (1, 2, 3)
    ]
    assert report["q"].target_ids == tuple(f"{quiz.ident}.q.{n}" for n in (1, 2, 3))
    assert report["q"].fidelity("numbers") == "exact"
    assert {entry.type for entry in quiz.entries if entry.group is second} == {"numerical_question"}
    assert quiz.settings["points_possible"] == "3"


# ---- Choices ----


def several(right: int, wrong: int, **more: Any) -> dict[str, Any]:
    options = [{"text": f"o{n}", "correct": n < right} for n in range(right + wrong)]
    return {"id": "q", "type": "multiple-choice", "prompt": "Which?", "options": options, **more}


@pytest.mark.parametrize("scoring", ["net-correct", "all-or-nothing"])
@both
def test_check_boxes_score_as_here_or_the_report_says_so(exporter: CanvasExporter, share: Share, scoring: str) -> None:
    exact = 0
    for right, wrong in ((1, 1), (1, 3), (2, 2), (3, 1), (3, 4), (11, 12)):
        author = several(right, wrong, scoring=scoring)
        question = question_of(author)
        quiz, report = exported(exporter, quiz_of(author))
        ids = [option.id for option in question.interaction().option_lists()[0]]
        for count in range(1, len(ids) + 1):
            exact += compare(question, quiz, report["q"], ids[:count], share)
            compare(question, quiz, report["q"], ids[-count:], share)
    assert exact > 5


@both
def test_poll_is_worth_nothing_and_every_option_is_right(exporter: CanvasExporter, share: Share) -> None:
    for multiple in (False, True):
        author = {"id": "q", "type": "poll", "prompt": "x", "options": ["a", "b"], "multiple": multiple}
        quiz, report = exported(exporter, quiz_of(author))
        assert quiz.entries[0].points == 0
        assert report["q"].fidelity("score") == "approximate"
        assert share(quiz.entries[0], [*quiz.entries[0].labels()][: 2 if multiple else 1], 0) == 1


# ---- Quizzes ----


@both
def test_settings_and_sections_are_in_the_package_or_in_the_report(exporter: CanvasExporter, share: Share) -> None:
    source = quiz_of(
        *({"id": name, **STATEMENT, "stimulus": "table"} for name in "abc"),
        {"id": "d", **several(1, 2), "points": 3, "hint": "Think.", "tags": ["law"]} | {"id": "d"},
        {"id": "e", **STATEMENT, "void": True},
        stimuli={"table": {"title": "A table", "text": "Read **this**."}},
        sections=[
            {"title": "First & best", "text": "Look.", "questions": ["a", "b"]},
            {"questions": ["c", "d"], "pick": 1},
            {"questions": ["e"]},
        ],
        shuffle=["questions", "options"],
        time_limit=12.5,
        attempts=2,
        attempt_penalty=0.25,
        certainty="marks",
        layout="one",
        feedback="at-end",
        title='A & "B" <quiz>',
    )
    package, (report,) = packaged(exporter, source)
    (quiz,) = package.quizzes
    wanted = {"shuffle_answers": "true", "time_limit": "13", "allowed_attempts": "2", "one_question_at_a_time": "true"}
    assert wanted.items() <= quiz.settings.items()
    assert quiz.settings["points_possible"] == "5"
    assert quiz.settings.get("shuffle_questions") == ("true" if exporter is to_canvas.EXPORTER else None)
    idents = [entry.ident.removeprefix(f"{quiz.ident}.") for entry in quiz.entries]
    assert idents == ["section.1.text", "text.table", "a", "b", "c", "d", "e"]
    texts = [entry.text for entry in quiz.entries]
    assert texts[0] == "<h3>First &amp; best</h3><p>Look.</p>"
    assert ["Read" in text for text in texts] == [False, True, False, False, True, False, False]
    (group,) = quiz.groups
    assert pick_and_points(group) == (1, 2)
    assert [entry.ident[-1] for entry in quiz.entries if entry.group is group] == ["c", "d"]
    losses = {loss.part for loss in report.losses}
    assert losses == {"sections", "time limit", "attempts", "attempt penalty", "certainty", "shuffle"}
    done = {question.id: question for question in report.questions}
    assert done["d"].fidelity("points") == "approximate"
    assert done["d"].fidelity("hint") == done["d"].fidelity("tags") == done["e"].fidelity("score") == "lost"
    assert done["c"].fidelity("shared text") == "approximate"


@both
def test_questions_to_pick_from_are_one_group(exporter: CanvasExporter, share: Share) -> None:
    numbers = {"id": "n", "type": "numeric", "prompt": "{n}", "answer": 1, "tolerance": 0}
    cloze = {"id": "c", "type": "cloze", "prompt": "x", "text": "[[a]] [[b]]"}
    gap = {"type": "single-choice", "options": [{"text": "1", "correct": True}, "2"]}
    source = quiz_of(
        {**numbers, "variables": {"n": {"values": [1, 2]}}},
        {**cloze, "gaps": {"a": gap, "b": {"type": "numeric", "answer": 2, "tolerance": 1}}},
        {"id": "p", **STATEMENT},
        pick=2,
    )
    quiz, report = exported(exporter, source)
    (group,) = quiz.groups
    assert pick_and_points(group) == (2, 1)
    assert len(quiz.entries) == 4
    assert report["n"].fidelity("numbers") == "approximate"
    assert report["c"].fidelity("score") == "approximate"
    assert quiz.settings["points_possible"] == "2"


@both
def test_names_of_quizzes_become_identifiers_that_differ(exporter: CanvasExporter, share: Share) -> None:
    statement = quiz_of({"id": "q", **STATEMENT})
    names = ["law.yml", "a/law.yml", "Ley & orden.yml", "l" * 90 + ".yml", "l" * 91 + ".yml"]
    package, reports = packaged(exporter, *(statement.placed(path=Path(name)) for name in names))
    idents = [quiz.ident for quiz in package.quizzes]
    assert len({*idents}) == 5
    assert all(re.fullmatch("[A-Za-z0-9-]{1,80}", ident) for ident in idents)
    assert idents[0] == "quiz-law"
    assert [report.questions[0].target_ids[0] for report in reports] == [f"{ident}.q" for ident in idents]


@both
def test_nothing_is_shown_of_a_quiz_whose_answers_are_only_saved(exporter: CanvasExporter, share: Share) -> None:
    quiz, _ = exported(exporter, quiz_of({"id": "q", **STATEMENT}, feedback="none"))
    assert (quiz.settings["hide_results"], quiz.settings["show_correct_answers"]) == ("always", "false")


@both
def test_question_that_canvas_lacks_is_left_out_and_named(
    exporter: CanvasExporter, share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise UnfitError("There are no polls.")

    monkeypatch.setattr(CanvasQuestion, "poll", refuse)
    poll = {"id": "p", "type": "poll", "prompt": "x", "options": ["a", "b"]}
    quiz, report = exported(exporter, quiz_of(poll, {"id": "q", **STATEMENT}))
    assert [entry.ident[-1] for entry in quiz.entries] == ["q"]
    assert report["p"].written_as == ""
    assert {report["p"].fidelity(part) for part in report["p"].parts} == {"lost"}
    assert report["p"].losses[0].reason == "There are no polls."


@both
def test_other_files_are_not_from_an_earlier_export(exporter: CanvasExporter, share: Share) -> None:
    other = next(one for one, _ in DIALECTS if one is not exporter)
    content = other.export([Translation.original(quiz_of({"id": "q", **STATEMENT}))]).content
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("imsmanifest.xml", "<manifest/>")
    for given_content in (content, stream.getvalue(), b"", b"PK\x03\x04", content[:-30]):
        assert not exporter.wrote(given_content)
