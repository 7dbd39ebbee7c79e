"""Strict YAML: what values exist, where they are, and what is refused."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from civicquiz.authoring.yaml_source import MAX_BYTES, MAX_DEPTH, Position, WrittenFloat, WrittenInt, parse, read
from civicquiz.errors import Problem, QuizError

# ---- Values ----

WRITTEN_STRINGS = [
    "no",
    "yes",
    "on",
    "off",
    "y",
    "No",
    "TRUE",
    "True",
    "Null",
    "12:30",
    "12:30:45",
    "1776-07-04",
    "1776-07-04T12:00:00Z",
    "1_000",
    "0o7",
    "007",
    "0x1f",
    "0b11",
    ".inf",
    "-.inf",
    ".nan",
    "1,000",
    "+",
    "-.",
    ".",
    "1e",
    "1.2.3",
    "12345678901234567890",
    "=",
]


@pytest.mark.parametrize("written", WRITTEN_STRINGS)
def test_scalar_that_looks_like_something_else_stays_the_string_that_was_written(written: str) -> None:
    assert parse(f"answer: {written}").value == {"answer": written}
    assert type(parse(f"- {written}").value[0]) is str


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0", 0),
        ("-0", 0),
        ("14", 14),
        ("+5", 5),
        ("-300", -300),
        ("0.5", 0.5),
        (".5", 0.5),
        ("-1.25", -1.25),
        ("5.", 5.0),
        ("1e5", 1e5),
        ("2.5e-3", 2.5e-3),
        ("1.10", 1.1),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
    ],
)
def test_numbers_truth_values_and_null_are_read_as_such(written: str, value: Any) -> None:
    got = parse(f"a: {written}").value["a"]
    assert got == value
    assert isinstance(got, type(value))


@pytest.mark.parametrize("written", ["14", "true", "null", "~", "1.5", ""])
@pytest.mark.parametrize("quote", ["'", '"'])
def test_quoted_scalar_is_always_a_string(written: str, quote: str) -> None:
    assert parse(f"a: {quote}{written}{quote}").value == {"a": written}


def test_block_scalar_is_always_a_string() -> None:
    assert parse("a: |\n  14\nb: >\n  true\n").value == {"a": "14\n", "b": "true\n"}


def test_key_is_always_a_string() -> None:
    assert parse("true: 1\n14: 2\nno: 3\nnull: 4\n").value == {"true": 1, "14": 2, "no": 3, "null": 4}


@pytest.mark.parametrize("written", ["1798", "+5", "-0"])
def test_integer_keeps_its_written_text(written: str) -> None:
    number = parse(f"- {written}").value[0]
    assert isinstance(number, WrittenInt)
    assert number.written == written


@pytest.mark.parametrize("written", ["1.10", "1e3", "0.50", "5."])
def test_float_keeps_its_written_text(written: str) -> None:
    number = parse(f"- {written}").value[0]
    assert isinstance(number, WrittenFloat)
    assert number.written == written


def test_byte_order_mark_is_not_part_of_the_first_key(tmp_path: Path) -> None:
    file = tmp_path / "quiz.yml"
    file.write_bytes(b"\xef\xbb\xbftitle: x\n")
    source = read(file)
    assert source.value == {"title": "x"}
    assert source.key_positions["title",] == Position(1, 1)


def test_windows_line_ends_are_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "quiz.yml"
    file.write_bytes(b"title: x\r\nquestions:\r\n  - id: a\r\n")
    source = read(file)
    assert source.value == {"title": "x", "questions": [{"id": "a"}]}
    assert source.positions["questions", 0, "id"] == Position(3, 9)


# ---- Positions ----


def test_every_value_and_every_key_has_its_position() -> None:
    source = parse('title: x\nquestions:\n  - id: a\n    options: [1, "two"]\n')
    assert source.positions == {
        (): Position(1, 1),
        ("title",): Position(1, 8),
        ("questions",): Position(3, 3),
        ("questions", 0): Position(3, 5),
        ("questions", 0, "id"): Position(3, 9),
        ("questions", 0, "options"): Position(4, 14),
        ("questions", 0, "options", 0): Position(4, 15),
        ("questions", 0, "options", 1): Position(4, 18),
    }
    assert source.key_positions == {
        ("title",): Position(1, 1),
        ("questions",): Position(2, 1),
        ("questions", 0, "id"): Position(3, 5),
        ("questions", 0, "options"): Position(4, 5),
    }


def test_columns_count_characters_and_not_bytes() -> None:
    assert parse("{é: 日, b: 1}").positions["b",] == Position(1, 11)


def test_problem_at_a_missing_value_has_the_position_of_the_nearest_enclosing_one() -> None:
    source = parse("questions:\n  - id: a\n")
    assert source.problem(("questions", 0, "tolerance"), "m") == Problem("<text>", 2, 5, "m")
    assert source.problem(("questions", 7, "tolerance"), "m") == Problem("<text>", 2, 3, "m")
    assert source.problem(("questions", 0, "id"), "m", "h", at_key=True) == Problem("<text>", 2, 5, "m", "h")


_LOOKS_NUMERIC = re.compile(r"[-+]?[.0-9]")  # PyYAML does not quote texts that only our rules take for a number
_words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp"))).filter(
    lambda text: not _LOOKS_NUMERIC.match(text) and "\ufeff" not in text
)
_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**17), 10**17),
    st.floats(allow_nan=False, allow_infinity=False),
    _words,
    st.sampled_from(
        ["no", "12:30", "1776-07-04", "1_000", "line one\nline two\n", "- a", "a: b", "#x", "'", '"', "*a"]
    ),
)
_nested = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_words, inner, max_size=4),
    max_leaves=20,
)


def _places(node: yaml.Node, path: tuple[Any, ...], values: dict[Any, yaml.Node], keys: dict[Any, yaml.Node]) -> None:
    """The nodes of PyYAML's own composer, by path."""
    values[path] = node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            keys[(*path, key.value)] = key
            _places(value, (*path, key.value), values, keys)
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            _places(value, (*path, position), values, keys)


