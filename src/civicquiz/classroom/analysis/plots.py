"""Pictures of the figures as inline SVG: small, the same bytes each time, in the colors of the page around them.

Each has a title and a description for screen readers, and the page shows the same numbers in a table next to it.
Colors come from the classes ``value``, ``other``, ``line``, ``grid``, ``move`` and ``zone`` of ``static/report.css``.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from civicquiz.authoring.wording import excerpt, score_text
from civicquiz.classroom.analysis.figures import GainFigures, QuizFigures

__all__ = ["bar", "gain_plot", "histogram", "question_map"]

_WIDTH, _LEFT, _RIGHT, _TOP = 560, 44, 12, 10


def bar(share: float, right: bool) -> str:
    """A bar for a table cell, longer for a higher ``share``; not for screen readers, since the number is next to it."""
    css_class = "value" if right else "other"
    return (
        '<svg class="bar" width="60" height="8" viewBox="0 0 60 8" aria-hidden="true" focusable="false">'
        '<rect class="zone" width="60" height="8"/>'
        f'<rect class="{css_class}" width="{60 * share:.1f}" height="8"/></svg>'
    )


def _svg(name: str, height: float, title: str, description: str, parts: Sequence[str]) -> str:
    """A picture; ``name`` is an id that is unique on the page."""
    return (
        f'<svg class="plot" role="img" aria-labelledby="{name}-title" aria-describedby="{name}-desc" '
        f'viewBox="0 0 {_WIDTH} {height:.0f}">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
        + "".join(parts)
        + "</svg>"
    )


def _text(x: float, y: float, text: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, css_class: str = "line") -> str:
    return f'<line class="{css_class}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _zone(x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="zone" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def step_label(start: float, end: float) -> str:
    """The label of a bin of a distribution."""
    return score_text(start) if start == end else f"{score_text(start)}–{score_text(end)}"


def histogram(name: str, quiz: QuizFigures) -> str:
    """How many learners have which total."""
    steps = quiz.distribution
    most = max((count for *_, count in steps), default=0) or 1
    height, bottom = 210.0, 170.0
    wide = (_WIDTH - _LEFT - _RIGHT) / max(1, len(steps))
    parts = [_line(_LEFT, bottom, _WIDTH - _RIGHT, bottom), _text(_LEFT - 6, _TOP + 8, str(most), "end")]
    parts.append(_text(_LEFT - 6, bottom, "0", "end"))
    every = 1 if all(start == end for start, end, _ in steps) and len(steps) < 22 else 2
    for number, (start, end, count) in enumerate(steps):
        tall = (bottom - _TOP) * count / most
        x = _LEFT + number * wide
        parts.append(
            f'<rect class="value" x="{x + 1:.1f}" y="{bottom - tall:.1f}" width="{wide - 2:.1f}" height="{tall:.1f}"/>'
        )
        if number % every == 0:
            parts.append(_text(x + wide / 2, bottom + 15, step_label(start, end)))
    unit = "Points" if quiz.same_questions else "Percent of the points"
    parts.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, bottom + 34, f"{unit} (vertical: students)"))
    return _svg(name, height, "Distribution of totals", "The table next to it has the same numbers.", parts)


def question_map(name: str, quiz: QuizFigures, easy: float, low: float) -> str:
    """A point for each question by facility (across) and discrimination D (up); shaded beyond ``easy`` and below
    ``low``."""
    points = [
        (question, question.facility, question.discrimination)
        for question in quiz.questions
        if question.facility is not None and question.discrimination is not None
    ]
    height, bottom = 300.0, 256.0
    least = min([0.0, *(d for *_, d in points)])
    across, up = _WIDTH - _LEFT - _RIGHT, bottom - _TOP

    def x(facility: float) -> float:
        return _LEFT + across * facility

    def y(d: float) -> float:
        return bottom - up * (d - least) / (1 - least)

    parts = [
        _zone(_LEFT, y(low), across, bottom - y(low)),
        _zone(x(easy), _TOP, across * (1 - easy), y(low) - _TOP),
        _line(_LEFT, y(0), _WIDTH - _RIGHT, y(0)),
        _line(_LEFT, _TOP, _LEFT, bottom),
    ]
    parts += [_text(_LEFT - 6, y(d) + 4, f"{d:g}", "end") for d in (0, 0.2, 0.4, 0.6, 0.8, 1)]
    parts += [_text(x(p), bottom + 16, f"{p:g}") for p in (0, 0.2, 0.4, 0.6, 0.8, 1)]
    parts.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, bottom + 36, "Facility (vertical: discrimination D)"))
    for question, facility, discrimination in points:
        css_class = "other" if question.flags else "value"
        parts.append(f'<circle class="{css_class}" cx="{x(facility):.1f}" cy="{y(discrimination):.1f}" r="4"/>')
        parts.append(_text(x(facility) + 7, y(discrimination) + 4, str(question.number), "start"))
    description = (
        "Each point is a question, labeled with its number. Flagged questions have a different color. Shaded: very "
        "easy, or hardly any difference between the highest-scoring and the lowest-scoring students. The table below "
        "has the same numbers."
    )
    return _svg(name, height, "Questions by facility and discrimination", description, parts)


def gain_plot(name: str, gain: GainFigures, labels: Sequence[str]) -> str:
    """For each row of the gain a line from the mean before to the mean after; ``labels`` names the rows."""
    parts = []
    row, left = 26.0, 210.0
    across = _WIDTH - left - _RIGHT - 8
    bottom = _TOP + row * len(gain.rows)
    for number, (label, means) in enumerate(zip(labels, gain.rows, strict=True)):
        y = _TOP + row * (number + 0.5)
        short = excerpt(label, 26)
        parts += [_text(left - 10, y + 4, short, "end"), _line(left, y, left + across, y, "grid")]
        parts.append(_line(left + across * means.before, y, left + across * means.after, y, "move"))
        parts.append(f'<circle class="zone" cx="{left + across * means.before:.1f}" cy="{y:.1f}" r="5"/>')
        parts.append(f'<circle class="value" cx="{left + across * means.after:.1f}" cy="{y:.1f}" r="5"/>')
    parts += [_text(left + across * p / 100, bottom + 16, f"{p}%") for p in (0, 25, 50, 75, 100)]
    description = "Hollow: mean before. Filled: mean after. The table below has the same numbers."
    return _svg(name, bottom + 26, "Means before and after", description, parts)
