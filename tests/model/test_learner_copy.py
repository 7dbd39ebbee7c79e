"""Released copies: what is in them, what never is, and how responses to them are matched to the key."""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from key_scan import compare_translations, released
from material import (
    EXAMPLES,
    QUIZ,
    ROOT,
    TYPES,
    compiled,
    load_text,
    questions,
    quiz_of,
    quizzes,
    rekeyed,
    responses_to,
    right_answer,
    write,
)

import civicquiz
from civicquiz.errors import NoKeyError, QuizError, ResponseError
from civicquiz.frontend.payload import public_payload
from civicquiz.grading import grade, grade_handed_in, grade_question
from civicquiz.model.interactions import InlineGaps, Interaction, Key, Option, Rule, ShapeError
from civicquiz.model.learner_copy import accepted_versions, learner_copy
from civicquiz.model.questions import KeyedQuestion
from civicquiz.model.questions.question_base import derived_id
from civicquiz.model.quiz import Quiz, ReleasedQuiz
from civicquiz.model.released import RELEASED_TYPES
from civicquiz.model.released.ids import gap_names, same_ids
from civicquiz.releasing.copied_files import copied_files

settings_for_quizzes = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def can_be_released(quiz: Quiz) -> bool:
    return not any(same_ids(question.interaction()) for question in quiz.questions)


# ---- The key stays out ----


@pytest.mark.slow
@pytest.mark.parametrize("question_type", TYPES)
@settings_for_quizzes
@given(data=st.data())
def test_quizzes_that_differ_only_in_their_key_have_the_same_copy(question_type: str, data: st.DataObject) -> None:
    author = data.draw(questions(question_type))
    other = data.draw(rekeyed(author))
    first, second = quiz_of(author), quiz_of(other)
    assume(can_be_released(first) and can_be_released(second))
    assert copied_files(first) == copied_files(second)


