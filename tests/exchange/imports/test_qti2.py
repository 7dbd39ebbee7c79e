"""QTI 2.1, 2.2 and 3.0: items and packages become quizzes, whichever names their elements have."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from import_checks import check_not_broken, check_odd_numbers, damaged, imported_from, with_something_missing
from import_samples import zipped
from material import PNG

from civicquiz.authoring.yaml_source import read
from civicquiz.errors import ExchangeError
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.importing import ImportReport
from civicquiz.exchange.imports.qti2 import READER


def declared(
    *correct: str, cardinality: str = "single", base: str = "identifier", mapping: str = "", name: str = "RESPONSE"
) -> str:
    """A declaration of a response."""
    values = "".join(f"<value>{value}</value>" for value in correct)
    right = f"<correctResponse>{values}</correctResponse>" if correct else ""
    attributes = f'identifier="{name}" cardinality="{cardinality}" baseType="{base}"'
    return f"<responseDeclaration {attributes}>{right}{mapping}</responseDeclaration>"


def mapped(default: float = 0, **entries: float) -> str:
    """A mapping; two underscores in a key are a space."""
    inside = "".join(
        f'<mapEntry mapKey="{key.replace("__", " ")}" mappedValue="{value}"/>' for key, value in entries.items()
    )
    return f'<mapping lowerBound="0" defaultValue="{default}">{inside}</mapping>'


def choices(tag: str, **texts: str) -> str:
    """Choices by their identifiers."""
    return "".join(f'<{tag} identifier="{name}">{text}</{tag}>' for name, text in texts.items())


def interaction(tag: str, inside: str, more: str = "") -> str:
    """An interaction with the usual response."""
    return f'<{tag} responseIdentifier="RESPONSE" {more}>{inside}</{tag}>'


MATCH = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
MAP = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/>'
POINTS = (
    '<outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float"><defaultValue><value>{}</value>'
    "</defaultValue></outcomeDeclaration>"
)


def item(declarations: str, body: str, processing: str = MATCH, more: str = "", name: str = "q-1") -> str:
    """An item of QTI 2.1."""
    attributes = f'xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="{name}" title="A name"'
    inside = f"{declarations}<itemBody>{body}</itemBody>{processing}{more}"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<assessmentItem {attributes}>{inside}</assessmentItem>'


def as_qti3(xml: str) -> str:
    """The same in QTI 3.0: its own elements have a prefix, and hyphens where there are capitals."""

    def kebab(name: str) -> str:
        return re.sub(r"[A-Z]", lambda found: f"-{found[0].lower()}", name)

    def tag(found: re.Match[str]) -> str:
        if found[2] in HTML:
            return found[0]
        attributes = re.sub(r"(?<=\s)([a-z]+[A-Z]\w*)(?==)", lambda name: kebab(name[1]), found[3])
        return f"<{found[1]}qti-{kebab(found[2])}{attributes}>"

    return re.sub(r"<(/?)([A-Za-z]\w*)((?:\s[^<>]*)?)>", tag, xml)


HTML = ("p", "img", "br", "b", "math", "mi", "mn", "msup", "mrow", "mo")


def imported(tmp_path: Path, content: str | bytes) -> tuple[ImportReport, list[dict[str, Any]]]:
    """The report on a file, and the questions that were written."""
    return imported_from(tmp_path / ("quiz.zip" if isinstance(content, bytes) else "quiz.xml"), content)


AB = choices("simpleChoice", A="one", B="<b>four</b>")
CHOICE = interaction("choiceInteraction", f"<prompt>Which?</prompt>{AB}", 'shuffle="true" maxChoices="1"')
ABC = choices("simpleChoice", A="a", B="b", C="c")
SETS = "<simpleMatchSet>{}</simpleMatchSet><simpleMatchSet>{}</simpleMatchSet>".format(
    choices("simpleAssociableChoice", F="France", I="Italy"),
    choices("simpleAssociableChoice", P="Paris", R="Rome", O="Oslo"),
)
BAND = (
    "<responseProcessing><responseCondition><responseIf><and>"
    '<gte><variable identifier="RESPONSE"/><baseValue baseType="float">9.7</baseValue></gte>'
    '<lte><variable identifier="RESPONSE"/><baseValue baseType="float">9.9</baseValue></lte></and>'
    '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>'
    "</responseIf></responseCondition></responseProcessing>"
)
ENTRY = interaction("textEntryInteraction", "")

EXACT: dict[str, tuple[str, dict[str, Any]]] = {
    "a choice of one": (
        item(declared("B"), f"<p>Look.</p>{CHOICE}", more=POINTS.format("2.5")),
        {
            "type": "single-choice",
            "prompt": "Look.\n\nWhich?\n",
            "options": ["one", {"text": "**four**", "correct": True}],
            "points": 2.5,
        },
    ),
    "a choice of several, by a mapping": (
        item(
            declared("A", "B", cardinality="multiple", mapping=mapped(A=1, B=1, C=-2)),
            interaction("choiceInteraction", f"<prompt>Which?</prompt>{ABC}", 'maxChoices="0"'),
            MAP,
            POINTS.format(1),
        ),
        {
            "type": "multiple-choice",
            "prompt": "Which?",
            "options": [{"text": "a", "correct": True}, {"text": "b", "correct": True}, "c"],
        },
    ),
    "a choice of several, all or nothing": (
        item(
            declared("A", "B", cardinality="multiple"),
            interaction("choiceInteraction", f"<prompt>Which?</prompt>{ABC}", 'maxChoices="0"'),
        ),
        {
            "type": "multiple-choice",
            "prompt": "Which?",
            "options": [{"text": "a", "correct": True}, {"text": "b", "correct": True}, "c"],
            "scoring": "all-or-nothing",
        },
    ),
    "true or false": (
        item(
            declared("F"),
            interaction("choiceInteraction", f"<prompt>So?</prompt>{choices('simpleChoice', T='True', F='False')}"),
        ),
        {"type": "true-false", "prompt": "So?", "answer": False},
    ),
    "a match": (
        item(
            declared("F P", "I R", cardinality="multiple", base="directedPair", mapping=mapped(F__P=1, I__R=1)),
            interaction("matchInteraction", f"<prompt>Match.</prompt>{SETS}"),
            MAP,
            POINTS.format(1),
        ),
        {
            "type": "match",
            "prompt": "Match.",
            "pairs": [{"left": "France", "right": "Paris"}, {"left": "Italy", "right": "Rome"}],
            "distractors": ["Oslo"],
        },
    ),
    "a number": (
        item(declared("9.8", base="float"), f"<p>How much is it? {ENTRY}</p>", BAND),
        {"type": "numeric", "prompt": "How much is it?", "answer": 9.8, "tolerance": 0.1},
    ),
    "a short text": (
        item(
            declared("York", base="string", mapping=mapped(York=2, Yorke=1)), f"<p>Which house?</p><p>{ENTRY}</p>", MAP
        ),
        {
            "type": "short-text",
            "prompt": "Which house?",
            "accept": ["York", {"text": "Yorke", "credit": 0.5}],
            "points": 2,
        },
    ),
    "gaps in a text": (
        item(
            declared("B") + declared("14", base="integer", name="R2"),
            "<p>Fill them in.</p><p>In {} there were {} states.</p>".format(
                interaction("inlineChoiceInteraction", choices("inlineChoice", A="1798", B="1812")),
                '<textEntryInteraction responseIdentifier="R2"/>',
            ),
        ),
        {
            "type": "cloze",
            "prompt": "Fill them in.",
            "text": "In [[gap-1]] there were [[gap-2]] states.",
            "gaps": {
                "gap-1": {"type": "single-choice", "options": ["1798", {"text": "1812", "correct": True}]},
                "gap-2": {"type": "numeric", "answer": 14, "tolerance": 0},
            },
        },
    ),
    "phrases in a text": (
        item(
            declared("A", cardinality="multiple", mapping=mapped(A=1, B=-1)),
            interaction(
                "hottextInteraction",
                f"<prompt>Mark it.</prompt><p>It {choices('hottext', A='was', B='is')} so.</p>",
                'maxChoices="0"',
            ),
            MAP,
        ),
        {"type": "select-text", "prompt": "Mark it.", "passage": "It [[+was]][[is]] so."},
    ),
    "a long text": (
        item(
            declared(base="string"),
            interaction("extendedTextInteraction", "<prompt>Explain.</prompt>")
            + '<rubricBlock view="scorer"><p>Names the law.</p></rubricBlock>',
            "",
            POINTS.format(3),
        ),
        {
            "type": "open-response",
            "prompt": "Explain.",
            "rubric": [{"text": "Names the law.", "points": 3}],
            "show_rubric": "never",
            "points": 3,
        },
    ),
    "a formula": (
        item(
            declared(base="string"),
            "<p>What is <math><msup><mi>c</mi><mn>2</mn></msup></math>?</p>"
            + interaction("extendedTextInteraction", ""),
            "",
        ),
        {"type": "open-response", "prompt": "What is $c^{2}$?"},
    ),
}


@pytest.mark.parametrize("version", ["2.1", "3.0"])
@pytest.mark.parametrize("name", EXACT)
def test_item_that_scores_the_same_here_is_read_without_changes(name: str, version: str, tmp_path: Path) -> None:
    xml, expected = EXACT[name]
    report, (values,) = imported(tmp_path, xml if version == "2.1" else as_qti3(xml))
    assert [*report.questions[0].reasons] == []
    assert values.pop("id") == "q-1"
    assert values == expected


FEEDBACK = '<modalFeedback outcomeIdentifier="FEEDBACK" identifier="{}" showHide="show"><p>{}</p></modalFeedback>'
GAPS = "<prompt>Drag them.</prompt>{}<p>The <gap identifier='G'/> sat.</p>".format(choices("gapText", C="cat", D="dog"))


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        (
            item(
                declared("C", "A", "B", cardinality="ordered"),
                interaction("orderInteraction", f"<prompt>Sort.</prompt>{ABC}"),
            ),
            ["in the right order counts"],
        ),
        (
            item(
                declared("F P", "I R", cardinality="multiple", base="directedPair"),
                interaction("matchInteraction", f"<prompt>Match.</prompt>{SETS}"),
            ),
            ["Only all pairs together"],
        ),
        (
            item(
                declared("C G", cardinality="multiple", base="directedPair", mapping=mapped(-1, C__G=1)),
                interaction("gapMatchInteraction", GAPS),
                MAP,
            ),
            ["dragged into the gaps", "A wrong word cost points"],
        ),
        (item(declared("B", mapping=mapped(B=1, A=0.5)), CHOICE, MAP), ["'one' earned 50%"]),
        (
            item(declared("B"), CHOICE, more=FEEDBACK.format("correct", "Yes!")),
            ["The feedback 'correct' was left out: 'Yes!'"],
        ),
        (
            item(declared("B"), CHOICE, "<responseProcessing><lookupOutcomeValue/></responseProcessing>"),
            ["rules that were not read (lookupOutcomeValue)"],
        ),
        (item(declared("x", base="string"), f"<p>The {ENTRY} sat.</p>"), ["'Fill in the gaps.' was added"]),
        (
            item(
                declared("A"), interaction("hottextInteraction", f"<p>It {choices('hottext', A='was', B='is')} so.</p>")
            ),
            ["Only one phrase", "It had no prompt"],
        ),
    ],
)
def test_what_is_lost_is_named(xml: str, said: list[str], tmp_path: Path) -> None:
    report, _ = imported(tmp_path, xml)
    (found,) = report.questions
    assert found.verdict == "changed", found.reasons
    assert len(found.reasons) == len(said)
    assert all(words in reason for words, reason in zip(said, found.reasons, strict=True))


def pattern(text: str) -> str:
    """Rules that accept what a pattern matches."""
    inside = f'<patternMatch pattern="{text}"><variable identifier="RESPONSE"/></patternMatch>'
    right = '<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>'
    condition = f"<responseIf>{inside}{right}</responseIf>"
    return f"<responseProcessing><responseCondition>{condition}</responseCondition></responseProcessing>"


@pytest.mark.parametrize(
    ("written", "text"), [(r"\s*York\s*", "York"), (r"^St\. John$", "St. John"), (r"\s*C\+\+\s*", "C++")]
)
def test_pattern_that_accepts_one_text_is_that_text(written: str, text: str, tmp_path: Path) -> None:
    report, (values,) = imported(tmp_path, item(declared(base="string"), f"<p>Which? {ENTRY}</p>", pattern(written)))
    assert (values["accept"], values["ignore"]) == ([text], ["space"])
    assert [*report.questions[0].reasons] == []


def test_feedback_on_a_choice_comes_along(tmp_path: Path) -> None:
    inline = AB.replace(
        "one<", '<p>one</p><feedbackInline identifier="A" outcomeIdentifier="F">Look.</feedbackInline><'
    )
    xml = item(declared("B"), CHOICE.replace(AB, inline), more=FEEDBACK.format("B", "Because."))
    _, (values,) = imported(tmp_path, xml)
    assert values["options"] == [
        {"text": "one", "feedback": "Look."},
        {"text": "**four**", "correct": True, "feedback": "Because."},
    ]


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (item("", "<p>Nothing.</p>"), "asks nothing"),
        (item(declared("B"), "<br/>" * 6_000 + CHOICE), "elements; at most 6,000"),
        (item("", CHOICE), "'RESPONSE' is not declared"),
        (item(declared(), CHOICE), "no option is right"),
        (item(declared("B"), CHOICE * 2), "2 interactions"),
        (item(declared("B"), interaction("hotspotInteraction", "")), "'hotspotInteraction'"),
        (item(declared("B"), interaction("customInteraction", "")), "'customInteraction'"),
        (item(declared("A"), interaction("orderInteraction", AB)), "each entry once"),
        (item(declared("F P"), interaction("matchInteraction", SETS)), "nothing is right for 'Italy'"),
        (item(declared("F P", "F R", "I P", "I R"), interaction("matchInteraction", SETS)), "several things"),
        (item(declared("F P"), interaction("matchInteraction", "")), "two sets"),
        (item(declared(), interaction("gapMatchInteraction", GAPS)), "nothing is right for the gap 'G'"),
        (item(declared("ten", base="float"), f"<p>How many? {ENTRY}</p>"), "'ten' is not a number"),
        (item(declared(base="float"), f"<p>How many? {ENTRY}</p>"), "no number is right"),
        (item(declared("B"), '<p><printedVariable identifier="X"/></p>' + CHOICE), "(templates)"),
        (item(declared("B"), CHOICE, more="<templateProcessing/>"), "(templates)"),
        (item(declared(base="string"), f"<p>Which? {ENTRY}</p>", pattern("Yorke?")), "it accepts a pattern, 'Yorke?'"),
    ],
)
def test_item_that_cannot_be_read_is_in_the_report_with_the_reason(xml: str, reason: str, tmp_path: Path) -> None:
    report, written = imported(tmp_path, xml)
    assert not written
    (found,) = report.questions
    assert found.verdict == "not read"
    assert reason in found.reasons[-1]


# ---- Packages ----


def ref(name: str, tag: str = "assessmentItemRef") -> str:
    """A reference in a test."""
    return f'<{tag} identifier="r-{name}" href="{name}"/>'


def assessment(*parts: str, more: str = "") -> str:
    """A test with one section."""
    section = f'<assessmentSection identifier="s" title="Laws">{more}{"".join(parts)}</assessmentSection>'
    limits = '<timeLimits maxTime="1200"/>'
    return f'<assessmentTest identifier="t" title="Courts">{limits}<testPart>{section}</testPart></assessmentTest>'


PICTURE = item(declared("B"), f'<p><img src="../images/a%20map.png" alt="a map"/></p>{CHOICE}')
SECOND = item(declared("A"), CHOICE, name="q-2")


def test_package_has_the_order_of_its_test_and_its_pictures(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "imsmanifest.xml": "<manifest/>",
        "test.xml": assessment(
            ref("items/b.xml"), ref("items/a.xml"), ref("items/gone.xml"), more='<selection select="2"/>'
        ),
        "items/a.xml": PICTURE,
        "items/b.xml": SECOND,
        "items/c.xml": item(declared("B"), CHOICE, name="q-3"),
        "images/a map.png": PNG,
    }
    report, written = imported(tmp_path, zipped(files))
    quiz = read(report.files[0]).value
    assert (quiz["title"], quiz["time_limit"], quiz["shuffle"]) == ("Courts", 20, ["options"])
    assert [values["id"] for values in quiz["questions"]] == ["q-2", "q-1"]
    assert [values["id"] for values in written] == ["q-2", "q-1", "q-3"]
    (picture,) = (tmp_path / "out").glob("*.png")
    assert quiz["questions"][1]["prompt"].startswith(f"![a map]({picture.name})")
    lost = next(found for found in report.questions if found.verdict == "not read")
    assert "'items/gone.xml' is not in the package" in lost.reasons[0]
    assert "Each student got 2 of the 3 entries of 'Laws'" in report.remarks[0][1]


def test_sections_that_refer_to_each_other_are_read_once(tmp_path: Path) -> None:
    def section(*parts: str) -> str:
        return f'<assessmentSection identifier="s" title="x">{"".join(parts)}</assessmentSection>'

    files: dict[str, str | bytes] = {
        "test.xml": assessment(ref("one.xml", "assessmentSectionRef"), ref("none.xml", "assessmentSectionRef")),
        "one.xml": section(ref("a.xml"), ref("two.xml", "assessmentSectionRef")),
        "two.xml": section(
            ref("a.xml"), ref("one.xml", "assessmentSectionRef"), ref("test.xml", "assessmentSectionRef")
        ),
        "a.xml": SECOND,
    }
    report, written = imported(tmp_path, zipped(files))
    assert len(written) == 1
    assert [remark for _, remark in report.remarks] == [
        "'a.xml' is in the test twice; it was read once.",
        "The section 'none.xml' was not read: it is not in the package.",
    ]


def test_text_that_items_refer_to_is_their_stimulus(tmp_path: Path) -> None:
    refers = '<assessmentStimulusRef identifier="s" href="texts/act.xml"/>'
    body = "<stimulusBody><p>A law.</p></stimulusBody>"
    stimulus = f'<assessmentStimulus identifier="s" title="The Act">{body}</assessmentStimulus>'
    items = {f"{name}.xml": as_qti3(item(refers + declared("B"), CHOICE, name=name)) for name in ("q-1", "q-2")}
    report, written = imported(tmp_path, zipped({**items, "texts/act.xml": as_qti3(stimulus)}))
    assert read(report.files[0]).value["stimuli"] == {"act": {"title": "The Act", "text": "A law."}}
    assert [values["stimulus"] for values in written] == ["act", "act"]


def test_texts_and_files_that_refer_to_each_other_are_read_once(tmp_path: Path) -> None:
    def text(other: str) -> str:
        refers = f'<assessmentStimulusRef identifier="s" href="{other}"/>'
        picture = f'<object data="{other}" type="text/html"/>'
        body = f"<stimulusBody><p>A law.</p>{picture}</stimulusBody>"
        return as_qti3(f'<assessmentStimulus identifier="s" title="The Act">{refers}{body}</assessmentStimulus>')

    resources = "".join(
        f'<resource identifier="{one}" href="{one}.xml"><file href="{one}.xml"/><dependency identifierref="{other}"/>'
        "</resource>"
        for one, other in (("q-1", "one"), ("one", "two"), ("two", "one"), ("three", "three"))
    )
    files: dict[str, str | bytes] = {
        "imsmanifest.xml": f"<manifest><resources>{resources}</resources></manifest>",
        "q-1.xml": as_qti3(item('<assessmentStimulusRef identifier="s" href="one.xml"/>' + declared("B"), CHOICE)),
        "one.xml": text("two.xml"),
        "two.xml": text("one.xml"),
    }
    report, (values,) = imported(tmp_path, zipped(files))
    assert read(report.files[0]).value["stimuli"] == {"one": {"title": "The Act", "text": "A law."}}
    assert values["stimulus"] == "one"


def test_one_damaged_item_does_not_stop_the_others(tmp_path: Path) -> None:
    report, written = imported(tmp_path, zipped({"a.xml": SECOND[:-30], "b.xml": SECOND}))
    assert [found.verdict for found in report.questions] == ["not read", "read"]
    assert "a.xml' is not well-formed" in report.questions[0].reasons[0]
    assert len(written) == 1


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"../a.xml": SECOND}, "leads outside of the archive"),
        ({"a.txt": "x"}, "no items in QTI 2 or 3"),
        ({"test.xml": assessment()}, "if it is a test, import the package"),
    ],
)
def test_package_without_items_or_that_is_not_safe_is_refused(files: dict[str, str | bytes], said: str) -> None:
    with pytest.raises(ExchangeError, match=re.escape(said)):
        READER.read(GivenFile(Path("quiz.zip"), zipped(files)))


WHOLE = zipped({"test.xml": assessment(ref("a.xml")), "a.xml": PICTURE})


@given(damaged(WHOLE))
def test_damaged_package_is_read_or_refused_and_never_a_crash(content: bytes) -> None:
    check_not_broken(READER, content)


WORDS = '<p class="words-from-30 words-to-90">30 to 90 words</p>'
NUMBERS = {
    **{name: {"a.xml": xml} for name, (xml, _) in EXACT.items()},
    "words": {"a.xml": item(declared(base="string"), WORDS + interaction("extendedTextInteraction", ""), "")},
    "test": {"a.xml": SECOND, "test.xml": assessment(ref("a.xml"), ref("b.xml"), more='<selection select="1"/>')},
}


@pytest.mark.parametrize("name", NUMBERS)
def test_odd_numbers_are_read_or_refused_and_never_a_crash(name: str) -> None:
    check_odd_numbers(READER, NUMBERS[name])


@pytest.mark.parametrize("name", EXACT)
def test_item_with_anything_missing_is_read_or_refused_and_never_a_crash(name: str) -> None:
    for xml in with_something_missing(EXACT[name][0]):
        check_not_broken(READER, xml)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("<p>Both <b>houses</b></p>", "Both **houses**"), ("a <b> c", "a <b> c"), ("1 < 2", "1 < 2"), ("<p>", "<p>")],
)
def test_html_that_is_written_as_text_is_read_as_html(text: str, shown: str, tmp_path: Path) -> None:
    options = choices("simpleChoice", A=f"<![CDATA[{text}]]>", B="b")
    asked = interaction("choiceInteraction", f"<prompt>Which?</prompt>{options}", 'maxChoices="1"')
    _, (values,) = imported(tmp_path, item(declared("A"), asked))
    assert values["options"][0]["text"] == shown
