"""Parts of a quiz that other formats write in their way: tags, pairs, texts with gaps, variables, shuffled options."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape
from typing import Any

from civicquiz.authoring.validation import all_texts
from civicquiz.authoring.wording import excerpt
from civicquiz.exchange.html_text import plain_words
from civicquiz.exchange.imported import FoundQuiz, UnreadableError
from civicquiz.exchange.scored_answers import Note
from civicquiz.frontend.words import strings
from civicquiz.model.advice import INTERFACE_LANGUAGES

__all__ = [
    "FIXED_SETS",
    "cloze",
    "gap_mark",
    "pairs",
    "tags_from",
    "take_shuffle",
    "used_variables",
    "without_rounding",
]


#: What is said of a question with several numbers whose values belong together in sets.
FIXED_SETS = (
    "Its numbers came in fixed sets; here each number is drawn by itself from the same values, so there are other "
    "combinations. Look at whether all of them make sense."
)


def tags_from(words: Iterable[str], note: Note) -> list[str]:
    """Tags of another program as tags of ours, which have no blanks or signs."""
    tags: dict[str, None] = {}
    for word in map(str.strip, words):
        tag = re.sub(r"[^A-Za-z0-9]+", "-", word).strip("-")
        if tag != word:
            became = f"became '{tag}'" if tag else "was left out"
            note(f"The tag '{excerpt(word, 60)}' {became}, because tags have no blanks or signs.")
        if tag:
            tags.setdefault(tag)
    return list(tags)


def take_shuffle(quiz: FoundQuiz, shuffles: Collection[bool]) -> None:
    """Shuffle the options of a quiz if all of its questions did, as ``shuffles`` says of each; name it if some did."""
    if shuffles and all(shuffles):
        quiz.settings["shuffle"] = ["options"]
    elif any(shuffles):
        quiz.remarks.append(
            "Only some questions had their options in a different order for each student, so none have; add "
            "'shuffle: [options]' if all may."
        )


def pairs(rows: Iterable[tuple[str, str]], distractors: Iterable[str] = ()) -> dict[str, Any]:
    """The type and the keys of a match; of a categorize if all rows belong to the same of several right sides."""
    found = [{"left": left, "right": right} for left, right in rows]
    rights = dict.fromkeys(pair["right"] for pair in found)
    extra = list(dict.fromkeys(text for text in distractors if text not in rights))
    if len(rights) == 1 and len(found) > 1 and extra:
        entries = [{"text": pair["left"], "category": pair["right"]} for pair in found]
        return {"type": "categorize", "categories": [*rights, *extra], "items": entries}
    return {"type": "match", "pairs": found, **({"distractors": extra} if extra else {})}


#: Two of them around a number stand for a gap while a text becomes Markdown.
_GAP = "\ue002"


def gap_mark(number: int) -> str:
    """What stands for the gap at a position, counted from 0, in a text that is not Markdown yet."""
    return f"{_GAP}{number}{_GAP}"


def cloze(text: str, gaps: Sequence[Mapping[str, Any]], note: Note) -> dict[str, Any]:
    """The keys of a cloze, from a text in Markdown with a mark for each gap. Paragraphs before the first gap are its
    prompt.

    Raises:
        UnreadableError: there are no gaps.
    """
    if not gaps:
        raise UnreadableError("the text has no gap")
    blocks = re.split(r"\n{2,}", text)
    first = next((number for number, block in enumerate(blocks) if _GAP in block), 0)
    before, rest = "\n\n".join(blocks[:first]), "\n\n".join(blocks[first:])
    if "```" in before:
        before, rest = "", text
    if not before:
        before = "Fill in the gaps."
        note(f"There was nothing before the text with the gaps; '{before}' was added.")
    names = {number: f"gap-{number + 1}" for number in range(len(gaps))}
    rest = re.sub(f"{_GAP}(\\d{{1,4}}){_GAP}", lambda found: f"[[{names.get(int(found[1]), '')}]]", rest)
    return {"prompt": before, "text": rest, "gaps": {names[number]: dict(gap) for number, gap in enumerate(gaps)}}


def used_variables(variables: Mapping[str, Mapping[str, Any]], values: Any) -> dict[str, Any]:
    """Those of the variables that a question needs: its texts or calculations have their names, or those of variables
    that are calculated from them.
    """
    texts = " ".join(text for _, text in all_texts(values))
    kept = {name for name in variables if re.search(rf"\b{name}\b", texts)}
    for name in reversed(list(variables)):
        calculation = variables[name].get("calculate", "")
        if name in kept and calculation:
            kept |= {other for other in variables if re.search(rf"\b{other}\b", calculation)}
    return {name: dict(value) for name, value in variables.items() if name in kept}


#: How exact a number should be, in words -> the key for it, and its value if that is not in the words.
_ROUNDING: dict[str, tuple[str, int | None]] = {
    "round_to": ("decimals", None),
    "round_whole": ("decimals", 0),
    "round_figures": ("significant", None),
    "round_figure": ("significant", 1),
}


def without_rounding(html: str) -> tuple[str, dict[str, Any]]:
    """(HTML without the paragraphs that say how to round, and in which unit, which our field says itself; the keys that
    have the same). Only our own exports have them.
    """
    for language in INTERFACE_LANGUAGES:
        for name, (key, value) in _ROUNDING.items():
            words = re.sub(r"\\\{\w+\\\}", r"(?P<number>[0-9]{1,2})", re.escape(escape(strings(language)[name])))
            found = re.search(rf"<p>{words}</p>\s*(?:<p>_{{6}} (?P<unit>[^<]{{1,200}})</p>)?", html)
            if found:
                unit = plain_words(found["unit"] or "")
                keys = {key: int(found["number"]) if value is None else value, **({"unit": unit} if unit else {})}
                return html[: found.start()] + html[found.end() :], keys
    return html, {}
