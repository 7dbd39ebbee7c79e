"""Moodle XML becomes quizzes; what our rules cannot say is named, and so is what cannot be read."""

from __future__ import annotations

import base64
import hashlib
import re
from html import unescape
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from import_checks import check_not_broken, damaged, imported_from, with_something_missing
from import_samples import with_odd_numbers
from material import PNG

import civicquiz
from civicquiz.authoring.markdown import render
from civicquiz.authoring.yaml_source import read
from civicquiz.errors import ExchangeError
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.html_text import FoundTexts
from civicquiz.exchange.importing import ImportReport, import_files
from civicquiz.exchange.imports.moodle_xml import READER


def html(tag: str, text: str, more: str = "") -> str:
    """An element with a text in HTML."""
    return f'<{tag} format="html"{more}><text>{escape(text)}</text></{tag}>'


def answer(text: str, fraction: float = 0, feedback: str = "", more: str = "") -> str:
    """An answer; ``more`` is what else is in it."""
    said = html("feedback", feedback)
    return f'<answer fraction="{fraction}" format="html"><text>{escape(text)}</text>{said}{more}</answer>'


def question(type_name: str, *parts: str, text: str = "<p>Which?</p>", name: str = "A name") -> str:
    """A question with a name and a text."""
    start = f"<name><text>{escape(name)}</text></name>{html('questiontext', text)}"
    return f'<question type="{type_name}">\n{start}{"".join(parts)}</question>\n'


def imported(tmp_path: Path, *questions: str, name: str = "bank.xml") -> tuple[ImportReport, list[dict[str, Any]]]:
    """The report on a file with these questions, and the questions that were written."""
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n{"".join(questions)}</quiz>\n'
    return imported_from(tmp_path / name, xml)


def one(tmp_path: Path, *parts: str, text: str = "<p>Which?</p>", type_name: str) -> tuple[dict[str, Any], list[str]]:
    """A question of this type as it was written, without id and prompt, and what was changed."""
    report, written = imported(tmp_path, question(type_name, *parts, text=text))
    assert report.questions[0].verdict != "not read", report.questions[0].reasons
    (values,) = written
    return {key: value for key, value in values.items() if key not in ("id", "prompt")}, list(
        report.questions[0].reasons
    )


def refusal(tmp_path: Path, xml: str) -> str:
    """Why a question cannot be read."""
    report, written = imported(tmp_path, xml)
    assert not written
    (found,) = report.questions
    assert (found.verdict, found.place) == ("not read", "line 3")
    return found.reasons[-1]


# ---- What each type becomes ----

CALCULATED = (
    '<answer fraction="100"><text>pow({a},2)/{b}</text><tolerance>0.01</tolerance><tolerancetype>1</tolerancetype>'
    "<correctanswerformat>1</correctanswerformat><correctanswerlength>2</correctanswerlength></answer>"
)


def wildcard(name: str, *values: float) -> str:
    """A wildcard with its values."""
    entries = "".join(
        f"<dataset_item><number>{number}</number><value>{value}</value></dataset_item>"
        for number, value in enumerate(values, start=1)
    )
    entries = f"<dataset_items>{entries}</dataset_items>"
    return f"<dataset_definition><name><text>{name}</text></name>{entries}</dataset_definition>"


