"""Translations next to a quiz: what they must contain, and what comes out."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import ROOT, TYPES, questions, responses_to, write

import civicquiz
from civicquiz.authoring.validation import describe, shown_texts
from civicquiz.authoring.yaml_source import YamlPath, YamlSource, parse
from civicquiz.errors import Problem, QuizError
from civicquiz.model.file_names import quiz_file
from civicquiz.model.interactions import Choice, Gap, Interaction, Option, ShapeError
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation

LAW = """\
title: A law of 1798
questions:
  - id: year
    type: single-choice
    prompt: In which year was it passed?
    hint: John Adams was president.
    options:
      - {text: 1798, correct: true, feedback: Right.}
      - 1812
      - text: in no year
    cites: [h04]
    points: 2
  - id: order
    type: order
    prompt: Put these in order.
    items: [first, second, third]
  - id: branches
    type: match
    prompt: Which goes with which?
    pairs:
      - {left: Senate, right: Congress, feedback: Half of it.}
      - {left: House, right: Congress}
      - {left: judge, right: court}
    distractors: [police]
  - id: kinds
    type: categorize
    prompt: Law or opinion?
    categories: [law, opinion]
    items:
      - {text: It covers people of 14., category: law, feedback: Read it.}
      - {text: It is too broad., category: opinion}
  - id: gaps
    type: cloze
    prompt: Fill in the blanks.
    text: It is of [[year]] and of [[age]] years.
    gaps:
      year: {type: single-choice, options: [{text: old, correct: true}, new]}
      age: {type: numeric, answer: 14, tolerance: 0, unit: years}
  - id: marks
    type: select-text
    prompt: Mark the counts.
    passage: There were [[+ten people]] and [[some others]].
    feedback:
      - {text: some others, feedback: No count.}
  - id: branch
    type: short-text
    prompt: Which branch?
    accept: [executive, {text: president, credit: 0.5}]
    mistakes: [{text: congress, feedback: It passed the law.}]
"""

LEY = """\
title: Una ley de 1798
questions:
  - id: year
    prompt: ¿En qué año se aprobó?
    hint: John Adams era presidente.
    options:
      - {text: 1798, feedback: Correcto.}
      - 1812
      - text: en ningún año
  - id: order
    prompt: Ordene.
    items: [primero, segundo, tercero]
  - id: branches
    prompt: ¿Qué va con qué?
    pairs:
      - {left: Senado, right: el Congreso, feedback: La mitad.}
      - {left: Cámara, right: el Congreso}
      - {left: juez, right: tribunal}
    distractors: [policía]
  - id: kinds
    prompt: ¿Ley u opinión?
    categories: [ley, opinión]
    items:
      - {text: Abarca a personas de 14., feedback: Léala.}
      - {text: Es demasiado amplia.}
  - id: gaps
    prompt: Complete.
    text: De [[age]] años y de [[year]].
    gaps:
      year: {options: [vieja, nueva]}
      age: {unit: años}
  - id: marks
    prompt: Marque los recuentos.
    passage: Hubo [[+diez personas]] y [[algunos otros]].
    feedback:
      - {feedback: No es un recuento.}
  - id: branch
    prompt: ¿Qué poder?
    mistakes: [{feedback: Aprobó la ley.}]
