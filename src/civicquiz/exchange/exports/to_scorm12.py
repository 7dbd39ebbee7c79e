"""SCORM 1.2: a package for nearly every learning platform.

Source: ADL, SCORM Version 1.2, Content Aggregation Model, section 2.3, and Run-Time Environment, section 3.4.
"""

from __future__ import annotations

from civicquiz.exchange.scorm_packages import ScormExporter

__all__ = ["EXPORTER"]


class Scorm12Exporter(ScormExporter):
    """Packages of SCORM 1.2."""

    name = "scorm12"
    title = "SCORM 1.2"
    version = schema = "1.2"
    namespaces = {  # noqa: RUF012
        "xmlns": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
        "xmlns:adlcp": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
    }
    resource_type = "adlcp:scormtype"


EXPORTER = Scorm12Exporter()
