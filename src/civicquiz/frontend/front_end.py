"""Which files of ``static/`` a browser needs for some questions, and in what order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from civicquiz.authoring.markdown import has_block, has_formula, has_recording
from civicquiz.authoring.validation import shown_texts
from civicquiz.frontend.words import locale
from civicquiz.grading.arrangement import depends_on_seed
from civicquiz.model.interactions import Choice, InlineGaps, Interaction, texts_in
from civicquiz.model.questions import KeyedQuestion, QuestionBase
from civicquiz.model.quiz import Quiz
from civicquiz.model.settings import Settings

__all__ = [
    "FORMULA_STYLE",
    "NOTEBOOK_SCRIPTS",
    "PAGE_SCRIPTS",
    "SCRIPTS",
    "STYLES",
    "FrontEnd",
    "front_end",
    "has_settings",
]

#: All scripts that draw quizzes. Each comes after those whose work it uses.
SCRIPTS = (
    "grading.js",
    "quiz.js",
    "arrangement.js",
    "interactions/normal_form.js",
    "interactions/interaction.js",
    "interactions/text_matching.js",
    "interactions/choice.js",
    "interactions/ordering.js",
    "interactions/matching.js",
    "interactions/number_entry.js",
    "interactions/computed_number.js",
    "interactions/text_entry.js",
    "interactions/inline_gaps.js",
    "interactions/scale.js",
    "interactions/extended_text.js",
    "settings.js",
    "paging.js",
    "citations.js",
    "languages.js",
    "recordings.js",
)
#: What a page needs besides, because it has no kernel, and what a notebook needs, because its kernel may stop.
PAGE_SCRIPTS = ("session.js", "page.js")
NOTEBOOK_SCRIPTS = ("notebook.js",)
STYLES = ("quiz.css", "interactions.css", "settings.css", "paging.css")
#: The fonts of formulas, and the colors and lines of code and tables, for quizzes that have any.
FORMULA_STYLE = "formulas.css"
BLOCK_STYLE = "blocks.css"

#: The interactions that need nothing of interactions/interaction.js.
_BY_THEMSELVES = {"choice", "ordering"}
#: interaction -> the others whose work its script uses; names of files
_USES = {
    "computed_number": ("number_entry",),  # and arrangement.js, which every quiz with such a question gets
    "text_entry": ("number_entry", "text_matching"),
    "scale": ("number_entry",),
}
#: What settings.js shows: not the layout, and shared texts and objectives only where questions use them.
_SETTINGS = Settings.model_fields.keys() - {"stimuli", "objectives", "layout"}


@dataclass(frozen=True)
class FrontEnd:
    """What draws some questions: files of ``static/``, in the order to load them, and groups of words."""

    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    words: tuple[str, ...]


def front_end(quiz: Quiz, questions: Sequence[QuestionBase]) -> FrontEnd:
    """What a browser needs to show these ``questions`` of ``quiz``, apart from what a host adds."""
    interactions = [question.interaction() for question in questions]
    names = {name for shown in interactions for name in _names(shown)}
    texts = {text for _, text, shown in shown_texts(quiz) if shown.markdown}
    texts.update(text for shown in interactions for text in texts_in(shown))  # also those that no author wrote as such
    with_settings = has_settings(quiz, questions)
    if any(shown.variants for shown in interactions):
        names.add("number_entry")  # it writes the numbers
    has_passage = any(isinstance(shown, Choice) and shown.passage for shown in interactions)
    more_than_choices = bool(names - _BY_THEMSELVES) or has_passage
    needed = {
        *("grading.js", "quiz.js"),
        *(f"interactions/{name}.js" for name in names),
        *(["interactions/normal_form.js", "interactions/interaction.js"] if more_than_choices else []),
        *(["settings.js"] if with_settings else []),
        *(["arrangement.js"] if with_settings or depends_on_seed(quiz) else []),
        *(
            ["citations.js"]
            if any(isinstance(question, KeyedQuestion) and question.cites for question in questions)
            else []
        ),
        *(["languages.js"] if quiz.translations or locale(quiz.language) != quiz.language else []),
        *(["paging.js"] if quiz.layout == "one" else []),
        *(["recordings.js"] if any(map(has_recording, texts)) else []),
    }
    groups = ["quiz"]
    if has_passage or not all(isinstance(shown, Choice) for shown in interactions):
        groups.append("interactions")
    if with_settings:
        groups.append("settings")
    if quiz.layout == "one":
        groups.append("paging")
    styles = {f"{group}.css" for group in groups}
    if {"citations.js", "languages.js"} & needed:
        styles.add("interactions.css")
    if any(map(has_formula, texts)):
        styles.add(FORMULA_STYLE)
    if any(map(has_block, texts)):
        styles.add(BLOCK_STYLE)
    return FrontEnd(
        scripts=tuple(name for name in SCRIPTS if name in needed),
        styles=tuple(name for name in (*STYLES, FORMULA_STYLE, BLOCK_STYLE) if name in styles),
        words=tuple(groups),
    )


def _names(interaction: Interaction[Any]) -> Iterator[str]:
    """The scripts that draw an interaction: its own, which is called like its module in Python, and those it uses."""
    name = type(interaction).__module__.rpartition(".")[2]
    yield name
    yield from _USES.get(name, ())
    if isinstance(interaction, InlineGaps):
        for gap in interaction.gaps.values():
            yield from _names(gap)


def has_settings(quiz: Quiz, questions: Sequence[QuestionBase]) -> bool:
    """Whether a quiz shows more than questions that are checked one by one, as often as the learner likes."""
    return bool(
        any(getattr(quiz, name) != Settings.model_fields[name].get_default() for name in _SETTINGS)
        or any(question.stimulus or question.objectives for question in questions)
    )
