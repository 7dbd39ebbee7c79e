"""The formats that can be imported: every module in this folder has a reader, which is found by itself."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from civicquiz.exchange.imported import Reader

__all__ = ["READERS"]

_found: list[Reader] = [import_module(f"{__name__}.{module.name}").READER for module in iter_modules(__path__)]
#: name on the command line -> the reader, in the order in which they are asked whether a file is theirs
READERS: dict[str, Reader] = {reader.name: reader for reader in sorted(_found, key=lambda one: (one.turn, one.name))}
