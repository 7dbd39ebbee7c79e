"""The questions of a Moodle XML file, one function for each type of them.

https://docs.moodle.org/en/Moodle_XML_format, and the importer of Moodle 4.5, ``question/format/xml/format.php``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape
from typing import Any
from urllib.parse import unquote

from civicquiz.authoring.wording import excerpt, number_text
from civicquiz.exchange.foreign_text import from_plain, without_markup
from civicquiz.exchange.html_text import FoundTexts, decoded_base64, has_media, plain_words
from civicquiz.exchange.imported import UnreadableError, choice
from civicquiz.exchange.moodle_calculated import NumberSet, Wildcards
from civicquiz.exchange.moodle_gaps import MoodleGap, gap_values, split_gaps, weights_note
from civicquiz.exchange.moodle_timeline import timeline_values
from civicquiz.exchange.question_values import FIXED_SETS, cloze, gap_mark, pairs, used_variables
from civicquiz.exchange.scored_answers import (
    Band,
    ScoredAnswer,
    all_or_nothing,
    multiple_choice,
    numeric,
    percent,
    plain_number,
    short_text,
    single_choice,
    whole_number,
)
from civicquiz.exchange.xml_text import XmlElement

#: The most words for the gaps of a text, and the most gaps. A list of ours has at most 30 options.
_MOST_WORDS = 200
#: A number that nobody can type stands for an answer of other sets of numbers (see ``moodle_numbers``).
_FAR = 1e90
_BLANK_WITH_UNIT = re.compile(r"<p>_{3,} ([^<]{1,200})</p>")

__all__ = ["MOODLE_TYPES", "NOT_READ", "MoodleQuestion"]


class MoodleQuestion:
    """A question element with its texts as Markdown.

    ``numbers`` are those that its texts and answers have instead of the wildcards; None if the wildcards stay.
    """

    def __init__(
        self, element: XmlElement, images: dict[str, bytes], changes: list[str], numbers: NumberSet | None = None
    ) -> None:
        self.element = element
        self.numbers = numbers
        self.texts = FoundTexts(images, changes)
        self.note = self.texts.change
        #: what is done to each text before it becomes Markdown
        self.prepared: Callable[[str], str] = numbers.in_text if numbers else str

    def markdown(self, *path: str) -> str:
        """The text of the first element along a path as Markdown; "" if there is none."""
        return self.markdown_of(self.element.first(*path))

    def prompt(self, unit: str = "") -> str:
        """What is asked. A paragraph with a blank and the unit is left out: our field shows the unit itself."""
        given = self.prepared

        def without_unit(html: str) -> str:
            lines = [found for found in _BLANK_WITH_UNIT.finditer(html) if plain_words(found[1]) == unit]
            return given(f"{html[: lines[-1].start()]}{html[lines[-1].end() :]}" if unit and lines else html)

        self.prepared = without_unit
        try:
            return self.markdown("questiontext")
        finally:
            self.prepared = given

    def markdown_of(self, holder: XmlElement | None) -> str:
        """The text in an element, which may have files next to it, as Markdown."""
        if holder is None:
            return ""
        raw = holder.words("text") if holder.first("text") is not None else (holder.text or "").strip()
        raw = self.prepared(raw)
        written_as = holder.get("format") or self.element.get("format") or "html"
        if written_as == "plain_text":
            return self.texts.from_plain(raw)
        if written_as == "markdown":
            picture = re.compile(r"!\[([^\]\n]*)\]\(([^\s()]*)\)")
            return picture.sub(
                lambda found: self.html(f'<img src="{escape(found[2])}" alt="{escape(found[1])}">', holder), raw
            )
        if written_as in ("moodle_auto_format", "txt") and "<" not in raw:
            raw = "".join(f"<p>{part}</p>" for part in re.split(r"\n\s*\n", raw)) if "\n" in raw else raw
        return self.html(raw, holder)

    def html(self, html: str, holder: XmlElement | None = None) -> str:
        """HTML as Markdown; the files in it are in ``holder``."""
        files: dict[str, XmlElement] = {}
        for file in holder.children("file") if holder is not None else ():
            for name in (file.get("name", ""), f"{file.get('path', '/')}{file.get('name', '')}".lstrip("/")):
                files.setdefault(name, file)

        def read(address: str) -> bytes | None:
            file = files.get(unquote(address.partition("?")[0].removeprefix("@@PLUGINFILE@@")).lstrip("/"))
            return decoded_base64(file.text or "") if file is not None else None

        self.texts.read_file = read
        return self.texts.from_html(html)

    def flag(self, name: str) -> bool:
        """Whether a setting is on: 1 or true."""
        return self.element.words(name).lower() in ("1", "true")

    def grade(self) -> int | float:
        """How many points it is worth, which may be none."""
        written = self.element.words("defaultgrade") or self.element.words("defaultmark") or "1"
        return plain_number(written, "a number of points")

    def answers(self) -> Iterator[tuple[XmlElement, float]]:
        """Each answer with its share of the points."""
        for answer in self.element.children("answer"):
            yield answer, float(plain_number(answer.get("fraction") or "0", "a grade")) / 100

    def written_answers(self) -> list[ScoredAnswer]:
        """The answers with their texts as Markdown."""
        return [
            ScoredAnswer(self.markdown_of(answer), share, self.markdown_of(answer.first("feedback")))
            for answer, share in self.answers()
        ]


def _multichoice(question: MoodleQuestion) -> dict[str, Any]:
    is_single = question.element.words("single").lower() in ("1", "true", "")
    answers = question.written_answers()
    values: dict[str, Any] = {
        "type": "single-choice" if is_single else "multiple-choice",
        "prompt": question.markdown("questiontext"),
    }
    if len(answers) > 1 and question.grade() == 0 and all(answer.share > 0 for answer in answers):
        question.note("It was worth no points, and every option was right, so it is a poll.")
        several = {} if is_single else {"multiple": True}
        return {**values, "type": "poll", **several, "options": choice([one.text for one in answers], ())}
    return values | (single_choice if is_single else multiple_choice)(answers, question.note)


def _all_or_nothing(question: MoodleQuestion) -> dict[str, Any]:
    values = {"type": "multiple-choice", "prompt": question.markdown("questiontext")}
    return values | all_or_nothing(question.written_answers())


def _truefalse(question: MoodleQuestion) -> dict[str, Any]:
    shares, feedback = {}, {}
    for answer, share in question.answers():
        side = answer.words("text").lower()
        if side not in ("true", "false"):
            raise UnreadableError(f"the answer '{excerpt(side, 40)}' is neither true nor false")
        shares[side] = share
        if text := question.markdown_of(answer.first("feedback")):
            feedback[side] = text
    if len({shares.get("true", 0.0) > 0, shares.get("false", 0.0) > 0}) < 2:
        raise UnreadableError("exactly one of true and false has to be right")
    values = {"type": "true-false", "prompt": question.markdown("questiontext"), "answer": shares.get("true", 0.0) > 0}
    return {**values, **({"feedback": feedback} if feedback else {})}


def _shortanswer(question: MoodleQuestion) -> dict[str, Any]:
    answers = [
        ScoredAnswer.typed_in_moodle(answer.words("text"), share, question.markdown_of(answer.first("feedback")))
        for answer, share in question.answers()
    ]
    keys = short_text(answers, question.note, is_case_sensitive=question.flag("usecase"))
    return {"type": "short-text", "prompt": question.markdown("questiontext"), **keys}


def _numerical(question: MoodleQuestion) -> dict[str, Any]:
    bands = []
    for answer, share in question.answers():
        feedback = question.markdown_of(answer.first("feedback"))
        if answer.words("text") == "*":
            bands.append(Band.any_number(share, feedback))
            continue
        number = plain_number(answer.words("text"))
        off = abs(plain_number(answer.words("tolerance") or "0", "a tolerance"))
        bands.append(Band.around(number, off, share, feedback))
    unit = _unit(question)
    return {"type": "numeric", "prompt": question.prompt(**unit), **numeric(bands, question.note), **unit}


def _unit(question: MoodleQuestion) -> dict[str, Any]:
    """The unit of a number. In Moodle it may have to be typed or chosen; here it is shown after the field."""
    found = [
        (unit.words("unit_name"), plain_number(unit.words("multiplier") or "1"))
        for unit in question.element.below("unit")
        if unit.words("unit_name")
    ]
    if not found:
        return {}
    main = next((name for name, factor in found if factor == 1), "")
    others = [f"{name} (times {number_text(factor, 9)})" for name, factor in found if name != main]
    if others:
        question.note(
            f"These units could be used, too, and were left out: {', '.join(others)}. List those that can be converted "
            "under 'units'."
        )
    penalty = plain_number(question.element.words("unitpenalty") or "0")
    if question.element.words("unitgradingtype") not in ("", "0") and penalty:
        question.note(f"A wrong unit cost {percent(penalty)} of the points; here the unit is shown after the field.")
    return {"unit": main} if main else {}


def _match(question: MoodleQuestion) -> dict[str, Any]:
    rows, distractors = [], []
    for row in question.element.children("subquestion"):
        left, right = question.markdown_of(row), from_plain(without_markup(row.words("answer", "text")))
        if left or has_media(row.words("text")):  # without its picture, it is refused, and is not a distractor
            rows.append((left, right))
        elif right:
            distractors.append(right)
    return {"type": "match", "prompt": question.markdown("questiontext"), **pairs(rows, distractors)}


def _ordering(question: MoodleQuestion) -> dict[str, Any]:
    entries = [(share, question.markdown_of(answer)) for answer, share in question.answers()]
    if len({position for position, _ in entries}) == len(entries):
        entries.sort(key=lambda entry: entry[0])
    grading = question.element.words("gradingtype") or "ABSOLUTE_POSITION"
    question.note(
        f"The score was by '{excerpt(grading, 40)}'; here each pair of entries in the right order counts for it, and "
        "every other pair against it."
    )
    if question.element.words("selecttype") not in ("", "0", "ALL"):
        question.note("Each student got only some of the entries; here everyone gets all of them.")
    return {"type": "order", "prompt": question.markdown("questiontext"), "items": [text for _, text in entries]}


def _essay(question: MoodleQuestion) -> dict[str, Any]:
    values: dict[str, Any] = {"type": "open-response", "prompt": question.markdown("questiontext")}
    for name, key in (("minwordlimit", "min_words"), ("maxwordlimit", "max_words")):
        if limit := whole_number(question.element.words(name)):
            values[key] = limit
    if grader := question.markdown("graderinfo"):
        grade = question.grade()
        values["rubric"] = [{"text": grader, "points": grade if grade > 0 else 1}]
        values["show_rubric"] = "never"
    if template := question.markdown("responsetemplate"):
        question.note(f"The text that was already in the field was left out: '{excerpt(template, 200)}'")
    if question.element.words("attachments") not in ("", "0") and question.flag("attachmentsrequired"):
        question.note("Students had to hand in files; here they can only write.")
    return values


def _multianswer(question: MoodleQuestion) -> dict[str, Any]:
    holder = question.element.first("questiontext")
    parts = split_gaps(holder.words("text") if holder is not None else "")
    gaps = [part for part in parts if isinstance(part, MoodleGap)]
    several = [gap for gap in gaps if gap.type == "multiple-choice"]
    if several and len(gaps) > 1:
        raise UnreadableError("a gap with several right options (MULTIRESPONSE) has no counterpart; make it a question")
    marks = iter(range(len(gaps)))
    html = "".join(part if isinstance(part, str) else gap_mark(next(marks)) if not several else "" for part in parts)
    text = question.html(html, holder)
    if timeline := timeline_values(gaps, text):
        return timeline
    values = [gap_values(gap, question.html, question.note) for gap in gaps]
    if several:
        return {"prompt": text, **values[0]}
    if weights := weights_note(gaps):
        question.note(weights)
    return {"type": "cloze", **cloze(text, values, question.note)}


def _words_into_gaps(question: MoodleQuestion) -> dict[str, Any]:
    """``[[1]]`` stands for the first of the words, which are in groups."""
    words = [
        (
            question.markdown_of(word),
            word.words("group") or "1",
            word.first("infinite") is not None,
        )
        for word in question.element.children("dragbox", "selectoption")
    ]
    if len(words) > _MOST_WORDS:
        raise UnreadableError(f"there are {len(words)} words for the gaps; at most {_MOST_WORDS} can be read")
    holder = question.element.first("questiontext")
    gaps: list[dict[str, Any]] = []

    def mark(found: re.Match[str]) -> str:
        number = int(found[1])
        if not 0 < number <= len(words):
            raise UnreadableError(f"the gap [[{number}]] has no word; there are {len(words)}")
        if len(gaps) == _MOST_WORDS:
            raise UnreadableError(f"the text has more than {_MOST_WORDS} gaps")
        right, group, _ = words[number - 1]
        options = dict.fromkeys(text for text, other, _ in words if other == group)
        answers = [ScoredAnswer(text, float(text == right)) for text in options]
        gaps.append({"type": "single-choice", **single_choice(answers, question.note)})
        return gap_mark(len(gaps) - 1)

    html = re.sub(r"\[\[(\d{1,4})\]\]", mark, holder.words("text") if holder is not None else "")
    if question.element.first("dragbox") is not None:
        once = "" if all(infinite for _, _, infinite in words) else ", and a word can be chosen more than once"
        question.note(f"The words were dragged into the gaps; here each gap has a list of them{once}.")
    return {"type": "cloze", **cloze(question.html(html, holder), gaps, question.note)}


def _calculated(question: MoodleQuestion) -> dict[str, Any]:
    if question.numbers:
        return _with_numbers(question, question.numbers)
    wildcards = Wildcards(question.element)
    question.prepared = wildcards.in_text
    answers = [(answer, share) for answer, share in question.answers() if share > 0]
    if not answers:
        raise UnreadableError("no answer is right")
    for other, share in answers[1:]:
        question.note(
            f"The answer '{excerpt(other.words('text'), 60)}' ({percent(share)}) was left out: there can be only one."
        )
    answer, share = answers[0]
    if share < 1:
        question.note(f"The best answer earned {percent(share)} of the points; here it earns all of them.")
    values: dict[str, Any] = {"type": "calculated", "prompt": question.markdown("questiontext")}
    values["answer"] = wildcards.calculation(answer.words("text"))
    values |= _exactness(question, answer) | _unit(question)
    for wrong, _ in question.answers():
        if text := question.markdown_of(wrong.first("feedback")):
            question.note(f"The feedback on '{excerpt(wrong.words('text'), 60)}' was left out: '{excerpt(text, 200)}'")
    return _with_variables(values, wildcards, question)


def _with_numbers(question: MoodleQuestion, numbers: NumberSet) -> dict[str, Any]:
    """The question with one of its sets of numbers."""
    bands = []
    for answer, share in question.answers():
        middle = numbers.value(answer.words("text"))
        off = abs(plain_number(answer.words("tolerance") or "0", "a tolerance"))
        rule = answer.words("tolerancetype") or "1"
        if rule == "3" and off:
            question.note("The tolerance was geometric (a factor); here it is a share of the answer.")
        reach = off if rule == "2" else off * abs(middle)
        if abs(middle) < _FAR:
            feedback = question.markdown_of(answer.first("feedback"))
            bands.append(Band.around(middle, reach, share, feedback))
    question.note(numbers.note)
    unit = _unit(question)
    return {"type": "numeric", "prompt": question.prompt(**unit), **numeric(bands, question.note), **unit}


def _exactness(question: MoodleQuestion, answer: XmlElement) -> dict[str, Any]:
    """How exact the number has to be."""
    length = max(0, int(plain_number(answer.words("correctanswerlength") or "2")))
    off = abs(plain_number(answer.words("tolerance") or "0", "a tolerance"))
    rule = answer.words("tolerancetype") or "1"
    values: dict[str, Any] = (
        {"significant": min(max(length, 1), 15)}
        if answer.words("correctanswerformat") == "2"
        else {"decimals": min(length, 6)}
    )
    values["tolerance"] = off if rule == "2" or not off else f"{number_text(off * 100, 9)}%"
    count, what = next(iter(values.values())), "decimals" if "decimals" in values else "significant figures"
    question.note(
        f"The right number is rounded to {count} {what}, and the tolerance is counted from there. In Moodle, it is "
        "counted from the number that is not rounded."
    )
    if rule == "3" and off:
        question.note("The tolerance was geometric (a factor); here it is a share of the answer.")
    return values


def _calculatedmulti(question: MoodleQuestion) -> dict[str, Any]:
    wildcards = Wildcards(question.element)
    question.prepared = wildcards.in_text
    return _with_variables(_multichoice(question), wildcards, question)


def _with_variables(values: dict[str, Any], wildcards: Wildcards, question: MoodleQuestion) -> dict[str, Any]:
    # Feedback and explanations may have numbers, too, that are in no other text.
    later = [question.markdown(name) for name in ("generalfeedback", "hint")]
    if not wildcards.are_independent:
        question.note(FIXED_SETS)
    if wildcards.has_formulas_in_texts:
        question.note("Numbers that are calculated in a text are rounded to 6 significant figures.")
    used = used_variables(wildcards.variables, {"values": values, "later": later})
    return {**values, "variables": used} if used else values


#: Type in the file -> what reads it.
MOODLE_TYPES: dict[str, Callable[[MoodleQuestion], dict[str, Any]]] = {
    "multichoice": _multichoice,
    "multichoiceset": _all_or_nothing,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _match,
    "match": _match,
    "ddmatch": _match,
    "ordering": _ordering,
    "essay": _essay,
    "cloze": _multianswer,
    "multianswer": _multianswer,
    "gapselect": _words_into_gaps,
    "ddwtos": _words_into_gaps,
    "calculated": _calculated,
    "calculatedsimple": _calculated,
    "calculatedmulti": _calculatedmulti,
}

#: Type in the file -> why it cannot be read.
NOT_READ = {
    "description": "a description asks nothing; if questions refer to it, put its text under 'stimuli'",
    "random": "a random question picks others from a category; 'pick' in the quiz does that",
    "randomsamatch": "it is made of other short-answer questions at random",
    "ddmarker": "its answer is a place in a picture",
    "ddimageortext": "its answer is a place in a picture",
    "missingtype": "Moodle did not know its type either",
    "stack": "a STACK question is graded by a computer algebra system",
    "formulas": "a question of the Formulas plug-in is graded by a program",
    "coderunner": "a CodeRunner question is graded by running a program",
    "jsxgraph": "it is graded by a script",
    "wiris": "it is graded by a computer algebra system",
}
