"""QTI 1.2, as New Quizzes and Classic Quizzes of Canvas export it, becomes quizzes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from import_checks import check_not_broken, check_odd_numbers, damaged, imported_from, with_something_missing
from import_samples import zipped
from material import PNG

from civicquiz.authoring.yaml_source import read
from civicquiz.errors import ExchangeError
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.importing import ImportReport
from civicquiz.exchange.imports.qti12 import READER


def material(text: str, texttype: str = "text/html") -> str:
    """A text."""
    return f'<material><mattext texttype="{texttype}">{escape(text)}</mattext></material>'


def options(ident: str, *texts: str, cardinality: str = "Single", title: str = "", more: str = "") -> str:
    """A choice; the idents of its options are their texts."""
    labels = "".join(f'<response_label ident="{text}"{more}>{material(text)}</response_label>' for text in texts)
    start = material(title, "text/plain") if title else ""
    choice = f"<render_choice>{labels}</render_choice>"
    return f'<response_lid ident="{ident}" rcardinality="{cardinality}">{start}{choice}</response_lid>'


LINE = '<render_fib><response_label ident="answer1"/></render_fib>'
FIELD = f'<response_str ident="r" rcardinality="Single">{LINE}</response_str>'


def equal(value: str, ident: str = "r") -> str:
    """A condition that a response is a value."""
    return f'<varequal respident="{ident}">{escape(value)}</varequal>'


def when(condition: str, score: float | None = 100, action: str = "Set", shown: str = "") -> str:
    """What a condition does."""
    change = f'<setvar action="{action}" varname="SCORE">{score}</setvar>' if score is not None else ""
    feedback = f'<displayfeedback feedbacktype="Response" linkrefid="{shown}"/>' if shown else ""
    keep = ' continue="Yes"' if score is None else ""
    return f"<respcondition{keep}><conditionvar>{condition}</conditionvar>{change}{feedback}</respcondition>"


def feedback(ident: str, text: str) -> str:
    """A feedback by its ident."""
    return f'<itemfeedback ident="{ident}"><flow_mat>{material(text)}</flow_mat></itemfeedback>'


def item(
    type_name: str,
    fields: str,
    *conditions: str,
    text: str = "<p>Which?</p>",
    more: str = "",
    ident: str = "i1",
    **metadata: str,
) -> str:
    """An item of Canvas."""
    known = {"question_type": type_name, "points_possible": "1.0", **metadata}
    labels = "".join(
        f"<qtimetadatafield><fieldlabel>{name}</fieldlabel><fieldentry>{value}</fieldentry></qtimetadatafield>"
        for name, value in known.items()
        if value
    )
    outcomes = '<outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>'
    return (
        f'\n<item ident="{ident}" title="A name"><itemmetadata><qtimetadata>{labels}</qtimetadata></itemmetadata>'
        f"<presentation>{material(text)}{fields}</presentation>"
        f"<resprocessing>{outcomes}{''.join(conditions)}</resprocessing>{more}</item>"
    )


def assessment(*items: str, title: str = "Courts") -> str:
    """A file with a quiz."""
    section = f'<section ident="root_section">{"".join(items)}</section>'
    namespace = 'xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"'
    quiz = f'<assessment ident="g1" title="{title}">{section}</assessment>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<questestinterop {namespace}>{quiz}</questestinterop>'


def imported(tmp_path: Path, content: str | bytes, name: str = "") -> tuple[ImportReport, list[dict[str, Any]]]:
    """The report on a file, and the questions that were written."""
    return imported_from(tmp_path / (name or ("quiz.zip" if isinstance(content, bytes) else "quiz.xml")), content)


NOT_B = f"<not>{equal('B')}</not>"
EXACT: dict[str, tuple[str, dict[str, Any]]] = {
    "multiple choice": (
        item(
            "multiple_choice_question",
            options("r", "A", "B"),
            when("<other/>", None, shown="general_fb"),
            when(equal("B"), None, shown="B_fb"),
            when(equal("A")),
            more=feedback("general_fb", "<p>Because.</p>") + feedback("B_fb", "<p>No: <b>A</b>.</p>"),
            points_possible="2.5",
        ),
        {
            "type": "single-choice",
            "options": [{"text": "A", "correct": True}, {"text": "B", "feedback": "No: **A**."}],
            "explanation": "Because.",
            "points": 2.5,
        },
    ),
    "true or false": (
        item("true_false_question", options("r", "True", "False"), when(equal("False"))),
        {"type": "true-false", "answer": False},
    ),
    "multiple answers of Classic Quizzes": (
        item(
            "multiple_answers_question",
            options("r", "A", "B", "C", "D", cardinality="Multiple"),
            when(f"<and>{equal('A')}{NOT_B}{equal('C')}</and>"),
        ),
        {
            "type": "multiple-choice",
            "options": [{"text": "A", "correct": True}, "B", {"text": "C", "correct": True}, "D"],
        },
    ),
    "multiple answers, all or nothing": (
        item(
            "multiple_answers_question",
            options("r", "A", "B", cardinality="Multiple"),
            when(f"<and>{equal('A')}{NOT_B}</and>"),
            scoring_algorithm="AllOrNothing",
        ),
        {"type": "multiple-choice", "options": [{"text": "A", "correct": True}, "B"], "scoring": "all-or-nothing"},
    ),
    "a poll": (
        item(
            "multiple_choice_question", options("r", "A", "B"), when(equal("A")), when(equal("B")), points_possible="0"
        ),
        {"type": "poll", "options": ["A", "B"]},
    ),
    "a poll with several answers": (
        item(
            "multiple_answers_question",
            options("r", "A", "B", cardinality="Multiple"),
            when(f"<and>{equal('A')}{equal('B')}</and>"),
            points_possible="0",
        ),
        {"type": "poll", "options": ["A", "B"], "multiple": True},
    ),
    "short answer": (
        item("short_answer_question", FIELD, when(equal("USA") + equal("United States"))),
        {"type": "short-text", "accept": ["USA", "United States"]},
    ),
    "a number and a margin": (
        item(
            "numerical_question",
            FIELD,
            when(f"<or>{equal('480000')}<and><vargte>470000</vargte><varlte>490000</varlte></and></or>"),
        ),
        {"type": "numeric", "answer": 480000, "tolerance": 10000},
    ),
    "a range of numbers": (
        item("numerical_question", FIELD, when("<vargte>1.0</vargte><varlte>2.0</varlte>")),
        {"type": "numeric", "answer": 1.5, "range": {"from": 1, "to": 2}},
    ),
    "a blank in a paragraph of its own": (
        item(
            "fill_in_multiple_blanks_question",
            '<response_lid ident="response_b"><render_choice><response_label ident="1" '
            'scoring_algorithm="TextCloseEnough" answer_type="openEntry" levenshtein_distance="1" ignore_case="true">'
            f"{material('executive', 'text/plain')}</response_label></render_choice></response_lid>",
            when(equal("1", "response_b")),
            text="<p>Which?</p><p>[b]</p>",
        ),
        {"type": "short-text", "accept": ["executive"], "typos": 1},
    ),
    "matching": (
        item(
            "matching_question",
            options("r1", "Paris", "Rome", "Oslo", title="France")
            + options("r2", "Paris", "Rome", "Oslo", title="Italy"),
            when(equal("Paris", "r1"), 50, "Add"),
            when(equal("Rome", "r2"), 50, "Add"),
        ),
        {
            "type": "match",
            "pairs": [{"left": "France", "right": "Paris"}, {"left": "Italy", "right": "Rome"}],
            "distractors": ["Oslo"],
        },
    ),
    "gaps": (
        item(
            "fill_in_multiple_blanks_question",
            options("response_a", "red", "blue", more=' answer_type="dropdown"')
            + options(
                "response_b",
                "violet",
                more=' answer_type="openEntry" scoring_algorithm="TextCloseEnough" levenshtein_distance="1"',
            ),
            when(equal("red", "response_a"), 50, "Add"),
            when(equal("violet", "response_b"), 50, "Add"),
            text="<p>Complete it.</p><p>A rose is [a], a violet is [b].</p>",
        ),
        {
            "type": "cloze",
            "text": "A rose is [[gap-1]], a violet is [[gap-2]].",
            "gaps": {
                "gap-1": {"type": "single-choice", "options": [{"text": "red", "correct": True}, "blue"]},
                "gap-2": {"type": "short-text", "accept": ["violet"], "typos": 1},
            },
        },
    ),
    "essay": (
        item(
            "essay_question",
            FIELD.replace(
                "<response_str", '<response_str word_limit_enabled="Yes" word_limit_min="30" word_limit_max="90"'
            ),
            grading_notes="Names the order.",
        ),
        {
            "type": "open-response",
            "min_words": 30,
            "max_words": 90,
            "rubric": [{"text": "Names the order.", "points": 1}],
            "show_rubric": "never",
        },
    ),
    "a choice of another program": (
        item("", options("r", "A", "B"), when(equal("A"), 5, "Add"), when(equal("B"), 0, "Add")),
        {"type": "single-choice", "options": [{"text": "A", "correct": True}, "B"]},
    ),
}


@pytest.mark.parametrize("name", EXACT)
def test_question_that_scores_the_same_here_is_read_without_changes(name: str, tmp_path: Path) -> None:
    xml, expected = EXACT[name]
    if not name.endswith("program"):
        report, (values,) = imported(tmp_path, assessment(xml))
    else:
        report, (values,) = imported(tmp_path, assessment(xml.replace('maxvalue="100"', "")))
    assert [*report.questions[0].reasons] == []
    assert {key: value for key, value in values.items() if key not in ("id", "prompt")} == expected


def calculated(formula: str, *sets: tuple[str, str, str]) -> str:
    """A question with a formula, and sets of numbers: x, y and the answer."""
    variables = '<var name="x" scale="1"><min>1.0</min><max>10.0</max></var>'
    variables += '<var name="my y" scale="0"><min>2</min><max>9</max></var>'
    formulas = f'<formulas decimal_places="2"><formula>{formula}</formula></formulas>'
    written = "".join(
        f'<var_set ident="{n}"><var name="x">{x}</var><var name="my y">{y}</var><answer>{answer}</answer></var_set>'
        for n, (x, y, answer) in enumerate(sets)
    )
    inside = f"<answer_tolerance>1%</answer_tolerance>{formulas}<vars>{variables}</vars><var_sets>{written}</var_sets>"
    more = f"<itemproc_extension><calculated>{inside}</calculated></itemproc_extension>"
    return item("calculated_question", FIELD, when("<other/>"), text="What is [x] to the [my y]?", more=more)


RANGE = {"x": {"from": 1, "to": 10, "step": 0.1}, "my_y": {"from": 2, "to": 9}}


@pytest.mark.parametrize(
    ("sets", "variables", "said"),
    [
        ((), RANGE, []),
        (
            (("9", "2", "81.95"), ("10", "3", "101.0"), ("9", "4", "81.954")),
            {"x": [9, 10], "my_y": [2, 3, 4]},
            ["fixed sets"],
        ),
        (
            (("9", "2", "81.95"), ("10", "3", "100")),
            RANGE,
            ["(for x = 10, my_y = 3, 100 was right, and the formula gives 101)"],
        ),
        ((("0", "2", "1"),), RANGE, ["the formula gives nothing"]),
        ((("9", "", "81.95"),), RANGE, ["left out ('' is not a number"]),
    ],
)
def test_formula_has_the_numbers_of_its_sets_if_their_answers_are_its_own(
    sets: tuple[tuple[str, str, str], ...], variables: dict[str, Any], said: list[str], tmp_path: Path
) -> None:
    report, (values,) = imported(tmp_path, assessment(calculated("x^2 + log(x)", *sets)))
    assert values["prompt"] == "What is {x} to the {my_y}?"
    assert values["answer"] == "x**2 + log10(x)"
    assert (values["decimals"], values["tolerance"]) == (2, "1%")
    listed = {name: {"values": one} if isinstance(one, list) else one for name, one in variables.items()}
    assert values["variables"] == listed
    reasons = report.questions[0].reasons
    assert [words in reason for words, reason in zip(said, reasons, strict=True)] == [True] * len(said)


CATEGORY = options("c1", "a", "b", "c", cardinality="Multiple", title="One") + options(
    "c2", "a", "b", "c", cardinality="Multiple", title="Two"
)
LIST = "<render_extension><ims_render_object><flow_label>{}</flow_label></ims_render_object></render_extension>"
ORDER = f'<response_lid ident="r" rcardinality="Ordered">{LIST}</response_lid>'
ENTRIES = "".join(f'<response_label ident="{text}">{material(text)}</response_label>' for text in "BA")


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        (
            item(
                "categorization_question",
                CATEGORY,
                when(equal("a", "c1"), 50, "Add"),
                when(equal("b", "c2"), 50, "Add"),
            ),
            ["no category, and were left out: 'c'", "as a whole"],
        ),
        (item("ordering_question", ORDER.format(ENTRIES), when(equal("A") + equal("B"))), ["Only the whole order"]),
        (
            item("multiple_choice_question", options("r", "A", "B"), when(equal("A")), when(equal("B"), 40)),
            ["'B' earned 40%"],
        ),
        (
            item(
                "multiple_answers_question",
                options("r", "A", "B", cardinality="Multiple"),
                when(equal("A") + NOT_B),
                scoring_algorithm="PartialScore",
            ),
            ["'PartialScore'"],
        ),
        (
            item(
                "multiple_choice_question",
                options("r", "A", "B"),
                when(equal("A"), None, shown="A_fb"),
                when(equal("A")),
                when(equal("B")),
                more=feedback("A_fb", "Most say so."),
                points_possible="0",
            ),
            ["The feedback on an option was left out: 'Most say so.'"],
        ),
        (item("essay_question", FIELD, points_possible="0.0"), ["worth no points"]),
        (item("essay_question", FIELD, more=feedback("correct_fb", "Yes!")), ["'Yes!'"]),
        (
            item(
                "fill_in_multiple_blanks_question",
                options("response_a", "red", more=' answer_type="openEntry" scoring_algorithm="TextContainsAnswer"'),
                when(equal("red", "response_a")),
                text="<p>Do.</p><p>[a]</p>",
            ),
            ["contained 'red'"],
        ),
    ],
)
def test_what_is_lost_is_named(xml: str, said: list[str], tmp_path: Path) -> None:
    report, _ = imported(tmp_path, assessment(xml))
    (found,) = report.questions
    assert found.verdict == "changed"
    assert len(found.reasons) == len(said)
    assert all(words in reason for words, reason in zip(said, found.reasons, strict=True))


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (item("file_upload_question", ""), "handed in a file"),
        (item("multiple_choice_question", options("r", *map(str, range(101)))), "101 options"),
        (item("matching_question", options("r", "A") * 101), "101 fields"),
        (item("multiple_choice_question", options("r", "A", "B"), when(equal("A")) * 1_001), "1,001 conditions"),
        (item("hot_spot_question", FIELD), "a place in a picture"),
        (item("text_only_question", ""), "a text asks nothing"),
        (item("", ""), "no field for an answer"),
        (item("multiple_choice_question", options("r", "A", "B")), "no option is right"),
        (item("short_answer_question", FIELD), "no text is right"),
        (item("numerical_question", FIELD, when(equal("ten"))), "'ten' is not a number"),
        (item("numerical_question", FIELD, when("<vargte>1</vargte>")), "only one end"),
        (item("numerical_question", FIELD, when("").replace("<conditionvar></conditionvar>", "")), "is empty"),
        (item("calculated_question", FIELD), "its formula is not in the file"),
        (calculated("foo(x)"), "foo"),
        (item("matching_question", options("r", "A", "B", title="x")), "nothing is right for 'x'"),
        (item("ordering_question", ORDER.format(ENTRIES), when(equal("A"))), "each entry once"),
        (item("fill_in_multiple_blanks_question", options("response_x", "A")), "the gap [x] is not in the text"),
        (
            item(
                "fill_in_multiple_blanks_question",
                options("response_x", "A", more=' answer_type="openEntry" scoring_algorithm="TextRegex"'),
                text="[x]",
            ),
            "a pattern",
        ),
    ],
)
def test_question_that_cannot_be_read_is_in_the_report_with_its_line_and_the_reason(
    xml: str, reason: str, tmp_path: Path
) -> None:
    report, written = imported(tmp_path, assessment(xml))
    assert not written
    (found,) = report.questions
    assert (found.verdict, found.place) == ("not read", "line 3")
    assert reason in found.reasons[-1]


def test_questions_on_a_text_refer_to_it_as_their_stimulus(tmp_path: Path) -> None:
    for number, title in enumerate(["", "<p><strong>A name</strong></p>"]):  # which may be in the text as well
        text = item("text_only_question", "", text=f"{title}<p>A long text.</p>", ident="s1")
        child = item("essay_question", FIELD, parent_stimulus_item_ident="s1")
        (folder := tmp_path / str(number)).mkdir()
        report, (values,) = imported(folder, assessment(text, child))
        assert read(report.files[0]).value["stimuli"] == {"a-name": {"title": "A name", "text": "A long text."}}
        assert values["stimulus"] == "a-name"
        assert len(report.questions) == 1


def test_texts_that_refer_to_each_other_are_read_once(tmp_path: Path) -> None:
    texts = [
        item("text_only_question", "", text=f"<p>{one}.</p>", ident=one, parent_stimulus_item_ident=other)
        for one, other in (("s1", "s2"), ("s2", "s1"), ("s3", "s3"))
    ]
    child = item("essay_question", FIELD, parent_stimulus_item_ident="s1")
    report, (values,) = imported(tmp_path, assessment(*texts, child))
    assert read(report.files[0]).value["stimuli"] == {values["stimulus"]: {"title": "A name", "text": "s1."}}
    itself = item("essay_question", FIELD, ident="e", parent_stimulus_item_ident="e")
    (tmp_path / "itself").mkdir()
    _, (values,) = imported(tmp_path / "itself", assessment(itself))
    assert "stimulus" not in values


def test_group_of_which_each_student_got_some_is_named_and_tagged(tmp_path: Path) -> None:
    points = "<selection_extension><points_per_item>3</points_per_item></selection_extension>"
    selection = f"<selection><selection_number>1</selection_number>{points}</selection>"
    ordering = f"<selection_ordering>{selection}</selection_ordering>"
    group = f'<section ident="s" title="Laws">{ordering}{item("essay_question", FIELD) * 2}</section>'
    report, written = imported(tmp_path, assessment(group))
    assert [(values["tags"], values["points"]) for values in written] == [(["laws"], 3)] * 2
    assert "Each student got 1 of the 2 questions of 'Laws'" in report.remarks[0][1]


# ---- Packages ----

META = (
    '<quiz identifier="g1"><title>Courts: a quiz</title><description>Read well.</description>'
    "<shuffle_answers>true</shuffle_answers><time_limit>20</time_limit><allowed_attempts>3</allowed_attempts></quiz>"
)
PICTURE = item("essay_question", FIELD, text='<img src="$IMS-CC-FILEBASE$/a%20map.png?x=1" alt="a map"> Where?')


def test_export_of_canvas_has_its_title_settings_and_pictures(tmp_path: Path) -> None:
    files = {
        "imsmanifest.xml": "<manifest/>",
        "g1/g1.xml": assessment(PICTURE),
        "g1/assessment_meta.xml": META,
        "web_resources/a map.png": PNG,
    }
    report, (values,) = imported(tmp_path, zipped(files))
    quiz = read(report.files[0]).value
    assert (quiz["title"], quiz["shuffle"], quiz["time_limit"]) == ("Courts: a quiz", ["options"], 20)
    assert [remark for _, remark in report.remarks] == [
        "The whole quiz could be taken 3 times, which was left out; 'attempts' counts for each question.",
        "The text before the quiz was left out: 'Read well.'",
    ]
    assert report.questions[0].place == "g1/g1.xml in the archive, line 3"
    (picture,) = (tmp_path / "out").glob("*.png")
    assert values["prompt"] == f"![a map]({picture.name}) Where?"
    assert picture.read_bytes() == PNG


def test_pictures_and_recordings_between_texts_come_along_or_are_named(tmp_path: Path) -> None:
    media = [
        '<matimage uri="map.png" label="a &quot;map&quot; &lt;b&gt;"/>',
        '<matimage uri="lost.png" label="a plan"/>',
        '<mataudio uri="lost.mp3" label="a speech"/>',
        '<matvideo uri="lost.mp4"/>',
        '<matapplet uri="lost.jar"/>',
        '<matapplication uri="lost.exe"/>',
    ]
    text = item("essay_question", FIELD).replace("</mattext>", f"</mattext>{'<matbreak/>'.join(media)}", 1)
    report, (values,) = imported(tmp_path, zipped({"a.xml": assessment(text), "map.png": PNG}))
    (picture,) = (tmp_path / "out").glob("*.png")
    lines = [f'![a "map" <b>]({picture.name})', "a plan", "a speech"]
    assert values["prompt"].strip() == "Which?\n\n" + "\\\n".join(lines)
    said = " ".join(report.questions[0].reasons)
    for named in ("'lost.png'", "'lost.mp3'", "'lost.mp4'", "an applet", "an embedded object"):
        assert named in said


def test_quiz_that_a_course_exports_twice_is_read_once_and_with_everything_in_it(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "g1/assessment_qti.xml": assessment(item("", FIELD)),
        "g1/assessment_meta.xml": META,
        "non_cc_assessments/g1.xml.qti": assessment(item("essay_question", FIELD), item("essay_question", FIELD)),
    }
    report, _ = imported(tmp_path, zipped(files))
    assert [found.place.split(" ")[0] for found in report.questions] == ["non_cc_assessments/g1.xml.qti"] * 2
    assert read(report.files[0]).value["title"] == "Courts: a quiz"


def test_one_damaged_file_of_an_archive_does_not_stop_the_others(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.xml": assessment(PICTURE)[:-30],
        "b.xml": assessment(item("essay_question", FIELD)),
    }
    report, written = imported(tmp_path, zipped(files))
    assert [(found.place.split(" ")[0], found.verdict) for found in report.questions] == [
        ("a.xml", "not read"),
        ("b.xml", "read"),
    ]
    assert "not well-formed" in report.questions[0].reasons[0]
    assert len(written) == 1


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"../a.xml": assessment(PICTURE)}, "leads outside of the archive"),
        ({"a.xml": assessment(PICTURE), "/etc/b.png": PNG}, "leads outside of the archive"),
        ({"a.xml": assessment(PICTURE), "b\\..\\..\\c.png": PNG}, "leads outside of the archive"),
        ({"a.xml": assessment(PICTURE), "bomb.png": b"0" * 5_000_000}, "times larger unpacked"),
        ({"a.xml": "<!DOCTYPE x []>" + assessment(PICTURE).partition("\n")[2]}, "<!DOCTYPE>"),
        ({"a.xml": assessment(PICTURE)[:-30]}, "a.xml' is not well-formed XML"),
        ({"a.xml": assessment()}, "has no questions"),
        ({"a.txt": "x"}, "no file in QTI 1.2"),
    ],
)
def test_archive_that_is_damaged_or_not_safe_is_refused(files: dict[str, str | bytes], said: str) -> None:
    with pytest.raises(ExchangeError, match=re.escape(said)):
        READER.read(GivenFile(Path("quiz.zip"), zipped(files)))


def test_archive_with_too_much_in_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    files: dict[str, str | bytes] = {f"{number}.xml": "x" for number in range(20)}
    monkeypatch.setattr("civicquiz.exchange.packages.MAX_ENTRIES", 10)
    with pytest.raises(ExchangeError, match="more than 10 files"):
        READER.read(GivenFile(Path("quiz.zip"), zipped(files)))
    monkeypatch.setattr("civicquiz.exchange.packages.MAX_ENTRIES", 100)
    monkeypatch.setattr("civicquiz.exchange.packages.MAX_UNPACKED", 10)
    with pytest.raises(ExchangeError, match="MB of files"):
        READER.read(GivenFile(Path("quiz.zip"), zipped(files)))


NUMBERS = {
    **{name: {"a.xml": assessment(xml)} for name, (xml, _) in EXACT.items()},
    "calculated": {"a.xml": assessment(calculated("x^2 + log(x)", ("9", "2", "81.95")))},
    "settings": {"g1/g1.xml": assessment(item("essay_question", FIELD)), "g1/assessment_meta.xml": META},
    "group": {
        "a.xml": assessment(item("essay_question", FIELD)).replace(
            "<item ",
            "<selection_ordering><selection><selection_number>1</selection_number></selection></selection_ordering>"
            "<item ",
        )
    },
}


@pytest.mark.parametrize("name", NUMBERS)
def test_odd_numbers_are_read_or_refused_and_never_a_crash(name: str) -> None:
    check_odd_numbers(READER, NUMBERS[name])


def test_file_with_anything_missing_is_read_or_refused_and_never_a_crash() -> None:
    for one in (*(xml for xml, _ in EXACT.values()), calculated("x^2")):
        for xml in with_something_missing(assessment(one)):
            check_not_broken(READER, xml)


WHOLE = zipped({"g1/g1.xml": assessment(PICTURE), "g1/assessment_meta.xml": META, "a map.png": PNG})


@given(damaged(WHOLE))
def test_damaged_archive_is_read_or_refused_and_never_a_crash(content: bytes) -> None:
    check_not_broken(READER, content)
