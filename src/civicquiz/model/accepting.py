"""``civicquiz accept-translation``: write into translations which state of the original they translate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from civicquiz.authoring.validation import as_written
from civicquiz.authoring.yaml_source import Position, YamlPath, YamlSource, parse, read_text
from civicquiz.errors import Problem, QuizError, display_path
from civicquiz.model.file_names import quiz_file
from civicquiz.model.quiz import Quiz, load
from civicquiz.model.translated_state import TRANSLATES, states_of
from civicquiz.output_folder import write_file

__all__ = ["accept_translation"]


def accept_translation(path: Path) -> bool:
    """Write into the translation ``path`` that it translates the original as that is now. Nothing else in it changes.

    Returns:
        Whether the file has changed.

    Raises:
        QuizError: it is not a translation, it or its quiz cannot be read, or it cannot be written; it stays as it is.
    """
    original = quiz_file(path)
    if original is None or not original.is_file():
        message = "this is not a translation: there is no quiz for it"
        raise QuizError([Problem(display_path(path), 1, 1, message, "name a file like 'law.es.yml' next to 'law.yml'")])
    text = read_text(path)
    source = parse(text, display_path(path))
    content = _with_states(text, source, _states_in(source, load(original)))
    if content == text:
        return False
    try:
        write_file(path.resolve(), content.encode())  # a link to a file stays one
    except OSError as error:
        message = f"the file cannot be written: {(error.strerror or str(error)).lower()}"
        raise QuizError([Problem(display_path(path), 1, 1, message)]) from None
    return True


def _states_in(source: YamlSource, quiz: Quiz) -> dict[YamlPath, str]:
    """The states that the file has to name, by the paths of the mappings in it that name them."""
    if not isinstance(source.value, dict) or not source.value:
        raise QuizError(
            [source.problem((), "must be a mapping ('key: value')", "start with 'title:' and 'questions:'")]
        )
    states = states_of(quiz)
    by_id = {question.id: states[("questions", position)] for position, question in enumerate(quiz.questions)}
    found: dict[YamlPath, str] = {(): states[()]}
    entries = source.value.get("questions")
    for position, entry in enumerate(entries if isinstance(entries, list) else ()):
        name = as_written(entry.get("id")) if isinstance(entry, dict) else None
        if isinstance(name, str) and name.strip() in by_id:
            found[("questions", position)] = by_id[name.strip()]
    return found


def _with_states(text: str, source: YamlSource, states: Mapping[YamlPath, str]) -> str:
    """``text`` with these ``states``.

    Raises:
        QuizError: that would change something else in it.
    """
    lines = text.splitlines(keepends=True)
    newline = "\r\n" if "\r\n" in text else "\n"
    edits = sorted(_edits(source, states, lines), reverse=True)
    for line, column, removed, inserted, is_own_line in edits:
        if is_own_line:
            if line and not lines[line - 1].endswith(("\n", "\r")):
                lines[line - 1] += newline
            lines.insert(line, inserted + newline)
        else:
            old = lines[line - 1]
            lines[line - 1] = old[:column] + inserted + old[column + removed :]
    content = "".join(lines)
    try:
        is_right = _without_states(parse(content)) == _without_states(source)
    except QuizError:
        is_right = False
    if not is_right:
        message = f"'{TRANSLATES}' cannot be written into this file without changing something else in it"
        hint = "write each question as a list of lines 'key: value', as the docs do"
        raise QuizError([source.problem((), message, hint)])
    return content


def _edits(
    source: YamlSource, states: Mapping[YamlPath, str], lines: list[str]
) -> Iterator[tuple[int, int, int, str, bool]]:
    """What to change: the line, counted from 1; the column, counted from 0; how many characters go; what comes in their
    place; and whether that is a line of its own after this one."""
    for path, state in states.items():
        entry = source.value if not path else source.value["questions"][path[1]]
        if TRANSLATES in entry:
            there = source.positions[(*path, TRANSLATES)]
            old = as_written(entry[TRANSLATES])
            if old != state:
                yield there.line, there.column - 1, _length(lines, there, old), state, False
            continue
        key = source.key_positions[(*path, "id")] if path else min(_keys_at_top(source), key=_place)
        before = lines[key.line - 1][: key.column - 1]
        written = f"{TRANSLATES}: {state}"
        if before.rstrip().endswith(("{", ",")):
            yield key.line, key.column - 1, 0, f"{written}, ", False
        elif path:
            last = source.positions[(*path, "id")].line
            yield last, 0, 0, " " * len(before) + written, True
        else:
            yield key.line - 1, 0, 0, written, True


def _length(lines: list[str], position: Position, old: object) -> int:
    """How many characters of its line a value takes, with its quotation marks."""
    rest = lines[position.line - 1][position.column - 1 :]
    return len(str(old)) + (2 if rest[:1] in ("'", '"') else 0)


def _keys_at_top(source: YamlSource) -> list[Position]:
    return [position for path, position in source.key_positions.items() if len(path) == 1]


def _place(position: Position) -> tuple[int, int]:
    return position.line, position.column


def _without_states(source: YamlSource) -> object:
    value = source.value
    entries = value.get("questions")
    if isinstance(entries, list):
        entries = [{**entry, TRANSLATES: None} if isinstance(entry, dict) else entry for entry in entries]
        value = {**value, "questions": entries}
    return {**value, TRANSLATES: None}
