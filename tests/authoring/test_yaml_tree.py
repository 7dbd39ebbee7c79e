"""Where the values of a YAML text are, and what is between them."""

from __future__ import annotations

import pytest

from civicquiz.authoring.yaml_tree import Between, leaves_of, tree_of


def _texts(text: str) -> list[str]:
    return [text[leaf.start : leaf.end] for leaf in leaves_of(tree_of(text))]


@pytest.mark.parametrize(
    ("text", "leaves"),
    [
        ("a: 1\nb:\n- 'c'\n- {d: [e]}\n", ["a", "1", "b", "'c'", "{d: [e]}"]),
        ("a:\nb:\n", ["a", "", "b", ""]),
        ("- - a\n  - b\n", ["a", "b"]),
        ("a: |\n  b\n\n\nc: d\n", ["a", "|\n  b", "c", "d"]),
        ("a: |+\n  b\n\n\nc: d\n", ["a", "|+\n  b\n\n", "c", "d"]),
        ("a: |\n  b\n     \nc: d\n", ["a", "|\n  b\n     ", "c", "d"]),
        ("é: “a” # b\n", ["é", "“a”"]),
        ("{a: b} # c\n", ["{a: b}"]),
    ],
)
def test_leaves_are_keys_and_whatever_is_no_block_of_others(text: str, leaves: list[str]) -> None:
    assert _texts(text) == leaves


def test_gap_has_the_comments_with_their_places() -> None:
    text = "a: 1 # one\n\n  # two\n# three\n\nb: 2\n"
    gap = Between(text, 4, text.index("b"))
    assert [(remark.text, remark.column, remark.alone, remark.apart) for remark in gap.remarks] == [
        ("# one", 5, False, False),
        ("# two", 2, True, True),
        ("# three", 0, True, False),
    ]
    assert gap.apart


def test_sign_in_a_text_is_no_comment() -> None:
    text = "a: 'b #c'\nd: e#f\n"
    assert _texts(text) == ["a", "'b #c'", "d", "e#f"]
