r"""GIFT, the text format of Moodle. The rules are those of Moodle 4.5, ``question/format/gift/format.php``.

A question ends at a blank line. Lines that begin with // are comments; ``[id:...]`` and ``[tag:...]`` in them belong to
the next question. ``\~ \= \# \{ \} \:`` are the signs themselves, and ``\n`` is a line end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from civicquiz.authoring.wording import excerpt
from civicquiz.errors import ExchangeError
from civicquiz.exchange.foreign_text import TextReader, from_plain, without_markup
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.html_text import has_media
from civicquiz.exchange.imported import FoundQuestion, FoundQuiz
from civicquiz.exchange.question_values import pairs, tags_from
from civicquiz.exchange.scored_answers import (
    Band,
    ScoredAnswer,
    multiple_choice,
    numeric,
    plain_number,
    short_text,
    single_choice,
)

__all__ = ["READER"]

#: The most questions of a file, and the most characters of one.
MAX_QUESTIONS = 20_000
MAX_CHARACTERS = 2_000_000

#: What stands for an escaped sign: characters that no text has (Unicode, noncharacters).
_STANDING_FOR = {sign: chr(0xFDD0 + number) for number, sign in enumerate(":#={}~n")}
_NEWLINE = _STANDING_FOR["n"]
_SIGNS = {ord(code): sign for sign, code in _STANDING_FOR.items() if sign != "n"}
_ESCAPED = re.compile(r"\\([\\:#={}~n])")
_NONCHARACTERS = re.compile("[\ufdd0-\ufdef]")

_BLOCK_OF_ANSWERS = re.compile(r"(?<!\\)\{\s*(?:[=~#>]|\}|(?:T|F|TRUE|FALSE)\s*[#}])")
_START = re.compile(r"^[ \t]*(?:\$CATEGORY:|::[^\n]*::|\[(?:html|markdown|moodle|plain)\])", re.MULTILINE)
_FORMAT = re.compile(r"\[(html|markdown|moodle|plain)\]")
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d*)?)%")
#: How an ordering is set: the number of entries, words in capitals, and how entries are numbered.
_ORDER_SETTINGS = re.compile(r"^\s*(?:\d+\s*)?(?:[A-Z_]{3,}\s*|\d+\s*)*(?:(?<=[A-Z\d]\s)(?:none|abc|iii)\s*$)?")
_IN_COMMENT = re.compile(r"\[(id|tag):((?:\\.|[^\]\\])+)\]")
#: A formula, and commands of LaTeX in it that begin with \n, which is a line end in GIFT.
_FORMULA = re.compile(r"\\\\?\((?:(?!\\[()]).)+?\\?\\\)|\\\\?\[(?:(?!\\[\[\]]).)+?\\?\\\]|\$\$[^$]+\$\$", re.DOTALL)
_COMMAND = re.compile(r"(?<!\\)\\n(?=(?:eq|abla|otin|ot|leq|geq|e|u|i)(?![a-z]))")


@dataclass
class _Block:
    """The lines of a question: the number of the first one, and the comments before and in it."""

    number: int = 0
    lines: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


class GiftReader:
    """Text files in Moodle's GIFT format."""

    name: ClassVar[str] = "gift"
    title: ClassVar[str] = "GIFT (Moodle)"
    turn: ClassVar[int] = 7

    def recognizes(self, file: GivenFile) -> bool:
        start = (file.text or "")[:200_000]
        if not start or start.lstrip()[:1] in ("<", "{", "%"):
            return False
        return _START.search(start) is not None or _BLOCK_OF_ANSWERS.search(start) is not None

    def read(self, file: GivenFile) -> Sequence[FoundQuiz]:
        if file.text is None:
            raise ExchangeError(f"'{file.called}' is not a text file; save it as UTF-8")
        if _NONCHARACTERS.search(file.text):
            raise ExchangeError(
                f"'{file.called}' has characters that no text has (U+FDD0 to U+FDEF); it may be damaged"
            )
        found: dict[str, FoundQuiz] = {}
        category, count = "", 0
        for block in _blocks(file.text):
            if block.lines[0].lstrip().startswith("$CATEGORY:"):
                category = block.lines.pop(0).partition(":")[2].strip()
                block.number += 1
                if not block.lines:
                    continue
            count += 1
            if count > MAX_QUESTIONS:
                raise ExchangeError(f"'{file.called}' has more than {MAX_QUESTIONS:,} questions; split it")
            quiz = found.setdefault(category, FoundQuiz(file.stem, _title(category)))
            quiz.questions.append(_question(block, TextReader(quiz, file.path.parent)))
        if not found:
            raise ExchangeError(f"'{file.called}' has no questions")
        if len(found) > 1:
            for quiz in found.values():
                quiz.name = f"{file.stem}-{quiz.title}" if quiz.title else file.stem
        return list(found.values())


