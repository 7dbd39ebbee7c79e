"""Questions for the Python package jupyterquiz: JSON files, and notebooks that have the questions in them.

The rules are those of jupyterquiz 2.9. Code in a notebook is never run: a list of questions is read where it is written
out in Python, or in a Markdown cell as JSON, which may be encoded in base64.
"""

from __future__ import annotations

import ast
import base64
import binascii
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from civicquiz.authoring.wording import excerpt, number_text
from civicquiz.errors import ExchangeError
from civicquiz.exchange.foreign_text import TextReader, code_text, without_markup
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.html_text import unescaped
from civicquiz.exchange.imported import FoundQuestion, FoundQuiz, choice
from civicquiz.exchange.question_values import pairs
from civicquiz.exchange.scored_answers import Band, ScoredAnswer, numeric, plain_number, short_text

__all__ = ["READER"]

#: The most questions of a file, and the most characters of a cell in which questions are looked for.
MAX_QUESTIONS = 20_000
MAX_CELL = 1_000_000

_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[\s,]*")
_HIDDEN = re.compile(r"<(span|div|p)\b[^<>]*>\s*([^<]{2,})\s*</\1>", re.IGNORECASE)
_FILE = re.compile(r"""display_quiz\(\s*f?["']([^"']+)["']""")
#: Keys that only change how a question looks.
_OF_LOOKS = frozenset(("answer_cols", "input_width", "shuffle_pairs", "shuffle_options", "shuffle_answers", "maxWidth"))


class JupyterquizReader:
    """JSON files and notebooks with questions for jupyterquiz."""

    name: ClassVar[str] = "jupyterquiz"
    title: ClassVar[str] = "jupyterquiz (JSON, notebooks)"
    turn: ClassVar[int] = 3

    def recognizes(self, file: GivenFile) -> bool:
        text = (file.text or "").lstrip()
        start = text[:100_000]
        if start.startswith("["):
            return re.search(r'"question"\s*:', start) is not None
        return start.startswith("{") and '"cells"' in text and ("display_quiz" in text or "jupyterquiz" in text)

    def read(self, file: GivenFile) -> Sequence[FoundQuiz]:
        text = (file.text or "").lstrip("\ufeff")
        try:
            if text.lstrip().startswith("["):
                quiz = FoundQuiz(file.stem)
                _add(quiz, _entries(text), "", TextReader(quiz, file.path.parent))
                found = [quiz]
            else:
                found = _of_notebook(json.loads(text), file)
        except json.JSONDecodeError as error:
            raise ExchangeError(f"'{file.called}', line {error.lineno}, is not JSON: {error.msg.lower()}") from None
        except ValueError:
            raise ExchangeError(f"'{file.called}' has a number with thousands of digits") from None
        except RecursionError:
            raise ExchangeError(f"'{file.called}' has too many lists inside of one another") from None
        found = [quiz for quiz in found if quiz.questions]
        count = sum(len(quiz.questions) for quiz in found)
        if not count:
            raise ExchangeError(
                f"'{file.called}' has no questions for jupyterquiz in it; if it takes them from a file, import that one"
            )
        if count > MAX_QUESTIONS:
            raise ExchangeError(f"'{file.called}' has more than {MAX_QUESTIONS:,} questions; split it")
        return found


READER = JupyterquizReader()


def _entries(text: str) -> Iterator[tuple[str, Any]]:
    """(place, value) of the entries of the JSON list ``text``.

    Raises:
        json.JSONDecodeError: it is not JSON.
    """
    position = text.index("[") + 1
    line, counted = 1, 0
    while True:
        position = _BLANK.match(text, position).end()  # type: ignore[union-attr]  # it matches everywhere
        if text[position : position + 1] == "]":
            return
        line += text.count("\n", counted, position)
        counted = position
        value, position = _DECODER.raw_decode(text, position)
        yield f"line {line}", value


# ---- Notebooks ----


def _of_notebook(notebook: Any, file: GivenFile) -> list[FoundQuiz]:
    """The quizzes in the cells of a notebook."""
    found: list[FoundQuiz] = []
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    named: list[str] = []
    for number, cell in enumerate(cells if isinstance(cells, list) else (), start=1):
        source = cell.get("source") if isinstance(cell, dict) else None
        text = "".join(map(str, source)) if isinstance(source, list) else source
        if not isinstance(text, str) or len(text) > MAX_CELL:
            continue
        named += _FILE.findall(text)
        for questions in _in_code(text) if cell.get("cell_type") == "code" else _hidden(text):
            quiz = FoundQuiz(file.stem if not found else f"{file.stem}-{len(found) + 1}")
            entries = ((f"cell {number}, question {place}", entry) for place, entry in enumerate(questions, start=1))
            _add(quiz, entries, _language(notebook), TextReader(quiz, file.path.parent))
            found.append(quiz)
    for name in dict.fromkeys(named) if found else ():
        if not name.startswith("#"):
            found[0].remarks.append(
                f"The notebook also shows questions of '{excerpt(name, 100)}'; import that file, too."
            )
    return found


