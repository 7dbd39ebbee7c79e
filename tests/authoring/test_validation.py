"""pydantic's errors -> problems: position, subject, rule, what was found, what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import load_text, questions, write

import civicquiz
from civicquiz.authoring.validation import nearest
from civicquiz.errors import Problem, QuizError


def _problems(folder: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(QuizError) as caught:
        load_text(folder, text)
    return caught.value.problems


def _only(folder: Path, text: str) -> Problem:
    (problem,) = _problems(folder, text)
    return problem


def test_all_problems_of_a_file_are_reported_at_once_in_file_order(tmp_path: Path) -> None:
    text = (
        "title: ''\nquestions:\n  - {id: a b, type: numeric, prompt: x, answer: y}\n"
        "  - {id: c, type: order, prompt: '', items: [1]}\n"
    )
    found = [
        (problem.line, problem.message.rpartition(": ")[2].split(" (")[0]) for problem in _problems(tmp_path, text)
    ]
    assert found == [
        (1, "'title' must not be empty"),
        (3, "'tolerance' is missing"),
        (3, "'id' may contain only letters, digits and hyphens"),
        (3, "'answer' must be a number"),
        (4, "'prompt' must not be empty"),
        (4, "'items' must have at least 2 entries"),
    ]


def test_error_text_lists_every_problem_with_its_hint(tmp_path: Path) -> None:
    with pytest.raises(QuizError) as caught:
        load_text(tmp_path, "title: x\nquestions: []\nauthor: me\n")
    lines = str(caught.value).splitlines()
    assert len(lines) == 4
    assert lines[0].endswith("quiz.yml:2:12: 'questions' must have at least 1 entry (got an empty list)")
    assert lines[1].startswith("    hint: ")


def test_bare_number_is_taken_as_the_text_that_was_written(tmp_path: Path) -> None:
    quiz = load_text(
        tmp_path,
        "title: 1798\nquestions:\n  - id: 007\n    type: single-choice\n    prompt: 1.50\n"
        "    options: [{text: 1798, correct: true}, 1_000, 2.0, 12:30, no, 1776-07-04]\n",
    )
    question: Any = quiz.questions[0]
    assert quiz.title == "1798"
    assert (question.id, question.prompt) == ("007", "1.50")
    assert [option.text for option in question.options] == ["1798", "1_000", "2.0", "12:30", "no", "1776-07-04"]


@pytest.mark.parametrize("written", ["true", "null", "[x]", "{x: y}", ""])
def test_value_that_is_neither_text_nor_number_is_not_a_prompt(tmp_path: Path, written: str) -> None:
    text = f"title: x\nquestions:\n  - id: a\n    prompt: {written}\n    type: true-false\n    answer: true\n"
    problem = _only(tmp_path, text)
    assert problem.line == 4
    assert "'prompt' must be text" in problem.message


@pytest.mark.parametrize("written", ["no", "yes", "on", "'true'", "1", "null", "True"])
def test_only_true_and_false_are_truth_values(tmp_path: Path, written: str) -> None:
    text = f"title: x\nquestions:\n  - {{id: a, type: true-false, prompt: x, answer: {written}}}\n"
    assert "'answer' must be true or false" in _only(tmp_path, text).message


@pytest.mark.parametrize(
    "written", ["fourteen", "12:30", "1776-07-04", "1_000", "'14'", "true", "null", "1e999", "[1]"]
)
def test_only_finite_numbers_are_numbers(tmp_path: Path, written: str) -> None:
    text = f"title: x\nquestions:\n  - {{id: a, type: numeric, prompt: x, answer: {written}, tolerance: 0}}\n"
    problem = _only(tmp_path, text)
    assert "'answer' must be a" in problem.message
    assert (problem.line, problem.column) == (3, text.splitlines()[2].index("answer: ") + len("answer: ") + 1)


def test_missing_key_is_reported_at_its_mapping_and_unknown_key_at_itself(tmp_path: Path) -> None:
    text = "title: x\nquestions:\n  - id: a\n    type: true-false\n    source: x\n    answer: true\n"
    missing, unknown = _problems(tmp_path, text)
    assert (missing.line, missing.column) == (3, 5)
    assert "'prompt' is missing" in missing.message
    assert (unknown.line, unknown.column) == (5, 5)
    assert "known keys: " in unknown.hint


def test_misspelt_required_key_is_one_problem_with_the_right_word(tmp_path: Path) -> None:
    text = "title: x\nquestions:\n  - id: a\n    type: true-false\n    promt: x\n    answer: true\n"
    problem = _only(tmp_path, text)
    assert (problem.line, problem.column) == (5, 5)
    assert problem.hint == "did you mean 'prompt'?"


@pytest.mark.parametrize("written", ["", "null", "~"])
def test_type_without_a_value_is_called_missing(tmp_path: Path, written: str) -> None:
    text = f"title: x\nquestions:\n  - id: a\n    type: {written}\n    prompt: x\n"
    problem = _only(tmp_path, text)
    assert "None" not in str(problem)
    assert "single-choice" in problem.hint


@pytest.mark.parametrize("written", ["[numeric]", "{a: b}", "true", "14"])
def test_type_of_the_wrong_sort_is_reported_in_the_author_s_words(tmp_path: Path, written: str) -> None:
    text = f"title: x\nquestions:\n  - id: a\n    type: {written}\n    prompt: x\n"
    problem = _only(tmp_path, text)
    assert problem.line == 4
    assert "'type'" in problem.message or f"unknown type '{written}'" in problem.message
    assert "True" not in problem.message
    assert "single-choice" in problem.hint


@pytest.mark.parametrize("written", ["a b", "ä", "a_b", "a/b", "a.b", "''", "'-\\n'", "a" * 81])
def test_id_outside_of_letters_digits_and_hyphens_is_refused(tmp_path: Path, written: str) -> None:
    text = f"title: x\nquestions:\n  - {{id: {written}, type: true-false, prompt: x, answer: true}}\n"
    assert "'id'" in _only(tmp_path, text).message


def test_problem_in_an_option_counts_options_from_one(tmp_path: Path) -> None:
    text = (
        "title: x\nquestions:\n  - id: a\n    type: single-choice\n    prompt: x\n    options:\n"
        "      - {text: b, correct: true}\n      - {words: c}\n"
    )
    messages = [problem.message for problem in _problems(tmp_path, text)]
    assert messages == [
        "question 'a' (single-choice): option 2: 'text' is missing",
        "question 'a' (single-choice): option 2: unknown key 'words'",
    ]


def test_one_broken_option_does_not_make_the_list_look_too_short(tmp_path: Path) -> None:
    text = (
        "title: x\nquestions:\n  - id: a\n    type: single-choice\n    prompt: x\n    options:\n"
        "      - {text: b, correct: true}\n      - {text: [c]}\n"
    )
    assert "option 2" in _only(tmp_path, text).message


@pytest.mark.parametrize(
    ("word", "near"),
    [("promt", "prompt"), ("Prompt", "prompt"), ("PROMPT", "prompt"), ("pormpt", "prompt"), ("xyz", ""), ("", "")],
)
def test_nearest_known_word_forgives_a_slip_and_no_more(word: str, near: str) -> None:
    assert nearest(word, ["prompt", "points", "hint"]) == near


# ---- Any file gives a quiz or a list of problems ----

_leaves = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(-2, 2), st.text("ab ", max_size=3))
_anything = st.recursive(
    _leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=2)
)


@st.composite
def _damaged(draw: Any) -> Any:
    """A valid quiz in which one to three places have been changed."""
    quiz: Any = {"title": "x", "questions": draw(st.lists(questions(), min_size=1, max_size=2))}
    for _ in range(draw(st.integers(1, 3))):
        place, step = None, None
        inside: Any = quiz
        for _ in range(draw(st.integers(1, 4))):
            steps = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
            if not steps:
                break
            place, step = inside, draw(st.sampled_from(steps))
            inside = place[step]
            if not isinstance(inside, (dict, list)):
                break
        if place is None:
            break
        change = draw(st.sampled_from(["replace", "delete", "rename"]))
        if change == "replace":
            place[step] = draw(_anything)
        elif change == "delete" and len(place) > 0:
            del place[step]
        elif isinstance(place, dict):
            place[draw(st.text("abprom", min_size=1, max_size=5))] = place.pop(step)
        if not isinstance(quiz.get("questions"), list):
            break
    return quiz


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], max_examples=200)
@given(_damaged())
def test_damaged_quiz_is_loaded_or_refused_with_problems_an_author_can_read(tmp_path: Path, damaged: Any) -> None:
    text = yaml.safe_dump(damaged, sort_keys=False, allow_unicode=True)
    file = write(tmp_path / "quiz.yml", text)
    lines = text.splitlines()
    try:
        civicquiz.load(file)
    except QuizError as error:
        problems = error.problems
    else:
        return
    assert problems
    for problem in problems:
        assert 1 <= problem.line <= len(lines) + 1
        assert problem.column >= 1
        assert "is not right:" not in problem.message
        assert "unknown type 'None'" not in problem.message
        assert "<class" not in problem.message
