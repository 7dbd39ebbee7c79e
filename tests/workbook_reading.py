"""A reading of Excel workbooks that knows nothing of the writer: by ECMA-376, part 1, section 18, without a library."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

_NAMES = {"": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}

Cells = dict[str, "str | int | float"]


def read_workbook(content: bytes) -> Cells:
    """What the cells of the first sheet hold, by their names such as ``B9``; fails at formulas, dates and errors."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        assert {"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/styles.xml"} <= set(names)
        shared = "xl/sharedStrings.xml"
        strings = [_text(one) for one in _root(archive, shared)] if shared in names else []
        cells: Cells = {}
        for cell in _root(archive, "xl/worksheets/sheet1.xml").iterfind(".//c", _NAMES):
            name, stored = cell.get("r", ""), cell.get("t", "n")
            assert cell.find("f", _NAMES) is None
            value = cell.findtext("v", "", _NAMES)
            if stored == "inlineStr":
                cells[name] = _text(cell)
            elif stored == "s":
                cells[name] = strings[int(value)]
            elif value:
                assert stored == "n"
                cells[name] = float(value) if "." in value else int(value)
    return cells


def _root(archive: zipfile.ZipFile, path: str) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(path))


def _text(element: ElementTree.Element) -> str:
    text = "".join(one.text or "" for one in element.iterfind(".//t", _NAMES))
    assert len(text) <= 32_767
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)
