"""The open set of question types: one file each, listed once, here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Union

from pydantic import Field

from civicquiz.questions.base import QuestionBase
from civicquiz.questions.calculated import CalculatedQuestion
from civicquiz.questions.categorize import Categorize
from civicquiz.questions.cloze import Cloze
from civicquiz.questions.match import MatchQuestion
from civicquiz.questions.multiple_choice import MultipleChoice
from civicquiz.questions.numeric import Numeric
from civicquiz.questions.open_response import OpenResponse
from civicquiz.questions.order import OrderQuestion
from civicquiz.questions.select_text import SelectText
from civicquiz.questions.short_text import ShortText
from civicquiz.questions.single_choice import SingleChoice
from civicquiz.questions.timeline import Timeline
from civicquiz.questions.true_false import TrueFalse

__all__ = ["QUESTION_TYPES", "Question", "QuestionBase"]

QUESTION_TYPES: tuple[type[QuestionBase], ...] = (
    SingleChoice,
    MultipleChoice,
    TrueFalse,
    Numeric,
    CalculatedQuestion,
    OrderQuestion,
    ShortText,
    MatchQuestion,
    Categorize,
    Cloze,
    SelectText,
    Timeline,
    OpenResponse,
)

if TYPE_CHECKING:
    Question = QuestionBase
else:
    #: Any question; pydantic picks the model by ``type``.
    Question = Annotated[Union[QUESTION_TYPES], Field(discriminator="type")]  # noqa: UP007
