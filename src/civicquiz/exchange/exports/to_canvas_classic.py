"""QTI 1.2 as Classic Quizzes of Canvas read it.

What New Quizzes can do besides is read there without complaint, as nonsense: orders, categories, blanks of several
types in one text. They become what Classic Quizzes have.

Sources: in https://github.com/instructure/canvas-lms, the importer in gems/plugins/qti_exporter and the scores in
app/models/quizzes/quiz_question/.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from civicquiz.exchange.asked import has_only_words
from civicquiz.exchange.canvas_blanks import QuestionWithBlanks
from civicquiz.exchange.canvas_packages import CanvasExporter
from civicquiz.exchange.qti12_writing import (
    AnswerFeedback,
    WrittenItem,
    condition,
    equal,
    label,
    plain_material,
    share_condition,
    typed_field,
)
from civicquiz.exchange.typed_answers import is_case_sensitive, text_losses
from civicquiz.model.interactions import (
    Choice,
    ChoiceKey,
    ExtendedText,
    InlineGaps,
    InlineGapsKey,
    Matching,
    MatchingKey,
    Option,
    Ordering,
    OrderingKey,
    TextEntry,
    TextEntryKey,
)
from civicquiz.model.questions.open_response import OpenResponse

__all__ = ["EXPORTER"]


@dataclass
class ClassicQuestion(QuestionWithBlanks):
    """A question for Classic Quizzes."""

    program: ClassVar[str] = "Classic Quizzes"
    takes_any_right: ClassVar[bool] = True

    # ---- Choices ----

    def option_material(self, option: Option) -> str:
        words = self.asked.words(option)
        if has_only_words(self.asked.option(option)) and not {*"<>&"} & {*words}:
            return plain_material(words)
        return super().option_material(option)

    def choice_field(self, options: Sequence[Option], numbers: Mapping[str, int], cardinality: str = "Single") -> str:
        shown = self.asked.interaction
        is_shuffled = "options" in self.asked.texts.source.shuffle and not all(option.word for option in options)
        if is_shuffled and (self.asked.source.keeps_order(shown) or (isinstance(shown, Choice) and shown.passage)):
            self.losses.approximate("options", "Canvas shuffles them like all others; here they stay in order.")
        return super().choice_field(options, numbers, cardinality)

    def several_fields(self, shown: Choice, key: ChoiceKey) -> Mapping[str, str]:
        right, wrong = len(key.right), len(shown.options) - len(key.right)
        if key.rule.all_or_nothing and right > 1:
            reason = "Classic Quizzes have no all-or-nothing: each right option earns its share, a wrong one costs one."
            self.losses.approximate("score", reason)
        elif 0 < wrong < right:
            reason = "A wrong option costs as much as a right one earns there; here it costs more, since there are"
            self.losses.approximate("score", f"{reason} fewer of them.")
        return {}

    # ---- Texts ----

    def note_text(self, key: TextEntryKey) -> None:
        if is_case_sensitive(key):
            self.losses.approximate("score", "In Classic Quizzes, capital and small letters are the same.")
        text_losses(key, "Canvas", self.losses)

    def cloze(self, shown: InlineGaps, key: InlineGapsKey) -> list[WrittenItem]:
        for type_of_gap, write in ((Choice, self._dropdowns), (TextEntry, self._typed_blanks)):
            if all(isinstance(gap, type_of_gap) for gap in shown.gaps.values()):
                return [write(shown, key)]
        return self.items_of_gaps()

    def _dropdowns(self, shown: InlineGaps, key: InlineGapsKey) -> WrittenItem:
        text = self.gap_text(shown)
        fields, scoring = [], []
        told: list[AnswerFeedback] = []
        answers: list[int] = []
        for name, gap in shown.gaps.items():
            own, called = key.gaps[name], text.names[name]
            assert isinstance(gap, Choice)
            assert isinstance(own, ChoiceKey)
            words = self.dropdown_words(gap)
            numbers = {option: self.number() for option in words}
            labels = (label(numbers[option], plain_material(word)) for option, word in words.items())
            ident = f"response_{called}"
            fields.append(self.blank_field(called, labels))
            scoring += [share_condition(equal(numbers[option], ident), len(shown.gaps)) for option in own.right]
            told += self._told(ident, numbers, self.told_in_gap(name))
            answers += numbers.values()
        return WrittenItem("multiple_dropdowns_question", text.html, "".join(fields), "".join(scoring), told, answers)

    def _typed_blanks(self, shown: InlineGaps, key: InlineGapsKey) -> WrittenItem:
        text = self.gap_text(shown)
        fields, scoring = [], []
        answers: list[int] = []
        for name in shown.gaps:
            own, called = key.gaps[name], text.names[name]
            assert isinstance(own, TextEntryKey)
            texts = self.accepted_texts(own)
            numbers = [self.number() for _ in texts]
            labels = (label(number, plain_material(word)) for number, word in zip(numbers, texts, strict=True))
            fields.append(self.blank_field(called, labels))
            scoring.append(share_condition(equal(numbers[0], f"response_{called}"), len(shown.gaps)))
            answers += numbers
        return WrittenItem(
            "fill_in_multiple_blanks_question", text.html, "".join(fields), "".join(scoring), (), answers
        )

    # ---- Lists ----

    def order(self, shown: Ordering, key: OrderingKey) -> list[WrittenItem]:
        reason = "Each line is matched with its place, and earns its share alone; here each pair in the right order"
        self.losses.approximate("score", f"{reason} counts.")
        places = {name: str(place) for place, name in enumerate(key.right, start=1)}
        right = {name: name for name in key.right}
        return [self.matching_item(shown.options, places, right, target_material=plain_material)]

    def match(self, shown: Matching, key: MatchingKey) -> list[WrittenItem]:
        if self.asked.feedback:
            self.losses.approximate("feedback", "Canvas may show the feedback on a row also if the row is right.")
        targets = self.words(shown.targets, "Right sides")
        return [self.matching_item(shown.rows, targets, key.right, target_material=plain_material)]

    categorize = match

    def told_of_row(self, row: str, targets: Iterable[str]) -> str:
        return next((html for target in targets if (html := self.told(f"{row} {target}"))), "")

    # ---- Essays ----

    def essay(self, shown: ExtendedText, key: None) -> list[WrittenItem]:
        question = self.asked.source
        assert isinstance(question, OpenResponse)
        if shown.min_words or shown.max_words:
            self.losses.lost("length", "Classic Quizzes have no limits for the number of words.")
        if question.rubric or question.holistic_rubric:
            self.losses.lost("rubric", "Classic Quizzes import no rubric; add one to the quiz there.")
        return [WrittenItem("essay_question", self.text(), typed_field(), condition("<other/>"))]


EXPORTER = CanvasExporter(
    "canvas-classic", "Canvas Classic Quizzes", ClassicQuestion, has_passages=False, shuffles_questions=False
)
