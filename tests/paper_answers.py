"""What learners answer on a version of a quiz on paper, as responses on a screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from material import typed_numbers

from civicquiz.authoring.normal_form import is_blank
from civicquiz.grading.paper import PaperQuestion
from civicquiz.model.interactions import (
    Choice,
    ComputedNumber,
    GapInteraction,
    InlineGaps,
    Matching,
    NumberEntry,
    Ordering,
    Scale,
)
from civicquiz.model.quiz import Quiz

__all__ = ["answered_on_screen", "shuffled"]

#: A whole cell may be any text; a part of one has no blanks around it, and no backslash where it could end.
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).filter(lambda text: not is_blank(text))
_PARTS = _TEXTS.map(str.strip).filter(lambda text: text and not is_blank(text) and "\\" not in text)


def shuffled(quiz: Quiz) -> Quiz:
    """``quiz`` with everything in a different order for each learner."""
    return quiz.model_copy(update={"shuffle": ("questions", "options")})


def _some(draw: Callable[..., Any], names: list[str], values: Callable[[str], st.SearchStrategy[str]]) -> Any:
    """A mapping of some of ``names``; None if it is empty."""
    return {name: draw(values(name)) for name in names if draw(st.booleans())} or None


def _in_gap(gap: GapInteraction, alone: bool) -> st.SearchStrategy[str]:
    if isinstance(gap, Choice):
        return st.sampled_from([option.id for option in gap.options])
    numbers = typed_numbers.map(str.strip).filter(lambda text: text and not is_blank(text) and "\\" not in text)
    texts = _TEXTS if alone else _PARTS
    return st.one_of(texts, numbers) if isinstance(gap, (NumberEntry, ComputedNumber)) else texts


@st.composite
def answered_on_screen(draw: Callable[..., Any], question: PaperQuestion) -> Any:
    """A response that a learner can give on a screen, readable or not; None for no answer."""
    shown, lists = question.interaction, question.lists
    if draw(st.integers(0, 5)) == 0:
        return None
    match shown:
        case Choice():
            ids = [option.id for option in lists[0]]
            chosen = draw(st.sets(st.sampled_from(ids), min_size=1, max_size=None if shown.multiple else 1))
            return [name for name in ids if name in chosen]
        case Ordering():
            return draw(st.permutations([option.id for option in lists[0]]))
        case Matching():
            targets = st.sampled_from([target.id for target in lists[1]])
            return _some(draw, [row.id for row in lists[0]], lambda row: targets)
        case Scale():
            years = st.integers(shown.start, shown.end).map(str) | (_TEXTS if len(lists[0]) == 1 else _PARTS)
            return _some(draw, [event.id for event in lists[0]], lambda event: years)
        case InlineGaps():
            alone = len(shown.gaps) == 1
            response = _some(draw, list(shown.gaps), lambda gap: _in_gap(shown.gaps[gap], alone))
            return response and {**response, **{name: question.variant[name] for name in shown.number_names()}}
        case ComputedNumber():
            return {"answer": draw(typed_numbers.filter(lambda text: not is_blank(text)) | _TEXTS), **question.variant}
        case NumberEntry():
            return draw(typed_numbers.filter(lambda text: not is_blank(text)) | _TEXTS)
    return draw(_TEXTS)
