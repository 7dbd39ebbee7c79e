"""What only work with Spark needs: ``pip install 'civicquiz[spark]'``, which is large, and Java."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from civicquiz.classroom.requirements import require_polars
from civicquiz.errors import GradingError, MissingPackagesError

__all__ = ["require_java", "require_spark"]


def require_spark(purpose: str) -> None:
    """
    Raises:
        MissingPackagesError: pyspark, pyarrow or polars is not installed; the message starts with ``purpose``.
    """
    require_polars(purpose)
    try:
        import pyarrow  # noqa: F401
        import pyspark  # noqa: F401
    except ImportError:
        raise MissingPackagesError(purpose, "spark") from None


def require_java() -> None:
    """
    Raises:
        GradingError: there is no Java.
    """
    home = os.environ.get("JAVA_HOME")
    if not shutil.which(str(Path(home) / "bin" / "java") if home else "java"):
        where = f"in JAVA_HOME ('{home}')" if home else "on this machine"
        raise GradingError(f"Spark needs Java 17 or newer, and there is none {where}. {JAVA_HINT}")


JAVA_HINT = "On Debian and Ubuntu: apt install openjdk-17-jre-headless; elsewhere, see https://adoptium.net"
