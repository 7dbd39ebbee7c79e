"""The test before the course and the one after it: their questions are pairs, matched in everything countable."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from material import ROOT

import civicquiz
from civicquiz.model.questions import QuestionBase
from civicquiz.model.quiz import Quiz

PRE, POST = (civicquiz.load(ROOT / "quizzes" / f"course-{name}-test.yml") for name in ("pre", "post"))
LESSONS = sorted(path.stem for path in (ROOT / "lessons").glob("*.md"))

#: The longer of two prompts has at most this many times as many characters as the shorter.
BAND = 1.25


def shape(question: Any) -> dict[str, int]:
    """How many parts of each sort a learner chooses from, and how many of them are right."""
    counts = {
        name: len(getattr(question, name))
        for name in ("options", "pairs", "distractors", "items", "categories")
        if hasattr(question, name)
    }
    if hasattr(question, "options"):
        counts["right options"] = len(places(question))
    if question.type == "categorize":
        counts |= {
            f"in {name}": n for name, n in enumerate(sorted(Counter(i.category for i in question.items).values()))
        }
    return counts


def places(question: Any) -> list[int]:
    """The positions of the right options."""
    return [place for place, option in enumerate(getattr(question, "options", ())) if option.correct]


def answer(question: Any) -> Any:
    """The answer that a learner who remembers the first test would repeat."""
    if hasattr(question, "options"):
        return sorted(option.text for option in question.options if option.correct)
    if hasattr(question, "pairs"):
        return sorted((pair.left, pair.right) for pair in question.pairs)
    if question.type == "categorize":
        return sorted((entry.text, entry.category) for entry in question.items)
    return [entry.text for entry in question.items] if question.type == "order" else question.answer


def differences(pre: Quiz, post: Quiz) -> list[str]:
    """The differences between the two tests, as ``NN: what``."""
    found = []
    if len(pre.questions) != len(post.questions):
        found.append(f"{len(pre.questions)} and {len(post.questions)} questions")
    if pre.objectives != post.objectives:
        found.append("objectives of the quiz")
    for number, (one, other) in enumerate(zip(pre.questions, post.questions, strict=False), start=1):
        found += [f"{number:02}: {what}" for what in _pair_differences(number, one, other)]
    return found


def _pair_differences(number: int, one: QuestionBase, other: QuestionBase) -> Iterator[str]:
    for name, question in (("pre", one), ("post", other)):
        if not re.match(rf"{name}-{number:02}-[a-z]", question.id):
            yield f"id {question.id}"
    for name in ("type", "objectives", "points", "level", "difficulty"):
        if getattr(one, name) != getattr(other, name):
            yield name
    if one.type != other.type:
        return
    if shape(one) != shape(other):
        yield "options"
    shorter, longer = sorted(len(question.prompt) for question in (one, other))
    if longer > BAND * shorter:
        yield f"prompts of {len(one.prompt)} and {len(other.prompt)} characters"
    if bool(one.hint) != bool(other.hint):
        yield "hint"
    if shared := set(one.cites) & set(other.cites):
        yield f"both cite {', '.join(sorted(shared))}"
    if answer(one) == answer(other):
        yield "the same answer"
    if places(one) and places(one) == places(other):
        yield "the same places"


def test_the_two_tests_are_matched() -> None:
    assert differences(PRE, POST) == []


Change = Callable[[dict[str, Any]], object]

#: A change to the second test as text, and the difference that is then found.
CHANGES: dict[str, tuple[Change, str]] = {
    "points": (lambda raw: raw["questions"][0].update(points=2), "01: points"),
    "objective": (lambda raw: raw["questions"][0].update(objectives=["deliberation"]), "01: objectives"),
    "difficulty": (lambda raw: raw["questions"][0].update(difficulty="hard"), "01: difficulty"),
    "level": (lambda raw: raw["questions"][0].update(level="create"), "01: level"),
    "id": (lambda raw: raw["questions"][0].update(id="post-02-other"), "01: id post-02-other"),
    "option left out": (lambda raw: raw["questions"][0]["options"].pop(0), "01: options"),
    "right options": (lambda raw: raw["questions"][3]["options"][0].update(correct=True), "04: options"),
    "distractor": (lambda raw: raw["questions"][4].update(distractors=["one", "two"]), "05: options"),
    "length": (lambda raw: raw["questions"][5].update(prompt="Is it so?"), "06: prompts of 131 and 9 characters"),
    "claim": (lambda raw: raw["questions"][13].update(cites=["s15c"]), "14: both cite s15c"),
    "key": (lambda raw: raw["questions"][5].update(answer=True, feedback={}), "06: the same answer"),
    "number": (lambda raw: raw["questions"][6].update(answer=3, mistakes=[]), "07: the same answer"),
    "hint": (lambda raw: raw["questions"][10].update(hint="Begin with the notice."), "11: hint"),
    "places": (
        lambda raw: raw["questions"][2]["options"].insert(2, raw["questions"][2]["options"].pop(0)),
        "03: the same places",
    ),
    "question left out": (lambda raw: raw["questions"].pop(), "14 and 13 questions"),
    "words of an objective": (lambda raw: raw["objectives"].update(deliberation="Agree"), "objectives of the quiz"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changed_pair_is_found(name: str) -> None:
    change, found = CHANGES[name]
    raw = POST.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert differences(PRE, Quiz.model_validate(raw)) == []
    change(raw)
    assert found in differences(PRE, Quiz.model_validate(raw))


def test_changed_type_is_found() -> None:
    assert "01: type" in differences(PRE, POST.model_copy(update={"questions": POST.questions[1:]}))


@pytest.mark.parametrize("quiz", [PRE, POST], ids=["pre", "post"])
def test_there_are_two_questions_for_each_lesson_and_a_word_on_each(quiz: Quiz) -> None:
    assert Counter(code for question in quiz.questions for code in question.objectives) == dict.fromkeys(LESSONS, 2)
    assert sorted(quiz.objectives) == LESSONS


@pytest.mark.parametrize("quiz", [PRE, POST], ids=["pre", "post"])
def test_no_position_gives_a_right_option_away(quiz: Quiz) -> None:
    """For lengths and words, see test_looks.py: a right option that was never the longest was the shortest instead."""
    single: list[Any] = [question for question in quiz.questions if question.type == "single-choice"]
    where = Counter(place for question in single for place in places(question))
    assert set(where) == set(range(4))
    assert max(where.values()) <= 2


def test_as_many_statements_are_true_in_one_test_as_in_the_other() -> None:
    def keys(quiz: Quiz) -> Counter[bool]:
        statements: list[Any] = [question for question in quiz.questions if question.type == "true-false"]
        return Counter(question.answer for question in statements)

    assert keys(PRE) == keys(POST) == {True: 1, False: 1}


def test_no_prompt_is_one_of_the_lessons_with_other_numbers() -> None:
    """Learners remember a question that they have seen in a lesson."""

    def plain(text: str) -> str:
        return re.sub(r"[\W\d_]+", " ", text.lower()).strip()

    files = [path for path in (ROOT / "quizzes").glob("*.yml") if "." not in path.stem and "course-" not in path.stem]
    known = {plain(question.prompt) for file in files for question in civicquiz.load(file).questions}
    assert known
    assert [q.id for quiz in (PRE, POST) for q in quiz.questions if plain(q.prompt) in known] == []


def test_first_test_reveals_nothing_and_the_second_gives_feedback_at_the_end() -> None:
    assert (PRE.feedback, POST.feedback, POST.attempts) == ("none", "at-end", 1)


def test_gain_can_be_worked_out_for_each_objective() -> None:
    before = civicquiz.grade(PRE, {"pre-02-exit-poll": ["false"], "pre-07-count-the-removals": "3"})
    after = civicquiz.grade(POST, {"post-07-count-the-returns": "4"})
    assert list(before.objectives) == list(after.objectives)
    assert before.max_score == after.max_score == 14
    assert before.objectives["reading-the-article"] == (1, 2)
    assert after.objectives["deportation-logistics"] == (1, 2)


def test_comparison_that_the_teaching_page_shows_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Learners who took only one test are left out."""
    for folder in ("quizzes", "seeds"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    first, second = (
        {"pre-02-exit-poll": ["false"]},
        {"post-02-thirteen-million": ["true"], "post-07-count-the-returns": "4"},
    )
    files = [("before/a", "pre", first), ("before/b", "pre", {}), ("after/a", "post", second), ("after/c", "post", {})]
    for code, test, responses in files:
        path = tmp_path / f"{code}-course-{test}-test.responses.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"responses": responses}), "utf-8")
    section = (ROOT / "course/teaching.md").read_text("utf-8").split("(teaching-before-after)=")[1]
    monkeypatch.chdir(tmp_path)
    exec(re.findall(r"^```\{code-block\} python\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)[0], {})
    printed = capsys.readouterr().out.splitlines()
    assert printed[:2] == ["Students who took both: 1", "reading-the-article: 1.00, then 1.00 of 2"]
    assert "deportation-logistics: 0.00, then 1.00 of 2" in printed
