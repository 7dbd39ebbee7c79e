"""QTI 2.1: packages of items and tests for platforms and item banks.

Source: https://www.imsglobal.org/question/index.html.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from civicquiz.exchange.exported import Exported
from civicquiz.exchange.qti2_packages import QtiVersion, export_package, wrote_package
from civicquiz.model.translations import Translation

__all__ = ["EXPORTER"]

_VERSION = QtiVersion(
    items="http://www.imsglobal.org/xsd/imsqti_v2p1",
    manifest="http://www.imsglobal.org/xsd/imscp_v1p1",
    schema="QTIv2.1 Package",
    schema_version="1.0.0",
    test_type="imsqti_test_xmlv2p1",
    item_type="imsqti_item_xmlv2p1",
    stimulus_type="",
    has_new_names=False,
)


class Qti21Exporter:
    """Packages in QTI 2.1."""

    name: ClassVar[str] = "qti21"
    title: ClassVar[str] = "QTI 2.1"
    ending: ClassVar[str] = ".zip"

    def wrote(self, content: bytes) -> bool:
        return wrote_package(content)

    def export(self, quizzes: Sequence[Translation]) -> Exported:
        return export_package(quizzes, _VERSION)


EXPORTER = Qti21Exporter()
