"""Questions as both quizzes of Canvas have them. What only one of them can do is in the module of its exporter.

Sources: the importer of New Quizzes, https://github.com/instructure/qti, and that of Classic Quizzes,
gems/plugins/qti_exporter in https://github.com/instructure/canvas-lms.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, ClassVar

from civicquiz.exchange.asked import AskedQuestion
from civicquiz.exchange.canvas_numbers import calculated_item, number_conditions
from civicquiz.exchange.exported import Losses, UnfitError
from civicquiz.exchange.number_bounds import note_cut_sides
from civicquiz.exchange.package_writing import PackagedPictures
from civicquiz.exchange.qti12_writing import (
    AnswerFeedback,
    WrittenItem,
    condition,
    equal,
    html_material,
    label,
    option_list,
    share_condition,
    typed_field,
)
from civicquiz.model.interactions import (
    Choice,
    ChoiceKey,
    ComputedNumber,
    ComputedNumberKey,
    InlineGaps,
    InlineGapsKey,
    Matching,
    MatchingKey,
    NumberEntry,
    NumberField,
    Option,
    Ordering,
    OrderingKey,
    Scale,
    ScaleKey,
    TextEntry,
    TextEntryKey,
)
from civicquiz.model.interactions.rules import IntervalRule
from civicquiz.model.questions.open_response import OpenResponse

__all__ = ["CanvasQuestion"]


@dataclass
class CanvasQuestion(ABC):
    """A question with one set of numbers, while it is written.

    Attributes:
        asked: the question.
        losses: what is not the same there.
        pictures: the pictures of the quiz.
        is_alone: whether the text that it shares with others is not repeated in it, because it stands before it.
    """

    #: what people call these quizzes
    program: ClassVar[str]
    #: whether several options of which one can be chosen can be right
    takes_any_right: ClassVar[bool]

    asked: AskedQuestion
    losses: Losses
    pictures: PackagedPictures
    is_alone: bool = False
    _numbers: Any = field(default_factory=lambda: count(1001))

    def items(self) -> list[WrittenItem]:
        """What it is there: one item, or several that share its points.

        Raises:
            UnfitError: it cannot be there.
        """
        return self._writer()(self.asked.interaction, self.asked.key)

    def _writer(self) -> Callable[[Any, Any], list[WrittenItem]]:
        source, shown = self.asked.source, self.asked.interaction
        writers: dict[type, Callable[[Any, Any], list[WrittenItem]]] = {
            NumberEntry: self.numeric,
            ComputedNumber: self.numeric,
            TextEntry: self.short_text,
            InlineGaps: self.cloze,
            Ordering: self.order,
            Scale: self.timeline,
        }
        if isinstance(shown, Choice):
            if source.type == "poll":
                return self.poll
            return self.several if shown.multiple else self.single
        if isinstance(shown, Matching):
            return self.categorize if source.type == "categorize" else self.match
        if isinstance(source, OpenResponse):
            return self.essay
        if type(shown) not in writers:
            raise UnfitError(f"Canvas has no question like '{source.type}'.")
        return writers[type(shown)]

    # ---- Texts ----

    def html(self, html: str) -> str:
        """HTML with the pictures of the package."""
        return self.pictures.placed(html)

    def text(self, *more: str) -> str:
        """What students read, and ``more`` HTML behind it."""
        start = self.asked.asked_alone() if self.is_alone else self.asked.asked()
        return self.html(start + "".join(more))

    def told(self, token: str) -> str:
        """The feedback on a token, as HTML; "" if there is none."""
        return self.html(self.asked.block(self.asked.feedback.get(token)))

    def number(self) -> int:
        """A number for an answer, which no other answer of the question has."""
        return int(next(self._numbers))

    def option_material(self, option: Option) -> str:
        """What an option says."""
        return html_material(self.html(self.asked.option(option)))

    def words(self, options: Sequence[Option], what: str) -> dict[str, str]:
        """What options say where only words can be, by their ids. Markdown tells those apart whose words are equal."""
        words = self.asked.plain_words(options, what, self.losses)
        if len(set(words.values())) < len(words):
            return {option.id: " ".join(self.asked.markdown(option.text).split()) for option in options}
        return words

    # ---- Choices ----

    def single(self, shown: Choice, key: ChoiceKey) -> list[WrittenItem]:
        """Radio buttons."""
        has_words = all(option.word for option in shown.options)
        if has_words and self.asked.language.partition("-")[0] == "en":
            return [self.choice_item("true_false_question", shown.options, key.right, self.told, self.text())]
        return [self.choice_item("multiple_choice_question", shown.options, key.right, self.told, self.text())]

    def choice_item(
        self, type_name: str, options: Sequence[Option], right: Sequence[str], told: Callable[[str], str], text: str
    ) -> WrittenItem:
        """Options of which one can be chosen."""
        self.note_right(right)
        numbers = {option.id: self.number() for option in options}
        return WrittenItem(
            type_name,
            text,
            self.choice_field(options, numbers),
            "".join(share_condition(equal(numbers[option.id])) for option in options if option.id in right),
            self._told("response1", numbers, told),
            tuple(numbers.values()),
        )

    def choice_field(self, options: Sequence[Option], numbers: Mapping[str, int], cardinality: str = "Single") -> str:
        """The field with the options."""
        labels = (label(numbers[option.id], self.option_material(option)) for option in options)
        return option_list(labels, cardinality=cardinality)

    def note_right(self, right: Sequence[str]) -> None:
        """Note what happens if any one of several options is right."""
        if len(right) > 1 and not self.takes_any_right:
            self.losses.approximate("score", f"{self.program} may take only one of the right options.")

    def _told(self, ident: str, numbers: Mapping[str, int], told: Callable[[str], str]) -> list[AnswerFeedback]:
        return [AnswerFeedback(ident, number, html) for name, number in numbers.items() if (html := told(name))]

    def several(self, shown: Choice, key: ChoiceKey) -> list[WrittenItem]:
        """Check boxes, also in a passage."""
        text = self.text(self.asked.selectable(shown))
        return [self.several_item(shown.options, key.right, self.several_fields(shown, key), text)]

    @abstractmethod
    def several_fields(self, shown: Choice, key: ChoiceKey) -> Mapping[str, str]:
        """The metadata of check boxes, which says how they score; notes how that differs."""

    def several_item(
        self, options: Sequence[Option], right: Sequence[str], fields: Mapping[str, str], text: str
    ) -> WrittenItem:
        """Options of which any number can be chosen."""
        numbers = {option.id: self.number() for option in options}
        wanted = (equal(number) if name in right else f"<not>{equal(number)}</not>" for name, number in numbers.items())
        return WrittenItem(
            "multiple_answers_question",
            text,
            self.choice_field(options, numbers, "Multiple"),
            share_condition(f"<and>{''.join(wanted)}</and>"),
            self._told("response1", numbers, self.told),
            tuple(numbers.values()),
            fields,
        )

    def poll(self, shown: Choice, _: None) -> list[WrittenItem]:
        """A question without points."""
        self.losses.approximate(
            "score", "Canvas has no polls: it is a question without points, and every option counts as right."
        )
        names = [option.id for option in shown.options]
        if shown.multiple:
            return [self.several_item(shown.options, names, {}, self.text())]
        numbers = {option.id: self.number() for option in shown.options}
        scoring = "".join(share_condition(equal(number)) for number in numbers.values())
        field = self.choice_field(shown.options, numbers)
        return [WrittenItem("multiple_choice_question", self.text(), field, scoring, (), tuple(numbers.values()))]

    # ---- Numbers and texts ----

    def numeric(self, shown: NumberEntry | ComputedNumber, key: Any) -> list[WrittenItem]:
        """A number; with its sets of numbers if it has those itself."""
        if self.asked.names:
            assert isinstance(shown, ComputedNumber)
            assert isinstance(key, ComputedNumberKey)
            self.note_number(key.rule.of_set(next(iter(key.rule.answers))), shown)
            return [calculated_item(self.asked, key, shown, self.text(), self.losses)]
        rule, right = self.asked.number_rule(key)
        return [self.number_item(shown, rule, right, self.text())]

    def number_item(self, shown: NumberField, rule: IntervalRule, right: str, text: str) -> WrittenItem:
        """A field for a number."""
        self.note_number(rule, shown)
        numbers = [self.number() for _ in rule.intervals()]
        scoring = "".join(number_conditions(rule, right))
        return WrittenItem("numerical_question", text, typed_field(is_number=True), scoring, (), numbers)

    def note_number(self, rule: IntervalRule, shown: NumberField) -> None:
        """Note where Canvas reads or scores a number in another way."""
        self.losses.approximate("typing", "Canvas reads numbers in its own way, and does not read 1/2 or 3·10⁸.")
        if shown.unit or shown.units:
            self.losses.lost("typing", "No unit can be typed behind the number.")
        if rule.mistakes:
            self.losses.lost("feedback", "Canvas has no feedback on wrong numbers.")
        note_cut_sides(rule, "Canvas", self.losses)

    def short_text(self, shown: TextEntry, key: TextEntryKey) -> list[WrittenItem]:
        """A short text."""
        return [self.text_item(key, self.text())]

    def text_item(self, key: TextEntryKey, text: str) -> WrittenItem:
        """A field for a short text."""
        accepted = self.accepted_texts(key)
        tests = "".join(map(equal, accepted))
        numbers = [self.number() for _ in accepted]
        return WrittenItem("short_answer_question", text, typed_field(), share_condition(tests), (), numbers)

    def accepted_texts(self, key: TextEntryKey) -> list[str]:
        """The texts that are right; notes which are not, and how texts are compared."""
        best = max(key.accept.values())
        texts = [text for text, credit in key.accept.items() if credit == best]
        if best < 100:
            self.losses.approximate("score", f"The best text earns {best}% of the points here, and all of them there.")
        if len(texts) < len(key.accept):
            self.losses.approximate("score", "A text that earns part of the points here earns none there.")
        if key.rule.mistakes:
            self.losses.lost("feedback", "Canvas has no feedback on wrong texts.")
        self.note_text(key)
        return texts

    @abstractmethod
    def note_text(self, key: TextEntryKey) -> None:
        """Note where texts are compared in another way."""

    @abstractmethod
    def cloze(self, shown: InlineGaps, key: InlineGapsKey) -> list[WrittenItem]:
        """A text with blanks."""

    @abstractmethod
    def timeline(self, shown: Scale, key: ScaleKey) -> list[WrittenItem]:
        """Events on a scale."""

    # ---- Lists ----

    @abstractmethod
    def order(self, shown: Ordering, key: OrderingKey) -> list[WrittenItem]:
        """A list to put in order."""

    @abstractmethod
    def match(self, shown: Matching, key: MatchingKey) -> list[WrittenItem]:
        """Rows to match."""

    @abstractmethod
    def categorize(self, shown: Matching, key: MatchingKey) -> list[WrittenItem]:
        """Entries to put into categories."""

    def matching_item(
        self,
        rows: Sequence[Option],
        targets: Mapping[str, str],
        right: Mapping[str, str],
        *,
        fields: Mapping[str, str] | None = None,
        target_material: Callable[[str], str],
    ) -> WrittenItem:
        """Rows, each with a choice of ``targets``, id -> words. Every row offers all of them."""
        row_numbers = {row.id: self.number() for row in rows}
        numbers = {name: self.number() for name in targets}
        labels = [label(numbers[name], target_material(text)) for name, text in targets.items()]
        lists, scoring, told = [], [], []
        for row in rows:
            number = row_numbers[row.id]
            ident = f"response_{number}"
            lists.append(option_list(labels, ident, about=self.option_material(row)))
            test = equal(numbers[right[row.id]], ident)
            scoring.append(share_condition(test, len(rows)))
            if html := self.told_of_row(row.id, targets):
                # Unlike other feedback, it counts if it comes after the points.
                then = f'<displayfeedback feedbacktype="Response" linkrefid="{number}_fb"/>'
                scoring.append(condition(f"<not>{test}</not>", then, goes_on="Yes"))
                told.append(AnswerFeedback("", number, html))
        answers = tuple(row_numbers.values())
        text = self.text()
        return WrittenItem("matching_question", text, "".join(lists), "".join(scoring), told, answers, fields or {})

    def told_of_row(self, row: str, targets: Iterable[str]) -> str:
        """The feedback on a row that is wrong; "" if there is none, or no place for it."""
        return ""

    # ---- Essays ----

    @abstractmethod
    def essay(self, shown: Any, key: None) -> list[WrittenItem]:
        """A longer text."""
