"""``calculated``: a number to compute from the learner's own numbers."""

from __future__ import annotations

import contextlib
import json
import math
import re
import subprocess
import sys
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from material import QUIZ, ROOT, compiled, load_text, question_of, questions, quiz_of, write
from pydantic import ValidationError

from civicquiz.errors import QuizError, ResponseError
from civicquiz.frontend.outline import outline_html
from civicquiz.frontend.payload import public_payload
from civicquiz.grading import grade_question
from civicquiz.model.interactions import ComputedNumber, parse_number
from civicquiz.model.questions import KeyedQuestion

AUTHOR: dict[str, Any] = {
    "id": "days-needed",
    "type": "calculated",
    "prompt": "A court decides {cases} cases a day. How many days does it need for {waiting} cases?",
    "variables": {"cases": {"from": 20, "to": 60, "step": 5}, "waiting": {"values": [1000, 2000, 5000]}},
    "answer": "waiting / cases",
    "decimals": 1,
    "tolerance": 0,
    "unit": "days",
    "seed": 7,
    "explanation": "{waiting} / {cases}, rounded to one decimal.",
}


def _variants(question: KeyedQuestion) -> tuple[dict[str, str], ...]:
    interaction = question.interaction()
    assert isinstance(interaction, ComputedNumber)
    return interaction.variants


def _numbers(**changed: Any) -> tuple[dict[str, str], ...]:
    """The sets of numbers of a question."""
    return _variants(question_of(AUTHOR | changed))


def _answers(question: KeyedQuestion) -> Mapping[str, str]:
    key = question.key()
    assert key is not None
    return key.answers_by_variant()


def _result(expression: str, decimals: int = 0, **variables: float) -> str:
    """The result of ``expression``, with one value for each of ``variables``."""
    values = {name: {"values": [value]} for name, value in ({"unused": 1} | variables).items()}
    texts = {"prompt": " ".join(f"{{{name}}}" for name in values), "explanation": "As computed."}
    author = AUTHOR | {"variables": values, "answer": expression, "decimals": decimals, **texts}
    (answer,) = _answers(question_of(author)).values()
    return answer


def _refused(expression: str, **variables: float) -> str:
    """What an author is told about an expression that has no result."""
    with pytest.raises(ValidationError) as caught:
        _result(expression, **variables)
    error, *_ = caught.value.errors()
    ((path, message, hint),) = error["ctx"]["problems"]
    assert path == ("answer",)
    assert hint
    return str(message)


# ---- The numbers ----


def test_a_seed_gives_the_same_numbers_in_every_version_of_python() -> None:
    assert [" ".join(numbers.values()) for numbers in _numbers(variants=8)] == [
        "30 1000",
        "45 1000",
        "40 2000",
        "20 2000",
        "20 1000",
        "35 5000",
        "25 1000",
        "45 5000",
    ]
    assert list(_answers(question_of(AUTHOR | {"variants": 3, "seed": 1}))) == ["25 5000", "50 1000", "40 2000"]


def test_numbers_depend_on_the_seed_and_not_on_the_id_or_the_texts() -> None:
    numbers = _numbers()
    assert _numbers(id="other", prompt="{cases} of {waiting}?", answer="waiting + cases") == numbers
    assert _numbers(seed=8) != numbers


def test_more_variants_keep_those_there_were() -> None:
    assert _numbers(variants=20)[:5] == _numbers(variants=5)


def test_there_are_fewer_variants_where_there_are_not_as_many_combinations() -> None:
    variables = {"cases": {"from": 1, "to": 2}, "waiting": {"values": [10, 20]}}
    numbers = _numbers(variables=variables, variants=50)
    assert sorted(" ".join(variant.values()) for variant in numbers) == ["1 10", "1 20", "2 10", "2 20"]


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ({"from": 1, "to": 3}, ["1", "2", "3"]),
        ({"from": 0.1, "to": 0.5, "step": 0.1}, ["0.1", "0.2", "0.3", "0.4", "0.5"]),
        ({"from": 1, "to": 4, "step": 2}, ["1", "3"]),
        ({"from": -0.5, "to": 0.5, "step": 0.5}, ["-0.5", "0", "0.5"]),
        ({"from": 5, "to": 5}, ["5"]),
        ({"values": [480000, 100000000000000000000]}, ["480000", "100000000000000000000"]),
        ({"values": [0.0001, 0.0000001, 2.50, -0.0]}, ["0", "1e-4", "1e-7", "2.5"]),
        ({"from": 1.5e-19, "to": 4.5e-19, "step": 1.5e-19}, ["1.5e-19", "3e-19", "4.5e-19"]),
        ({"values": [1.5e-7, 0.5, 20, 1e6]}, ["0.5", "1.5e-7", "1e6", "20"]),
    ],
)
def test_numbers_are_written_as_people_write_them(values: dict[str, Any], texts: list[str]) -> None:
    variants = _numbers(variables={"n": values}, prompt="{n}", answer="n + 1", explanation="x", variants=50)
    assert sorted(variant["n"] for variant in variants) == sorted(texts)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(questions("calculated"))
