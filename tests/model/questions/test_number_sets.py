"""Numbers that differ from learner to learner, in questions of every type and in the texts that they share."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from material import compiled, load_text, question_of, quiz_of
from pydantic import ValidationError

from civicquiz.errors import QuizError
from civicquiz.frontend.payload import outcome_payload, public_payload
from civicquiz.grading import Progress, grade, grade_question
from civicquiz.grading.arrangement import rank
from civicquiz.hosts.documents.worksheet import worksheet
from civicquiz.model.learner_copy import learner_copy
from civicquiz.model.translations import Translation
from civicquiz.releasing.copied_files import copied_files

FORCE: dict[str, Any] = {
    "id": "force",
    "type": "single-choice",
    "prompt": "What force accelerates {m} kg at {a} m/s²?",
    "variables": {
        "m": {"values": [2, 4]},
        "a": {"values": [3, 5]},
        "right": "m * a",
        "sum": "m + a",
        "half": {"calculate": "right / 3", "significant": 2},
    },
    "options": [
        {"text": "{right} N", "correct": True},
        {"text": "${sum}\\,\\mathrm{N}$", "feedback": "{sum} is {m} plus {a}."},
    ],
    "explanation": "{m} times {a} is {right}; a third is {half}.",
}

PHOTON = """
title: A photon
stimuli:
  photon:
    text: A photon of {nu} Hz.
    variables:
      h: {values: [6.6e-34]}
      nu: {values: [4e14, 5e14, 6e14]}
      energy: {calculate: h * nu, significant: 2}
questions:
  - {id: energy, type: calculated, stimulus: photon, prompt: Its energy?, answer: energy, significant: 2, unit: J}
  - id: ten
    type: single-choice
    stimulus: photon
    prompt: What is it?
    options: [{text: "{energy} J", correct: true}, nothing]
