"""Problems as Sphinx warnings with a location; with ``-W`` they stop a build."""

from __future__ import annotations

from typing import Any

from sphinx.util import logging

logger = logging.getLogger("civicquiz.hosts.book")


def warn(message: str, location: Any) -> None:
    """Warn about ``message`` at ``location``: a node, ``path:line``, or the location that a directive reports."""
    logger.warning(message, location=location, type="civicquiz", subtype="quiz")