def test_every_variant_is_different_and_its_numbers_and_answer_can_be_read(author: dict[str, Any]) -> None:
    question = question_of(author)
    answers, variants = _answers(question), _variants(question)
    assert len(answers) == len(variants) <= author["variants"]
    for variant in variants:
        assert list(variant) == list(author["variables"])
        for text in (*variant.values(), answers[" ".join(variant.values())]):
            assert parse_number(text) is not None
            assert "e" not in text or not 1e-3 <= abs(parse_number(text) or 0) < 1e5
            assert not text.endswith(".0") or "significant" in author


# ---- The answer ----


@pytest.mark.parametrize(
    ("expression", "decimals", "result"),
    [
        ("0.1 + 0.2", 1, "0.3"),
        ("0.1 + 0.2 - 0.3", 6, "0"),
        ("2.675", 2, "2.68"),
        ("1.005 * 100", 0, "101"),
        ("0.5", 0, "1"),
        ("-0.5", 0, "-1"),
        ("2.5", 0, "3"),
        ("-0.04", 1, "0"),
        ("1 / 3", 6, "0.333333"),
        ("1 / 3 * 3", 6, "1"),
        ("1 / 3 * 1.5", 0, "1"),
        ("sqrt(2) * sqrt(2) / 4", 0, "1"),
        ("floor(1 / 3 * 3)", 0, "1"),
        ("floor(-1.5)", 0, "-2"),
        ("ceil(0.1 * 30)", 0, "3"),
        ("ceil(100 * 1.1)", 0, "110"),
        ("round(2.5) + round(-2.5) + round(0.25, 1)", 1, "0.3"),
        ("round(1250, -2)", 0, "1300"),
        ("abs(-3) + min(1, 2, 3) + max(1, 2, 3)", 0, "7"),
        ("2 ** 10 + 2 ** -1", 1, "1024.5"),
        ("8 ** (1 / 3)", 6, "2"),
        ("1.05 ** 30", 6, "4.321942"),
        ("1e3 + 0x10", 0, "1016"),
        ("12345678901234567890 * 10", 0, "123456789012345678900"),
        ("(1 +\n 2) * 3", 0, "9"),
        ("+1 - -1", 0, "2"),
    ],
)
def test_answer_is_computed_in_decimals_and_rounded_half_away_from_zero(
    expression: str, decimals: int, result: str
) -> None:
    assert _result(expression, decimals) == result


_parts = st.recursive(
    st.sampled_from(["a", "b", "0.1", "2.5", "7", "1000"]),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
    max_leaves=8,
)


@given(
    _parts,
    st.integers(0, 6),
    st.integers(-100, 100),
    st.decimals(-10, 10, places=2).map(float),
)
def test_answer_is_what_exact_fractions_come_to(expression: str, decimals: int, a: int, b: float) -> None:
    numbers = {"a": Fraction(a), "b": Fraction(str(b))}
    exact = expression.replace("0.1", "tenth").replace("2.5", "half").replace("7", "seven").replace("1000", "thousand")
    constants = {"tenth": Fraction(1, 10), "half": Fraction(5, 2), "seven": Fraction(7), "thousand": Fraction(1000)}
    try:
        value = eval(exact, {}, numbers | constants)
    except ZeroDivisionError:
        assert "division by zero" in _refused(expression, a=a, b=b)
        return
    scaled = abs(value) * 10**decimals
    rounded = math.floor(scaled + Fraction(1, 2)) * (-1 if value < 0 else 1)
    assume(abs(value) < 10**30)
    assert Fraction(_result(expression, decimals, a=a, b=b)) == Fraction(rounded, 10**decimals)


