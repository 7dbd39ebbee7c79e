"""The packages that only the preview needs: ``pip install 'civicquiz[preview]'``.

They are imported where a command needs them: call :func:`require_preview` first.
"""

from __future__ import annotations

from civicquiz.errors import MissingPackagesError

__all__ = ["require_preview"]


def require_preview(purpose: str) -> None:
    """
    Raises:
        MissingPackagesError: a package is not installed; the message starts with ``purpose``.
    """
    try:
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
        import watchfiles  # noqa: F401
    except ImportError:
        raise MissingPackagesError(purpose, "preview") from None