EXACT: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "multichoice": (
        ("<single>true</single>", answer("<p>one</p>", 0, "No: <b>four</b>."), answer("<p>four</p>", 100)),
        {
            "type": "single-choice",
            "options": [{"text": "one", "feedback": "No: **four**."}, {"text": "four", "correct": True}],
        },
    ),
    "multichoice ": (
        (
            "<single>false</single>",
            *(answer(sign, 33.33333) for sign in "abc"),
            answer("d", -100),
        ),
        {"type": "multiple-choice", "options": [*({"text": sign, "correct": True} for sign in "abc"), "d"]},
    ),
    "multichoiceset": (
        (answer("a", 100), answer("b", 100), answer("c", 0)),
        {
            "type": "multiple-choice",
            "options": [{"text": "a", "correct": True}, {"text": "b", "correct": True}, "c"],
            "scoring": "all-or-nothing",
        },
    ),
    "truefalse": (
        (answer("true", 0, "It is not."), answer("false", 100)),
        {"type": "true-false", "answer": False, "feedback": {"true": "It is not."}},
    ),
    "shortanswer": (
        ("<usecase>1</usecase>", answer("Paris", 100), answer("Pariss", 50), answer("London", 0, "In England.")),
        {
            "type": "short-text",
            "accept": ["Paris", {"text": "Pariss", "credit": 0.5}],
            "ignore": ["space"],
            "mistakes": [{"text": "London", "feedback": "In England."}],
        },
    ),
    "numerical": (
        (
            answer("480000", 100, more="<tolerance>10000</tolerance>"),
            answer("48000", 0, "Ten times more."),
            "<units><unit><multiplier>1</multiplier><unit_name>people</unit_name></unit></units>",
        ),
        {
            "type": "numeric",
            "answer": 480000,
            "tolerance": 10000,
            "mistakes": [{"number": 48000, "feedback": "Ten times more."}],
            "unit": "people",
        },
    ),
    "matching": (
        (
            "<subquestion format='html'><text>France</text><answer><text>Paris</text></answer></subquestion>",
            "<subquestion format='html'><text>Italy</text><answer><text>Rome</text></answer></subquestion>",
            "<subquestion format='html'><text></text><answer><text>Oslo</text></answer></subquestion>",
        ),
        {
            "type": "match",
            "pairs": [{"left": "France", "right": "Paris"}, {"left": "Italy", "right": "Rome"}],
            "distractors": ["Oslo"],
        },
    ),
    "essay": (
        (
            "<minwordlimit>30</minwordlimit><maxwordlimit>120</maxwordlimit><defaultgrade>3</defaultgrade>",
            html("graderinfo", "Names the order."),
        ),
        {
            "type": "open-response",
            "min_words": 30,
            "max_words": 120,
            "rubric": [{"text": "Names the order.", "points": 3}],
            "show_rubric": "never",
            "points": 3,
        },
    ),
}


@pytest.mark.parametrize("name", EXACT)
def test_question_that_scores_the_same_here_is_read_without_changes(name: str, tmp_path: Path) -> None:
    parts, expected = EXACT[name]
    assert one(tmp_path, *parts, type_name=name.strip()) == (expected, [])


def test_gaps_of_every_type_become_a_cloze(tmp_path: Path) -> None:
    text = (
        "<p>Complete the text.</p><p>In {1:MULTICHOICE_V:=1798#yes~1812#That was the war\\~year.} it covered people of "
        "{1:NM:=14:0~%0%16:0#Too old.} who are not {2:SAC:=naturalized~%50%citizens}, "
        "and {1:MW:=a \\} brace~*#Look.}.</p>"
    )
    values, changes = one(tmp_path, type_name="cloze", text=text)
    assert values["text"] == ("In [[gap-1]] it covered people of [[gap-2]] who are not [[gap-3]], and [[gap-4]].")
    assert values["gaps"] == {
        "gap-1": {
            "type": "single-choice",
            "options": [
                {"text": "1798", "correct": True, "feedback": "yes"},
                {"text": "1812", "feedback": "That was the war~year."},
            ],
        },
        "gap-2": {
            "type": "numeric",
            "answer": 14,
            "tolerance": 0,
            "mistakes": [{"number": 16, "feedback": "Too old."}],
        },
        "gap-3": {
            "type": "short-text",
            "accept": ["naturalized", {"text": "citizens", "credit": 0.5}],
            "ignore": ["space"],
        },
        "gap-4": {"type": "short-text", "accept": ["a } brace"]},
    }
    assert changes == [
        "The answer '*' has an asterisk that stood for any text; it was left out. The feedback on it was 'Look.'.",
        "The gaps counted 1, 1, 2, 1 times; here each counts the same.",
    ]


def test_several_right_options_in_the_only_gap_are_a_multiple_choice(tmp_path: Path) -> None:
    values, changes = one(tmp_path, type_name="multianswer", text="<p>Which? {1:MULTIRESPONSE:%50%a~%50%b~%-100%c}</p>")
    assert values["type"] == "multiple-choice"
    assert values["options"] == [{"text": "a", "correct": True}, {"text": "b", "correct": True}, "c"]
    assert changes == []