"""


def _load(folder: Path, quiz: str, **translations: str) -> Quiz:
    for tag, text in translations.items():
        write(folder / f"law.{tag}.yml", text)
    return civicquiz.load(write(folder / "law.yml", quiz))


def _problems(folder: Path, quiz: str, **translations: str) -> tuple[Problem, ...]:
    """Of a broken quiz with its translations, or only of the translations, which never keep a quiz from being read."""
    try:
        found = _load(folder, quiz, **translations).translation_problems
    except QuizError as error:
        found = error.problems
    return tuple(problem for problem in found if not problem.is_note)


def _spanish(text: str, key: str = "") -> str:
    """The translation of a text in these tests; in a ``passage``, the phrases to select are translated too."""
    return "ES " + (re.sub(r"\[\[(\+?)", r"[[\1ES ", text) if key == "passage" else text)


def _in_place(quiz: Quiz, raw: Any) -> Any:
    """A copy of the content of a quiz file in which every text that learners read is translated."""
    value = copy.deepcopy(raw)
    for path, text, _ in shown_texts(quiz):
        inside, step = _holder(value, path)
        inside[step] = _spanish(text, str(path[-1]))
    return value


def _holder(value: Any, path: YamlPath) -> tuple[Any, Any]:
    """The list or mapping with the text under ``path``, and its key there; an entry may be just its text."""
    for step in path[:-2]:
        value = value[step]
    if len(path) > 1 and isinstance(value[path[-2]], (dict, list)):
        return value[path[-2]], path[-1]
    return value, path[-2] if len(path) > 1 else path[-1]


def _dump(value: Any) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True)


def _translated(folder: Path, *authors: dict[str, Any]) -> tuple[Quiz, Translation]:
    """A quiz of these questions with a translation made in place."""
    raw = {"title": "A quiz", "questions": list(authors)}
    text = _dump(_in_place(Quiz.model_validate(raw), raw))
    quiz = _load(folder, _dump(raw), es=text)
    return quiz, quiz.translations["es"]


class _Translated:
    """The texts of an interaction in another language, except for the segments of a running text."""

    def __init__(self, translated: Callable[[str], str]) -> None:
        self.translated = translated

    def options(self, options: tuple[Option, ...]) -> Any:
        return [(option.id, option.word, self.translated(option.text) if option.text else "") for option in options]

    def passage(self, parts: Sequence[str | dict[str, str]]) -> list[str | dict[str, str]]:
        return ["text" if isinstance(part, str) else part for part in parts]


def _seen(interaction: Interaction[Any], translated: Callable[[str], str] = str) -> Any:
    """What an interaction shows, with its author's texts ``translated``."""

    def with_units(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {name: translated(part) if name == "unit" else with_units(part) for name, part in value.items()}

    return with_units(interaction.to_json(_Translated(translated)))


def _assert_same_but_for_texts(quiz: Quiz, translation: Translation) -> None:
    shown = {path: text for path, text, _ in shown_texts(quiz)}
    assert {path: text for path, text, _ in shown_texts(translation.quiz)} == {
        path: _spanish(text, str(path[-1])) for path, text in shown.items()
    }
    for question in quiz.questions:
        original, translated = question.interaction(), translation.interaction(question.id)
        assert type(translated) is type(original)
        is_code = getattr(question, "lines", None) is not None  # nobody translates it
        assert _seen(translated) == (_seen(original) if is_code else _seen(original, _spanish))
        if isinstance(translated, Choice) and translated.passage:
            assert tuple(part for part in translated.passage if isinstance(part, Option)) == translated.options
        feedback = question.token_feedback()
        assert translation.feedback(question.id) == {token: _spanish(text) for token, text in feedback.items()}
        assert list(translation.feedback(question.id)) == list(feedback)
        copied = translation.question(question.id)
        assert copied.prompt == _spanish(question.prompt)
        assert (copied.id, copied.points, copied.cites) == (question.id, question.points, question.cites)
        copied.interaction(), copied.key(), copied.full_prompt(), copied.full_explanation()


# ---- What comes out ----


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "examples").glob("*.yml")))
def test_example_translated_in_place_keeps_ids_and_key_and_changes_all_texts(tmp_path: Path, name: str) -> None:
    text = (ROOT / "examples" / name).read_text("utf-8")
    quiz = _load(tmp_path, text)
    assert quiz.translations == {}
    es = _dump(_in_place(quiz, yaml.safe_load(text)))
    quiz = _load(tmp_path, text, es=es)
    assert list(quiz.translations) == ["es"]
    _assert_same_but_for_texts(quiz, quiz.translations["es"])


