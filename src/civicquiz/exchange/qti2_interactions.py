"""The questions of a quiz as items of QTI: a function for each type of question, which gives the parts of an item.

Every score is computed by expressions that all engines have: no tolerances, no custom operators.

Source: IMS Question and Test Interoperability 2.1, Assessment Test, Section and Item Information Model,
https://www.imsglobal.org/question/qtiv2p1/imsqti_infov2p1.html.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from math import floor

from civicquiz.authoring.wording import number_text
from civicquiz.exchange.asked import AskedQuestion
from civicquiz.exchange.exported import Losses
from civicquiz.exchange.losses import note_equal_lines
from civicquiz.exchange.qti2_writing import (
    ItemParts,
    base_value,
    correct,
    decimal,
    declaration,
    identifier,
    mapping,
    outcome,
    qti_html,
    set_outcome,
    variable,
    when,
)
from civicquiz.exchange.text_patterns import pattern_of, pattern_with_more
from civicquiz.exchange.xml_writing import attribute
from civicquiz.frontend.answers import rounding_words
from civicquiz.model.interactions import (
    Choice,
    ChoiceKey,
    DistanceRule,
    ExtendedText,
    Gap,
    InlineGaps,
    InlineGapsKey,
    Interval,
    IntervalRule,
    Matching,
    MatchingKey,
    NumberField,
    Option,
    Ordering,
    OrderingKey,
    Scale,
    ScaleKey,
    TextEntryKey,
)
from civicquiz.model.questions.open_response import OpenResponse

__all__ = ["WRITERS"]

_RESPONSE = "RESPONSE"
#: What a running text starts with that is not a paragraph alone.
_BLOCK = re.compile(r"<(?:p|ul|ol|table|blockquote|pre|hr)\b")


def _float(value: float) -> str:
    return base_value("float", decimal(value))


def _share(asked: AskedQuestion, parts: int = 1, of: int = 1) -> float:
    """So many parts of the points."""
    return asked.source.points * parts / of


def _shuffled(asked: AskedQuestion) -> str:
    """The attribute that says whether a program shuffles the options."""
    is_shuffled = "options" in asked.texts.source.shuffle and not asked.source.keeps_order(asked.interaction)
    return f'shuffle="{str(is_shuffled).lower()}"'


# ---- Choices ----


def _choice(asked: AskedQuestion, losses: Losses) -> ItemParts:
    shown = asked.interaction
    assert isinstance(shown, Choice)
    declared, rules = _choice_rules(asked, shown)
    item = ItemParts("hot text" if shown.passage else "choice", declared, "", rules)
    inside = _told_of_choices(asked, item, losses)
    if shown.passage:
        item.body = _hottext(asked, shown, losses)
        return item
    choices = "".join(
        f'<simpleChoice identifier="{identifier(option.id)}">{qti_html(asked.option(option), losses)}'
        f"{inside.get(option.id, '')}</simpleChoice>\n"
        for option in shown.options
    )
    most = 0 if shown.multiple else 1
    start = f'<choiceInteraction responseIdentifier="{_RESPONSE}" {_shuffled(asked)} maxChoices="{most}">'
    item.body = f"{start}\n{choices}</choiceInteraction>"
    return item


def _choice_rules(asked: AskedQuestion, shown: Choice) -> tuple[str, str]:
    """The declaration of a response, and the rules that score it."""
    cardinality = "multiple" if shown.multiple else "single"
    key = asked.key
    if key is None:
        return declaration(_RESPONSE, cardinality, "identifier"), ""
    assert isinstance(key, ChoiceKey)
    right = [identifier(name) for name in key.right]
    if key.rule.all_or_nothing or (len(right) == 1 and not shown.multiple):
        test = f"<match>{variable(_RESPONSE)}{correct(_RESPONSE)}</match>"
        rules = when((test, set_outcome("SCORE", _float(_share(asked)))))
        return declaration(_RESPONSE, cardinality, "identifier", right), rules
    shares = ((identifier(name), _share(asked, weight, key.rule.full)) for name, weight in key.rule.weights.items())
    mapped = mapping(shares, _share(asked))
    rules = set_outcome("SCORE", f'<mapResponse identifier="{_RESPONSE}"/>\n')
    return declaration(_RESPONSE, cardinality, "identifier", right if shown.multiple else right[:1], mapped), rules


def _told_of_choices(asked: AskedQuestion, item: ItemParts, losses: Losses) -> dict[str, str]:
    """Add the feedback on options to an item. What fits into a line is within its option, by the id of the option."""
    shown = asked.interaction
    assert isinstance(shown, Choice)
    if not asked.feedback:
        return {}
    item.outcomes += outcome("FEEDBACK", "identifier", cardinality="multiple" if shown.multiple else "single")
    item.rules += f"{set_outcome('FEEDBACK', variable(_RESPONSE))}\n"
    inside: dict[str, str] = {}
    for option in shown.options:
        html = qti_html(asked.block(asked.feedback.get(option.id)), losses)
        line = html.removeprefix("<p>").removesuffix("</p>")
        name = identifier(option.id)
        if not html:
            continue
        if shown.passage or ("<" in line and _BLOCK.search(line)):
            item.told.append(("FEEDBACK", name, html))
        else:
            start = f'<feedbackInline outcomeIdentifier="FEEDBACK" identifier="{name}" showHide="show">'
            inside[option.id] = f"{start}{line}</feedbackInline>"
    return inside


def _hottext(asked: AskedQuestion, shown: Choice, losses: Losses) -> str:
    """A running text with phrases to select."""
    text = "".join(
        f'<hottext identifier="{identifier(part.id)}">{qti_html(asked.option(part), losses)}</hottext>'
        if isinstance(part, Option)
        else qti_html(str(part), losses)
        for part in asked.passage(shown.passage)
    )
    start = f'<hottextInteraction responseIdentifier="{_RESPONSE}" maxChoices="0">'
    return f"{start}{_as_block(text)}</hottextInteraction>"


def _as_block(html: str) -> str:
    return html if _BLOCK.match(html) else f"<p>{html}</p>"


# ---- Fields ----


def _numeric(asked: AskedQuestion, losses: Losses) -> ItemParts:
    shown, key = asked.interaction, asked.key
    assert isinstance(shown, NumberField)
    assert key is not None
    rule, right = asked.number_rule(key)
    item = ItemParts("text entry", declaration(_RESPONSE, "single", "float", [decimal(float(right))]), "")
    item.rules = when((_is_number(rule.intervals(), _RESPONSE), set_outcome("SCORE", _float(_share(asked)))))
    item.body = f"{_rounding(asked, shown)}<p>{_entry(_RESPONSE)}{_unit(shown)}</p>"
    _tell_of_numbers(asked, item, rule, _RESPONSE, asked.feedback, losses)
    _number_losses(shown, losses)
    return item


def _entry(name: str) -> str:
    return f'<textEntryInteraction responseIdentifier="{name}"/>'


def _unit(field: NumberField) -> str:
    return f' <span class="unit">{escape(field.unit)}</span>' if field.unit else ""


def _rounding(asked: AskedQuestion, field: NumberField) -> str:
    words = rounding_words(field, asked.interface)
    return f"<p>{escape(words)}</p>" if words else ""


def _is_number(intervals: Iterable[Interval], name: str) -> str:
    """Whether a response is in one of the intervals, both ends included."""
    tests = []
    for low, high in intervals:
        ends = "" if low == -sys.float_info.max else f"<gte>{variable(name)}{_float(low)}</gte>"
        ends += "" if high == sys.float_info.max else f"<lte>{variable(name)}{_float(high)}</lte>"
        tests.append(f"<and>{ends}</and>")
    return tests[0] if len(tests) == 1 else f"<or>{''.join(tests)}</or>"


def _tell_of_numbers(
    asked: AskedQuestion, item: ItemParts, rule: IntervalRule, name: str, told: Mapping[str, str], losses: Losses
) -> None:
    for position, interval in enumerate(rule.mistakes, start=1):
        html = qti_html(asked.block(told.get(f"mistake-{position}")), losses)
        if html:
            earlier = [*rule.intervals(), *rule.mistakes[: position - 1]]
            is_new = f"<not>{_is_number(earlier, name)}</not>"
            item.tell(f"<and>{_is_number([interval], name)}{is_new}</and>", html)


def _number_losses(field: NumberField, losses: Losses) -> None:
    losses.approximate(
        "typing",
        "A program reads a number as it is set up to. A plain one, such as 480000 or 0.5, is read everywhere; 480,000, "
        "1/2 or 3·10⁸ may not be.",
    )
    if field.unit:
        losses.lost("typing", "No unit can be typed behind the number; it is shown behind the field.")
    if field.units:
        losses.lost("typing", "A number in another unit is not converted.")


def _short_text(asked: AskedQuestion, losses: Losses) -> ItemParts:
    key = asked.key
    assert isinstance(key, TextEntryKey)
    mapped = _mapped_texts(key, asked.source.points)
    item = ItemParts("text entry", declaration(_RESPONSE, "single", "string", [key.right], mapped), "")
    item.rules = _text_rules(key, _RESPONSE, "SCORE", asked.source.points)
    item.body = f"<p>{_entry(_RESPONSE)}</p>"
    _tell_of_texts(asked, item, key, _RESPONSE, asked.feedback, losses)
    _text_losses(key, losses)
    return item


def _is_text(plain: str, key: TextEntryKey, name: str) -> str:
    """Whether a response is an accepted text. Some programs look for the pattern within a text, where the standard
    wants it to match the whole: so that they do not accept every text that has the right one in it, a second pattern
    must not match.
    """
    ignore = key.rule.ignore
    texts = attribute(pattern_of(plain, ignore)), attribute(pattern_with_more(plain, ignore))
    whole, more = (f"<patternMatch pattern={text}>{variable(name)}</patternMatch>" for text in texts)
    return f"<and>{whole}<not>{more}</not></and>"


def _mapped_texts(key: TextEntryKey, most: float) -> str:
    """The texts of the key as a mapping, for people and for programs that do not read patterns."""
    earned = {text: most * credit / 100 for text, credit in key.accept.items()} | dict.fromkeys(key.rule.mistakes, 0.0)
    is_sensitive = str("case" not in key.rule.ignore).lower()
    entries = "".join(
        f'<mapEntry mapKey={attribute(text)} mappedValue="{decimal(points)}" caseSensitive="{is_sensitive}"/>'
        for text, points in earned.items()
    )
    return f'<mapping lowerBound="0" upperBound="{decimal(most)}" defaultValue="0">{entries}</mapping>'


def _text_rules(key: TextEntryKey, name: str, outcome_name: str, full: float) -> str:
    """Rules that give an outcome the share of ``full`` that a text earns."""
    return when(
        *(
            (_is_text(plain, key, name), set_outcome(outcome_name, _float(full * credit / 100)))
            for plain, credit in key.rule.accept.items()
        )
    )


def _tell_of_texts(
    asked: AskedQuestion, item: ItemParts, key: TextEntryKey, name: str, told: Mapping[str, str], losses: Losses
) -> None:
    for plain in key.rule.mistakes:
        if html := qti_html(asked.block(told.get(plain)), losses):
            item.tell(_is_text(plain, key, name), html)


def _text_losses(key: TextEntryKey, losses: Losses) -> None:
    if key.rule.typos:
        losses.approximate("score", "Typing errors are not forgiven there.")
    losses.approximate(
        "typing", "Texts are compared by patterns: invisible characters, rare quotation marks and rare accents count."
    )


# ---- Lists ----


def _order(asked: AskedQuestion, losses: Losses) -> ItemParts:
    shown, key = asked.interaction, asked.key
    assert isinstance(shown, Ordering)
    assert isinstance(key, OrderingKey)
    right = [identifier(name) for name in key.right]
    item = ItemParts("order", declaration(_RESPONSE, "ordered", "identifier", right), "")
    item.outcomes, item.rules = _pairs_in_order(asked, right)
    note_equal_lines(shown, losses)
    choices = "".join(
        f'<simpleChoice identifier="{identifier(option.id)}">{qti_html(asked.option(option), losses)}</simpleChoice>\n'
        for option in shown.options
    )
    start = f'<orderInteraction responseIdentifier="{_RESPONSE}" {_shuffled(asked)}>'
    item.body = f"{start}\n{choices}</orderInteraction>"
    return item


def _pairs_in_order(asked: AskedQuestion, right: Sequence[str]) -> tuple[str, str]:
    """Outcomes, and rules that score an order: the positions of all entries, the number of pairs in the right order,
    and a share of the points for each of these, minus one for every other pair. The rules grow with the square of the
    number of entries, of which there are at most twenty.
    """
    places = {name: f"POSITION-{place}" for place, name in enumerate(right, start=1)}
    outcomes = "".join(outcome(place, "integer", "0") for place in (*places.values(), "PAIRS"))
    rules = []
    for place in range(1, len(right) + 1):
        at_place = f'<index n="{place}">{variable(_RESPONSE)}</index>'
        reached = base_value("integer", str(place))
        tests = {own: f"<match>{at_place}{base_value('identifier', name)}</match>" for name, own in places.items()}
        rules.append(when(*((test, set_outcome(own, reached)) for own, test in tests.items())))
    one_more = set_outcome("PAIRS", f"<sum>{variable('PAIRS')}{base_value('integer', '1')}</sum>")
    pairs = [(one, two) for position, one in enumerate(right) for two in right[position + 1 :]]
    rules += [when((f"<lt>{variable(places[one])}{variable(places[two])}</lt>", one_more)) for one, two in pairs]
    # Half of the pairs in the right order earns nothing.
    half = len(pairs) / 2
    more_than_half = f"<subtract>{variable('PAIRS')}{_float(half)}</subtract>"
    rules.append(set_outcome("SCORE", f"<max>{_float(0)}{_points_for(more_than_half, half, asked)}</max>"))
    return outcomes, "".join(rules)


def _points_for(amount: str, most: float, asked: AskedQuestion) -> str:
    """The points for an amount of which ``most`` earns all of them. They are not added up in an outcome, because some
    programs round every outcome to three decimals.
    """
    return f"<divide>{amount}{_float(most / asked.source.points)}</divide>"


def _match(asked: AskedQuestion, losses: Losses) -> ItemParts:
    shown, key = asked.interaction, asked.key
    assert isinstance(shown, Matching)
    assert isinstance(key, MatchingKey)
    right = [_pair(row, target) for row, target in key.right.items()]
    mapped = mapping(((pair, _share(asked, 1, len(right))) for pair in right), _share(asked))
    item = ItemParts("match", declaration(_RESPONSE, "multiple", "directedPair", right, mapped), "")
    item.rules = set_outcome("SCORE", f'<mapResponse identifier="{_RESPONSE}"/>\n')
    sets = "".join(
        "<simpleMatchSet>\n"
        + "".join(
            f'<simpleAssociableChoice identifier="{side}-{option.id}" matchMax="{most}">'
            f"{qti_html(asked.option(option), losses)}</simpleAssociableChoice>\n"
            for option in options
        )
        + "</simpleMatchSet>\n"
        for side, options, most in (("row", shown.rows, 1), ("target", shown.targets, len(shown.rows)))
    )
    start = (
        f'<matchInteraction responseIdentifier="{_RESPONSE}" {_shuffled(asked)} maxAssociations="{len(shown.rows)}">'
    )
    item.body = f"{start}\n{sets}</matchInteraction>"
    for row in shown.rows:
        told = {token: text for token, text in asked.feedback.items() if token.partition(" ")[0] == row.id}
        for text in dict.fromkeys(told.values()):
            pairs = [base_value("directedPair", _pair(*token.split(" "))) for token in told if told[token] == text]
            tests = "".join(f"<member>{pair}{variable(_RESPONSE)}</member>" for pair in pairs)
            item.tell(tests if len(pairs) == 1 else f"<or>{tests}</or>", qti_html(asked.block(text), losses))
    return item


def _pair(row: str, target: str) -> str:
    return f"row-{row} target-{target}"


# ---- Several fields ----


def _cloze(asked: AskedQuestion, losses: Losses) -> ItemParts:
    shown, key = asked.interaction, asked.key
    assert isinstance(shown, InlineGaps)
    assert isinstance(key, InlineGapsKey)
    names = {"inline choice" if isinstance(gap, Choice) else "text entry" for gap in shown.gaps.values()}
    item = ItemParts(" and ".join(sorted(names)), "", "")
    places = {
        name: _gap(asked, item, name, f"PART-{number}", losses) for number, name in enumerate(shown.gaps, start=1)
    }
    parts = "".join(variable(f"PART-{number}") for number, _ in enumerate(shown.gaps, start=1))
    item.rules += set_outcome("SCORE", _points_for(f"<sum>{parts}</sum>", len(shown.gaps), asked)) + "\n"
    text = "".join(
        places[part.id] if isinstance(part, Gap) else qti_html(str(part), losses)
        for part in asked.passage(shown.passage)
    )
    item.body = _as_block(text)
    return item


def _gap(asked: AskedQuestion, item: ItemParts, name: str, part: str, losses: Losses) -> str:
    """Add the declaration and the rules of a gap to an item, which set the outcome ``part``; its interaction."""
    assert isinstance(asked.interaction, InlineGaps)
    assert isinstance(asked.key, InlineGapsKey)
    gap, key = asked.interaction.gaps[name], asked.key.gaps[name]
    item.outcomes += outcome(part, "float", "0")
    response = f"gap-{name}"
    told = asked.feedback_on(name)
    earned = set_outcome(part, _float(1))
    if isinstance(gap, Choice):
        assert isinstance(key, ChoiceKey)
        item.declarations += declaration(response, "single", "identifier", [identifier(key.right[0])])
        tests = {option.id: _is_option(response, option.id) for option in gap.options}
        item.rules += when(*((tests[name], earned) for name in key.right))
        for option in gap.options:
            if html := qti_html(asked.block(told.get(option.id)), losses):
                item.tell(tests[option.id], html)
        return _inline_choice(asked, gap, response, losses)
    if isinstance(gap, NumberField):
        rule, right = asked.number_rule(key)
        item.declarations += declaration(response, "single", "float", [decimal(float(right))])
        item.rules += when((_is_number(rule.intervals(), response), earned))
        _tell_of_numbers(asked, item, rule, response, told, losses)
        _number_losses(gap, losses)
        words = rounding_words(gap, asked.interface)
        return _entry(response) + _unit(gap) + (f" ({escape(words)})" if words else "")
    assert isinstance(key, TextEntryKey)
    mapped = _mapped_texts(key, _share(asked, 1, len(asked.interaction.gaps)))
    item.declarations += declaration(response, "single", "string", [key.right], mapped)
    item.rules += _text_rules(key, response, part, 1)
    _tell_of_texts(asked, item, key, response, told, losses)
    _text_losses(key, losses)
    return _entry(response)


def _is_option(response: str, name: str) -> str:
    return f"<match>{variable(response)}{base_value('identifier', identifier(name))}</match>"


def _inline_choice(asked: AskedQuestion, gap: Choice, response: str, losses: Losses) -> str:
    words = asked.plain_words(gap.options, "The options of a blank", losses)
    choices = "".join(
        f'<inlineChoice identifier="{identifier(name)}">{escape(text)}</inlineChoice>' for name, text in words.items()
    )
    is_shuffled = str("options" in asked.texts.source.shuffle).lower()
    start = f'<inlineChoiceInteraction responseIdentifier="{response}" shuffle="{is_shuffled}">'
    return f"{start}{choices}</inlineChoiceInteraction>"


def _timeline(asked: AskedQuestion, losses: Losses) -> ItemParts:
    shown, key = asked.interaction, asked.key
    assert isinstance(shown, Scale)
    assert isinstance(key, ScaleKey)
    losses.approximate(
        "typing", "Students place whole years on a slider; whether they can type them depends on the program."
    )
    start = _start(shown, key.rule)
    if start != shown.start:
        reason = f"The scale starts at {start} there, so that a slider that nobody moves earns nothing."
        losses.approximate("text", reason)
    scale = escape(asked.interface["scale"].format(start=start, end=shown.end))
    item = ItemParts("slider", "", f'<p class="scale">{scale}</p>\n')
    earned = ""
    for number, event in enumerate(shown.events, start=1):
        response, off = f"event-{event.id}", f"OFF-{number}"
        year = key.rule.targets[event.id]
        item.declarations += declaration(response, "single", "integer", [decimal(year)])
        bounds = f'lowerBound="{start}" upperBound="{shown.end}" step="1"'
        prompt = f"<prompt>{qti_html(asked.option(event), losses)}</prompt>"
        item.body += f'<sliderInteraction responseIdentifier="{response}" {bounds}>{prompt}</sliderInteraction>\n'
        # How far off the year is; a field without a response earns nothing.
        item.outcomes += outcome(off, "float", decimal(key.rule.reach))
        item.rules += when(
            (f"<not><isNull>{variable(response)}</isNull></not>", set_outcome(off, _away(response, year)))
        )
        earned += _nearness(key.rule, off)
    item.rules += set_outcome("SCORE", _points_for(f"<sum>{earned}</sum>", len(shown.events), asked)) + "\n"
    return item


def _start(shown: Scale, rule: DistanceRule) -> int:
    """Where the scale starts. Some programs take it for the response where nobody has moved the slider."""
    return min(shown.start, *(floor(year - rule.reach) for year in rule.targets.values()))


def _away(response: str, year: float) -> str:
    ways = ((variable(response), _float(year)), (_float(year), variable(response)))
    return f"<max>{''.join(f'<subtract>{one}{other}</subtract>' for one, other in ways)}</max>"


def _nearness(rule: DistanceRule, off: str) -> str:
    """The share of a year that is ``off`` by so much: all within the tolerance, nothing from the reach on, and evenly
    less between the two.
    """
    left = f"<subtract>{_float(rule.reach)}{variable(off)}</subtract>"
    falling = f"<divide>{left}{_float(rule.reach - rule.tolerance)}</divide>"
    return f"<max>{_float(0)}<min>{_float(1)}{falling}</min></max>"


# ---- A longer text ----


def _open(asked: AskedQuestion, losses: Losses) -> ItemParts:
    shown, question = asked.interaction, asked.question
    assert isinstance(shown, ExtendedText)
    assert isinstance(question, OpenResponse)
    sample = [asked.markdown(question.model_answer)] if question.model_answer else []
    item = ItemParts("extended text", declaration(_RESPONSE, "single", "string", sample), "")
    item.is_scored_by_person = True
    # About six characters a word, with the space behind it.
    words = shown.max_words or shown.min_words
    expected = f' expectedLength="{words * 6}"' if words else ""
    item.body = f'{_length(asked, shown)}<extendedTextInteraction responseIdentifier="{_RESPONSE}"{expected}/>'
    if words:
        losses.approximate("length", "The number of words is a line of the text; nothing counts them.")
    item.for_scorer = qti_html(asked.rubric(), losses)
    if item.for_scorer:
        losses.approximate("rubric", "The rubric is a text for the grader; points are not added up from it.")
    return item


def _length(asked: AskedQuestion, shown: ExtendedText) -> str:
    """A line that says how many words to write."""
    if not (shown.min_words or shown.max_words):
        return ""
    name = "words_between" if shown.min_words and shown.max_words else "words_from" if shown.min_words else "words_to"
    ends = {"min": number_text(shown.min_words), "max": number_text(shown.max_words)}
    words = asked.interface[name].format(number="", **ends)
    count = f"words-from-{shown.min_words} words-to-{shown.max_words}"
    return f'<p class="{count}">{escape(" ".join(words.split()))}</p>\n'


WRITERS: dict[str, Callable[[AskedQuestion, Losses], ItemParts]] = {
    "single-choice": _choice,
    "multiple-choice": _choice,
    "true-false": _choice,
    "select-text": _choice,
    "poll": _choice,
    "numeric": _numeric,
    "calculated": _numeric,
    "short-text": _short_text,
    "order": _order,
    "match": _match,
    "categorize": _match,
    "cloze": _cloze,
    "timeline": _timeline,
    "open-response": _open,
}
