"""QTI 3.0: packages of items, tests and shared texts for platforms and item banks.

Source: https://www.imsglobal.org/spec/qti/v3p0/impl.
"""

from __future__ import annotations

from civicquiz.exchange.qti2_packages import QtiExporter, QtiVersion

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

EXPORTER = QtiExporter("qti3", "QTI 3.0", _VERSION)
