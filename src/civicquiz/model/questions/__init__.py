"""The open set of question types: one file each, listed once, here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Union

from pydantic import Field

from civicquiz.model.questions.calculated import Calculated
from civicquiz.model.questions.categorize import Categorize
from civicquiz.model.questions.cloze import Cloze
from civicquiz.model.questions.match import Match
from civicquiz.model.questions.multiple_choice import MultipleChoice
from civicquiz.model.questions.numeric import Numeric
from civicquiz.model.questions.open_response import OpenResponse
from civicquiz.model.questions.order import Order
from civicquiz.model.questions.poll import Poll
from civicquiz.model.questions.question_base import KeyedQuestion, QuestionBase
from civicquiz.model.questions.select_text import SelectText
from civicquiz.model.questions.short_text import ShortText
from civicquiz.model.questions.single_choice import SingleChoice
from civicquiz.model.questions.timeline import Timeline
from civicquiz.model.questions.true_false import TrueFalse

__all__ = ["QUESTION_TYPES", "KeyedQuestion", "Question", "QuestionBase"]

QUESTION_TYPES: tuple[type[KeyedQuestion], ...] = (
    SingleChoice,
    MultipleChoice,
    TrueFalse,
    Numeric,
    Calculated,
    Order,
    ShortText,
    Match,
    Categorize,
    Cloze,
    SelectText,
    Timeline,
    OpenResponse,
    Poll,
)

if TYPE_CHECKING:
    Question = QuestionBase
else:
    #: Any question; pydantic picks the model by ``type``.
    Question = Annotated[Union[QUESTION_TYPES], Field(discriminator="type")]  # noqa: UP007
