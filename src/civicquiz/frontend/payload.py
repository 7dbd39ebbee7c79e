"""Quiz -> the JSON that a browser gets, with or without the key.

``static/types.d.ts`` names the same fields.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from civicquiz.authoring import markdown
from civicquiz.frontend.citations import attribution, later_than, source_in_words
from civicquiz.frontend.fragments import Images, Numbers, option_html, passage_html
from civicquiz.frontend.front_end import front_end, has_settings
from civicquiz.frontend.words import locale, strings, word_groups
from civicquiz.grading import Outcome
from civicquiz.grading.arrangement import depends_on_seed, own_numbers
from civicquiz.grading.session import Session, Verdict
from civicquiz.model.claims import Claim
from civicquiz.model.interactions import (
    ComputedNumber,
    InlineGaps,
    NumberEntry,
    Option,
    Scale,
    first_numbers,
    number_style,
    with_numbers,
)
from civicquiz.model.questions import KeyedQuestion, QuestionBase
from civicquiz.model.quiz import Quiz, ReleasedQuiz
from civicquiz.model.settings import StimulusBase
from civicquiz.model.translations import Translation

__all__ = ["encoded_key", "outcome_payload", "page_anchor", "page_payload", "public_payload", "verdict_payloads"]

Link = Callable[[str], str | None]


def public_payload(quiz: Quiz, ids: Sequence[str] | None = None, words: Sequence[str] = ()) -> dict[str, Any]:
    """What a browser may know before anything is answered: no flags, no accepted values, no feedback.

    With ``ids`` only these questions, in that order, and neither sections nor picks. ``words`` are the groups of words
    of the interface; without any, those that :func:`front_end` says.
    """
    questions = quiz.select(ids)
    groups = words or front_end(quiz, questions).words
    public = _texts(quiz, questions, Translation.original(quiz), groups, with_sections=ids is None)
    public = {"name": quiz.name, "version": quiz.version} | public | _settings(quiz)
    if ids is not None:
        public.pop("pick", None)
        public["shuffle"] = [what for what in quiz.shuffle if what == "options"]
    if has_settings(quiz, questions):
        public["hasSettings"] = True
    if depends_on_seed(quiz):
        public["seeded"] = True
    if isinstance(quiz, ReleasedQuiz) and quiz.learner is not None:
        public |= {"learner": quiz.learner, "seed": quiz.seed}
    translations = {
        name: _texts(quiz, questions, texts, groups, with_sections=ids is None)
        for name, texts in quiz.translations.items()
    }
    if translations:
        public |= {"languages": [quiz.language, *translations], "translations": translations}
    return public


def _settings(quiz: Quiz) -> dict[str, Any]:
    """What a quiz is set to, where that is not the default."""
    values = {
        "feedback": quiz.feedback if quiz.feedback != "immediate" else None,
        "attempts": quiz.attempts,
        "attemptPenalty": quiz.attempt_penalty,
        "hintPenalty": quiz.hint_penalty,
        "shuffle": list(quiz.shuffle),
        "pick": quiz.pick,
        "timeLimit": quiz.time_limit,
        "certainty": quiz.certainty if quiz.certainty != "off" else None,
        "layout": quiz.layout if quiz.layout != "all" else None,
    }
    return {name: value for name, value in values.items() if value}


def _texts(
    quiz: Quiz, questions: Sequence[QuestionBase], texts: Translation, groups: Sequence[str], *, with_sections: bool
) -> dict[str, Any]:
    """Everything of a public payload that depends on its language; ``groups`` are those of the words."""
    words, images = word_groups(texts.language), texts.quiz.images
    public: dict[str, Any] = {
        "title": texts.quiz.title,
        "language": texts.language,
        "locale": locale(texts.language),
        "strings": {name: text for group in groups for name, text in words[group].items()},
        "questions": [_public_question(texts, question.id) for question in questions],
    }
    if quiz.sections and with_sections:
        public["sections"] = [
            {
                "questions": section.members(quiz.questions),
                **({"title": section.title} if section.title else {}),
                **({"html": markdown.render(section.text, images)} if section.text else {}),
                **({"pick": section.pick} if section.pick else {}),
                **_foreign(texts, "sections", position),
            }
            for position, section in enumerate(texts.quiz.sections)
        ]
    if quiz.objectives:
        public["objectives"] = dict(texts.quiz.objectives)
    used = {question.stimulus for question in questions}
    stimuli = {
        name: _stimulus(stimulus, texts.source.stimuli[name], images, texts.language) | _foreign(texts, "stimuli", name)
        for name, stimulus in texts.quiz.stimuli.items()
        if name in used
    }
    if (title_language := texts.language_of("title")) != texts.language:
        public["titleLanguage"] = title_language
    return public | ({"stimuli": stimuli} if stimuli else {})


def _foreign(texts: Translation, *path: str | int) -> dict[str, str]:
    """The language of what is under ``path``, where that is not translated."""
    language = texts.language_of(*path)
    return {"language": language} if language != texts.language else {}


def _stimulus(stimulus: StimulusBase, original: StimulusBase, images: Images, language: str) -> dict[str, Any]:
    variants = [dict(variant) for variant in original.shown_variants()]
    style = number_style(language)
    return {
        **({"title": stimulus.title} if stimulus.title else {}),
        "html": markdown.render(stimulus.full_text(), images, variants[0] if variants else ()),
        **({"variants": variants} if variants else {}),
        **({"numbers": style} if variants and style != "point" else {}),
    }


def _public_question(texts: Translation, question_id: str) -> dict[str, Any]:
    question, interaction = texts.question(question_id), texts.interaction(question_id)
    words, images = strings(texts.language_of_question(question_id)), texts.quiz.images
    numbers = first_numbers(interaction)
    prompt = markdown.render(question.full_prompt(), images, numbers)
    # One paragraph goes into the legend; anything longer goes below it.
    one_paragraph = prompt.startswith("<p>") and prompt.endswith("</p>") and prompt.count("<p>") == 1
    public: dict[str, Any] = {
        "id": question.id,
        "interaction": interaction.name,
        "prompt": prompt[3:-4] if one_paragraph else prompt,
        "points": question.points,
    }
    if (language := texts.language_of_question(question_id)) != texts.language:
        public["language"] = language
    if not one_paragraph:
        public["block"] = True
    if question.hint:
        public["hint"] = markdown.render(question.full_hint(), images, numbers)
    if question.stimulus:
        public["stimulus"] = question.stimulus
    if question.objectives:
        public["objectives"] = list(question.objectives)
    if question.keeps_order(interaction):
        public["fixed"] = True
    style = number_style(texts.language)
    if style != "point" and (numbers or isinstance(interaction, (NumberEntry, ComputedNumber, InlineGaps, Scale))):
        public["numbers"] = style
    return public | interaction.to_json(_Html(words, images, tuple(numbers)))


@dataclass(frozen=True)
class _Html:
    """Texts as a browser gets them."""

    words: dict[str, str]
    images: Images
    #: names of numbers that come later
    numbers: tuple[str, ...]

    def options(self, options: tuple[Option, ...]) -> list[dict[str, str]]:
        return [
            {"id": option.id, "html": option_html(option, self.words, self.images, self.numbers)} for option in options
        ]

    def passage(self, parts: Sequence[str | dict[str, str]]) -> list[dict[str, str]]:
        html = passage_html(parts, self.images, self.numbers)
        return [{"html": part} if isinstance(part, str) else part for part in html]


def _texts_of_key(texts: Translation, question_id: str) -> dict[str, Any]:
    """What of a key depends on the language: explanation, and feedback by token. If the question is void, nothing that
    a learner chose needs feedback, and the explanation says so.
    """
    images, question = texts.quiz.images, texts.quiz.keyed_questions[question_id]
    is_void = texts.source.keyed_questions[question_id].void
    names = next(iter(texts.source.keyed_questions[question_id].number_sets()), ())
    feedback = {
        name: markdown.render(text, images, names) for name, text in texts.feedback(question_id).items() if not is_void
    }
    explanation = f"<p>{escape(strings(texts.language)['void_note'])}</p>" if is_void else ""
    if question.full_explanation():
        explanation += markdown.render(question.full_explanation(), images, names)
    return ({"feedback": feedback} if feedback else {}) | ({"explanation": explanation} if explanation else {})


def _key_in_language(texts: Translation, question_id: str) -> dict[str, Any]:
    """What takes the place of parts of the key of the original where a page is in another language."""
    key, original = texts.key(question_id), texts.source.keyed_questions[question_id].key()
    is_other = key and original and key.answer != original.answer
    return _texts_of_key(texts, question_id) | ({"answer": key.answer} if key and is_other else {})


def _citation(claim: Claim, quiz: Quiz, link: Link | None = None) -> dict[str, Any]:
    sources = quiz.seeds.sources_of(claim)
    citation: dict[str, Any] = {
        "text": claim.text,
        "who": attribution(claim, quiz.language),
        "source": "; ".join(source_in_words(source, quiz.language) for source in sources),
    }
    if len(sources) == 1 and sources[0].url:
        citation["url"] = sources[0].url
    since = later_than(claim, quiz.seeds, quiz.language)
    if since:
        citation["since"] = since
    href = link(claim.id) if link else None
    if href:
        citation["href"] = href
    return citation


#: How the key of a page is written, so that nobody reads an answer by chance: every ASCII sign but the space is the one
#: 60 places on. A server can compress that, other than Base64; and few signs become one that JSON or HTML escapes.
_MOVED = {code: 33 + (code - 33 + 60) % 94 for code in range(33, 127)}


def encoded_key(quiz: Quiz, questions: Sequence[QuestionBase], link: Link | None = None) -> str:
    """The key of a practice page: encoded, so that nobody reads it by accident, but not encrypted.

    ``link`` gives the address of a claim on the page that lists them.

    Raises:
        NoKeyError: ``quiz`` is a released copy.
    """
    content_of: dict[str, Any] = {}
    original = Translation.original(quiz)
    cited: dict[str, Any] = {}  # once for the quiz: several questions may rest on one claim
    for question in (quiz.keyed_questions[question.id] for question in questions):
        names = [name for name in question.cites if name in quiz.seeds.claims]
        cited |= {name: _citation(quiz.seeds.claims[name], quiz, link) for name in names if name not in cited}
        key = question.key()
        content_of[question.id] = {
            **({"scoring": key.rule.to_json()} if key else {}),
            **({"void": True} if question.void else {}),
            **_texts_of_key(original, question.id),
            "answer": key.answer if key else "",
            **({"answers": dict(answers)} if key and (answers := key.answers_by_variant()) else {}),
            **({"numbers": numbers} if (numbers := _numbers_of_key(question)) else {}),
            **({"cites": names} if names else {}),
        }
    translations = {
        language: {question.id: _key_in_language(texts, question.id) for question in questions}
        for language, texts in quiz.translations.items()
    }
    content = {"questions": content_of, "claims": cited, "translations": translations}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).translate(_MOVED)


def _numbers_of_key(question: KeyedQuestion) -> list[dict[str, str]]:
    """The sets of numbers, if explanations or feedback have any that learners do not get before."""
    shown = first_numbers(question.interaction())
    texts = [question.full_explanation(), *question.token_feedback().values()]
    sets = question.number_sets()
    needed = [
        name for name in (sets[0] if sets else ()) if name not in shown and any(f"{{{name}}}" in text for text in texts)
    ]
    return [{name: numbers[name] for name in needed} for numbers in sets] if needed else []


def page_anchor(quiz: Quiz) -> str:
    """What links to its questions begin with: ``page.html#NAME-QUESTION`` leads to a question.

    The name of a file may have signs that mean something in an address or in HTML; a hyphen takes their place.
    """
    return re.sub(r"[^\w.-]+", "-", quiz.name)


def page_payload(
    quiz: Quiz, ids: Sequence[str] | None = None, link: Link | None = None, words: Sequence[str] = ()
) -> dict[str, Any]:
    """What ``page.js`` reads: the public payload, the key where students get feedback, and what the anchors of the
    questions begin with; see the three functions."""
    key = {} if quiz.feedback == "none" else {"key": encoded_key(quiz, quiz.select(ids), link)}
    return {"quiz": public_payload(quiz, ids, words), "anchor": page_anchor(quiz), **key}


def outcome_payload(
    quiz: Quiz, outcome: Outcome, *, settled: bool, attempt: int = 1, language: str | None = None, seed: int = 0
) -> dict[str, Any]:
    """What a browser is told about a response. Only ``settled`` tells the answer and the explanation.

    ``language`` is the one that the learner has chosen; the quiz's own where there is no such translation. ``seed``
    tells which numbers a learner without a response had.

    Raises:
        NoKeyError: ``quiz`` is a released copy.
    """
    texts = quiz.translations.get(language or "") or Translation.original(quiz)
    question = quiz.keyed_questions[outcome.question_id]
    key, response = texts.key(outcome.question_id), outcome.response
    tokens = key.tokens(response) if key and response is not None else []
    own = own_numbers(question, response, seed)
    numbers = Numbers(own, texts.language)
    texts_of_key = _texts_of_key(texts, question.id)
    feedback = texts_of_key.get("feedback", {})
    payload: dict[str, Any] = {
        "status": outcome.status,
        "score": outcome.score,
        "max": outcome.max_score,
        "settled": settled,
        "feedback": [
            {"id": name, "html": with_numbers(feedback[name], numbers.written)} for name in tokens if name in feedback
        ],
    }
    if quiz.attempts:
        payload["attempt"] = attempt
    if settled:
        claims = quiz.seeds.claims
        sources = [_citation(claims[name], quiz) for name in question.cites if name in claims]
        payload["answer"] = key.answer_for(response or own or None) if key else ""
        if "explanation" in texts_of_key:
            payload["explanation"] = with_numbers(texts_of_key["explanation"], numbers.written)
        payload |= {"sources": sources} if sources else {}
        parts = key.part_scores(response) if key and response is not None else {}
        if parts:
            payload["parts"] = parts
    return payload


def verdict_payloads(quiz: Quiz, session: Session, verdicts: Mapping[str, Verdict]) -> dict[str, dict[str, Any]]:
    """What a browser is told about these questions, by id."""
    return {
        name: outcome_payload(
            quiz,
            judged.outcome,
            settled=judged.settled,
            attempt=judged.attempt,
            language=str(session.overall.get("language")),
            seed=session.overall["seed"],
        )
        for name, judged in verdicts.items()
    }
