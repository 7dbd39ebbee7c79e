"""The files of a released copy that learners open: a self-contained page and a notebook."""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

from civicquiz.frontend.front_end import PAGE_SCRIPTS, front_end
from civicquiz.frontend.payload import page_payload
from civicquiz.frontend.static_files import json_for_script
from civicquiz.frontend.words import locale, strings
from civicquiz.hosts.documents.page_frame import html_page, is_document, language_attributes
from civicquiz.model.quiz import ReleasedQuiz

__all__ = ["is_ours", "notebook", "page"]

_GENERATOR = "civicquiz release"
#: The ids of the cells of a notebook.
_CELLS = ["how-to-answer", "quiz", "hand-in"]

#: Characters that Markdown could take for markup.
_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&])")


def page(copy: ReleasedQuiz) -> str:
    """The whole HTML page: learners answer on it and save their answers as a file to hand in.

    It contains its scripts, styles and images, so that it can be opened from anywhere, even without a network.
    """
    words = strings(copy.language)
    files = front_end(copy, copy.questions)
    payload = json_for_script(page_payload(copy))
    content = [
        f"<h1 {language_attributes(copy.language)}>{escape(copy.title)}</h1>",
        *(_how_to(copy, language) for language in _languages(copy)),
        f"<noscript><p><strong>{escape(words['needs_script'])}</strong></p></noscript>",
        f'<div class="civicquiz-static"><script type="application/json">{payload}</script></div>',
    ]
    # The words around the quiz are in English if there are none in the language of the quiz.
    language = locale(copy.language)
    return html_page(
        copy.title,
        content,
        language=language,
        styles=[*files.styles, "handout.css"],
        scripts=[*files.scripts, *PAGE_SCRIPTS],
        generator=_GENERATOR,
    )


def _languages(copy: ReleasedQuiz) -> list[str]:
    """The languages in which to say what to do: those of the quiz that the interface speaks, its own first."""
    return list(dict.fromkeys(map(locale, (copy.language, *copy.translations))))


def _how_to(copy: ReleasedQuiz, language: str) -> str:
    """How to answer on the page and what to hand in, as HTML. Nobody has chosen a language yet when reading this, so it
    is there in each of them."""
    words = strings(language)
    how = [words["how_to_answer"], words["hand_in_page"].format(button=words["file"], file=_answers(copy))]
    lines = "".join(f"<p>{escape(line)}</p>" for line in how)
    return f"<section {language_attributes(language)}><h2>{escape(words['how_to'])}</h2>{lines}</section>"


def is_ours(name: str, content: bytes) -> bool:
    """Whether a file with this name was written by ``civicquiz release``, and no cell was added to a notebook since."""
    text = content.decode("utf-8", "replace")
    if name.endswith(".html"):
        return is_document(text[:2000], _GENERATOR)
    try:
        return [cell.get("id") for cell in json.loads(text)["cells"]] == _CELLS
    except (ValueError, LookupError, TypeError, AttributeError):
        return False


def notebook(copy: ReleasedQuiz) -> str:
    """The notebook, as JSON: how to answer, a cell that shows the quiz, and what to hand in.

    It goes next to the file of the copy.
    """
    spoken = [strings(language) for language in _languages(copy)]
    file = json.dumps(f"{copy.name}.yml", ensure_ascii=False)
    title = _MARKUP.sub(r"\\\1", " ".join(copy.title.split()))
    cells = [
        _markdown(
            _CELLS[0], f"# {title}", *(words[name] for words in spoken for name in ("how_to_answer", "run_cell"))
        ),
        {
            "cell_type": "code",
            "execution_count": None,
            "id": _CELLS[1],
            "metadata": {},
            "outputs": [],
            "source": _lines(f"import civicquiz\n\ncivicquiz.show({file})"),
        },
        _markdown(_CELLS[2], *(words["hand_in_notebook"].format(file=f"`{_answers(copy)}`") for words in spoken)),
    ]
    content = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _answers(copy: ReleasedQuiz) -> str:
    """The name of the file that both hosts save the answers in."""
    return f"{copy.name}.responses.json"


def _markdown(name: str, *paragraphs: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": _lines("\n\n".join(paragraphs))}


def _lines(text: str) -> list[str]:
    """A text as notebooks store it: its lines, each with its line end."""
    return text.splitlines(keepends=True)
