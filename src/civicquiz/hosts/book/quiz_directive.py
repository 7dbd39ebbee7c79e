"""``{quiz}`` and the quiz cells of notebooks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from civicquiz.errors import Problem, QuizError
from civicquiz.frontend.answers import answer_parts
from civicquiz.frontend.fragments import Numbers, Passage, passage_text
from civicquiz.frontend.front_end import front_end
from civicquiz.frontend.payload import page_anchor, page_payload
from civicquiz.frontend.static_files import json_for_script
from civicquiz.frontend.words import strings
from civicquiz.grading.arrangement import own_numbers
from civicquiz.hosts.book.book_warnings import warn
from civicquiz.hosts.book.claim_list import claim_uri, note_use
from civicquiz.hosts.book.outdated import note_quiz
from civicquiz.hosts.book.quiz_list import note_shown, path_in_book
from civicquiz.hosts.placeholder import parse_placeholder
from civicquiz.model.banks import files_around, files_of
from civicquiz.model.interactions import (
    Choice,
    InlineGaps,
    Option,
    Ordering,
    Scale,
    with_numbers,
)
from civicquiz.model.learner_copy import shown_on_page
from civicquiz.model.questions import KeyedQuestion, QuestionBase
from civicquiz.model.quiz import Quiz, load
from civicquiz.model.settings import Section, StimulusBase, with_introductions


class QuizNode(nodes.container):
    """A quiz; its children are what readers without JavaScript get."""


class AnswerNode(nodes.container):
    """The answer to a question, folded away. The first child is the summary."""


class SummaryNode(nodes.paragraph):
    """The line that unfolds an :class:`AnswerNode`."""


class AuthorText(nodes.paragraph):
    """An author's Markdown: ``html`` for HTML builders, the source as it was written for the others."""


def _author(text: str, quiz: Quiz, numbers: Numbers | None = None) -> AuthorText:
    numbers = numbers or Numbers({}, quiz.language)
    html = numbers.block(text, quiz.images)
    return AuthorText("", "", nodes.Text(with_numbers(text, numbers.written)), html=html)


def _build_quiz(env: BuildEnvironment, path: Path, ids: list[str] | None, location: Any) -> list[nodes.Node]:
    """The nodes of a quiz; just a warning if it cannot be shown."""
    for file in files_around(path):
        env.note_dependency(str(file))
    note_quiz(env, path, is_shown=False)
    if not path.is_file():
        warn(f"there is no quiz '{path.name}' (looked for {path})", location)
        return []
    try:
        loaded = load(path)
        quiz = shown_on_page(loaded)
        questions = quiz.select(ids)
    except QuizError as error:
        _warn_of(error.problems)
        return []
    except KeyError as error:
        warn(str(error.args[0]), location)
        return []
    _warn_of(problem for problem in loaded.translation_problems if not problem.is_note)
    _note_images(env, path, quiz)
    note_quiz(env, path, is_shown=True)
    note_shown(env, path, [question.id for question in questions], is_whole=not ids)
    node = QuizNode("", path=str(path), questions=ids or [], classes=["civicquiz-static"])
    node["front_end"] = front_end(quiz, questions)
    node["support_smartquotes"] = False  # answers are shown exactly as they have to be typed
    node += nodes.paragraph("", "", nodes.strong("", quiz.title))
    shown = list(with_introductions(quiz, questions, sections=not ids))
    for number, (introductions, question) in enumerate(shown, start=1):
        for introduction in introductions:
            node += _introduction(quiz, introduction)
        node += _fallback(quiz, question, number, len(shown))
    serial = env.new_serialno("civicquiz-quiz") + 1
    anchor = nodes.make_id(f"quiz-{env.docname}-{serial}")
    node["ids"].append(anchor)
    title = re.sub('["“”]', "'", quiz.title)  # inside of quotation marks
    label = f'quiz "{title}"'
    for question in loaded.select(ids):
        for claim_id in question.cites if isinstance(question, KeyedQuestion) else ():
            note_use(env, claim_id, serial, anchor, label)
    return [node]


def _warn_of(problems: Iterable[Problem]) -> None:
    """Warn about problems at their places in the files of a quiz."""
    for problem in problems:
        where = str((Path.cwd() / problem.path).resolve())
        message = f"{problem.message} (hint: {problem.hint})" if problem.hint else problem.message
        warn(message, f"{where}:{problem.line}")