"""


def test_numbers_are_in_options_and_in_what_is_told_afterwards() -> None:
    quiz = quiz_of(FORCE)
    public = public_payload(quiz)["questions"][0]
    assert {"m": "2", "a": "3", "number_1": "6", "number_2": "5"} in public["variants"]
    assert public["options"][0]["html"] == "{number_1} N"
    assert "<mn>{number_2}</mn>" in public["options"][1]["html"]
    for seed in range(10):
        variant = public["variants"][rank(seed, "force") % len(public["variants"])]
        outcome = grade(quiz, {"force": [public["options"][1]["id"]]}, Progress(seed=seed)).outcomes["force"]
        assert outcome.messages == (f"{variant['number_2']} is {variant['m']} plus {variant['a']}.",)
        told = outcome_payload(quiz, outcome, settled=True, seed=seed)
        m, a, right = (variant[name] for name in ("m", "a", "number_1"))
        assert told["explanation"].startswith(f"<p>{m} times {a} is {right}; a third is ")
        assert re.search(r"\{\w+\}", told["explanation"] + told["feedback"][0]["html"]) is None


def test_names_of_calculated_variables_and_numbers_that_only_an_explanation_has_do_not_leave_with_a_quiz() -> None:
    quiz = quiz_of(FORCE)
    released = learner_copy(quiz)
    for public in (json.dumps(public_payload(released)["questions"]), copied_files(quiz)["quiz.yml"].decode()):
        assert [name for name in ("right", "sum", "half", "number_3") if name in public] == []
    (copied,) = released.questions
    assert copied.interaction().variants == quiz.questions[0].interaction().variants


def test_questions_on_a_text_have_the_numbers_of_the_text(tmp_path: Path) -> None:
    quiz = load_text(tmp_path, PHOTON)
    public = json.loads(json.dumps(public_payload(quiz)))
    calculated, choice = public["questions"]
    assert calculated["drawnFor"] == choice["drawnFor"] == "photon"
    shown = [variant["nu"] for variant in public["stimuli"]["photon"]["variants"]]
    assert sorted(shown) == ["4e14", "5e14", "6e14"]
    assert [variant["nu"] for variant in calculated["variants"]] == shown
    assert [variant["number_1"] for variant in choice["variants"]] == [
        {"4e14": "2.6e-19", "5e14": "3.3e-19", "6e14": "4.0e-19"}[nu] for nu in shown
    ]
    response = {"answer": "4.0·10⁻¹⁹ J", "nu": "6e14"}
    assert grade(quiz, {"energy": response}).outcomes["energy"].status == "correct"
    copied = learner_copy(quiz)
    assert public_payload(copied)["questions"] == [
        {**question, "options": [{**option, "id": copied_option["id"]} for option, copied_option in pairs]}
        if (pairs := list(zip(question.get("options", ()), copy_of.get("options", ()), strict=True)))
        else question
        for question, copy_of in zip(public["questions"], public_payload(copied)["questions"], strict=True)
    ]
    assert public_payload(copied)["stimuli"] == public["stimuli"]


def test_paper_has_the_first_numbers_everywhere(tmp_path: Path) -> None:
    quiz = load_text(tmp_path, PHOTON)
    page = worksheet(quiz, key=True)
    assert "{" not in page.partition("<main>")[2]
    first = {"4e14": ("4", "2.6"), "5e14": ("5", "3.3"), "6e14": ("6", "4.0")}
    (nu, energy) = first[public_payload(quiz)["stimuli"]["photon"]["variants"][0]["nu"]]
    assert f"A photon of {nu}\u00a0×\u00a010¹⁴ Hz." in page
    assert page.count(f"{energy}\u00a0×\u00a010⁻¹⁹ J") == 3  # the option, and the answers to both questions


def test_numbers_are_written_with_a_comma_where_the_language_has_one() -> None:
    author = {**FORCE, "variables": {**FORCE["variables"], "m": {"values": [1.5]}}}
    page = worksheet(quiz_of(author, language="de"))
    assert "accelerates 1,5 kg" in page
    assert "accelerates 1.5 kg" in worksheet(quiz_of(author, language="es"))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {
                "options": [{"text": "{m} N", "correct": True}, "{a} N"],
                "explanation": "{right}, {sum}, {half}",
                "variables": {**FORCE["variables"], "a": {"values": [4, 5]}},
            },
            "two options read '4 N' for m=4, a=4",
        ),
        ({"variables": {**FORCE["variables"], "half": "right /"}}, "not a valid calculation"),
        ({"variables": {"half": "right / 3", **FORCE["variables"]}}, "'right' is not calculated yet where 'half'"),
        ({"variables": {**FORCE["variables"], "half": "right / 3"}}, "has more than 40 digits"),
        ({"variables": {**FORCE["variables"], "half": "1 / (m - 2)"}}, "there is no 'half' for m=2, a="),
        ({"variables": {**FORCE["variables"], "half": "m", "third": "m"}}, "'third' is used neither in a text"),
        ({"variables": {"right": "2 * 3", "sum": "5", "m": "1", "a": "2", "half": "3"}}, "all of them are calculated"),
        ({"variables": {**FORCE["variables"], "number_1": {"values": [1]}}}, "'number_1' already means something"),
        ({"explanation": "{half} and {wrong}"}, "there is no variable 'wrong'"),
        ({"hint": "{half}"}, "the variable 'half' is not in the prompt"),
    ],
)
def test_mistakes_with_numbers_are_found(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as caught:
        question_of({**FORCE, **changed})
    problems = [error["ctx"]["problems"] for error in caught.value.errors() if error["type"] == "author"]
    assert message in str(problems)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"unit": "m/s", "units": ["gronks"]}, "there is no unit 'gronks'"),
        ({"unit": "m/s", "units": ["kg"]}, "'kg' cannot be converted into 'm/s'"),
        ({"units": ["kg"]}, "there is no unit to convert them into"),
    ],
)
@pytest.mark.parametrize("place", ["numeric", "calculated", "gap", "calculated gap"])
def test_wrong_unit_is_named_also_where_numbers_differ(place: str, part: dict[str, Any], message: str) -> None:
    number = {"type": "calculated", "answer": "m + 1", "significant": 2, **part}
    if "numeric" in place or place == "gap":
        number = {"type": "numeric", "answer": 3, "significant": 2, **part}
    question = {"id": "q1", "prompt": "{m}?", "variables": {"m": {"values": [2, 4]}}}
    whole = {"type": "cloze", "text": "[[n]]", "gaps": {"n": number}} if "gap" in place else number
    with pytest.raises(ValidationError) as caught:
        question_of({**question, **whole})
    error = caught.value.errors()[0]
    assert error["type"] == "author"
    assert message in str(error["ctx"]["problems"])


@pytest.mark.parametrize(
    "author",
    [
        {"type": "short-text", "accept": ["{n}"]},
        {"type": "short-text", "accept": ["x"], "mistakes": [{"text": "{n}", "feedback": "No."}]},
        {"type": "numeric", "answer": 1, "tolerance": 0, "unit": "{n}"},
        {"type": "cloze", "text": "[[a]]", "gaps": {"a": {"type": "short-text", "accept": ["{n}"]}}},
    ],
)
def test_variable_is_refused_where_it_would_stay_a_name(author: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        question_of({"id": "q1", "prompt": "{n}?", "variables": {"n": {"values": [1, 2]}}, **author})
    (problem,) = caught.value.errors()[0]["ctx"]["problems"]
    assert problem.message.startswith("'{n}' stays as it is here")


def test_variable_may_be_used_in_a_wrong_calculation_alone() -> None:
    question = {
        "id": "q1",
        "type": "calculated",
        "prompt": "{m}?",
        "variables": {"m": {"values": [2, 4]}, "twice": "2 * m"},
        "answer": "m + 1",
        "significant": 2,
        "mistakes": [{"answer": "twice", "feedback": "Why twice?"}],
    }
    assert question_of(question).token_feedback() == {"mistake-1": "Why twice?"}
    gap = {key: question[key] for key in ("type", "answer", "significant", "mistakes")}
    cloze = {key: question[key] for key in ("id", "prompt", "variables")}
    question_of({**cloze, "type": "cloze", "text": "[[n]]", "gaps": {"n": gap}})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "answer: energy",
            "answer: enrgy",
            "quiz.yml:11:83: question 'energy' (calculated): 'answer': there is no variable",
        ),
        ("prompt: Its energy?", 'prompt: "{c}?"', "'energy' (calculated): 'prompt': there is no variable 'c'"),
        (
            "A photon of {nu} Hz.",
            "A photon of {mu} Hz.",
            "quiz.yml:5:11: 'stimuli': 'photon': 'text': there is no variable 'mu'",
        ),
        (
            "A photon of {nu} Hz.",
            "A photon.",
            "question 'energy' (calculated): the answer needs 'nu', which students never",
        ),
        (
            "h: {values",
            "c: {values: [3]}\n      h: {values",
            "'photon': 'variables': 'c': 'c' is used neither in a text nor",
        ),
        (
            '{text: "{energy} J", correct: true}, nothing]',
            '{text: "{x} J", correct: true}, nothing]\n    variables: {x: {values: [1]}}',
            "its stimulus has variables, too",
        ),
    ],
)
def test_mistakes_with_shared_numbers_are_found_in_their_place(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert PHOTON.count(old) == 1
    with pytest.raises(QuizError) as caught:
        load_text(tmp_path, PHOTON.replace(old, new))
    assert message in str(caught.value)


def test_calculated_question_needs_variables_from_somewhere(tmp_path: Path) -> None:
    text = PHOTON.replace("    variables:\n", "    x_variables:\n")
    with pytest.raises(QuizError):
        load_text(tmp_path, text)
    alone = "title: T\nquestions: [{id: a, type: calculated, prompt: x, answer: '1', significant: 2}]\n"
    with pytest.raises(QuizError, match="'variables' is missing"):
        load_text(tmp_path, alone)


def test_translation_has_the_numbers_of_the_original(tmp_path: Path) -> None:
    spanish = """
