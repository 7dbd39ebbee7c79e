"""``{quiz}`` and the quiz cells of notebooks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from civicquiz import markdown
from civicquiz.book.claims import claim_uri, note_use
from civicquiz.book.warnings import warn
from civicquiz.book_cell import parse_mark
from civicquiz.errors import QuizError
from civicquiz.interactions import Interaction, Option
from civicquiz.payload import encoded_key, front_end, option_html, public_payload, restricted, segment_html, strings
from civicquiz.questions import QuestionBase
from civicquiz.quiz import load


class QuizNode(nodes.container):
    """A quiz; its children are what readers without JavaScript get."""


class AnswerNode(nodes.container):
    """What is folded away on a page: the answer to a question. The first child is the summary."""


class SummaryNode(nodes.paragraph):
    """The line that unfolds an :class:`AnswerNode`."""


class AuthorText(nodes.paragraph):
    """An author's Markdown: ``html`` for HTML builders, the source as it was written for the others."""


def _author(text: str) -> AuthorText:
    return AuthorText("", "", nodes.Text(text), html=markdown.render(text))


def _build_quiz(env: BuildEnvironment, path: Path, ids: list[str] | None, location: Any) -> list[nodes.Node]:
    """The nodes of a quiz; a warning and nothing else if it cannot be shown."""
    env.note_dependency(str(path))
    for seed in (path.parent.parent / "seeds").glob("*.yml"):
        env.note_dependency(str(seed))
    if not path.is_file():
        warn(f"there is no quiz '{path.name}' (looked for {path})", location)
        return []
    try:
        quiz = load(path)
        questions = quiz.select(ids)
    except QuizError as error:
        for problem in error.problems:
            where = str((Path.cwd() / problem.path).resolve())
            message = f"{problem.message} (hint: {problem.hint})" if problem.hint else problem.message
            warn(message, f"{where}:{problem.line}")
        return []
    except KeyError as error:
        warn(str(error.args[0]), location)
        return []
    words = strings(quiz.language)
    node = QuizNode("", path=str(path), questions=ids or [], classes=["civicquiz-static"])
    node["front_end"] = front_end(questions)
    node += nodes.paragraph("", "", nodes.strong("", quiz.title))
    for number, question in enumerate(questions, start=1):
        node += _fallback(question, words, number, len(questions))
    place = env.new_serialno("civicquiz-quiz") + 1
    anchor = nodes.make_id(f"quiz-{env.docname}-{place}")
    node["ids"].append(anchor)
    for question in questions:
        for claim_id in question.cites:
            note_use(env, claim_id, place, anchor, f"quiz “{quiz.title}”")
    return [node]


def _fallback(question: QuestionBase, words: dict[str, str], number: int, count: int) -> nodes.container:
    """One question for readers without JavaScript: prompt, options, and the answer folded away."""
    container = nodes.container("", classes=["civicquiz-fallback"])
    heading = words["question"].format(number=number, count=count)
    container += nodes.paragraph("", "", nodes.strong("", heading))
    container += _author(question.full_prompt())
    interaction = question.interaction()
    public = interaction.public()
    if public.get("passage"):
        container += _passage(public["passage"])
    else:
        for name in ("options", "targets"):
            if public.get(name):
                container += nodes.bullet_list("", *[_list_item(option, words) for option in public[name]])
    if "start" in public:
        container += nodes.paragraph("", words["scale"].format(start=public["start"], end=public["end"]))
    answer = AnswerNode("", SummaryNode("", "", nodes.Text(words["reveal"])))
    answer += _answer(interaction, words)
    explanation = question.full_explanation()
    if explanation:
        answer += _author(explanation)
    if len(answer) > 1:
        container += answer
    return container


def _answer(interaction: Interaction, words: dict[str, str]) -> list[nodes.Node]:
    """The right answer to a question, for readers."""
    right, public = interaction.answer, interaction.public()
    options: dict[str, Option] = {
        option.id: option for name in ("options", "targets") for option in public.get(name, ())
    }
    if isinstance(right, str):
        told = f"{words['right_answer']} {right} {public.get('unit', '')}".rstrip()
        return [nodes.paragraph("", told)] if right else []
    heading = nodes.paragraph("", words["right_answer"])
    if isinstance(right, dict):
        pairs = []
        for number, (name, value) in enumerate(right.items(), start=1):
            left = options.get(name, Option(name, str(number)))
            goes_with = options.get(value, Option(value, value))
            html = f"<p>{option_html(left, words)}: {option_html(goes_with, words)}</p>"
            text = nodes.Text(f"{left.text}: {goes_with.text}")
            pairs.append(nodes.list_item("", AuthorText("", "", text, html=html)))
        return [heading, nodes.bullet_list("", *pairs)]
    listing = nodes.enumerated_list if interaction.name == "order" else nodes.bullet_list
    return [heading, listing("", *[_list_item(options[name], words) for name in right])]


def _passage(segments: tuple[str | Option | tuple[str, str], ...]) -> AuthorText:
    """A running text in which gaps are lines and what can be marked stands in brackets."""
    text = html = ""
    for segment in segments:
        if isinstance(segment, str):
            text += segment
            html += segment_html(segment)
        elif isinstance(segment, Option):
            text += f"[{segment.text}]"
            html += f"[{markdown.inline(segment.text)}]"
        else:
            text += "______"
            html += "______"
    return AuthorText("", "", nodes.Text(text), html=f"<p>{html}</p>")


def _list_item(option: Option, words: dict[str, str]) -> nodes.list_item:
    text = words[option.word] if option.word else option.text
    return nodes.list_item("", AuthorText("", "", nodes.Text(text), html=f"<p>{option_html(option, words)}</p>"))


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
        return _build_quiz(self.env, Path(path), self.options.get("questions"), self.get_location())


def replace_cells(app: Sphinx, doctree: nodes.document) -> None:
    """Quiz cells of a notebook, which left a mark, become quizzes."""
    for raw in list(doctree.findall(nodes.raw)):
        mark = parse_mark(raw.astext()) if "civicquiz-cell" in raw.astext() else None
        if mark is None:
            continue
        # MyST-NB wraps each output in one container per MIME type and picks one later; this output needs no choice.
        place: nodes.Node = raw
        parent = raw.parent
        while isinstance(parent, nodes.container):
            if parent.get("nb_element") == "mime_bundle":
                place = parent
            parent = parent.parent
        assert place.parent is not None  # an output stands in a document
        path = (Path(app.srcdir) / mark[0]).resolve()
        place.parent.replace(place, _build_quiz(app.env, path, mark[1], raw))


def visit_quiz(self: Any, node: QuizNode) -> None:
    """HTML of a quiz: what ``page.js`` reads, and behind it what it puts the interactive quiz in the place of."""
    self.body.append(self.starttag(node, "div", CLASS="docutils"))
    if self.builder.name == "epub":
        return  # readers of e-books run no scripts
    quiz = load(node["path"])
    ids = node["questions"] or [question.id for question in quiz.questions]
    content = {
        "quiz": restricted(public_payload(quiz), ids),
        "key": encoded_key(quiz, quiz.select(ids), lambda claim_id: claim_uri(self.builder, claim_id)),
    }
    self.body.append(f'<script type="application/json">{_island(content)}</script>')


def _island(content: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


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
    """Where nothing can be folded, there is nothing to unfold."""
    if app.builder.format != "html":
        for summary in list(doctree.findall(SummaryNode)):
            summary.parent.remove(summary)