@pytest.mark.slow
@pytest.mark.parametrize("question_type", sorted(TYPES))
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], max_examples=40)
@given(data=st.data())
def test_any_question_translated_in_place_keeps_ids_and_key(tmp_path: Path, question_type: str, data: Any) -> None:
    quiz, translation = _translated(tmp_path, data.draw(questions(question_type)))
    _assert_same_but_for_texts(quiz, translation)


@pytest.mark.slow
@pytest.mark.parametrize("question_type", sorted(TYPES))
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], max_examples=40)
@given(data=st.data())
def test_response_means_the_same_in_every_language(tmp_path: Path, question_type: str, data: Any) -> None:
    quiz, translation = _translated(tmp_path, data.draw(questions(question_type)))
    (question,) = quiz.questions
    response = data.draw(responses_to(question))
    read = []
    for interaction in (question.interaction(), translation.interaction(question.id)):
        try:
            read.append(interaction.read(response))
        except ShapeError as error:
            read.append(error.code)  # its message has the name of a unit in it, which is translated
    assert read[0] == read[1]


def test_translation_may_hold_nothing_but_texts(tmp_path: Path) -> None:
    quiz = _load(tmp_path, LAW, es=LEY)
    translation = quiz.translations["es"]
    assert (translation.language, translation.title) == ("es", "Una ley de 1798")
    assert translation.quiz.language == "es"
    assert translation.quiz.name == "law"
    assert list(translation.questions) == [question.id for question in quiz.questions]
    assert translation.question("year").hint == "John Adams era presidente."
    assert translation.interaction("year").options == (
        Option("1798", "1798", original="1798"),
        Option("1812", "1812", original="1812"),
        Option("in-no-year", "en ningún año", original="in no year"),
    )
    assert translation.interaction("gaps").passage == ("De ", Gap("age"), " años y de ", Gap("year"), ".")
    assert translation.feedback("marks") == {"some-others": "No es un recuento."}
    assert translation.feedback("branch") == {"congress": "Aprobó la ley."}


def test_options_are_offered_in_the_same_order_in_every_language(tmp_path: Path) -> None:
    quiz = _load(tmp_path, LAW, es=LEY)
    for name in ("order", "branches", "kinds"):
        (question,) = quiz.select([name])
        orders = [
            [[option.id for option in options] for options in interaction.option_lists()]
            for interaction in (question.interaction(), quiz.translations["es"].interaction(name))
        ]
        assert orders[0] == orders[1]


def test_right_side_that_is_used_twice_stays_one_target(tmp_path: Path) -> None:
    translation = _load(tmp_path, LAW, es=LEY).translations["es"]
    targets = translation.interaction("branches").targets
    assert {target.id: target.text for target in targets} == {
        "congress": "el Congreso",
        "court": "tribunal",
        "police": "policía",
    }
    assert translation.feedback("branches") == {"senate court": "La mitad.", "senate police": "La mitad."}


def test_questions_may_stand_in_another_order(tmp_path: Path) -> None:
    value = yaml.safe_load(LEY)
    value["questions"].reverse()
    quiz = _load(tmp_path, LAW, es=_dump(value))
    assert [question.id for question in quiz.translations["es"].quiz.questions] == [q.id for q in quiz.questions]
    assert quiz.translations["es"].question("order").prompt == "Ordene."


def test_quiz_may_have_several_translations(tmp_path: Path) -> None:
    write(tmp_path / "law.fr.yaml", LEY)
    quiz = _load(tmp_path, LAW, **{"es": LEY, "es-MX": f"language: es-MX\n{LEY}"})
    assert list(quiz.translations) == ["es-MX", "es", "fr"]