def _note_images(env: BuildEnvironment, path: Path, quiz: Quiz) -> None:
    """Note that the page depends on the images of a quiz. They are in the folders of the files that it is made of."""
    folders = {file.parent for file in files_of(path)}
    for name in {*quiz.images, *(name for texts in quiz.translations.values() for name in texts.quiz.images)}:
        for image in (folder / name for folder in folders):
            if image.is_file():
                env.note_dependency(str(image))


def _introduction(quiz: Quiz, introduction: Section | StimulusBase) -> list[nodes.Node]:
    """What learners read before the questions of a section, or before those on a shared text."""
    title = [nodes.paragraph("", "", nodes.strong("", introduction.title))] if introduction.title else []
    text = introduction.text
    if text and isinstance(introduction, StimulusBase):
        variants = introduction.shown_variants()
        numbers = Numbers(variants[0] if variants else {}, quiz.language)
        return [*title, _author(introduction.full_text(), quiz, numbers)]
    return [*title, *([_author(text, quiz)] if text else [])]


def _fallback(quiz: Quiz, question: QuestionBase, number: int, count: int) -> nodes.container:
    """One question for readers without JavaScript: prompt, options, and the answer folded away."""
    words = strings(quiz.language)
    container = nodes.container("", classes=["civicquiz-fallback"], anchor=f"{page_anchor(quiz)}-{question.id}")
    heading = words["question"].format(number=number, count=count)
    container += nodes.paragraph("", "", nodes.strong("", heading))
    interaction = question.interaction()
    # In the browser, each learner gets different numbers; here everyone gets the first ones.
    numbers = Numbers(own_numbers(question, None, None), quiz.language)
    container += _author(question.full_prompt(), quiz, numbers)
    if isinstance(interaction, InlineGaps) or (isinstance(interaction, Choice) and interaction.passage):
        container += _passage(quiz, interaction.passage, numbers)
    else:
        for options in interaction.option_lists():
            container += nodes.bullet_list("", *[_list_item(quiz, (option,), numbers) for option in options])
    if isinstance(interaction, Scale):
        container += nodes.paragraph("", words["scale"].format(start=interaction.start, end=interaction.end))
    if quiz.feedback == "none" or not isinstance(question, KeyedQuestion):
        return container
    answer = AnswerNode("", SummaryNode("", "", nodes.Text(words["reveal"])))
    answer += _answer(quiz, question, numbers)
    explanation = question.full_explanation()
    if explanation:
        answer += _author(explanation, quiz, numbers)
    if len(answer) > 1:
        container += answer
    return container


def _answer(quiz: Quiz, question: KeyedQuestion, numbers: Numbers) -> list[nodes.Node]:
    """The right answer to a question, for readers; empty if only a person can score it."""
    key, interaction = question.key(), question.interaction()
    if key is None:
        return []
    label, right = strings(quiz.language)["right_answer"], key.answer_for(None)
    lines = list(answer_parts(interaction, right, numbers))
    if isinstance(right, str):
        return [nodes.paragraph("", f"{label} {text}") for (text,) in lines]
    listing = nodes.enumerated_list if isinstance(interaction, Ordering) else nodes.bullet_list
    return [nodes.paragraph("", label), listing("", *[_list_item(quiz, line, numbers) for line in lines])]


def _passage(quiz: Quiz, passage: Passage, numbers: Numbers) -> AuthorText:
    """A running text, with lines for gaps and brackets around what can be selected."""
    text = nodes.Text(with_numbers(passage_text(passage), numbers.written))
    return AuthorText("", "", text, html=f"<div>{numbers.passage_on_paper(passage, quiz.images)}</div>")


def _list_item(quiz: Quiz, line: tuple[Option | str, ...], numbers: Numbers) -> nodes.list_item:
    """An option, or an option with its match."""
    words = strings(quiz.language)
    texts, html = [], []
    for part in line:
        if isinstance(part, str):
            texts.append(part)
            html.append(escape(part))
        else:
            texts.append(words[part.word] if part.word else part.text)
            html.append(numbers.option(part, words, quiz.images))
    text = nodes.Text(with_numbers(": ".join(texts), numbers.written))
    return nodes.list_item("", AuthorText("", "", text, html=f"<p>{': '.join(html)}</p>"))


