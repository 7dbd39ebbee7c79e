"""The version of a quiz: what changes it, and what must not."""

from __future__ import annotations

import copy
import re
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Union

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from material import TYPES, load_text, question_of, questions, quiz_of, texts, write, write_course

import civicquiz
from civicquiz.authoring import markdown
from civicquiz.authoring.validation import Model
from civicquiz.errors import QuizError
from civicquiz.frontend.payload import public_payload
from civicquiz.model.learner_copy import accepted_versions, learner_copy
from civicquiz.model.questions import QUESTION_TYPES
from civicquiz.model.quiz import Quiz
from civicquiz.model.version import question_versions

settings_for_quizzes = settings(
    max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)

# ---- Every key of every question type ----

#: The keys that every question may have, and one question of each type with all its keys.
_COMMON: dict[str, Any] = {
    "id": "q",
    "prompt": "What?",
    "hint": "Think.",
    "explanation": "Because.",
    "points": 2,
    "cites": ["h04"],
    "tags": ["law"],
    "objectives": ["D2.Civ.4"],
    "difficulty": "easy",
    "level": "remember",
    "stimulus": "table",
}

_OPTIONS = [
    {"text": "one", "id": "a", "correct": True, "feedback": "Yes."},
    {"text": "two", "id": "b", "correct": False, "feedback": "No."},
    {"text": "three", "id": "c", "correct": False},
]

_ACCEPT: dict[str, Any] = {
    "accept": [{"text": "congress", "credit": 1}, {"text": "congres", "credit": 0.5}],
    "ignore": ["case", "space"],
    "typos": 0,
    "mistakes": [{"text": "senate", "feedback": "Only half of it."}],
}

_QUESTIONS: dict[str, dict[str, Any]] = {
    "single-choice": {"options": _OPTIONS},
    "multiple-choice": {"options": _OPTIONS, "scoring": "net-correct"},
    "true-false": {"answer": True, "feedback": {"true": "Yes.", "false": "No."}},
    "numeric": {"answer": 14, "tolerance": 1, "unit": "years"},
    "calculated": {
        "prompt": "What is {n} times {m}?",
        "variables": {"n": {"from": 1, "to": 9, "step": 1}, "m": {"values": [2, 3]}},
        "answer": "n * m",
        "decimals": 0,
        "tolerance": 0,
        "unit": "days",
        "variants": 5,
        "seed": 1,
    },
    "order": {"items": [{"text": "one", "id": "a"}, {"text": "two", "id": "b"}, {"text": "three", "id": "c"}]},
    "short-text": _ACCEPT,
    "match": {
        "pairs": [{"left": "one", "right": "uno", "feedback": "No."}, {"left": "two", "right": "dos"}],
        "distractors": [{"text": "tres", "id": "t"}],
    },
    "categorize": {
        "categories": [{"text": "low", "id": "l"}, {"text": "high", "id": "h"}],
        "items": [
            {"text": "one", "id": "a", "category": "low", "feedback": "No."},
            {"text": "nine", "id": "b", "category": "high"},
        ],
    },
    "cloze": {
        "text": "In [[year]] by [[who]], [[age]].",
        "gaps": {
            "year": {"type": "single-choice", "options": _OPTIONS},
            "who": {"type": "short-text", **_ACCEPT},
            "age": {"type": "numeric", "answer": 14, "tolerance": 1, "unit": "years"},
        },
    },
    "poll": {"options": ["one", "two", "three"], "multiple": False, "points": 0, "objectives": []},
    "select-text": {
        "passage": "Some [[+right words]] and [[wrong words]].",
        "scoring": "net-correct",
        "feedback": [{"text": "wrong words", "feedback": "No."}],
    },
    "timeline": {
        "events": [{"text": "first", "id": "a", "year": 1790}, {"text": "then", "id": "b", "year": 1798}],
        "start": 1780,
        "end": 1800,
        "tolerance": 1,
        "reach": 5,
    },
    "open-response": {
        "min_words": 10,
        "max_words": 100,
        "rubric": [{"text": "gives a reason", "points": 2}],
        "show_rubric": "after",
        "model_answer": "A good one.",
    },
}

