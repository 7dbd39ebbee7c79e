"""The rubric of an open response: what students see of it, and when."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from material import load_text, write

from civicquiz.model.questions.open_response import OpenResponse

LEVELS = """\
title: Why?
questions:
  - id: why
    type: open-response
    prompt: Why does it matter?
    points: 2
    show_rubric: WHEN
    holistic_rubric:
      - points: 2
        text: Gives a *reason* with a fact.
        sample_answer: |
          It matters because

          1 of 4 is left.
      - {points: 0.5, text: Gives a reason.}
      - {points: 0, text: Gives none.}
"""
SHOWN = "- 2: Gives a *reason* with a fact.\n- 0.5: Gives a reason.\n- 0: Gives none."
ALL = SHOWN.replace("fact.\n", "fact.\n\n  > It matters because\n  > \n  > 1 of 4 is left.\n\n")


def question(folder: Path, when: str) -> OpenResponse:
    (found,) = load_text(folder, LEVELS.replace("WHEN", when)).questions
    assert isinstance(found, OpenResponse)
    return found


@pytest.mark.parametrize(("when", "before", "after"), [("before", SHOWN, ALL), ("after", "", ALL), ("never", "", "")])
def test_levels_are_shown_when_their_author_says_and_sample_answers_only_afterwards(
    tmp_path: Any, when: str, before: str, after: str
) -> None:
    asked = question(tmp_path, when)
    assert asked.full_prompt() == "Why does it matter?" + f"\n\n{before}" * bool(before)
    assert asked.full_explanation() == after


def test_levels_can_be_translated_and_keep_their_points(tmp_path: Any) -> None:
    write(
        tmp_path / "quiz.es.yml",
        """\
title: ¿Por qué?
questions:
  - id: why
    prompt: ¿Por qué importa?
    holistic_rubric:
      - {text: Da una razón con un dato., sample_answer: Importa porque queda una de cuatro.}
      - text: Da una razón.
      - text: No da ninguna.
""",
    )
    quiz = load_text(tmp_path, LEVELS.replace("WHEN", "after"))
    (translated,) = quiz.translations["es"].quiz.questions
    assert translated.full_explanation().splitlines() == [
        "- 2: Da una razón con un dato.",
        "",
        "  > Importa porque queda una de cuatro.",
        "",
        "- 0.5: Da una razón.",
        "- 0: No da ninguna.",
    ]
