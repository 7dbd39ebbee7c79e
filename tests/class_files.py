"""A class to grade: quizzes with their keys, and what learners hand in."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from material import write

import civicquiz
from civicquiz.model.quiz import Quiz

LAW = """\
title: A law of 1798
questions:
  - id: passed-in
    type: single-choice
    prompt: In which year did *Congress* pass the Act?
    options:
      - {text: "1798", correct: true}
      - {text: "1812", feedback: That was the war.}
    explanation: It was the summer of 1798.
    objectives: [D2.Civ.4.9-12]
  - id: wars
    type: multiple-choice
    prompt: In which wars was it used?
    options:
      - {text: War of 1812, correct: true}
      - {text: World War I, correct: true}
      - Civil War
      - Korean War
    points: 2
  - id: by-age
    type: numeric
    prompt: From what age does it apply?
    answer: 14
    tolerance: 0
    unit: years
"""

ESSAY = """\
title: Why it matters
questions:
  - id: opinion
    type: open-response
    prompt: What would you change in it?
    points: 3
    rubric:
      - {text: names a part of the Act, points: 1}
      - {text: gives a reason, points: 2}
"""

RIGHT: dict[str, Any] = {"passed-in": ["1798"], "wars": ["war-of-1812", "world-war-i"], "by-age": "14"}
HALF: dict[str, Any] = {"passed-in": ["1812"], "wars": ["war-of-1812"], "by-age": "14"}


def write_keys(folder: Path) -> dict[str, Quiz]:
    """The two quizzes, in ``folder/quizzes``."""
    texts = {"law": LAW, "essay": ESSAY}
    return {name: civicquiz.load(write(folder / "quizzes" / f"{name}.yml", text)) for name, text in texts.items()}


def response_file(key: Quiz, responses: dict[str, Any], **more: Any) -> str:
    """A file as the page's "Save as a file" and the widget write it; ``more`` is added or replaces parts of it."""
    content = {"schema": 1, "quiz": key.name, "content_hash": key.version, "responses": responses}
    return json.dumps({**content, "checked": {}, "attempts": {}, "marks": {}, "session": {"seed": 7}, **more})


def zipped(path: Path, entries: dict[str, str | bytes]) -> Path:
    """An archive with these entries."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path
