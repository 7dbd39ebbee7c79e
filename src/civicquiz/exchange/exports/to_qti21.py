"""QTI 2.1: packages of items and tests for platforms and item banks.

Source: https://www.imsglobal.org/question/index.html.
"""

from __future__ import annotations

from civicquiz.exchange.qti2_packages import QtiExporter, QtiVersion

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

EXPORTER = QtiExporter("qti21", "QTI 2.1", _VERSION)
