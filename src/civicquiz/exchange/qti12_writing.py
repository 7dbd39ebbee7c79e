"""QTI 1.2 as Canvas writes it: the pieces of an item, and items in a quiz.

Nothing is indented: Canvas takes white space between some elements for part of an answer.

Source: IMS Question & Test Interoperability: ASI XML Binding, version 1.2; and the exporter of Canvas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from civicquiz.authoring.wording import number_text
from civicquiz.exchange.xml_writing import attribute, xml_text

__all__ = [
    "AnswerFeedback",
    "WrittenItem",
    "condition",
    "equal",
    "group_element",
    "html_material",
    "item_element",
    "label",
    "option_list",
    "plain_material",
    "quiz_document",
    "share_condition",
    "text_item_element",
    "typed_field",
]

_NAMESPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_SCHEMA = f"{_NAMESPACE} http://www.imsglobal.org/xsd/ims_qtiasiv1p2p1.xsd"


@dataclass(frozen=True)
class AnswerFeedback:
    """What a student who chose an answer is told: the field, the answer in it, and the text as HTML."""

    field: str
    answer: int
    html: str


@dataclass(frozen=True)
class WrittenItem:
    """A question as Canvas has it.

    Attributes:
        type: its type there.
        text: what students read, as HTML.
        fields: the elements of what they answer.
        scoring: the conditions that give points.
        told: the feedback on answers.
        answers: the numbers of its answers, which are whole and positive.
        fields_of_canvas: further fields of its metadata, by their names.
        extension: an element behind the conditions.
        share: its share of the points of the question.
        part: which part of the question it is; "" if it is all of it.
    """

    type: str
    text: str
    fields: str
    scoring: str
    told: Sequence[AnswerFeedback] = ()
    answers: Sequence[int] = ()
    fields_of_canvas: Mapping[str, str] = field(default_factory=dict)
    extension: str = ""
    share: float = 1.0
    part: str = ""


# ---- Texts ----


def html_material(html: str) -> str:
    """A text in HTML."""
    return f'<material><mattext texttype="text/html">{xml_text(html)}</mattext></material>'


def plain_material(text: str) -> str:
    """A text without markup."""
    return f'<material><mattext texttype="text/plain">{xml_text(text)}</mattext></material>'


# ---- What students answer ----


def label(ident: int | str, material: str, attributes: str = "") -> str:
    """An option, or a text that is right."""
    return f'<response_label ident="{ident}"{attributes}>{material}</response_label>'


def option_list(
    labels: Iterable[str], ident: str = "response1", *, cardinality: str = "Single", about: str = "", shuffle: str = ""
) -> str:
    """A choice from options; ``about`` is the material in front of it, ``shuffle`` Yes, No or "" for not said."""
    how = f' shuffle="{shuffle}"' if shuffle else ""
    return (
        f'<response_lid ident="{ident}" rcardinality="{cardinality}">{about}'
        f"<render_choice{how}>{''.join(labels)}</render_choice></response_lid>"
    )


def typed_field(attributes: str = "", *, is_number: bool = False) -> str:
    """A field for a text or a number."""
    how = ' fibtype="Decimal"' if is_number else ""
    return (
        f'<response_str ident="response1" rcardinality="Single"{attributes}>'
        f'<render_fib{how}><response_label ident="answer1"/></render_fib></response_str>'
    )


# ---- Conditions ----


def equal(value: int | str, ident: str = "response1") -> str:
    """That an answer is this one."""
    return f'<varequal respident="{ident}">{xml_text(str(value))}</varequal>'


def condition(test: str, then: str = "", *, goes_on: str = "No") -> str:
    """What follows if a test is true."""
    return f'<respcondition continue="{goes_on}"><conditionvar>{test}</conditionvar>{then}</respcondition>'


def share_condition(test: str, parts: int = 0) -> str:
    """All of the points if a test is true; or one of several equal ``parts`` of them, on top of the others."""
    if not parts:
        return condition(test, '<setvar action="Set" varname="SCORE">100</setvar>')
    share = number_text(100 / parts, 5)
    return condition(test, f'<setvar action="Add" varname="SCORE">{share}</setvar>', goes_on="Yes")


def _shown(ident: str) -> str:
    return f'<displayfeedback feedbacktype="Response" linkrefid="{ident}"/>'


def _feedback(ident: str, html: str) -> str:
    return f'<itemfeedback ident="{ident}"><flow_mat>{html_material(html)}</flow_mat></itemfeedback>'


# ---- Items ----

_OUTCOMES = '<outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>'


def _fields(fields: Mapping[str, str]) -> str:
    """Metadata. Canvas wants the type first, and the entry right after its label."""
    entries = (
        f"<qtimetadatafield><fieldlabel>{name}</fieldlabel><fieldentry>{xml_text(value)}</fieldentry></qtimetadatafield>"
        for name, value in fields.items()
    )
    return f"<qtimetadata>{''.join(entries)}</qtimetadata>"


def item_element(item: WrittenItem, ident: str, title: str, points: float, general: str) -> str:
    """The element of an item; ``general`` is what everyone is told afterwards, as HTML.

    Feedback on answers comes before the points, because the last condition on an answer counts. For rows of a match
    it is the other way around: there the feedback is on everything but an answer.
    """
    fields = {
        "question_type": item.type,
        "points_possible": number_text(points),
        "original_answer_ids": ",".join(map(str, item.answers)),
        **item.fields_of_canvas,
    }
    conditions = [condition("<other/>", _shown("general_fb"), goes_on="Yes")] if general else []
    conditions += [
        condition(equal(told.answer, told.field), _shown(f"{told.answer}_fb"), goes_on="Yes")
        for told in item.told
        if told.field
    ]
    feedback = [_feedback("general_fb", general)] if general else []
    feedback += [_feedback(f"{told.answer}_fb", told.html) for told in item.told]
    return (
        f'<item ident="{ident}" title={attribute(title)}><itemmetadata>{_fields(fields)}</itemmetadata>\n'
        f"<presentation>{html_material(item.text)}{item.fields}</presentation>\n"
        f"<resprocessing>{_OUTCOMES}{''.join(conditions)}{item.scoring}</resprocessing>\n"
        f"{item.extension}{''.join(feedback)}</item>\n"
    )


def text_item_element(ident: str, title: str, html: str, fields: Mapping[str, str] | None = None) -> str:
    """A text that asks nothing."""
    known = {"question_type": "text_only_question", "points_possible": "0", **(fields or {})}
    return (
        f'<item ident="{ident}" title={attribute(title)}><itemmetadata>{_fields(known)}</itemmetadata>\n'
        f"<presentation>{html_material(html)}</presentation></item>\n"
    )


def group_element(ident: str, title: str, items: Iterable[str], pick: int, points: float) -> str:
    """Items of which each student gets ``pick``, each worth ``points``."""
    return (
        f'<section ident="{ident}" title={attribute(title)}><selection_ordering><selection>'
        f"<selection_number>{pick}</selection_number>"
        f"<selection_extension><points_per_item>{number_text(points)}</points_per_item></selection_extension>"
        f"</selection></selection_ordering>\n{''.join(items)}</section>\n"
    )


def quiz_document(ident: str, title: str, entries: Iterable[str], fields: Mapping[str, str]) -> str:
    """The file of a quiz with its items and groups."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<questestinterop xmlns="{_NAMESPACE}"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{_SCHEMA}">\n'
        f'<assessment ident="{ident}" title={attribute(title)}>{_fields(fields)}\n'
        f'<section ident="root_section">\n{"".join(entries)}</section></assessment></questestinterop>\n'
    )
