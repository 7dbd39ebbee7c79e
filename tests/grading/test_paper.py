"""A quiz on paper: versions that differ, and letters that mean the same as the response on a screen."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import EXAMPLES, arrangeable, questions, quiz_of, right_answer, write_course
from paper_answers import answered_on_screen, shuffled

import civicquiz
from civicquiz.authoring.normal_form import normal_form
from civicquiz.errors import NoKeyError, PaperError
from civicquiz.grading.arrangement import arranged, own_options, own_variant
from civicquiz.grading.paper import (
    MOST_VERSIONS,
    in_letters,
    labels,
    paper_questions,
    paper_versions,
    response_in,
    seed_of_version,
)
from civicquiz.model.interactions import ShapeError
from civicquiz.model.quiz import Quiz
from civicquiz.releasing.release import release

_ABC = [{"text": text, "correct": text == "one"} for text in ("one", "two", "three")]
SINGLE = {"id": "single", "type": "single-choice", "prompt": "x", "options": _ABC}
SEVERAL = {"id": "several", "type": "multiple-choice", "prompt": "x", "options": _ABC}
ORDER = {"id": "order", "type": "order", "prompt": "x", "items": ["first", "second", "third"]}
MATCH = {
    "id": "match",
    "type": "match",
    "prompt": "x",
    "pairs": [{"left": "cat", "right": "meow"}, {"left": "dog", "right": "woof"}],
}
CLOZE = {
    "id": "cloze",
    "type": "cloze",
    "prompt": "x",
    "text": "[[animal]] say [[sound]], [[times]] times.",
    "gaps": {
        "animal": {"type": "single-choice", "options": [{"text": "Cats", "correct": True}, "Dogs"]},
        "sound": {"type": "short-text", "accept": ["meow"]},
        "times": {"type": "numeric", "answer": 3, "tolerance": 0},
    },
}


def _read(author: dict[str, Any], text: str) -> Any:
    (question,) = paper_questions(quiz_of(author))
    return response_in(question, text)


# ---- Versions ----


def test_seed_of_a_version_is_fixed_so_that_sheets_on_paper_can_always_be_graded() -> None:
    assert [seed_of_version("law", "A"), seed_of_version("law", "B"), seed_of_version("law", "A", 7)] == SEEDS


#: computed once, and never to be changed: sheets on paper depend on it
SEEDS = [732094209, 3052617744, 3877353815]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_version_is_what_a_learner_with_its_seed_gets(path: Any) -> None:
    quiz = shuffled(civicquiz.load(path))
    (version,) = paper_versions(quiz, 1)
    known = {question.id: question for question in quiz.questions}
    assert [question.id for question in version.questions] == [
        name for _, names in arranged(quiz, version.seed) for name in names
    ]
    for question in version.questions:
        shown = known[question.id].interaction()
        assert question.lists == own_options(quiz, question.id, shown, version.seed)
        assert question.variant == own_variant(known[question.id], version.seed)


@settings(max_examples=60)
@given(quiz=arrangeable(), count=st.integers(1, 4), seed=st.none() | st.integers(0, 99))
def test_versions_differ_from_each_other_or_are_refused(quiz: Quiz, count: int, seed: int | None) -> None:
    try:
        versions = paper_versions(quiz, count, seed)
    except PaperError:
        versions = []
    if not versions:
        assert count > 1
        return
    assert [version.letter for version in versions] == ["A", "B", "C", "D"][:count]
    assert len({version.arrangement for version in versions}) == count
    assert [version.seed for version in versions] == [version.seed for version in paper_versions(quiz, count, seed)]


def test_quiz_that_is_the_same_for_everybody_has_one_version() -> None:
    quiz = quiz_of(SINGLE, ORDER)
    assert len(paper_versions(quiz, 1)) == 1
    with pytest.raises(PaperError, match=r"would be the same.*write 'shuffle: \[questions, options\]' into the quiz"):
        paper_versions(quiz, 2)


def test_too_many_versions_are_refused_with_the_number_that_there_is() -> None:
    quiz = quiz_of(SINGLE, {**SINGLE, "id": "other"}, shuffle=["questions"])
    assert len(paper_versions(quiz, 2)) == 2
    with pytest.raises(PaperError, match="has no more than 2 different versions"):
        paper_versions(quiz, 3)


def test_another_seed_gives_other_versions() -> None:
    quiz = quiz_of(*({**SINGLE, "id": f"q{number}"} for number in range(12)), shuffle=["questions", "options"])
    seeds = {version.seed for seed in (None, 1, 2) for version in paper_versions(quiz, 3, seed)}
    assert len(seeds) == 9


def test_released_copy_has_no_versions(tmp_path: Any) -> None:
    release([write_course(tmp_path)], tmp_path / "class")
    with pytest.raises(NoKeyError):
        paper_versions(civicquiz.load(tmp_path / "class" / "law.yml"), 1)


# ---- Check codes ----


def test_code_changes_with_whatever_changes_what_an_answer_means_and_with_nothing_else() -> None:
    def code(*authors: dict[str, Any], **more: Any) -> str:
        return paper_versions(quiz_of(*authors, **more), 1)[0].code()

    plain = code(SINGLE, ORDER)
    assert plain == code({**SINGLE, "explanation": "Because.", "hint": "Think."}, ORDER)
    other_key = [{**option, "correct": option["text"] == "two"} for option in _ABC]
    assert plain == code({**SINGLE, "options": other_key}, ORDER)
    changed = [
        code(ORDER, SINGLE),
        code({**SINGLE, "options": _ABC[::-1]}, ORDER),
        code({**SINGLE, "prompt": "y"}, ORDER),
        code(SINGLE),
        code(SINGLE, {**ORDER, "items": ["first", "second", "last"]}),
    ]
    assert len({plain, *changed}) == 6


def test_each_version_has_a_code_of_its_own_that_is_easy_to_copy() -> None:
    quiz = quiz_of(*({**SINGLE, "id": f"q{number}"} for number in range(9)), shuffle=["questions"])
    codes = [version.code() for version in paper_versions(quiz, MOST_VERSIONS)]
    assert len(set(codes)) == MOST_VERSIONS
    for code in codes:
        assert len(code) == 6
        assert not set(code) & set("0O1I")


# ---- Letters ----


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), author=questions(), seed=st.integers(0, 2**32 - 1))
def test_response_that_is_written_in_letters_is_read_as_the_same_response(
    data: st.DataObject, author: dict[str, Any], seed: int
) -> None:
    quiz = quiz_of(author, shuffle=["options"])
    (question,) = paper_questions(quiz, seed)
    response = data.draw(answered_on_screen(question))
    read = response_in(question, "" if response is None else in_letters(question, response))
    assert read == response


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_right_answers_are_written_in_letters_on_every_version(path: Any) -> None:
    quiz = shuffled(civicquiz.load(path))
    (version,) = paper_versions(quiz, 1)
    for question in version.questions:
        keyed = quiz.keyed_questions[question.id]
        key = keyed.key()
        right = right_answer(keyed)
        if key is None or not isinstance(right, (list, dict)) or question.variant:
            continue
        read = response_in(question, in_letters(question, right))
        assert key.share(question.interaction.read(read)) == 1


@pytest.mark.parametrize("text", ["A", "a", " a ", "A.", "(a)", "A)", "Ａ"])
def test_letter_may_be_written_as_people_write_it(text: str) -> None:
    assert _read(SINGLE, text) == ["one"]


@pytest.mark.parametrize("text", ["AC", "CA", "A C", "A,C", "a, c", "A;C", "A/C", "A + C"])
def test_several_letters_may_be_separated_in_any_way(text: str) -> None:
    assert _read(SEVERAL, text) == ["one", "three"]


def test_order_is_all_letters_in_a_row() -> None:
    (question,) = paper_questions(quiz_of(ORDER))
    ids = [option.id for option in question.lists[0]]
    assert response_in(question, "BCA") == [ids[1], ids[2], ids[0]]


def test_row_without_an_answer_is_a_dash_or_empty_between_semicolons() -> None:
    (question,) = paper_questions(quiz_of(MATCH))
    target = question.lists[1][1].id
    for text in ("-B", "- B", "–B", ";B", " ; b"):
        assert response_in(question, text) == {"dog": target}, text
    assert response_in(question, "--") is None


def test_gaps_are_separated_by_semicolons_and_may_be_empty() -> None:
    assert _read(CLOZE, "a; meow; 3") == {"animal": "cats", "sound": "meow", "times": "3"}
    assert _read(CLOZE, ";;3") == {"times": "3"}
    assert _read(CLOZE, r"B; me\;ow;") == {"animal": "dogs", "sound": "me;ow"}
    assert _read(CLOZE, ";;") is None


@pytest.mark.parametrize(
    ("author", "text", "message"),
    [
        (SINGLE, "D", "'D' is not one of the letters A to C"),
        (SINGLE, "1", "'1' is not one of the letters A to C"),
        (SINGLE, "AB", "only one of the letters A to C can be chosen, not 2"),
        (SINGLE, "...", "it has none of the letters A to C"),
        (SEVERAL, "&", "it has none of the letters A to C"),
        (SINGLE, "?", r"'\?' is not one of the letters A to C"),
        (SEVERAL, "AA", "the letter A appears twice"),
        (SEVERAL, "A and C", "'N' is not one of the letters A to C"),
        (ORDER, "AB", r"an order needs all 3 letters, A to C \(got 2\)"),
        (ORDER, "ABB", "the letter B appears twice"),
        (MATCH, "A", r"there are 2 rows and 1 letters \(write a letter for each row"),
        (MATCH, "ABA", "there are 2 rows and 3 letters"),
        (MATCH, "AX", "'X' is not one of the letters A to B"),
        (CLOZE, "a; meow", r"there are 3 blanks and 2 answers \(separate them with ';', including empty ones\)"),
        (CLOZE, "C; meow; 3", "blank 1: 'C' is not one of the letters A to B"),
        (CLOZE, "AB; meow; 3", "blank 1: write one of the letters A to B"),
    ],
)
def test_letters_that_do_not_fit_are_refused_with_the_rule(author: dict[str, Any], text: str, message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        _read(author, text)


@given(text=st.text(max_size=30), author=questions(), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_that_is_typed_is_lost(text: str, author: dict[str, Any], seed: int) -> None:
    """It is a response, or refused; only what says that there is no answer is none."""
    (question,) = paper_questions(quiz_of(author), seed)
    try:
        response = response_in(question, text)
    except ShapeError:
        return
    assert response or not set(normal_form(text)) - set(" ;-_,/.+&()\n\r\t\v\f\x1c\x1d\x1e\x1f")


def test_more_options_than_letters_have_numbers() -> None:
    options = [{"text": f"option {number}", "correct": number == 3} for number in range(1, 31)]
    (question,) = paper_questions(quiz_of({**SEVERAL, "options": options}))
    assert labels(30)[29] == "30"
    response = ["option-3", "option-30"]
    assert in_letters(question, response) == "3 30"
    assert response_in(question, "30, 3") == response