@pytest.mark.parametrize(("type_name", "tag"), [("gapselect", "selectoption"), ("ddwtos", "dragbox")])
def test_words_for_gaps_become_lists_of_their_group(type_name: str, tag: str, tmp_path: Path) -> None:
    words = "".join(
        f"<{tag}><text>{word}</text><group>{group}</group></{tag}>"
        for word, group in (("cat", 1), ("dog", 1), ("sat", 2), ("ran", 2))
    )
    values, changes = one(tmp_path, words, type_name=type_name, text="<p>Say it.</p><p>The [[2]] [[3]].</p>")
    assert values["text"] == "The [[gap-1]] [[gap-2]]."
    assert values["gaps"]["gap-1"]["options"] == ["cat", {"text": "dog", "correct": True}]
    assert values["gaps"]["gap-2"]["options"] == [{"text": "sat", "correct": True}, "ran"]
    assert ["dragged" in change for change in changes] == [True] * (tag == "dragbox")


def test_calculated_number_has_its_wildcards_as_variables(tmp_path: Path) -> None:
    sets = wildcard("a", 2, 3) + wildcard("b", 4, 5, 5) + wildcard("unused", 1)
    data = f"<dataset_definitions>{sets}</dataset_definitions>"
    values, changes = one(
        tmp_path, CALCULATED, data, type_name="calculated", text="<p>Square {a}, over {b}: {=2*{a}}</p>"
    )
    assert values == {
        "type": "calculated",
        "answer": "(a)**(2)/b",
        "decimals": 2,
        "tolerance": "1%",
        "variables": {
            "a": {"values": [2, 3]},
            "b": {"values": [4, 5]},
            "result_1": {"calculate": "2*a", "significant": 6},
        },
    }
    assert len(changes) == 3
    assert any("fixed sets" in change for change in changes)


def test_numbers_that_students_never_see_come_in_a_question_for_each_set(tmp_path: Path) -> None:
    sets = wildcard("a", 2, 3) + wildcard("right", 4.25, 1e99) + wildcard("other", 1e99, 9)
    data = f"<dataset_definitions>{sets}</dataset_definitions>"
    precision = "<tolerance>0.5</tolerance><tolerancetype>2</tolerancetype>"
    parts = (answer("{right}", 100, more=precision), answer("{other}", 100, more=precision), answer("{a}", 0, "No."))
    text = "<p>Square {a}.</p><p>It is {=2*{a}}.</p>"
    unit = "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit></units>"
    report, written = imported(tmp_path, question("calculated", *parts, data, unit, text=text + "<p>______ m</p>"))
    assert [found.verdict for found in report.questions] == ["changed", "changed"], report.questions[0].reasons
    assert [one["prompt"].strip() for one in written] == ["Square 2.\n\nIt is 4.", "Square 3.\n\nIt is 6."]
    assert [(one["type"], one["answer"], one["tolerance"], one["unit"]) for one in written] == [
        ("numeric", 4.25, 0.5, "m"),
        ("numeric", 9, 0.5, "m"),
    ]
    assert [one["mistakes"][0]["number"] for one in written] == [2, 3]
    assert ["set 1 of 2" in found.reasons[0] for found in report.questions] == [True, False]


def test_choice_without_points_where_all_is_right_is_a_poll(tmp_path: Path) -> None:
    for single, several in (("true", {}), ("false", {"multiple": True})):
        folder = tmp_path / single
        folder.mkdir()
        parts = (f"<single>{single}</single><defaultgrade>0</defaultgrade>", answer("a", 100), answer("b", 100))
        values, changes = one(folder, *parts, type_name="multichoice")
        assert values == {"type": "poll", **several, "options": ["a", "b"]}
        assert "it is a poll" in changes[0]


