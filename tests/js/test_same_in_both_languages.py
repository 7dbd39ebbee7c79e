"""What is written twice, in Python and in JavaScript, does the same: grading, arrangement, the session of a learner."""

from __future__ import annotations

import json
import os
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from material import (
    PACKAGE,
    ROOT,
    arrangeable,
    compiled,
    decoded_key,
    node,
    questions,
    quiz_of,
    responses_to,
    right_answer,
    sessions,
    typed_numbers,
)

from civicquiz.authoring.normal_form import normal_form
from civicquiz.authoring.wording import number_text, score_text, written_number
from civicquiz.errors import ResponseError
from civicquiz.frontend.front_end import front_end
from civicquiz.frontend.payload import encoded_key, outcome_payload, public_payload, verdict_payloads
from civicquiz.grading import Progress, grade_question
from civicquiz.grading.arrangement import arranged, own_options
from civicquiz.grading.session import Session, Step, act, restored, verdict
from civicquiz.model.interactions import InlineGaps, Unit, number_style, parse_number
from civicquiz.model.interactions.number_entry import number_readings
from civicquiz.model.quiz import Quiz, load

JS = Path(__file__).parent
#: The scripts are those of the package under test, which may be an installed wheel.
INSTALLED = os.environ | {"CIVICQUIZ_STATIC": str(PACKAGE / "frontend" / "static")}

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def node_path() -> str:
    found = node()
    if found is None and os.environ.get("CI"):
        pytest.fail("Node.js is missing: install the dependency group 'test'")
    if found is None:
        pytest.skip("needs Node.js: install the dependency group 'test', or put node on the path")
    return found


@pytest.fixture(scope="module")
def ask(node_path: str) -> Iterator[Ask]:
    """One Node.js process for all questions of this module."""
    command = [node_path, str(JS / "grader.js")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", env=INSTALLED)
    assert process.stdin is not None
    assert process.stdout is not None

    def ask(**request: Any) -> dict[str, Any]:
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        assert line, "the grader in Node.js died"
        answer: dict[str, Any] = json.loads(line, parse_int=float)  # JavaScript has one sort of number
        return answer

    yield ask
    process.stdin.close()
    process.wait(timeout=10)
    process.stdout.close()


def test_node_runs_the_table_and_the_tests_in_javascript(node_path: str) -> None:
    files = sorted(str(file) for file in JS.glob("*.test.js"))
    assert files
    command = [node_path, "--test", *files]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=INSTALLED)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.yml")), ids=lambda path: path.stem)
def test_scripts_that_a_question_is_sent_with_are_enough_to_grade_it(node_path: str, path: Path) -> None:
    quiz = load(path)
    (first, *_) = compiled(quiz)
    question, key = first
    scripts = " ".join([*front_end(quiz, quiz.questions[:1]).scripts, "session.js"])
    response = right_answer(quiz.keyed_questions[question["id"]]) or "some words"
    request = {"question": question, "key": key, "response": response, "about": {}, "quiz": {}, "seed": 5}
    command = [node_path, str(JS / "grader.js")]
    done = subprocess.run(
        command,
        input=json.dumps(request) + "\n",
        capture_output=True,
        text=True,
        timeout=60,
        env=INSTALLED | {"CIVICQUIZ_SCRIPTS": scripts},
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outcome"]["status"] in ("correct", "needs-review", "unscored")


def _python(quiz: Quiz, response: Any, about: dict[str, Any]) -> dict[str, Any]:
    (question,) = quiz.questions
    attempt = about.get("attempts", 1)
    progress = Progress(attempts={question.id: attempt}, hints={question.id} if about.get("hint") else ())
    try:
        outcome = grade_question(question, response, quiz, progress)
    except ResponseError:
        return {"error": True}
    if outcome.status == "unanswered" and not about["settled"]:
        return {"outcome": None}
    is_final = outcome.status in ("correct", "needs-review", "unscored")
    settled = about["settled"] or is_final or attempt >= (quiz.attempts or 1000)
    told = outcome_payload(quiz, outcome, settled=settled, attempt=attempt, seed=5)
    return {"outcome": json.loads(json.dumps(told))}


def _same(ask: Ask, author: dict[str, Any], response: Any, about: dict[str, Any], **settings: Any) -> None:
    quiz = quiz_of(author, **settings)
    ((question, key),) = compiled(quiz)
    public = json.loads(json.dumps(public_payload(quiz)))
    answer = ask(question=question, key=key, response=response, about=about, quiz=public, seed=5)
    assert "crash" not in answer, answer
    if "error" in answer:
        answer = {"error": True}
    assert answer == _python(quiz, response, about)


@pytest.mark.slow
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_both_graders_agree_on_any_question_and_any_response(ask: Ask, data: st.DataObject) -> None:
    author = data.draw(questions())
    response = data.draw(responses_to(quiz_of(author).questions[0]))
    about = {
        "settled": data.draw(st.booleans()),
        "attempts": data.draw(st.integers(1, 6)),
        "hint": data.draw(st.booleans()),
    }
    settings = {
        name: data.draw(st.sampled_from([0, 0.1, 0.25, 0.3333, 1])) for name in ("attempt_penalty", "hint_penalty")
    }
    _same(ask, author, response, about, attempts=data.draw(st.sampled_from([None, 1, 3])), **settings)


def _step(quiz: Quiz, step: Step) -> dict[str, Any]:
    """One step of a session in Python, as the grader in Node.js gives it."""
    verdicts = {question.id: verdict(quiz, step.session, question.id) for question in quiz.questions}
    told = verdict_payloads(quiz, step.session, {name: judged for name, judged in verdicts.items() if judged})
    refusal = {"refusal": step.refusal.code} if step.refusal else {}
    return json.loads(
        json.dumps({"session": asdict(step.session), "touched": step.touched, "told": told, **refusal}),
        parse_int=float,
    )


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=sessions())
def test_both_sessions_agree_on_any_quiz_and_whatever_a_learner_does(
    ask: Ask, drawn: tuple[Quiz, Session, list[dict[str, Any]]]
) -> None:
    quiz, kept, messages = drawn
    ids = [question.id for question in quiz.questions]
    public = json.loads(json.dumps(public_payload(quiz)))
    keys = decoded_key(encoded_key(quiz, quiz.questions))
    session = restored(quiz, kept, ids, 5)
    expected = _step(quiz, Step(session))
    assert ask(quiz=public, keys=keys, restore=asdict(kept), seed=5) == expected
    for message in messages:
        step = act(quiz, session, message, ids)
        answer = ask(quiz=public, keys=keys, session=asdict(session), message=message)
        assert answer == _step(quiz, step), message
        session = step.session


