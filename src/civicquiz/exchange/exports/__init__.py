"""The formats that can be exported: every module in this folder has an exporter, which is found by itself."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from civicquiz.exchange.exported import Exporter

__all__ = ["EXPORTERS"]

_found: list[Exporter] = [import_module(f"{__name__}.{module.name}").EXPORTER for module in iter_modules(__path__)]
#: name on the command line -> the exporter
EXPORTERS: dict[str, Exporter] = {exporter.name: exporter for exporter in sorted(_found, key=lambda one: one.name)}
