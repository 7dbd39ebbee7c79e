"""Anki: flash cards, as a package that Anki, AnkiDroid and AnkiMobile import.

Students look at the answer and say themselves how well they knew it, so nothing scores there. *Exact* means here that a
card says what the question and its feedback say; the score is not a part of a card.

Sources: https://docs.ankiweb.net/templates/fields.html; https://docs.ankiweb.net/importing/packaged-decks.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, ClassVar

from civicquiz.authoring import markdown
from civicquiz.authoring.formulas import no_latex
from civicquiz.authoring.wording import number_text
from civicquiz.exchange.anki_cards import CARD, CLOZE
from civicquiz.exchange.anki_package import Deck, Note, package, wrote_package
from civicquiz.exchange.asked import AskedQuestion, asked_questions, sections_of
from civicquiz.exchange.exported import Exported, ExportedQuestion, ExportedQuiz, Losses, UnfitError
from civicquiz.exchange.losses import parts_of, section_name, settings_losses, tags_of
from civicquiz.exchange.number_bounds import bounds_of
from civicquiz.exchange.package_writing import PackagedPictures
from civicquiz.exchange.xml_writing import without_controls
from civicquiz.frontend.answers import (
    accepted_lines,
    answer_parts,
    feedback_lines,
    length_words,
    rounding_words,
)
from civicquiz.grading.arrangement import own_options
from civicquiz.model.interactions import (
    Choice,
    ComputedNumberKey,
    ExtendedText,
    Gap,
    InlineGaps,
    InlineGapsKey,
    Interaction,
    Matching,
    NumberEntryKey,
    NumberField,
    Option,
    Ordering,
    Scale,
    TextEntry,
)
from civicquiz.model.interactions.key import Key
from civicquiz.model.questions.open_response import OpenResponse
from civicquiz.model.translations import Translation

__all__ = ["EXPORTER"]

_REMARK = "Anki gives no points: students look at the answer and say themselves how well they knew it."
#: The seed of the order in which shuffled options are on all cards.
_SEED = 1


class AnkiExporter:
    """Flash cards for Anki."""

    name: ClassVar[str] = "anki"
    title: ClassVar[str] = "Anki"
    ending: ClassVar[str] = ".apkg"

    def wrote(self, content: bytes) -> bool:
        return wrote_package(content)

    def export(self, quizzes: Sequence[Translation]) -> Exported:
        notes: list[Note] = []
        media: dict[str, bytes] = {}
        done = [_quiz(texts, notes, media) for texts in quizzes]
        return Exported(package(notes, media), done, (_REMARK,))


EXPORTER = AnkiExporter()


# ---- A quiz ----


def _quiz(texts: Translation, notes: list[Note], media: dict[str, bytes]) -> ExportedQuiz:
    source = texts.source
    pictures = PackagedPictures(texts.quiz.images, in_folder=False)
    path = (source.title,) if texts.quiz is source else (source.title, f"{texts.title} ({texts.language})")
    questions: dict[str, ExportedQuestion] = {}
    losses = Losses()
    for number, (section, names) in enumerate(sections_of(texts), start=1):
        deck = Deck(path)
        if section:
            called = section_name(source.sections[number - 1], number)
            losses.approximate("sections", f"The questions of {called} are a deck in the deck of the quiz.")
            if section.pick:
                losses.lost("sections", f"All questions of {called} become cards; none are picked.")
            if section.text:
                losses.approximate("sections", f"The text above {called} is the description of its deck.")
            deck = Deck((*path, section.title or str(number)), _inert(markdown.render(section.text or "", latex=True)))
        for name in names:
            questions[name], made = _question(texts, name, pictures, deck)
            notes += made
    media |= pictures.files
    ordered = tuple(questions[question.id] for question in source.questions)
    settings = settings_losses(source, {"sections"}, "Flash cards have no such setting")
    return ExportedQuiz(source.name, texts.language, ordered, (*settings, *losses))


def _question(
    texts: Translation, name: str, pictures: PackagedPictures, deck: Deck
) -> tuple[ExportedQuestion, list[Note]]:
    """What became of a question, and its notes."""
    source = texts.source.keyed_questions[name]
    parts = tuple(part for part in parts_of(source, texts.source) if part != "score")
    losses = Losses(name)
    asked = asked_questions(texts, name, pictures.images, latex=True)
    # A translation is other cards than the original: a student may learn both.
    quiz = texts.source.name if texts.quiz is texts.source else f"{texts.source.name}.{texts.language}"
    notes: list[Note] = []
    try:
        if source.void:
            raise UnfitError("The question is void, so nobody should learn its answer.")
        for one in asked:
            called = f"{quiz}/{name}/{one.position}" if len(asked) > 1 else f"{quiz}/{name}"
            fields = {field: _placed(html, pictures) for field, html in _fields(one, losses).items()}
            gaps = one.interaction.gaps if isinstance(one.interaction, InlineGaps) else ()
            notes.append(Note(CLOZE if gaps else CARD, called, fields, deck, tuple(tags_of(source)), len(gaps) or 1))
    except UnfitError as error:
        return ExportedQuestion.left_out(source, parts, str(error)), []
    if len(notes) > 1:
        losses.approximate("numbers", f"There is a card for each of the {len(notes)} sets of numbers.")
    if source.points != 1:
        losses.lost("points", "Cards have no points.")
    written_as = "cloze" if notes[0].type is CLOZE else "card"
    ids = tuple(note.name for note in notes)
    return ExportedQuestion(name, source.type, written_as, ids, parts, tuple(losses)), notes


# ---- HTML ----

#: What Anki would run in a text, and not show: sounds, fields to type in, its own LaTeX, and blanks.
_COMMANDS = re.compile(r"\[(?=\[type:|sound:|anki:|/?(?:latex|\$\$?)\])|\{(?=\{)", re.IGNORECASE)
_PLAYER = re.compile(r'<(audio|video) controls preload="metadata" src="([^"]*)" aria-label="[^"]*"></\1>')


def _inert(html: str) -> str:
    """HTML in which no text is a command to Anki."""
    if "[" in html or "{" in html:
        html = _COMMANDS.sub(lambda found: f"&#{ord(found[0])};", html)
    return without_controls(html)


def _placed(html: str, pictures: PackagedPictures) -> str:
    """HTML with its pictures, and with sounds and videos as Anki plays them."""
    html = pictures.placed(html)
    return _PLAYER.sub(r"[sound:\2]", html) if " controls " in html else html


def _words(text: str) -> str:
    """A text that is no Markdown, as HTML."""
    return no_latex(escape(text))


def _list(lines: Iterable[str], tag: str = "ul") -> str:
    return f"<{tag}>{''.join(f'<li>{line}</li>' for line in lines)}</{tag}>"


# ---- The fields of a question ----


def _fields(asked: AskedQuestion, losses: Losses) -> dict[str, str]:
    """The HTML of each field of a note."""
    shown, question = asked.interaction, asked.question
    key = asked.texts.key(asked.id)
    explanation = question.full_explanation()
    answer = ""
    if isinstance(question, OpenResponse):
        answer = asked.block(question.model_answer)
        explanation = question.model_copy(update={"model_answer": None}).full_explanation()
        if question.show_rubric == "never" and (question.rubric or question.holistic_rubric):
            losses.lost("rubric", "Students never see the rubric, so it is not on the card.")
        if not answer and not explanation:
            raise UnfitError("There is nothing for the back of a card: add a 'model_answer'.")
    elif key is None:
        raise UnfitError("No answer is right, so there is nothing to learn from a card.")
    else:
        answer = _answer(asked, shown, key)
    hint = asked.block(question.full_hint())
    fields = {
        "Question": asked.asked(),
        "Options": _options(asked, shown),
        "Answer": answer,
        "Explanation": asked.block(explanation),
        "Source": no_latex(asked.sources()),
        "Hint": hint and f"<details><summary>{escape(asked.interface['hint'])}</summary>{hint}</details>",
        "Feedback": _feedback(asked, shown, key),
        "Language": escape(asked.language),
    }
    if isinstance(shown, (NumberField, TextEntry)):
        assert key is not None
        fields["Typed"] = _typed(asked, shown, key)
        losses.approximate(
            "typing",
            "Anki compares what is typed with one right answer, sign by sign. The back says what else is right.",
        )
    elif isinstance(shown, Scale) or (
        isinstance(shown, InlineGaps) and not all(isinstance(gap, Choice) for gap in shown.gaps.values())
    ):
        losses.lost("typing", "Students type nothing there: they think of the answer, and look.")
    fields = {name: _inert(html) for name, html in fields.items() if html}
    if isinstance(shown, InlineGaps):
        assert key is not None
        fields["Text"] = _cloze(asked, shown, key, losses)
    return fields


def _right(asked: AskedQuestion, key: Key[Any]) -> Any:
    return key.answer_for(dict(asked.values) or None)


def _typed(asked: AskedQuestion, shown: Interaction[Any], key: Key[Any]) -> str:
    """What Anki compares with what is typed."""
    right = _right(asked, key)
    return escape(asked.numbers.write(right) if isinstance(shown, NumberField) else right)


def _options(asked: AskedQuestion, shown: Interaction[Any]) -> str:
    """What there is to choose from, or to put in order, or how long a text should be."""
    source = asked.texts.source
    lists = own_options(source, asked.id, shown, _SEED) if "options" in source.shuffle else shown.option_lists()
    match shown:
        case Choice(passage=()):
            how = f"<p>{escape(asked.interface['choose_all'])}</p>" if shown.multiple else ""
            return how + _list(map(asked.option, lists[0]))
        case Choice():
            return asked.selectable(shown)
        case Ordering() | Matching():
            return "".join(_list(map(asked.option, options)) for options in lists)
        case Scale():
            scale = asked.interface["scale"].format(start=shown.start, end=shown.end)
            return f"{_list(map(asked.option, lists[0]))}<p>{escape(scale)}</p>"
        case ExtendedText():
            words = length_words(shown, asked.interface)
            return f"<p>{escape(words)}</p>" if words else ""
    return ""


def _answer(asked: AskedQuestion, shown: Interaction[Any], key: Key[Any]) -> str:
    """The right answer, and what else is accepted; of a text with blanks only that, since the blanks say the rest."""
    html = ""
    if not isinstance(shown, InlineGaps):
        lines = [_line(asked, parts) for parts in answer_parts(shown, _right(asked, key), asked.numbers)]
        html = _list(lines, "ol" if isinstance(shown, Ordering) else "ul") if len(lines) > 1 else "".join(lines)
    accepted = key.accepted_for(dict(asked.values) or None)
    if others := [_words(line) for line in accepted_lines(shown, accepted, asked.numbers)]:
        html += f"<p>{escape(asked.interface['paper_accepted'])}</p>{_list(others)}"
    return html


def _line(asked: AskedQuestion, parts: Iterable[Option | str]) -> str:
    return ": ".join(_words(part) if isinstance(part, str) else asked.option(part) for part in parts)


def _feedback(asked: AskedQuestion, shown: Interaction[Any], key: Key[Any] | None) -> str:
    """All of the feedback, each with what it is about."""
    if not asked.feedback:
        return ""
    gaps = {f"{name} ": key.gaps[name] for name in key.gaps} if isinstance(key, InlineGapsKey) else {"": key}
    mistakes = {
        f"{start}mistake-{number}": asked.numbers.write(number_text(float(bounds_of(interval).middle)))
        for start, own in gaps.items()
        if isinstance(own, (NumberEntryKey, ComputedNumberKey))
        for number, interval in enumerate(asked.number_rule(own)[0].mistakes, start=1)
    }
    lines = feedback_lines(shown, asked.feedback, asked.interface, asked.images, asked.numbers, mistakes)
    return _list(f"<b>{about}</b> {asked.block(text)}" for about, text in lines)


# ---- A text with blanks ----

#: What would end a blank, or what is in it.
_ENDS = re.compile(r"\}|:(?=:|$)")


def _cloze(asked: AskedQuestion, shown: InlineGaps, key: Key[Any], losses: Losses) -> str:
    """The text, with its blanks as Anki writes them."""
    right = _right(asked, key)
    html, number = "", 0
    for part in asked.passage(shown.passage):
        if isinstance(part, Gap):
            number += 1
            html += f"{{{{c{number}::{_blank(asked, shown.gaps[part.id], right[part.id], losses)}}}}}"
            html += _notes(asked, shown.gaps[part.id])
        else:
            html += _inert(str(part)).replace("{", "&#123;")
    return html


def _blank(asked: AskedQuestion, gap: Interaction[Any], right: str, losses: Losses) -> str:
    """What is in a blank: the answer, and the options, which stand in its place on the front."""
    if not isinstance(gap, Choice):
        return _in_blank(_words(asked.numbers.write(right) if isinstance(gap, NumberField) else right))
    options = " / ".join(map(escape, asked.plain_words(gap.options, "The options of a blank", losses).values()))
    answer = next(option for option in gap.options if option.id == right)
    return f"{_in_blank(asked.option(answer))}::{_in_blank(options)}"


def _in_blank(html: str) -> str:
    return _ENDS.sub(lambda found: f"&#{ord(found[0])};", _inert(html))


def _notes(asked: AskedQuestion, gap: Interaction[Any]) -> str:
    """What is behind a blank for a number: the unit, and how to round."""
    if not isinstance(gap, NumberField):
        return ""
    rounding = rounding_words(gap, asked.interface)
    notes = (f" {gap.unit}" if gap.unit else "") + (f" ({rounding})" if rounding else "")
    return _inert(_words(notes)).replace("{", "&#123;")
