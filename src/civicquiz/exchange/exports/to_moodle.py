"""Moodle XML: what the question bank of Moodle 4.5 and later imports.

Moodle skips a question whose shares of the points are not on its list, so those that are not become blanks in a text,
where any share will do. It does not read quiz settings from such a file.

Sources: https://docs.moodle.org/405/en/Moodle_XML_format; in Moodle 4.5, question/format/xml/format.php and
question/type/.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from html import escape
from typing import ClassVar, NamedTuple

from civicquiz.authoring import markdown
from civicquiz.authoring.wording import number_text
from civicquiz.exchange.asked import AskedQuestion, asked_questions, sections_of
from civicquiz.exchange.cloze_code import blank, without_braces, year_answers
from civicquiz.exchange.exported import Exported, ExportedQuestion, ExportedQuiz, Losses
from civicquiz.exchange.losses import (
    note_own_numbers,
    note_repeated_text,
    note_void,
    parts_of,
    section_name,
    settings_losses,
    tags_of,
)
from civicquiz.exchange.moodle_numbers import CalculatedNumbers
from civicquiz.exchange.moodle_rules import (
    SHARES,
    distinct_words,
    number_answers,
    number_losses,
    order_losses,
    several_shares,
    short_id,
    text_answers,
    unit_elements,
)
from civicquiz.exchange.number_bounds import bounds_of, decimal_text
from civicquiz.exchange.package_writing import PackagedPictures
from civicquiz.exchange.typed_answers import is_case_sensitive, text_losses
from civicquiz.exchange.xml_writing import element, xml_text
from civicquiz.frontend.answers import rounding_words
from civicquiz.model.interactions import (
    Choice,
    ChoiceKey,
    ComputedNumber,
    ComputedNumberKey,
    Gap,
    InlineGaps,
    InlineGapsKey,
    Matching,
    MatchingKey,
    NumberField,
    Ordering,
    OrderingKey,
    Scale,
    ScaleKey,
    TextEntryKey,
    placeholders,
)
from civicquiz.model.questions.open_response import OpenResponse
from civicquiz.model.translations import Translation

__all__ = ["EXPORTER"]

_START = '<?xml version="1.0" encoding="UTF-8"?>\n<!-- Written by civicquiz. -->\n'
#: The most characters of the name of a category.
_MOST_CATEGORY = 200


class _Written(NamedTuple):
    """A question as Moodle has it: its type, its text as HTML, and the elements that only this type has."""

    type: str
    text: str
    body: str
    #: what Moodle takes for its points; None for those of the question
    points: float | None = None
    #: what students read afterwards, if that is not what all types have
    general: str | None = None


class _Pictures(PackagedPictures):
    """The images and recordings of a quiz, which are files within the elements whose HTML shows them."""

    def __init__(self, uris: Mapping[str, str]) -> None:
        super().__init__(uris, "@@PLUGINFILE@@/", in_folder=False)

    def html(self, tag: str, html: str, attributes: str = "", more: str = "") -> str:
        """An element with HTML in it, and with the files that the HTML shows."""
        if not html:
            return f'<{tag} {attributes}format="html"><text></text>{more}</{tag}>\n'
        used = self.used_in(html)
        html = self.placed(html)
        files = "".join(
            f'<file name="{name}" path="/" encoding="base64">{b64encode(self.files[name]).decode()}</file>'
            for name in used
        )
        return f'<{tag} {attributes}format="html"><text>{xml_text(html)}</text>{files}{more}</{tag}>\n'


class MoodleExporter:
    """The question bank of Moodle."""

    name: ClassVar[str] = "moodle"
    title: ClassVar[str] = "Moodle XML"
    ending: ClassVar[str] = ".xml"

    def wrote(self, content: bytes) -> bool:
        return content.startswith(_START.encode())

    def export(self, quizzes: Sequence[Translation]) -> Exported:
        parts = [_START, "<quiz>\n"]
        done = []
        for texts in quizzes:
            lines, quiz = _quiz(texts)
            parts += lines
            done.append(quiz)
        parts.append("</quiz>\n")
        return Exported("".join(parts).encode(), done)


EXPORTER = MoodleExporter()


# ---- A quiz ----


def _quiz(texts: Translation) -> tuple[list[str], ExportedQuiz]:
    source = texts.source
    pictures = _Pictures(texts.quiz.images)
    lines: list[str] = []
    current = ""
    questions: dict[str, ExportedQuestion] = {}
    for number, (section, names) in enumerate(sections_of(texts), start=1):
        category = _category(texts.title, *([section.title or str(number)] if section else []))
        about = pictures.html("info", markdown.render(section.text) if section and section.text else "")
        for name in names:
            question, written = _question(texts, name, pictures)
            questions[name] = question
            # Each set of numbers is a question, from which a quiz can take a random one.
            place = f"{category}/{_category_name(name)}" if len(written) > 1 else category
            if place != current and written:
                lines.append(_category_element(place, about if place == category else ""))
                current = place
            lines += written
    losses = Losses()
    for number, section in enumerate(source.sections, start=1):
        called = section_name(section, number)
        what = f"{section.pick} random questions from it" if section.pick else "all questions of it"
        losses.approximate("sections", f"The questions of {called} are a category; add {what} to the quiz there.")
        if section.text:
            losses.approximate("sections", f"The text above {called} is the description of its category.")
    ordered = tuple(questions[question.id] for question in source.questions)
    return lines, ExportedQuiz(source.name, texts.language, ordered, (*settings_losses(source, {"sections"}), *losses))


def _category(*names: str) -> str:
    return "/".join(("$course$/top", *map(_category_name, names)))


def _category_name(name: str) -> str:
    """The name of a category. A slash would separate it from a category in it, and is doubled."""
    return " ".join(name[:_MOST_CATEGORY].split()).replace("/", "//")


def _category_element(place: str, about: str) -> str:
    name = element("category", element("text", place))
    return f'<question type="category">{name}{about}</question>\n'


# ---- A question ----


def _question(texts: Translation, name: str, pictures: _Pictures) -> tuple[ExportedQuestion, list[str]]:
    """What became of a question, and the questions that it is there."""
    source = texts.source.keyed_questions[name]
    losses = Losses(name)
    asked = asked_questions(texts, name, pictures.images)
    parts = parts_of(source, texts.source)
    if source.type not in _WRITERS:
        return ExportedQuestion.left_out(source, parts, f"Moodle has no question like '{source.type}'."), []
    idnumber = f"{texts.source.name}/{name}"
    if len(asked) > 1 and source.type == "calculated":
        asked = [AskedQuestion(texts, name, pictures.images)]
        written = [_calculated(asked[0], pictures, losses)]
    else:
        written = [_WRITERS[source.type](one, pictures, losses) for one in asked]
    ids, elements = [], []
    for one, made in zip(asked, written, strict=True):
        ids.append(short_id(f"{idnumber}/{one.position}" if len(written) > 1 else idnumber))
        elements.append(_element(one, made, ids[-1], pictures, losses))
    if len(written) > 1:
        reason = (
            f"There is a question for each of the {len(written)} sets of numbers, in a category of their own; add one"
        )
        losses.approximate("numbers", f"{reason} random question from it to the quiz.")
    note_own_numbers(source, losses)
    note_repeated_text(source, losses)
    note_void(source, losses)
    exported = ExportedQuestion(name, source.type, written[0].type, tuple(ids), parts, tuple(losses))
    return exported, elements


#: Types that have no hints there.
_WITHOUT_HINTS = frozenset(("essay", "truefalse"))


def _element(asked: AskedQuestion, made: _Written, idnumber: str, pictures: _Pictures, losses: Losses) -> str:
    """The element of a question."""
    points = asked.source.points
    if made.points is not None and made.points != points:
        reason = (
            f"It is worth {number_text(made.points)} points there; change that in the quiz to {number_text(points)}."
        )
        losses.approximate("points", reason)
        points = made.points
    general = asked.explained() if made.general is None else made.general
    hint = asked.question.full_hint()
    if hint and made.type in _WITHOUT_HINTS:
        losses.lost("hint", "Questions of this type have no hints there.")
        hint = ""
    elif hint and not asked.values and set(placeholders(hint, asked.names_of_numbers)) & {*asked.names_of_numbers}:
        losses.lost("hint", "A hint with the student's own numbers in it is not possible there.")
        hint = ""
    elif hint:
        losses.approximate("hint", "Students see it only in a quiz that is 'Interactive with multiple tries'.")
    tags = "".join(element("tag", element("text", tag)) for tag in tags_of(asked.source))
    return "".join(
        (
            f'<question type="{made.type}">\n',
            element("name", element("text", asked.id)),
            "\n",
            pictures.html("questiontext", made.text),
            pictures.html("generalfeedback", general),
            f"<defaultgrade>{number_text(points)}</defaultgrade>\n",
            f"<penalty>{asked.texts.source.attempt_penalty:.7f}</penalty>\n<hidden>0</hidden>\n",
            element("idnumber", idnumber),
            "\n",
            made.body,
            pictures.html("hint", asked.block(hint)) if hint else "",
            f"<tags>{tags}</tags>\n" if tags else "",
            "</question>\n",
        )
    )


# ---- Choices ----


def _choice(asked: AskedQuestion, pictures: _Pictures, losses: Losses) -> _Written:
    shown, key = asked.interaction, asked.key
    assert isinstance(shown, Choice)
    text = asked.asked() + asked.selectable(shown)
    if key is None:
        return _poll(asked, shown, text, pictures, losses)
    assert isinstance(key, ChoiceKey)
    if not shown.multiple:
        shares = {option.id: Fraction(option.id in key.right) for option in shown.options}
        return _multichoice(asked, shown, text, shares, pictures)
    shares = several_shares(key, losses)
    if all(abs(share) in SHARES for share in shares.values()):
        return _multichoice(asked, shown, text, shares, pictures)
    return _multiresponse(asked, shown, text, shares, losses)


def _multichoice(
    asked: AskedQuestion, shown: Choice, text: str, shares: Mapping[str, Fraction], pictures: _Pictures
) -> _Written:
    is_shuffled = "options" in asked.texts.source.shuffle and not asked.source.keeps_order(shown) and not shown.passage
    answers = (
        _answer(asked.option(option), shares[option.id], asked.block(asked.feedback.get(option.id)), pictures)
        for option in shown.options
    )
    body = (
        f"<single>{str(not shown.multiple).lower()}</single>"
        f"<shuffleanswers>{str(is_shuffled).lower()}</shuffleanswers><answernumbering>abc</answernumbering>\n"
    )
    return _Written("multichoice", text, body + "".join(answers))


def _answer(html: str, share: Fraction, feedback: str, pictures: _Pictures) -> str:
    fraction = SHARES[abs(share)]
    sign = "-" if share < 0 else ""
    return pictures.html("answer", html, f'fraction="{sign}{fraction}" ', pictures.html("feedback", feedback))


def _multiresponse(
    asked: AskedQuestion, shown: Choice, text: str, shares: Mapping[str, Fraction], losses: Losses
) -> _Written:
    """Check boxes as a blank in a text, where the shares can be any."""
    if any("<img" in asked.option(option) for option in shown.options):
        losses.lost("pictures", "Options of a question with so many right ones have no pictures there.")
    bare = replace(asked, images={})  # what is in a blank has no files
    answers = [
        (bare.option(option), shares[option.id], bare.block(bare.feedback.get(option.id))) for option in shown.options
    ]
    weight = _weight(asked.source.points, 1)
    return _Written("multianswer", without_braces(text) + blank("MULTIRESPONSE", answers, weight), "", float(weight))


def _poll(asked: AskedQuestion, shown: Choice, text: str, pictures: _Pictures, losses: Losses) -> _Written:
    losses.approximate(
        "score", "Moodle has no polls: it is a question without points, and every option counts as right."
    )
    count = len(shown.options)
    share = Fraction(1) if not shown.multiple else Fraction(1, count)
    if share in SHARES:
        return _multichoice(asked, shown, text, dict.fromkeys((option.id for option in shown.options), share), pictures)
    shares = {option.id: Fraction(position == 0) for position, option in enumerate(shown.options)}
    losses.approximate("score", "Of so many options, Moodle takes only the first one for right.")
    return _multichoice(asked, shown, text, shares, pictures)


def _true_false(asked: AskedQuestion, pictures: _Pictures, _: Losses) -> _Written:
    key = asked.key
    assert isinstance(key, ChoiceKey)
    answers = (
        f'<answer fraction="{100 if side in key.right else 0}" format="moodle_auto_format"><text>{side}</text>'
        f"{pictures.html('feedback', asked.block(asked.feedback.get(side)))}</answer>\n"
        for side in ("true", "false")
    )
    return _Written("truefalse", asked.asked(), "".join(answers))


# ---- Numbers and texts ----


def _numeric(asked: AskedQuestion, pictures: _Pictures, losses: Losses) -> _Written:
    shown, key = asked.interaction, asked.key
    assert isinstance(shown, NumberField)
    assert key is not None
    rule, _ = asked.number_rule(key)
    number_losses(rule, shown, losses)
    told = asked.feedback
    answers = [_number_answer(interval, 100, "", pictures) for interval in rule.intervals()]
    answers += [
        _number_answer(interval, 0, asked.block(told.get(f"mistake-{position}")), pictures)
        for position, interval in enumerate(rule.mistakes, start=1)
    ]
    return _Written("numerical", asked.asked(), "".join(answers) + unit_elements(shown))


def _number_answer(interval: tuple[float, float], fraction: int, feedback: str, pictures: _Pictures) -> str:
    bounds = bounds_of(interval)
    return (
        f'<answer fraction="{fraction}" format="moodle_auto_format"><text>{decimal_text(bounds.middle)}</text>'
        f"{pictures.html('feedback', feedback)}<tolerance>{decimal_text(bounds.reach)}</tolerance></answer>\n"
    )


def _calculated(asked: AskedQuestion, pictures: _Pictures, losses: Losses) -> _Written:
    shown, key = asked.interaction, asked.key
    assert isinstance(shown, ComputedNumber)
    assert isinstance(key, ComputedNumberKey)
    number_losses(key.rule.of_set(next(iter(key.rule.answers))), shown, losses)
    sets = asked.source.number_sets()
    numbers = CalculatedNumbers(key, sets)
    named = replace(asked, names=tuple(sets[0]))
    text, general = numbers.html(named.asked()), numbers.html(named.explained())
    told = {token: numbers.html(named.block(feedback)) for token, feedback in asked.feedback.items()}
    answers = numbers.answers(lambda token: pictures.html("feedback", told.get(token, "")), shown)
    combined = "".join(
        pictures.html(name, "") for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
    )
    start = "<synchronize>1</synchronize><single>0</single><answernumbering>abc</answernumbering>\n"
    body = start + combined + answers + unit_elements(shown) + numbers.datasets()
    return _Written("calculated", text, body, general=general)


def _short_text(asked: AskedQuestion, pictures: _Pictures, losses: Losses) -> _Written:
    key = asked.key
    assert isinstance(key, TextEntryKey)
    text_losses(key, "Moodle", losses)
    told = {token: asked.block(feedback) for token, feedback in asked.feedback.items()}
    answers = text_answers(key, told)
    if not all(share in SHARES for _, share, _ in answers):
        weight = _weight(asked.source.points, 1)
        name = "SHORTANSWER_C" if is_case_sensitive(key) else "SHORTANSWER"
        text = f"{without_braces(asked.asked())}<p>{blank(name, answers, weight)}</p>"
        return _Written("multianswer", text, "", float(weight))
    body = f"<usecase>{int(is_case_sensitive(key))}</usecase>\n" + "".join(
        f'<answer fraction="{SHARES[share]}" format="moodle_auto_format">{element("text", text)}'
        f"{pictures.html('feedback', feedback)}</answer>\n"
        for text, share, feedback in answers
    )
    return _Written("shortanswer", asked.asked(), body)


def _weight(points: float, count: int) -> int:
    """How many points each of ``count`` blanks is worth, which must be a whole number."""
    each = Fraction(points) / count
    return int(each) if each.denominator == 1 else 1


def _cloze(asked: AskedQuestion, _: _Pictures, losses: Losses) -> _Written:
    shown, key = asked.interaction, asked.key
    assert isinstance(shown, InlineGaps)
    assert isinstance(key, InlineGapsKey)
    weight = _weight(asked.source.points, len(shown.gaps))
    parts = (
        _gap(asked, shown, key, part.id, weight, losses) if isinstance(part, Gap) else without_braces(str(part))
        for part in asked.passage(shown.passage)
    )
    text = without_braces(asked.asked()) + "".join(parts)
    return _Written("multianswer", text, "", float(weight * len(shown.gaps)))


def _gap(asked: AskedQuestion, shown: InlineGaps, key: InlineGapsKey, name: str, weight: int, losses: Losses) -> str:
    gap, own = shown.gaps[name], key.gaps[name]
    bare = replace(asked, images={})  # what is in a blank has no files
    told = {token: bare.block(feedback) for token, feedback in asked.feedback_on(name).items()}
    if isinstance(gap, Choice):
        assert isinstance(own, ChoiceKey)
        words = asked.plain_words(gap.options, "The options of a blank", losses)
        answers = [(escape(text), Fraction(name in own.right), told.get(name, "")) for name, text in words.items()]
        return blank("MULTICHOICE", answers, weight)
    if isinstance(gap, NumberField):
        rule, _ = asked.number_rule(own)
        number_losses(rule, gap, losses)
        if gap.units:
            losses.lost("typing", "In a blank, no unit can be typed behind a number.")
        notes = f" {escape(gap.unit)}" if gap.unit else ""
        rounding = rounding_words(gap, asked.interface)
        notes += f" ({escape(rounding)})" if rounding else ""
        return blank("NUMERICAL", number_answers(rule, told), weight, is_number=True) + without_braces(notes)
    assert isinstance(own, TextEntryKey)
    text_losses(own, "Moodle", losses)
    return blank("SHORTANSWER_C" if is_case_sensitive(own) else "SHORTANSWER", text_answers(own, told), weight)


def _timeline(asked: AskedQuestion, _: _Pictures, losses: Losses) -> _Written:
    shown, key = asked.interaction, asked.key
    assert isinstance(shown, Scale)
    assert isinstance(key, ScaleKey)
    losses.approximate("typing", "Students type years; there is no scale. Half a year is rounded against the student.")
    weight = _weight(asked.source.points, len(shown.events))
    lines = []
    for event in shown.events:
        answers, is_whole = year_answers(key.rule, event.id)
        if not is_whole:
            losses.approximate("score", "The credit falls in steps of several years.")
        code = blank("NUMERICAL", answers, weight, is_number=True)
        lines.append(f"<p>{code} {without_braces(asked.option(event))}</p>")
    scale = escape(asked.interface["scale"].format(start=shown.start, end=shown.end))
    text = without_braces(f"{asked.asked()}<p>{scale}</p>") + "".join(lines)
    return _Written("multianswer", text, "", float(weight * len(shown.events)))


# ---- Lists ----


def _order(asked: AskedQuestion, pictures: _Pictures, losses: Losses) -> _Written:
    shown, key = asked.interaction, asked.key
    assert isinstance(shown, Ordering)
    assert isinstance(key, OrderingKey)
    options = {option.id: option for option in shown.options}
    order_losses(shown, losses)
    # Without shownumcorrect, Moodle on PostgreSQL refuses this question and all after it.
    body = (
        "<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype><selectcount>0</selectcount>"
        "<gradingtype>RELATIVE_ALL_PREVIOUS_AND_NEXT</gradingtype><showgrading>SHOW</showgrading>"
        "<numberingstyle>none</numberingstyle><shownumcorrect>1</shownumcorrect>\n"
    )
    answers = (
        pictures.html("answer", asked.option(options[name]), f'fraction="{number}" ')
        for number, name in enumerate(key.right, start=1)
    )
    return _Written("ordering", asked.asked(), body + "".join(answers))


def _match(asked: AskedQuestion, pictures: _Pictures, losses: Losses) -> _Written:
    shown, key = asked.interaction, asked.key
    assert isinstance(shown, Matching)
    assert isinstance(key, MatchingKey)
    targets = distinct_words(asked, shown.targets, losses)
    if asked.feedback:
        losses.lost("feedback", "Moodle has no feedback for a single row.")
    rows = [(asked.option(row), targets[key.right[row.id]]) for row in shown.rows]
    used = set(key.right.values())
    rows += [("", targets[target.id]) for target in shown.targets if target.id not in used]
    is_shuffled = str("options" in asked.texts.source.shuffle).lower()
    body = f"<shuffleanswers>{is_shuffled}</shuffleanswers>\n" + "".join(
        pictures.html("subquestion", row, more=element("answer", element("text", target))) for row, target in rows
    )
    return _Written("matching", asked.asked(), body)


def _essay(asked: AskedQuestion, pictures: _Pictures, losses: Losses) -> _Written:
    question, source = asked.question, asked.source
    assert isinstance(question, OpenResponse)
    assert isinstance(source, OpenResponse)
    limits = {"minwordlimit": source.min_words, "maxwordlimit": source.max_words}
    if any(limits.values()):
        losses.approximate("length", "Moodle enforces the number of words; in the quiz it is advice.")
    if source.rubric or source.holistic_rubric:
        losses.approximate("rubric", "The rubric is a text for the grader; points are not added up from it.")
    notes = asked.rubric() + asked.block(question.model_answer)
    body = (
        "<responseformat>editor</responseformat><responserequired>1</responserequired>"
        "<responsefieldlines>10</responsefieldlines><attachments>0</attachments>"
        "<attachmentsrequired>0</attachmentsrequired>\n"
        + "".join(f"<{name}>{count}</{name}>\n" for name, count in limits.items() if count)
        + pictures.html("graderinfo", notes)
        + pictures.html("responsetemplate", "")
    )
    return _Written("essay", asked.asked(), body)


_WRITERS: dict[str, Callable[[AskedQuestion, _Pictures, Losses], _Written]] = {
    "single-choice": _choice,
    "multiple-choice": _choice,
    "select-text": _choice,
    "poll": _choice,
    "true-false": _true_false,
    "numeric": _numeric,
    "calculated": _numeric,
    "short-text": _short_text,
    "cloze": _cloze,
    "timeline": _timeline,
    "order": _order,
    "match": _match,
    "categorize": _match,
    "open-response": _essay,
}