#: Two gaps and two events that cannot be read for different reasons. JavaScript puts names such as "0" first.
REFUSED = [
    {
        "type": "cloze",
        "text": "[[b]] [[0]]",
        "gaps": {name: {"type": "numeric", "answer": 1, "tolerance": 0} for name in ("b", "0")},
    },
    {
        "type": "timeline",
        "events": [{"text": name, "year": 1800} for name in ("b", "0")],
        "start": 1700,
        "end": 1900,
        "tolerance": 0,
        "reach": 10,
    },
]


@pytest.mark.parametrize("author", REFUSED, ids=lambda author: author["type"])
@pytest.mark.parametrize("typed", [("words", "14 people"), ("14 people", "words")])
def test_both_tell_a_learner_of_the_same_part_first(ask: Ask, author: dict[str, Any], typed: tuple[str, str]) -> None:
    quiz = quiz_of({"id": "q", "prompt": "x", **author})
    message = {"type": "check", "question": "q", "response": dict(zip(("b", "0"), typed, strict=True))}
    step = act(quiz, Session(), message, ["q"])
    keys = decoded_key(encoded_key(quiz, quiz.questions))
    answer = ask(
        quiz=json.loads(json.dumps(public_payload(quiz))), keys=keys, session=asdict(Session()), message=message
    )
    assert step.refusal is not None
    assert answer["refusal"] == step.refusal.code


@settings(max_examples=200)
@given(quiz=arrangeable(), seed=st.integers(0, 2**32 - 1))
def test_both_give_a_learner_the_same_questions_in_the_same_order(ask: Ask, quiz: Quiz, seed: int) -> None:
    public = json.loads(json.dumps(public_payload(quiz)))
    assert ask(arrange=public, seed=seed)["sections"] == [ids for _, ids in arranged(quiz, seed)]


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(author=questions(), seed=st.integers(0, 2**32 - 1), is_shuffled=st.booleans())
def test_both_give_a_learner_the_options_in_the_same_order(
    ask: Ask, author: dict[str, Any], seed: int, is_shuffled: bool
) -> None:
    quiz = quiz_of(author, shuffle=["options"] if is_shuffled else [])
    (question,) = quiz.questions
    shown = question.interaction()
    lists = ask(arrange=json.loads(json.dumps(public_payload(quiz))), seed=seed)["options"][question.id]
    if isinstance(shown, InlineGaps):  # whose options are in the text
        assert own_options(quiz, question.id, shown, seed) == shown.option_lists()
    else:
        ours = own_options(quiz, question.id, shown, seed)
        assert lists == [[option.id for option in options] for options in ours]