title: Un fotón
stimuli: {photon: {text: "Un fotón de {nu} Hz."}}
questions:
  - {id: energy, prompt: ¿Su energía?, unit: J}
  - {id: ten, prompt: ¿Qué es?, options: [{text: "{energy} J"}, nada]}
"""
    (tmp_path / "quiz.es.yml").write_text(spanish, "utf-8")
    quiz = load_text(tmp_path, PHOTON)
    original, translated = Translation.original(quiz), quiz.translations["es"]
    for name in ("energy", "ten"):
        assert translated.interaction(name).variants == original.interaction(name).variants
    public = json.loads(json.dumps(public_payload(quiz)))["translations"]["es"]
    assert public["stimuli"]["photon"]["html"] == "<p>Un fotón de {nu} Hz.</p>"
    assert public["questions"][1]["options"][0]["html"] == "{number_1} J"


def test_unit_that_is_typed_in_the_language_of_a_translation_is_read(tmp_path: Path) -> None:
    (tmp_path / "quiz.es.yml").write_text("title: T\nquestions: [{id: a, prompt: ¿Cuánto?, unit: años}]\n", "utf-8")
    author = "title: T\nquestions: [{id: a, type: numeric, prompt: How long?, answer: 14, tolerance: 0, unit: years}]\n"
    quiz = load_text(tmp_path, author)
    assert grade(quiz, {"a": "14 años"}, Progress(language="es")).score == 1
    assert grade(quiz, {"a": "14 years"}).score == 1


def test_gap_for_a_calculated_number_is_told_with_the_numbers_of_the_response() -> None:
    author = {
        "id": "gaps",
        "type": "cloze",
        "prompt": "{m}",
        "variables": {"m": {"values": [1, 2, 3]}},
        "text": "[[twice]] and [[half]]",
        "gaps": {
            "twice": {"type": "calculated", "answer": "2 * m", "decimals": 0, "tolerance": 0},
            "half": {"type": "calculated", "answer": "m / 2", "significant": 1},
        },
    }
    quiz = quiz_of(author)
    outcome = grade_question(quiz.questions[0], {"twice": "6", "m": "3"}, quiz)
    told = outcome_payload(quiz, outcome, settled=True, seed=0)
    assert told["answer"] == {"twice": "6", "half": "2"}
    assert told["parts"] == {"twice": 1, "half": 0}
    ((public, key),) = compiled(quiz)
    assert key["answers"]["3"] == told["answer"]
    assert public["variants"]
