"""The closed set of interactions: the shape of a response, and what it earns."""

from __future__ import annotations

import contextlib
import json
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from material import json_values, numbers, question_of, typed_numbers

from civicquiz.authoring.wording import number_text
from civicquiz.model.interactions import (
    Choice,
    ChoiceKey,
    ComputedNumber,
    ComputedNumberKey,
    Interaction,
    IntervalRule,
    Key,
    MapRule,
    NumberEntry,
    NumberEntryKey,
    Option,
    Ordering,
    OrderingKey,
    Scale,
    ShapeError,
    VariantsRule,
    interval_around,
    net_correct,
    parse_number,
    placeholders,
    with_numbers,
)
from civicquiz.model.interactions.number_entry import number_readings, read_number

ABCD = tuple(Option(name, name.upper()) for name in "abcd")
SINGLE, SINGLE_KEY = Choice(ABCD), ChoiceKey.of_one("a")
MULTIPLE, MULTIPLE_KEY = Choice(ABCD, multiple=True), ChoiceKey.of_several("ab", "cd")
ORDER, ORDER_KEY = Ordering(ABCD), OrderingKey.of("abcd")
NUMBER, NUMBER_KEY = NumberEntry("years"), NumberEntryKey(IntervalRule(13.5, 14.5), "14")
CALCULATED = ComputedNumber(
    "years", decimals=1, variants=({"cases": "20", "days": "1.5"}, {"cases": "-1", "days": "2"})
)
CALCULATED_KEY = ComputedNumberKey(
    VariantsRule(("cases", "days"), {"20 1.5": (29.5, 30.5), "-1 2": (-2, -2)}), {"20 1.5": "30", "-1 2": "-2"}
)

#: every interaction above, with its key
KEYED: list[tuple[Interaction[Any], Key[Any]]] = [
    (SINGLE, SINGLE_KEY),
    (MULTIPLE, MULTIPLE_KEY),
    (ORDER, ORDER_KEY),
    (NUMBER, NUMBER_KEY),
    (CALCULATED, CALCULATED_KEY),
]


# ---- Rules ----


def test_map_adds_weights_and_stops_at_nothing_and_at_full() -> None:
    rule = MapRule({"a": 1, "b": 2, "c": -2}, full=3)
    assert rule.share([]) == 0
    assert rule.share(["a"]) == 1 / 3
    assert rule.share(["a", "b"]) == 1
    assert rule.share(["a", "c"]) == 0
    assert rule.share(["b", "b"]) == 1
    assert rule.share(["unknown"]) == 0


def test_all_or_nothing_gives_nothing_below_full() -> None:
    rule = MapRule({"a": 1, "b": 1, "c": -1}, full=2, all_or_nothing=True)
    assert [rule.share(tokens) for tokens in ("a", "ab", "abc")] == [0, 1, 0]


@given(st.integers(1, 8), st.integers(0, 8))
def test_net_correct_pays_for_right_tokens_and_never_for_all_tokens(right: int, wrong: int) -> None:
    good = [f"r{n}" for n in range(right)]
    bad = [f"w{n}" for n in range(wrong)]
    rule = net_correct(good, bad)
    assert rule.share(good) == 1
    assert rule.share(bad) == 0
    assert rule.share([]) == 0
    if bad:
        assert rule.share(good + bad) == 0
        assert rule.share([*good, bad[0]]) < 1
    assert rule.share(good[:1]) == pytest.approx(1 / right)
    assert all(isinstance(weight, int) for weight in rule.weights.values())


@pytest.mark.parametrize(
    ("answer", "tolerance", "low", "high"),
    [(0.3, 0.1, 0.2, 0.4), (14, 0, 14, 14), (1.1, 0.05, 1.05, 1.15), (-5, 2, -7, -3), (0.1, 0.2, -0.1, 0.3)],
)
def test_interval_is_computed_in_decimals_and_includes_both_ends(
    answer: float, tolerance: float, low: float, high: float
) -> None:
    rule = IntervalRule(*interval_around(Decimal(repr(answer)), tolerance))
    assert (rule.low, rule.high) == (low, high)
    assert rule.share(low) == rule.share(high) == rule.share(answer) == 1
    assert rule.share(low - 1e-9) == rule.share(high + 1e-9) == 0


@given(st.floats(-1e100, 1e100), st.floats(0, 1e100))  # more is refused when a quiz is loaded
def test_interval_of_any_two_numbers_is_json_that_a_browser_can_read(answer: float, tolerance: float) -> None:
    rule = IntervalRule(*interval_around(Decimal(repr(answer)), tolerance))
    assert rule.share(answer) == 1
    json.dumps(rule.to_json(), allow_nan=False)


