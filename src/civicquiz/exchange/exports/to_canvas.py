"""QTI 1.2 as New Quizzes of Canvas reads it.

Some of its own fields say how it scores, such as ``scoring_algorithm``. What a service of Canvas then does with them
cannot be seen from outside, so the report says that scores may differ.

Source: the importer of New Quizzes, https://github.com/instructure/qti.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import ClassVar

from civicquiz.exchange.canvas_blanks import QuestionWithBlanks
from civicquiz.exchange.canvas_packages import CanvasExporter
from civicquiz.exchange.losses import note_equal_lines
from civicquiz.exchange.number_bounds import bounds_of, decimal_text
from civicquiz.exchange.qti12_writing import (
    AnswerFeedback,
    WrittenItem,
    condition,
    equal,
    html_material,
    label,
    option_list,
    plain_material,
    share_condition,
    typed_field,
)
from civicquiz.exchange.typed_answers import is_case_sensitive, text_losses
from civicquiz.model.interactions import (
    Choice,
    ChoiceKey,
    ExtendedText,
    GapInteraction,
    GapKey,
    InlineGaps,
    InlineGapsKey,
    Matching,
    MatchingKey,
    NumberField,
    Option,
    Ordering,
    OrderingKey,
    TextEntryKey,
    number_style,
)
from civicquiz.model.interactions.rules import forgiving
from civicquiz.model.questions.open_response import OpenResponse

__all__ = ["EXPORTER"]

_MAY_DIFFER = "New Quizzes decides what an answer earns that is partly right, so scores may differ."


@dataclass
class NewQuizzesQuestion(QuestionWithBlanks):
    """A question for New Quizzes."""

    program: ClassVar[str] = "New Quizzes"
    takes_any_right: ClassVar[bool] = False

    # ---- Choices ----

    def choice_field(self, options: Sequence[Option], numbers: Mapping[str, int], cardinality: str = "Single") -> str:
        shown = self.asked.interaction
        is_shuffled = "options" in self.asked.texts.source.shuffle
        is_fixed = self.asked.source.keeps_order(shown) or (isinstance(shown, Choice) and bool(shown.passage))
        lock = ' lock="Yes"' if is_shuffled and is_fixed else ""
        labels = (label(numbers[option.id], self.option_material(option), lock) for option in options)
        return option_list(labels, cardinality=cardinality, shuffle="Yes" if is_shuffled else "No")

    def several_fields(self, shown: Choice, key: ChoiceKey) -> Mapping[str, str]:
        # Of one right option, no part can be earned.
        if key.rule.all_or_nothing or len(key.right) == 1:
            return {"scoring_algorithm": "AllOrNothing"}
        self.losses.approximate("score", _MAY_DIFFER)
        return {"scoring_algorithm": "PartialScore"}

    # ---- Texts ----

    def note_text(self, key: TextEntryKey) -> None:
        self.losses.approximate(
            "score", "New Quizzes compares texts in its own way: capitals, spaces or punctuation may count there."
        )
        rule = replace(key.rule, typos=0) if _forgives(key) else key.rule
        text_losses(replace(key, rule=rule), "New Quizzes", self.losses)

    def text_item(self, key: TextEntryKey, text: str) -> WrittenItem:
        if not _forgives(key):
            return super().text_item(key, text)
        name = "answer"
        while f"[{name}]" in text:
            name += "_"
        labels, numbers = self._typed_labels(key)
        field = self.blank_field(name, labels)
        scoring = share_condition(equal(numbers[0], f"response_{name}"), 1)
        type_name = "fill_in_multiple_blanks_question"
        return WrittenItem(type_name, f"{text}<p>[{name}]</p>", field, scoring, (), numbers)

    def _typed_labels(self, key: TextEntryKey) -> tuple[list[str], list[int]]:
        """The texts that are right in a blank, and their numbers."""
        texts = self.accepted_texts(key)
        how = "TextInChoices"
        more = ""
        if _forgives(key):
            how = "TextCloseEnough"
            ignored = str(not is_case_sensitive(key)).lower()
            more = f' levenshtein_distance="{key.rule.typos}" ignore_case="{ignored}"'
        elif len(texts) == 1 and is_case_sensitive(key):
            how = "TextEquivalence"
        attributes = f' scoring_algorithm="{how}" answer_type="openEntry"{more}'
        numbers = [self.number() for _ in texts]
        labels = [label(number, plain_material(text), attributes) for number, text in zip(numbers, texts, strict=True)]
        return labels, numbers

    def cloze(self, shown: InlineGaps, key: InlineGapsKey) -> list[WrittenItem]:
        if not all(self._can_be_blank(gap, key.gaps[name]) for name, gap in shown.gaps.items()):
            return self.items_of_gaps()
        if len(shown.gaps) > 1:
            self.losses.approximate("score", _MAY_DIFFER)
        text = self.gap_text(shown)
        fields, scoring = [], []
        told: list[AnswerFeedback] = []
        answers: list[int] = []
        for name, gap in shown.gaps.items():
            own, called = key.gaps[name], text.names[name]
            if isinstance(gap, Choice):
                assert isinstance(own, ChoiceKey)
                labels, numbers = self._dropdown_labels(gap)
                right = numbers[own.right[0]]
                self.note_right(own.right)
                told += self._told(f"response_{called}", numbers, self.told_in_gap(name))
                answers += numbers.values()
            elif isinstance(gap, NumberField):
                labels, (right, *others) = self._number_labels(gap, own)
                answers += [right, *others]
            else:
                assert isinstance(own, TextEntryKey)
                labels, (right, *others) = self._typed_labels(own)
                answers += [right, *others]
            fields.append(self.blank_field(called, labels))
            scoring.append(share_condition(equal(right, f"response_{called}"), len(shown.gaps)))
        return [
            WrittenItem("fill_in_multiple_blanks_question", text.html, "".join(fields), "".join(scoring), told, answers)
        ]

    def _can_be_blank(self, gap: GapInteraction, key: GapKey) -> bool:
        """Whether a gap can be a blank, where students choose or type a text: of numbers, only single ones can."""
        if not isinstance(gap, NumberField):
            return True
        rule, _ = self.asked.number_rule(key)
        return all(low == high for low, high in rule.intervals())

    def _number_labels(self, gap: NumberField, key: GapKey) -> tuple[list[str], list[int]]:
        """The texts for the right numbers, as computers and as people write them."""
        rule, right = self.asked.number_rule(key)
        self.note_number(rule, gap)
        self.losses.approximate("score", "A number in a blank is compared as a text there: 14.0 is not 14.")
        found = [bounds_of(interval).middle for interval in rule.intervals()]
        plain = list(map(decimal_text, found))
        texts = dict.fromkeys([*plain, *map(self.asked.numbers.write, [right, *plain])])
        if number_style(self.asked.language) == "point":
            texts |= dict.fromkeys(f"{int(number):,}" for number in found if number == int(number) < 1e15)
        numbers = {text: self.number() for text in texts}
        attributes = ' scoring_algorithm="TextInChoices" answer_type="openEntry"'
        labels = [label(number, plain_material(text), attributes) for text, number in numbers.items()]
        return labels, [*numbers.values()]

    def _dropdown_labels(self, gap: Choice) -> tuple[list[str], dict[str, int]]:
        words = self.dropdown_words(gap)
        numbers = {name: self.number() for name in words}
        how = ' scoring_algorithm="Equivalence" answer_type="dropdown"'
        return [label(numbers[name], plain_material(text), how) for name, text in words.items()], numbers

    # ---- Lists ----

    def order(self, shown: Ordering, key: OrderingKey) -> list[WrittenItem]:
        if len(shown.options) > 2:
            reason = "In New Quizzes, only the whole order earns points; here, each pair in the right order counts."
            self.losses.approximate("score", reason)
        note_equal_lines(shown, self.losses)
        numbers = {option.id: self.number() for option in shown.options}
        labels = "".join(label(numbers[option.id], self.option_material(option)) for option in shown.options)
        field = (
            '<response_lid ident="response1" rcardinality="Ordered"><render_extension>'
            f'<ims_render_object shuffle="Yes"><flow_label>{labels}</flow_label></ims_render_object>'
            "</render_extension></response_lid>"
        )
        scoring = share_condition("".join(equal(numbers[name]) for name in key.right))
        return [WrittenItem("ordering_question", self.text(), field, scoring, (), tuple(numbers.values()))]

    def match(self, shown: Matching, key: MatchingKey) -> list[WrittenItem]:
        self._note_rows()
        targets = self.words(shown.targets, "Right sides")
        fields = {"scoring_algorithm": "PartialDeep"}
        return [
            self.matching_item(
                shown.rows,
                targets,
                key.right,
                fields=fields,
                target_material=lambda text: html_material(escape(text, quote=False)),
            )
        ]

    def _note_rows(self) -> None:
        self.losses.approximate("score", _MAY_DIFFER)
        if self.asked.feedback:
            self.losses.lost("feedback", "New Quizzes has no feedback on a single row.")

    def categorize(self, shown: Matching, key: MatchingKey) -> list[WrittenItem]:
        self._note_rows()
        numbers = {row.id: self.number() for row in shown.rows}
        labels = [label(numbers[row.id], self.option_material(row)) for row in shown.rows]
        idents = {target.id: f"category_{self.number()}" for target in shown.targets}
        fields = (
            option_list(labels, idents[target.id], cardinality="Multiple", about=self.option_material(target))
            for target in shown.targets
        )
        tests: dict[str, str] = {}
        for row, target in key.right.items():
            tests[target] = tests.get(target, "") + equal(numbers[row], idents[target])
        scoring = "".join(share_condition(test, len(tests)) for test in tests.values())
        answers = tuple(numbers.values())
        return [WrittenItem("categorization_question", self.text(), "".join(fields), scoring, (), answers)]

    # ---- Essays ----

    def essay(self, shown: ExtendedText, key: None) -> list[WrittenItem]:
        question = self.asked.question
        assert isinstance(question, OpenResponse)
        attributes = ' rce="Yes" word_count="Yes"'
        limits = {"min": shown.min_words, "max": shown.max_words}
        if any(limits.values()):
            self.losses.approximate("length", "New Quizzes checks the number of words; in the quiz it is advice.")
            attributes += ' word_limit_enabled="Yes"'
            attributes += "".join(f' word_limit_{end}="{count}"' for end, count in limits.items() if count)
        if question.rubric or question.holistic_rubric:
            reason = "The rubric is a text for the grader; points are not added up from it."
            self.losses.approximate("rubric", reason)
        notes = self.html(self.asked.rubric() + self.asked.block(question.model_answer))
        fields = {"grading_notes": notes} if notes else {}
        return [
            WrittenItem(
                "essay_question", self.text(), typed_field(attributes), condition("<other/>"), fields_of_canvas=fields
            )
        ]


def _forgives(key: TextEntryKey) -> bool:
    """Whether New Quizzes can forgive typing errors, which it does for one text alone."""
    best = max(key.accept.values())
    text, *others = (text for text, credit in key.accept.items() if credit == best)
    return bool(key.rule.typos) and not others and forgiving(text, key.rule.typos)


EXPORTER = CanvasExporter(
    "canvas", "Canvas New Quizzes", NewQuizzesQuestion, has_passages=True, shuffles_questions=True
)
