"""What a browser gets: never the key before it is due."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import (
    QUIZ,
    RIGHT,
    compiled,
    decoded_key,
    key_content,
    load_text,
    questions,
    quiz_of,
    quizzes,
    write,
    write_course,
)

import civicquiz
from civicquiz.frontend.payload import encoded_key, outcome_payload, public_payload
from civicquiz.frontend.static_files import static_text
from civicquiz.frontend.words import strings
from civicquiz.grading import grade, grade_question
from civicquiz.model.learner_copy import accepted_versions
from civicquiz.model.questions import QUESTION_TYPES
from civicquiz.model.quiz import Quiz

settings_for_quizzes = settings(suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture
def quiz(tmp_path: Path) -> Quiz:
    return civicquiz.load(write_course(tmp_path))


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False)


# ---- The public part says nothing about the key ----


@settings_for_quizzes
@given(st.data())
def test_payload_of_a_choice_does_not_depend_on_the_key(data: st.DataObject) -> None:
    question_type = data.draw(st.sampled_from(["single-choice", "multiple-choice"]))
    author = data.draw(questions(question_type).filter(lambda question: "variables" not in question))
    options = author["options"]
    flags = st.lists(st.booleans(), min_size=len(options), max_size=len(options))
    wanted = (lambda f: sum(f) == 1) if question_type == "single-choice" else (lambda f: 0 < sum(f) < len(f))
    if question_type == "single-choice":
        other = [position == data.draw(st.integers(0, len(options) - 1)) for position in range(len(options))]
        other = other if wanted(other) else [True] + [False] * (len(options) - 1)
    else:
        other = data.draw(flags.filter(wanted))
    changed = {
        **author,
        "options": [
            {**{name: value for name, value in option.items() if name != "feedback"}, "correct": flag}
            for option, flag in zip(options, other, strict=True)
        ],
        "explanation": data.draw(st.sampled_from(["Because.", "Why not?"])),
    }
    first, second = public_payload(quiz_of(author)), public_payload(quiz_of(changed))
    assert _json(first) == _json(second)
    assert first["version"] == second["version"]


@settings_for_quizzes
@given(questions("true-false").filter(lambda question: "variables" not in question))
def test_payload_of_a_statement_does_not_depend_on_the_key(author: dict[str, Any]) -> None:
    changed = {**author, "answer": not author["answer"], "feedback": {"true": "t"}, "explanation": "e"}
    assert _json(public_payload(quiz_of(author))) == _json(public_payload(quiz_of(changed)))


@settings_for_quizzes
@given(questions("numeric"), st.integers(), st.integers(0))
def test_payload_of_a_number_does_not_depend_on_the_key(author: dict[str, Any], answer: int, tolerance: int) -> None:
    changed = {**author, "answer": float(answer % 10**9) + 1, "mistakes": [], "tolerance": float(tolerance % 10**9)}
    changed.pop("range", None)
    assert _json(public_payload(quiz_of(author))) == _json(public_payload(quiz_of(changed)))


@settings_for_quizzes
@given(questions("order"), st.randoms(use_true_random=False))
def test_payload_of_a_list_to_order_does_not_depend_on_the_right_order(author: dict[str, Any], random: Any) -> None:
    items = list(author["items"])
    random.shuffle(items)
    assert _json(public_payload(quiz_of(author))) == _json(public_payload(quiz_of({**author, "items": items})))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("answer: 14", "answer: 21"),
        ("tolerance: 0.5", "tolerance: 3"),
        ("answer: false", "answer: true"),
        ("[first, second, third]", "[third, first, second]"),
        ("Feedback on that war.", "Another feedback."),
        ("Explanation of the age.", "Another explanation."),
        ('{text: "1798", correct: true, feedback', '{text: "1798", feedback'),
    ],
)
def test_whole_quizzes_that_differ_only_in_their_key_have_the_same_payload(
    tmp_path: Path, before: str, after: str
) -> None:
    assert before in QUIZ
    changed = QUIZ.replace(before, after)
    if "correct" not in after and "correct" in before:
        changed = changed.replace('- "1917"', "- {text: 1917, correct: true}")
    file = write_course(tmp_path)
    first = public_payload(civicquiz.load(file))
    file.write_text(changed, "utf-8")
    second = public_payload(civicquiz.load(file))
    assert changed != QUIZ
    assert _json(first).encode() == _json(second).encode()
    assert first["version"] == second["version"]


def test_no_text_of_the_key_is_in_the_public_payload(quiz: Quiz) -> None:
    content = {name: value for name, value in public_payload(quiz).items() if name != "strings"}
    told = _json(content)
    assert "John Adams was president." in told
    assert "War of 1812" in told
    for secret in ("Feedback", "Explanation", "correct", "tolerance", "14", "The Act is of 1798", "h04", "weights"):
        assert secret not in told, secret


@settings_for_quizzes
@given(quizzes())
def test_public_questions_hold_these_fields_and_no_others(quiz: Quiz) -> None:
    known = {"id", "interaction", "prompt", "block", "points", "hint", "multiple", "options", "unit", "targets"}
    known |= {"passage", "gaps", "start", "end", "minWords", "maxWords", "fixed", "variants", "decimals", "significant"}
    for question in public_payload(quiz)["questions"]:
        assert set(question) <= known
        for option in question.get("options", ()):
            assert set(option) == {"id", "html"}


# ---- The version ----


def test_version_is_that_of_the_whole_quiz_wherever_a_part_is_shown(quiz: Quiz) -> None:
    assert public_payload(quiz, ["by-age"])["version"] == public_payload(quiz)["version"] == quiz.version


# ---- Work done once ----


def test_a_question_is_compiled_once_for_each_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, str, str]] = []

    def counting(method: str, original: Any) -> Any:
        def counted(question: Any, *given: Any) -> Any:
            calls.append((method, question.id, question.prompt))
            return original(question, *given)

        return counted

    for model in QUESTION_TYPES:
        for method in ("shown", "scored"):
            monkeypatch.setattr(model, method, counting(method, getattr(model, method)))
    file = write_course(tmp_path)
    write(file.with_name("law.es.yml"), QUIZ.replace("prompt: ", "prompt: ES "))
    quiz = civicquiz.load(file)
    for _ in range(2):
        public_payload(quiz)
        encoded_key(quiz, quiz.questions)
        accepted_versions(quiz)
        grade(quiz, RIGHT)
    wanted = [(method, question.id, question.prompt) for method in ("shown", "scored") for question in quiz.questions]
    wanted += [("shown", question.id, f"ES {question.prompt}") for question in quiz.questions]
    assert sorted(calls) == sorted(wanted)


# ---- The parts ----


def test_prompt_of_one_paragraph_goes_into_the_legend_and_a_longer_one_below() -> None:
    short, long_ = public_payload(
        quiz_of(
            {"id": "a", "type": "true-false", "prompt": "One *line*.", "answer": True},
            {"id": "b", "type": "true-false", "prompt": "One.\n\nTwo.", "answer": True},
        )
    )["questions"]
    assert short["prompt"] == "One <em>line</em>."
    assert "block" not in short
    assert long_["prompt"] == "<p>One.</p>\n<p>Two.</p>"
    assert long_["block"] is True


def test_payload_of_a_part_has_the_named_questions_in_that_order(quiz: Quiz) -> None:
    part = public_payload(quiz, ["by-age", "passed-in"])
    assert [question["id"] for question in part["questions"]] == ["by-age", "passed-in"]
    assert part["name"] == "law"


def test_markup_in_every_field_is_escaped_in_payload_and_key() -> None:
    evil = "<img src=x onerror=alert(1)>"
    quiz = quiz_of(
        {
            "id": "a",
            "type": "single-choice",
            "prompt": evil,
            "hint": evil,
            "explanation": evil,
            "options": [{"text": evil, "correct": True, "feedback": evil}, f"b {evil}"],
        },
        {"id": "b", "type": "true-false", "prompt": evil, "answer": True, "feedback": {"true": evil, "false": evil}},
        {"id": "c", "type": "order", "prompt": evil, "items": [evil, f"b {evil}"]},
    )
    for public, key in compiled(quiz):
        assert "<img" not in _json([public, key])
        assert "&lt;img" in _json(public)


def test_key_is_encoded_and_complete(quiz: Quiz) -> None:
    encoded = encoded_key(quiz, quiz.questions, lambda name: f"claims.html#{name}")
    assert "Explanation" not in encoded
    key = decoded_key(encoded)
    assert list(key) == [question.id for question in quiz.questions]
    assert key["passed-in"]["answer"] == ["1798"]
    assert key["passed-in"]["scoring"] == {"rule": "map", "weights": {"1798": 1}, "full": 1, "allOrNothing": False}
    assert key["passed-in"]["feedback"]["1812"] == "<p>Feedback on the wrong year.</p>"
    assert key["passed-in"]["explanation"] == "<p>Explanation of the year.</p>"
    assert key["by-age"]["scoring"] == {"rule": "interval", "low": 13.5, "high": 14.5}
    assert key["wars"]["sources"][1]["href"] == "claims.html#h20"
    assert "feedback" not in key["sequence"]


def test_key_of_some_questions_holds_no_other(quiz: Quiz) -> None:
    key = decoded_key(encoded_key(quiz, quiz.select(["by-age"])))
    assert list(key) == ["by-age"]


def test_citation_says_who_says_what_where_and_when(quiz: Quiz) -> None:
    (_, key) = compiled(quiz)[0]
    assert key["sources"] == [
        {
            "text": "The Act is of 1798.",
            "who": "Congress (the legislature): text of a law, July 6, 1798",
            "source": "An Act respecting Alien Enemies. United States Congress (July 6, 1798)",
            "url": "https://example.org/act",
        }
    ]


def test_outcome_tells_answer_and_explanation_only_when_settled(quiz: Quiz) -> None:
    question = quiz.questions[0]
    outcome = grade_question(question, ["1812"])
    open_ = outcome_payload(quiz, outcome, settled=False)
    assert open_ == {
        "status": "incorrect",
        "score": 0,
        "max": 1,
        "settled": False,
        "feedback": [{"id": "1812", "html": "<p>Feedback on the wrong year.</p>"}],
    }
    settled = outcome_payload(quiz, outcome, settled=True)
    assert settled["answer"] == ["1798"]
    assert settled["explanation"] == "<p>Explanation of the year.</p>"
    assert len(settled["sources"]) == 1


# ---- Words ----


def test_words_of_an_unknown_language_are_english() -> None:
    assert strings("xx") == strings("en") == strings("en-GB")


def test_static_files_are_there() -> None:
    for name in ("quiz.js", "page.js", "quiz.css"):
        assert static_text(name).strip()


def test_translated_stimulus_shows_the_image_that_it_names(tmp_path: Path) -> None:
    for name in ("chart.svg", "grafico.svg"):
        write(tmp_path / name, f'<svg xmlns="http://www.w3.org/2000/svg"><title>{name}</title></svg>')
    statement = "{id: a, type: true-false, prompt: One, answer: true, stimulus: s}"
    text = f"title: T\nstimuli: {{s: {{text: '![A chart](chart.svg)'}}}}\nquestions: [{statement}]\n"
    write(
        tmp_path / "quiz.es.yml",
        "title: E\nstimuli: {s: {text: '![Un gráfico](grafico.svg)'}}\nquestions: [{id: a, prompt: Uno}]\n",
    )
    public = public_payload(load_text(tmp_path, text))
    spanish = public["translations"]["es"]["stimuli"]["s"]["html"]
    assert '<img src="data:image/svg+xml' in spanish
    assert spanish.split("src=")[1] != public["stimuli"]["s"]["html"].split("src=")[1]


def test_key_of_a_page_has_the_answers_of_all_languages_and_what_each_of_them_shows(tmp_path: Path) -> None:
    text = "title: Q\nquestions: [{id: q, type: short-text, prompt: Who?, accept: [people]}]\n"
    question = "{id: q, prompt: ¿Quién?, accept: [pueblo], mistakes: [{text: rey, feedback: No.}]}"
    write(tmp_path / "quiz.es.yml", f"title: Q\nquestions: [{question}]\n")
    write(tmp_path / "quiz.pt.yml", "title: Q\nquestions: [{id: q, prompt: Quem?, accept: [people]}]\n")
    quiz = civicquiz.load(write(tmp_path / "quiz.yml", text))
    key = key_content(encoded_key(quiz, quiz.questions))
    assert key["questions"]["q"]["scoring"]["accept"] == {"people": 100, "pueblo": 100}
    assert key["questions"]["q"]["answer"] == "people"
    assert "feedback" not in key["questions"]["q"]
    spanish = {"feedback": {"rey": "<p>No.</p>"}, "answer": "pueblo"}
    assert key["translations"] == {"es": {"q": spanish}, "pt": {"q": {}}}
    for response, language, answer, feedback in (
        ("rey", "es", "pueblo", [{"id": "rey", "html": "<p>No.</p>"}]),
        ("rey", "en", "people", []),
        ("rey", "pt", "people", []),
        ("pueblo", None, "people", []),
    ):
        outcome = grade_question(quiz.questions[0], response, quiz)
        told = outcome_payload(quiz, outcome, settled=True, language=language)
        assert (told["answer"], told["feedback"]) == (answer, feedback)
    assert "pueblo" not in json.dumps(public_payload(quiz))


def test_what_is_not_translated_says_which_language_it_is_in(tmp_path: Path) -> None:
    """The title, sections, shared texts and questions: the rest needs to say nothing."""
    text = """title: Law
