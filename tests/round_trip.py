"""A quiz that is exported and imported again, and what is not the same then."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from export_checks import number_set

import civicquiz
from civicquiz.exchange.asked import AskedQuestion, asked_questions, words_of
from civicquiz.exchange.exported import ExportedQuestion
from civicquiz.exchange.exports import EXPORTERS
from civicquiz.exchange.importing import ImportedQuestion, import_files
from civicquiz.exchange.losses import tags_of
from civicquiz.grading import grade_question
from civicquiz.model.interactions import (
    Choice,
    ComputedNumber,
    InlineGaps,
    Matching,
    MatchingKey,
    Option,
    Ordering,
    Scale,
    ShapeError,
    TextEntry,
)
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation


@dataclass(frozen=True)
class Pair:
    """A question with one of its sets of numbers, what became of it in the other format, and what came back."""

    exported: ExportedQuestion
    asked: AskedQuestion
    imported: ImportedQuestion
    #: None if it was not read
    back: AskedQuestion | None


def round_trip(quiz: Quiz, exporter: str, folder: Path) -> Iterator[Pair]:
    """Every question that the format holds, and every set of its numbers that is a question there."""
    done = EXPORTERS[exporter].export([Translation.original(quiz)])
    if not any(question.written_as for question in done.quizzes[0].questions):
        return
    file = folder / f"trip{EXPORTERS[exporter].ending}"
    file.write_bytes(done.content)
    for name, uri in quiz.images.items():  # for formats whose pictures are next to the file
        picture = folder / name
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_bytes(base64.b64decode(uri.partition(";base64,")[2]))
    report = import_files([file], folder / "back")
    assert not report.failed, report.failed
    quizzes = {path.name: civicquiz.load(path) for path in report.files}
    # A question of the file may come back as several, one for each of its sets of numbers.
    asking = list(filter(_asks, report.questions))
    if all(one.place.endswith("in the archive") for one in asking):  # a file of its own for each, in the right order
        found = [[one] for one in asking]
    else:
        found = [list(ones) for _, ones in groupby(sorted(asking, key=_position), key=_position)]
    for exported in _in_order_of_file(done.quizzes[0].questions, quiz):
        sets = asked_questions(Translation.original(quiz), exported.id, quiz.images)
        back = [one for ones in found[: len(exported.target_ids)] for one in ones]
        del found[: len(exported.target_ids)]
        assert len(back) % len(sets) == 0 or len(back) == 1, "a question is missing"
        for number, one in enumerate(back):
            pairs = [Pair(exported, asked, one, _read(one, quizzes, asked) if one.file else None) for asked in sets]
            if len(back) > len(sets) > 1:  # blanks of all sets, in an order of the format
                yield min(pairs, key=lambda pair: len(differences(pair)))
            else:
                yield pairs[number * len(sets) // len(back)]
    assert not found, "there is a question too many"


def _asks(one: ImportedQuestion) -> bool:
    """Whether it is a question in the file, and not the text above a section."""
    return not any("a text asks nothing" in reason for reason in one.reasons)


def _position(one: ImportedQuestion) -> list[int]:
    """Where a question is in its file: the numbers of its place."""
    return list(map(int, re.findall(r"\d+", one.place)))


def _read(one: ImportedQuestion, quizzes: Mapping[str, Quiz], asked: AskedQuestion) -> AskedQuestion:
    """What came back, with the same numbers if they are among those that it can have."""
    read = quizzes[Path(one.file).name]
    sets = asked_questions(Translation.original(read), one.id, read.images)
    # Elsewhere, a variable may have another name.
    numbers = [sorted(each.values.values()) for each in (asked, *sets)]
    return sets[numbers.index(numbers[0], 1) - 1] if numbers[0] in numbers[1:] else sets[0]


def _in_order_of_file(questions: tuple[ExportedQuestion, ...], quiz: Quiz) -> list[ExportedQuestion]:
    if not quiz.sections:
        return list(questions)
    by_name = {question.id: question for question in questions}
    return [by_name[name] for section in quiz.sections for name in section.members(quiz.questions)]


def differences(pair: Pair) -> dict[str, tuple[Any, Any]]:
    """part of the question -> what it was, and what came back, for what students and teachers read."""
    asked, back = pair.asked, pair.back
    if back is None and _draws_again(pair):  # numbers from a list may not be a range, which the report says
        return {}
    if back is None:
        return {"question": ("", pair.imported.reasons)}
    was, now = _parts(asked), _parts(back)
    if pair.exported.fidelity("pictures") != "exact":
        was, now = _without_pictures(was), _without_pictures(now)
    if was["sources"] and was["sources"] == now["sources"]:  # the same claims, which the imported quiz does not have
        was["explanation"] = _plain(asked.block(asked.question.full_explanation()))
    else:  # written out below the explanation
        del was["sources"]
    if pair.exported.fidelity("rubric") != "exact":  # it is shown with the explanation
        was.pop("explanation")
    if asked.question.stimulus and was["text"].endswith(now["text"]):  # the shared text is an item of its own
        was["text"] = now["text"]
    # A section may come back as a tag, which the report of the import names.
    if any("tag" in reason for reason in pair.imported.reasons) or {*was["tags"]} <= {*now["tags"]}:
        del was["tags"]
    if _draws_again(pair):
        was.pop("text")
        was.pop("explanation", None)
    if _shape(asked) != _shape(back):
        if "text" in was:
            was["text"], now["text"] = _words(was["text"]), _words(now["text"])
        if "text" in was and was["text"] in now["text"]:  # what the other type needs is written below it
            now["text"] = was["text"]
        for part in ("options", "feedback"):
            del was[part], now[part]
    elif pair.exported.fidelity("options") != "exact":  # what feedback is on cannot be compared
        was["feedback"], now["feedback"] = (sorted(text for *_, text in parts["feedback"]) for parts in (was, now))
    return {part: (was[part], now[part]) for part in was if was[part] != now[part]}


def _draws_again(pair: Pair) -> bool:
    """Whether the import said that it has other numbers, so that texts with them are different."""
    said = ("sets of numbers were left out", "each number is drawn by itself")
    return any(words in reason for words in said for reason in pair.imported.reasons)


def _without_pictures(value: Any) -> Any:
    """The parts of a question with the descriptions of its pictures in their places."""
    if isinstance(value, str):
        return re.sub(r"<img [^>]*?alt=\"([^\"]*)\"[^>]*>", r"\1", value)
    if isinstance(value, dict):
        return {name: _without_pictures(part) for name, part in value.items()}
    return type(value)(map(_without_pictures, value)) if isinstance(value, (list, tuple, set)) else value


def _shape(asked: AskedQuestion) -> tuple[type, bool]:
    shown = asked.interaction
    return type(shown), isinstance(shown, Choice) and bool(shown.passage)


def _words(html: str) -> str:
    """The words of a text, without the brackets that mark what can be chosen."""
    return re.sub(r"[\[\]\s]", "", words_of(html))


def _plain(html: str) -> str:
    """HTML without the white space between its elements, with quotation marks as themselves; "" if it has no words."""
    if not words_of(html) and "<img" not in html:
        return ""
    html = re.sub(r"<blockquote>\s*</blockquote>|<([uo])l>\s*<li></li>\s*</\1l>", "", html)
    html = html.replace("&#x27;", "'").replace("&quot;", '"')
    return re.sub(r"\s+", " ", re.sub(r"\s*(</?(?:p|li|ul|ol|pre|blockquote|br)\b[^>]*>)\s*", r"\1", html)).strip()


def _parts(asked: AskedQuestion) -> dict[str, Any]:
    question, shown = asked.question, asked.interaction
    told = {token: _plain(asked.block(asked.markdown(text))) for token, text in asked.feedback.items()}
    text = asked.asked()
    if isinstance(shown, Choice) and shown.passage:
        text += "".join(
            str(part.text) if isinstance(part, Option) else str(part) for part in asked.passage(shown.passage)
        )
    return {
        "text": _plain(text),
        "options": _options(asked),
        "feedback": _labelled(asked, told),
        "hint": _plain(asked.block(question.full_hint())),
        "explanation": _plain(asked.explained()),
        "sources": question.cites,
        "points": question.points,
        "tags": sorted(map(str.lower, tags_of(question))),
    }


def _options(asked: AskedQuestion) -> Any:
    shown, key = asked.interaction, asked.key
    texts = [[_plain(asked.option(option)) for option in options] for options in shown.option_lists()]
    if isinstance(shown, Ordering):
        return [_plain(asked.option(next(one for one in shown.options if one.id == name))) for name in key.right]
    if isinstance(shown, Matching):
        return texts[0], sorted(texts[1])
    return texts


def _labelled(asked: AskedQuestion, told: dict[str, str]) -> set[tuple[str, ...]]:
    """(what the response was, feedback) without any id."""
    shown = asked.interaction
    if isinstance(shown, InlineGaps):
        found = set()
        for token, text in told.items():
            name, _, rest = token.partition(" ")
            gap = shown.gaps[name]
            texts = {option.id: asked.words(option) for option in gap.options} if isinstance(gap, Choice) else {}
            found.add((str(list(shown.gaps).index(name)), texts.get(rest, rest).casefold(), text))
        return {entry for entry in found if entry[-1]}
    if isinstance(shown, TextEntry):
        return {(token.casefold(), text) for token, text in told.items()}
    # In "row target", both may have the same id.
    lists = [{one.id: _plain(asked.option(one)) for one in options} for options in shown.option_lists()] or [{}]
    return {
        (*(lists[min(place, len(lists) - 1)].get(part, part) for place, part in enumerate(token.split(" "))), text)
        for token, text in told.items()
        if text
    }


def response_there(pair: Pair, response: Any) -> Any:
    """What a student who gave ``response`` would answer to the question that came back."""
    asked, back = pair.asked, pair.back
    assert back is not None
    shown, there = asked.interaction, back.interaction
    match shown, there:
        case Choice(), Choice():
            return [there.options[[one.id for one in shown.options].index(name)].id for name in response]
        case Ordering(), Ordering():
            return [back.key.right[asked.key.right.index(name)] for name in response]
        case Matching(), Matching():
            rows = dict(zip((row.id for row in shown.rows), (row.id for row in there.rows), strict=True))
            targets = dict(zip(_targets(asked), _targets(back), strict=True))
            return {rows[row]: targets[target] for row, target in response.items()}
        case InlineGaps(), InlineGaps():
            names = dict(zip(shown.gaps, there.gaps, strict=True))
            own = {}
            for name, typed in response.items():
                if name not in names:
                    continue
                gap = shown.gaps[name]
                if isinstance(gap, Choice):
                    typed = there.gaps[names[name]].options[[one.id for one in gap.options].index(typed)].id
                own[names[name]] = typed
            return own
        case Scale(), Scale():
            names = dict(zip((one.id for one in shown.events), (one.id for one in there.events), strict=True))
            return {names[name]: year for name, year in response.items()}
        case Scale(), InlineGaps():
            names = dict(zip((event.id for event in shown.events), there.gaps, strict=True))
            return {names[name]: year for name, year in response.items()}
        case ComputedNumber(), ComputedNumber():
            return {"answer": response["answer"], **back.values}
        case ComputedNumber(), _:
            return response["answer"]
    if isinstance(there, InlineGaps):
        (name,) = there.gaps
        return {name: response}
    return response


def _targets(asked: AskedQuestion) -> list[str]:
    """The ids of the right sides of a match: those of its rows, and those of none."""
    shown, key = asked.interaction, asked.key
    assert isinstance(shown, Matching)
    assert isinstance(key, MatchingKey)
    return list(dict.fromkeys([*(key.right[row.id] for row in shown.rows), *(target.id for target in shown.targets)]))


def shares(pair: Pair, response: Any) -> tuple[float, float] | None:
    """The share of the points that a response earns, here and in what came back; None if it is not for this set."""
    question, back = pair.asked.source, pair.back
    assert back is not None
    try:
        given = question.interaction().read(response)
    except ShapeError:
        return None
    if given is None or question.key() is None or back.key is None or _draws_again(pair):
        return None
    if isinstance(question.interaction(), (InlineGaps, Scale)) and not isinstance(
        back.interaction, (InlineGaps, Scale)
    ):  # one of its blanks or events, each of which is a question there
        return None
    if number_set(question, given) != max(pair.asked.position - 1, 0):
        return None
    own = grade_question(question, response).score / question.points
    there = grade_question(back.source, response_there(pair, given)).score / back.source.points
    return own, there