@pytest.mark.parametrize(
    "expression",
    [
        "'7'",
        "b'7'",
        "f'{n}'",
        "True",
        "None",
        "1j",
        "...",
        "n > 1",
        "n == n",
        "not n",
        "n and n",
        "n if n else n",
        "n % 2",
        "n // 2",
        "n ^ 2",
        "n << 2",
        "~n",
        "n.real",
        "n.__class__",
        "().__class__.__bases__",
        "n[0]",
        "[n]",
        "(n, n)",
        "1,000",
        "{n}",
        "{n: n}",
        "[n for n in (1, 2)]",
        "lambda: n",
        "(n := 5)",
        "n = 5",
        "n; n",
        "import os",
        "__import__('os')",
        "open('x')",
        "eval('n')",
        "abs",
        "abs(abs)",
        "min + n",
        "min(n, abs)",
        "min(n)",
        "min(*n)",
        "min(n, key=abs)",
        "round(n, 0.5)",
        "round(n, 99)",
        "abs()",
        "2n",
        "1if n else 2",
        "n n",
        "n # m",
        "(" * 99 + "n",
        "\x00",
    ],
)
def test_what_is_more_than_arithmetic_is_refused(expression: str) -> None:
    assert "cannot be computed" not in _refused(expression, n=3)


@pytest.mark.parametrize(
    "expression",
    [
        "9 ** 9 ** 9",
        "n ** n ** n ** n",
        "*".join(["n"] * 100),
        "1e999",
        "9" * 200,
        "2 ** 1e50",
        "0.1 ** -1e50",
        "1 / 1e-59 * 10",
        "n ** (n ** n)",
        "sqrt(n) ** 1000",
        "n * 1e30",
    ],
)
def test_number_that_is_too_large_is_an_error_at_once(expression: str) -> None:
    assert re.search("is larger than 1e30|becomes larger than 1e60", _refused(expression, n=1e6))


@pytest.mark.parametrize("expression", ["-" * 199 + "n", "(" * 99 + "n" + ")" * 99, "+".join(["n"] * 100)])
def test_long_expression_of_the_right_form_is_computed(expression: str) -> None:
    assert abs(int(_result(expression, n=3))) in (3, 300)


_signs = ["n", "m", "1", "0", ".5", "e9", "+", "-", "*", "/", "**", "(", ")", ",", " ", "min", "round", "sqrt", "floor"]
_signs += ["%", "[", "]", "{", "}", "'", ":", "=", "<", ".", "if", "else", "lambda", "True", "#", "\\", "\n", "_", "é"]


@settings(max_examples=300)
@given(st.one_of(st.lists(st.sampled_from(_signs), max_size=30).map("".join), st.text(max_size=30)))
def test_any_text_is_computed_or_refused_and_never_crashes(expression: str) -> None:
    with contextlib.suppress(ValidationError):
        assert parse_number(_result(expression or "n", n=2, m=0.5)) is not None


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("sin(pi / 6)", "0.5"),
        ("cos(radians(n))", "0.5"),
        ("tan(pi / 4)", "1"),
        ("degrees(asin(1))", "90"),
        ("acos(0) * 2 - pi", "0"),
        ("atan(1) * 4", "3.14159"),
        ("exp(0) + ln(e)", "2"),
        ("log10(1000)", "3"),
        ("n ** 0.5", "7.74597"),
        ("2 * pi * sqrt(n / 9.81)", "15.53893"),
    ],
)
def test_functions_of_physics_and_chemistry(expression: str, answer: str) -> None:
    assert _result(expression, n=60, decimals=5) == answer


@pytest.mark.parametrize("expression", ["ln(0 - n)", "log10(n - 60)", "asin(n)", "tan(pi / 2) * n", "exp(n * n)"])
def test_functions_outside_of_their_domain_have_no_answer(expression: str) -> None:
    with pytest.raises(ValidationError):
        _result(expression, n=60)


def test_a_variable_may_be_called_like_a_constant() -> None:
    assert _result("e * 2", e=3) == "6"


FORMULAS = AUTHOR | {
    "prompt": r"With $c = {cases}\,\mathrm{cases}$ and $\frac{w}{{waiting}}$: how long?",
    "hint": r"$\qty{cases}{m}$",
    "explanation": r"$\frac{{waiting}}{{cases}}$",
}


def test_numbers_stand_in_formulas_and_units_of_their_name_stay() -> None:
    quiz = quiz_of(FORMULAS)
    public = public_payload(quiz)["questions"][0]
    assert "<mn>{cases}</mn>" in public["prompt"]
    assert "<mi>cases</mi>" in public["prompt"]
    assert "<mfrac><mi>w</mi><mn>{waiting}</mn></mfrac>" in public["prompt"]
    assert 'aria-label="w/{waiting}"' in public["prompt"]
    assert "<mn>{cases}</mn>" in public["hint"]
    html = outline_html(quiz)
    assert "{cases}" not in html
    assert "{waiting}" not in html


def test_a_variable_that_is_only_in_a_formula_is_seen() -> None:
    prompt = r"What is $\frac{{waiting}}{{cases}}$, and $\frac{a}{b}$?"
    assert question_of(AUTHOR | {"prompt": prompt}).interaction().variants[0].keys() == {"cases", "waiting"}