def _language(notebook: Mapping[str, Any]) -> str:
    metadata = notebook.get("metadata")
    about = metadata.get("language_info") if isinstance(metadata, dict) else None
    name = about.get("name") if isinstance(about, dict) else ""
    return name if isinstance(name, str) and re.fullmatch(r"[a-z0-9+]{1,20}", name) else ""


def _is_list_of_questions(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) and "question" in one for one in value)


def _in_code(code: str) -> Iterator[list[Any]]:
    """The lists of questions that are written out in Python."""
    if "question" not in code:
        return
    lines = (line for line in code.split("\n") if not re.match(r"\s*[%!]", line))
    try:
        tree = ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.List):
            try:
                value = ast.literal_eval(node)
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                continue
            if _is_list_of_questions(value):
                yield value


def _hidden(text: str) -> Iterator[list[Any]]:
    """The lists of questions in hidden elements of a Markdown cell."""
    for _, content in _HIDDEN.findall(text):
        written = unescaped(content).strip()
        try:
            if not written.startswith("["):
                written = base64.b64decode("".join(written.split()), validate=True).decode()
            value = json.loads(written)
        except (binascii.Error, ValueError, RecursionError):
            continue
        if _is_list_of_questions(value):
            yield value


# ---- Questions ----


def _add(quiz: FoundQuiz, entries: Iterator[tuple[str, Any]], language: str, texts: TextReader) -> None:
    for place, entry in entries:
        found = FoundQuestion(place, "")
        try:
            found.values = _JupyterquizQuestion(entry, language, texts, found).values()
        except ExchangeError as error:
            found.refused = str(error)
        quiz.questions.append(found)
        if len(quiz.questions) > MAX_QUESTIONS:
            return


