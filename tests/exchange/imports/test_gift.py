"""Questions in Moodle's GIFT become quizzes with the same scores; whatever differs is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from import_checks import check_not_broken, imported_from, recognized

import civicquiz
from civicquiz.errors import ExchangeError
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.imported import FoundQuestion
from civicquiz.exchange.importing import ImportReport, import_files
from civicquiz.exchange.imports.gift import MAX_QUESTIONS, READER


def found(text: str) -> FoundQuestion:
    """The only question in ``text``."""
    (quiz,) = READER.read(GivenFile(Path("bank.gift"), text.encode()))
    (question,) = quiz.questions
    return question


def imported(tmp_path: Path, text: str | bytes) -> tuple[ImportReport, list[Any]]:
    """The report, and the quizzes that were written."""
    report, _ = imported_from(tmp_path / "bank.gift", text)
    return report, [civicquiz.load(path) for path in report.files]


# ---- What each type becomes ----

EXACT = [
    (
        "::Veto:: A bill is {~repealed #No. =vetoed ~filed} there.",
        {
            "type": "single-choice",
            "prompt": "A bill is _____ there.",
            "options": [{"text": "repealed", "feedback": "No."}, {"text": "vetoed", "correct": True}, "filed"],
        },
    ),
    (
        "Which two?{~%-50%Mayor ~%50%House ~%50%Senate ~%-50%Cabinet####Both are.}",
        {
            "type": "multiple-choice",
            "prompt": "Which two?",
            "options": [
                "Mayor",
                {"text": "House", "correct": True},
                {"text": "Senate", "correct": True},
                "Cabinet",
            ],
            "explanation": "Both are.",
        },
    ),
    ("It is so.{T}", {"type": "true-false", "prompt": "It is so.", "answer": True}),
    (
        "It is so.{FALSE#It is not.#Well done.}",
        {
            "type": "true-false",
            "prompt": "It is so.",
            "answer": False,
            "feedback": {"true": "It is not.", "false": "Well done."},
        },
    ),
    (
        "Who?{=the House =%50%Congress ####Think.}",
        {
            "type": "short-text",
            "prompt": "Who?",
            "accept": ["the House", {"text": "Congress", "credit": 0.5}],
            "explanation": "Think.",
        },
    ),
    ("When?{#1789:5}", {"type": "numeric", "prompt": "When?", "answer": 1789, "tolerance": 5}),
    (
        "Pi?{#3.141..3.142}.",
        {"type": "numeric", "prompt": "Pi?", "answer": 3.1415, "range": {"from": 3.141, "to": 3.142}},
    ),
    ("Minus one?{#-1}", {"type": "numeric", "prompt": "Minus one?", "answer": -1, "tolerance": 0}),
    (
        "When?{#=1789:0 =%0%1776:0#That was the Declaration. =1790:0}",
        {
            "type": "numeric",
            "prompt": "When?",
            "answer": 1789,
            "tolerance": 0,
            "accept": [1790],
            "mistakes": [{"number": 1776, "feedback": "That was the Declaration."}],
        },
    ),
    (
        "Match.{=Ohio -> Columbus =Texas -> Austin = -> Boston}",
        {
            "type": "match",
            "prompt": "Match.",
            "pairs": [{"left": "Ohio", "right": "Columbus"}, {"left": "Texas", "right": "Austin"}],
            "distractors": ["Boston"],
        },
    ),
    ("Explain.{}", {"type": "open-response", "prompt": "Explain."}),
    ("Explain.{####Because.}", {"type": "open-response", "prompt": "Explain.", "explanation": "Because."}),
    (
        "// [id:my.q] a comment [tag:courts] [tag:law]\nSo?{F}",
        {"type": "true-false", "prompt": "So?", "answer": False, "id": "my.q", "tags": ["courts", "law"]},
    ),
    # Signs of the format in texts.
    (
        r"::A\:B:: Which is \{x\:x \= 2\}?\n\nSay it.{= \#2 \~ x ~ a -> b ~ \\n}",
        {
            "type": "single-choice",
            "prompt": "Which is {x:x = 2}?\n\nSay it.",
            "options": [{"text": "#2 ~ x", "correct": True}, "a -> b", r"\n"],
        },
    ),
    (
        "Color?{=#f00 ~#0f0}",
        {"type": "single-choice", "prompt": "Color?", "options": [{"text": "#f00", "correct": True}, "#0f0"]},
    ),
    # Formats of texts.
    (
        "[html]<p>The <b>sun</b>?</p>{=<p>East</p>#<i>Yes</i> ~[plain]*West*}",
        {
            "type": "single-choice",
            "prompt": "The **sun**?",
            "options": [{"text": "East", "correct": True, "feedback": "*Yes*"}, r"\*West\*"],
        },
    ),
    (
        "[markdown]The **sun**?\n\\n- a\n  - b{T}",
        {"type": "true-false", "prompt": "The **sun**?\n\n- a\n  - b", "answer": True},
    ),
    ("A *b*\\nc\nd{T}", {"type": "true-false", "prompt": "A \\*b\\*\\\nc\nd", "answer": True}),
    (r"Is \\(a_1 \\le 2\\)?{T}", {"type": "true-false", "prompt": r"Is $a_1 \le 2$?", "answer": True}),
    ("Who?{=<b>Ann</b> &amp; Bo}", {"type": "short-text", "prompt": "Who?", "accept": ["Ann & Bo"]}),
    ("Who?{=[plain]<b>[html]}", {"type": "short-text", "prompt": "Who?", "accept": ["<b>[html]"]}),
]


@pytest.mark.parametrize(("text", "values"), EXACT)
def test_question_that_scores_alike_is_read_without_a_remark(text: str, values: dict[str, Any]) -> None:
    question = found(text)
    assert question.refused == ""
    assert question.values == values
    assert not question.changes


CHANGED = [
    ("Which?{~a ~%50%b =c}", "'b' earned 50% of the points"),
    ("Which?{~%-25%a =c}", "A wrong option cost 25%"),
    ("Which?{~a ~%50%b ~%50%c}", "A wrong option cost nothing; here it costs 100%, because there are fewer"),
    ("Which?{~%-50%a ~%50%b ~%50%c}", "A wrong option cost 50% of the points; here it costs 100%"),
    ("Which?{~%-50%a ~%70%b ~%30%c}", "The right options earned 70%, 30% of the points; here each earns the same, 50%"),
    ("When?{#=1789:0 =%50%1789:2}", "1789 ± 2 earned 50%"),
    ("When?{#=1789:0 ~#Wrong.}", "any other number was left out: 'Wrong.'"),
    ("When?{#=1789:0#He was born then.}", "became the explanation"),
    ("Who?{=a#Yes. =b#No.}", "feedback on 'a' was left out: 'Yes.'"),
    ("Who?{=a =b*}", "it earned 100% of the points, and was left out"),
    ("Match.{=a -> b#yes =c -> d}", "no feedback on a pair; it was left out: 'yes'"),
    ("Order.{>ALL VERTICAL\na\nb}", "scored by pairs"),
    ("Order.{>2 ALL VERTICAL ABSOLUTE_POSITION SHOW none\na\nb}", "scored by pairs"),
    ("[html]<img src='@@PLUGINFILE@@/a.png' alt='map'>?{T}", "picture 'a.png'"),
    ("[html]<img src='https://example.org/a.png' alt='map'>?{T}", "was not fetched"),
    ("// [tag:a b]\nSo?{T}", "The tag 'a b' became 'a-b'"),
    (r"Is \\(a \neq b\\)?{T}", "the beginning of a command"),
    ("Control \x07?{T}", "U+0007"),
]


@pytest.mark.parametrize(("text", "named"), CHANGED)
def test_what_differs_is_named_and_the_question_can_be_used(text: str, named: str, tmp_path: Path) -> None:
    report, (quiz,) = imported(tmp_path, text)
    (question,) = report.questions
    assert question.verdict == "changed", question.reasons
    assert any(named in reason for reason in question.reasons)
    assert len(quiz.questions) == 1
    assert named in report.files[0].read_text("utf-8")  # as a comment


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Just a text.", "a description"),
        ("What?{=a ~b", "no '}'"),
        ("What? =a ~b}", "without a '{'"),
        ("One?{T}\nTwo?{F}", "more than one '{'"),
        (r"What is $\frac{1}{2}$?{#0.5}", "more than one '{'"),
        ("{T}", "no text"),
        ("When?{#3,14}", "not a number"),
        ("When?{#}", "no number is right"),
        ("Match.{=a -> b =c}", "has no '->'"),
        ("Which?{~a ~b}", "no option is right"),
        ("Which?{=a}{", "more than one '{'"),
        ("Match.{=a -> b}", "at least 2"),
        ("Who?{=*}", "no text is right"),
        ("Which?{=a ~" + "b" * 10_001 + "}", "at most 10000 characters"),
    ],
)
def test_question_that_cannot_be_read_says_why_and_others_are_read(text: str, rule: str, tmp_path: Path) -> None:
    report, (quiz,) = imported(tmp_path, f"// first\n\n{text}\n\nGood?{{T}}\n")
    refused, good = report.questions
    assert refused.verdict == "not read"
    assert refused.place == "line 3"
    assert rule in refused.reasons[-1]
    assert good.verdict == "read"
    assert [question.prompt for question in quiz.questions] == ["Good?"]


def test_every_question_of_a_file_scores_as_in_moodle(tmp_path: Path) -> None:
    text = "\n\n".join(
        f"::q{number}::{text}" for number, text in enumerate(["Which?{=a ~b}", "N?{#2:1}", "W?{=x =%50%y}"])
    )
    _, (quiz,) = imported(tmp_path, text)
    options = {option.text: option.id for option in quiz.questions[0].options}
    right = civicquiz.grade(quiz, {"q0": [options["a"]], "q1": "3", "q2": " X "})
    partly = civicquiz.grade(quiz, {"q0": [options["b"]], "q1": "3.01", "q2": "y"})
    assert (right.score, partly.score) == (3, 0.5)


# ---- Files ----


def test_categories_become_quizzes_and_names_become_ids(tmp_path: Path) -> None:
    text = (
        "$CATEGORY: $course$/top/Courts\n\n::Who decides?::Who?{=a ~b}\n\n"
        "$CATEGORY: tests/Acts // Bills\n\n// [id:17]\nWhat?{T}\n\n$CATEGORY: $course$/top/Courts\n\nWhere?{F}\n"
    )
    report, quizzes = imported(tmp_path, text)
    assert [(quiz.title, [question.id for question in quiz.questions]) for quiz in quizzes] == [
        ("Courts", ["who-decides", "where"]),
        ("Acts / Bills", ["17"]),
    ]
    assert [file.name for file in report.files] == ["bank-courts.yml", "bank-acts-bills.yml"]
    assert [question.place for question in report.questions] == ["line 3", "line 12", "line 8"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_that_teachers_have(encoding: str, tmp_path: Path) -> None:
    report, (quiz,) = imported(tmp_path, "¿Qué?{=año}\r\n\r\nSí.{T}\r\n".encode(encoding))
    assert [question.prompt for question in quiz.questions] == ["¿Qué?", "Sí."]
    assert any("Windows-1252" in remark for _, remark in report.remarks) == (encoding == "cp1252")


@pytest.mark.parametrize(
    ("text", "is_gift"),
    [
        ("What?{=a ~b}", True),
        ("When?{#1}", True),
        ("So?{ TRUE }", True),
        ("Explain. {}", True),
        ("::name::[html]A text", True),
        ("$CATEGORY: a\n\nText", True),
        ('[{"question": "What?", "answers": []}]', False),
        ("<quiz><question/></quiz>", False),
        ("question,answer\nWhat?,{x}\n", False),
        ("What?\nA. a\nB. b\nANSWER: A\n", False),
    ],
)
def test_format_is_recognized_by_its_content(text: str, *, is_gift: bool) -> None:
    assert (recognized(text) == "gift") == is_gift


def test_files_that_are_no_questions_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    for name, content, rule in [
        ("empty.gift", b"// [tag:a]\n$CATEGORY: x\n", "no questions"),
        ("binary.gift", "What?{=\ufdd0}".encode(), "U+FDD0"),
        ("many.gift", b"Q{T}\n\n" * (MAX_QUESTIONS + 1), "more than 20,000 questions"),
    ]:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ExchangeError, match=rule.replace("+", "\\+")):
            READER.read(GivenFile(tmp_path / name, content))
        report = import_files([tmp_path / name], tmp_path / "out")
        assert len(report.failed) == 1
        assert not list(tmp_path.glob("out/*"))


@given(st.text(st.sampled_from("ab :#={}~\\n%50->/[]html\n$*T"), max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    check_not_broken(READER, text)