def _depth(value: Any) -> int:
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(_depth, inner), default=0)


@given(_nested.filter(lambda value: _depth(value) < MAX_DEPTH), st.booleans())
def test_dumped_values_come_back_equal_with_every_mark_in_place(value: Any, flow: bool) -> None:
    text = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=10**6, default_flow_style=flow)
    source = parse(text)
    assert source.value == value
    values: dict[Any, yaml.Node] = {}
    keys: dict[Any, yaml.Node] = {}
    _places(yaml.compose(text, yaml.SafeLoader), (), values, keys)
    for ours, theirs in ((source.positions, values), (source.key_positions, keys)):
        places = {path: Position(node.start_mark.line + 1, node.start_mark.column + 1) for path, node in theirs.items()}
        assert ours == places
    lines = text.splitlines()
    for path, node in values.items():
        if isinstance(node, yaml.ScalarNode) and node.style is None and node.value and node.value.isascii():
            mark = source.positions[path]
            assert lines[mark.line - 1][mark.column - 1 :].startswith(node.value)


# ---- What is refused ----


def _problems(action: Callable[[], Any]) -> tuple[Problem, ...]:
    with pytest.raises(QuizError) as caught:
        action()
    return caught.value.problems


def _only(text: str) -> Problem:
    (problem,) = _problems(lambda: parse(text))
    return problem


def _place(problem: Problem) -> tuple[int, int]:
    return problem.line, problem.column


def test_duplicate_key_names_the_key_and_its_first_line() -> None:
    problem = _only("a: 1\nb: 2\na: 3\n")
    assert _place(problem) == (3, 1)
    assert "'a'" in problem.message
    assert "line 1" in problem.message


def test_every_duplicate_key_is_reported() -> None:
    assert [_place(p) for p in _problems(lambda: parse("a: 1\na: 1\nb: {c: 1, c: 2}\n"))] == [(2, 1), (3, 11)]


def test_same_key_in_different_mappings_is_not_a_duplicate() -> None:
    assert parse("[{a: 1}, {a: 2}]").value == [{"a": 1}, {"a": 2}]


def test_duplicate_key_with_a_mapping_below_it_is_one_problem() -> None:
    assert _place(_only("a: {x: 1}\na: {x: 2}\n")) == (2, 1)
    assert _place(_only("q:\n  - id: a\nq:\n  - id: b\n")) == (3, 1)


