"""The figures of an analysis, as records with hardly any logic."""

from __future__ import annotations

from dataclasses import dataclass, field

Interval = tuple[float, float]

__all__ = [
    "Flag",
    "GainFigures",
    "GainRow",
    "Interval",
    "LevelFigures",
    "ObjectiveFigures",
    "OptionFigures",
    "QuestionFigures",
    "QuizFigures",
    "Reliability",
]


@dataclass(frozen=True)
class Flag:
    """Something to look at: a ``name`` for tables, a ``sentence`` on what was found, and ``advice`` on what to do."""

    name: str
    sentence: str
    advice: str


@dataclass(frozen=True)
class OptionFigures:
    """How often an option was chosen: the ``count``, and the shares of all and of each group (None: too few)."""

    id: str
    text: str
    right: bool
    count: int
    chosen: float
    lower: float | None
    middle: float | None
    upper: float | None


@dataclass(frozen=True)
class QuestionFigures:
    """A question. Shares are of ``n``, the learners whose answer is scored; ``waiting`` answers are not among them."""

    id: str
    #: its position in the quiz, from 1
    number: int
    type: str
    objectives: tuple[str, ...]
    max_score: float
    n: int
    waiting: int
    facility: float | None
    facility_interval: Interval | None
    omitted: float | None
    #: the corrected item-total correlation, and how many learners it is based on
    correlation: float | None
    correlation_interval: Interval | None
    in_total: int
    lower: float | None
    middle: float | None
    upper: float | None
    discrimination: float | None
    seconds: float | None
    attempts: float | None
    #: whether several options can be chosen at once
    several: bool = False
    options: tuple[OptionFigures, ...] = ()
    #: whether its key says that everyone has its points
    void: bool = False
    #: what its author says of it: the level of thinking and the difficulty; "" if the author, or the key, is not there
    level: str = ""
    difficulty: str = ""
    flags: tuple[Flag, ...] = ()

    @property
    def chance(self) -> float | None:
        """What blind guessing earns if exactly one option is right; None for all other questions."""
        return None if self.several or not self.options else 1 / len(self.options)


@dataclass(frozen=True)
class Reliability:
    """How reproducible the totals are: Cronbach's alpha or, if every answer is either right or wrong, KR-20."""

    name: str
    value: float
    interval: Interval | None
    #: the standard error of measurement, in points
    error: float


@dataclass(frozen=True)
class LevelFigures:
    """A level of certainty: how many scored answers had it, and how many of those were right."""

    certainty: int
    answers: int
    right: int


@dataclass(frozen=True)
class ObjectiveFigures:
    """What learners earned on the questions of an objective: the mean over ``n`` learners of their share of points."""

    code: str
    questions: int
    n: int
    mean: float


@dataclass(frozen=True)
class QuizFigures:
    """A quiz. ``n`` learners have a total; the others handed in nothing, or have an answer without a score."""

    name: str
    n: int
    not_handed_in: int
    incomplete: int
    questions: tuple[QuestionFigures, ...]
    #: how many questions are in the totals, and how many points they are worth
    counted: int
    points: float
    #: whether everybody got the same questions; if not, totals are percentages
    same_questions: bool
    mean: float | None
    sd: float | None
    #: (from, to, learners); from and to in points or, where questions differ, in percent
    distribution: tuple[tuple[float, float, int], ...]
    reliability: Reliability | None
    #: why there is no reliability
    no_reliability: str
    certainty: tuple[LevelFigures, ...]
    objectives: tuple[ObjectiveFigures, ...]
    versions: tuple[str, ...]
    flags: tuple[Flag, ...] = field(default=())


@dataclass(frozen=True)
class GainRow:
    """Shares of the points before and after, means over the ``n`` learners who did both; None: all objectives."""

    objective: str | None
    n: int
    before: float
    after: float
    #: the mean of each learner's gain, and its standard error
    gain: float
    error: float | None
    normalized: float | None


@dataclass(frozen=True)
class GainFigures:
    """What was gained from the quiz ``pre`` to the quiz ``post``."""

    pre: str
    post: str
    only_pre: int
    only_post: int
    rows: tuple[GainRow, ...]
