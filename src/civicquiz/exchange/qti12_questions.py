"""The items of QTI 1.2, as Canvas and others write them, one function for each type.

Canvas says in the field ``question_type`` what an item is; for others it follows from the responses. The importer of
Canvas, https://github.com/instructure/qti, is what its own exports are made for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import Any

from civicquiz.authoring.wording import excerpt, number_text
from civicquiz.exchange.html_text import FoundTexts, plain_words
from civicquiz.exchange.imported import UnreadableError
from civicquiz.exchange.qti12_scoring import Scoring
from civicquiz.exchange.question_values import FIXED_SETS, cloze, gap_mark, pairs, used_variables, without_rounding
from civicquiz.exchange.scored_answers import (
    ScoredAnswer,
    all_or_nothing,
    multiple_choice,
    numeric,
    plain_number,
    scored_elsewhere,
    short_text,
    single_choice,
    whole_number,
)
from civicquiz.exchange.xml_text import XmlElement, inner_xml, text_at
from civicquiz.model.questions.expression import Expression, ExpressionError

__all__ = ["Qti12Item", "item_values", "metadata"]


def metadata(element: XmlElement) -> dict[str, str]:
    """The fields of the metadata of an item or a bank; the first one of a name counts."""
    fields: dict[str, str] = {}
    for entry in element.below("qtimetadatafield"):
        fields.setdefault(entry.words("fieldlabel"), entry.words("fieldentry"))
    return fields


class Qti12Item:
    """An item with its texts as Markdown."""

    def __init__(
        self,
        element: XmlElement,
        images: dict[str, bytes],
        changes: list[str],
        read_file: Callable[[str], bytes | None],
    ) -> None:
        self.element = element
        self.texts = FoundTexts(images, changes, read_file)
        self.note = self.texts.change
        self.fields = metadata(element)
        self.scoring = Scoring(element)
        presentation = element.first("presentation")
        self.presentation = presentation if presentation is not None else element
        self.responses = list(self.presentation.below("response_lid", "response_str", "response_num", "response_grp"))

    # ---- Texts ----

    def raw_html(self, holder: XmlElement | None) -> str:
        """The texts and pictures of the ``material`` directly in an element, as HTML."""
        if holder is None:
            return ""
        parts = []
        for part in holder:
            if part.tag == "material":
                parts.append("".join(_html_of(text) for text in part))  # type: ignore[arg-type]
            elif part.tag in ("flow", "flow_mat"):
                parts.append(self.raw_html(part))  # type: ignore[arg-type]
        return "\n".join(part for part in parts if part)

    def markdown(self, holder: XmlElement | None) -> str:
        """The same as Markdown."""
        return self.texts.from_html(self.raw_html(holder))

    def plain(self, holder: XmlElement | None) -> str:
        """The same as plain text."""
        return plain_words(self.raw_html(holder))

    def feedback(self, ident: str) -> str:
        """The text of a feedback, as Markdown; "" if there is none."""
        found = next((part for part in self.element.children("itemfeedback") if part.get("ident") == ident), None)
        return (
            self.texts.from_html("\n".join(self.raw_html(part) for part in _holders(found)))
            if found is not None
            else ""
        )

    # ---- Responses ----

    def response(self) -> XmlElement:
        """The only response.

        Raises:
            UnreadableError: there is none, or more than one.
        """
        if len(self.responses) != 1:
            raise UnreadableError(f"it has {len(self.responses)} fields, where its type has one")
        return self.responses[0]

    def labels(self, response: XmlElement) -> list[tuple[str, XmlElement]]:
        """(ident, label) of each option of a response."""
        return [(label.get("ident", ""), label) for label in response.below("response_label")]

    def answers(self, response: XmlElement, shares: Callable[[str], float]) -> list[ScoredAnswer]:
        """The options of a response, each with its share of the points and its feedback."""
        return [
            ScoredAnswer(self.markdown(label), shares(ident), self.feedback_on(ident))
            for ident, label in self.labels(response)
        ]

    def feedback_on(self, ident: str) -> str:
        """The feedback on one option."""
        linked = [*self.scoring.feedback_on(ident), f"{ident}_fb"]
        return next((text for name in linked if name not in _GENERAL and (text := self.feedback(name))), "")


#: What a text of QTI may have that is not words -> its element of HTML, and the attribute that describes it there.
_MEDIA = {
    "matimage": ("img", "alt"),
    "mataudio": ("audio", "title"),
    "matvideo": ("video", "title"),
    "matapplet": ("applet", "title"),
    "matapplication": ("object", "title"),
}


def _html_of(text: XmlElement) -> str:
    """A text of QTI as HTML: it is HTML in itself, or plain, or elements of HTML."""
    if text.tag in _MEDIA:
        tag, description = _MEDIA[text.tag]
        address, words = escape(text.get("uri", "")), escape(text.get("label", ""))
        return f'<{tag} src="{address}" {description}="{words}"></{tag}>'
    if text.tag == "matbreak":
        return "<br>"
    if text.tag not in ("mattext", "matemtext"):
        return ""
    if len(text):
        return inner_xml(text)
    content = text.text or ""
    is_html = text.get("texttype") == "text/html"
    if is_html or (not text.get("texttype") and re.search(r"<(?:p|div|span|img|b|i|br)\b", content)):
        return content
    return escape(content, quote=False)


def _holders(feedback: XmlElement) -> Sequence[XmlElement]:
    """What has the text of a feedback."""
    return [feedback, *feedback.children("solution", "hint")]


#: The idents of feedback that is not on one option.
_GENERAL = {
    "general_fb": "every answer",
    "correct_fb": "a right answer",
    "general_incorrect_fb": "a wrong answer",
}


# ---- The types ----


def _choice(item: Qti12Item) -> dict[str, Any]:
    response = item.response()
    name = response.get("ident", "")
    answers = item.answers(response, lambda ident: item.scoring.share({name: [ident]}))
    return {"type": "single-choice", "prompt": item.markdown(item.presentation), **single_choice(answers, item.note)}


def _true_false(item: Qti12Item) -> dict[str, Any]:
    response = item.response()
    sides = {item.plain(label).lower(): ident for ident, label in item.labels(response)}
    if set(sides) != {"true", "false"}:
        return _choice(item)
    name = response.get("ident", "")
    shares = {side: item.scoring.share({name: [ident]}) for side, ident in sides.items()}
    if (shares["true"] > 0) == (shares["false"] > 0):
        raise UnreadableError("exactly one of true and false has to be right")
    feedback = {side: text for side in ("true", "false") if (text := item.feedback_on(sides[side]))}
    values = {"type": "true-false", "prompt": item.markdown(item.presentation), "answer": shares["true"] > 0}
    return {**values, **({"feedback": feedback} if feedback else {})}


def _several(item: Qti12Item) -> dict[str, Any]:
    response = item.response()
    name = response.get("ident", "")
    values = {"type": "multiple-choice", "prompt": item.markdown(item.presentation)}
    # One condition with all right options, or a condition for each option.
    whole = [condition for condition in item.scoring.scored if condition.gain > 0]
    if len(whole) != 1:
        empty = item.scoring.score({name: []})
        answers = item.answers(
            response, lambda ident: (item.scoring.score({name: [ident]}) - empty) / item.scoring.most
        )
        return values | multiple_choice(answers, item.note)
    right = {entry.value for entry in whole[0].named}
    each = 1 / max(len(right), 1)
    answers = item.answers(response, lambda ident: each if ident in right else -each)
    rule = item.fields.get("scoring_algorithm", "")
    if rule == "AllOrNothing" or "question_type" not in item.fields:
        return values | all_or_nothing(answers)
    if rule:
        values["options"] = all_or_nothing(answers)["options"]
        scored_elsewhere(values["options"], f"Canvas ('{excerpt(rule, 40)}')", item.note)
        return values
    # Classic Quizzes: what is wrong costs as much as something right earns.
    return values | multiple_choice(answers, item.note)


def _short(item: Qti12Item) -> dict[str, Any]:
    found = item.scoring.right()
    if not found:
        raise UnreadableError("no text is right")
    answers = [
        ScoredAnswer(entry.value, condition.gain / item.scoring.most, item.feedback_on(entry.value))
        for condition in item.scoring.scored
        if condition.gain > 0
        for entry in condition.named
    ]
    keys = short_text(answers, item.note, is_case_sensitive=all(entry.is_case_sensitive for entry in found))
    return {"type": "short-text", "prompt": item.markdown(item.presentation), **keys}


def _number(item: Qti12Item) -> dict[str, Any]:
    if list(item.element.below("vargt", "varlt")):
        item.note("An end of the range was not right itself; here it is.")
    keys = numeric(item.scoring.bands(), item.note)
    return {"type": "numeric", "prompt": item.markdown(item.presentation), **keys}


def _essay(item: Qti12Item) -> dict[str, Any]:
    values: dict[str, Any] = {"type": "open-response", "prompt": item.markdown(item.presentation)}
    if item.responses and item.responses[0].get("word_limit_enabled") == "Yes":
        for name, key in (("word_limit_min", "min_words"), ("word_limit_max", "max_words")):
            if limit := whole_number(item.responses[0].get(name, "")):
                values[key] = limit
    if notes := item.fields.get("grading_notes"):
        points = plain_number(item.fields.get("points_possible") or "1", "a number of points")
        values["rubric"] = [{"text": item.texts.from_html(notes), "points": points if points > 0 else 1}]
        values["show_rubric"] = "never"
    return values


def _matching(item: Qti12Item) -> dict[str, Any]:
    right = {entry.response: entry.value for entry in item.scoring.right()}
    rows: list[tuple[str, str]] = []
    offered: dict[str, str] = {}
    for response in item.responses:
        labels = {ident: item.markdown(label) for ident, label in item.labels(response)}
        offered |= labels
        left = item.markdown(response)
        chosen = right.get(response.get("ident", ""))
        if chosen is None or chosen not in labels:
            raise UnreadableError(f"nothing is right for '{excerpt(left, 40)}'")
        rows.append((left, labels[chosen]))
    if item.fields.get("scoring_algorithm") == "AllOrNothing":
        item.note("Only all pairs together earned points; here each right pair earns its share.")
    keys = pairs(rows, offered.values())
    return {"type": "match", "prompt": item.markdown(item.presentation), **keys}


def _categorization(item: Qti12Item) -> dict[str, Any]:
    labels: dict[str, str] = {}
    categories: dict[str, str] = {}
    for response in item.responses:
        categories[response.get("ident", "")] = item.markdown(response)
        labels |= {ident: item.markdown(label) for ident, label in item.labels(response)}
    category_of = {entry.value: categories.get(entry.response, "") for entry in item.scoring.right()}
    lost = [text for ident, text in labels.items() if ident not in category_of]
    if lost:
        shown = ", ".join(f"'{excerpt(text, 40)}'" for text in lost)
        item.note(f"These belonged to no category, and were left out: {shown}.")
    item.note("Each category was scored as a whole; here each entry is.")
    entries = [{"text": text, "category": category_of[ident]} for ident, text in labels.items() if ident in category_of]
    values: dict[str, Any] = {"type": "categorize", "prompt": item.markdown(item.presentation)}
    return {**values, "categories": list(categories.values()), "items": entries}


def _ordering(item: Qti12Item) -> dict[str, Any]:
    labels = {ident: item.markdown(label) for ident, label in item.labels(item.response())}
    order = [entry.value for entry in item.scoring.right()]
    if sorted(order) != sorted(labels):
        raise UnreadableError("the right order does not have each entry once")
    item.note(
        "Only the whole order earned points; here each pair of entries in the right order counts for the score, and "
        "every other pair against it."
    )
    prompt = item.markdown(item.presentation)
    return {"type": "order", "prompt": prompt, "items": [labels[ident] for ident in order]}


def _blanks(item: Qti12Item) -> dict[str, Any]:
    """Gaps in a text, each with its name in brackets."""
    html = item.raw_html(item.presentation)
    gaps: list[dict[str, Any]] = []
    for response in item.responses:
        name = response.get("ident", "").removeprefix("response_")
        mark = f"[{name}]"
        if mark not in html:
            raise UnreadableError(f"the gap {excerpt(mark, 60)} is not in the text")
        html = html.replace(mark, gap_mark(len(gaps)), 1).replace(mark, "____")
        gaps.append(_blank(item, response))
    if len(gaps) == 1 and (alone := re.fullmatch(rf"(.*\S.*)<p>\s*{gap_mark(0)}\s*</p>\s*", html, re.DOTALL)):
        return {"type": gaps[0]["type"], "prompt": item.texts.from_html(alone[1]), **gaps[0]}
    return {"type": "cloze", **cloze(item.texts.from_html(html), gaps, item.note)}


#: How New Quizzes compares a text -> what is said of it, since we have no such rule.
_COMPARED = {
    "TextContainsAnswer": "An answer was right if it contained '{0}'; here it has to be '{0}'.",
    "TextRegex": "",
    "TextEquivalence": "",
    "TextInChoices": "",
    "TextCloseEnough": "",
    "Equivalence": "",
}


def _blank(item: Qti12Item, response: XmlElement) -> dict[str, Any]:
    name = response.get("ident", "")
    labels = item.labels(response)
    right = [entry.value for entry in item.scoring.right() if entry.response == name]
    first = labels[0][1] if labels else response
    how = first.get("scoring_algorithm", "")
    is_typed = first.get("answer_type") == "openEntry" or (
        not first.get("answer_type") and item.fields.get("question_type") != "multiple_dropdowns_question"
    )
    if not is_typed:
        answers = item.answers(response, lambda ident: float(ident in right))
        return {"type": "single-choice", **single_choice(answers, item.note)}
    texts = [item.plain(label) for _, label in labels]
    if how == "TextRegex":
        raise UnreadableError(f"a gap accepts a pattern, '{excerpt(texts[0], 60)}', where our gaps accept texts")
    if template := _COMPARED.get(how):
        item.note(template.format(excerpt(texts[0], 40)))
    keys = short_text([ScoredAnswer(text, 1) for text in texts], item.note)
    typos = whole_number(first.get("levenshtein_distance", ""))
    if how == "TextCloseEnough" and typos:
        keys["typos"] = min(typos, 2)
        if typos > 2:
            item.note(f"Up to {typos} typos were forgiven in a gap; here two are.")
        if first.get("ignore_case", "true") != "true":
            keys["ignore"] = ["space"]
    return {"type": "short-text", **keys}


def _fields_in_text(item: Qti12Item) -> dict[str, Any]:
    """Fields between the pieces of a text, as in the examples of the standard."""
    gaps: list[dict[str, Any]] = []
    parts: list[str] = []

    def walk(holder: XmlElement) -> None:
        for part in holder:
            if part.tag == "material":
                parts.append("".join(_html_of(text) for text in part))  # type: ignore[arg-type]
            elif part.tag in ("response_str", "response_num"):
                parts.append(gap_mark(len(gaps)))
                gaps.append(_field(item, part))  # type: ignore[arg-type]
            elif part.tag in ("flow", "flow_mat"):
                walk(part)  # type: ignore[arg-type]
            elif part.tag.startswith("response_"):
                raise UnreadableError("it has fields of different types")

    walk(item.presentation)
    if any(len(condition.named) > 1 for condition in item.scoring.scored if condition.gain > 0):
        item.note("Only all gaps together earned the points; here each gap earns its share.")
    return {"type": "cloze", **cloze(item.texts.from_html("".join(parts)), gaps, item.note)}


def _field(item: Qti12Item, response: XmlElement) -> dict[str, Any]:
    name = response.get("ident", "")
    found = [entry for entry in item.scoring.right() if entry.response == name]
    answers = [ScoredAnswer(entry.value, 1) for entry in found]
    is_case_sensitive = bool(found) and all(entry.is_case_sensitive for entry in found)
    return {"type": "short-text", **short_text(answers, item.note, is_case_sensitive=is_case_sensitive)}


def _calculated(item: Qti12Item) -> dict[str, Any]:
    """A formula with variables, whose values are those of the sets of numbers that Canvas computed beforehand."""
    calculation = next(item.element.below("calculated"), None)
    if calculation is None:
        raise UnreadableError("its formula is not in the file")
    names: dict[str, str] = {}
    variables: dict[str, Any] = {}
    for variable in calculation.below("var"):
        low = variable.words("min")
        if not low:
            continue  # it is a value in a set
        name = variable.get("name", "")
        own = re.sub(r"\W", "_", name, flags=re.ASCII)
        names[name] = own if own[:1].isalpha() else f"n_{own}"
        scale = int(plain_number(variable.get("scale") or "0"))
        drawn: dict[str, Any] = {"from": plain_number(low), "to": plain_number(variable.words("max"))}
        if scale > 0:
            drawn["step"] = plain_number(f"1e-{min(scale, 6)}")
        variables[names[name]] = drawn
    formulas = [text_at(formula) for formula in calculation.below("formula") if text_at(formula)]
    if not formulas:
        raise UnreadableError("its formula is not in the file")
    *before, answer = formulas
    for formula in before:
        name, sign, right = formula.partition("=")
        if not sign:
            raise UnreadableError(f"the formula '{excerpt(formula, 60)}' cannot be read")
        variables[re.sub(r"\W", "_", name.strip(), flags=re.ASCII)] = {"calculate": _formula(right)}
    formulas_element = next(calculation.below("formulas"), None)
    places = calculation.words("formula_decimal_places") or (
        formulas_element.get("decimal_places", "") if formulas_element is not None else ""
    )
    decimals = min(max(int(plain_number(places or "2")), 0), 6)
    html, said = without_rounding(item.raw_html(item.presentation))
    if said.get("decimals", decimals) != decimals:  # it was changed there
        html, said = item.raw_html(item.presentation), {}
    for name, own in names.items():
        html = html.replace(f"[{name}]", f"{{{own}}}")
    values: dict[str, Any] = {"type": "calculated", "prompt": item.texts.from_html(html)}
    values["answer"] = _formula(answer.rpartition("=")[2])
    values |= said if "significant" in said else {"decimals": decimals, **said}
    off = calculation.words("answer_tolerance") or "0"
    is_share = off.endswith("%") or calculation.get("margin_type") == "percent"
    tolerance = plain_number(off.removesuffix("%"), "a tolerance")
    values["tolerance"] = f"{number_text(tolerance, 9)}%" if is_share and tolerance else tolerance
    variables |= _values_of_sets(item, calculation, names, variables, values["answer"], decimals)
    return {**values, "variables": used_variables(variables, [values, item.feedback("general_fb")])}


def _values_of_sets(
    item: Qti12Item,
    calculation: XmlElement,
    names: Mapping[str, str],
    variables: Mapping[str, Any],
    answer: str,
    decimals: int,
) -> dict[str, Any]:
    """The variables with the values that they have in the sets of numbers; none if the formula gives other answers.

    ``names`` are those of Canvas with ours, ``answer`` is the calculation, and ``decimals`` how far Canvas rounds.
    """
    found = list(calculation.below("var_set"))[:_MOST_CONDITIONS]
    sets = [{own: one.get(name, "") for name, own in names.items()} for one in map(_numbers_of_set, found)]
    if not sets:
        return {}
    calculations = {name: one["calculate"] for name, one in variables.items() if "calculate" in one}
    try:
        known_sets = [{own: plain_number(written) for own, written in numbers.items()} for numbers in sets]
        answers = [Decimal(str(plain_number(one.words("answer")))) for one in found]
    except UnreadableError as error:
        item.note(f"Its sets of numbers were left out ({error}); others are drawn from the same ranges.")
        return {}
    for numbers, right in zip(known_sets, answers, strict=True):
        ours = None
        try:
            known = {name: Decimal(str(number)) for name, number in numbers.items()}
            for name, formula in calculations.items():
                known[name] = Expression(formula).value(known)
            ours = Expression(answer).value(known)
        except (ExpressionError, ArithmeticError):
            pass  # a formula that cannot be read at all is refused when the question is loaded
        if ours is None or abs(ours - right) > Decimal(1).scaleb(-decimals) * Decimal("0.51"):
            shown = ", ".join(f"{name} = {number}" for name, number in numbers.items())
            given = "nothing" if ours is None else f"{ours:.9g}"
            item.note(
                f"Its sets of numbers were left out, because their answers are not those of the formula (for {shown}, "
                f"{right:.9g} was right, and the formula gives {given}); others are drawn from the "
                "same ranges."
            )
            return {}
    if len(names) > 1:
        item.note(FIXED_SETS)
    return {own: {"values": list(dict.fromkeys(numbers[own] for numbers in known_sets))} for own in names.values()}


def _numbers_of_set(found: XmlElement) -> dict[str, str]:
    """Name -> number in one set."""
    return {variable.get("name", ""): text_at(variable) for variable in found.children("var")}


def _formula(text: str) -> str:
    """A formula of Canvas as a calculation of ours."""
    text = text.replace("^", "**").strip()
    return re.sub(r"\blog\(", "log10(", text)


#: ``question_type`` of Canvas -> what reads it.
_TYPES: dict[str, Callable[[Qti12Item], dict[str, Any]]] = {
    "multiple_choice_question": _choice,
    "true_false_question": _true_false,
    "multiple_answers_question": _several,
    "short_answer_question": _short,
    "fill_in_multiple_blanks_question": _blanks,
    "multiple_dropdowns_question": _blanks,
    "matching_question": _matching,
    "numerical_question": _number,
    "calculated_question": _calculated,
    "essay_question": _essay,
    "ordering_question": _ordering,
    "categorization_question": _categorization,
    # Common Cartridge, field ``cc_profile``
    "cc.multiple_choice.v0p1": _choice,
    "cc.multiple_response.v0p1": _several,
    "cc.true_false.v0p1": _true_false,
    "cc.fib.v0p1": _short,
    "cc.pattern_match.v0p1": _short,
    "cc.essay.v0p1": _essay,
}
_NOT_READ = {
    "file_upload_question": "students handed in a file",
    "hot_spot_question": "its answer is a place in a picture",
    "text_only_question": "a text asks nothing, and no question in the file refers to it",
}


def item_values(item: Qti12Item) -> dict[str, Any]:
    """What an author would write for an item.

    Raises:
        UnreadableError: it has no counterpart, or is not as its type wants it.
    """
    _check_size(item)
    type_name = item.fields.get("question_type") or item.fields.get("cc_profile", "")
    if type_name in _NOT_READ:
        raise UnreadableError(_NOT_READ[type_name])
    read = _TYPES.get(type_name) or _by_shape(item)
    values = read(item)
    if explanation := item.feedback("general_fb"):
        values["explanation"] = explanation
    for name, when in list(_GENERAL.items())[1:]:
        if text := item.feedback(name):
            item.note(f"What was said to {when} was left out: '{excerpt(text, 200)}'")
    written = item.fields.get("points_possible") or item.fields.get("cc_weighting", "")
    points = plain_number(written or "1", "a number of points")
    if points <= 0 and _is_poll(values):
        return _poll(values, item)
    if points <= 0:
        item.note("It was worth no points; here it is worth 1.")
    elif points != 1:
        values["points"] = points
    return values


def _is_poll(values: Mapping[str, Any]) -> bool:
    """Whether nothing can be wrong."""
    return values["type"] in ("single-choice", "multiple-choice") and all(
        isinstance(option, dict) and option.get("correct") for option in values["options"]
    )


def _poll(values: Mapping[str, Any], item: Qti12Item) -> dict[str, Any]:
    for told in (option.get("feedback") for option in values["options"]):
        if told:
            item.note(f"The feedback on an option was left out: '{excerpt(told, 200)}'")
    options = [option["text"] for option in values["options"]]
    several = {"multiple": True} if values["type"] == "multiple-choice" else {}
    kept = {name: value for name, value in values.items() if name in ("prompt", "explanation")}
    return {"type": "poll", **kept, **several, "options": options}


#: The most fields of an item, options of a field, and conditions: what an option earns is found by trying them all.
_MOST_FIELDS = 100
_MOST_OPTIONS = 100
_MOST_CONDITIONS = 1_000


def _check_size(item: Qti12Item) -> None:
    counts = (
        (len(item.responses), _MOST_FIELDS, "fields"),
        (
            max((len(item.labels(found)) for found in item.responses[:_MOST_FIELDS]), default=0),
            _MOST_OPTIONS,
            "options",
        ),
        (len(item.scoring.conditions), _MOST_CONDITIONS, "conditions"),
    )
    for count, most, what in counts:
        if count > most:
            raise UnreadableError(f"it has {count:,} {what}; at most {most:,} can be read")


def _by_shape(item: Qti12Item) -> Callable[[Qti12Item], dict[str, Any]]:
    """What reads an item that does not say what it is."""
    if not item.responses:
        raise UnreadableError("it has no field for an answer")
    first = item.responses[0]
    if any(True for _ in item.presentation.below("render_hotspot", "render_slider", "response_xy", "response_grp")):
        raise UnreadableError("its answer is a place in a picture, or a way of answering that has no counterpart")
    if first.tag == "response_lid" and len(item.responses) == 1:
        cardinality = first.get("rcardinality", "Single")
        if cardinality == "Ordered":
            return _ordering
        if cardinality == "Multiple":
            return _several
        return _true_false
    if first.tag == "response_lid":
        return _matching
    if len(item.responses) > 1:
        return _fields_in_text
    if any(True for _ in item.element.below("vargte", "varlte", "vargt", "varlt")) or first.tag == "response_num":
        return _number
    return _short if item.scoring.right() else _essay