@pytest.mark.parametrize("option", ["constructor", "toString", "valueOf", "hasOwnProperty"])
@pytest.mark.parametrize("right", [True, False])
def test_both_graders_agree_on_ids_that_every_javascript_object_has(ask: Ask, option: str, right: bool) -> None:
    options = [{"text": "a", "id": option, "correct": right}, {"text": "b", "correct": not right, "feedback": "No."}]
    author = {"id": "constructor", "type": "single-choice", "prompt": "x", "options": options}
    _same(ask, author, [option], {"settled": False})


@pytest.mark.parametrize(
    "response",
    [
        "\ufeff",
        "\u0085",
        "\x1c",
        "\x0b",
        "\x0c",
        "\r",
        "\u3000",
        "\u2028",
        "\u00a0",
        "14\ufeff",
        "14\u0085",
        "\r14",
        "\u200b",
    ],
)
def test_both_graders_agree_on_odd_blanks_in_a_number_field(ask: Ask, response: str) -> None:
    _same(
        ask, {"id": "a", "type": "numeric", "prompt": "x", "answer": 14, "tolerance": 0}, response, {"settled": False}
    )


def test_both_give_every_character_the_same_normal_form(ask: Ask) -> None:
    signs = [
        chr(code)
        for code in range(0x110000)
        if not 0xD800 <= code <= 0xDFFF and unicodedata.category(chr(code)) != "Cn"
    ]
    texts = [f"a{sign}b" for sign in signs]
    answer = ask(plain=texts)["plain"]
    assert {text: plain for text, plain in zip(texts, answer, strict=True) if plain != normal_form(text)} == {}


@settings(max_examples=300)
@given(texts=st.lists(st.text(), max_size=20))
def test_both_give_any_text_the_same_normal_form(ask: Ask, texts: list[str]) -> None:
    assert ask(plain=texts)["plain"] == [normal_form(text) for text in texts]


@pytest.mark.parametrize("count", [1, 99, 100, 101, 250])
def test_both_count_as_many_marks_on_a_letter(ask: Ask, count: int) -> None:
    texts = [f"{letter}{mark * count}b" for letter in "a\u00e9 " for mark in ("\u0301", "\u0323\u0301", "\u0301\u200b")]
    assert ask(plain=texts)["plain"] == [normal_form(text) for text in texts]


@settings(max_examples=500)
@given(
    text=st.from_regex(r"[+\-−]?[0-9]{0,4}([.,' ][0-9]{1,4}){0,3}", fullmatch=True),
    language=st.sampled_from(["en", "de", "es"]),
)
def test_both_find_the_same_readings_of_a_number(ask: Ask, text: str, language: str) -> None:
    assert ask(readings=text, style=number_style(language))["readings"] == list(number_readings(text, language))


#: What people type for a number: (text, unit behind the field, the numbers in English)
TYPED_NUMBERS = [
    ("3x10^8", "", [3e8]),
    ("3 x 10^8", "", [3e8]),
    ("3·10⁸", "", [3e8]),
    ("3 × 10⁻⁸", "", [3e-8]),
    ("3*10**-8", "", [3e-8]),
    ("2,998·10^8", "", [2.998e8]),
    ("2.998e8", "", [2.998e8]),
    ("2,998e8", "", [2.998e8]),
    ("-1.6 \N{MULTIPLICATION SIGN} 10^{-19}", "", [-1.6e-19]),
    ("10^3", "", [1000]),
    ("-10⁻³", "", [-0.001]),
    ("3x10", "", []),
    ("3/4", "", [0.75]),
    ("-3/4", "", [-0.75]),
    ("1 1/2", "", [1.5]),
    ("11/2", "", [5.5]),
    ("1½", "", [1.5]),
    ("½", "", [0.5]),
    ("1⁄3", "", [1 / 3]),
    ("⅔", "", [2 / 3]),
    ("3/0", "", []),
    ("3/4/5", "", []),
    ("50 %", "", [0.5]),
    ("50%", "%", [50]),
    ("50", "%", [50]),
    ("50 % %", "%", [0.5]),
    ("12,5 %", "", [0.125]),
    ("5 m", "m", [5]),
    ("5m", "m", [5]),
    ("5 mm", "m", []),
    ("9.81 m/s^2", "m/s^2", [9.81]),
    ("9.81 m/s²", "m/s^2", [9.81]),
    ("9.81 m / s**2", "m/s²", [9.81]),
    ("20 days", "days", [20]),
    ("20 day", "days", []),
    ("m", "m", []),
    ("", "m", []),
    ("3·10⁸ m/s", "m/s", [3e8]),
    ("1/2 m", "m", [0.5]),
    ("1e400", "", []),
    ("1x10^400", "", []),
]


@pytest.mark.parametrize(("text", "unit", "numbers"), TYPED_NUMBERS)
def test_both_read_what_people_type_for_a_number(ask: Ask, text: str, unit: str, numbers: list[float]) -> None:
    units = [Unit(unit)] if unit else []
    assert list(number_readings(text, "en", units)) == numbers
    assert ask(readings=text, style="point", units=_as_json(units))["readings"] == numbers


