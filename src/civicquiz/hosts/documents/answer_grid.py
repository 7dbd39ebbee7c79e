"""The answer sheet of a quiz on paper: for each question the letters to cross, or blanks to write in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from civicquiz.grading.paper import PaperQuestion, labels
from civicquiz.hosts.documents.printed_question import BLANK, Languages, letter
from civicquiz.model.interactions import Choice, ExtendedText, InlineGaps, Matching, Ordering, Scale

__all__ = ["answer_grid"]


def answer_grid(questions: Sequence[PaperQuestion], languages: Languages) -> str:
    """A line for each question, with its number."""
    lines = "".join(
        f'<li><b class="number">{question.number}</b><span class="cells">{_cells(question, languages)}</span></li>'
        for question in questions
    )
    how = languages.say(lambda words: words["paper_grid_how"])
    return f'<p class="how">{how}</p><ul class="grid">{lines}</ul>'


def _cells(question: PaperQuestion, languages: Languages) -> str:
    shown = question.interaction
    match shown:
        case Choice():
            return _letters(shown, question)
        case Ordering():
            return " ".join([BLANK] * len(question.lists[0]))
        case Matching() | Scale():
            return " ".join(_numbered(len(question.lists[0])))
        case InlineGaps():
            return " ".join(_numbered(len(shown.gaps)))
        case ExtendedText():
            return f"<small>{languages.say(lambda words: words['paper_on_sheet'])}</small>"
    return '<span class="blank long"></span>'


def _letters(shown: Choice, question: PaperQuestion) -> str:
    return " ".join(letter(label, several=shown.multiple) for label in labels(len(question.lists[0])))


def _numbered(count: int) -> Iterator[str]:
    return (f'<span class="part">({number})\N{NO-BREAK SPACE}{BLANK}</span>' for number in range(1, count + 1))
