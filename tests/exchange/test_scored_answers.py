"""Answers with what they earned become the keys of a question; every rule that a question cannot have is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from math import inf, nextafter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from material import question_of

from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.imported import UnreadableError
from civicquiz.exchange.imports import READERS
from civicquiz.exchange.scored_answers import (
    Band,
    ScoredAnswer,
    multiple_choice,
    numeric,
    plain_number,
    short_text,
    single_choice,
)
from civicquiz.grading import grade_question
from civicquiz.model.interactions.rules import net_correct


def assert_named(changes: list[str], named: list[str]) -> None:
    """Each remark has the words of one of ``named``, in their order."""
    assert len(changes) == len(named), changes
    assert [words in change for words, change in zip(named, changes, strict=True)] == [True] * len(named), changes


# ---- Choices ----


def answers(*shares: float) -> list[ScoredAnswer]:
    """Options a, b, c ... with these shares in percent."""
    return [ScoredAnswer(chr(ord("a") + number), share / 100) for number, share in enumerate(shares)]


@pytest.mark.parametrize(
    ("shares", "right", "named"),
    [
        ([0, 100, 0], "b", []),
        ([100, 100, 0], "ab", []),
        ([50, 100], "b", ["'a' earned 50%"]),
        ([-33.3333, 100, -50, -50], "b", ["A wrong option cost 33.33% or 50% of the points; here it costs nothing."]),
        ([50, 0], "a", ["The best option earned 50%"]),
    ],
)
def test_one_option(shares: list[float], right: str, named: list[str]) -> None:
    changes: list[str] = []
    options = single_choice(answers(*shares), changes.append)["options"]
    assert "".join(option["text"] for option in options if isinstance(option, dict)) == right
    assert_named(changes, named)


_FEWER = "because there are fewer wrong options than right ones"
#: shares of options, in percent -> what is said of them
SEVERAL: dict[tuple[float, ...], list[str]] = {
    (50, 50, -50, -50): [],
    (50, 50, -100): [],
    (33.33333, 33.33333, 33.33333, -100): [],
    (33.33333, 33.33333, 33.33333, -50, -50): [],
    (100, -100, -100): [],
    (50, 50): [],
    (50, 50, -50): [f"A wrong option cost 50% of the points; here it costs 100%, {_FEWER}"],
    (33.33333, 33.33333, 33.33333, -33.33333): [f"cost 33.33% of the points; here it costs 100%, {_FEWER}"],
    (50, 50, -100, -100): ["cost 100% of the points; here it costs 50%, as much as a right one earns"],
    (50, 50, -33.33333, -33.33333, -33.33333): ["cost 33.33% of the points; here it costs 50%"],
    (50, 50, 0): ["A wrong option cost nothing; here it costs 100%"],
    (50, 50, 0, -50): ["A wrong option cost nothing or 50% of the points; here it costs 50%"],
    (25, 75, -50, -50): ["The right options earned 25%, 75% of the points; here each earns the same, 50%."],
    (33, 33, 33, -33, -33, -33): ["Each right option earned 33% of the points; here it earns 33.33%.", "cost 33%"],
}


def _moodle(shares: tuple[float, ...]) -> str:
    options = "".join(f'<answer fraction="{share}"><text>{text}</text></answer>' for text, share in _by_text(shares))
    start = '<question type="multichoice"><name><text>q</text></name><questiontext><text>Which?</text></questiontext>'
    return f"<quiz>{start}<single>false</single>{options}</question></quiz>"


def _moodle_gap(shares: tuple[float, ...]) -> str:
    options = "~".join(f"%{share}%{text}" for text, share in _by_text(shares))
    text = f"<questiontext><text>Which? {{1:MULTIRESPONSE:{options}}}</text></questiontext>"
    return f'<quiz><question type="cloze"><name><text>q</text></name>{text}</question></quiz>'


def _gift(shares: tuple[float, ...]) -> str:
    return "Which? {" + " ".join(f"~%{share}%{text}" for text, share in _by_text(shares)) + "}\n"


def _qti12(shares: tuple[float, ...]) -> str:
    labels = "".join(
        f'<response_label ident="{text}"><material><mattext>{text}</mattext></material></response_label>'
        for text, _ in _by_text(shares)
    )
    conditions = "".join(
        f'<respcondition continue="Yes"><conditionvar><varequal respident="r">{text}</varequal></conditionvar>'
        f'<setvar action="Add">{share}</setvar></respcondition>'
        for text, share in _by_text(shares)
    )
    return (
        '<questestinterop><item ident="q"><presentation><material><mattext>Which?</mattext></material>'
        f'<response_lid ident="r" rcardinality="Multiple"><render_choice>{labels}</render_choice></response_lid>'
        '</presentation><resprocessing><outcomes><decvar maxvalue="100"/></outcomes>'
        f"{conditions}</resprocessing></item></questestinterop>"
    )


def _qti2(shares: tuple[float, ...]) -> str:
    entries = "".join(f'<mapEntry mapKey="{text}" mappedValue="{share}"/>' for text, share in _by_text(shares))
    choices = "".join(f'<simpleChoice identifier="{text}">{text}</simpleChoice>' for text, _ in _by_text(shares))
    return (
        '<assessmentItem identifier="q" title="q"><responseDeclaration identifier="RESPONSE" cardinality="multiple" '
        f'baseType="identifier"><mapping lowerBound="0" upperBound="100" defaultValue="0">{entries}</mapping>'
        '</responseDeclaration><itemBody><choiceInteraction responseIdentifier="RESPONSE" maxChoices="0">'
        f"<prompt>Which?</prompt>{choices}</choiceInteraction></itemBody><responseProcessing "
        'template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/></assessmentItem>'
    )


def _by_text(shares: tuple[float, ...]) -> list[tuple[str, float]]:
    return [(one.text, round(one.share * 100, 5)) for one in answers(*shares)]


#: Each format that has a share for each option.
WRITERS: dict[str, tuple[str, Callable[[tuple[float, ...]], str]]] = {
    "gift": ("gift", _gift),
    "moodle": ("moodle", _moodle),
    "moodle gap": ("moodle", _moodle_gap),
    "qti 1.2": ("qti12", _qti12),
    "qti 2": ("qti", _qti2),
}


@pytest.mark.parametrize("name", WRITERS)
def test_what_options_cost_is_named_by_every_reader_if_it_is_not_what_they_cost_here(name: str) -> None:
    reader, written = WRITERS[name]
    for shares, named in SEVERAL.items():
        file = GivenFile(Path("bank.txt"), written(shares).encode())
        ((question,),) = (quiz.questions for quiz in READERS[reader].read(file))
        assert not question.refused, question.refused
        assert question.values
        assert question.values["type"] == "multiple-choice"
        shown = "".join(option["text"] for option in question.values["options"] if isinstance(option, dict))
        assert shown == "".join(text for text, share in _by_text(shares) if share > 0)
        # In QTI 2, all the points are those of all right options, whatever their sum is.
        assert_named(question.changes, [] if (name, shares[0]) == ("qti 2", 33) else named)


@pytest.mark.parametrize(
    ("reader", "file", "cost"),
    [
        (
            "text2qti",
            "1. Which?\n[*] a\n[*] b\n[ ] c\n",
            "a right option earns 50% of the points, and a wrong one costs 100%",
        ),
        ("text2qti", "1. Which?\n[*] a\n[*] b\n", "a right option earns 50% of the points."),
        (
            "rexams",
            "Question\n========\nWhich?\n\nAnswerlist\n----------\n* a\n* b\n\n"
            "Meta-information\n================\nexname: q\nextype: mchoice\nexsolution: 10\n",
            "a right option earns 100% of the points, and a wrong one costs 100%",
        ),
    ],
)
def test_reader_of_a_format_that_does_not_say_the_cost_says_ours(reader: str, file: str, cost: str) -> None:
    ((question,),) = (quiz.questions for quiz in READERS[reader].read(GivenFile(Path("bank.txt"), file.encode())))
    assert_named(question.changes, [f"by a rule that is not in the file; here {cost}"])


@given(st.integers(1, 5), st.integers(0, 5), st.sampled_from([1, 0.5, 2]), st.sampled_from(["right", "wrong", "none"]))
def test_nothing_is_said_exactly_if_every_choice_scores_the_same(
    right: int, wrong: int, gain: float, cost: str
) -> None:
    each = gain / right
    costs = {"right": each, "wrong": 1 / max(wrong, 1), "none": 0.0}[cost]
    given_answers = answers(*[each * 100] * right, *[-costs * 100] * wrong)
    changes: list[str] = []
    multiple_choice(given_answers, changes.append)
    texts = [one.text for one in given_answers]
    rule = net_correct(texts[:right], texts[right:])
    share_of = {one.text: one.share for one in given_answers}
    differ = any(
        abs(rule.share(chosen) - min(max(sum(share_of[text] for text in chosen), 0), 1)) > 1e-9
        for count in range(len(texts) + 1)
        for chosen in combinations(texts, count)
    )
    if differ:
        assert changes
    if changes and right > 1:
        assert differ


# ---- Texts and numbers that are typed ----


def test_texts_with_credit_feedback_and_wildcards() -> None:
    changes: list[str] = []
    typed = ScoredAnswer.typed_in_moodle
    found = [
        typed("executive", 1, "Yes."),
        typed("president", 0.33333),
        typed("the  \\* of it", 0.5),
        typed("congress", 0, "It passes laws."),
        typed("nobody", 0),
        typed("king", -0.5),
        typed("Congress", 1),
        typed("exec*", 1),
        typed("*", 0, "Look."),
    ]
    assert short_text(found, changes.append, "Because.") == {
        "accept": ["executive", {"text": "president", "credit": 0.33}, {"text": "the * of it", "credit": 0.5}],
        "mistakes": [{"text": "congress", "feedback": "It passes laws."}],
        "explanation": "Because.",
    }
    assert_named(
        changes,
        [
            "'exec*' has an asterisk that stood for any text; it earned 100% of the points, and was left out.",
            "'*' has an asterisk that stood for any text; it was left out. The feedback on it was 'Look.'.",
            "'king' cost 50%",
            "The feedback on 'executive' was left out: 'Yes.'.",
        ],
    )


@pytest.mark.parametrize(
    ("explanation", "named"), [("", "became the explanation"), (None, "left out"), ("Z", "left out")]
)
def test_feedback_on_the_only_right_answer_becomes_the_explanation_if_there_is_none(
    explanation: str | None, named: str
) -> None:
    changes: list[str] = []
    values = short_text([ScoredAnswer("a", 1, "A is first.")], changes.append, explanation)
    expected = {"": "A is first.", None: None, "Z": "Z"}[explanation]
    assert values == {"accept": ["a"], **({"explanation": expected} if expected else {})}
    assert_named(changes, [named])


@pytest.mark.parametrize("praise", ["Yes.", "Correct!", "Right answer!", "Yes! That's right!", "**Well done**"])
def test_praise_is_no_explanation(praise: str) -> None:
    changes: list[str] = []
    assert short_text([ScoredAnswer("a", 1, praise)], changes.append, "") == {"accept": ["a"]}
    assert changes == [f"The feedback on 'a' was left out: '{praise}'."]


def around(number: float, reach: float = 0, share: float = 1, feedback: str = "") -> Band:
    return Band.around(number, reach, share, feedback)


@pytest.mark.parametrize(
    ("bands", "expected", "named"),
    [
        ([around(1822, 5)], {"answer": 1822, "tolerance": 5}, []),
        ([Band(1, 5, 1)], {"answer": 3, "range": {"from": 1, "to": 5}}, []),
        ([around(2), around(3)], {"answer": 2, "tolerance": 0, "accept": [3]}, []),
        ([around(2, 1), around(2)], {"answer": 2, "tolerance": 1}, []),
        ([around(2), around(9, 1)], {"answer": 2, "tolerance": 0}, ["9 ± 1 was right, too"]),
        ([around(2), around(2, 1, 0.5)], {"answer": 2, "tolerance": 0}, ["2 ± 1 earned 50%"]),
        ([around(2, 0, 0.5)], {"answer": 2, "tolerance": 0}, ["The best number earned 50%"]),
        (
            [around(2), around(4, 0, 0, "Twice.")],
            {"answer": 2, "tolerance": 0, "mistakes": [{"number": 4, "feedback": "Twice."}]},
            [],
        ),
        (
            [around(2, 0.5), around(4, 0.1, 0, "Twice.")],
            {"answer": 2, "tolerance": 0.5, "mistakes": [{"from": 3.9, "to": 4.1, "feedback": "Twice."}]},
            [],
        ),
        (
            [around(2, 0.5), around(4, 0.5, 0, "Twice."), around(4.1, 0.1, 0, "Hm.")],
            {"answer": 2, "tolerance": 0.5, "mistakes": [{"number": 4, "feedback": "Twice."}]},
            ["The feedback on 4.1 ± 0.1 was left out: 'Hm.'"],
        ),
        (
            [around(2), around(2, 1, 0.5, "Close.")],
            {"answer": 2, "tolerance": 0, "mistakes": [{"from": 1, "to": 3, "feedback": "Close."}]},
            ["2 ± 1 earned 50%"],
        ),
        (
            [around(2), Band.any_number(0.25, "No.")],
            {"answer": 2, "tolerance": 0},
            ["Any other number earned 25%", "The feedback on any other number was left out: 'No.'"],
        ),
        ([around(2), around(4, 0, -0.5)], {"answer": 2, "tolerance": 0}, ["4 cost 50%"]),
    ],
)
def test_numbers(bands: list[Band], expected: dict[str, Any], named: list[str]) -> None:
    changes: list[str] = []
    assert numeric(bands, changes.append) == expected
    assert_named(changes, named)


_bands = st.builds(
    around,
    st.integers(-8, 8).map(lambda halves: halves / 2),
    st.sampled_from([0, 0.5, 1, 5]),
    st.just(0.0),
    st.sampled_from(["", "Look."]),
)


@given(_bands, st.lists(_bands, max_size=4), st.lists(_bands, max_size=4))
def test_numbers_that_overlap_are_a_question_too(first: Band, right: list[Band], others: list[Band]) -> None:
    right = [replace(band, share=1) for band in (first, *right)]
    changes: list[str] = []
    question = question_of({"id": "q", "type": "numeric", "prompt": "?", **numeric([*right, *others], changes.append)})
    if not any("right" in change for change in changes):
        for number in (quarters / 4 for quarters in range(-40, 41)):
            is_right = any(band.has(number) for band in right)
            assert grade_question(question, str(number)).score == is_right


@given(st.floats(-1e9, 1e9), st.integers(1, 10))
def test_ends_of_a_range_are_those_of_the_file_however_near_they_are(low: float, steps: int) -> None:
    high = low
    for _ in range(steps):
        high = nextafter(high, inf)
    values = numeric([Band(low, high, 1), Band(low - 1, high - 1, 0, "No.")], [].append)
    assert values["range"] == {"from": low, "to": high}
    assert low <= values["answer"] <= high
    (mistake,) = values["mistakes"]
    assert [*mistake.values()][:-1] == sorted({low - 1, high - 1})


@pytest.mark.parametrize("bands", [[], [around(2, 0, 0)], [Band.any_number(1)], [Band(2, float("inf"), 1)]])
def test_numbers_without_a_right_one_are_refused(bands: list[Band]) -> None:
    with pytest.raises(UnreadableError, match="is right"):
        numeric(bands, [].append)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_that_is_written_is_the_number(number: float) -> None:
    assert plain_number(f" {number!r} ") == number


@pytest.mark.parametrize("text", ["", "ten", "3,14", "1e999", "nan", "5 m", "0x10", "1_000", "٣"])
def test_what_is_not_a_number_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError, match=r"is not a number|too large"):
        plain_number(text)