@pytest.mark.parametrize(
    ("last", "is_timeline"),
    [
        ("%50%1812:2", True),
        ("%40%1812:2", False),
        ("%50%1812:3", False),
        ("%50%1813:2", False),
        ("%50%1812:2#Nearly.", False),
    ],
)
def test_years_whose_points_fall_with_the_distance_are_a_timeline(last: str, is_timeline: bool, tmp_path: Path) -> None:
    events = f"<p>{{1:NM:=1798:1~%50%1798:2}} A law</p><p>{{1:NM:=1812:1~{last}}} A war</p>"
    text = f"<p>When?</p><p>The scale goes from 1790 to 1820.</p>{events}"
    report, (values,) = imported(tmp_path, question("cloze", text=text))
    assert (values["type"] == "timeline") == is_timeline
    if is_timeline:
        assert values["prompt"] == "When?"
        assert values["events"] == [{"text": "A law", "year": 1798}, {"text": "A war", "year": 1812}]
        assert [values[name] for name in ("start", "end", "tolerance", "reach")] == [1790, 1820, 1, 3]
    assert bool(report.questions[0].reasons) != is_timeline


def test_many_steps_of_partial_credit_are_one_remark(tmp_path: Path) -> None:
    steps = [answer("10", 90 - 10 * off, more=f"<tolerance>{off}</tolerance>") for off in range(1, 7)]
    _, changes = one(tmp_path, answer("10", 100), *steps, type_name="numerical")
    assert changes == [
        "Numbers that are farther off, in 6 steps, earned from 30% to 80% of the points; here they earn nothing."
    ]


def test_right_sides_are_words_and_one_for_all_makes_categories(tmp_path: Path) -> None:
    def row(left: str, right: str) -> str:
        return (
            f"<subquestion format='html'><text>{left}</text><answer><text>{escape(right)}</text></answer></subquestion>"
        )

    values, _ = one(tmp_path, row("a", "x &amp; &lt;y>"), row("b", "<i>z</i>"), type_name="matching")
    assert [pair["right"] for pair in values["pairs"]] == ["x & <y>", "z"]
    (tmp_path / "more").mkdir()
    rows = (row("a", "x"), row("b", "x"), row("", "y"))
    values, _ = one(tmp_path / "more", *rows, type_name="matching")
    entries = [{"text": "a", "category": "x"}, {"text": "b", "category": "x"}]
    assert values == {"type": "categorize", "categories": ["x", "y"], "items": entries}


def test_tags_keep_their_capitals_and_what_changes_is_named(tmp_path: Path) -> None:
    tags = "<tags><tag><text>Law</text></tag><tag><text>U.S. courts</text></tag></tags>"
    values, changes = one(tmp_path, answer("true", 100), answer("false", 0), tags, type_name="truefalse")
    assert values["tags"] == ["Law", "U-S-courts"]
    assert changes == ["The tag 'U.S. courts' became 'U-S-courts', because tags have no blanks or signs."]


def test_calculated_options_have_variables_too(tmp_path: Path) -> None:
    data = f"<dataset_definitions>{wildcard('a', 2, 3)}</dataset_definitions>"
    options = (answer("{=2*{a}}", 100), answer("{=3*{a}}", 0))
    values, _ = one(tmp_path, "<single>1</single>", *options, data, type_name="calculatedmulti", text="Twice {a}?")
    assert [option if isinstance(option, str) else option["text"] for option in values["options"]] == [
        "{result_1}",
        "{result_2}",
    ]


def test_entries_are_in_the_right_order_and_the_other_rule_is_named(tmp_path: Path) -> None:
    parts = (answer("third", 3), answer("first", 1), answer("second", 2), "<gradingtype>ALL_OR_NOTHING</gradingtype>")
    values, changes = one(tmp_path, *parts, type_name="ordering")
    assert values["items"] == ["first", "second", "third"]
    assert len(changes) == 1
    assert "ALL_OR_NOTHING" in changes[0]


# ---- What our rules cannot say ----