@pytest.mark.slow
@pytest.mark.parametrize("question_type", TYPES)
def test_key_does_differ_where_copies_are_compared(question_type: str) -> None:
    """The two quizzes that are compared above really differ."""
    found: list[bool] = []

    @settings(max_examples=20, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        author = data.draw(questions(question_type))
        ((_, first),), ((_, second),) = compiled(quiz_of(author)), compiled(quiz_of(data.draw(rekeyed(author))))
        key_name = "explanation" if question_type in ("open-response", "poll") else "scoring"
        found.append(first.get(key_name) != second.get(key_name))

    compare()
    assert any(found)


def test_copy_holds_no_comment_key_explanation_feedback_or_claim(tmp_path: Path) -> None:
    quiz = load_text(tmp_path, f"# The year is 1798.\n{QUIZ}lesson: law\n")
    text = copied_files(quiz)["quiz.yml"].decode()
    for secret in ("The year is 1798.", "correct", "Feedback", "Explanation", "cites", "h04", "answer", "tolerance"):
        assert secret not in text, secret
    assert "hint: John Adams was president." in text


def test_copy_of_the_examples_is_the_expected_one(update_golden: bool) -> None:
    text = "\n".join(
        content.decode()
        for path in sorted((ROOT / "examples").glob("*.yml"))
        for content in copied_files(civicquiz.load(path)).values()
    )
    golden = ROOT / "tests" / "golden" / "released" / "examples.yml"
    if update_golden:
        golden.write_text(text, "utf-8")
    assert golden.read_text("utf-8") == text


def test_rows_and_events_stand_in_an_order_that_depends_on_their_texts_alone() -> None:
    question = {
        "id": "q",
        "type": "categorize",
        "prompt": "x",
        "categories": ["law", "opinion"],
        "items": [{"text": text, "category": "law" if text < "m" else "opinion"} for text in ("a", "b", "x", "y")],
    }
    rows = copied_files(quiz_of(question))["quiz.yml"]
    assert rows == copied_files(quiz_of({**question, "items": question["items"][::-1]}))["quiz.yml"]


def test_image_of_an_explanation_is_not_copied(tmp_path: Path) -> None:
    dot = '<svg xmlns="http://www.w3.org/2000/svg"/>'
    write(tmp_path / "maps" / "shown.svg", dot)
    write(tmp_path / "told.svg", dot)
    quiz = load_text(
        tmp_path,
        "title: x\nquestions:\n- {id: q, type: true-false, answer: true, "
        "prompt: '![A map](maps/shown.svg)', explanation: '![The answer](told.svg)'}\n",
    )
    image, copy = sorted(copied_files(quiz).items())
    assert (image[1].decode(), copy[0]) == (dot, "quiz.yml")
    assert re.fullmatch(r"images/[0-9a-f]{16}\.svg", image[0])
    shown = public_payload(released(quiz, tmp_path / "out"))["questions"][0]["prompt"]
    assert shown == public_payload(quiz)["questions"][0]["prompt"]


# ---- It can be shown ----


@settings_for_quizzes
@given(quiz=quizzes())
def test_copy_is_read_again_as_what_was_written(quiz: Quiz, tmp_path_factory: pytest.TempPathFactory) -> None:
    assume(can_be_released(quiz))
    copy = released(quiz, tmp_path_factory.mktemp("copy"))
    assert isinstance(copy, ReleasedQuiz)
    assert public_payload(copy) == public_payload(learner_copy(quiz))
    assert copy.version in accepted_versions(quiz)


@settings_for_quizzes
@given(quiz=quizzes())
def test_learners_see_the_same_in_a_copy_but_for_the_order_of_rows(quiz: Quiz) -> None:
    assume(can_be_released(quiz))

    def seen(value: Any) -> Any:
        """What a payload shows, without ids and regardless of order."""
        if isinstance(value, dict):
            hidden = ("id", "gap", "option", "gaps")
            shown = {name: seen(part) for name, part in value.items() if name not in hidden}
            gaps = sorted(repr(seen(part)) for part in value.get("gaps", {}).values())
            return [sorted(map(repr, shown.items())), gaps]
        return sorted((seen(part) for part in value), key=repr) if isinstance(value, list) else value

    assert seen(public_payload(learner_copy(quiz))["questions"]) == seen(public_payload(quiz)["questions"])


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_released_with_their_translations(path: Path, tmp_path: Path) -> None:
    quiz = civicquiz.load(path)
    compare_translations(quiz, released(quiz, tmp_path))


def test_settings_sections_stimuli_and_objectives_are_copied(tmp_path: Path) -> None:
    quiz = civicquiz.load(ROOT / "examples" / "settings" / "at-the-end.yml")
    ours, theirs = public_payload(quiz), public_payload(released(quiz, tmp_path))
    for name in ("sections", "stimuli", "objectives", "timeLimit", "shuffle", "certainty", "seeded"):
        assert theirs[name] == ours[name], name
    assert theirs["feedback"] == "none"
    paged = civicquiz.load(ROOT / "examples" / "settings" / "one-at-a-time.yml")
    assert public_payload(released(paged, tmp_path))["layout"] == "one"


def test_copy_says_nothing_of_attempts(tmp_path: Path) -> None:
    quiz = civicquiz.load(ROOT / "examples" / "settings" / "attempts.yml")
    copy = released(quiz, tmp_path)
    assert (copy.attempts, copy.attempt_penalty, copy.hint_penalty) == (None, 0, quiz.hint_penalty)


# ---- A copy is not a key ----


def test_copy_is_refused_as_a_key(tmp_path: Path) -> None:
    copy = released(load_text(tmp_path, QUIZ), tmp_path / "out")
    for refused in (grade, grade_handed_in):
        with pytest.raises(NoKeyError, match="'quiz' is a released copy, which has no key; name the quiz"):
            refused(copy, {})  # type: ignore[operator]


@settings_for_quizzes
@given(data=st.data())
def test_nothing_in_a_copy_can_be_scored(data: st.DataObject) -> None:
    quiz = data.draw(quizzes())
    assume(can_be_released(quiz))
    for original, question in zip(quiz.questions, learner_copy(quiz).questions, strict=True):
        response = data.draw(responses_to(original))
        try:
            outcome = grade_question(question, response)
        except ResponseError:
            continue
        assert (outcome.status, outcome.score) in (("needs-review", 0), ("unscored", 0), ("unanswered", 0))


def test_nothing_of_a_copy_has_a_key_by_its_type() -> None:
    for model in RELEASED_TYPES:
        assert not issubclass(model, KeyedQuestion)
        assert not hasattr(model, "key")
        assert not {"answer", "correct", "explanation", "cites", "feedback", "tolerance"} & set(model.model_fields)
        interaction = typing.get_type_hints(model.shown)["return"]
        assert not {*_types(interaction)} & {Key, *Key.__subclasses__(), *typing.get_args(Rule)}


def _types(hint: Any) -> Iterator[Any]:
    """A type and the types inside it."""
    yield hint
    inner = typing.get_type_hints(hint).values() if dataclasses.is_dataclass(hint) else typing.get_args(hint)
    for part in inner:
        yield from _types(part)


def test_copy_of_a_copy_is_refused(tmp_path: Path) -> None:
    copy = released(load_text(tmp_path, QUIZ), tmp_path / "out")
    with pytest.raises(QuizError, match="this is already a released copy"):
        copied_files(copy)


def test_copy_needs_no_claims_in_a_course(tmp_path: Path) -> None:
    write(tmp_path / "seeds" / "none.yml", "claims: []\nsources: []\n")
    quiz = load_text(tmp_path / "else" / "where", QUIZ)
    assert isinstance(released(quiz, tmp_path / "quizzes"), ReleasedQuiz)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("type: single-choice", "question 'q' (single-choice): unknown type 'single-choice'"),
        ("type: choice\n  options: [one]", "question 'q' (choice): 'options': must have at least two options"),
        ("type: choice\n  options: [one, one]", "the same text appears twice ('one')"),
        ("type: gaps\n  passage: 'a [[gap-1]]'\n  gaps: {}", "'gaps': must be the gaps of the passage"),
        ("type: calculated\n  decimals: 0\n  variants: [{a: '1'}, {b: '1'}]", "all of them must have the same names"),
    ],
)
def test_broken_copy_is_refused_with_its_place(tmp_path: Path, change: str, expected: str) -> None:
    with pytest.raises(QuizError) as refused:
        load_text(tmp_path, f"released: true\ntitle: x\nquestions:\n- id: q\n  prompt: x\n  {change}\n")
    assert expected in str(refused.value)


