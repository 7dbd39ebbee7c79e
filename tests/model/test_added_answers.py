"""Answers and mistakes that translations add, where students type a word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from material import ROOT, write

import civicquiz
from civicquiz.errors import Problem
from civicquiz.grading import Progress, grade_question
from civicquiz.model.interactions.text_matching import normalized
from civicquiz.model.questions.cloze import Cloze
from civicquiz.model.questions.short_text import ShortTextPart
from civicquiz.model.quiz import Quiz
from civicquiz.model.version import question_versions
from civicquiz.releasing.release import release

QUIZ = """\
title: A poll
questions:
  - id: word
    type: short-text
    prompt: Everybody that a poll is about?
    accept: [population, {text: people, credit: 0.5}]
    ignore: [case, space, diacritics]
    typos: 1
    mistakes: [{text: sample, feedback: Only some of them.}]
  - id: gaps
    type: cloze
    prompt: Complete.
    text: By [[who]] in [[year]], at [[age]].
    gaps:
      who: {type: short-text, accept: [Congress]}
      year: {type: single-choice, options: [{text: "1798", correct: true}, {text: "1812", feedback: A war.}]}
      age: {type: numeric, answer: 14, tolerance: 0}
"""
SPANISH = """\
title: Una encuesta
questions:
  - id: word
    prompt: ¿Todos aquellos de los que trata?
    accept: [universo, {text: gente, credit: 0.5}]
    mistakes: [{feedback: Solo algunos.}, {text: muestra, feedback: Son *algunos*.}]
  - id: gaps
    prompt: Complete.
    text: En [[year]], por [[who]], a los [[age]].
    gaps:
      who: {accept: [el Congreso], mistakes: [{text: la Corte, feedback: Juzga.}]}
      year: {options: ["1798", {text: "1812", feedback: Una guerra.}]}
"""
PORTUGUESE = """\
title: Uma pesquisa
questions:
  - id: word
    prompt: Todos?
    accept: [Universo, {text: povo, credit: 0.5}]
    mistakes: [{feedback: Só alguns.}, {text: muestra, feedback: Em espanhol.}]
  - id: gaps
    prompt: Complete.
    text: Em [[year]], por [[who]], aos [[age]].
    gaps:
      year: {options: ["1798", {text: "1812", feedback: Uma guerra.}]}