#: What every question may have besides, and what some have that is not in the questions above.
_NUMBERS: dict[str, Any] = {
    "prompt": "What is {n} times {m}, if not {x}?",
    "explanation": "Because of {y}.",
    "variables": {
        "n": {"from": 1, "to": 9, "step": 1},
        "m": {"values": [2, 3]},
        "x": {"calculate": "n + m", "decimals": 0},
        "y": {"calculate": "n / m", "significant": 3},
    },
    "variants": 5,
    "seed": 1,
}
_MORE: dict[str, dict[str, Any]] = {
    "numeric": {"mistakes": [{"number": 40, "feedback": "No."}, {"from": 50, "to": 60, "feedback": "No."}]},
    "calculated": {"mistakes": [{"answer": "n + m", "feedback": "No."}]},
    "cloze": {
        "text": "In [[year]] by [[who]], [[age]], [[sum]].",
        "gaps": {
            **_QUESTIONS["cloze"]["gaps"],
            "sum": {"type": "calculated", "answer": "n + m", "decimals": 0, "tolerance": 0},
        },
    },
}

_Change = tuple[bool, dict[str, Any]]


def _levels(**changes: Any) -> list[dict[str, Any]]:
    """The levels of a holistic rubric for 2 points, with ``changes`` in the middle one."""
    middle = {"points": 1, "text": "gives a reason", "sample_answer": "Because.", **changes}
    return [{"points": 2, "text": "gives two"}, middle, {"points": 0, "text": "gives none"}]


#: Whether changing the value of a key changes the version, with such values by their position. Every key is listed, so
#: that the author of a new key has to decide. A number is a position in a list.
_OF_COMMON: dict[str, _Change] = {
    "id": (True, {"id": "r"}),
    "prompt": (True, {"prompt": "What {n} {m} {x} else?"}),
    "hint": (False, {"hint": "Think again."}),
    "explanation": (False, {"explanation": "Because {y}, so."}),
    "points": (True, {"points": 3}),
    "cites": (False, {"cites": ["h20"]}),
    "tags": (False, {"tags": ["courts"]}),
    "objectives": (False, {"objectives": ["D2.Civ.5"]}),
    "difficulty": (False, {"difficulty": "hard"}),
    "level": (False, {"level": "apply"}),
    "stimulus": (True, {"stimulus": "other"}),
    "void": (False, {"void": True}),
    "variables.from": (True, {"variables.n.from": 3}),
    "variables.to": (True, {"variables.n.to": 90}),
    "variables.step": (True, {"variables.n.step": 2}),
    "variables.values": (True, {"variables.m.values": [2, 4]}),
    "variables.calculate": (True, {"variables.x.calculate": "n * m"}),
    "variables.decimals": (False, {"variables.x.decimals": 1}),
    "variables.significant": (False, {"variables.y.significant": 2}),
    "variants": (True, {"variants": 6}),
    "seed": (True, {"seed": 2}),
}

_OF_OPTIONS: dict[str, _Change] = {
    "options.text": (True, {"options.0.text": "One"}),
    "options.id": (True, {"options.0.id": "d"}),
    "options.correct": (False, {"options.0.correct": False, "options.1.correct": True}),
    "options.feedback": (False, {"options.0.feedback": "Right."}),
}

_OF_ACCEPTED: dict[str, _Change] = {
    "accept.text": (False, {"accept.0.text": "the Congress"}),
    "accept.credit": (False, {"accept.1.credit": 0.25}),
    "ignore": (False, {"ignore": ["case"]}),
    "typos": (False, {"typos": 1}),
    "mistakes.text": (False, {"mistakes.0.text": "the Senate"}),
    "mistakes.feedback": (False, {"mistakes.0.feedback": "A part of it."}),
}

_OF_NUMBER: dict[str, _Change] = {
    "accept": (False, {"accept": [16]}),
    "answer": (False, {"answer": 15}),
    "tolerance": (False, {"tolerance": 2}),
    "unit": (True, {"unit": "months"}),
    "units": (True, {"units": ["months"]}),
    "significant": (True, {"significant": 2}),
    "range.from": (False, {"tolerance": None, "range": {"from": 13, "to": 20}}),
    "range.to": (False, {"tolerance": None, "range": {"to": 30}}),
}

