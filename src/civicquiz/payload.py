"""Quiz -> the JSON that a browser gets, with or without the key.

``static/quiz.js`` names the same fields in its types.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from civicquiz import markdown
from civicquiz.claims import STATEMENTS, Claim, Seeds
from civicquiz.grading import Outcome
from civicquiz.interactions import Option
from civicquiz.questions import QuestionBase
from civicquiz.quiz import Quiz

__all__ = [
    "content_hash",
    "encoded_key",
    "front_end",
    "option_html",
    "outcome_payload",
    "public_payload",
    "restricted",
    "segment_html",
    "static_text",
    "strings",
    "who",
]

Link = Callable[[str], str | None]


@cache
def static_text(name: str) -> str:
    """A file of ``static/``, read once."""
    return files("civicquiz").joinpath("static", name).read_text("utf-8")


#: The interactions of ``quiz.js`` itself; all others, and options in a running text, are in ``interactions.js``.
_BASIC = ("choice", "order", "number")


def front_end(questions: Iterable[QuestionBase]) -> list[str]:
    """The files of ``static/`` that draw these questions, without ``.js`` or ``.css``, in the order to load them."""
    interactions = [question.interaction() for question in questions]
    more = any(each.name not in _BASIC or each.public().get("passage") for each in interactions)
    return ["quiz", "interactions"] if more else ["quiz"]


@cache
def locale(language: str) -> str:
    """The language that the user interface speaks around a quiz in ``language``: the same, or English."""
    wanted = language.split("-")[0]
    return wanted if files("civicquiz").joinpath("static", "locale", f"{wanted}.json").is_file() else "en"


@cache
def strings(language: str = "en") -> dict[str, str]:
    """The words of the user interface around a quiz in ``language``."""
    words: dict[str, str] = json.loads(static_text(f"locale/{locale(language)}.json"))
    return words


def public_payload(quiz: Quiz) -> dict[str, Any]:
    """What a browser may know before anything is answered: no flags, no accepted values, no feedback."""
    return {
        "name": quiz.name,
        "title": quiz.title,
        "language": quiz.language,
        "locale": locale(quiz.language),
        "questions": [_public_question(question, strings(quiz.language)) for question in quiz.questions],
        "strings": strings(quiz.language),
    }


def _public_question(question: QuestionBase, words: dict[str, str]) -> dict[str, Any]:
    interaction = question.interaction()
    prompt = markdown.render(question.full_prompt())
    # One paragraph goes into the legend; anything longer stands below it.
    one_paragraph = prompt.startswith("<p>") and prompt.endswith("</p>") and prompt.count("<p>") == 1
    public: dict[str, Any] = {
        "id": question.id,
        "interaction": interaction.name,
        "prompt": prompt[3:-4] if one_paragraph else prompt,
        "points": question.points,
    }
    if not one_paragraph:
        public["block"] = True
    if question.hint:
        public["hint"] = markdown.render(question.hint)
    return public | _public_parts(interaction.public(), words)


def _public_parts(parts: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
    """What an interaction shows, as JSON: Markdown becomes HTML, and what says nothing is left out."""
    public: dict[str, Any] = {}
    for name, value in parts.items():
        if name in ("options", "targets"):
            public[name] = [{"id": option.id, "html": option_html(option, words)} for option in value]
        elif name == "passage" and value:
            public[name] = [_public_segment(segment) for segment in value]
        elif name == "gaps":
            public[name] = {gap: _public_parts(part, words) for gap, part in value.items()}
        elif value is not False and value not in ("", ()):
            public[name] = value
    return public


def option_html(option: Option, words: dict[str, str]) -> str:
    """What an option says, as HTML for a label."""
    return escape(words[option.word]) if option.word else markdown.inline(option.text)


def _public_segment(segment: str | Option | tuple[str, str]) -> dict[str, str]:
    """A stretch of a running text: HTML, or the id of the option or gap that stands there."""
    if isinstance(segment, Option):
        return {"option": segment.id}
    if isinstance(segment, tuple):
        return {"gap": segment[1]}
    return {"html": segment_html(segment)}


def segment_html(text: str) -> str:
    """A stretch of a running text as HTML, with the blanks at its ends, which hold it apart from its neighbours."""
    words = text.strip()
    if not words:
        return " "
    before, after = text[:1].isspace() * " ", text[-1:].isspace() * " "
    return f"{before}{markdown.inline(words)}{after}"


def restricted(public: dict[str, Any], ids: Iterable[str]) -> dict[str, Any]:
    """A public payload with only the questions ``ids``, in that order."""
    questions = {question["id"]: question for question in public["questions"]}
    return {**public, "questions": [questions[name] for name in ids]}


def content_hash(public: dict[str, Any]) -> str:
    """A hash of what learners see of a quiz, 16 hex digits, from its public payload. It does not depend on the key."""
    content = {name: value for name, value in public.items() if name not in ("strings", "locale")}
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _scoring(question: QuestionBase) -> dict[str, Any]:
    rule = question.interaction().scoring()
    return {"scoring": rule.to_json()} if rule else {}


def _revealed(question: QuestionBase) -> dict[str, Any]:
    """What a learner is told once a question is settled, but for its sources."""
    revealed: dict[str, Any] = {"answer": question.interaction().answer}
    explanation = question.full_explanation()
    if explanation:
        revealed["explanation"] = markdown.render(explanation)
    return revealed


def who(claim: Claim) -> str:
    """Who says it, in what role, what kind of statement it is, and as of when."""
    speaker = f"{claim.speaker} ({claim.role})" if claim.role else claim.speaker
    return f"{speaker[0].upper()}{speaker[1:]}: {STATEMENTS[claim.statement]}, {claim.as_of}"


def _citation(claim: Claim, seeds: Seeds, link: Link | None = None) -> dict[str, Any]:
    sources = seeds.sources_of(claim)
    citation: dict[str, Any] = {
        "text": claim.text,
        "who": who(claim),
        "source": "; ".join(str(source) for source in sources),
    }
    if len(sources) == 1 and sources[0].url:
        citation["url"] = sources[0].url
    if claim.period == "since":
        citation["since"] = True
    href = link(claim.id) if link else None
    if href:
        citation["href"] = href
    return citation


def encoded_key(quiz: Quiz, questions: Sequence[QuestionBase], link: Link | None = None) -> str:
    """The key of a practice page: encoded, so that nobody reads it by accident, but not encrypted.

    ``link`` gives the address of a claim on the page that lists them.
    """
    key: dict[str, Any] = {}
    cited: dict[str, Any] = {}  # once for the quiz: several questions may rest on one claim
    for question in questions:
        names = [name for name in question.cites if name in quiz.seeds.claims]
        cited |= {name: _citation(quiz.seeds.claims[name], quiz.seeds, link) for name in names if name not in cited}
        feedback = {name: markdown.render(text) for name, text in question.token_feedback().items()}
        key[question.id] = {
            **_scoring(question),
            **({"feedback": feedback} if feedback else {}),
            **_revealed(question),
            **({"cites": names} if names else {}),
        }
    return base64.b64encode(
        json.dumps({"questions": key, "claims": cited}, ensure_ascii=False, separators=(",", ":")).encode()
    ).decode("ascii")


def outcome_payload(question: QuestionBase, outcome: Outcome, seeds: Seeds, *, settled: bool) -> dict[str, Any]:
    """What a browser is told about a response. Only ``settled`` tells the answer and the explanation."""
    feedback = question.token_feedback()
    tokens = question.interaction().tokens(outcome.response) if outcome.response is not None else []
    told: dict[str, Any] = {
        "status": outcome.status,
        "score": outcome.score,
        "max": outcome.max_score,
        "settled": settled,
        "feedback": [{"id": name, "html": markdown.render(feedback[name])} for name in tokens if name in feedback],
    }
    if settled:
        sources = [_citation(seeds.claims[name], seeds) for name in question.cites if name in seeds.claims]
        told |= _revealed(question) | ({"sources": sources} if sources else {})
        parts = question.interaction().parts(outcome.response) if outcome.response is not None else {}
        if parts:
            told["parts"] = parts
    return told