def test_duplicate_inside_the_second_of_two_equal_keys_is_still_found() -> None:
    problems = _problems(lambda: parse("a: {x: 1}\na: {y: 2, y: 3}\n"))
    assert (2, 11) in [_place(problem) for problem in problems]


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ("a: &x 1\n", (1, 4), "&x"),
        ("a: &x {b: 1}\n", (1, 4), "&x"),
        ("a: *x\n", (1, 4), "*x"),
        ("a: 1\n<<: *x\n", (2, 5), "*x"),
        ("&k a: 1\n", (1, 1), "&k"),
        ("a: !!str 5\n", (1, 4), "tag"),
        ("a: !x 5\n", (1, 4), "!x"),
        ("a: !!python/object/apply:os.system [ls]\n", (1, 4), "tag"),
        ("? [a]\n: b\n", (1, 3), "key"),
        ("? {a: 1}\n: b\n", (1, 3), "key"),
    ],
)
def test_anchors_aliases_tags_and_collections_as_keys_are_refused(text: str, place: tuple[int, int], word: str) -> None:
    problem = _only(text)
    assert _place(problem) == place
    assert word in problem.message
    assert problem.hint


def test_nesting_to_the_limit_is_read_and_one_more_is_refused() -> None:
    assert parse("[" * MAX_DEPTH + "]" * MAX_DEPTH).value
    problem = _only("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))
    assert _place(problem) == (1, MAX_DEPTH + 1)
    assert str(MAX_DEPTH) in problem.message


def test_a_quiz_of_the_largest_size_is_read_and_one_byte_more_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "quiz.yml"
    file.write_text("a: 1\n#" + "x" * (MAX_BYTES - 6))
    assert read(file).value == {"a": 1}
    file.write_text("a: 1\n#" + "x" * (MAX_BYTES - 5))
    (problem,) = _problems(lambda: read(file))
    assert "500 kB" in problem.message
    assert problem.hint


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "   \n# x\n"])
def test_file_without_content_is_called_empty(text: str) -> None:
    problem = _only(text)
    assert _place(problem) == (1, 1)
    assert "empty" in problem.message
    assert "title:" in problem.hint


def test_second_document_is_refused_where_it_starts() -> None:
    assert _place(_only("a: 1\n---\nb: 2\n")) == (2, 1)


def test_leading_document_mark_is_allowed() -> None:
    assert parse("---\na: 1\n").value == {"a": 1}


def test_not_utf8_is_reported_at_the_byte(tmp_path: Path) -> None:
    file = tmp_path / "quiz.yml"
    file.write_bytes(b"title: x\nprompt: caf\xe9\n")
    (problem,) = _problems(lambda: read(file))
    assert _place(problem) == (2, 12)
    assert "UTF-8" in problem.message
    assert "UTF-8" in problem.hint


def test_not_utf8_after_accents_is_reported_at_the_character(tmp_path: Path) -> None:
    file = tmp_path / "quiz.yml"
    file.write_bytes("title: éé".encode() + b"\xff\n")
    (problem,) = _problems(lambda: read(file))
    assert _place(problem) == (1, 10)


def test_control_character_is_reported_at_the_character() -> None:
    problem = _only("a: 1\nb: x\x07\n")
    assert _place(problem) == (2, 5)
    assert "invisible" in problem.hint


def test_control_character_after_accents_is_reported_at_the_character() -> None:
    assert _place(_only("a: éé\x07\n")) == (1, 6)
    assert _place(_only("a: é\nb: x\x07\n")) == (2, 5)


@pytest.mark.parametrize(
    ("text", "place"),
    [("a:\n\tb: 1\n", (2, 1)), ("a:\n  - b: 1\n \tc: 2\n", (3, 2)), ("a:\n  - b\n\t- c\n", (3, 1))],
)
def test_tab_in_the_indentation_is_named(text: str, place: tuple[int, int]) -> None:
    problem = _only(text)
    assert _place(problem) == place
    assert "tab" in problem.message
    assert "spaces" in problem.hint


def test_tab_inside_a_text_is_not_blamed_for_a_mistake_beside_it() -> None:
    problem = _only("a: |\n  x\n  \ty\nb: c: d\n")
    assert problem.line == 4
    assert "tab" not in problem.message