# ---- The way back ----


def as_released(interaction: Interaction, response: Any) -> Any:
    """A response to the key as a learner with the copy would have given it."""

    def renamed(options: tuple[Option, ...], value: Any) -> Any:
        names = {option.id: option.id if option.word else derived_id(option.text) for option in options}
        return names.get(value, value)

    if isinstance(response, list):
        return [renamed(interaction.option_lists()[0], value) for value in response]
    if not isinstance(response, dict):
        return response
    if isinstance(interaction, InlineGaps):
        names = gap_names(interaction.gaps)
        offered = {name: (*gap.option_lists(), ())[0] for name, gap in interaction.gaps.items()}
        return {names.get(name, name): renamed(offered.get(name, ()), value) for name, value in response.items()}
    rows, targets, *_ = (*interaction.option_lists(), (), ())
    return {renamed(rows, name): renamed(targets, value) for name, value in response.items()}


@pytest.mark.slow
@pytest.mark.parametrize("question_type", TYPES)
@settings_for_quizzes
@given(data=st.data())
def test_response_to_a_copy_is_graded_as_the_same_response_to_the_key(question_type: str, data: st.DataObject) -> None:
    quiz = quiz_of(data.draw(questions(question_type)))
    assume(can_be_released(quiz))
    (question,), (copied,) = quiz.questions, learner_copy(quiz).questions
    interaction = question.interaction()
    response = data.draw(st.just(right_answer(question)) | responses_to(question))
    try:
        response = interaction.read(response)
    except ShapeError:
        assume(False)
    given_ = as_released(interaction, response)
    copied.interaction().read(given_)  # the copy accepts it
    result, unreadable = grade_handed_in(quiz, {question.id: given_})
    assert unreadable == ()
    assert result == grade(quiz, {question.id: response})


def test_ids_of_an_author_do_not_stand_in_a_copy_and_are_found_again() -> None:
    quiz = quiz_of(
        {
            "id": "q",
            "type": "single-choice",
            "prompt": "x",
            "options": [{"text": "1798", "id": "right", "correct": True}, {"text": "1812", "id": "wrong"}],
        }
    )
    assert b"right" not in copied_files(quiz)["quiz.yml"]
    result, _ = grade_handed_in(quiz, {"q": ["1798"]})
    assert (result.score, result.outcomes["q"].response) == (1, ["right"])


@pytest.mark.parametrize(
    "options",
    [
        [{"text": "War of 1812", "id": "a"}, {"text": "war of 1812", "id": "b", "correct": True}],
        [{"text": "one", "id": "two"}, {"text": "two", "id": "one", "correct": True}],
    ],
)
def test_quiz_whose_copy_could_not_be_graded_is_refused(options: list[dict[str, Any]]) -> None:
    quiz = quiz_of({"id": "q", "type": "single-choice", "prompt": "x", "options": options})
    refusal = r"question 'q': a copy could not distinguish '.*' from '.*'\n    hint: ids in a copy"
    with pytest.raises(QuizError, match=refusal):
        copied_files(quiz)
