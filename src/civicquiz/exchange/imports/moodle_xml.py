"""Moodle XML, which Moodle's question bank exports. Each category becomes a quiz."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, ClassVar

from civicquiz.authoring.wording import excerpt, number_text
from civicquiz.errors import ExchangeError
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.imported import FoundQuestion, FoundQuiz, UnreadableError
from civicquiz.exchange.moodle_calculated import NumberSet, sets_with_hidden_numbers
from civicquiz.exchange.moodle_questions import MOODLE_TYPES, NOT_READ, MoodleQuestion
from civicquiz.exchange.question_values import tags_from, take_shuffle
from civicquiz.exchange.scored_answers import plain_number
from civicquiz.exchange.xml_text import XmlElement, first_tag, parsed_xml

__all__ = ["READER"]

#: Feedback for the whole question, by how it was answered; ours is on options, numbers and texts.
_OVERALL = {
    "correctfeedback": "a right answer",
    "partiallycorrectfeedback": "a partly right answer",
    "incorrectfeedback": "a wrong answer",
}
#: Types whose options Moodle may shuffle.
_SHUFFLED = ("multichoice", "multichoiceset", "calculatedmulti", "matching", "match", "ddmatch")


class MoodleXmlReader:
    """Files that Moodle exports in its own format."""

    name: ClassVar[str] = "moodle"
    title: ClassVar[str] = "Moodle XML"
    turn: ClassVar[int] = 0

    def recognizes(self, file: GivenFile) -> bool:
        return first_tag(file.text or "") == "quiz" and "<question" in (file.text or "")

    def read(self, file: GivenFile) -> Sequence[FoundQuiz]:
        root = parsed_xml(file)
        if root.tag != "quiz":
            raise ExchangeError(f"'{file.called}' is not Moodle XML: it begins with <{root.tag}>, not with <quiz>")
        quizzes: dict[str, FoundQuiz] = {}
        category = ""
        elements: dict[str, list[XmlElement]] = {}
        for element in root.children("question"):
            if element.get("type") == "category":
                category = element.words("category", "text") or element.words("category")
            else:
                elements.setdefault(category, []).append(element)
        if not elements:
            raise ExchangeError(f"'{file.called}' has no questions")
        for path, found in elements.items():
            title = _title(path)
            name = file.stem if len(elements) == 1 else f"{file.stem}-{title}" if title else file.stem
            quizzes[path] = _quiz(FoundQuiz(name, title), found)
        return list(quizzes.values())


READER = MoodleXmlReader()


def _title(category: str) -> str:
    """The last part of the path of a category, in which // is a slash; "" for the one that each course has."""
    last = re.split(r"(?<!/)/(?!/)", category)[-1].replace("//", "/").strip()
    return "" if re.fullmatch(r"\$\w+\$|top|Default for .*", last) else last


def _quiz(quiz: FoundQuiz, elements: Sequence[XmlElement]) -> FoundQuiz:
    said = Counter(
        (name, "".join(text.itertext()).strip())
        for element in elements
        for name in _OVERALL
        for text in element.children(name)
    )
    general = {entry for entry, count in said.items() if entry[1] and (count > 1 or len(elements) == 1)}
    if general:
        words = ", ".join(sorted({f"'{excerpt(re.sub('<[^>]*>', '', text), 60)}'" for _, text in general}))
        quiz.remarks.append(f"What was said after every right, partly right or wrong answer was left out: {words}")
    quiz.questions = [found for element in elements for found in _questions(element, quiz.images, general)]
    shuffles = [
        element.words("shuffleanswers").lower() in ("1", "true")
        for element in elements
        if element.get("type") in _SHUFFLED and element.first("shuffleanswers") is not None
    ]
    take_shuffle(quiz, shuffles)
    penalties = sorted({number for element in elements if (number := _penalty(element))})
    if penalties:
        costs = " or ".join(number_text(number, 4) for number in penalties)
        quiz.remarks.append(
            f"Each further attempt could cost {costs} of the points, which depends on the settings in Moodle. That was "
            f"left out; 'attempt_penalty: {number_text(penalties[0], 4)}' in the quiz does that for all questions."
        )
    return quiz


def _penalty(element: XmlElement) -> float:
    try:
        return float(plain_number(element.words("penalty")))
    except UnreadableError:
        return 0.0


def _questions(element: XmlElement, images: dict[str, bytes], general: set[tuple[str, str]]) -> list[FoundQuestion]:
    """The question in an element; one for each of its sets of numbers where they cannot be told apart from others."""
    called = element.words("name", "text") or element.words("name")
    place, type_name = f"line {element.line}", element.get("type", "")
    try:
        if type_name in NOT_READ:
            raise UnreadableError(NOT_READ[type_name])
        if type_name not in MOODLE_TYPES:
            raise UnreadableError(f"there is no counterpart to Moodle's type '{excerpt(type_name, 40)}'")
        sets = sets_with_hidden_numbers(element) if type_name in ("calculated", "calculatedsimple") else []
    except UnreadableError as error:
        return [FoundQuestion(place, called, refused=str(error))]
    if not sets:
        return [_question(FoundQuestion(place, called), element, images, general)]
    return [
        _question(FoundQuestion(place, f"{called} ({number})"), element, images, general, numbers)
        for number, numbers in enumerate(sets, start=1)
    ]


def _question(
    found: FoundQuestion,
    element: XmlElement,
    images: dict[str, bytes],
    general: set[tuple[str, str]],
    numbers: NumberSet | None = None,
) -> FoundQuestion:
    new_images: dict[str, bytes] = {}
    try:
        question = MoodleQuestion(element, new_images, found.changes, numbers)
        values = MOODLE_TYPES[element.get("type", "")](question)
        common = _common(question, general, has_points=values["type"] != "poll")
        found.values = {"id": element.words("idnumber") or found.called, **values, **common}
        images |= new_images
    except UnreadableError as error:
        found.refused = str(error)
    return found


def _common(question: MoodleQuestion, general: set[tuple[str, str]], *, has_points: bool) -> dict[str, Any]:
    """What every question may have."""
    element = question.element
    values: dict[str, Any] = {}
    hints = [text for hint in element.children("hint") if (text := question.markdown_of(hint))]
    if hints:
        values["hint"] = "\n\n".join(hints)
    if len(hints) > 1:
        question.note(f"Its {len(hints)} hints came one after the other; here they are one.")
    if explanation := question.markdown("generalfeedback"):
        values["explanation"] = explanation
    if has_points and (points := _points(question)) != 1:
        values["points"] = points
    if tags := tags_from((tag.words("text") for tag in element.below("tag")), question.note):
        values["tags"] = tags
    for name, when in _OVERALL.items():
        entry = (name, element.words(name))
        if entry[1] and entry not in general and (text := question.markdown(name)):
            question.note(f"What was said to {when} was left out: '{excerpt(text, 200)}'")
    if question.flag("hidden"):
        question.note("It was hidden in Moodle, perhaps because there is a newer version.")
    return values


def _points(question: MoodleQuestion) -> int | float:
    """How many points a question is worth; there is none without points."""
    grade = question.grade()
    if grade <= 0:
        question.note("It was worth no points; here it is worth 1.")
        return 1
    return grade