# ---- Choice ----


@pytest.mark.parametrize("interaction", [SINGLE, MULTIPLE, ORDER])
@pytest.mark.parametrize("empty", [None, [], ()])
def test_nothing_chosen_is_not_a_response(interaction: Interaction[Any], empty: Any) -> None:
    assert interaction.read(empty) is None


@pytest.mark.parametrize("interaction", [SINGLE, MULTIPLE, ORDER])
@pytest.mark.parametrize("bad", ["a", 0, True, {"a": 1}, [0], [None], [["a"]], ["e"], ["A"], ["a", "a"], [""], ["a "]])
def test_malformed_choice_is_refused(interaction: Interaction[Any], bad: Any) -> None:
    with pytest.raises(ShapeError):
        interaction.read(bad)


def test_single_choice_takes_one_option() -> None:
    assert SINGLE.read(["b"]) == ["b"]
    with pytest.raises(ShapeError, match="only one option"):
        SINGLE.read(["a", "b"])
    assert [SINGLE_KEY.share([name]) for name in "abcd"] == [1, 0, 0, 0]


def test_unknown_option_is_named_with_those_there_are() -> None:
    with pytest.raises(ShapeError, match=r"no option 'e' \(there are: a, b, c, d\)"):
        SINGLE.read(["e"])


def test_multiple_choice_scores_right_ticks_minus_wrong_ticks() -> None:
    shares = {ticks: MULTIPLE_KEY.share(list(ticks)) for ticks in ("a", "ab", "abc", "abcd", "ac", "c", "ba")}
    assert shares == {"a": 0.5, "ab": 1, "abc": 0.5, "abcd": 0, "ac": 0, "c": 0, "ba": 1}


def test_ticking_everything_earns_nothing_with_fewer_wrong_than_right_options() -> None:
    key = ChoiceKey.of_several("abc", "d")
    assert key.share(["a", "b", "c", "d"]) == 0
    assert key.share(["a", "b"]) == pytest.approx(2 / 3)


# ---- Order ----


def test_order_needs_every_option() -> None:
    with pytest.raises(ShapeError, match="all 4 options"):
        ORDER.read(["a", "b"])


def test_order_scores_pairs_in_the_right_order_against_pairs_in_the_wrong_one() -> None:
    assert ORDER_KEY.share(list("abcd")) == 1
    assert ORDER_KEY.share(list("abdc")) == pytest.approx(4 / 6)
    assert ORDER_KEY.share(list("bacd")) == pytest.approx(4 / 6)
    assert ORDER_KEY.share(list("dabc")) == 0
    assert ORDER_KEY.share(list("dcba")) == 0
    assert OrderingKey.of("ab").share(["b", "a"]) == 0


def test_every_order_but_the_right_one_earns_less_than_all() -> None:
    for order in permutations("abcd"):
        assert (ORDER_KEY.share(list(order)) == 1) == (order == tuple("abcd"))


@pytest.mark.parametrize("options", [*permutations(ABCD)], ids=lambda options: "".join(option.id for option in options))
def test_options_to_order_are_shown_in_the_same_order_however_they_are_given(options: tuple[Option, ...]) -> None:
    assert Ordering(options) == ORDER
    assert Scale(options, 1790, 1800) == Scale(ABCD, 1790, 1800)


# ---- Number ----


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("14", 14),
        (" 14 ", 14),
        ("14.0", 14),
        ("+14", 14),
        ("-3.5", -3.5),
        ("−3.5", -3.5),
        (".5", 0.5),
        ("-.5", -0.5),
        ("480,000", 480000),
        ("1,234,567.89", 1234567.89),
        ("480 000", 480000),
        ("480\u00a0000", 480000),
        ("480\u202f000", 480000),
        ("480\u2009000", 480000),
        ("2e6", 2e6),
        ("2E-3", 0.002),
        ("007", 7),
        ("0", 0),
    ],
)
def test_number_is_read_as_people_write_it(text: str, number: float) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "fourteen",
        "14 years",
        "1.",
        ".",
        "-",
        "+",
        "e5",
        "1e",
        "--1",
        "1.2.3",
        "0x1f",
        "inf",
        "nan",
        "Infinity",
        "1_000",
        "٣",
        "1e999",
        "9" * 41,
        "1/2/3",
        "$5",
        "%",
    ],
)
def test_what_is_not_a_number_is_none(text: str) -> None:
    assert parse_number(text) is None


@given(numbers)
def test_number_that_python_writes_is_read_back(number: float) -> None:
    assert parse_number(str(number)) == number


@given(typed_numbers)
def test_arbitrary_text_is_a_finite_number_or_none(text: str) -> None:
    number = parse_number(text)
    assert number is None or abs(number) < float("inf")


