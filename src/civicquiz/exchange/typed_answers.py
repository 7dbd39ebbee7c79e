"""Answers that students type, for a program that only compares them with a list of right texts."""

from __future__ import annotations

from civicquiz.exchange.exported import Losses
from civicquiz.model.interactions import TextEntryKey

__all__ = ["right_texts"]


def right_texts(key: TextEntryKey, program: str, losses: Losses) -> list[str]:
    """The texts that are right, the one to show first; where ``program`` compares them in another way is noted.

    It is taken to ignore capital letters, as such programs do, and nothing else.
    """
    rule = key.rule
    if any(credit < 100 for credit in key.accept.values()):
        reason = f"In {program}, a text is right or wrong: those that earn part of the points here are wrong there."
        losses.approximate("score", reason)
    if rule.typos:
        losses.approximate("score", f"{program} does not forgive typing errors.")
    for name, what in (("punctuation", "punctuation"), ("diacritics", "accents")):
        if name in rule.ignore:
            losses.approximate("score", f"{program} does not ignore {what}.")
    if "case" not in rule.ignore:
        losses.approximate("score", f"In {program}, capital and small letters are the same.")
    losses.approximate("typing", f"{program} compares texts in its own way; try there what spaces and dashes do.")
    texts = [text for text, credit in key.accept.items() if credit == 100]
    return sorted((" ".join(text.split()) for text in texts), key=lambda text: text != key.right)
