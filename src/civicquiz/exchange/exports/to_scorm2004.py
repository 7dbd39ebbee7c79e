"""SCORM 2004, 4th edition: a package with room for long answers.

Source: ADL, SCORM 2004 4th Edition, Content Aggregation Model, section 3.4, and Sequencing and Navigation, section 3.
"""

from __future__ import annotations

from civicquiz.exchange.scorm_packages import ScormExporter

__all__ = ["EXPORTER"]


class Scorm2004Exporter(ScormExporter):
    """Packages of SCORM 2004."""

    name = "scorm2004"
    title = "SCORM 2004"
    version = "2004"
    schema = "2004 4th Edition"
    namespaces = {  # noqa: RUF012
        "xmlns": "http://www.imsglobal.org/xsd/imscp_v1p1",
        "xmlns:adlcp": "http://www.adlnet.org/xsd/adlcp_v1p3",
        "xmlns:imsss": "http://www.imsglobal.org/xsd/imsss",
    }
    resource_type = "adlcp:scormType"
    order_of_pages = '<imsss:sequencing><imsss:controlMode choice="true" flow="true"/></imsss:sequencing>\n'
    # Otherwise a platform may take a page that was left without an answer for completed, and for passed.
    rules_of_page = (
        '<imsss:sequencing><imsss:deliveryControls completionSetByContent="true" objectiveSetByContent="true"/>'
        "</imsss:sequencing>"
    )


EXPORTER = Scorm2004Exporter()