def _add_anchors(document: nodes.document, built: list[nodes.Node]) -> None:
    """Let links lead to each question, from any page of the book. ``page.js`` gives the same ids to what it draws."""
    for node in built:
        for container in node.findall(nodes.container):
            anchor = container.get("anchor")
            names = {anchor, nodes.fully_normalize_name(anchor or "")}  # links of MyST ask for one, roles for the other
            # A page may have a question twice, or something else of the same name.
            if anchor and anchor not in document.ids and names.isdisjoint(document.nameids):
                container["ids"].append(anchor)
                container["names"] += sorted(names)
                document.note_explicit_target(container)


def keep_first_anchors(_: Sphinx, doctree: nodes.document, __: str) -> None:
    """In a book of one page, a question that several pages have keeps one anchor."""
    seen = set()
    for container in doctree.findall(nodes.container):
        anchor = container.get("anchor")
        if anchor in seen and anchor in container["ids"]:
            container["ids"].remove(anchor)
        seen.add(anchor)


def _option_ids(argument: str) -> list[str]:
    return argument.replace(",", " ").split()


class QuizDirective(SphinxDirective):
    """``{quiz} PATH``: the quiz in the file PATH, relative to the page, or to the book's folder with a leading ``/``.

    ``:questions:`` names the questions to show; all of them by default.
    """

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"questions": _option_ids}

    def run(self) -> list[nodes.Node]:
        _, path = self.env.relfn2path(self.arguments[0])
        built = _build_quiz(self.env, Path(path), self.options.get("questions"), self.get_location())
        _add_anchors(self.state.document, built)
        return built


def replace_cells(app: Sphinx, doctree: nodes.document) -> None:
    """Replace the placeholders that the quiz cells of a notebook left behind with quizzes."""
    for raw in list(doctree.findall(nodes.raw)):
        placeholder = parse_placeholder(raw.astext()) if "civicquiz-cell" in raw.astext() else None
        if placeholder is None:
            continue
        relative_path, ids = placeholder
        # MyST-NB wraps each output in one container per MIME type and picks one later; this output needs no choice.
        output: nodes.Node = raw
        parent = raw.parent
        while isinstance(parent, nodes.container):
            if parent.get("nb_element") == "mime_bundle":
                output = parent
            parent = parent.parent
        assert output.parent is not None  # an output is in a document
        path = (Path(app.srcdir) / relative_path).resolve()
        built = _build_quiz(app.env, path, ids, raw)
        output.parent.replace(output, built)
        _add_anchors(doctree, built)


def visit_quiz(self: Any, node: QuizNode) -> None:
    """The HTML of a quiz: the JSON that ``page.js`` reads, then the static quiz that it replaces."""
    self.body.append(self.starttag(node, "div", CLASS="docutils"))
    if self.builder.name == "epub":
        return  # e-book readers run no scripts
    quiz = shown_on_page(load(node["path"]))
    ids = node["questions"] or None
    content = page_payload(quiz, ids, lambda claim_id: claim_uri(self.builder, claim_id))
    content["path"] = path_in_book(self.builder.srcdir, node["path"])
    _leave_out_words(content["quiz"], self.__dict__.setdefault("civicquiz_words", {}))
    self.body.append(f'<script type="application/json">{json_for_script(content)}</script>')


def _leave_out_words(quiz: dict[str, Any], sent: dict[str, set[str]]) -> None:
    """Leave out the words of the interface that an earlier quiz of the page has: ``sent``, the names by language. On a
    page with many quick checks, they would be most of it."""
    for texts in (quiz, *quiz.get("translations", {}).values()):
        known = sent.setdefault(texts["locale"], set())
        texts["strings"] = {name: text for name, text in texts["strings"].items() if name not in known}
        known.update(texts["strings"])


def close_div(self: Any, _: nodes.Node) -> None:
    self.body.append("</div>\n")


def visit_author_text(self: Any, node: AuthorText) -> None:
    self.body.append(node["html"])
    raise nodes.SkipNode


def tags(name: str) -> tuple[Any, Any]:
    """HTML visitors for a node that is one plain element."""
    return (
        lambda self, _: self.body.append(f"<{name}>"),
        lambda self, _: self.body.append(f"</{name}>\n"),
    )


def drop_summaries(app: Sphinx, doctree: nodes.document, _: str) -> None:
    """Remove the lines that unfold an answer from formats that cannot fold anything."""
    if app.builder.format != "html":
        for summary in list(doctree.findall(SummaryNode)):
            summary.parent.remove(summary)