def test_other_files_beside_a_quiz_are_no_translations(tmp_path: Path) -> None:
    for name in ("law-two.es.yml", "law.es.txt", "law.es.yml~", "lawes.yml", ".law.es.yml"):
        write(tmp_path / name, "nonsense")
    (tmp_path / "law.fr.yml").mkdir()
    assert _load(tmp_path, LAW).translations == {}


def test_repeated_texts_may_stand_in_either_language(tmp_path: Path) -> None:
    for category, phrase in (("law", "some others"), ("ley", "algunos otros")):
        text = LEY.replace("de 14., feedback", f"de 14., category: {category}, feedback")
        text = text.replace("{feedback: No es", f"{{text: {phrase}, feedback: No es")
        quiz = _load(tmp_path, LAW, es=text)
        assert quiz.translations["es"].feedback("marks") == {"some-others": "No es un recuento."}
        assert quiz.translations["es"].question("kinds").key().answer


def test_text_without_a_letter_may_be_left_out(tmp_path: Path) -> None:
    text = LEY.replace("{text: 1798, feedback: Correcto.}", "{feedback: Correcto.}").replace("- 1812", "-")
    options = _load(tmp_path, LAW, es=text).translations["es"].interaction("year").options
    assert [option.text for option in options] == ["1798", "1812", "en ningún año"]


def test_texts_of_the_quiz_itself_are_translated_too(tmp_path: Path) -> None:
    text = """\
title: A law
sections:
  - {title: Part one, text: Read this., questions: [a]}
  - {title: Part two, tag: late}
stimuli:
  act: {title: The Act, text: All natives shall be liable.}
objectives: {D2.Civ.4.9-12: Explain powers.}
shuffle: [questions, questions]
questions:
  - {id: a, type: true-false, prompt: One., answer: true, stimulus: act, objectives: [D2.Civ.4.9-12]}
  - {id: b, type: true-false, prompt: Two., answer: true, tags: [late]}
"""
    quiz = _load(tmp_path, text)
    quiz = _load(tmp_path, text, es=_dump(_in_place(quiz, yaml.safe_load(text))))
    translated = quiz.translations["es"].quiz
    assert [section.title for section in translated.sections] == ["ES Part one", "ES Part two"]
    assert translated.stimuli["act"].text == "ES All natives shall be liable."
    assert translated.objectives == {"D2.Civ.4.9-12": "ES Explain powers."}
    assert (translated.shuffle, translated.sections[1].tag) == (quiz.shuffle, "late")
    (tmp_path / "law.es.yml").unlink()
    (problem,) = _problems(tmp_path, text, fr=_dump(_in_place(quiz, yaml.safe_load(text))).replace("ES Part two", ""))
    assert problem.message == "section 2: 'title' is missing, but the original has one"


def test_translation_has_its_own_images(tmp_path: Path) -> None:
    for name in ("chart", "chart.es"):
        write(tmp_path / f"{name}.svg", f'<svg xmlns="http://www.w3.org/2000/svg"><text>{name}</text></svg>')
    law = LAW.replace("      - text: in no year", "      - text: in ![no year](chart.svg)")
    ley = LEY.replace("      - text: en ningún año", "      - text: en ![ningún año](chart.es.svg)")
    quiz = _load(tmp_path, law, es=ley)
    assert list(quiz.images) == ["chart.svg"]
    assert list(quiz.translations["es"].quiz.images) == ["chart.es.svg"]


def test_original_is_a_translation_too(tmp_path: Path) -> None:
    quiz = _load(tmp_path, LAW)
    texts = Translation.original(quiz)
    assert (texts.language, texts.title, texts.quiz) == ("en", quiz.title, quiz)
    for question in quiz.questions:
        assert texts.question(question.id) is question
        assert texts.feedback(question.id) == question.token_feedback()
        assert texts.interaction(question.id) == question.interaction()


# ---- What is wrong in a translation ----

_EVERY = "translate every entry, in the order of the original"
_GAPS = "write every gap of the original once, by its name, in any order"
_COPY = "copy it from the original and translate it"
_SAME = "a translation changes only texts; delete this or make it the same"

