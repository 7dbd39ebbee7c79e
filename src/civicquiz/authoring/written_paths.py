"""The paths of other files that an author writes: of images, recordings and quizzes."""

from __future__ import annotations

import re

__all__ = ["path_mistake"]


def path_mistake(path: str) -> tuple[str, str] | None:
    """(what is wrong, hint) with a path that names no file that a quiz may use, wherever it starts; None if it may."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", path):
        return "is an address, not a file", "save the file next to the quiz, and write its path"
    if "\\" in path:
        return "has a backslash in its path", "write '/' between a folder and what is in it"
    if any(part.startswith(".") and part not in (".", "..") for part in path.split("/")):
        return "is a hidden file, or in a hidden folder", "give it a name that does not start with a dot"
    return None