class _JupyterquizQuestion:
    """A question while it is read."""

    def __init__(self, entry: Any, language: str, texts: TextReader, found: FoundQuestion) -> None:
        if not isinstance(entry, dict):
            raise ExchangeError(f"'{excerpt(str(entry), 40)}' is not a question, which is written in braces.")
        self.entry = entry
        self.language = language
        self.texts = texts
        self.changes = found.changes
        found.called = " ".join(str(entry.get("question", ""))[:200].split())

    def values(self) -> dict[str, Any]:
        """What an author would write.

        Raises:
            ExchangeError: it is not a question that a quiz can have.
        """
        prompt = self._shown(self.entry, "question")
        if code := self._code(self.entry, is_block=True):
            prompt = f"{prompt}\n\n{code}".strip()
        if not prompt:
            raise ExchangeError("It has no text under 'question'.")
        name = self.entry.get("type")
        read = {
            "multiple_choice": self._one_of_several,
            "many_choice": self._several,
            "numeric": self._numeric,
            "string": self._string,
            "match": self._match,
        }.get(name if isinstance(name, str) else "")
        if read is None:
            raise ExchangeError(f"'{excerpt(str(name), 40)}' is not a type of question that is known here.")
        known = {"question", "type", "code", "answers", *(("pairs", "options") if name == "match" else ())}
        known |= {"precision"} if name == "numeric" else set()
        for key in sorted(map(str, self.entry.keys() - known - _OF_LOOKS)):
            self.changes.append(f"'{excerpt(key, 40)}' was left out, because it is not known here.")
        return {"type": "", "prompt": prompt, **read()}

    def _text(self, source: Mapping[str, Any], key: str) -> str:
        value = source.get(key, "")
        return value if isinstance(value, str) else json.dumps(value) if isinstance(value, (int, float)) else ""

    def _shown(self, source: Mapping[str, Any], key: str) -> str:
        return self.texts.html(self._text(source, key), self.changes)

    def _code(self, source: Mapping[str, Any], *, is_block: bool) -> str:
        code = self._text(source, "code").strip("\n").rstrip()
        return code_text(code, self.language, is_block=is_block) if code else ""

    def _answers(self) -> list[dict[str, Any]]:
        answers = self.entry.get("answers")
        if not isinstance(answers, list) or not all(isinstance(answer, dict) for answer in answers):
            raise ExchangeError("It has no list of answers under 'answers'.")
        return answers

    def _options(self) -> tuple[list[Any], int]:
        """The options, and how many are right."""
        texts, right, feedback = [], [], {}
        for position, answer in enumerate(self._answers()):
            text, code = self._shown(answer, "answer"), self._code(answer, is_block=False)
            texts.append("\n\n".join(filter(None, (text, code))) if "\n" in code else f"{text} {code}".strip())
            feedback[position] = self._shown(answer, "feedback")
            if answer.get("correct") is True:
                right.append(position)
        return choice(texts, right, feedback), len(right)

    def _one_of_several(self) -> dict[str, Any]:
        return {"type": "single-choice", "options": self._options()[0]}

    def _several(self) -> dict[str, Any]:
        return {"type": "multiple-choice", "options": self._options()[0]}

    def _match(self) -> dict[str, Any]:
        given, options = self.entry.get("pairs"), self.entry.get("options")
        if not isinstance(given, list) or not all(isinstance(pair, dict) for pair in given):
            raise ExchangeError("It has no list of pairs under 'pairs'.")
        rows = [(self._shown(pair, "label"), self._shown(pair, "answer")) for pair in given]
        offered = [self._shown({"text": text}, "text") for text in options] if isinstance(options, list) else []
        return pairs(rows, filter(None, offered))

    # ---- What is typed ----

    def _numeric(self) -> dict[str, Any]:
        precision = self.entry.get("precision")
        if precision is not None and not (isinstance(precision, int) and 1 <= precision <= 15):
            raise ExchangeError(f"'precision' must be a number from 1 to 15 (got {excerpt(str(precision), 40)}).")
        found = []
        for answer in self._answers():
            share = float(answer.get("correct") is True)
            feedback = self._shown(answer, "feedback")
            if "value" in answer:
                value = self._number(answer["value"])
                margin = _half_unit(value, precision) if precision else 0
                found.append(Band.around(value, margin, share, feedback))
            elif "range" in answer:
                ends = answer["range"]
                if not isinstance(ends, list) or len(ends) != 2:
                    raise ExchangeError("A 'range' must have two numbers.")
                low, high = map(self._number, ends)
                found.append(Band(low, high, share, feedback))
                if share:
                    shown = number_text(float(high))
                    self.changes.append(f"The end of the range, {shown}, is right here; in jupyterquiz, it was not.")
            else:
                found.append(Band.any_number(0.0, feedback))
        values = numeric(found, self.changes.append, "")
        if precision and values.get("tolerance"):
            self.changes.append(
                f"'precision: {precision}' was read as so many significant digits, which makes the tolerance "
                f"{number_text(float(values['tolerance']))}; before version 2.7, jupyterquiz took it for decimals."
            )
        return {"type": "numeric", **values}

    def _number(self, value: Any) -> float | int:
        return plain_number(value if isinstance(value, str) else json.dumps(value))

    def _string(self) -> dict[str, Any]:
        found: list[ScoredAnswer] = []
        otherwise, typos = "", 0
        answers = [answer for answer in self._answers() if answer.get("type") != "default"]
        for answer in self._answers():
            feedback = self._shown(answer, "feedback")
            if answer.get("type") == "default":
                otherwise = feedback
                continue
            text = without_markup(self._text(answer, "answer"))
            found.append(ScoredAnswer(text, float(answer.get("correct") is True), feedback))
            share = answer.get("fuzzy_threshold")
            if isinstance(share, (int, float)) and 0 < share < 1 and answer.get("correct") is True:
                typos = max(typos, min(2, int(len(text) * (1 - share) + 1e-9)))
                self.changes.append(
                    f"Answers like '{excerpt(text, 40)}' were accepted from a similarity of "
                    f"{number_text(float(share))}; here, the number of typing errors counts ('typos: {typos}')."
                )
        values = short_text(found, self.changes.append, "")
        cases = {answer.get("match_case") is True for answer in answers}
        if True in cases:
            values["ignore"] = ["space"]
            if False in cases:
                self.changes.append("Some answers did not depend on capital letters; here, all do.")
        if typos:
            values["typos"] = typos
        if otherwise:
            self.changes.append(f"The feedback on any other answer was left out: '{excerpt(otherwise, 300)}'.")
        return {"type": "short-text", **values}


def _half_unit(value: float, digits: int) -> float | int:
    """Half a unit of the last of some significant digits: 0.005 for 3.14 and three of them."""
    if not value:
        return 0
    exponent = math.floor(math.log10(abs(value))) - digits + 1
    return plain_number(f"{5 * 10.0 ** (exponent - 1):.12g}")