#: A change that an author makes in ``LEY`` -> all problems, with the line of the first.
MISTAKES = {
    "hint left out": (
        "    hint: John Adams era presidente.\n",
        "",
        "3:5: question 'year' (single-choice): 'hint' is missing, but the original has one",
        "translate 'John Adams was president.'",
    ),
    "title left empty": (
        "title: Una ley de 1798",
        "title:",
        "1:7: 'title' is missing, but the original has one",
        "translate 'A law of 1798'",
    ),
    "text of an option left out": (
        "      - text: en ningún año\n",
        "      - feedback: No.\n",
        "9:9: question 'year' (single-choice): option 3: 'text' is missing, but the original has one",
        "translate 'in no year'",
        "9:19: question 'year' (single-choice): option 3: 'feedback' is not in the original",
        "delete it, or add one to 'law.yml'",
    ),
    "question left out": (
        "  - id: order\n    prompt: Ordene.\n    items: [primero, segundo, tercero]\n",
        "",
        "3:3: question 'order' (order) is missing, but the original has one",
        _COPY,
    ),
    "list left out": (
        "    items: [primero, segundo, tercero]\n",
        "",
        "10:5: question 'order' (order): 'items' is missing, but the original has one",
        _COPY,
    ),
    "entry left out": (
        "[primero, segundo, tercero]",
        "[primero, segundo]",
        "12:12: question 'order' (order): 'items' has 2 entries here and 3 in the original",
        _EVERY,
    ),
    "entry too many": (
        "[policía]",
        "[policía, alcalde]",
        "19:18: question 'branches' (match): 'distractors' has 2 entries here and 1 in the original",
        _EVERY,
    ),
    "gap left out": (
        "      age: {unit: años}\n",
        "",
        "30:7: question 'gaps' (cloze): 'gaps': 'age' is missing, but the original has one",
        _COPY,
    ),
    "key changed": (
        "      - {text: 1798, feedback: Correcto.}",
        "      - {text: 1798, correct: false, feedback: Correcto.}",
        "7:31: question 'year' (single-choice): option 1: 'correct' is false here and true in the original",
        _SAME,
    ),
    "points changed": (
        "  - id: year\n",
        "  - id: year\n    points: 3\n",
        "4:13: question 'year' (single-choice): 'points' is 3 here and 2 in the original",
        _SAME,
    ),
    "text that the original does not have": (
        "    items: [primero, segundo, tercero]\n",
        "    items: [primero, segundo, tercero]\n    hint: Piense.\n",
        "13:11: question 'order' (order): 'hint' is not in the original",
        "delete it, or add one to 'law.yml'",
    ),
    "key misspelt": (
        "    hint: John Adams",
        "    hnt: John Adams",
        "5:5: question 'year' (single-choice): unknown key 'hnt'",
        "did you mean 'hint'?",
    ),
    "unknown key at the top": (
        "questions:\n",
        "titel: Ley\nquestions:\n",
        "2:1: unknown key 'titel'",
        "did you mean 'title'?",
    ),
    "id misspelt": (
        "  - id: branches\n",
        "  - id: brances\n",
        "13:9: question 'brances': the original has no such question",
        "did you mean 'branches'?",
    ),
    "question that the original does not have": (
        "questions:\n",
        "questions:\n  - {id: zzz, type: order, prompt: Más}\n",
        "3:10: question 'zzz' (order): the original has no such question",
        "delete it, or add it to 'law.yml'",
    ),
    "question without an id": (
        "  - id: order\n    prompt",
        "  - prompt",
        "10:5: question 2: 'id' is missing",
        "questions are matched by their ids",
    ),
    "question twice": (
        "  - id: branch\n",
        "  - {id: year, prompt: Más}\n  - id: branch\n",
        "37:10: question 'year': a second question with this id (the first is on line 3)",
        "delete one of the two",
    ),
    "gap lost from the text": (
        "De [[age]] años y de [[year]].",
        "De años y de [[year]].",
        "28:11: question 'gaps' (cloze): 'text': the text has [[year]] here and [[age]], [[year]] in the original",
        _GAPS,
    ),
    "gap translated": (
        "De [[age]] años",
        "De [[edad]] años",
        "28:11: question 'gaps' (cloze): 'text': the text has [[edad]], [[year]] here and [[age]], [[year]] in the original",  # noqa: E501
        _GAPS,
    ),
    "bracket lost": (
        "[[algunos otros]]",
        "[[algunos otros",
        "34:14: question 'marks' (select-text): 'passage': "
        "brackets are opened and not closed, or closed and not opened",
        "write [[ and ]] in pairs",
    ),
    "phrase too many": (
        "Hubo [[+diez",
        "Hubo [[unas]] [[+diez",
        "34:14: question 'marks' (select-text): 'passage': there are 3 phrases here, but 2 in the original",
        "put brackets around the same phrases, in the same order",
    ),
    "plus at another phrase": (
        "[[+diez personas]] y [[algunos otros]]",
        "[[diez personas]] y [[algunos otros]]",
        "34:14: question 'marks' (select-text): 'passage': 'diez personas' is wrong here, but 'ten people' is right in the original",  # noqa: E501
        "put the plus where it is in the original",
    ),
    "two options that read the same": (
        "[vieja, nueva]",
        "[vieja, vieja]",
        "30:31: question 'gaps' (cloze): 'gaps': 'year': option 2: the same text appears twice ('vieja')",
        "delete or reword one",
    ),
    "right sides that are one in the original": (
        "{left: Cámara, right: el Congreso}",
        "{left: Cámara, right: el congreso de los EE. UU.}",
        "17:31: question 'branches' (match): 'pairs' entry 2: 'right': two right sides are the same in the original "
        "('Congress'), but not here",
        "write 'el Congreso' in both places",
    ),
    "right sides that are two in the original": (
        "right: tribunal",
        "right: el Congreso",
        "18:29: question 'branches' (match): 'pairs' entry 3: 'right': the same text appears twice ('el Congreso'), but not in the original",  # noqa: E501
        "reword one",
    ),
    "distractor that is a right side": (
        "[policía]",
        "[tribunal]",
        "19:19: question 'branches' (match): 'distractors' entry 1: the same text appears twice ('tribunal'), but not in "  # noqa: E501
        "the original",
        "reword one",
    ),
    "number for a list": (
        "    items: [primero, segundo, tercero]\n",
        "    items: 3\n",
        "12:12: question 'order' (order): 'items' must be a list (got 3)",
        "",
    ),
    "list for a text": (
        "prompt: Ordene.",
        "prompt: [Ordene.]",
        "11:13: question 'order' (order): 'prompt' must be text (got a list of 1)",
        "translate 'Put these in order.'",
    ),
    "list for a mapping": (
        "      age: {unit: años}\n",
        "      age: [años]\n",
        "31:12: question 'gaps' (cloze): 'gaps': 'age' must be a mapping ('key: value') (got a list of 1)",
        "",
    ),
    "text for a question": (
        "questions:\n",
        "questions:\n  - algo\n",
        "3:5: question 1: must be a mapping ('key: value')",
        "questions are matched by their ids",
    ),
    "empty text": (
        "prompt: Ordene.",
        "prompt: ' '",
        "11:13: question 'order' (order): 'prompt' must not be empty (got '')",
        "write what the student is asked",
    ),
    "another language": (
        "title: Una",
        "language: en\ntitle: Una",
        "1:11: 'language' is 'en' here and 'es' in the file name",
        "delete it or make it the same",
    ),
    "not a mapping": (
        LEY,
        "- Una ley\n",
        "1:1: the file must be a mapping ('key: value') (got a list of 1)",
        "start with 'title:' and 'questions:'",
    ),
    "nothing": (
        LEY,
        "null\n",
        "1:1: the file must be a mapping ('key: value') (got nothing)",
        "start with 'title:' and 'questions:'",
    ),
    "no questions": (
        LEY,
        "title: Una ley\nquestions: []\n",
        "2:12: 'questions' has 0 entries here and 7 in the original",
        _EVERY,
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_in_a_translation_is_reported_in_these_words(tmp_path: Path, mistake: str) -> None:
    before, after, *expected = MISTAKES[mistake]
    assert LEY.count(before) == 1
    problems = _problems(tmp_path, LAW, es=LEY.replace(before, after))
    assert {Path(problem.path).name for problem in problems} == {"law.es.yml"}
    found = {(f"{problem.line}:{problem.column}: {problem.message}", problem.hint) for problem in problems}
    assert found == set(zip(expected[::2], expected[1::2], strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("question_type", sorted(TYPES))
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], max_examples=30)
@given(data=st.data())
def test_text_that_is_left_out_is_one_problem_at_its_place(tmp_path: Path, question_type: str, data: Any) -> None:
    raw = {"title": "A quiz", "questions": [data.draw(questions(question_type))]}
    quiz = Quiz.model_validate(raw)
    worded = [path for path, text, _ in shown_texts(quiz) if any(map(str.isalpha, text))]
    path = data.draw(st.sampled_from(worded))
    translated = _in_place(quiz, raw)
    inside, step = _holder(translated, path)
    del inside[step]
    (problem,) = _problems(tmp_path, _dump(raw), es=_dump(translated))
    subject, name = describe(path, YamlSource("", raw))
    if isinstance(inside, list):
        subject, name = describe(path[:-2], YamlSource("", raw))
        rule = f" has {len(inside)} {'entry' if len(inside) == 1 else 'entries'} here and {len(inside) + 1} in the"
    else:
        rule = " is missing, but the original has one"
    assert problem.message.startswith(f"{subject}{name}{rule}")
    source = parse(_dump(translated))
    above = path[:-1] if isinstance(inside, dict) else path[:-2]
    place = source.problem(above, "")
    assert (Path(problem.path).name, problem.line, problem.column) == ("law.es.yml", place.line, place.column)


_leaves = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.text("ab[]+ ", max_size=6))
_anything = st.recursive(
    _leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=2)
)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], max_examples=300)
@given(st.data())
def test_damaged_translation_stops_nothing_and_has_problems_an_author_can_read(tmp_path: Path, data: Any) -> None:
    damaged = yaml.safe_load(LEY)
    damaged["questions"][-1] |= {
        "accept": ["ejecutivo", {"text": "presidente", "credit": 0.5}],
        "mistakes": [{"feedback": "Aprobó la ley."}, {"text": "judicial", "feedback": "Juzga."}],
    }
    for _ in range(data.draw(st.integers(1, 3))):
        inside: Any = damaged
        for _ in range(data.draw(st.integers(1, 5))):
            step = data.draw(st.sampled_from(sorted(inside) if isinstance(inside, dict) else range(len(inside))))
            if not isinstance(inside[step], (dict, list)) or not inside[step]:
                break
            place, inside = (inside, step), inside[step]
        else:
            inside, step = place
        inside[step] = data.draw(_anything)
    text = _dump(damaged)
    quiz = _load(tmp_path, LAW, es=text)
    for problem in quiz.translation_problems:
        assert Path(problem.path).name == "law.es.yml"
        assert problem.line <= len(text.splitlines())
        assert not re.search("None|<class|is not right:|YamlSource", problem.message)
    for translation in quiz.translations.values():
        for name in translation.questions:
            translation.interaction(name)
            translation.feedback(name)
        if {problem.severity for problem in quiz.translation_problems} <= {"note"}:
            assert not translation.untranslated


