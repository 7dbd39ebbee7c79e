"""Sounds and videos next to a quiz, which an author writes like images: ``![the word to write down](word.mp3)``."""

from __future__ import annotations

import re
from html import escape

__all__ = ["ENDINGS", "MAX_BYTES", "RECORDING_CLASS", "is_recording", "media_type", "recording_html"]

#: The most bytes that one recording may have: about two minutes of speech, or a few seconds of video.
MAX_BYTES = 1_000_000

#: The class of the words of a recording. ``static/blocks.css`` shows them only on paper.
RECORDING_CLASS = "civicquiz-recording"

#: Media type -> the ending that a released copy gives to the name of such a file.
ENDINGS = {
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "video/mp4": "mp4",
    "video/webm": "webm",
}
_NAMES = re.compile(r"\.(mp3|m4a|ogg|opus|wav|mp4|webm)$", re.IGNORECASE)

#: How a file of each type begins (WHATWG, MIME Sniffing, section 6.2; the brands of MP4 are registered at mp4ra.org).
_SIGNATURES = {
    "audio/mpeg": re.compile(rb"ID3|\xff[\xe2-\xfb]"),
    "audio/mp4": re.compile(rb"....ftypM4[AB]", re.DOTALL),
    "audio/ogg": re.compile(rb"OggS\0"),
    "audio/wav": re.compile(rb"RIFF....WAVE", re.DOTALL),
    "video/mp4": re.compile(rb"....ftyp(?!qt  )", re.DOTALL),
    "video/webm": re.compile(rb"\x1a\x45\xdf\xa3"),
}


def is_recording(name: str) -> bool:
    """Whether a file has the name of a recording that browsers play."""
    return _NAMES.search(name) is not None


def media_type(content: bytes) -> str | None:
    """The type of a recording; None if browsers cannot play it."""
    return next((name for name, signature in _SIGNATURES.items() if signature.match(content)), None)


def recording_html(uri: str, words: str) -> str:
    """A player for the recording in the data URI ``uri``, with ``words`` that say what it is."""
    tag = "audio" if uri.startswith("data:audio/") else "video"
    player = f'<{tag} controls preload="metadata" src="{escape(uri)}" aria-label="{escape(words)}"></{tag}>'
    return f'{player}<span class="{RECORDING_CLASS}">{escape(words)}</span>'
