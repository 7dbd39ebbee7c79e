"""How flash cards look in Anki: their fields, templates and style."""

from __future__ import annotations

from civicquiz.exchange.anki_package import NoteType

__all__ = ["CARD", "CLOZE"]

_COMMON = ("Answer", "Explanation", "Source", "Hint", "Feedback", "Language")

#: Colors for light and dark screens: Anki and AnkiDroid have different names for the latter.
_STYLE = """\
.card { color: #1a1a1a; background: #fff; font-family: sans-serif; font-size: 1.25rem; line-height: 1.5; }
.text { max-width: 40em; margin: 0 auto; text-align: start; overflow-wrap: break-word; }
.text img, .text video { max-width: 100%; height: auto; background: #fff; }
.text table { border-collapse: collapse; display: block; max-width: 100%; overflow-x: auto; }
.text th, .text td { border: 1px solid; padding: 0.25em 0.5em; }
.text pre { white-space: pre-wrap; }
.text summary { cursor: pointer; }
.text a, .cloze { color: #0b4fa8; }
.cloze { font-weight: bold; }
.answer { font-weight: bold; }
.feedback, .source { font-size: 0.85em; }
.feedback p { margin: 0 0 0.5em; }
.nightMode.card, .nightMode .card, .night_mode.card, .night_mode .card { color: #eee; background: #1e1e1e; }
.nightMode .text a, .nightMode .cloze, .night_mode .text a, .night_mode .cloze { color: #9cc4ff; }
"""


def _part(name: str) -> str:
    """A field in a template, if it has anything in it."""
    return f'{{{{#{name}}}}}<div class="{name.lower()}">{{{{{name}}}}}</div>{{{{/{name}}}}}\n'


def _in_language(content: str) -> str:
    return f'<div class="text" lang="{{{{Language}}}}" dir="auto">\n{content}</div>\n'


_TYPED = "{{#Typed}}{{type:Typed}}{{/Typed}}\n"
_BEHIND = "".join(map(_part, ("Answer", "Explanation", "Feedback", "Source")))
#: What is above the answer. The front side plays no sound again, but has the field to type in.
_FRONT = f"{{{{^Typed}}}}{{{{FrontSide}}}}{{{{/Typed}}}}{{{{#Typed}}}}{_part('Question')}{{{{/Typed}}}}\n"
_PASSAGE = '<div class="passage">{{cloze:Text}}</div>\n'

#: A question, its options, and its answer on the back. Where there is something to type, ``Typed`` is it.
CARD = NoteType(
    "civicquiz card",
    ("Id", "Question", "Options", *_COMMON, "Typed"),
    _in_language(_part("Question") + _part("Options") + _TYPED + _part("Hint")),
    _in_language(f'{_FRONT}<hr id="answer">\n{_TYPED}{_BEHIND}'),
    _STYLE,
)
#: A text with blanks, each of which becomes a card.
CLOZE = NoteType(
    "civicquiz cloze",
    ("Id", "Question", "Text", *_COMMON),
    _in_language(_part("Question") + _PASSAGE + _part("Hint")),
    _in_language(f'{_part("Question")}{_PASSAGE}<hr id="answer">\n{_BEHIND}'),
    _STYLE,
    is_cloze=True,
)