READER = GiftReader()


def _blocks(text: str) -> Iterator[_Block]:
    """What is between blank lines. Comments belong to the next question, as in Moodle's own exports."""
    block = _Block()
    for number, line in enumerate(text.split("\n"), start=1):
        plain = line.strip()
        if plain.startswith("//"):
            block.comments.append(plain)
        elif plain:
            block.number = block.number or number
            block.lines.append(line)
        elif block.lines:
            yield block
            block = _Block()
    if block.lines:
        yield block


def _title(category: str) -> str:
    """The last part of a category such as ``$course$/top/Courts/Appeals``; a // is a slash in a name."""
    parts = [part.replace("\0", "/").strip() for part in category.replace("//", "\0").split("/")]
    named = [part for part in parts if part and part != "top" and not re.fullmatch(r"\$\w+\$", part)]
    return excerpt(named[-1], 100) if named else ""


def _question(block: _Block, texts: TextReader) -> FoundQuestion:
    """The question in a block; with the reason if it cannot be read."""
    found = FoundQuestion(f"line {block.number}", block.lines[0].strip()[:200])
    try:
        found.values = _GiftQuestion(block, texts, found).values()
    except ExchangeError as error:
        found.refused = str(error)
    return found


class _GiftQuestion:
    """A question while it is read."""

    def __init__(self, block: _Block, texts: TextReader, found: FoundQuestion) -> None:
        raw = "\n".join(block.lines)
        if len(raw) > MAX_CHARACTERS:
            raise ExchangeError(f"It has {len(raw):,} characters, and a question can have {MAX_CHARACTERS:,}.")
        self.texts = texts
        self.found = found
        self.changes = found.changes
        self.first_line = found.called
        self.comments = " ".join(block.comments)
        if "\\n" in raw:
            raw = _FORMULA.sub(self._with_commands, raw)
        self.text = _ESCAPED.sub(lambda sign: _STANDING_FOR.get(sign[1], "\\"), raw).strip()
        self.format = "moodle"

    def _with_commands(self, formula: re.Match[str]) -> str:
        written, count = _COMMAND.subn(r"\\\\n", formula[0])
        if count:
            self.changes.append(
                "In a formula, '\\n' was read as the beginning of a command such as '\\neq'; for Moodle, it is a line "
                "end."
            )
        return written

    def values(self) -> dict[str, Any]:
        """What an author would write.

        Raises:
            ExchangeError: there is nothing that an author could write.
        """
        if self.text.startswith("::") and (end := self.text.find("::", 2)) > 0:
            self.found.called = " ".join(self._signs(self.text[2:end]).split())
            self.text = self.text[end + 2 :].strip()
        prompt, answers = self._parts()
        self.format, prompt = _format_of(prompt, self.format)
        prompt = self._markdown(prompt, self.format)
        if self.found.called == self.first_line and prompt:
            self.found.called = prompt
        if not prompt:
            raise ExchangeError("It has no text that asks something; write one before the '{'.")
        answers, separator, general = answers.rpartition("####")
        if not separator:
            answers, general = general, ""
        explanation = self._shown(general)
        answered = self._answered(answers.strip(), explanation)
        if explanation:
            answered.setdefault("explanation", explanation)
        return {"type": answered.pop("type"), "prompt": prompt, **answered, **self._words_of_comments()}

    def _parts(self) -> tuple[str, str]:
        """The prompt, with a gap where the answers are in its middle, and what is between the braces."""
        start, end = self.text.find("{"), self.text.find("}")
        if start < 0 and end < 0:
            raise ExchangeError(
                "It is a description, which asks nothing. Put its text into a question, or under 'stimuli' for several."
            )
        if start < 0:
            raise ExchangeError("There is a '}' without a '{' before it; write \\} for the sign itself.")
        if end < start:
            raise ExchangeError("The '{' has no '}' before the next blank line; write \\{ for the sign itself.")
        before, after = self.text[:start], self.text[end + 1 :]
        if re.search("[{}]", before + after) or "{" in self.text[start + 1 : end]:
            raise ExchangeError(
                "There is more than one '{' or '}'. Put a blank line between two questions, and write \\{ and \\} for "
                "the signs."
            )
        if after.strip() == "." and before.rstrip().endswith(("?", "!", ".", ":", ")")):
            after = ""
        gap = "_____" if after.strip() and before.strip() else ""
        return before + gap + after, self.text[start + 1 : end].strip()

    def _words_of_comments(self) -> dict[str, Any]:
        """The id and the tags, which are in comments."""
        words = [(name, word.replace("\\]", "]").strip()) for name, word in _IN_COMMENT.findall(self.comments)]
        values: dict[str, Any] = {name: word for name, word in words if name == "id"}
        if tags := tags_from((word for name, word in words if name == "tag"), self.changes.append):
            values["tags"] = tags
        return values

    # ---- Texts ----

    def _signs(self, text: str) -> str:
        """A text with the signs that were escaped."""
        return text.translate(_SIGNS).replace(_NEWLINE, "\n")

    def _markdown(self, text: str, format_name: str) -> str:
        if format_name == "markdown":
            return self.texts.markdown(self._signs(text), self.changes)
        if format_name == "html":
            return self.texts.html(self._signs(text), self.changes)
        if "\n" not in text and _NEWLINE not in text:
            return (from_plain if format_name == "plain" else self._of_line)(text.translate(_SIGNS))
        paragraphs = []
        for paragraph in re.split(f"{_NEWLINE}\\s*{_NEWLINE}[\\s{_NEWLINE}]*", text.translate(_SIGNS)):
            lines = [line.strip() for line in paragraph.split(_NEWLINE)]
            read = from_plain if format_name == "plain" else self._of_line
            paragraphs.append("\\\n".join(read("\n".join(map(str.strip, line.split("\n")))) for line in lines if line))
        return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)

    def _of_line(self, text: str) -> str:
        return self.texts.html(text, self.changes)

    def _shown(self, text: str) -> str:
        """An option or a feedback as Markdown; it may have a format of its own."""
        text = text.strip()
        if not text:
            return ""
        format_name, text = _format_of(text, self.format)
        found = self._markdown(text, format_name)
        return found if format_name == "markdown" or "\n\n" in found or "```" in found else " ".join(found.split("\n"))

    def _typed(self, text: str) -> str:
        """What students type or choose from a list: words without markup."""
        format_name, text = _format_of(text.strip(), self.format)
        words = self._signs(text)
        return " ".join(words.split()) if format_name == "plain" else without_markup(words)

    def _split(self, answer: str, otherwise: float = 1.0) -> tuple[float, str, str]:
        """(share of the points, text, feedback) of an answer. ``otherwise`` is the share of one that has none."""
        answer, share = answer.strip(), otherwise
        if found := _WEIGHT.match(answer):
            share, answer = float(found[1]) / 100, answer[found.end() :]
        end = answer.find("#", 1)  # a # at the beginning is text
        text, feedback = (answer, "") if end < 0 else (answer[:end], answer[end + 1 :])
        return share, text.strip(), self._shown(feedback)

    # ---- Types ----

    def _answered(self, answers: str, explanation: str) -> dict[str, Any]:
        if not answers:
            return {"type": "open-response"}
        if answers[0] == "#":
            return self._numeric(answers[1:], explanation)
        if answers[0] == ">":
            return self._order(answers[1:])
        if "~" in answers:
            return self._choice(answers)
        if "=" in answers and "->" in answers:
            return self._match(answers)
        if answers.partition("#")[0].strip() in ("T", "TRUE", "F", "FALSE"):
            return self._true_false(answers)
        return self._short_text(answers, explanation)

    def _true_false(self, answers: str) -> dict[str, Any]:
        word, *feedback = answers.split("#", 2)
        answer = word.strip() in ("T", "TRUE")
        wrong, right = (self._shown(text) for text in (*feedback, "", "")[:2])
        sides = {"true": right if answer else wrong, "false": wrong if answer else right}
        said = {side: text for side, text in sides.items() if text}
        return {"type": "true-false", "answer": answer, **({"feedback": said} if said else {})}

    def _choice(self, answers: str) -> dict[str, Any]:
        found: list[ScoredAnswer] = []
        for part in map(str.strip, answers.replace("=", "~=").split("~")):
            if part:
                share, text, feedback = self._split(part.removeprefix("="), otherwise=float(part[0] == "="))
                found.append(ScoredAnswer(self._shown(text), share, feedback))
        if "=" in answers:
            return {"type": "single-choice", **single_choice(found, self.changes.append)}
        return {"type": "multiple-choice", **multiple_choice(found, self.changes.append)}

    def _match(self, answers: str) -> dict[str, Any]:
        rows: list[tuple[str, str]] = []
        distractors: list[str] = []
        for part in answers.split("=")[1:]:
            left, arrow, right = part.partition("->")
            if not arrow:
                raise ExchangeError(f"'{excerpt(self._typed(part), 40)}' has no '->' to what matches it.")
            right, sign, feedback = right.partition("#")
            if sign:
                said = excerpt(self._typed(feedback), 100)
                self.changes.append(f"Moodle has no feedback on a pair; it was left out: '{said}'.")
            shown, right = self._shown(left), from_plain(without_markup(self._signs(right)))
            if shown or has_media(left):  # without its picture, it is refused, and is not a distractor
                rows.append((shown, right))
            elif right:
                distractors.append(right)
        return pairs(rows, distractors)

    def _order(self, answers: str) -> dict[str, Any]:
        first, _, rest = answers.partition("\n")
        first = _ORDER_SETTINGS.sub("", first, count=1).strip()
        rest = f"{first}\n{rest}" if first else rest
        lines = [line.strip() for line in rest.replace(_NEWLINE, "\n").split("\n") if line.strip()]
        items = [self._markdown(line, self.format) for line in lines]
        self.changes.append(
            "The order is scored by pairs of entries here, and in Moodle by the setting of the question."
        )
        return {"type": "order", "items": items}

    def _short_text(self, answers: str, explanation: str) -> dict[str, Any]:
        found = []
        for part in answers.split("="):
            share, text, feedback = self._split(part)
            if typed := self._typed(text):
                found.append(ScoredAnswer.typed_in_moodle(typed, share, feedback))
        return {"type": "short-text", **short_text(found, self.changes.append, explanation)}

    def _numeric(self, answers: str, explanation: str) -> dict[str, Any]:
        answers, sign, otherwise = answers.partition("~")
        found = []
        for part in answers.split("="):
            share, text, feedback = self._split(part)
            if text:
                found.append(_numbers(self._signs(text), share, feedback))
        if sign:
            found.append(Band.any_number(0.0, self._split(f"~{otherwise}")[2]))
        return {"type": "numeric", **numeric(found, self.changes.append, explanation)}


def _format_of(text: str, otherwise: str) -> tuple[str, str]:
    """(format, the rest) of a text that may begin with ``[html]`` or the like."""
    found = _FORMAT.match(text)
    return (found[1], text[found.end() :]) if found else (otherwise, text)


def _numbers(text: str, share: float, feedback: str) -> Band:
    """``1822``, ``1822:5``, ``1..5``, or ``*`` for any number."""
    if text == "*":
        return Band.any_number(share, feedback)
    if text.find("..") > 0:
        low, high = (plain_number(end) for end in text.split("..", 1))
        return Band(low, high, share, feedback)
    number, _, margin = text.partition(":")
    return Band.around(plain_number(number), abs(plain_number(margin or "0")), share, feedback)
