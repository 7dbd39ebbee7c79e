"""The response file: what a learner answered, kept beside the notebook."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from civicquiz.errors import CivicquizError

__all__ = ["SCHEMA_VERSION", "ResponseFile", "ResponseFileError"]

SCHEMA_VERSION = 1


class ResponseFileError(CivicquizError):
    """A response file cannot be written; the message says why."""


@dataclass
class ResponseFile:
    """The answers of one learner to one quiz, in the file ``path``.

    It holds what was given, and which questions have been checked (True once the answer has been shown), both by
    question id. It holds no scores: they come from the key whenever they are needed.
    """

    path: Path
    quiz: str
    content_hash: str
    #: where a file that could not be read was moved to
    set_aside: Path | None = None

    def read(self) -> tuple[dict[str, Any], dict[str, bool]]:
        """(responses, checked); both empty where there is no file yet.

        What is not a response file is moved out of the way, never overwritten.
        """
        try:
            content = json.loads(self.path.read_text("utf-8"))
            if content["schema"] != SCHEMA_VERSION:
                raise ValueError(f"schema {content['schema']!r}")
            responses, checked = content["responses"], content["checked"]
            if not isinstance(responses, dict) or not isinstance(checked, dict):
                raise ValueError("not mappings")
            return responses, {name: bool(settled) for name, settled in checked.items()}
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            self.set_aside = _set_aside(self.path)
        return {}, {}

    def update(self, questions: Iterable[str], responses: Mapping[str, Any], checked: Mapping[str, bool]) -> None:
        """Replace what the file says about ``questions`` and keep the rest: the same quiz may be shown in parts or
        twice, and answers to questions that an edited quiz no longer has are not ours to drop.

        The file is written whole or not at all: a temporary file beside it takes its place.

        Raises:
            ResponseFileError: it cannot be written; the file that was there before is untouched.
        """
        changed = set(questions)
        kept, kept_checked = self.read()
        content = {
            "schema": SCHEMA_VERSION,
            "quiz": self.quiz,
            "content_hash": self.content_hash,
            "responses": _replaced(kept, responses, changed),
            "checked": _replaced(kept_checked, checked, changed),
        }
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        temporary = None
        try:
            handle, temporary = tempfile.mkstemp(prefix=f"{self.path.name}.", suffix=".tmp", dir=self.path.parent)
            with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, self.path)
        except OSError as error:
            if temporary:
                Path(temporary).unlink(missing_ok=True)
            raise ResponseFileError(error.strerror or str(error)) from error


def _replaced(kept: Mapping[str, Any], now: Mapping[str, Any], changed: set[str]) -> dict[str, Any]:
    """``kept``, with what ``now`` says about the ``changed`` names."""
    others = {name: value for name, value in kept.items() if name not in changed}
    return others | {name: value for name, value in now.items() if name in changed}


def _set_aside(path: Path) -> Path | None:
    """Move ``path`` to a free name beside it; None where even that is not possible."""
    for number in range(1, 1000):
        target = path.with_name(f"{path.name}.unreadable-{number}")
        if not target.exists():
            try:
                return path.rename(target)
            except OSError:
                return None
    return None
