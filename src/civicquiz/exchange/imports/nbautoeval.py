"""YAML files of the Python package nbautoeval: quizzes, each with the names of its questions.

The rules are those of nbautoeval 1.8. Every scalar is read as it is written, so that ``no`` is a word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import yaml

from civicquiz.authoring.normal_form import character_names
from civicquiz.authoring.wording import excerpt, number_text
from civicquiz.errors import ExchangeError
from civicquiz.exchange.foreign_text import TextReader, code_text, from_plain
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.imported import FoundQuestion, FoundQuiz, choice
from civicquiz.exchange.scored_answers import plain_number

__all__ = ["READER"]

#: The most bytes of a file, and the most questions of all quizzes in it.
MAX_BYTES = 1_000_000
MAX_QUESTIONS = 5_000

_SIGN = re.compile(r"^[ \t]+type[ \t]*:[ \t]*[\"']?Quiz(?:Question)?[\"']?[ \t]*(?:#.*)?$", re.MULTILINE)
_OF_LOOKS = frozenset(("type", "shuffle", "horizontal_layout", "horizontal_options"))
_READ = frozenset(
    (
        "question",
        "question_sequel",
        "explanation",
        "options",
        "option_none",
        "score",
        "exactly_one_option",
        "all_or_nothing",
    )
)


class NbautoevalReader:
    """YAML files with quizzes for nbautoeval."""

    name: ClassVar[str] = "nbautoeval"
    title: ClassVar[str] = "nbautoeval (YAML)"
    turn: ClassVar[int] = 4

    def recognizes(self, file: GivenFile) -> bool:
        start = (file.text or "")[:200_000]
        return start.lstrip()[:1] not in ("{", "[", "<") and _SIGN.search(start) is not None

    def read(self, file: GivenFile) -> Sequence[FoundQuiz]:
        entries, lines = _parsed(file)
        quizzes = {name: entry for name, entry in entries.items() if entry.get("type") == "Quiz"}
        questions = {name: entry for name, entry in entries.items() if entry.get("type") == "QuizQuestion"}
        if not questions:
            raise ExchangeError(f"'{file.called}' has no entry with 'type: QuizQuestion'")
        found = []
        listed = {name: _names(entry.get("questions")) for name, entry in quizzes.items()}
        rest = [name for name in questions if not any(name in names for names in listed.values())]
        if rest:
            listed[""] = rest
        if sum(map(len, listed.values())) > MAX_QUESTIONS:
            raise ExchangeError(f"'{file.called}' has more than {MAX_QUESTIONS:,} questions; split it")
        for name, names in listed.items():
            quiz = FoundQuiz(f"{file.stem}-{name}" if name and len(listed) > 1 else file.stem)
            _add_settings(quiz, quizzes.get(name, {}))
            texts = TextReader(quiz, file.path.parent)
            for question in names:
                quiz.questions.append(_question(question, questions.get(question), lines.get(question), texts))
            found.append(quiz)
        return found


READER = NbautoevalReader()


def _parsed(file: GivenFile) -> tuple[dict[str, dict[str, Any]], dict[str, int]]:
    """The entries that are mappings, and the lines in which they begin.

    Raises:
        ExchangeError: it is not YAML, or too large.
    """
    if len(file.content) > MAX_BYTES:
        raise ExchangeError(f"'{file.called}' is larger than {MAX_BYTES // 1_000_000} MB; split it")
    try:
        loader = yaml.BaseLoader(file.text or "")  # the one in C ends the program where lists are nested deeply
    except yaml.reader.ReaderError as error:
        line = (file.text or "")[: error.position].count("\n") + 1
        reason = f"it has a character that no YAML has ({character_names([chr(error.character)])})"
        raise ExchangeError(f"'{file.called}', line {line}, is not YAML: {reason}") from None
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise ExchangeError(f"'{file.called}' has no names of quizzes and questions at the beginning of its lines")
        lines = {key.value: key.start_mark.line + 1 for key, _ in node.value if isinstance(key, yaml.ScalarNode)}
        value = loader.construct_document(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}," if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise ExchangeError(f"'{file.called}'{where} is not YAML: {problem}") from None
    except RecursionError:
        raise ExchangeError(f"'{file.called}' has too many lists inside of one another") from None
    finally:
        loader.dispose()
    return {name: entry for name, entry in value.items() if isinstance(entry, dict)}, lines


def _names(value: Any) -> list[str]:
    """The names of the questions of a quiz: a list, or words with blanks between them."""
    names = value.split() if isinstance(value, str) else value if isinstance(value, list) else []
    return [name for name in names if isinstance(name, str)]


def _is_true(value: Any) -> bool:
    return isinstance(value, str) and value.lower() in ("true", "yes", "on", "y")


def _add_settings(quiz: FoundQuiz, entry: Mapping[str, Any]) -> None:
    """The settings of a quiz."""
    if not entry:
        return
    if entry.get("shuffle") is None or _is_true(entry["shuffle"]):
        quiz.settings["shuffle"] = ["questions", "options"]
    attempts = entry.get("max_attempts")
    if isinstance(attempts, str) and re.fullmatch("[1-9][0-9]?", attempts):
        quiz.settings["attempts"] = int(attempts)
        quiz.remarks.append(
            f"'max_attempts: {attempts}' counted for the whole quiz; here, 'attempts' counts for each question."
        )
    for key in sorted(map(str, entry.keys() - {"type", "questions", "shuffle", "max_attempts", "exoname"})):
        quiz.remarks.append(f"'{excerpt(key, 40)}' was left out, because a quiz has nothing like it.")


# ---- Questions ----


def _question(name: str, entry: dict[str, Any] | None, line: int | None, texts: TextReader) -> FoundQuestion:
    found = FoundQuestion(f"line {line}" if line else "in the list of questions", name)
    if entry is None:
        found.refused = f"There is no question '{excerpt(name, 40)}' in the file."
        return found
    try:
        found.values = {"id": name, **_values(entry, texts, found.changes)}
    except ExchangeError as error:
        found.refused = str(error)
    return found


def _values(entry: Mapping[str, Any], texts: TextReader, changes: list[str]) -> dict[str, Any]:
    """What an author would write.

    Raises:
        ExchangeError: it is not a question that a quiz can have.
    """
    written = [entry[key] for key in ("question", "question_sequel") if entry.get(key)]
    prompt = "\n\n".join(filter(None, (_shown(part, texts, changes) for part in written)))
    if not prompt:
        raise ExchangeError("It has no text under 'question'.")
    options = entry.get("options")
    if not isinstance(options, list):
        raise ExchangeError("It has no list under 'options'.")
    if entry.get("option_none"):
        options = [*options, entry["option_none"]]
        changes.append("The last option always came last; here, it can be anywhere if the options are shuffled.")
    read = [option if isinstance(option, dict) else {"text": option} for option in options]
    shown = [_shown(option, texts, changes) for option in read]
    right = [position for position, option in enumerate(read) if _is_true(option.get("correct"))]
    feedback = {
        position: _shown(option["explanation"], texts, changes)
        for position, option in enumerate(read)
        if option.get("explanation")
    }
    is_single = _is_true(entry.get("exactly_one_option"))
    values: dict[str, Any] = {"type": "single-choice" if is_single else "multiple-choice", "prompt": prompt}
    values["options"] = choice(shown, right, feedback)
    values |= _scoring(entry, changes, is_single=is_single)
    if entry.get("explanation"):
        values["explanation"] = _shown(entry["explanation"], texts, changes)
    unknown = sorted(map(str, entry.keys() - _READ - _OF_LOOKS))
    changes += [f"'{excerpt(key, 40)}' was left out, because it is not known here." for key in unknown]
    return values


def _shown(content: Any, texts: TextReader, changes: list[str]) -> str:
    """A text as Markdown: a string, or a mapping with the text and the class of its content."""
    name = content.get("type", "") if isinstance(content, dict) else ""
    text = content.get("text", "") if isinstance(content, dict) else content
    if not isinstance(text, str) or not isinstance(name, str):
        raise ExchangeError("A text must be a string, or a mapping with 'text' and 'type'.")
    text = text.strip("\n").rstrip()
    if name.startswith("Code"):
        return code_text(text)
    if name.startswith(("Text", "Math")) or name == "Option":
        return from_plain(text)
    return texts.markdown(text, changes)


def _scoring(entry: Mapping[str, Any], changes: list[str], *, is_single: bool) -> dict[str, Any]:
    """The points, and how they are shared. A wrong answer costs a point unless the file says something else."""
    written = entry.get("score", "1")
    scores: list[Any] = written if isinstance(written, list) else [written]
    if not all(isinstance(score, str) for score in scores):
        raise ExchangeError("'score' must be a number, or a list of up to three.")
    right, wrong, unanswered = (
        plain_number(scores[position]) if position < len(scores) else otherwise
        for position, otherwise in enumerate((1, -1, 0))
    )
    values: dict[str, Any] = {} if right == 1 else {"points": right}
    if not is_single and not _is_true(entry.get("all_or_nothing")):
        changes.append(
            "Each option that was rightly checked, or rightly left, earned a share; here, right choices earn and wrong "
            "ones cost."
        )
    elif not is_single:
        values["scoring"] = "all-or-nothing"
    if wrong:
        did = f"cost {_points(-wrong)}" if wrong < 0 else f"earned {_points(wrong)}"
        changes.append(f"A wrong answer {did}; here, it earns nothing.")
    if unanswered:
        did = f"cost {_points(-unanswered)}" if unanswered < 0 else f"earned {_points(unanswered)}"
        changes.append(f"No answer {did}; here, it earns nothing.")
    return values


def _points(number: float) -> str:
    return f"{number_text(float(number))} {'point' if number == 1 else 'points'}"