@pytest.mark.parametrize(
    ("type_name", "parts", "said"),
    [
        ("multichoice", (answer("a", 100), answer("b", 50), answer("c", -25)), ["earned 50%", "cost 25%"]),
        ("multichoice", (answer("a", 90), answer("b", 0)), ["The best option earned 90%"]),
        (
            "multichoice",
            ("<single>false</single>", answer("a", 70), answer("b", 30), answer("c", 0)),
            ["earned 70%, 30%", "A wrong option cost nothing; here it costs 100%"],
        ),
        (
            "shortanswer",
            (answer("Par*", 100), answer("Paris", 100, "Well done.")),
            ["'Par*' has an asterisk", "Well done"],
        ),
        (
            "numerical",
            (answer("10", 100, more="<tolerance>1</tolerance>"), answer("10", 50, more="<tolerance>3</tolerance>")),
            ["10 ± 3 earned 50%"],
        ),
        (
            "numerical",
            (answer("10", 100, more="<tolerance>1</tolerance>"), answer("20", 100), answer("*", 0, "Look again.")),
            ["20 was right, too", "any other number was left out: 'Look again.'"],
        ),
        ("truefalse", (answer("true", 100), answer("false", 0), "<defaultgrade>0</defaultgrade>"), ["worth no points"]),
        ("essay", (html("responsetemplate", "Dear ..."),), ["'Dear ...'"]),
        ("essay", (html("hint", "Look."), html("hint", "Look closer.")), ["2 hints"]),
        ("essay", ("<hidden>1</hidden>",), ["hidden in Moodle"]),
    ],
)
def test_what_is_lost_is_named_in_the_report_and_above_the_question(
    type_name: str, parts: tuple[str, ...], said: list[str], tmp_path: Path
) -> None:
    report, _ = imported(tmp_path, question(type_name, *parts))
    (found,) = report.questions
    assert found.verdict == "changed"
    assert len(found.reasons) == len(said)
    for words, reason in zip(said, found.reasons, strict=True):
        assert words in reason
        assert f"# {reason}" in report.files[0].read_text("utf-8")


def test_penalties_general_feedback_and_the_order_of_options_are_about_the_whole_file(tmp_path: Path) -> None:
    options = (answer("a", 100), answer("b", 0), "<penalty>0.3333333</penalty>", html("correctfeedback", "<p>Yes!</p>"))
    report, _ = imported(
        tmp_path,
        question("multichoice", *options, "<shuffleanswers>true</shuffleanswers>"),
        question("multichoice", *options, "<shuffleanswers>0</shuffleanswers>"),
    )
    assert [found.verdict for found in report.questions] == ["read", "read"]
    remarks = " ".join(remark for _, remark in report.remarks)
    assert "'Yes!'" in remarks
    assert "attempt_penalty: 0.3333" in remarks
    assert "different order" in remarks
    assert "shuffle" not in read(report.files[0]).value


def test_options_are_shuffled_if_all_questions_had_them_shuffled(tmp_path: Path) -> None:
    options = (answer("a", 100), answer("b", 0), "<shuffleanswers>true</shuffleanswers>")
    report, _ = imported(tmp_path, question("multichoice", *options), question("essay"))
    assert read(report.files[0]).value["shuffle"] == ["options"]


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (question("stack"), "computer algebra"),
        (question("random"), "'pick' in the quiz"),
        (question("description"), "'stimuli'"),
        (question("ddmarker"), "a place in a picture"),
        (question("crossword"), "no counterpart to Moodle's type 'crossword'"),
        (question("multichoice", answer("a", 0), answer("b", 0)), "no option is right"),
        (question("multichoice", answer("a", 100), answer("a", 0)), "the same text appears twice"),
        (question("shortanswer", answer("*", 100)), "no text is right"),
        (question("numerical", answer("ten", 100)), "'ten' is not a number"),
        (question("numerical", answer("nan", 100)), "'nan' is not a number"),
        (question("multichoice", answer("a", 100).replace('"100"', '"all"')), "'all' is not a grade"),
        (question("cloze", text="{1:SA:=never closed"), "not closed"),
        (question("cloze", text="no gaps"), "no gap"),
        (question("cloze", text="{1:MR:=a~b} {1:SA:=c}"), "MULTIRESPONSE"),
        (question("gapselect", text="[[3]]"), "the gap [[3]] has no word"),
        (question("calculated", CALCULATED, text="{a}"), "a wildcard 'a' without values"),
        (
            question("calculated", CALCULATED.replace("pow", "fmod"), f"<d>{wildcard('a', 1)}{wildcard('b', 1)}</d>"),
            "the function 'fmod'",
        ),
        (question("calculated", CALCULATED, wildcard("a", 1) * 101), "101 wildcards"),
        (
            question("calculated", CALCULATED.replace("{b}", "{b}+1" * 400), wildcard("a", 1) + wildcard("b", 1)),
            "characters",
        ),
        (question("gapselect", "<selectoption><text>a</text></selectoption>" * 201, text="[[1]]"), "201 words"),
        (question("essay", text=""), "'prompt'"),
        (question("essay", text="x" * 200_000), "200,000 characters"),
        (question("essay", text="<b>" * 5_000 + "x"), "nested too deeply"),
        (question("essay", text="<p><math><mfoo/></math></p>"), "'mfoo'"),
    ],
)
def test_question_that_cannot_be_read_is_in_the_report_with_its_line_and_the_reason(
    xml: str, reason: str, tmp_path: Path
) -> None:
    assert reason in refusal(tmp_path, xml)