_OF_MISTAKES: dict[str, _Change] = {
    "mistakes.number": (False, {"mistakes.0.number": 41}),
    "mistakes.from": (False, {"mistakes.1.from": 51}),
    "mistakes.to": (False, {"mistakes.1.to": 61}),
    "mistakes.feedback": (False, {"mistakes.0.feedback": "Oh no."}),
}


def _of_gap(name: str, changes: dict[str, _Change]) -> dict[str, _Change]:
    return {
        f"gaps.{key}": (changed, {f"gaps.{name}.{place}": value for place, value in values.items()})
        for key, (changed, values) in changes.items()
    }


_CHANGES: dict[str, dict[str, _Change]] = {
    "single-choice": _OF_OPTIONS,
    "multiple-choice": {**_OF_OPTIONS, "scoring": (False, {"scoring": "all-or-nothing"})},
    "true-false": {
        "answer": (False, {"answer": False}),
        "feedback.true": (False, {"feedback.true": "Right."}),
        "feedback.false": (False, {"feedback.false": "Wrong."}),
    },
    "numeric": {**_OF_NUMBER, **_OF_MISTAKES},
    "calculated": {
        "answer": (False, {"answer": "n - m"}),
        "decimals": (True, {"decimals": 1}),
        "significant": (True, {"decimals": None, "tolerance": None, "significant": 3}),
        "tolerance": (False, {"tolerance": 1}),
        "unit": (True, {"unit": "hours"}),
        "units": (True, {"units": ["hours"]}),
        "mistakes.answer": (False, {"mistakes.0.answer": "n - m"}),
        "mistakes.feedback": (False, {"mistakes.0.feedback": "Oh no."}),
    },
    "order": {
        "items.text": (True, {"items.0.text": "One"}),
        "items.id": (True, {"items.0.id": "d"}),
        "lines": (True, {"items": [], "lines": "one\ntwo"}),
        "code": (True, {"items": [], "lines": "one\ntwo", "code": "python"}),
    },
    "short-text": _OF_ACCEPTED,
    "match": {
        "pairs.left": (True, {"pairs.0.left": "One"}),
        "pairs.right": (True, {"pairs.0.right": "Uno"}),
        "pairs.feedback": (False, {"pairs.0.feedback": "Wrong."}),
        "distractors.text": (True, {"distractors.0.text": "Tres"}),
        "distractors.id": (True, {"distractors.0.id": "d"}),
    },
    "categorize": {
        "categories.text": (True, {"categories.0.text": "Low", "items.0.category": "Low"}),
        "categories.id": (True, {"categories.0.id": "d"}),
        "items.text": (True, {"items.0.text": "One"}),
        "items.id": (True, {"items.0.id": "d"}),
        "items.category": (False, {"items.0.category": "high"}),
        "items.feedback": (False, {"items.0.feedback": "Wrong."}),
    },
    "cloze": {
        "text": (True, {"text": "Later [[year]] by [[who]], [[age]], [[sum]]."}),
        "gaps.decimals": (True, {"gaps.sum.decimals": 1}),
        "gaps.mistakes.answer": (False, {"gaps.sum.mistakes": [{"answer": "n - m", "feedback": "No."}]}),
        "gaps.mistakes.number": (False, {"gaps.age.mistakes": [{"number": 1, "feedback": "No."}]}),
        "gaps.mistakes.from": (False, {"gaps.age.mistakes": [{"from": 40, "feedback": "No."}]}),
        "gaps.mistakes.to": (False, {"gaps.age.mistakes": [{"to": 4, "feedback": "No."}]}),
        **_of_gap("year", _OF_OPTIONS),
        **_of_gap("who", _OF_ACCEPTED),
        **_of_gap("age", _OF_NUMBER),
        "gaps.type": (True, {"gaps.age": {"type": "short-text", "accept": ["fourteen"]}}),
    },
    "poll": {
        "options.text": (True, {"options.0": "One"}),
        "options.id": (True, {"options.0": {"text": "one", "id": "d"}}),
        "multiple": (True, {"multiple": True}),
    },
    "select-text": {
        "passage": (True, {"passage": "More [[+right words]] and [[wrong words]]."}),
        "scoring": (False, {"scoring": "all-or-nothing"}),
        "feedback.text": (False, {"feedback.0.text": "right words"}),
        "feedback.feedback": (False, {"feedback.0.feedback": "Wrong."}),
    },
    "timeline": {
        "events.text": (True, {"events.0.text": "First"}),
        "events.id": (True, {"events.0.id": "d"}),
        "events.year": (False, {"events.0.year": 1791}),
        "start": (True, {"start": 1781}),
        "end": (True, {"end": 1801}),
        "tolerance": (False, {"tolerance": 2}),
        "reach": (False, {"reach": 6}),
    },
    "open-response": {
        "points": (True, {"points": 3, "rubric.0.points": 3}),
        "min_words": (True, {"min_words": 20}),
        "max_words": (True, {"max_words": 200}),
        "rubric.text": (False, {"rubric.0.text": "gives two reasons"}),
        "rubric.points": (False, {"rubric": [{"text": "gives a reason", "points": 1}, {"text": "more", "points": 1}]}),
        "show_rubric": (True, {"show_rubric": "before"}),
        "model_answer": (False, {"model_answer": "A better one."}),
        "holistic_rubric.text": (False, {"rubric": [], "holistic_rubric": _levels(text="gives reasons")}),
        "holistic_rubric.points": (False, {"rubric": [], "holistic_rubric": _levels(points=0.5)}),
        "holistic_rubric.sample_answer": (False, {"rubric": [], "holistic_rubric": _levels(sample_answer="So.")}),
    },
}


