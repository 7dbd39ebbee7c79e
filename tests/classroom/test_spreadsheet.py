"""CSV files in a real spreadsheet, LibreOffice: nothing that a learner wrote becomes a formula."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from civicquiz.exchange.csv_files import csv_text

SOFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice (apt install libreoffice-calc)"),
]

FORMULAS = [
    "=1+1",
    " =1+1",
    "\N{NO-BREAK SPACE}=1+1",
    "\N{FULLWIDTH EQUALS SIGN}1+1",
    "-1+A1",
    "+1+A1",
    "@SUM(1)",
    '=HYPERLINK("http://example.org")',
    "=cmd|' /C calc'!A0",
    '"=1+1"',
    '""=1+1"',
]
#: What stands before a formula in the same text. All but the word are separators in some setting of the import dialog.
BEFORE = [
    "",
    " ",
    ",",
    ";",
    "\t",
    "|",
    "\n",
    ":",
    "^",
    "~",
    "#",
    "\x00",
    "\x0b",
    "\r",
    "\u2028",
    'a";',
    'a",',
    "a;\t",
    ", ",
]
TEXTS = [f"{start}{formula}" for start in BEFORE for formula in FORMULAS]
TEXTS += [f"word{text}" for text in TEXTS if not text.startswith("=")]
HEADER, ROWS = ("learner", "response", "points"), [(f"s{n}", text, n) for n, text in enumerate(TEXTS)]

#: (separators, quotation mark) of the import dialog, as numbers of characters; "MRG" takes several separators for one.
SETTINGS = [
    ("44", "34"),  # what fits the file
    ("9/59/44", "34"),  # what the dialog proposes
    ("9/59", "34"),
    ("59", "34"),
    ("44/59/9/MRG", "34"),
    ("32", "34"),
    ("44/32/MRG", "34"),
    ("58", "34"),
    ("124", "34"),
    ("94", "34"),  # ^, named under "other"
    ("35", "34"),  # #
    ("44", "39"),  # apostrophes as quotation marks; what already stands in them cannot be guarded by one
    ("9/59/44", ""),  # no quotation marks
    ("44/59/9/32/58/124", "34"),
]


def formulas_in(path: Path, separators: str, quote: str, home: Path) -> list[str]:
    """What LibreOffice takes for formulas when it imports the file as UTF-8 and is told to evaluate formulas."""
    # Source of the tokens: https://wiki.documentfoundation.org/Documentation/DevGuide/Spreadsheet_Documents,
    # "Filter Options for the CSV Filter".
    asked = f"--infilter=CSV:{separators},{quote},76,1,,0,false,true,false,false,false,-1,true"
    command = [
        str(SOFFICE),
        f"-env:UserInstallation={(home / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "fods",
    ]
    subprocess.run([*command, "--outdir", home, asked, path], check=True, capture_output=True, timeout=300)
    content = (home / f"{path.stem}.fods").read_text("utf-8")
    assert content.count("<table:table-row") > 100  # it did read the file
    return re.findall('table:formula="([^"]*)"', content)


def test_no_setting_of_the_import_dialog_finds_a_formula_in_what_a_learner_wrote(tmp_path: Path) -> None:
    unguarded = io.StringIO(newline="")
    csv.writer(unguarded).writerows([HEADER, *ROWS])
    (tmp_path / "unguarded.csv").write_bytes(unguarded.getvalue().encode("utf-8-sig"))
    (tmp_path / "table.csv").write_bytes(csv_text(HEADER, ROWS).encode("utf-8-sig"))
    for separators, quote in SETTINGS:
        assert formulas_in(tmp_path / "unguarded.csv", separators, quote, tmp_path) != [], separators
        assert formulas_in(tmp_path / "table.csv", separators, quote, tmp_path) == [], (separators, quote)