def test_problems_of_a_quiz_and_all_its_translations_come_together(tmp_path: Path) -> None:
    course = tmp_path / "course"
    write(course / "seeds" / "record.yml", "sources: []\n")
    problems = _problems(
        course / "quizzes",
        LAW,
        es=LEY.replace("    hint: John Adams era presidente.\n", ""),
        fr="title: [",
        it="title: Una legge\n",
    )
    assert [Path(problem.path).name for problem in problems] == [
        "law.es.yml",
        "law.fr.yml",
        "law.it.yml",
        *["law.yml"] * 7,
    ]


def test_translations_of_a_broken_quiz_are_only_read(tmp_path: Path) -> None:
    for broken in ("title: x\nquestions: []\n", LAW.replace("id: order", "id: year")):
        problems = _problems(tmp_path, broken, es="title: x\n", fr="title: [")
        assert [Path(problem.path).name for problem in problems] == ["law.fr.yml", "law.yml"]


def test_several_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    text = LEY.replace("[[+diez personas]]", "[[diez personas]]").replace("[vieja, nueva]", "[vieja, vieja]")
    text = text.replace("prompt: Ordene.", f"prompt: {'a' * 10_001}").replace("right: tribunal", "right: el Congreso")
    text = text.replace("¿Ley u opinión?", "¿Ley u ![opinión](x.png)?")
    messages = {problem.line: problem.message for problem in _problems(tmp_path, LAW, es=text)}
    assert messages.keys() == {11, 18, 21, 30, 34}
    assert messages[11] == "question 'order' (order): 'prompt' must have at most 10000 characters"
    assert messages[21] == "question 'kinds' (categorize): 'prompt': the image 'x.png' does not exist"