def test_one_bad_question_does_not_stop_the_others(tmp_path: Path) -> None:
    report, written = imported(tmp_path, question("stack"), question("essay"), question("numerical", answer("x", 100)))
    assert [found.verdict for found in report.questions] == ["not read", "read", "not read"]
    assert len(written) == 1


# ---- Texts ----


def test_images_come_along_as_files_under_names_that_never_meet(tmp_path: Path) -> None:
    file = f'<file name="a map.png" path="/" encoding="base64">{base64.b64encode(PNG).decode()}</file>'
    other = f'<file name="a map.png" path="/" encoding="base64">{base64.b64encode(PNG + b"x").decode()}</file>'
    text = '<p><img src="@@PLUGINFILE@@/a%20map.png" alt="a map"> Where?</p>'
    holder = f"<questiontext><text>{escape(text)}</text>{{}}</questiontext>"
    here = f'<question type="essay"><name><text>q</text></name>{holder}</question>'
    report, written = imported(tmp_path, here.format(file))
    digest = hashlib.sha256(PNG).hexdigest()[:6]
    assert written[0]["prompt"] == f"![a map](a-map-{digest}.png) Where?"
    assert (tmp_path / "out" / f"a-map-{digest}.png").read_bytes() == PNG
    report, _ = imported(tmp_path, here.format(other), name="other.xml")
    assert report.questions[0].verdict == "not read"  # something follows the image
    assert not list((tmp_path / "out").glob(f"*{hashlib.sha256(PNG + b'x').hexdigest()[:6]}*"))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("https://example.org/a.png", "https://example.org/a.png was not fetched"),
        ("//example.org/a.png", "//example.org/a.png was not fetched"),
        ("@@PLUGINFILE@@/gone.png", "'gone.png' is not in the file"),
        ("file:///etc/passwd", "was not fetched"),
        ("../../etc/passwd", "'passwd' is not in the file"),
        ("data:image/png;base64,AAAA", "neither a picture nor a recording"),
    ],
)
def test_image_that_is_not_in_the_file_is_never_fetched_but_named(source: str, said: str, tmp_path: Path) -> None:
    report, written = imported(tmp_path, question("essay", text=f'<p>Look: <img src="{source}" alt="a map"></p>'))
    assert "a map" in written[0]["prompt"]
    assert said in " ".join(report.questions[0].reasons)
    assert [path.suffix for path in (tmp_path / "out").iterdir()] == [".yml"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"<p>What is \(x_1 * y\) for \[\frac{a}{b}\]?</p>", r"What is $x_1 * y$ for $$\frac{a}{b}$$?"),
        ("<p>It cost $5 &amp; $10.</p>", "It cost $5 & $10."),
        (r"<p>$5 and \(x &lt; 2\)</p>", r"\$5 and $x < 2$"),
        ("<p>10<sup>5</sup> H<sub>2</sub>O, the 19<sup>th</sup></p>", "10⁵ H₂O, the 19th"),
        ("<p>*a* _b_ [c](d) `e` ![f](g) &amp;lt; 1 * 2</p>", r"\*a\* _b\_ [c\](d) \`e\` ![f\](g) \&lt; 1 * 2"),
        ("<p>1. First</p><p>- Then</p>", "1\\. First\n\n\\- Then"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("a<br>b<br><br>", "a\\\nb"),
        ("<pre>x  = \\(1\\)\n  y</pre>", "```\nx  = \\(1\\)\n  y\n```"),
        ('<p onclick="x()"><a href="https://example.org/a">a</a></p>', "[a](https://example.org/a)"),
        ("<math><mfrac><mi>a</mi><mn>2</mn></mfrac></math>", r"$\frac{a}{2}$"),
        (
            '<math><semantics><mi>q</mi><annotation encoding="x-tex">\\alpha</annotation></semantics></math>',
            r"$\alpha$",
        ),
        ("<table><tr><th>a</th></tr><tr><td>b|c</td></tr></table>", "| a |\n| --- |\n| b\\|c |"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
    ],
)
def test_html_becomes_markdown_that_says_the_same(text: str, expected: str, tmp_path: Path) -> None:
    report, written = imported(tmp_path, question("essay", text=text))
    assert (written[0]["prompt"].strip(), list(report.questions[0].reasons)) == (expected, [])


