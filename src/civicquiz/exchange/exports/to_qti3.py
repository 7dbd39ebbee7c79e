"""QTI 3.0: packages of items, tests and shared texts for platforms and item banks.

Source: https://www.imsglobal.org/spec/qti/v3p0/impl.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from civicquiz.exchange.exported import Exported
from civicquiz.exchange.qti2_packages import QtiVersion, export_package, wrote_package
from civicquiz.model.translations import Translation

__all__ = ["EXPORTER"]

_VERSION = QtiVersion(
    items="http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    manifest="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    schema="QTI Package",
    schema_version="3.0.0",
    test_type="imsqti_test_xmlv3p0",
    item_type="imsqti_item_xmlv3p0",
    stimulus_type="imsqti_stimulus_xmlv3p0",
    has_new_names=True,
)


class Qti3Exporter:
    """Packages in QTI 3.0."""

    name: ClassVar[str] = "qti3"
    title: ClassVar[str] = "QTI 3.0"
    ending: ClassVar[str] = ".zip"

    def wrote(self, content: bytes) -> bool:
        return wrote_package(content)

    def export(self, quizzes: Sequence[Translation]) -> Exported:
        return export_package(quizzes, _VERSION)


EXPORTER = Qti3Exporter()
