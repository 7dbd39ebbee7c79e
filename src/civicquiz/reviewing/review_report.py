"""The report of ``civicquiz review``: lines for people, or JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from civicquiz.reviewing.looks import Guess
from civicquiz.reviewing.quiz_review import Figures, Review

__all__ = ["review_json", "review_lines"]

#: How many strategies are listed.
_LISTED = 4
_NO_LABEL = "none"


def review_lines(found: Review) -> list[str]:
    """What was found, quiz by quiz and then for all of them."""
    lines: list[str] = []
    for name in [*found.quizzes, *([""] if "" in found.figures else [])]:
        lines += ["", name or f"All {len(found.quizzes)} quizzes together"]
        for figures in found.figures[name]:
            lines += [f"  {line}" for line in _figures(figures, named=len(found.figures[name]) > 1)]
        for remark in found.remarks:
            if remark.quiz == name:
                where = f"{remark.question}" + (
                    f" [{remark.language}]" if _is_translated(found, remark.quiz, remark) else ""
                )
                lines.append(f"  {where + ': ' if where else ''}{remark.message} ({remark.rule})")
                lines.append(f"      hint: {remark.hint}")
    count = len(found.remarks)
    lines += ["", f"{count} {'remark' if count == 1 else 'remarks'}." if count else "No remarks."]
    return lines[1:]


def _is_translated(found: Review, quiz: str, remark: Any) -> bool:
    return bool(found.figures[quiz]) and remark.language != found.figures[quiz][0].language


def _figures(figures: Figures, *, named: bool) -> Iterator[str]:
    called = f"[{figures.language}] " if named else ""
    yield f"{called}{figures.questions} questions"
    if figures.single:
        yield f"{called}by looks alone, {_best(figures.single)}"
        positions = ", ".join(f"{rank}: {count}" for rank, count in figures.positions.items())
        ranks = ", ".join(f"{rank}: {count:.0f}" for rank, count in figures.ranks.items())
        yield f"{called}position of the right option: {positions}; its rank by length, from the shortest: {ranks}"
        if figures.ratio is not None:
            yield f"{called}the right option has {figures.ratio:.2f} times the length of the others (median)"
    if figures.several:
        yield f"{called}multiple-choice questions by looks alone,  {_best(figures.several)}"
    if figures.true[1]:
        yield f"{called}true or false: {figures.true[0]} of {figures.true[1]} are true"
        if figures.doubted[1]:
            yield f"{called}with an absolute word: {figures.doubted[0]} of {figures.doubted[1]} are false"
    if not named or figures.levels:
        for what, counts in (("level", figures.levels), ("difficulty", figures.difficulties)):
            if set(counts) - {""}:
                yield f"{called}{what}: {_shares(counts)}"


def _best(found: tuple[Guess, ...]) -> str:
    far = sorted(found, key=lambda guess: -abs(guess.lead))[:_LISTED]
    listed = ", ".join(f"{guess.strategy.name} {100 * guess.expected:.0f}%" for guess in far)
    return f"chance {100 * found[0].chance:.0f}%: {listed} (of {found[0].count})"


def _shares(counts: Mapping[str, int]) -> str:
    total = sum(counts.values())
    return ", ".join(f"{name or _NO_LABEL} {100 * count / total:.0f}%" for name, count in counts.items())


def review_json(found: Review) -> str:
    """Everything as JSON: ``quizzes``, each with its ``figures`` by language; ``all``; ``remarks``."""
    value = {
        "quizzes": {name: [_as_json(figures) for figures in found.figures[name]] for name in found.quizzes},
        "all": [_as_json(figures) for figures in found.figures.get("", [])],
        "remarks": [asdict(remark) for remark in found.remarks],
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _as_json(figures: Figures) -> dict[str, Any]:
    return {
        "language": figures.language,
        "questions": figures.questions,
        "single": [_guess(guess) for guess in figures.single],
        "several": [_guess(guess) for guess in figures.several],
        "positions": figures.positions,
        "length_ranks": {rank: round(count, 6) for rank, count in figures.ranks.items()},
        "length_ratio": figures.ratio,
        "true": {"true": figures.true[0], "statements": figures.true[1]},
        "absolute_statements": {"false": figures.doubted[0], "statements": figures.doubted[1]},
        "levels": figures.levels,
        "difficulties": figures.difficulties,
        "objectives": figures.objectives,
    }


def _guess(guess: Guess) -> dict[str, Any]:
    return {
        "strategy": guess.strategy.name,
        "expected": round(guess.expected, 6),
        "chance": round(guess.chance, 6),
        "choices": guess.count,
        "worst": list(guess.worst),
    }
