"""Blanks in a text as Moodle writes them: ``{1:SHORTANSWER:=Paris~%50%London}``.

Moodle finds the parts of a blank by signs such as ``~`` and ``}``, and then decodes HTML entities in each part, once.
Only two signs can be escaped by a backslash. So every sign that could mean something is an entity here.

Source: question/type/multianswer/questiontype.php of Moodle 4.5, ``qtype_multianswer_extract_question``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from civicquiz.authoring.wording import number_text
from civicquiz.model.interactions import DistanceRule

__all__ = ["blank", "percent", "without_braces", "year_answers"]

_SIGNS = re.compile(r"[^\w ,.-]|_", re.ASCII)


def _coded(text: str) -> str:
    return _SIGNS.sub(lambda sign: sign[0] if ord(sign[0]) > 127 else f"&#{ord(sign[0])};", text)


def without_braces(html: str) -> str:
    """HTML in which nothing is taken for a blank, or for the name of a number."""
    return html.replace("{", "&#123;")


def percent(share: Fraction | float) -> str:
    """A share of the points as a percentage with five decimals, which is off by less than a millionth."""
    return number_text(float(share) * 100, 5)


def blank(
    name: str, answers: Iterable[tuple[str, Fraction | float, str]], weight: int = 1, *, is_number: bool = False
) -> str:
    """The code of a blank.

    Args:
        name: its type, such as ``MULTICHOICE``.
        answers: (what is chosen or typed, the share of the points that it earns, feedback as HTML).
        weight: how many points it is worth.
        is_number: whether answers are numbers with how far off they may be, ``14:0.5``.
    """
    written = []
    for answer, share, feedback in answers:
        earned = "=" if share == 1 else f"%{percent(share)}%"
        told = f"#{_coded(feedback)}" if feedback else ""
        written.append(f"{earned}{answer if is_number else _coded(answer)}{told}")
    return f"{{{weight}:{name}:{'~'.join(written)}}}"


#: The most steps in which the credit for a year falls.
_MOST_STEPS = 300


def year_answers(rule: DistanceRule, event: str) -> tuple[list[tuple[str, float, str]], bool]:
    """The answers of a blank for a year: bands around the right one, each a year wider and worth less; and whether
    every whole year earns exactly what it should.
    """
    first, last = int(rule.tolerance), int(rule.reach) - 1
    step = -(-(last - first) // _MOST_STEPS) or 1
    year = number_text(float(rule.targets[event]))
    answers = []
    for off in range(first, last + 1, step):
        share = 1.0 if off <= rule.tolerance else 1 - (off - rule.tolerance) / (rule.reach - rule.tolerance)
        answers.append((f"{year}:{off}", share, ""))
    return answers, step == 1
