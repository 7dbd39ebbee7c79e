"""The quizzes and citations of one page of a MyST site, as nodes of its tree."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from civicquiz.errors import MystError, Problem, QuizError, display_path
from civicquiz.frontend.answers import answer_parts
from civicquiz.frontend.citations import attribution, later_than, source_in_words
from civicquiz.frontend.fragments import Numbers, Passage, passage_text, slotted
from civicquiz.frontend.front_end import PAGE_SCRIPTS, SCRIPTS, FrontEnd, front_end
from civicquiz.frontend.payload import page_payload
from civicquiz.frontend.static_files import static_text
from civicquiz.frontend.words import strings
from civicquiz.grading.arrangement import own_numbers
from civicquiz.hosts.myst.myst_site import site_of
from civicquiz.hosts.myst.text_nodes import (
    Node,
    block_nodes,
    emphasized,
    folded,
    joined,
    paragraph,
    passage_nodes,
    text_node,
)
from civicquiz.model.claims import Claim, Seeds, citation_problem, cited_ids, load_seeds
from civicquiz.model.interactions import Choice, Gap, InlineGaps, Option, Ordering, Scale, with_numbers
from civicquiz.model.learner_copy import shown_on_page
from civicquiz.model.questions import KeyedQuestion, QuestionBase
from civicquiz.model.quiz import Quiz, load
from civicquiz.model.settings import Section, StimulusBase, with_introductions
from civicquiz.output_folder import write_file

__all__ = ["answer", "answer_json"]

#: Where the scripts and styles of pages are written, in the folder of the site. MyST copies them from there; it keeps
#: everything that it builds in ``_build``.
_ASSETS = Path("_build") / "civicquiz"

#: What is before ``page.js`` in the module of a site: the address of the site, which its answers belong to. MyST puts
#: modules into a folder of their own. A theme that loads the module in another way has one site for each host.
_SITE = """\
civicquiz.book = new URL("..", /^https?:/.test(import.meta.url) ? import.meta.url : `${location.origin}/build/`).href;
"""


@dataclass
class _Answered:
    """The node that takes the place of a directive or role, and what is wrong with what its author wrote."""

    node: Node
    problems: list[Mapping[str, Any]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return {"node": self.node, "problems": self.problems}


@dataclass(frozen=True)
class _OnPage:
    """A quiz on the page: which one, and which of its questions; None for all."""

    path: Path
    quiz: Quiz
    ids: list[str] | None

    @property
    def questions(self) -> Sequence[QuestionBase]:
        return self.quiz.select(self.ids)


def answer_json(request: bytes) -> str:
    """The same as :func:`answer`, from JSON to JSON in ASCII.

    Raises:
        MystError: as there.
    """
    try:
        asked = json.loads(request)
    except ValueError:
        asked = None
    return json.dumps(answer(asked), separators=(",", ":"))


def answer(request: Any) -> dict[str, Any]:
    """What the plugin puts in the place of the quizzes and citations of a page.

    Args:
        request: what the plugin asks, from JSON: ``page``, the path of the page; ``places``, a list of
            ``{page, quiz, questions}`` and ``{page, claim}``. The ``page`` of a place is the file that it is in.

    Returns:
        ``places``, in the same order, each with a ``node`` and ``problems``, which are ``{message, isError}``; and
        ``footnotes``, nodes for the end of the page.

    Raises:
        MystError: the request is not of that shape, the page is in no site, or a file cannot be written.
    """
    page, places = _read(request)
    site = site_of(page)
    if site is None:
        raise MystError(f"'{display_path(page)}' is in no MyST site: no folder around it has a myst.yml")
    shown: list[_OnPage] = []
    cited: dict[str, list[str]] = {}
    answered = [
        _quiz(site, place, shown) if "quiz" in place else _citation(site, str(place["claim"]), cited)
        for place in places
    ]
    if shown:
        try:
            modules = _write_front_end(site, [front_end(one.quiz, one.questions) for one in shown])
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise MystError(f"'{display_path(site / _ASSETS)}' cannot be written to: {reason}") from None
        addresses = {name: Path(os.path.relpath(file, page.parent)).as_posix() for name, file in modules.items()}
        for node in _widgets(answered):
            node |= addresses
    return {
        "places": [one.to_json() for one in answered],
        "footnotes": [_footnote(site, identifier, ids) for identifier, ids in cited.items()],
    }


def _read(request: Any) -> tuple[Path, list[dict[str, Any]]]:
    match request:
        case {"page": str(page), "places": list(places)} if all(
            isinstance(place, dict) and isinstance(place.get("page"), str) and place.keys() & {"quiz", "claim"}
            for place in places
        ):
            return Path(page).absolute(), places
    raise MystError("what was asked is not what the plugin of civicquiz asks; write it again: civicquiz new --myst")


def _problems(found: Iterable[Problem]) -> list[Mapping[str, Any]]:
    return [
        {
            "message": f"{one.path}:{one.line}:{one.column}: {_with_hint(one.message, one.hint)}",
            "isError": one.severity == "error",
        }
        for one in found
        if not one.is_note
    ]


def _with_hint(message: str, hint: str) -> str:
    return f"{message} (hint: {hint})" if hint else message


def _failed(words: str, problems: list[Mapping[str, Any]]) -> _Answered:
    return _Answered(text_node(words), problems)


def _error(message: str) -> list[Mapping[str, Any]]:
    return [{"message": message, "isError": True}]


# ---- Quizzes ----


def _quiz(site: Path, place: Mapping[str, Any], shown: list[_OnPage]) -> _Answered:
    """The nodes of a quiz, which is noted in ``shown``; a word and the problems if it cannot be shown."""
    written = str(place["quiz"])
    folder = site if written.startswith("/") else Path(place["page"]).absolute().parent
    path = Path(os.path.normpath(folder / written.lstrip("/")))
    ids = str(place.get("questions") or "").replace(",", " ").split() or None
    if not path.is_file():
        return _failed(f"[{written}]", _error(f"there is no quiz '{written}' (looked for {display_path(path)})"))
    try:
        loaded = load(path)
        one = _OnPage(path, shown_on_page(loaded), ids)
        questions = one.questions
    except QuizError as error:
        return _failed(f"[{written}]", _problems(error.problems))
    except KeyError as error:
        return _failed(f"[{written}]", _error(str(error.args[0])))
    shown.append(one)
    content = page_payload(one.quiz, ids) | {"path": _path_in(site, path)}
    widget = {"type": "anywidget", "id": f"civicquiz-{len(shown)}", "model": {"content": content}}
    text = folded(strings(one.quiz.language)["questions_as_text"], _as_text(one.quiz, questions, sections=not ids))
    problems = _problems(loaded.translation_problems)
    return _Answered({"type": "div", "class": "civicquiz-site", "children": [widget, text]}, problems)


def _path_in(site: Path, path: Path) -> str:
    """The path that identifies a quiz on its site."""
    inside = path.is_relative_to(site)
    return path.relative_to(site).with_suffix("").as_posix() if inside else path.stem


def _widgets(answered: Iterable[_Answered]) -> Iterator[Node]:
    for one in answered:
        yield from (child for child in one.node.get("children", ()) if child["type"] == "anywidget")


def _write_front_end(site: Path, needed: Sequence[FrontEnd]) -> dict[str, Path]:
    """Write the module and the style that all quizzes of a page share; what MyST calls them, and their files.

    Raises:
        OSError: they cannot be written.
    """
    scripts = {name for files in needed for name in files.scripts}
    first, *others = (name for name in SCRIPTS if name in scripts)
    styles = dict.fromkeys(name for files in needed for name in files.styles)
    before, *after = PAGE_SCRIPTS
    module = "\n".join(
        [
            static_text(first),
            _SITE,
            *map(static_text, [*others, before, *after, "myst.js"]),
            "export default { render: civicquiz.renderOnSite };\n",
        ]
    )
    written = {}
    for name, text, ending in (("esm", module, "mjs"), ("css", "".join(map(static_text, styles)), "css")):
        content = text.encode()
        file = site / _ASSETS / f"quiz-{sha256(content).hexdigest()[:16]}.{ending}"
        if not file.is_file():
            file.parent.mkdir(parents=True, exist_ok=True)
            write_file(file, content)
        written[name] = file
    return written


# ---- The questions as text ----


def _as_text(quiz: Quiz, questions: Sequence[QuestionBase], *, sections: bool) -> Iterator[Node]:
    yield paragraph(emphasized(quiz.title))
    shown = list(with_introductions(quiz, questions, sections=sections))
    for number, (introductions, question) in enumerate(shown, start=1):
        for introduction in introductions:
            yield from _introduction(quiz, introduction)
        yield from _question(quiz, question, number, len(shown))


def _introduction(quiz: Quiz, introduction: Section | StimulusBase) -> Iterator[Node]:
    """What learners read before the questions of a section, or before those on a shared text."""
    if introduction.title:
        yield paragraph(emphasized(introduction.title))
    if isinstance(introduction, StimulusBase):
        variants = introduction.shown_variants()
        yield from _author(introduction.full_text(), Numbers(variants[0] if variants else {}, quiz.language))
    elif introduction.text:
        yield from block_nodes(introduction.text)


def _author(text: str, numbers: Numbers) -> list[Node]:
    return block_nodes(with_numbers(text, numbers.written))


def _passage(passage: Passage, numbers: Numbers) -> list[Node]:
    """A running text, with lines for gaps and brackets around what can be selected."""
    parts: tuple[list[str], list[Option | Gap]] = slotted(passage)
    stretches, between = parts
    return passage_nodes(
        [with_numbers(text, numbers.written) for text in stretches],
        [with_numbers(passage_text([part]), numbers.written) for part in between],
    )


def _question(quiz: Quiz, question: QuestionBase, number: int, count: int) -> Iterator[Node]:
    """One question: its prompt, what can be chosen, and the answer, folded away."""
    words = strings(quiz.language)
    yield paragraph(emphasized(words["question"].format(number=number, count=count)))
    interaction = question.interaction()
    # In the browser, each learner gets different numbers; here everyone gets the first ones.
    numbers = Numbers(own_numbers(question, None, None), quiz.language)
    yield from _author(question.full_prompt(), numbers)
    if isinstance(interaction, InlineGaps) or (isinstance(interaction, Choice) and interaction.passage):
        yield from _passage(interaction.passage, numbers)
    else:
        for options in interaction.option_lists():
            yield _list(((option,) for option in options), words, numbers)
    if isinstance(interaction, Scale):
        yield paragraph(text_node(words["scale"].format(start=interaction.start, end=interaction.end)))
    if quiz.feedback == "none" or not isinstance(question, KeyedQuestion):
        return
    told = [*_answer(quiz, question, numbers)]
    if explanation := question.full_explanation():
        told += _author(explanation, numbers)
    if told:
        yield folded(words["reveal"], told)


def _answer(quiz: Quiz, question: KeyedQuestion, numbers: Numbers) -> Iterator[Node]:
    """The right answer to a question, for readers; nothing if only a person can score it."""
    key, interaction, words = question.key(), question.interaction(), strings(quiz.language)
    if key is None:
        return
    right = key.answer_for(None)
    lines = list(answer_parts(interaction, right, numbers))
    if isinstance(right, str):
        yield from (paragraph(text_node(f"{words['right_answer']} {text}")) for (text,) in lines)
        return
    yield paragraph(text_node(words["right_answer"]))
    yield _list(lines, words, numbers, ordered=isinstance(interaction, Ordering))


def _list(
    lines: Iterable[tuple[Option | str, ...]], words: Mapping[str, str], numbers: Numbers, *, ordered: bool = False
) -> Node:
    """Options, or options with their matches. What students type is text, whatever it looks like."""
    entries = [
        {"type": "listItem", "spread": True, "children": joined(_part(part, words, numbers) for part in line)}
        for line in lines
    ]
    return {"type": "list", "ordered": ordered, "spread": False, "children": entries}


def _part(part: Option | str, words: Mapping[str, str], numbers: Numbers) -> list[Node]:
    if isinstance(part, str):
        return [paragraph(text_node(part))]
    return [paragraph(text_node(words[part.word]))] if part.word else _author(part.text, numbers)


# ---- Citations ----


def _seeds(site: Path) -> Seeds:
    return load_seeds(site / "seeds")


def _citation(site: Path, written: str, cited: dict[str, list[str]]) -> _Answered:
    """The mark of a footnote, which is noted in ``cited``."""
    ids = cited_ids(written)
    try:
        claims = _seeds(site).claims
    except QuizError as error:
        return _failed(f"[{written}]", _problems(error.problems))
    problems = [found for claim_id in ids if (found := citation_problem(claim_id, claims))]
    if problems:
        return _failed(f"[{written}]", [one for found in problems for one in _error(_with_hint(*found))])
    identifier = "civicquiz-" + "-".join(ids)
    cited[identifier] = ids
    return _Answered({"type": "footnoteReference", "identifier": identifier, "label": identifier})


def _footnote(site: Path, identifier: str, ids: Sequence[str]) -> Node:
    seeds = _seeds(site)
    children = [_claim(seeds, seeds.claims[claim_id]) for claim_id in ids]
    return {"type": "footnoteDefinition", "identifier": identifier, "label": identifier, "children": children}


def _claim(seeds: Seeds, claim: Claim) -> Node:
    """A claim: its text, who says it, and its sources."""
    since = later_than(claim, seeds, "en")
    children = [text_node(f"{claim.text} "), emphasized(attribution(claim, "en"))]
    children.append(text_node(f", {since}. " if since else ". "))
    for number, source in enumerate(seeds.sources_of(claim)):
        children += [text_node("; ")] if number else []
        name = text_node(source_in_words(source, "en"))
        children.append({"type": "link", "url": source.url, "children": [name]} if source.url else name)
    return paragraph(*children)