def _quiz(question: dict[str, Any], **settings: Any) -> Quiz:
    """A quiz of ``question`` and one more, with two shared texts."""
    other = {"id": "other", "type": "true-false", "prompt": "x", "answer": True, "stimulus": "other"}
    used = {question["stimulus"], "other"}
    stimuli = {"table": {"title": "A table", "text": "1, 2"}, "other": {"text": "3, 4"}}
    return quiz_of(question, other, **{"stimuli": {name: stimuli[name] for name in used}, **settings})


def _author(question_type: str) -> dict[str, Any]:
    return {"type": question_type, **copy.deepcopy({**_COMMON, **_QUESTIONS[question_type]})}


def _with_all_keys(question_type: str) -> dict[str, Any]:
    return {**_author(question_type), **copy.deepcopy({**_NUMBERS, **_MORE.get(question_type, {})})}


def _changed(value: Any, changes: dict[str, Any]) -> Any:
    """``value`` with some values changed."""
    for place, new in changes.items():
        *way, last = (int(step) if step.isdigit() else step for step in place.split("."))
        inner = value
        for step in way:
            inner = inner[step]
        inner[last] = new
    return value


def _models(annotation: Any) -> Iterator[type[Model]]:
    """The models that a value of ``annotation`` is made of."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield annotation
    elif typing.get_origin(annotation) is Annotated:
        yield from _models(typing.get_args(annotation)[0])
    elif typing.get_origin(annotation) in (Union, types.UnionType, tuple, dict):
        for part in typing.get_args(annotation):
            yield from _models(part)


def _keys(model: type[Model]) -> Iterator[str]:
    """Every key of a model, and of what is under it."""
    for name, info in model.model_fields.items():
        inner = [key for below in _models(info.annotation) for key in _keys(below)]
        yield from (f"{name}.{key}" for key in inner) if inner else (name,)


@pytest.mark.parametrize("model", QUESTION_TYPES, ids=lambda model: model.type_name())
def test_for_every_key_of_a_question_it_is_decided_whether_it_changes_the_version(model: type[Model]) -> None:
    question_type = model.type_name()  # type: ignore[attr-defined]
    assert {*_OF_COMMON, *_CHANGES[question_type], "type"} == set(_keys(model))


_CASES = [
    (question_type, key, change)
    for question_type, changes in _CHANGES.items()
    for key, change in {**_OF_COMMON, **changes}.items()
    if question_type != "poll" or key not in ("points", "objectives", "void")  # it has none
]


@pytest.mark.parametrize(
    ("question_type", "key", "change"), _CASES, ids=[f"{question_type}: {key}" for question_type, key, _ in _CASES]
)
def test_key_of_a_question_changes_the_version_or_does_not(question_type: str, key: str, change: _Change) -> None:
    changes_it, values = change
    before = _quiz(_with_all_keys(question_type))
    after = _quiz(_changed(_with_all_keys(question_type), values))
    assert before.questions[0] != after.questions[0]
    assert (before.version != after.version) is changes_it


def test_type_of_a_question_changes_the_version() -> None:
    versions = {_quiz(_author(question_type)).version for question_type in _QUESTIONS}
    assert len(versions) == len(_QUESTIONS)


# ---- Every key of a quiz ----

_SETTINGS: dict[str, _Change] = {
    "title": (False, {"title": "Another title"}),
    "lesson": (False, {"lesson": "law"}),
    "language": (False, {"language": "es"}),
    "feedback": (False, {"feedback": "at-end"}),
    "attempts": (False, {"attempts": 2}),
    "attempt_penalty": (False, {"attempt_penalty": 0.5}),
    "hint_penalty": (False, {"hint_penalty": 0.5}),
    "shuffle": (False, {"shuffle": ["questions", "options"]}),
    "pick": (True, {"pick": 1}),
    "sections.title": (True, {"sections": [{"title": "Part one", "questions": ["q", "other"]}]}),
    "sections.text": (True, {"sections": [{"text": "Read this.", "questions": ["q", "other"]}]}),
    "sections.questions": (False, {"sections": [{"questions": ["other", "q"]}]}),
    "sections.tag": (False, {"sections": [{"tag": "law"}, {"questions": ["other"]}]}),
    "sections.pick": (True, {"sections": [{"questions": ["q", "other"], "pick": 1}]}),
    "time_limit": (False, {"time_limit": 20}),
    "certainty": (False, {"certainty": "marks"}),
    "layout": (False, {"layout": "one"}),
    "objectives": (False, {"objectives": {"D2.Civ.4": "Explain it"}}),
    "stimuli.title": (
        True,
        {"stimuli": {"table": {"title": "Another table", "text": "1, 2"}, "other": {"text": "3, 4"}}},
    ),
    "stimuli.text": (True, {"stimuli": {"table": {"title": "A table", "text": "1, 3"}, "other": {"text": "3, 4"}}}),
    **{
        f"stimuli.{key}": (True, {"stimuli": {"table": {"text": "1, 2"}, "other": {"text": "{n}, {c}", **numbers}}})
        for key, numbers in {
            "variables.from": {"variables": {"n": {"from": 1, "to": 2}, "c": "n"}},
            "variables.to": {"variables": {"n": {"from": 1, "to": 3}, "c": "n"}},
            "variables.step": {"variables": {"n": {"from": 1, "to": 2, "step": 0.5}, "c": "n"}},
            "variables.values": {"variables": {"n": {"values": [4]}, "c": "n"}},
            "variables.calculate": {"variables": {"n": {"values": [4]}, "c": "n + 1"}},
            "variables.decimals": {"variables": {"n": {"values": [4]}, "c": {"calculate": "n / 3", "decimals": 1}}},
            "variables.significant": {
                "variables": {"n": {"values": [4]}, "c": {"calculate": "n / 3", "significant": 1}}
            },
            "variants": {"variables": {"n": {"from": 1, "to": 90}, "c": "n"}, "variants": 3},
            "seed": {"variables": {"n": {"from": 1, "to": 90}, "c": "n"}, "seed": 3},
        }.items()
    },
}


def test_for_every_key_of_a_quiz_it_is_decided_whether_it_changes_the_version() -> None:
    assert set(_SETTINGS) == {key for key in _keys(Quiz) if not key.startswith("questions")}


@pytest.mark.parametrize(("change"), _SETTINGS.values(), ids=_SETTINGS)
def test_key_of_a_quiz_changes_the_version_or_does_not(change: _Change) -> None:
    changes_it, values = change
    author = _author("single-choice")
    assert (_quiz(author).version != _quiz(author, **values).version) is changes_it


def test_name_of_the_file_changes_the_version(tmp_path: Path) -> None:
    text = "title: T\nquestions: [{id: a, type: true-false, prompt: x, answer: true}]\n"
    assert load_text(tmp_path, text).version != civicquiz.load(write(tmp_path / "b.yml", text)).version


def test_question_more_changes_the_version() -> None:
    author = _author("order")
    more = quiz_of(author, {**author, "id": "r"}, stimuli={"table": {"text": "x"}})
    assert more.version != quiz_of(author, stimuli={"table": {"text": "x"}}).version


def test_pick_of_all_questions_is_not_a_pick() -> None:
    author = _author("order")
    assert _quiz(author, pick=2).version == _quiz(author).version


def test_section_that_a_question_is_moved_to_changes_the_version() -> None:
    author = _author("order")
    parts = [{"title": "Facts", "questions": ["q"]}, {"title": "Opinions", "questions": ["other"]}]
    other = [{"title": "Facts", "questions": ["other"]}, {"title": "Opinions", "questions": ["q"]}]
    assert _quiz(author, sections=parts).version != _quiz(author, sections=other).version
    assert _quiz(author, sections=parts).version == _quiz(author, sections=parts[::-1]).version


# ---- Any question ----


@pytest.mark.slow
@pytest.mark.parametrize("question_type", TYPES)
@settings_for_quizzes
@given(data=st.data())
def test_what_is_shown_afterwards_changes_no_version_and_what_is_asked_does(
    question_type: str, data: st.DataObject
) -> None:
    author = data.draw(questions(question_type))
    other = {"id": "other", "type": "true-false", "prompt": "x", "answer": True}
    assume(author["id"] != "other")
    version = quiz_of(author, other).version
    names = "".join(re.findall(r"\{\w+\}", author.get("explanation", "")))  # which nothing else may have
    unasked = {"hint": data.draw(texts), "explanation": data.draw(texts) + names, "difficulty": "hard"}
    assert quiz_of({**author, **unasked}, other).version == version
    assert quiz_of(other, author).version == version
    assert quiz_of({**author, "prompt": f"{author['prompt']}!"}, other).version != version
    if author["points"]:  # a poll has none
        assert quiz_of({**author, "points": author["points"] / 2}, other).version != version


@pytest.mark.parametrize("question_type", ["single-choice", "multiple-choice", "order"])
@settings_for_quizzes
@given(data=st.data())
def test_order_of_options_changes_no_version_and_an_exchange_of_their_ids_does(
    question_type: str, data: st.DataObject
) -> None:
    key = "items" if question_type == "order" else "options"
    author = data.draw(questions(question_type))
    version = quiz_of(author).version
    options = data.draw(st.permutations(author[key]))
    assert quiz_of({**author, key: options}).version == version
    first, second, *rest = [
        {**given, "id": option.id} for given, option in zip(author[key], _options(author), strict=True)
    ]
    swapped = [{**first, "id": second["id"]}, {**second, "id": first["id"]}, *rest]
    assert quiz_of({**author, key: swapped}).version != version


def _options(author: dict[str, Any]) -> Any:
    question = question_of(author)
    return getattr(question, "items", None) or getattr(question, "options", None)


# ---- Texts as they were written ----


def test_neither_another_renderer_nor_other_markup_changes_a_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_course(tmp_path)
    quiz = civicquiz.load(file)
    before = {"version": quiz.version, "accepted": accepted_versions(quiz), "prompt": _prompt(quiz)}
    render, inline = markdown.render, markdown.inline
    monkeypatch.setattr(markdown, "render", lambda *given, **how: f"<div>{render(*given, **how)}</div>")
    monkeypatch.setattr(markdown, "inline", lambda *given, **how: f"<i>{inline(*given, **how)}</i>")
    monkeypatch.setattr(markdown, "passage", lambda pieces, *_, **__: [""] * len(pieces))
    again = civicquiz.load(file)
    after = {"version": again.version, "accepted": accepted_versions(again), "prompt": _prompt(again)}
    assert before.pop("prompt") != after.pop("prompt")
    assert before == after
    assert public_payload(again)["version"] == quiz.version


def _prompt(quiz: Quiz) -> str:
    return str(public_payload(quiz)["questions"][0]["prompt"])


def test_other_marks_for_the_same_look_are_another_text() -> None:
    author = _author("order")
    versions = {_quiz({**author, "prompt": prompt}).version for prompt in ("*both*", "_both_", "both")}
    assert len(versions) == 3


def test_image_counts_by_what_is_in_it_and_only_where_it_is_part_of_the_question(tmp_path: Path) -> None:
    text = (
        "title: T\nquestions:\n- {id: a, type: true-false, answer: true, prompt: '![A map](map.svg)',\n"
        "   explanation: '![The answer](told.svg)'}\n"
    )

    def version(**images: str) -> str:
        for name, shape in images.items():
            write(tmp_path / f"{name}.svg", f'<svg xmlns="http://www.w3.org/2000/svg"><{shape}/></svg>')
        return load_text(tmp_path, text).version

    first = version(map="circle", told="circle")
    assert version(told="rect") == first
    assert version(map="rect") != first
    assert version(map="circle") == first


def test_translation_changes_no_version(tmp_path: Path) -> None:
    text = "title: T\nquestions: [{id: a, type: true-false, prompt: One, answer: true}]\n"
    version = load_text(tmp_path, text).version
    for prompt in ("Uno", "Uno solo"):
        write(tmp_path / "quiz.es.yml", f"title: E\nquestions: [{{id: a, prompt: {prompt}}}]\n")
        assert load_text(tmp_path, text).version == version


def test_way_of_writing_the_file_changes_no_version(tmp_path: Path) -> None:
    long_ = "title: T\nquestions:\n  - id: a\n    type: order\n    points: 1.0\n    prompt: >-\n      One\n      two\n"
    short = "{title: T, questions: [{prompt: One two, type: order, items: [{text: b}, a], id: a}]}\n"
    versions = {load_text(tmp_path, text).version for text in (f"{long_}    items: [a, b]  # right\n", short)}
    assert len(versions) == 1


# ---- Copies ----


@pytest.mark.slow
@pytest.mark.parametrize("question_type", sorted(set(TYPES) - {"cloze"}))
@settings_for_quizzes
@given(data=st.data())
def test_copy_has_the_version_of_its_quiz_where_nobody_chose_ids(question_type: str, data: st.DataObject) -> None:
    author = _without_ids(data.draw(questions(question_type)))
    try:
        quiz = quiz_of(author)
        copied = learner_copy(quiz)
    except (QuizError, ValueError):  # two texts with one id
        assume(False)
    assert copied.version == quiz.version
    assert accepted_versions(quiz) == {quiz.version}


def _without_ids(author: dict[str, Any]) -> dict[str, Any]:
    parts = {
        key: [{name: value for name, value in part.items() if name != "id"} for part in value]
        for key, value in author.items()
        if isinstance(value, list) and all(isinstance(part, dict) for part in value)
    }
    return {**author, **parts}


def test_copy_without_the_ids_of_the_author_has_a_version_of_its_own() -> None:
    quiz = _quiz(_author("single-choice"))
    copied = learner_copy(quiz)
    assert copied.version != quiz.version
    assert accepted_versions(quiz) == {quiz.version, copied.version}
    assert accepted_versions(copied) == {copied.version}


# ---- Versions in files that learners already have ----


def test_versions_are_those_of_before(update_golden: bool) -> None:
    """Changing these makes every file that learners already have unusable, and needs a line in the changelog."""
    quizzes = {  # a poll cannot be drawn
        question_type: _quiz(_author(question_type), pick=None if question_type == "poll" else 1)
        for question_type in _QUESTIONS
    }
    found = "".join(f"{question_type} {quiz.version}\n" for question_type, quiz in quizzes.items())
    golden = Path(__file__).with_name("versions.txt")
    if update_golden:
        golden.write_text(found, "utf-8")
    assert found == golden.read_text("utf-8")
    assert all(len(quiz.version) == 16 and int(quiz.version, 16) >= 0 for quiz in quizzes.values())


def test_copy_of_a_model_works_its_version_out_anew() -> None:
    quiz = _quiz(_author("order"))
    assert quiz.version
    assert quiz.model_copy(update={"questions": quiz.questions[:1]}).version != quiz.version


# ---- The version of one question ----


def test_version_of_a_question_changes_with_that_question_alone() -> None:
    first, second = ({"id": name, "type": "true-false", "prompt": name, "answer": True} for name in ("first", "second"))
    before = question_versions(quiz_of(first, second))
    assert set(before) == {"first", "second"}
    assert before["first"] != before["second"]
    asked_differently = question_versions(quiz_of(first | {"prompt": "Really?"}, second))
    assert asked_differently["second"] == before["second"]
    assert asked_differently["first"] != before["first"]
    assert question_versions(quiz_of(second, first | {"answer": False, "hint": "Think."})) == before
