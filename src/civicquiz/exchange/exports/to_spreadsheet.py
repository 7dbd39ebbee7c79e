"""A table with a row for each question, as CSV: for a person, and for ``civicquiz import``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from civicquiz.authoring.wording import number_text
from civicquiz.exchange.asked import AskedQuestion, asked_questions
from civicquiz.exchange.csv_files import csv_text, escape_formula
from civicquiz.exchange.exported import Exported, ExportedQuestion, ExportedQuiz, Losses, UnfitError
from civicquiz.exchange.foreign_text import from_plain
from civicquiz.exchange.imports.spreadsheet import COLUMNS, LETTERS, match_sides
from civicquiz.exchange.losses import note_repeated_text, note_void, parts_of, settings_losses
from civicquiz.exchange.number_bounds import bounds_of, decimal_text
from civicquiz.exchange.single_fields import single_fields
from civicquiz.exchange.table import cell_text
from civicquiz.frontend.answers import rounding_words
from civicquiz.model.interactions import (
    Choice,
    ChoiceKey,
    ExtendedText,
    InlineGaps,
    Matching,
    MatchingKey,
    NumberField,
    Option,
    Ordering,
    OrderingKey,
    Scale,
    TextEntry,
    TextEntryKey,
    parse_number,
)
from civicquiz.model.interactions.interaction import Interaction
from civicquiz.model.questions.open_response import OpenResponse
from civicquiz.model.translations import Translation

__all__ = ["EXPORTER"]

_GUARDED = "Apostrophes were put before what a spreadsheet could run, or spaces left out."
#: The cells of a row by their columns.
_Row = dict[str, str]


class SpreadsheetExporter:
    """Tables in CSV files."""

    name: ClassVar[str] = "csv"
    title: ClassVar[str] = "Spreadsheet (CSV)"
    ending: ClassVar[str] = ".csv"

    def wrote(self, content: bytes) -> bool:
        return content.startswith("\ufeffquestion,type,answer,option A,option B,".encode())

    def export(self, quizzes: Sequence[Translation]) -> Exported:
        rows: list[_Row] = []
        taken: set[str] = set()
        done = [_quiz(texts, rows, taken) for texts in quizzes]
        most = max(
            (LETTERS.index(column[-1]) + 1 for row in rows for column in row if column[:7] == "option "), default=2
        )
        columns = _columns(most)
        text = csv_text(columns, ([row.get(column, "") for column in columns] for row in rows))
        return Exported(text.encode("utf-8-sig", "replace"), done)


EXPORTER = SpreadsheetExporter()


def _columns(options: int) -> list[str]:
    """The names of the columns, with so many for options."""
    names: list[str] = []
    for column in COLUMNS:
        stem = column.removesuffix(" A")
        names += [f"{stem} {letter}" for letter in LETTERS[:options]] if stem != column else [column]
    return names


def _quiz(texts: Translation, rows: list[_Row], taken: set[str]) -> ExportedQuiz:
    questions = []
    for question in texts.source.questions:
        done, own = _question(texts, question.id, taken)
        questions.append(done)
        rows += own
    return ExportedQuiz(texts.source.name, texts.language, tuple(questions), tuple(settings_losses(texts.source)))


def _question(texts: Translation, name: str, taken: set[str]) -> tuple[ExportedQuestion, list[_Row]]:
    """What became of a question, and its rows."""
    source = texts.source.keyed_questions[name]
    losses = Losses(name)
    parts = parts_of(source, texts.source)
    asked = asked_questions(texts, name, {})
    try:
        rows = [row for one in asked for row in _rows(one, losses)]
    except UnfitError as error:
        return ExportedQuestion.left_out(source, parts, str(error)), []
    for number, row in enumerate(rows, start=1):
        row["id"] = _free(name if len(rows) == 1 else f"{name}-{number}", texts.source.name, taken)
        for column, cell in row.items():
            if cell_text(escape_formula(cell)) != cell and (part := _part_in(column, parts)):
                # The answer to what a person scores is the model answer.
                losses.approximate("explanation" if part == "score" and source.key() is None else part, _GUARDED)
    if len(asked) > 1:
        losses.approximate("numbers", f"There is a row for each of the {len(asked)} sets of numbers.")
    note_repeated_text(source, losses)
    if "pictures" in parts:
        losses.approximate("pictures", "Copy them into the folder of the table, under the names that the texts have.")
    note_void(source, losses)
    ids = tuple(row["id"] for row in rows)
    return ExportedQuestion(name, source.type, rows[0]["type"], ids, parts, tuple(losses)), rows


def _part_in(column: str, parts: Sequence[str]) -> str:
    """The part of a question that is in a column; "" for a column that says nothing of it."""
    stem = column.partition(" ")[0]
    found = {"option": "options", "difficulty": "tags", "level": "tags", "objectives": "tags", "answer": "score"}
    part = found.get(stem, stem)
    return part if part in parts else "text" if stem in ("question", "unit") else ""


def _free(name: str, quiz: str, taken: set[str]) -> str:
    """The id of a row, which no other row of the table has."""
    free, number = name, 2
    while free.lower() in taken:
        free = f"{quiz}-{name}" if number == 2 else f"{quiz}-{name}-{number}"
        number += 1
    taken.add(free.lower())
    return free


# ---- Rows ----


def _rows(asked: AskedQuestion, losses: Losses) -> Iterator[_Row]:
    """The rows of a question with one set of numbers."""
    question, source = asked.question, asked.source
    said = _asked_text(asked)
    common = {
        "hint": asked.markdown(question.full_hint()),
        "explanation": asked.markdown(question.explanation or ""),
        "difficulty": source.difficulty or "",
        "level": source.level or "",
        "tags": ", ".join(source.tags),
        "objectives": ", ".join(source.objectives),
        "cites": ", ".join(source.cites),
    }
    shapes = list(_shapes(asked, losses))
    points = Fraction(source.points) / len(shapes)
    for text, shape in shapes:
        row = common | {"question": f"{said}\n\n{text}" if text else said, "points": number_text(float(points))}
        if not source.points:
            del row["points"]
        yield {name: cell for name, cell in (row | shape).items() if cell}


def _asked_text(asked: AskedQuestion) -> str:
    parts = []
    if asked.question.stimulus:
        stimulus = asked.texts.quiz.stimuli[asked.question.stimulus]
        parts += [f"**{from_plain(stimulus.title)}**"] if stimulus.title else []
        parts.append(asked.markdown(stimulus.full_text()))
    parts.append(asked.markdown(asked.question.full_prompt()))
    return "\n\n".join(parts)


def _shapes(asked: AskedQuestion, losses: Losses) -> Iterator[tuple[str, _Row]]:
    """(what the text of the question ends with, the cells that depend on its type) of each row of a question."""
    if isinstance(asked.interaction, InlineGaps):
        _note_rows(losses, "blank")
    elif isinstance(asked.interaction, Scale):
        _note_rows(losses, "event")
        losses.approximate("score", "A year that is not near enough earns nothing.")
    for field in single_fields(asked):
        text = asked.markdown(field.about.text if field.about else field.passage)
        yield text, _shape(asked, field.shown, field.key, field.feedback, losses)


def _note_rows(losses: Losses, what: str) -> None:
    losses.approximate("text", f"The text is repeated in a row for each {what}.")
    for part in ("score", "points"):
        losses.approximate(part, f"Each {what} is a question of its own, with its share of the points.")


def _shape(asked: AskedQuestion, shown: Interaction[Any], key: Any, told: Mapping[str, str], losses: Losses) -> _Row:
    """The cells that depend on the type of a question, or of a blank; ``told`` is the feedback by token."""
    match shown:
        case Choice():
            return _choice(asked, shown, key, told, losses)
        case NumberField():
            return _number(asked, shown, key, told, losses)
        case TextEntry():
            return _short_text(key, told, losses)
        case Ordering():
            return _order(asked, shown, key, losses)
        case Matching():
            return _match(asked, shown, key, told)
        case ExtendedText():
            return _open(asked, losses)
    raise UnfitError(f"A row has no room for '{asked.source.type}'.")


def _options(texts: Iterable[str], stem: str = "option") -> _Row:
    texts = list(texts)
    if len(texts) > len(LETTERS):
        raise UnfitError(f"A row has room for {len(LETTERS)} options; this question has {len(texts)}.")
    return {f"{stem} {letter}": text for letter, text in zip(LETTERS, texts, strict=False)}


def _text(asked: AskedQuestion, option: Option) -> str:
    return asked.interface[option.word] if option.word else asked.markdown(option.text)


def _choice(
    asked: AskedQuestion, shown: Choice, key: ChoiceKey | None, told: Mapping[str, str], losses: Losses
) -> _Row:
    texts = [_text(asked, option) for option in shown.options]
    if key is None:
        if shown.multiple:
            losses.lost("options", "That several options can be chosen has no column.")
        return {"type": "poll", **_options(texts)}
    if all(option.word for option in shown.options):
        sides = {"feedback A": told.get("true", ""), "feedback B": told.get("false", "")}
        return {"type": "true-false", "answer": key.right[0].upper(), **sides}
    right = [position for position, option in enumerate(shown.options) if option.id in key.right]
    if not shown.multiple and len(right) > 1:
        losses.approximate(
            "score", "Several options are right, so it becomes a multiple choice, where all of them count."
        )
    if key.rule.all_or_nothing and len(right) > 1:
        losses.lost("score", "All-or-nothing has no column: part of the points can be earned.")
    feedback = _options((asked.markdown(told.get(option.id, "")) for option in shown.options), "feedback")
    several = shown.multiple or len(right) > 1
    cells = {"type": "multiple-choice" if several else "single-choice", "answer": _letters(right, texts)}
    return {**cells, **_options(texts), **feedback}


def _letters(right: Sequence[int], texts: Sequence[str]) -> str:
    """The letters of the right options, or their numbers if an option reads like a letter."""
    for names in (LETTERS, [str(number + 1) for number in range(len(LETTERS))]):
        if max(right) < len(names):
            chosen = [names[position] for position in right]
            if not {*chosen, ", ".join(chosen)} & {*texts}:
                return ", ".join(chosen)
    raise UnfitError("Its options read like letters and numbers, so the answer could not be told from them.")


def _number(asked: AskedQuestion, shown: NumberField, key: Any, told: Mapping[str, str], losses: Losses) -> _Row:
    rule, right = asked.number_rule(key)
    bounds = bounds_of((rule.low, rule.high))
    answer = right if Fraction(right) == Fraction(bounds.middle) else _readable(bounds.middle, losses)
    if answer != right:
        losses.approximate("score", "The right numbers are there as their middle and how far off is right.")
    if bounds.limit is not None:
        losses.approximate("score", f"Without an end, the right numbers stop at {decimal_text(bounds.limit)}.")
    if rule.also:
        losses.lost("score", "Further right numbers have no column.")
    if shown.units:
        losses.lost("typing", "Other units have no column.")
    if rounding_words(shown, asked.interface):
        losses.lost("text", "How to round has no column.")
    if told:
        losses.lost("feedback", "Feedback on wrong numbers has no column.")
    return {"type": "numeric", "answer": answer, "tolerance": _readable(bounds.reach, losses), "unit": shown.unit}


def _readable(number: Decimal, losses: Losses) -> str:
    """A number as the import reads it, which refuses very long ones: ends of very different size have such a middle."""
    if parse_number(decimal_text(number)) is not None:
        return decimal_text(number)
    losses.approximate("score", "The right numbers are there as numbers with at most 17 digits.")
    return decimal_text(Decimal(repr(float(number))))


def _short_text(key: TextEntryKey, told: Mapping[str, str], losses: Losses) -> _Row:
    texts = list(key.accept)
    if any("|" in text for text in texts):
        raise UnfitError("An accepted text contains '|', which separates them in the table.")
    if any(credit < 100 for credit in key.accept.values()):
        losses.lost("score", "That some texts earn only part of the points has no column.")
    if key.rule.typos or set(key.rule.ignore) != {"case", "space"}:
        losses.lost("score", "How texts are compared has no column: only capitals and spaces are ignored.")
    if told:
        losses.lost("feedback", "Feedback on wrong texts has no column.")
    return {"type": "short-text", "answer": " | ".join(texts)}


def _order(asked: AskedQuestion, shown: Ordering, key: OrderingKey, losses: Losses) -> _Row:
    texts = {option.id: _text(asked, option) for option in shown.options}
    if len(set(texts.values())) < len(texts):
        losses.lost("score", "Equal lines cannot be told apart.")
    return {"type": "order", **_options(texts[name] for name in key.right)}


def _match(asked: AskedQuestion, shown: Matching, key: MatchingKey, told: Mapping[str, str]) -> _Row:
    rights = {target.id: _text(asked, target) for target in shown.targets}
    pairs = [(_text(asked, row), rights[key.right[row.id]]) for row in shown.rows]
    used = set(key.right.values())
    if len(used) < 2:
        raise UnfitError("Everything belongs to the same category, which no match can have.")
    pairs += [("", rights[target.id]) for target in shown.targets if target.id not in used]
    cells = [f"{left} = {right}".strip() for left, right in pairs]
    if [match_sides(cell_text(escape_formula(cell))) for cell in cells] != pairs:
        raise UnfitError("A side would be split or changed in the table, because of a sign in it such as ' = '.")
    by_row = {token.partition(" ")[0]: text for token, text in told.items()}
    feedback = [asked.markdown(by_row.get(row.id, "")) for row in shown.rows]
    return {"type": "match", **_options(cells), **_options(feedback, "feedback")}


def _open(asked: AskedQuestion, losses: Losses) -> _Row:
    question = asked.question
    assert isinstance(question, OpenResponse)
    if question.min_words or question.max_words:
        losses.lost("length", "The number of words has no column.")
    if question.rubric or question.holistic_rubric:
        losses.lost("rubric", "A rubric has no column.")
    return {"type": "open-response", "answer": asked.markdown(question.model_answer or "")}