def test_tab_inside_a_text_is_allowed() -> None:
    assert parse('a: x\ty\nb: |\n  y\n  \tz\nc: "\\t"\n').value == {"a": "x\ty", "b": "y\n\tz\n", "c": "\t"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a: 1\ntitle: "never closed\nb: 1\nc: 2\n', 2),
        ("a: 1\nb: [1, 2\nc: 3\n", 2),
        ("a: 1\nb: {x: 2\nc: 3\n", 2),
        ("a: 1\nprompt What?\nanswer: 2\n", 2),
    ],
)
def test_unfinished_line_is_reported_where_it_starts(text: str, line: int) -> None:
    problem = _only(text)
    assert problem.line == line
    assert problem.hint


@pytest.mark.parametrize("text", ["prompt: *Ludecke* was decided in 1948.\n", "prompt: **Never** in peace.\n"])
def test_text_that_starts_with_a_star_gives_a_hint_to_quote_it(text: str) -> None:
    problem = _only(text)
    assert _place(problem) == (1, 9)
    assert "quotes" in problem.hint
    assert "indentation" not in problem.hint


@pytest.mark.parametrize("text", ["a: @x\n", "a: `x`\n", "a: %x\n", "a: !x\n", "a: &x y\n", "a: b: c\n", 'a: "\\q"\n'])
def test_character_that_yaml_reserves_gives_a_hint_to_quote_it(text: str) -> None:
    assert "quotes" in _only(text).hint


def test_bad_escape_is_explained_as_one() -> None:
    for text in ('a: "50 \\U.S.C."\n', 'a: "\\xyz"\n', 'a: "C:\\d"\n'):
        assert "backslash" in _only(text).hint


def test_missing_file_and_folder_are_named(tmp_path: Path) -> None:
    (problem,) = _problems(lambda: read(tmp_path / "nope.yml"))
    assert problem.path.endswith("nope.yml")
    assert "no such file" in problem.message
    (problem,) = _problems(lambda: read(tmp_path))
    assert "folder" in problem.message


def test_path_is_shown_relative_to_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (problem,) = _problems(lambda: read(tmp_path / "quizzes" / "nope.yml"))
    assert problem.path == "quizzes/nope.yml"


# ---- Nothing can make it crash or keep it busy ----


def _assert_read_or_refused(action: Callable[[], Any], lines: int) -> None:
    """``action`` returns values, or raises problems with positions in the file; any other exception fails the test."""
    try:
        action()
    except QuizError as error:
        problems = error.problems
    else:
        return
    assert problems
    assert all(1 <= problem.line <= lines + 1 and problem.column >= 1 for problem in problems)


@given(st.text())
def test_arbitrary_text_raises_nothing_but_a_quiz_error(text: str) -> None:
    _assert_read_or_refused(lambda: parse(text), len(text.splitlines()) + 1)


@given(st.text(" \n\t-:?[]{},#&*!|>'\"%@`ab1.~\\<=", max_size=60))
def test_arbitrary_punctuation_raises_nothing_but_a_quiz_error(text: str) -> None:
    _assert_read_or_refused(lambda: parse(text), text.count("\n") + 1)


@given(st.binary())
def test_arbitrary_bytes_raise_nothing_but_a_quiz_error(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "arbitrary.yml"
    file.write_bytes(raw)
    _assert_read_or_refused(lambda: read(file), len(raw) + 1)


def _alias_bomb() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 12)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        _alias_bomb(),
        "a: " + "[" * 10_000 + "]" * 10_000,
        "{a: " * 10_000 + "1" + "}" * 10_000,
        "- " * 10_000 + "x",
        "title: x\n" + "# filler\n" * (MAX_BYTES // 8),
    ],
    ids=["alias bomb", "deep lists", "deep mappings", "deep dashes", "too large"],
)
def test_hostile_file_is_refused_within_50_ms(tmp_path: Path, text: str) -> None:
    file = tmp_path / "quiz.yml"
    file.write_text(text)
    durations = []
    for _ in range(5):
        start = time.perf_counter()
        problems = _problems(lambda: read(file))
        durations.append(time.perf_counter() - start)
        assert len(problems) == 1
    assert min(durations) < 0.05


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_bad_byte_behind_other_letters_is_found_with_and_without_a_byte_order_mark(tmp_path: Path, bom: bytes) -> None:
    path = tmp_path / "quiz.yml"
    path.write_bytes(bom + "title: xéab".encode() + b"\xff")
    with pytest.raises(QuizError) as error:
        read(path)
    (problem,) = error.value.problems
    assert (problem.line, problem.column) == (1, 12)
    assert "0xff" in problem.message