def test_scripts_and_pages_of_others_are_left_out_and_named(tmp_path: Path) -> None:
    active = '<script>alert("x")</script><iframe src="https://example.org"></iframe>'
    text = f'<p>Look.{active}<a href="javascript:x()">y</a></p>'
    report, written = imported(tmp_path, question("essay", text=text))
    assert written[0]["prompt"] == "Look.y"
    assert len(report.questions[0].reasons) == 3


def test_formula_that_cannot_be_shown_is_kept_as_code_and_named(tmp_path: Path) -> None:
    report, written = imported(tmp_path, question("essay", text=r"<p>What is \(\color{red}{x}\) for \(y\)?</p>"))
    assert written[0]["prompt"] == r"What is ` \color{red}{x} ` for $y$?"
    assert r"The formula '\color{red}{x}'" in report.questions[0].reasons[0]


def test_control_characters_are_left_out_and_named(tmp_path: Path) -> None:
    report, written = imported(tmp_path, question("essay", text="<p>Wh\x9fich?</p>", name="A\x85 name"))
    assert written[0]["prompt"] == "Which?"
    assert "U+009F" in report.questions[0].reasons[0]


def test_markdown_of_moodle_stays_as_it_is_and_its_pictures_come_along(tmp_path: Path) -> None:
    encoded = base64.b64encode(PNG).decode()
    pictures = f"![d](data:image/png;base64,{encoded}) ![e](@@PLUGINFILE@@/e.png) ![c](https://example.org/c.png)"
    text = question("essay", text=f"*a* **b** {pictures}")
    text = text.replace('questiontext format="html"', 'questiontext format="markdown"')
    file = f'<file name="e.png" path="/" encoding="base64">{encoded}</file>'
    report, written = imported(tmp_path, text.replace("</questiontext>", f"{file}</questiontext>"))
    digest = hashlib.sha256(PNG).hexdigest()[:6]
    kept = f"![d](picture-{digest}.png) ![e](e-{digest}.png)"
    assert written[0]["prompt"] == f"*a* **b** {kept} [c](https://example.org/c.png)"
    (said,) = report.questions[0].reasons
    assert "was not fetched" in said


# ---- The file ----


