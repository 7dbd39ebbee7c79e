"""Answers that students type, where another program compares them with texts, and not as a quiz does."""

from __future__ import annotations

import re

from civicquiz.authoring.normal_form import normal_form
from civicquiz.exchange.exported import Losses
from civicquiz.model.interactions import TextEntryKey

__all__ = ["is_case_sensitive", "right_texts", "text_losses"]


def is_case_sensitive(key: TextEntryKey) -> bool:
    """Whether capital and small letters differ."""
    return "case" not in key.rule.ignore


def text_losses(key: TextEntryKey, program: str, losses: Losses) -> None:
    """Note where ``program``, which ignores spaces at the ends, and case if asked to, compares in another way."""
    _note_unforgiven(key, program, losses)
    if "space" not in key.rule.ignore:
        losses.approximate("typing", f"{program} ignores spaces at the ends.")
    if any(re.search(r"[\W_]", text) or normal_form(text) != text for text in key.accept):
        reason = f"{program} compares every character: two spaces in a row, or another quotation mark or dash, make a"
        losses.approximate("typing", f"{reason} text wrong.")


def right_texts(key: TextEntryKey, program: str, losses: Losses) -> list[str]:
    """The texts that are right, the one to show first; where ``program`` compares them in another way is noted.

    It is taken to ignore capital letters, as such programs do, and nothing else.
    """
    if any(credit < 100 for credit in key.accept.values()):
        reason = f"In {program}, a text is right or wrong: those that earn part of the points here are wrong there."
        losses.approximate("score", reason)
    _note_unforgiven(key, program, losses)
    if is_case_sensitive(key):
        losses.approximate("score", f"In {program}, capital and small letters are the same.")
    losses.approximate("typing", f"{program} compares texts in its own way; try there what spaces and dashes do.")
    texts = [text for text, credit in key.accept.items() if credit == 100]
    return sorted((" ".join(text.split()) for text in texts), key=lambda text: text != key.right)


def _note_unforgiven(key: TextEntryKey, program: str, losses: Losses) -> None:
    """Note what makes a text wrong in ``program`` although it does not here."""
    if key.rule.typos:
        losses.approximate("score", f"{program} does not forgive typing errors.")
    for name, what in (("punctuation", "punctuation"), ("diacritics", "accents")):
        if name in key.rule.ignore:
            losses.approximate("score", f"{program} does not ignore {what}.")