sections: [{title: One, questions: [a]}, {title: Two, questions: [b, c]}]
stimuli: {s: {text: Read this.}, t: {text: Read that.}}
questions:
  - {id: a, type: true-false, prompt: First?, answer: true, stimulus: s}
  - {id: b, type: short-text, prompt: Second?, accept: [yes it is], stimulus: t}
  - {id: c, type: true-false, prompt: Third?, answer: true}
"""
    spanish = """sections: [{title: Uno}, {}]
stimuli: {s: {text: Lee esto.}}
questions: [{id: a, prompt: ¿Primera?}, {id: c, prompt: 3}]
"""
    write(tmp_path / "quiz.es.yml", spanish)
    quiz = load_text(tmp_path, text)
    assert quiz.translation_problems
    public = public_payload(quiz)["translations"]["es"]
    assert (public["language"], public["title"], public["titleLanguage"]) == ("es", "Law", "en")
    found = [(question["prompt"], question.get("language", "es")) for question in public["questions"]]
    assert found == [("¿Primera?", "es"), ("Second?", "en"), ("3", "es")]
    sections = [(section["title"], section.get("language", "es")) for section in public["sections"]]
    assert sections == [("Uno", "es"), ("Two", "en")]
    stimuli = [(stimulus["html"], stimulus.get("language", "es")) for stimulus in public["stimuli"].values()]
    assert stimuli == [("<p>Lee esto.</p>", "es"), ("<p>Read that.</p>", "en")]
