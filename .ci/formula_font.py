"""Write src/civicquiz/frontend/static/formulas.css from a font with a table MATH, such as DejaVu Math TeX Gyre.

Usage: python .ci/formula_font.py /usr/share/fonts/truetype/dejavu/DejaVuMathTeXGyre.ttf

A browser draws a root sign, and brackets that grow, only if the first font of a formula has that table. Android and
many Linux systems have no such font. The subset has just what grows; letters come from the reader's own fonts.
"""

import base64
import io
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

#: A space (or the font is not the first one); brackets, bars; accents and lines over and under; arrows; operators.
SIGNS = """
20 28 29 2F 5B 5C 5D 5F 7B 7C 7D 7E AF 2C6 2C7 2DC 302 303 304 305 30C 332 203E 2016 20D6 20D7 2015
2308 2309 230A 230B 23B4 23B5 23DC 23DD 23DE 23DF 27E8 27E9 27EE 27EF
2190 2191 2192 2193 2194 2195 21A6 21CB 21CC 21D0 21D1 21D2 21D3 21D4 21D5 27F5 27F6 27F7 27F8 27F9 27FA
220F 2210 2211 221A 222B 222C 222D 222E 22C0 22C1 22C2 22C3 2A00 2A01 2A02 2A04 2A06
"""
FAMILIES = ["STIX Two Math", "Cambria Math", "Latin Modern Math", "DejaVu Math TeX Gyre", "Noto Sans Math"]
STYLE = """\
/* Formulas. The reader's own fonts come first; if there is none for formulas, a small one comes with the page. It is
   a subset of DejaVu Math TeX Gyre (see LICENSE-fonts.txt), made by .ci/formula_font.py. */
@font-face {{
	font-family: "civicquiz formulas";
	src: url(data:font/woff2;base64,{data}) format("woff2");
}}
math.civicquiz-formula {{
	font-family: {families}, "civicquiz formulas", serif;
}}
/* Browsers break no formula into lines: one that is wider than a phone is scrolled by itself. */
math.civicquiz-formula {{
	display: inline math;
	max-width: 100%;
	overflow: auto hidden;
}}
math.civicquiz-formula[display="block"] {{
	display: block math;
}}
label:has(math.civicquiz-formula) {{
	min-width: 0;
}}
"""


def main(font_file: str) -> None:
    """Write the style sheet."""
    options = subset.Options(
        flavor="woff2", layout_features=[], hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 5, 13, 14]
    )
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "FFTM"]
    font = TTFont(font_file)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[int(code, 16) for code in SIGNS.split()])
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID == 1:
            record.string = "civicquiz formulas"
    font.flavor = "woff2"
    stream = io.BytesIO()
    font.save(stream)
    data = base64.b64encode(stream.getvalue()).decode()
    families = ", ".join(f'"{name}"' for name in FAMILIES)
    target = Path(__file__).parent.parent / "src" / "civicquiz" / "frontend" / "static" / "formulas.css"
    target.write_text(STYLE.format(data=data, families=families), "utf-8")


main(sys.argv[1])
