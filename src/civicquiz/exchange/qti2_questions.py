"""The items of QTI 2.1, 2.2 and 3.0 as questions, one function for each interaction."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from math import isclose, isinf
from typing import Any

from civicquiz.authoring.wording import excerpt
from civicquiz.exchange.imported import UnreadableError
from civicquiz.exchange.qti2_feedback import ToldFeedback
from civicquiz.exchange.qti2_items import Declaration, Qti2Item, is_added
from civicquiz.exchange.question_values import cloze, gap_mark, pairs
from civicquiz.exchange.scored_answers import (
    Band,
    ScoredAnswer,
    all_or_nothing,
    multiple_choice,
    numeric,
    plain_number,
    short_text,
    single_choice,
)
from civicquiz.exchange.text_patterns import pattern_of
from civicquiz.exchange.xml_text import XmlElement, text_at
from civicquiz.model.interactions.text_matching import normalized

__all__ = ["item_values"]

_IN_TEXT = ("textEntryInteraction", "inlineChoiceInteraction")


def item_values(item: Qti2Item) -> dict[str, Any]:
    """What an author would write for an item.

    Raises:
        UnreadableError: it has no counterpart, or is not as the standard wants it.
    """
    if item.element.first("templateProcessing") is not None:
        raise UnreadableError("it has numbers that are made by rules (templates); write it with 'variables'")
    if not item.interactions:
        raise UnreadableError("it asks nothing (there is no interaction)")
    tags = {found.tag for found in item.interactions}
    if tags <= set(_IN_TEXT):
        values = _gaps(item)
    elif tags == {"sliderInteraction"}:
        values = _sliders(item)
    elif len(item.interactions) > 1:
        names = ", ".join(sorted(tags))
        raise UnreadableError(
            f"it has {len(item.interactions)} interactions ({names}); make each a question of its own"
        )
    else:
        (tag,) = tags
        if tag not in _INTERACTIONS:
            raise UnreadableError(f"there is no counterpart to its interaction '{excerpt(tag, 40)}'")
        values = _INTERACTIONS[tag](item, item.interactions[0])
    item.note_rules()
    for told in item.told:
        if told.condition is None:
            values |= _explanation(item.markdown(told.element), values.get("model_answer", ""))
        elif told.outcome == "HINT":
            values["hint"] = item.markdown(told.element)
    _note_feedback(item)
    points = item.points()
    if points != 1:
        values["points"] = points
        if "rubric" in values:
            values["rubric"][0]["points"] = points
    return values


def _note_feedback(item: Qti2Item) -> None:
    choices = {element.get("identifier") for interaction in item.interactions for element in interaction.iter()}
    read = {id(told.element) for told in item.told if _is_read(item, told)}
    for shown in item.element.children("modalFeedback"):
        if id(shown) not in read and shown.get("identifier") not in choices and (text := item.markdown(shown)):
            name = excerpt(shown.get("identifier", ""), 40)
            item.note(f"The feedback '{name}' was left out: '{excerpt(text, 200)}'")


def _is_read(item: Qti2Item, told: ToldFeedback) -> bool:
    """Whether a feedback is for what a question of ours can have feedback on."""
    if told.condition is None or told.outcome == "HINT" or told.pairs():
        return True
    names = [interaction.get("responseIdentifier", "") for interaction in item.interactions]
    return any(told.choice_of(name) or told.pattern_of(name) or told.range_of(name) is not None for name in names)


def _choice(item: Qti2Item, interaction: XmlElement) -> dict[str, Any]:
    declared = item.declaration(interaction)
    answers = [
        ScoredAnswer(item.markdown(choice), declared.share(choice.get("identifier", "")), item.feedback_on(choice))
        for choice in interaction.children("simpleChoice")
    ]
    prompt = item.prompt()
    if not (declared.correct or declared.mapped) and item.is_without_points():
        poll = {"type": "poll", "prompt": prompt, "options": [answer.text for answer in answers]}
        return {**poll, **({"multiple": True} if declared.cardinality == "multiple" else {})}
    if declared.cardinality != "multiple":
        sides = {answer.text.lower(): answer for answer in answers}
        if set(sides) == {"true", "false"} and (sides["true"].share > 0) != (sides["false"].share > 0):
            feedback = {side: answer.feedback for side, answer in sides.items() if answer.feedback}
            values = {"type": "true-false", "prompt": prompt, "answer": sides["true"].share > 0}
            return {**values, **({"feedback": feedback} if feedback else {})}
        return {"type": "single-choice", "prompt": prompt, **single_choice(answers, item.note)}
    return {"type": "multiple-choice", "prompt": prompt, **_several(answers, declared, item)}


def _several(answers: list[ScoredAnswer], declared: Declaration, item: Qti2Item) -> dict[str, Any]:
    if declared.rule == "map":
        return multiple_choice(answers, item.note)
    return all_or_nothing(answers)


def _order(item: Qti2Item, interaction: XmlElement) -> dict[str, Any]:
    texts = {choice.get("identifier", ""): item.markdown(choice) for choice in interaction.children("simpleChoice")}
    correct = item.declaration(interaction).correct
    if sorted(correct) != sorted(texts):
        raise UnreadableError("the right order does not have each entry once")
    if not item.scores_by_pairs(len(correct)):
        item.note(
            "The order was scored in another way; here each pair of entries in the right order counts for the score, "
            "and every other pair against it."
        )
    return {"type": "order", "prompt": item.prompt(), "items": [texts[name] for name in correct]}


def _match(item: Qti2Item, interaction: XmlElement) -> dict[str, Any]:
    sets = [
        {choice.get("identifier", ""): item.markdown(choice) for choice in found.children("simpleAssociableChoice")}
        for found in interaction.children("simpleMatchSet")
    ]
    if len(sets) != 2:
        raise UnreadableError("it does not have two sets to match")
    declared = item.declaration(interaction)
    keys = declared.correct or tuple(key for key, gain in declared.mapped.items() if gain > 0)
    named = [(left, right) for left, _, right in (key.partition(" ") for key in keys)]
    found = [(left, right) for left, right in named if left in sets[0] and right in sets[1]]
    if len({left for left, _ in found}) < len(found) and len({right for _, right in found}) == len(found):
        sets, found = sets[::-1], [(right, left) for left, right in found]
    right_of = dict(found)
    if len(right_of) < len(found):
        raise UnreadableError("something on the left goes with several things on the right")
    for name, text in sets[0].items():
        if name not in right_of:
            raise UnreadableError(f"nothing is right for '{excerpt(text, 40)}'")
    if declared.rule == "match":
        item.note("Only all pairs together earned points; here each right pair earns its share.")
    elif len({round(gain, 4) for gain in declared.mapped.values() if gain > 0}) > 1:
        item.note("The pairs earned different points; here each earns the same.")
    if declared.rule == "map" and (declared.default < 0 or any(gain < 0 for gain in declared.mapped.values())):
        item.note("A wrong pair cost points; here it costs nothing.")
    rows = [(text, sets[1][right_of[name]]) for name, text in sets[0].items()]
    values = {"type": "match", "prompt": item.prompt(), **pairs(rows, sets[1].values())}
    told = {pair.partition(" ")[0]: item.markdown(one.element) for one in item.told for pair in one.pairs()}
    for name, entry in zip(sets[0], values.get("pairs") or values["items"], strict=True):
        if told.get(name):
            entry["feedback"] = told[name]
    return values


def _hottext(item: Qti2Item, interaction: XmlElement) -> dict[str, Any]:
    declared = item.declaration(interaction)
    text, phrases = item.text_with_gaps(interaction, ("hottext",))
    answers = [
        ScoredAnswer(item.markdown(phrase), declared.share(phrase.get("identifier", "")), item.feedback_on(phrase))
        for phrase in phrases
    ]
    values = _several(answers, declared, item)
    for number, answer in enumerate(answers):
        text = text.replace(gap_mark(number), f"[[{'+' if answer.share > 0 else ''}{answer.text}]]")
    if declared.cardinality != "multiple":
        item.note("Only one phrase could be chosen; here any number of them.")
    prompt = item.prompt()
    if not prompt:
        prompt = "Mark the right words."
        item.note(f"It had no prompt; '{prompt}' was added.")
    feedback = [{"text": one.text, "feedback": one.feedback} for one in answers if one.feedback]
    scoring = {"scoring": values["scoring"]} if "scoring" in values else {}
    more = {"feedback": feedback} if feedback else {}
    return {"type": "select-text", "prompt": prompt, "passage": text, **scoring, **more}


def _extended(item: Qti2Item, interaction: XmlElement) -> dict[str, Any]:
    values: dict[str, Any] = {"type": "open-response", "prompt": item.prompt()}
    for line in item.element.below("p"):
        if count := re.fullmatch(r"words-from-(\d{1,9}) words-to-(\d{1,9})", line.get("class", "")):
            names = zip(("min_words", "max_words"), map(int, count.groups()), strict=True)
            values |= {name: number for name, number in names if number}
    if item.scorer:
        values["rubric"] = [{"text": item.texts.from_html("\n".join(item.scorer)), "points": 1}]
        values["show_rubric"] = "never"
    if (declared := item.declaration(interaction)).correct:
        values["model_answer"] = item.texts.from_plain("\n\n".join(declared.correct))
    return values


def _explanation(text: str, model_answer: str) -> dict[str, str]:
    """The keys of an explanation, at whose end a model answer may be shown: that has its formatting only there."""
    blocks = text.split("\n\n")
    for number in range(len(blocks) if model_answer else 0):
        if _letters("".join(blocks[number:])) == _letters(model_answer):
            text, model_answer = "\n\n".join(blocks[:number]), "\n\n".join(blocks[number:])
            break
    found = {"explanation": text, "model_answer": model_answer}
    return {name: value for name, value in found.items() if value}


def _letters(text: str) -> str:
    """A text without marks, spaces and formatting; the text itself if nothing else is in it."""
    return re.sub(r"[\W_]+", "", text) or text


def _gap_match(item: Qti2Item, interaction: XmlElement) -> dict[str, Any]:
    if next(interaction.below("gapImg"), None) is not None:
        raise UnreadableError("its gaps take pictures")
    words = {word.get("identifier", ""): item.markdown(word) for word in interaction.children("gapText")}
    declared = item.declaration(interaction)
    keys = declared.correct or tuple(key for key, gain in declared.mapped.items() if gain > 0)
    right_of = {gap: word for word, _, gap in (key.partition(" ") for key in keys)}
    text, gaps = item.text_with_gaps(interaction, ("gap",))
    found = []
    for gap in gaps:
        right = right_of.get(gap.get("identifier", ""))
        if right not in words:
            raise UnreadableError(f"nothing is right for the gap '{excerpt(gap.get('identifier', ''), 40)}'")
        answers = [ScoredAnswer(word, float(name == right)) for name, word in words.items()]
        found.append({"type": "single-choice", **single_choice(answers, item.note)})
    item.note("The words were dragged into the gaps; here each gap has a list of them, and each counts the same.")
    if declared.rule == "map" and declared.default < 0:
        item.note("A wrong word cost points; here it costs nothing.")
    prompt = item.prompt()
    values = cloze(f"{prompt}\n\n{text}" if prompt else text, found, item.note)
    return {"type": "cloze", **values}


def _gaps(item: Qti2Item) -> dict[str, Any]:
    text, found = item.text_with_gaps(item.body, _IN_TEXT)
    gaps = [_gap(item, interaction) for interaction in found]
    for position, unit in item.units.items():
        if gaps[position]["type"] == "numeric":
            gaps[position]["unit"] = unit
    if len(gaps) > 1:
        item.known_rules.add("divide")
    mark = gap_mark(0)
    # In our own items, a field that is a question by itself is a paragraph by itself.
    is_alone = not item.is_ours or text.partition(mark)[0].endswith("\n\n")
    if (
        is_alone
        and len(gaps) == 1
        and gaps[0]["type"] != "single-choice"
        and re.fullmatch(r"[\s.:]*", text.partition(mark)[2])
    ):
        prompt = text.partition(mark)[0].strip()
        if prompt:
            return {"type": gaps[0].pop("type"), "prompt": prompt, **gaps[0]}
    return {"type": "cloze", **cloze(text, gaps, item.note)}


def _gap(item: Qti2Item, interaction: XmlElement) -> dict[str, Any]:
    declared = item.declaration(interaction)
    name = interaction.get("responseIdentifier", "")
    if interaction.tag == "inlineChoiceInteraction":
        answers = [
            ScoredAnswer(item.markdown(choice), declared.share(choice.get("identifier", "")), _told(item, name, choice))
            for choice in interaction.children("inlineChoice")
        ]
        return {"type": "single-choice", **single_choice(answers, item.note)}
    bands = item.bands(name)
    if declared.base_type in ("float", "integer") or bands:
        if not bands:
            numbers = [(value, 1.0) for value in declared.correct] or [
                (value, gain / (declared.most or 1)) for value, gain in declared.mapped.items()
            ]
            bands = [Band(n := float(plain_number(value)), n, share, number=n) for value, share in numbers]
        return {"type": "numeric", **_number(item, declared, bands, name)}
    return {"type": "short-text", **_text(item, declared, name)}


def _told(item: Qti2Item, response: str, choice: XmlElement) -> str:
    """The feedback on a choice in a text."""
    own = choice.get("identifier", "")
    told = [one for one in item.told if own and one.choice_of(response) == own]
    return "\n\n".join(item.markdown(one.element) for one in told) or item.feedback_on(choice)


def _number(item: Qti2Item, declared: Declaration, bands: list[Band], name: str) -> dict[str, Any]:
    """The keys of a number; the one that the item shows as right is the answer."""
    if not bands:
        raise UnreadableError("no number is right")
    wrong = []
    for one in item.told:
        test = one.range_of(name)
        band = item.band(test, name) if test is not None else None
        if band:
            wrong.append(Band(band.low, band.high, 0, item.markdown(one.element)))
    first, *others = bands
    right = [float(plain_number(value)) for value in declared.correct[:1]]
    answer = next((number for number in right if first.low <= number <= first.high), first.number)
    if answer is None and (isinf(first.low) or isinf(first.high)):
        raise UnreadableError("it has no number as the right response, only an end of what is right")
    is_middle = first.number is not None and answer is not None and isclose(answer, first.number, rel_tol=1e-9)
    if answer is None or is_middle:
        return numeric([replace(first, number=answer), *others, *wrong], item.note)
    values = numeric([Band(answer, answer, 1, number=answer), *others, *wrong], item.note)
    del values["tolerance"]
    ends = {name: number for name, number in (("from", first.low), ("to", first.high)) if not isinf(number)}
    return {**values, "range": {name: plain_number(repr(number)) for name, number in ends.items()}}


def _sliders(item: Qti2Item) -> dict[str, Any]:
    """A timeline, if the points fall evenly with the distance from the right numbers."""
    events = []
    for interaction in item.interactions:
        declared = item.declaration(interaction)
        if not declared.correct:
            raise UnreadableError("a slider has no right response")
        prompt = interaction.first("prompt")
        events.append({"text": item.markdown(prompt), "year": plain_number(declared.correct[0])})
    falls = {_fall(test) for rule in item.rules for test in rule.below("min")}
    ends = {(found.get("lowerBound", ""), found.get("upperBound", "")) for found in item.interactions}
    if len(falls) != 1 or None in falls or len(ends) != 1:
        raise UnreadableError("its sliders are not scored by how far off they are, each in the same way")
    ((reach, width),) = (fall for fall in falls if fall)
    ((start, end),) = ends
    item.known_rules |= {"subtract", "divide"}
    return {
        "type": "timeline",
        "prompt": item.markdown(item.body, lambda element: "" if _is_beside_prompt(element) else None),
        "events": events,
        "start": plain_number(start),
        "end": plain_number(end),
        "tolerance": plain_number(repr(float(reach) - float(width))),
        "reach": plain_number(reach),
    }


def _is_beside_prompt(element: XmlElement) -> bool:
    return element.tag == "sliderInteraction" or is_added(element)


def _fall(test: XmlElement) -> tuple[str, str] | None:
    """(from how far off on nothing is earned, over which distance the points fall) in a rule, or None."""
    width, left = test.first("divide", "baseValue"), test.first("divide", "subtract", "baseValue")
    return (text_at(left), text_at(width)) if width is not None and left is not None else None


def _text(item: Qti2Item, declared: Declaration, name: str) -> dict[str, Any]:
    if patterns := item.patterns(name):
        for ignore in _WAYS:
            if all(pattern_of(normalized(text, ignore), ignore) in patterns for text in declared.right_texts()):
                return _texts_by_patterns(item, declared, name, ignore)
    if declared.rule == "map":
        texts = [(key, declared.share(key), key in declared.case_sensitive) for key in declared.mapped]
    else:
        compared = item.compared_texts(name)
        texts = [(text, 1.0, is_sensitive) for text, is_sensitive in compared] or [
            (text, 1.0, True) for text in declared.correct
        ]
        if not texts:
            texts = [(key, declared.share(key) or 1.0, True) for key in declared.mapped]
    if len({is_sensitive for _, _, is_sensitive in texts}) > 1:
        item.note("Capitals counted in some of the accepted texts; here they count in none.")
    answers = [ScoredAnswer(text, share) for text, share, _ in texts]
    return short_text(answers, item.note, is_case_sensitive=bool(texts) and all(one[2] for one in texts))


#: What can be ignored when texts are compared: the usual ways first.
_WAYS = sorted(
    (names for count in range(5) for names in combinations(("case", "space", "diacritics", "punctuation"), count)),
    key=lambda names: names != ("case", "space"),
)


def _texts_by_patterns(item: Qti2Item, declared: Declaration, name: str, ignore: tuple[str, ...]) -> dict[str, Any]:
    """The keys of a short text whose patterns are those of the texts in its mapping."""
    told = {pattern: item.markdown(one.element) for one in item.told if (pattern := one.pattern_of(name))}
    answers = [
        ScoredAnswer(
            text,
            points / declared.most,
            "" if points else told.get(pattern_of(normalized(text, ignore), ignore), ""),
        )
        for text, points in declared.mapped.items()
    ]
    values = short_text(answers, item.note, is_case_sensitive="case" not in ignore)
    return {**values, "ignore": list(ignore)} if ignore != ("case", "space") else values


_INTERACTIONS: dict[str, Callable[[Qti2Item, XmlElement], dict[str, Any]]] = {
    "choiceInteraction": _choice,
    "orderInteraction": _order,
    "matchInteraction": _match,
    "hottextInteraction": _hottext,
    "extendedTextInteraction": _extended,
    "gapMatchInteraction": _gap_match,
}
