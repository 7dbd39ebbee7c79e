"""The files of a package for Canvas besides the items: the list of all files, and the settings of a quiz."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from civicquiz.exchange.xml_writing import element

__all__ = ["manifest", "settings_document"]


def settings_document(ident: str, values: Mapping[str, str | bool]) -> str:
    """The settings of the quiz whose items are in a file with the same identifier, by their names in Canvas."""
    elements = "".join(
        element(name, str(value).lower() if isinstance(value, bool) else value) for name, value in values.items()
    )
    namespace = "http://canvas.instructure.com/xsd/cccv1p0"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz identifier="{ident}" xmlns="{namespace}"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:schemaLocation="{namespace} https://canvas.instructure.com/xsd/cccv1p0.xsd">\n{elements}</quiz>\n'
    )


def manifest(idents: Iterable[str], pictures: Iterable[str]) -> str:
    """The list of the files: two for each quiz, and the pictures by their paths."""
    resources = []
    for ident in idents:
        settings = f"{ident}/assessment_meta.xml"
        resources.append(
            f'<resource identifier="{ident}" type="imsqti_xmlv1p2"><file href="{ident}/{ident}.xml"/>'
            f'<dependency identifierref="{ident}.settings"/></resource>\n'
            f'<resource identifier="{ident}.settings" href="{settings}"'
            ' type="associatedcontent/imscc_xmlv1p1/learning-application-resource">'
            f'<file href="{settings}"/></resource>\n'
        )
    for number, path in enumerate(pictures, start=1):
        start = f'<resource identifier="picture-{number}" type="webcontent" href="{path}">'
        resources.append(f'{start}<file href="{path}"/></resource>\n')
    namespace = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
    return (
        f'<manifest identifier="civicquiz" xmlns="{namespace}">\n'
        "<metadata><schema>IMS Content</schema><schemaversion>1.1.3</schemaversion></metadata>\n"
        f"<organizations/>\n<resources>\n{''.join(resources)}</resources></manifest>\n"
    )
