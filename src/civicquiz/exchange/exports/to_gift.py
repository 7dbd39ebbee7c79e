"""GIFT: the plain text that Moodle and others import.

It has no blanks in a text and no polls. Moodle reads a cloze in it without complaint, as nonsense, so it is left out.

Sources: https://docs.moodle.org/405/en/GIFT_format; question/format/gift/format.php of Moodle 4.5.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import ClassVar

from civicquiz.authoring.wording import number_text
from civicquiz.exchange.asked import AskedQuestion, asked_questions
from civicquiz.exchange.exported import Exported, ExportedQuestion, ExportedQuiz, Losses, UnfitError
from civicquiz.exchange.losses import note_repeated_text, note_void, parts_of, settings_losses, tags_of
from civicquiz.exchange.moodle_rules import (
    SHARES,
    distinct_words,
    number_answers,
    number_losses,
    order_losses,
    several_shares,
    short_id,
    shown_as_it_is,
    text_answers,
)
from civicquiz.exchange.typed_answers import is_case_sensitive, text_losses
from civicquiz.model.interactions import (
    Choice,
    ChoiceKey,
    Matching,
    MatchingKey,
    NumberField,
    Ordering,
    OrderingKey,
    TextEntryKey,
)
from civicquiz.model.questions.open_response import OpenResponse
from civicquiz.model.translations import Translation

__all__ = ["EXPORTER"]

_START = "// Written by civicquiz.\n\n"
#: What means something wherever it is.
_SIGNS = re.compile(r"[\\~=#{}:]")


class GiftExporter:
    """Plain text for question banks."""

    name: ClassVar[str] = "gift"
    title: ClassVar[str] = "GIFT"
    ending: ClassVar[str] = ".gift"

    def wrote(self, content: bytes) -> bool:
        return content.startswith(_START.encode())

    def export(self, quizzes: Sequence[Translation]) -> Exported:
        blocks: list[str] = []
        done = [_quiz(texts, blocks) for texts in quizzes]
        # Only a blank line ends a question.
        return Exported((_START + "\n".join(blocks)).encode("utf-8", "replace"), done)


EXPORTER = GiftExporter()


def _quiz(texts: Translation, blocks: list[str]) -> ExportedQuiz:
    title = " ".join(texts.title.split()).replace("/", "//")
    blocks.append(f"$CATEGORY: $course$/top/{title[:200]}\n")
    questions = []
    for question in texts.source.questions:
        done, own = _question(texts, question.id)
        questions.append(done)
        blocks += own
    return ExportedQuiz(texts.source.name, texts.language, tuple(questions), tuple(settings_losses(texts.source)))


def _question(texts: Translation, name: str) -> tuple[ExportedQuestion, list[str]]:
    """What became of a question, and its lines; a block for each of its sets of numbers."""
    source = texts.source.keyed_questions[name]
    parts = parts_of(source, texts.source)
    losses = Losses(name)
    asked = asked_questions(texts, name, {})
    try:
        if source.type not in _WRITERS:
            raise UnfitError(f"GIFT has no question like '{source.type}'.")
        written_as, write = _WRITERS[source.type]
        answers = [write(one, losses) for one in asked]
    except UnfitError as error:
        return ExportedQuestion.left_out(source, parts, str(error)), []
    ids, blocks = [], []
    for one, (text, lines) in zip(asked, answers, strict=True):
        ids.append(short_id(f"{texts.source.name}/{name}" + (f"/{one.position}" if len(asked) > 1 else "")))
        marks = [f"[id:{_mark(ids[-1])}]", *(f"[tag:{_mark(tag)}]" for tag in tags_of(source))]
        general = one.explained()
        end = [f"####{_html(general)}"] if general else []
        content = "\n".join(["{", *lines, *end, "}"]) if lines or end else "{}"
        blocks.append(f"// {' '.join(marks)}\n::{_escaped(name)}::[html]{_escaped(text)}{content}\n")
    _note_what_is_missing(texts, name, parts, len(asked), losses)
    return ExportedQuestion(name, source.type, written_as, tuple(ids), parts, tuple(losses)), blocks


def _note_what_is_missing(texts: Translation, name: str, parts: Sequence[str], sets: int, losses: Losses) -> None:
    source = texts.source.keyed_questions[name]
    if sets > 1:
        losses.approximate("numbers", f"There is a question for each of the {sets} sets of numbers; use one of them.")
    if "hint" in parts:
        losses.lost("hint", "GIFT has no hints.")
    if "pictures" in parts:
        losses.lost("pictures", "GIFT has no pictures; the description of each is in its place.")
    if source.points != 1 and "points" in parts:
        losses.lost("points", f"GIFT has no points; change them in the quiz to {number_text(source.points)}.")
    note_repeated_text(source, losses)
    note_void(source, losses)


# ---- Texts ----


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\g<0>", text).replace("\r", " ").replace("\n", r"\n")


def _html(html: str) -> str:
    return f"[html]{_escaped(html)}"


def _mark(text: str) -> str:
    return re.sub(r"[\]\\]", r"\\\g<0>", text)


def _answer(share: Fraction, text: str, feedback: str, sign: str) -> str:
    earned = f"%{'-' if share < 0 else ''}{SHARES[abs(share)]}%"
    return f"{sign}{earned}{text}" + (f"#{_html(feedback)}" if feedback else "")


# ---- The types ----

_Answers = tuple[str, list[str]]


def _choice(asked: AskedQuestion, losses: Losses) -> _Answers:
    shown, key = asked.interaction, asked.key
    assert isinstance(shown, Choice)
    assert isinstance(key, ChoiceKey)
    told = {option.id: asked.block(asked.feedback.get(option.id)) for option in shown.options}
    text = asked.asked() + asked.selectable(shown)
    if not shown.multiple:
        # With an equals sign before a right option, only one can be chosen.
        lines = [
            ("=" if option.id in key.right else "~")
            + _html(asked.option(option))
            + (f"#{_html(told[option.id])}" if told[option.id] else "")
            for option in shown.options
        ]
        if len(key.right) == len(shown.options):
            raise UnfitError("Every option is right, which GIFT takes for a short answer.")
        return text, lines
    shares = several_shares(key, losses)
    if not all(abs(share) in SHARES for share in shares.values()):
        raise UnfitError(f"{len(key.right)} right options: Moodle refuses what each of them would earn in GIFT.")
    lines = [_answer(shares[one.id], _html(asked.option(one)), told[one.id], "~") for one in shown.options]
    return text, lines


def _true_false(asked: AskedQuestion, _: Losses) -> _Answers:
    key = asked.key
    assert isinstance(key, ChoiceKey)
    (right,) = key.right
    wrong = "false" if right == "true" else "true"
    told = [asked.block(asked.feedback.get(side)) for side in (wrong, right)]
    feedback = "".join(f"#{_html(text) if text else ''}" for text in told).rstrip("#")
    return asked.asked(), [f"{right.upper()}{feedback}"]


def _numeric(asked: AskedQuestion, losses: Losses) -> _Answers:
    shown, key = asked.interaction, asked.key
    assert isinstance(shown, NumberField)
    assert key is not None
    rule, _ = asked.number_rule(key)
    number_losses(rule, shown, losses)
    if shown.unit:
        losses.lost("typing", "GIFT has no units: no unit can be typed behind the number.")
    told = {token: asked.block(feedback) for token, feedback in asked.feedback.items()}
    answers = number_answers(rule, told)
    return asked.asked(), ["#", *(_answer(share, number, feedback, "=") for number, share, feedback in answers)]


def _short_text(asked: AskedQuestion, losses: Losses) -> _Answers:
    key = asked.key
    assert isinstance(key, TextEntryKey)
    text_losses(key, "Moodle", losses)
    if is_case_sensitive(key):
        losses.lost("score", "In GIFT, capital and small letters are the same.")
    told = {token: asked.block(feedback) for token, feedback in asked.feedback.items()}
    answers = text_answers(key, told)
    if any("->" in text for text, _, _ in answers):
        raise UnfitError("GIFT takes a text with '->' for a pair.")
    if not all(share in SHARES for _, share, _ in answers):
        raise UnfitError("Moodle refuses the share of the points that one of the texts earns.")
    return asked.asked(), [_answer(share, _typed(text), feedback, "=") for text, share, feedback in answers]


def _typed(text: str) -> str:
    """What students type. A text that looks like the name of a format, or like HTML, is named as plain."""
    return f"[plain]{_escaped(text)}" if text.startswith("[") or shown_as_it_is(text) != text else _escaped(text)


def _match(asked: AskedQuestion, losses: Losses) -> _Answers:
    shown, key = asked.interaction, asked.key
    assert isinstance(shown, Matching)
    assert isinstance(key, MatchingKey)
    targets = distinct_words(asked, shown.targets, losses)
    if asked.feedback:
        losses.lost("feedback", "Moodle has no feedback for a single row.")
    lines = [f"={_html(asked.option(row))} -> {_escaped(targets[key.right[row.id]])}" for row in shown.rows]
    used = set(key.right.values())
    lines += [f"= -> {_escaped(targets[target.id])}" for target in shown.targets if target.id not in used]
    return asked.asked(), lines


def _order(asked: AskedQuestion, losses: Losses) -> _Answers:
    shown, key = asked.interaction, asked.key
    assert isinstance(shown, Ordering)
    assert isinstance(key, OrderingKey)
    order_losses(shown, losses)
    words = asked.plain_words(shown.options, "The entries", losses)
    if any(text.startswith("//") for text in words.values()):
        raise UnfitError("GIFT takes an entry that starts with '//' for a comment.")
    how = ">0 ALL VERTICAL RELATIVE_ALL_PREVIOUS_AND_NEXT SHOW none"
    return asked.asked(), [how, *(_escaped(shown_as_it_is(words[name])) for name in key.right)]


def _essay(asked: AskedQuestion, losses: Losses) -> _Answers:
    question = asked.source
    assert isinstance(question, OpenResponse)
    if question.min_words or question.max_words:
        losses.lost("length", "GIFT has no limits for the number of words.")
    if question.rubric or question.holistic_rubric:
        losses.lost("rubric", "GIFT has no rubrics.")
    return asked.asked(), []


_WRITERS: dict[str, tuple[str, Callable[[AskedQuestion, Losses], _Answers]]] = {
    "single-choice": ("multichoice", _choice),
    "multiple-choice": ("multichoice", _choice),
    "select-text": ("multichoice", _choice),
    "true-false": ("truefalse", _true_false),
    "numeric": ("numerical", _numeric),
    "calculated": ("numerical", _numeric),
    "short-text": ("shortanswer", _short_text),
    "match": ("matching", _match),
    "categorize": ("matching", _match),
    "order": ("ordering", _order),
    "open-response": ("essay", _essay),
}