@pytest.mark.parametrize("empty", [None, "", "  ", "\n", "\t"])
def test_empty_field_is_not_a_response(empty: Any) -> None:
    assert NUMBER.read(empty) is None


@pytest.mark.parametrize("bad", [14, 14.0, True, ["14"], {"a": 1}, "fourteen", "1e999"])
def test_malformed_number_is_refused(bad: Any) -> None:
    with pytest.raises(ShapeError):
        NUMBER.read(bad)


def test_number_scores_within_its_interval() -> None:
    assert [NUMBER_KEY.share(text) for text in ("14", "13.5", "14.5", "13.49", "14.51")] == [1, 1, 1, 0, 0]


# ---- Calculated ----


def test_answer_counts_for_the_numbers_that_the_learner_had() -> None:
    def share(answer: str, cases: str, days: str) -> float:
        read = CALCULATED.read({"answer": answer, "cases": cases, "days": days})
        assert read is not None
        return CALCULATED_KEY.share(read)

    assert [share(answer, "20", "1.5") for answer in ("30", "29.5", "30.5", "29.4", "-2")] == [1, 1, 1, 0, 0]
    assert [share(answer, "-1", "2") for answer in ("-2", "\N{MINUS SIGN}2.0", "30")] == [1, 1, 0]


@pytest.mark.parametrize(
    "empty", [None, {}, {"answer": ""}, {"answer": " ", "cases": "20"}, {"cases": "1", "days": "1"}]
)
def test_numbers_without_an_answer_are_no_response(empty: Any) -> None:
    assert CALCULATED.read(empty) is None


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("30", "a response must map number ids"),
        ({"answer": "30", "hours": "1"}, "no number 'hours' .there are: answer, cases, days."),
        ({"answer": "30", "cases": 20, "days": "1.5"}, "number 'cases': a response must be text"),
        ({"answer": "30", "cases": "20"}, "number 'days' is missing"),
        ({"answer": "thirty", "cases": "20", "days": "1.5"}, "'thirty' is not a number .write it like"),
        ({"answer": "30", "cases": "20", "days": "2"}, "no variant of this question has cases=20, days=2"),
        ({"answer": "30", "cases": "20.0", "days": "1.5"}, "no variant of this question has cases=20.0"),
        ({"answer": "30", "cases": "20 1.5", "days": " "}, "number 'days' is missing"),
    ],
)
def test_response_with_other_numbers_than_a_learner_can_have_is_refused(bad: Any, message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        CALCULATED.read(bad)


def test_every_variant_has_an_answer_of_its_own() -> None:
    assert CALCULATED_KEY.answers_by_variant() == {"20 1.5": "30", "-1 2": "-2"}
    assert CALCULATED_KEY.answer == {"answer": "30", "cases": "20", "days": "1.5"}
    assert [CALCULATED_KEY.answer_for(numbers) for numbers in (*CALCULATED.variants, None)] == ["30", "-2", "30"]
    assert CALCULATED_KEY.answer_for({"answer": "7", **CALCULATED.variants[1]}) == "-2"


def test_rule_of_the_variants_is_json_in_the_order_of_the_variables() -> None:
    assert json.loads(json.dumps(CALCULATED_KEY.rule.to_json())) == {
        "rule": "variants",
        "variables": ["cases", "days"],
        "answers": {"20 1.5": [29.5, 30.5], "-1 2": [-2, -2]},
    }


@pytest.mark.parametrize(
    ("text", "names", "filled"),
    [
        ("{cases} a day for {days} days, {cases}", ["cases", "days", "cases"], "20 a day for 1.5 days, 20"),
        ("<p>`{cases}`</p>", ["cases"], "<p>`20`</p>"),
        ("{other} and {Cases}", ["other", "Cases"], "{other} and {Cases}"),
        ("{ cases } {} {1} {a b} {cases", [], "{ cases } {} {1} {a b} {cases"),
        ("{{cases}}", ["cases"], "{20}"),
        (r"{math}`\frac{cases}{days}` {cases}", ["cases"], r"{math}`\frac{cases}{days}` 20"),
        (r"{math}``{days}`{cases}`` {cases}", ["cases"], r"{math}``{days}`{cases}`` 20"),
        ("{cases}`", ["cases"], "20`"),
    ],
)
def test_numbers_stand_where_their_names_stand_in_braces(text: str, names: list[str], filled: str) -> None:
    assert placeholders(text) == names
    assert with_numbers(text, {"cases": "20", "days": "1.5"}) == filled


@given(st.text())
def test_text_without_the_name_of_a_number_is_left_alone(text: str) -> None:
    assert with_numbers(text, {}) == text


# ---- All of them ----


@pytest.mark.parametrize(("interaction", "key"), KEYED)
@given(response=json_values)
def test_arbitrary_json_is_a_response_or_none_or_a_shape_error(
    interaction: Interaction[Any], key: Key[Any], response: Any
) -> None:
    with contextlib.suppress(ShapeError):
        read = interaction.read(response)
        assert read is None or 0 <= key.share(read) <= 1


@pytest.mark.parametrize(("interaction", "key"), KEYED)
def test_the_answer_is_well_formed_and_earns_everything(interaction: Interaction[Any], key: Key[Any]) -> None:
    read = interaction.read(key.answer)
    assert read is not None
    assert key.share(read) == 1


@pytest.mark.parametrize("interaction", [SINGLE, MULTIPLE, ORDER, CALCULATED])
def test_deeply_nested_response_is_a_shape_error(interaction: Interaction[Any]) -> None:
    nested: Any = []
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(ShapeError):
        interaction.read(nested)


# ---- Numbers as different languages write them ----

READINGS = [
    ("en", "480,000", [480_000]),
    ("en", "480.000", [480]),
    ("en", "162,814", [162_814]),
    ("en", "1,5", [1.5]),
    ("en", "0,125", [0.125]),
    ("en", "1.234.567", [1_234_567]),
    ("en", "1.234,5", [1234.5]),
    ("en", "480'000", [480_000]),
    ("en", "480\u2009000", [480_000]),
    ("de", "480.000", [480_000]),
    ("de", "162,814", [162.814]),
    ("de", "1.5", [1.5]),
    ("de-CH", "480\u2019000", [480_000]),
    ("es", "480.000", [480, 480_000]),
    ("es", "162,814", [162_814, 162.814]),
    ("es", "1,5", [1.5]),
    ("es", "1.5", [1.5]),
    ("es", "1.234.567,8", [1_234_567.8]),
    ("es-MX", "480,000", [480_000]),
    ("es-ES", "480.000", [480_000]),
    ("xx", "480.000", [480, 480_000]),
    ("en", "1,23,456", []),
    ("es", "1,2,3", []),
    ("es", "1.5.", []),
]


@pytest.mark.parametrize(("language", "text", "expected"), READINGS)
def test_numbers_are_read_as_their_language_writes_them(language: str, text: str, expected: list[float]) -> None:
    assert list(number_readings(text, language)) == expected


@pytest.mark.parametrize(
    "sign", ["\u202c", "\u200e", "\u200b", "\ufeff", "\u2007", "\u00ad", "\u2060", "\u061c", "\u00a0"]
)
def test_invisible_character_changes_no_number(sign: str) -> None:
    for text in (f"{sign}5.5", f"5.5{sign}", f"5{sign}.5"):
        assert parse_number(text) == 5.5


@pytest.mark.parametrize("minus", "-\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d")
def test_every_dash_that_keyboards_make_is_a_minus_sign(minus: str) -> None:
    assert parse_number(f"{minus}3.5") == -3.5


def test_number_that_can_be_two_is_refused_with_both() -> None:
    with pytest.raises(ShapeError, match=r"'480.000' can be 480 or 480000 .*thousands") as refused:
        NumberEntry().read("480.000", "es")
    assert refused.value.code == "two_numbers"


@given(number=st.floats(allow_nan=False, allow_infinity=False), language=st.sampled_from(["en", "de", "es", "xx"]))
def test_what_was_read_says_the_same_number_in_english(number: float, language: str) -> None:
    readings = number_readings(number_text(number), language)
    assert number in (parse_number(number_text(number)), *readings)
    if len(readings) == 1:
        assert parse_number(read_number(number_text(number), language)) == readings[0]


@pytest.mark.parametrize("tolerance", ["2%", "2 %", "2.0%"])
def test_tolerance_in_percent_is_a_share_of_each_right_number(tolerance: str) -> None:
    author = {"id": "q", "type": "numeric", "prompt": "x", "answer": -200, "accept": [50], "tolerance": tolerance}
    assert question_of(author).key().rule == IntervalRule(-204, -196, ((49, 51),))  # type: ignore[union-attr]


def test_tolerance_in_percent_of_a_calculated_number_is_a_share_of_each_answer() -> None:
    author = {"id": "q", "type": "calculated", "prompt": "{a}", "variables": {"a": {"values": [100, 200]}}}
    question = question_of(author | {"answer": "a", "decimals": 0, "tolerance": "10%"})
    assert question.key().rule == VariantsRule(("a",), {"100": (90, 110), "200": (180, 220)})  # type: ignore[union-attr]