@pytest.mark.parametrize("tag", ["spanish", "ES", "e", "es_MX", "es-", "2", "e s"])
def test_tag_in_the_file_name_has_to_be_one(tmp_path: Path, tag: str) -> None:
    (problem,) = _problems(tmp_path, LAW, **{tag: LEY})
    assert (problem.line, problem.column) == (1, 1)
    assert problem.message == f"'{tag}' in the file name is not a language tag"
    assert problem.hint == "name a translation like 'law.es.yml'"


def test_translation_is_into_another_language(tmp_path: Path) -> None:
    (problem,) = _problems(tmp_path, f"language: es\n{LAW}", es=LEY)
    assert Path(problem.path).name == "law.es.yml"
    assert problem.message == "the quiz itself is in 'es'"


def test_there_is_one_translation_into_a_language(tmp_path: Path) -> None:
    write(tmp_path / "law.es.yaml", LEY)
    (problem,) = _problems(tmp_path, LAW, es=LEY)
    assert problem.message == "a second translation into 'es' (the first is 'law.es.yaml')"


def test_brackets_that_are_never_closed_take_no_time(tmp_path: Path) -> None:
    problems = _problems(tmp_path, LAW, es=LEY.replace("Hubo", "Hubo " + "[[" * 100_000))
    assert "at most 10000 characters" in " ".join(problem.message for problem in problems)


# ---- Which file belongs to which ----


def test_translation_is_known_by_its_name(tmp_path: Path) -> None:
    for name in ("law.yml", "rule.yaml", "week.1.yml"):
        write(tmp_path / name, "")
    names = {
        "law.yml": None,
        "law.es.yml": "law.yml",
        "law.es.yaml": "law.yml",
        "law.spanish.yml": "law.yml",
        "rule.es-MX.yml": "rule.yaml",
        "week.1.yml": None,
        "week.1.es.yml": "week.1.yml",
        "gone.es.yml": "gone.yml",
        "gone.two.es.yml": "gone.two.yml",
        "gone.spanish.yml": None,
        ".es.yml": None,
        "law.es.md": None,
    }
    assert {name: quiz_file(tmp_path / name) for name in names} == {
        name: quiz and tmp_path / quiz for name, quiz in names.items()
    }
