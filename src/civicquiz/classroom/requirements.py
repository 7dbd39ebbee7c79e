"""The packages that only grading and reports need: ``pip install 'civicquiz[grading]'``.

polars is large, so it is imported when a command needs it and not when the command line starts: call
:func:`require_polars`, then import the modules that import it.
"""

from __future__ import annotations

from civicquiz.errors import MissingPackagesError

__all__ = ["require_polars"]


def require_polars(purpose: str) -> None:
    """
    Raises:
        MissingPackagesError: polars is not installed; the message starts with ``purpose``.
    """
    try:
        import polars  # noqa: F401
    except ImportError:
        raise MissingPackagesError(purpose, "grading") from None