"""


def _load(folder: Path, quiz: str = QUIZ, **translations: str) -> Quiz:
    for tag, text in translations.items():
        write(folder / f"poll.{tag}.yml", text)
    return civicquiz.load(write(folder / "poll.yml", quiz))


def _problems(quiz: Quiz) -> list[Problem]:
    return [problem for problem in quiz.translation_problems if not problem.is_note]


def _shares(quiz: Quiz, name: str, responses: list[Any], language: str) -> list[float]:
    question = quiz.keyed_questions[name]
    progress = Progress(language=language)
    return [grade_question(question, response, quiz, progress).score for response in responses]


def test_response_is_graded_by_the_answers_of_all_languages_in_each(tmp_path: Path) -> None:
    quiz = _load(tmp_path, es=SPANISH, pt=PORTUGUESE)
    assert _problems(quiz) == []
    words = ["population", "Universo", "univers", "people", "gente", "povo", "sample", "muestra", "muestr", "nada"]
    gaps = [{"who": who} for who in ("congress", "El  Congreso", "la Corte", "universo")]
    for language in ("en", "es", "pt"):
        assert _shares(quiz, "word", words, language) == [1, 1, 1, 0.5, 0.5, 0.5, 0, 0, 0, 0]
        assert _shares(quiz, "gaps", gaps, language) == pytest.approx([1 / 3, 1 / 3, 0, 0], abs=1e-5)
    accepted = quiz.keyed_questions["word"].key()
    assert accepted is not None
    assert [(one.answer, one.share) for one in accepted.accepted_for("")] == [
        ("population", 1),
        ("people", 0.5),
        ("universo", 1),
        ("gente", 0.5),
        ("povo", 0.5),
    ]


def test_each_language_has_its_own_answer_to_show_and_its_own_feedback(tmp_path: Path) -> None:
    quiz = _load(tmp_path, es=SPANISH, pt=PORTUGUESE.replace("Universo, ", ""))
    shown = {language: texts.key(name) for language, texts in quiz.translations.items() for name in ["word"]}
    assert {language: key.answer for language, key in shown.items() if key} == {"es": "universo", "pt": "population"}
    spanish = quiz.translations["es"]
    gaps, original = spanish.key("gaps"), quiz.keyed_questions["gaps"].key()
    assert gaps is not None
    assert original is not None
    assert gaps.answer == {"who": "el Congreso", "year": "1798", "age": "14"}
    assert original.answer == {"who": "Congress", "year": "1798", "age": "14"}
    assert gaps.rule == original.rule
    assert quiz.keyed_questions["word"].token_feedback() == {"sample": "Only some of them."}
    assert spanish.feedback("word") == {"sample": "Solo algunos.", "muestra": "Son *algunos*."}
    assert quiz.translations["pt"].feedback("word") == {"sample": "Só alguns.", "muestra": "Em espanhol."}
    assert spanish.feedback("gaps") == {"who la corte": "Juzga.", "year 1812": "Una guerra."}
    assert quiz.translations["pt"].feedback("gaps") == {"year 1812": "Uma guerra."}


def test_versions_and_released_copies_are_the_same_without_them(tmp_path: Path) -> None:
    text = SPANISH.replace("    accept: [universo, {text: gente, credit: 0.5}]\n", "")
    text = text.replace(", {text: muestra, feedback: Son *algunos*.}", "").replace(
        "{accept: [el Congreso], mistakes: [{text: la Corte, feedback: Juzga.}]}", "{}"
    )
    without, quiz = _load(tmp_path / "a", es=text), _load(tmp_path / "b", es=SPANISH)
    assert (quiz.version, question_versions(quiz)) == (without.version, question_versions(without))
    copies = [release([folder / "poll.yml"], folder / "out") for folder in (tmp_path / "a", tmp_path / "b")]
    assert [path.name for path in copies[0]] == [path.name for path in copies[1]]
    assert [path.read_bytes() for path in copies[0]] == [path.read_bytes() for path in copies[1]]


def test_copied_answers_of_the_original_may_stay_and_order_says_which_one_is_shown(tmp_path: Path) -> None:
    copied = "accept: [{text: people, credit: 0.5}, Población, population]"
    quiz = _load(tmp_path, es=SPANISH.replace("accept: [universo, {text: gente, credit: 0.5}]", copied))
    assert _problems(quiz) == []
    key = quiz.translations["es"].key("word")
    assert key is not None
    assert key.answer == "Población"
    assert [one.answer for one in key.accepted_for("")] == ["population", "people", "Población"]


def test_answers_of_a_question_that_is_out_of_date_or_has_a_problem_do_not_count(tmp_path: Path) -> None:
    stale = SPANISH.replace("  - id: word\n", "  - id: word\n    translates: bcdfghjk\n")
    broken = PORTUGUESE.replace("    prompt: Todos?\n", "")
    quiz = _load(tmp_path, es=stale, pt=broken)
    assert len(_problems(quiz)) == 2
    assert _shares(quiz, "word", ["universo", "povo"], "es") == [0, 0]
    assert _shares(quiz, "gaps", [{"who": "el congreso"}], "en") == pytest.approx([1 / 3], abs=1e-5)


def test_answers_come_along_with_a_question_from_another_file(tmp_path: Path) -> None:
    _load(tmp_path, es=SPANISH)
    write(tmp_path / "exam.es.yml", "title: Examen\n")
    exam = civicquiz.load(write(tmp_path / "exam.yml", "title: Exam\nquestions: [{from: poll.yml, ids: [word]}]\n"))
    assert _problems(exam) == []
    assert _shares(exam, "word", ["universo"], "en") == [1]


def test_picture_in_added_feedback_is_next_to_the_translation(tmp_path: Path) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
    write(tmp_path / "bank" / "chart.svg", svg)
    _load(tmp_path / "bank", es=SPANISH.replace("Son *algunos*.", "'![una parte](chart.svg)'"))
    write(tmp_path / "exam.es.yml", "title: Examen\n")
    exam = civicquiz.load(write(tmp_path / "exam.yml", "title: E\nquestions: [{from: bank/poll.yml, ids: [word]}]\n"))
    assert _problems(exam) == []
    assert list(exam.translations["es"].quiz.images) == ["chart.svg"]


_ELSEWHERE = "delete it here, or change it there"
_WHERE = "question 'word' (short-text): 'accept' entry 1"

#: What an author writes in ``SPANISH``, and in its place -> all problems.
MISTAKES = {
    "a mistake of the original": (
        "[universo,",
        "[Sample,",
        f"5:14: {_WHERE}: 'Sample' is right here and is a mistake in the original",
        _ELSEWHERE,
    ),
    "another credit": (
        "[universo,",
        "[People,",
        f"5:14: {_WHERE}: 'People' is right here and has 'credit: 0.5' in the original",
        _ELSEWHERE,
    ),
    "a mistake that the original accepts": (
        "{text: muestra,",
        "{text: población, feedback: Todos.}, {text: POPULATION,",
        "6:80: question 'word' (short-text): 'mistakes' entry 3: 'POPULATION' is a mistake here and is right in the "
        "original",
        _ELSEWHERE,
    ),
    "a mistake that another language accepts": (
        "{text: muestra,",
        "{text: povo,",
        "6:43: question 'word' (short-text): 'mistakes' entry 2: 'povo' is a mistake here and has 'credit: 0.5' in the "
        "translation into 'de'",
        _ELSEWHERE,
    ),
    "twice": (
        "[universo,",
        "[universo, 'Úniverso ',",
        "5:24: question 'word' (short-text): 'accept' entry 2: 'text': 'Úniverso' is the same as 'universo' after "
        "ignoring case, space, diacritics",
        "delete one of the two",
    ),
    "a mistake of the original again": (
        "{text: muestra,",
        "{text: Sample,",
        "6:50: question 'word' (short-text): 'mistakes' entry 2: 'text': 'Sample' is the same as 'sample' after "
        "ignoring case, space, diacritics",
        "delete one of the two",
    ),
    "empty": (
        "[universo,",
        "['',",
        f"5:14: {_WHERE}: 'text' must not be empty (got '')",
        "write a right answer",
    ),
    "no list": (
        "[universo, {text: gente, credit: 0.5}]",
        "universo",
        "5:13: question 'word' (short-text): 'accept' must be a list (got 'universo')",
        "write every right answer, each as '- the text'",
    ),
    "unknown key": (
        "{text: gente, credit: 0.5}",
        "{text: gente, credits: 0.5}",
        "5:38: question 'word' (short-text): 'accept' entry 2: unknown key 'credits'",
        "did you mean 'credit'?",
    ),
    "mistake without feedback": (
        "{text: muestra, feedback: Son *algunos*.}",
        "{text: muestra}",
        "6:43: question 'word' (short-text): 'mistakes' entry 2: 'feedback' is missing",
        "write why it is tempting and why it is wrong",
    ),
    "only the added mistake": (
        "{feedback: Solo algunos.}, ",
        "",
        "6:23: question 'word' (short-text): 'mistakes' entry 1: 'text' is 'muestra' here and 'sample' in the original",
        "begin with the mistakes of the original, in its order; those that you write after them are added",
    ),
    "gap that is a choice": (
        "year: {options:",
        "year: {accept: ['1789'], options:",
        "12:14: question 'gaps' (cloze): 'gaps': 'year': unknown key 'accept'",
        "known keys: options, type",
    ),
    "gap that is a number": (
        "      year:",
        "      age: {accept: [16]}\n      year:",
        "12:21: question 'gaps' (cloze): 'gaps': 'age': 'accept' has 1 entry here and 0 in the original",
        "a translation changes only texts; delete this or make it the same",
    ),
    "gap that accepts its mistake": (
        "{accept: [el Congreso]",
        "{accept: [el Congreso, la corte]",
        "11:64: question 'gaps' (cloze): 'gaps': 'who': 'mistakes' entry 1: 'text': 'la Corte' is the same as "
        "'la corte' after ignoring case, space",
        "delete one of the two",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_problem_is_at_its_place_and_the_question_stays_as_in_the_original(tmp_path: Path, mistake: str) -> None:
    before, after, *expected = MISTAKES[mistake]
    assert SPANISH.count(before) == 1
    quiz = _load(tmp_path, de=PORTUGUESE, es=SPANISH.replace(before, after))
    found = [f"{problem.line}:{problem.column}: {problem.message}" for problem in _problems(quiz)]
    assert (found, [problem.hint for problem in _problems(quiz)]) == (expected[:1], expected[1:])
    assert {Path(problem.path).name for problem in _problems(quiz)} == {"poll.es.yml"}
    name = "gaps" if "(cloze)" in expected[0] else "word"
    assert quiz.translations["es"].untranslated_questions == {name}
    responses: list[Any] = [{"who": "el congreso"}] if name == "gaps" else ["gente"]
    assert _shares(quiz, name, responses, "es") == [0]


# ---- Every example ----

EXAMPLES = sorted(path.name for path in (ROOT / "examples").glob("*.yml"))


def _parts(quiz: Quiz) -> list[tuple[str, str, ShortTextPart]]:
    """(id of the question, gap or "", part) for each place where a student types a word."""
    found: list[tuple[str, str, ShortTextPart]] = []
    for question in quiz.questions:
        parts = question.gaps if isinstance(question, Cloze) else {"": question}
        found += [(question.id, gap, part) for gap, part in parts.items() if isinstance(part, ShortTextPart)]
    return found


def test_there_are_examples_with_words_to_type() -> None:
    found = [gap for name in EXAMPLES for _, gap, _ in _parts(civicquiz.load(ROOT / "examples" / name))]
    assert "" in found
    assert any(found)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in EXAMPLES if _parts(civicquiz.load(ROOT / "examples" / name))])
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], max_examples=25)
@given(data=st.data())
def test_example_with_added_answers_grades_the_same_in_every_language(tmp_path: Path, name: str, data: Any) -> None:
    """And what it accepts without them earns what it did."""
    text = (ROOT / "examples" / name).read_text("utf-8")
    (tmp_path / "poll.es.yml").unlink(missing_ok=True)
    original = _load(tmp_path, text)
    words = st.text("abcéñ 1'", min_size=1, max_size=6).filter(str.strip)
    raw = yaml.safe_load(text)
    by_id = {question["id"]: question for question in raw["questions"]}
    responses: list[tuple[str, Any, Any]] = []  # the id of a question, a response, and one that earns the same
    for question_id, gap, part in _parts(original):
        added, wrong = (data.draw(st.lists(words, max_size=size)) for size in (4, 2))
        known = [answer.text for answer in part.answers()]
        plain = [normalized(text, part.ignore) for text in (*known, *added, *wrong)]
        assume(all(plain) and len(set(plain)) == len(plain))
        place = by_id[question_id]["gaps"][gap] if gap else by_id[question_id]
        place["accept"] = added or place["accept"]
        place["mistakes"] = [*place.get("mistakes", ()), *({"text": text, "feedback": "No."} for text in wrong)]
        same = [(text, text) for text in (*known, *data.draw(st.lists(words, max_size=3)))]
        same += [(text, part.shown_answer()) for text in added]
        same += [(text, "an answer that nobody gives") for text in wrong]
        responses += [(question_id, *({gap: text} if gap else text for text in pair)) for pair in same]
    quiz = _load(tmp_path, text, es=yaml.safe_dump(raw, sort_keys=False, allow_unicode=True))
    assert _problems(quiz) == []
    assert quiz.version == original.version
    for question_id, response, other in responses:
        (english,) = _shares(quiz, question_id, [response], "en")
        assert _shares(quiz, question_id, [response, other], "es") == [english, english]
        if response == other:
            assert english >= _shares(original, question_id, [response], "en")[0]
