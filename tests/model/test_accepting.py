"""``civicquiz accept-translation``: what it writes, what it leaves as it is, and what is noticed afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import TYPES, questions, write

import civicquiz
from civicquiz.authoring.layout import laid_out
from civicquiz.authoring.yaml_source import parse
from civicquiz.errors import QuizError
from civicquiz.model.accepting import accept_translation
from civicquiz.model.course import check

QUIZ = """\
title: Law
questions:
  - id: q1
    type: true-false
    prompt: It was passed in 1798.
    answer: true
  - id: q2
    type: true-false
    prompt: It is still in force.
    answer: true
"""

# the same translation as blocks, as flow mappings, with comments and another order, without some parts, with CRLF
LAYOUTS = {
    "blocks": "title: Ley\nquestions:\n  - id: q1\n    prompt: ¿Uno?\n  - id: q2\n    prompt: ¿Dos?\n",
    "flow": "{title: Ley, questions: [{id: q1, prompt: ¿Uno?}, {prompt: ¿Dos?, id: q2}]}\n",
    "comments": (
        "# Spanish\n\n# by us\ntitle: Ley # short\nquestions:\n\n"
        "  # the second\n  - prompt: ¿Dos?\n    id: 'q2' # last\n"
        "  # the first\n  -\n    id: q1\n    # said twice\n    prompt: >-\n      ¿Uno\n      y uno?\n"
    ),
    "only questions": "questions:\n- id: q2\n  prompt: ¿Dos?",
    "id last, no newline": "title: Ley\nquestions:\n- prompt: ¿Uno?\n  id: q1",
    "CRLF": "title: Ley\r\nquestions:\r\n  - id: q1\r\n    prompt: ¿Uno?\r\n",
    "only the title": "title: Ley\n",
}


@pytest.fixture
def quiz(tmp_path: Path) -> Path:
    return write(tmp_path / "law.yml", QUIZ)


def _without(value: Any) -> Any:
    return {key: entry for key, entry in value.items() if key != "translates"}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_only_states_are_added_wherever_a_translation_has_its_questions(quiz: Path, layout: str) -> None:
    """Every other character stays, in its order; the second time there is nothing to write."""
    text = LAYOUTS[layout]
    file = write(quiz.with_name("law.es.yml"), "")
    file.write_bytes(text.encode())
    assert accept_translation(file)
    content = file.read_bytes().decode()
    was, now = parse(text).value, parse(content).value
    assert "translates" in now
    assert all("translates" in question for question in now.get("questions", ()))
    assert _without(now) | {"questions": [_without(one) for one in now.get("questions", ())]} == {"questions": []} | was
    assert [line for line in content.splitlines() if "translates" not in line] == [
        line for line in text.splitlines() if line in content.splitlines()
    ]
    assert content.count("\r\n") == (content.count("\n") if "\r\n" in text else 0)
    assert not accept_translation(file)
    assert file.read_bytes().decode() == content


@pytest.mark.parametrize("layout", sorted(set(LAYOUTS) - {"comments"}))  # among comments, keys stay in their order
def test_what_is_added_stands_where_the_layout_has_it(quiz: Path, layout: str) -> None:
    """A translation that was laid out needs no second time after it is accepted."""
    file = write(quiz.with_name("law.es.yml"), laid_out(LAYOUTS[layout]))
    accept_translation(file)
    assert laid_out(file.read_text("utf-8")) == file.read_text("utf-8")


def test_change_of_the_original_shows_the_original_until_it_is_accepted(quiz: Path) -> None:
    """Only the question that changed: the other stays translated."""
    file = write(quiz.with_name("law.es.yml"), LAYOUTS["blocks"])
    assert [problem.is_note for problem in check([str(quiz)])] == [True]
    accept_translation(file)
    assert check([str(quiz)]) == []
    write(quiz, QUIZ.replace("still in force", "no longer in force"))
    spanish = civicquiz.load(quiz).translations["es"]
    assert [question.prompt for question in spanish.quiz.questions] == ["¿Uno?", "It is no longer in force."]
    assert (spanish.language_of_question("q1"), spanish.language_of_question("q2")) == ("es", "en")
    (problem,) = check([str(quiz)])
    assert (problem.severity, problem.path.rpartition("/")[2], problem.line) == ("error", "law.es.yml", 8)
    assert problem.message == (
        "question 'q2' (true-false): the original has changed since it was translated, so students see the original"
    )
    assert "accept-translation" in problem.hint
    assert accept_translation(file)
    assert check([str(quiz)]) == []
    assert civicquiz.load(quiz).translations["es"].quiz.questions[1].prompt == "¿Dos?"


def test_change_of_what_is_around_the_questions_is_noticed_by_itself(quiz: Path) -> None:
    file = write(quiz.with_name("law.es.yml"), LAYOUTS["blocks"])
    accept_translation(file)
    write(quiz, QUIZ.replace("title: Law", "title: Laws"))
    (problem,) = check([str(quiz)])
    assert (problem.line, problem.message) == (
        1,
        "the title of the original, or a text around the questions, has changed since it was translated, so students "
        "see the original",
    )
    spanish = civicquiz.load(quiz).translations["es"]
    assert (spanish.title, spanish.language_of("title")) == ("Laws", "en")
    assert spanish.quiz.questions[0].prompt == "¿Uno?"


@pytest.mark.parametrize("change", ["answer: true", "    answer: true"])
def test_change_of_the_key_or_of_points_needs_no_new_translation(quiz: Path, change: str) -> None:
    file = write(quiz.with_name("law.es.yml"), LAYOUTS["blocks"])
    accept_translation(file)
    write(quiz, QUIZ.replace(change, f"{change.replace('true', 'false')}\n    points: 3"))
    assert check([str(quiz)]) == []


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data(), question_type=st.sampled_from(sorted(TYPES)))
def test_any_translation_that_was_accepted_is_up_to_date(tmp_path: Path, question_type: str, data: Any) -> None:
    question = data.draw(questions(question_type))
    content = {"title": "T", "questions": [question]}
    quiz = write(tmp_path / "any.yml", yaml.safe_dump(content, allow_unicode=True))
    file = write(
        tmp_path / "any.es.yml", yaml.safe_dump(content, allow_unicode=True, sort_keys=data.draw(st.booleans()))
    )
    accept_translation(file)
    loaded = civicquiz.load(quiz)
    assert [problem for problem in loaded.translation_problems if "changed" in problem.message] == []
    assert "any.es.yml" in {path.name for path in tmp_path.iterdir()}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("law.yml", QUIZ, "this is not a translation: there is no quiz for it"),
        ("laws.es.yml", "title: Ley\n", "this is not a translation: there is no quiz for it"),
        ("law.es.yml", "- a\n", "must be a mapping"),
        ("law.es.yml", "title: [\n", "does not end"),
    ],
)
def test_file_that_is_no_translation_is_refused_and_stays(quiz: Path, name: str, text: str, message: str) -> None:
    file = write(quiz.with_name(name), text)
    with pytest.raises(QuizError) as caught:
        accept_translation(file)
    assert file.read_text("utf-8") == text
    if message != "does not end":
        assert message in str(caught.value)