def test_each_category_is_a_quiz(tmp_path: Path) -> None:
    def category(path: str) -> str:
        return f'<question type="category"><category><text>{path}</text></category></question>'

    report, _ = imported(
        tmp_path,
        category("$course$/top/Default for C1"),
        question("essay"),
        category("$course$/top/Courts/Supreme // High"),
        question("essay"),
        category("$course$/top/Empty"),
    )
    titles = {path.name: civicquiz.load(path).title for path in report.files}
    assert titles == {"bank.yml": "Bank", "bank-supreme-high.yml": "Supreme / High"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_encoding_that_the_file_declares_is_used(encoding: str, tmp_path: Path) -> None:
    name = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{name}"?><quiz>{question("essay", text="¿Qué?")}</quiz>'
    (tmp_path / "a.xml").write_bytes(text.encode(encoding))
    report = import_files([tmp_path / "a.xml"], tmp_path / "out")
    assert civicquiz.load(report.files[0]).questions[0].prompt == "¿Qué?"
    assert report.remarks == []


def test_encoding_that_was_guessed_is_named(tmp_path: Path) -> None:
    text = f'<?xml version="1.0" encoding="UTF-8"?><quiz>{question("essay", text="¿Qué?")}</quiz>'
    (tmp_path / "a.xml").write_bytes(text.encode("cp1252"))
    report = import_files([tmp_path / "a.xml"], tmp_path / "out")
    assert civicquiz.load(report.files[0]).questions[0].prompt == "¿Qué?"
    assert "Windows-1252" in report.remarks[0][1]


WHOLE = f"<quiz>{''.join(question(name.strip(), *parts) for name, (parts, _) in EXACT.items())}</quiz>"


def test_file_with_anything_missing_is_read_or_refused_and_never_a_crash() -> None:
    for xml in with_something_missing(WHOLE):
        check_not_broken(READER, xml)


NUMBERS = {
    **{name: question(name.strip(), *parts) for name, (parts, _) in EXACT.items()},
    "penalty": question("essay", "<penalty>0.3333333</penalty>"),
    "cloze": question("cloze", text="{1:NM:=14:0~%50%16:1#Too old.} {2:MC:=a~%33.3%b} {1:SA:=c}"),
    "years": question("cloze", text="<p>When?</p><p>{1:NM:=1798:1~%50%1798:2} A</p><p>{1:NM:=1812:1~%50%1812:2} B</p>"),
    "calculated": question("calculated", CALCULATED, wildcard("a", 2, 3), wildcard("b", 4, 5), text="{a} {b} {=2*{a}}"),
    "hidden": question("calculated", answer("{b}", 100), wildcard("a", 2, 3), wildcard("b", 4, 5), text="{a} {=2*{a}}"),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_odd_numbers_are_read_or_refused_and_never_a_crash(name: str) -> None:
    for xml in with_odd_numbers(f"<quiz>{NUMBERS[name]}</quiz>"):
        check_not_broken(READER, xml)


@pytest.mark.parametrize("penalty", ["nan", "inf", "1e400", "a third"])
def test_penalty_that_is_not_a_number_is_not_named(penalty: str, tmp_path: Path) -> None:
    report, _ = imported(tmp_path, question("essay", f"<penalty>{penalty}</penalty>"))
    assert report.remarks == []


GOOD = f'<?xml version="1.0"?>\n<quiz>{question("essay")}</quiz>'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '<!DOCTYPE quiz [<!ENTITY a "b">]>' + GOOD.partition("\n")[2],
            "<!DOCTYPE>) with declarations of its own in line 1",
        ),
        (GOOD[:-20], "not well-formed XML"),
        (GOOD.replace("Which", "&nbsp;"), "the entity '&nbsp;' in line 3"),
        ("<quiz>" + "<a>" * 300 + "<question></question>", "inside each other"),
        ("<quiz><!-- <question --></quiz>", "has no questions"),
    ],
)
def test_file_that_cannot_be_read_is_refused_as_a_whole(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(text, "utf-8")
    report = import_files([tmp_path / "a.xml"], tmp_path / "out")
    assert report.files == []
    assert said in report.failed[0][1]
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_file_with_too_many_elements_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("civicquiz.exchange.xml_text.MAX_ELEMENTS", 1_000)
    with pytest.raises(ExchangeError, match="more than 1,000 elements"):
        READER.read(GivenFile(Path("a.xml"), b"<quiz>" + b"<question/>" * 2_000 + b"</quiz>"))


#: Texts with many signs that mean something in Markdown; dollars and \\( begin formulas in other tests.
MARKUP = st.text("ab 1.-*_`[]()<>&;#!|~\\{}:\"'+=\n", max_size=40)
ANY = st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Zl", "Zp"], exclude_characters="$"), max_size=40)


@given(st.one_of(MARKUP, ANY).filter(lambda text: "\\(" not in text and "\\[" not in text), st.booleans())
def test_any_text_is_read_as_itself(text: str, is_bold: bool) -> None:
    markup = f"<b>{escape(text)}</b>" if is_bold and text.strip() else escape(text)
    written = FoundTexts({}, []).from_html(f"<p>A {markup}</p>")
    shown = unescape(re.sub(r"<[^>]*>", "", render(written)))
    assert "".join(shown.split()) == "".join(f"A {text}".split())


@given(damaged(GOOD.encode()))
def test_damaged_file_is_read_or_refused_and_never_a_crash(content: bytes) -> None:
    check_not_broken(READER, content)