def _as_json(units: list[Unit]) -> list[dict[str, Any]]:
    return [{"unit": unit.name, "factor": unit.factor, "offset": unit.offset} for unit in units]


CONVERTED = [
    ("18 km/h", [5]),
    ("18km/h", [5]),
    ("5 m/s", [5]),
    ("5 m / s", [5]),
    ("5", [5]),
    ("500 cm s^-1", [5]),
    ("500 cm s⁻¹", [5]),
    ("5 km", []),
    ("5 M/S", []),
    ("300 K", [26.85]),
    ("5 µm", [5e-6]),
    ("5 \N{GREEK SMALL LETTER MU}m", [5e-6]),
    ("1,5·10³ km/h", [416.666666667]),
]
UNITS = [
    Unit("m/s"),
    Unit("km/h", 0.277777777777778),
    Unit("cm s^-1", 0.01),
    Unit("K", 1, -273.15),
    Unit("µm", 1e-6),
]


@pytest.mark.parametrize(("text", "numbers"), CONVERTED)
def test_both_convert_a_unit_that_is_typed_behind_the_number(ask: Ask, text: str, numbers: list[float]) -> None:
    assert list(number_readings(text, "en", UNITS)) == numbers
    assert ask(readings=text, style="point", units=_as_json(UNITS))["readings"] == numbers


@settings(max_examples=500)
@given(
    text=st.text("0123456789 .,'xX×*·^-+/⁄½⅔%⁻⁺⁰¹²³⁸()em", max_size=14),
    unit=st.sampled_from(["", "%", "m", "e", "m/s", " x ", "0", "e3"]),
    language=st.sampled_from(["en", "de", "es"]),
)
def test_both_read_anything_like_a_number_alike(ask: Ask, text: str, unit: str, language: str) -> None:
    units = [Unit(unit), Unit("km", 1e3), Unit("%", 0.01, 5)] if unit else []
    answer = ask(readings=text, style=number_style(language), units=_as_json(units))
    assert answer["readings"] == list(number_readings(text, language, units))


HAND_PICKED = [
    "14",
    " 14",
    "1,000",
    "10,00",
    "1,0000",
    "1,000,000.5",
    ".5",
    "-.5",
    "5.",
    "1e3",
    "1E+3",
    "1e-3",
    "1e400",
]
HAND_PICKED += ["1e308", "4.9e-324", "1e-400", "−5", "–5", "٣", "1_000", "0x10", "Infinity", "NaN", "", "-", "+.", "e5"]
HAND_PICKED += ["0" * 40, "0" * 41, "1" * 40, "9007199254740993", "0.1", "123456789.123456789", "1\n2", "1\r2", "1 2 3"]


@pytest.mark.parametrize("text", HAND_PICKED)
def test_both_read_the_same_number_from_hand_picked_text(ask: Ask, text: str) -> None:
    assert ask(text=text)["number"] == parse_number(text)


@settings(max_examples=300)
@given(text=typed_numbers)
@example(text="-0")
def test_both_read_the_same_number_from_any_text(ask: Ask, text: str) -> None:
    assert ask(text=text)["number"] == parse_number(text)


@settings(max_examples=200)
@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_both_read_any_float_that_python_writes(ask: Ask, number: float) -> None:
    assert ask(text=repr(number))["number"] == parse_number(repr(number)) == number


@settings(max_examples=300)
@given(score=st.floats(0, 1000) | st.fractions(0, 1000, max_denominator=12).map(float))
@example(score=1.005)
@example(score=0.125)
@example(score=0.004999999999999999)
def test_both_write_the_same_score(ask: Ask, score: float) -> None:
    assert ask(score=score)["shown"] == score_text(score)


@pytest.mark.parametrize("style", ["point", "comma", "either"])
@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("14", "14"),
        ("-0.5", "-0.5"),
        ("1.67e-27", "1.67\u00a0×\u00a010⁻²⁷"),
        ("3e8", "3\u00a0×\u00a010⁸"),
        ("1e+21", "1\u00a0×\u00a010²¹"),
    ],
)
def test_both_show_the_same_number_to_people(ask: Ask, number: str, shown: str, style: str) -> None:
    expected = shown.replace(".", ",") if style == "comma" else shown
    assert written_number(number, comma=style == "comma") == expected
    assert ask(number=number, style=style)["shown"] == expected


@settings(max_examples=500)
@given(number=st.floats(allow_nan=False, allow_infinity=False))
@example(number=1e21)
@example(number=1e-6)
@example(number=-0.0)
def test_both_write_the_same_number(ask: Ask, number: float) -> None:
    assert ask(written=number)["text"] == number_text(number)
