"""A released copy in the two forms that learners open: a page that stands by itself, and a notebook."""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

from civicquiz.frontend.payload import front_end, public_payload
from civicquiz.frontend.static_files import json_for_script, static_text
from civicquiz.frontend.words import locale, strings
from civicquiz.model.quiz import ReleasedQuiz

__all__ = ["notebook", "page"]

#: The page runs the scripts it holds and shows the images it holds; it can ask no host for anything.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)

#: What Markdown could take for more than a letter.
_SIGNS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&])")


def page(copy: ReleasedQuiz) -> str:
    """The whole HTML page: learners answer on it and save their answers as a file to hand in.

    Scripts, styles and images are in it, so that it can be opened from anywhere, also without a network.
    """
    words = strings(copy.language)
    names = front_end(copy, copy.questions)
    styles = "".join(static_text(f"{name}.css") for name in [*names, "handout"])
    scripts = "\n".join(f"<script>{static_text(f'{name}.js')}</script>" for name in [*names, "page"])
    how = [words["how_to_answer"], words["hand_in_page"].format(button=words["file"], file=_answers(copy))]
    title, language = escape(copy.title), escape(copy.language)
    content = json_for_script({"quiz": public_payload(copy)})
    return (
        f'<!DOCTYPE html>\n<html lang="{locale(copy.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{title}</title>\n<style>\n{styles}</style>\n'
        f'</head>\n<body>\n<main>\n<h1 lang="{language}" dir="auto">{title}</h1>\n'
        f"<h2>{escape(words['how_to'])}</h2>\n"
        + "".join(f"<p>{escape(line)}</p>\n" for line in how)
        + f"<noscript><p><strong>{escape(words['needs_script'])}</strong></p></noscript>\n"
        f'<div class="civicquiz-static"><script type="application/json">{content}</script></div>\n'
        f"</main>\n{scripts}\n</body>\n</html>\n"
    )


def notebook(copy: ReleasedQuiz) -> str:
    """The notebook, as JSON: how to answer, a cell that shows the quiz, and what to hand in.

    It lies beside the file of the copy.
    """
    words = strings(copy.language)
    file = json.dumps(f"{copy.name}.yml", ensure_ascii=False)
    title = _SIGNS.sub(r"\\\1", " ".join(copy.title.split()))
    cells = [
        _markdown("how-to-answer", f"# {title}", words["how_to_answer"], words["run_cell"]),
        {
            "cell_type": "code",
            "execution_count": None,
            "id": "quiz",
            "metadata": {},
            "outputs": [],
            "source": _lines(f"import civicquiz\n\ncivicquiz.show({file})"),
        },
        _markdown("hand-in", words["hand_in_notebook"].format(file=f"`{_answers(copy)}`")),
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
    """The file that both hosts save the answers in."""
    return f"{copy.name}.responses.json"


def _markdown(name: str, *paragraphs: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": _lines("\n\n".join(paragraphs))}


def _lines(text: str) -> list[str]:
    """A text as notebooks have it: its lines, each with its end."""
    return text.splitlines(keepends=True)