@pytest.mark.parametrize(
    "prompt", ["What is it?", "{cases}", r"{cases} $\mathrm{waiting}$", r"{cases} `$x$` $waiting$"]
)
def test_variable_that_the_answer_needs_and_students_never_see_is_a_mistake(tmp_path: Path, prompt: str) -> None:
    author = {**AUTHOR, "prompt": prompt, "hint": "x", "explanation": "x"}
    with pytest.raises(QuizError, match="the answer needs 'waiting', which students never see"):
        load_text(tmp_path, json.dumps({"title": "t", "questions": [author]}))


def test_answer_that_is_always_rounded_to_0_is_a_mistake(tmp_path: Path) -> None:
    author = {**AUTHOR, "answer": "waiting / cases * 1e-9"}
    with pytest.raises(QuizError, match="always rounded to 0"):
        load_text(tmp_path, json.dumps({"title": "t", "questions": [author]}))


def test_answer_is_computed_for_every_variant_when_the_quiz_is_loaded(tmp_path: Path) -> None:
    changed = AUTHOR | {"variables": {"cases": {"from": 0, "to": 40}, "waiting": {"values": [1]}}, "variants": 41}
    with pytest.raises(QuizError, match="there is no answer for cases=0, waiting=1: division by zero"):
        load_text(tmp_path, json.dumps({"title": "t", "questions": [changed]}))


# ---- Grading ----


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(questions("calculated"))
def test_answer_shown_to_a_learner_earns_all_points_with_every_variant(author: dict[str, Any]) -> None:
    question = question_of(author)
    for variant in _variants(question):
        response = {"answer": _answers(question)[" ".join(variant.values())], **variant}
        assert grade_question(question, response).status == "correct"


def test_answer_is_graded_with_the_numbers_of_its_response() -> None:
    question = question_of(AUTHOR)
    graded = [
        grade_question(question, {"answer": "50", "cases": cases, "waiting": waiting}).status
        for cases, waiting in (("20", "1000"), ("40", "2000"), ("25", "1000"))
    ]
    assert graded == ["correct", "correct", "incorrect"]


def test_tolerance_is_around_the_rounded_answer() -> None:
    question = question_of(AUTHOR | {"tolerance": 0.1})
    numbers = {"cases": "60", "waiting": "1000"}  # 16.666… rounded to 16.7
    graded = {
        answer: grade_question(question, {"answer": answer, **numbers}).score
        for answer in ("16.6", "16.7", "16.8", "16.59", "16.81")
    }
    assert graded == {"16.6": 1, "16.7": 1, "16.8": 1, "16.59": 0, "16.81": 0}


def test_numbers_of_another_quiz_are_an_error_that_names_the_question() -> None:
    with pytest.raises(ResponseError, match=r"'days-needed'.*no variant of this question has cases=21, waiting=1000"):
        grade_question(question_of(AUTHOR), {"answer": "47.6", "cases": "21", "waiting": "1000"})


# ---- What is shown ----


def test_texts_keep_the_names_of_numbers_for_hosts_to_fill_in() -> None:
    ((public, key),) = compiled(quiz_of(AUTHOR | {"hint": "Think of {cases}."}))
    assert public["prompt"].startswith("A court decides {cases} cases a day.")
    assert public["hint"] == "<p>Think of {cases}.</p>"
    assert key["explanation"] == "<p>{waiting} / {cases}, rounded to one decimal.</p>"


def test_braces_around_anything_but_a_word_mean_nothing() -> None:
    text = "{cases} {waiting} {} {1} { x } {a b} {math}`\\frac{a}{b}`"
    assert question_of(AUTHOR | {"prompt": text}).full_prompt() == text


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(questions("calculated"), st.sampled_from(["a - a + {}", "({}) * 0", "{}"]))
def test_payload_does_not_depend_on_the_key(author: dict[str, Any], form: str) -> None:
    name = next(iter(author["variables"]))
    changed = {**author, "answer": form.replace("a", name).format(author["answer"]), "tolerance": 7, "explanation": "e"}
    assert public_payload(quiz_of(author)) == public_payload(quiz_of(changed))


def test_author_can_write_the_type_in_yaml(tmp_path: Path) -> None:
    quiz = load_text(tmp_path, (ROOT / "examples" / "calculated.yml").read_text("utf-8"))
    assert quiz.questions[0].interaction().unit == "days"


def test_quiz_without_the_type_loads_without_the_evaluator(tmp_path: Path) -> None:
    write(tmp_path / "quiz.yml", QUIZ)
    program = "import sys, civicquiz; civicquiz.load('quiz.yml'); print('simpleeval' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert done.stdout == "False\n"
