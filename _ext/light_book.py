"""A light book: a first visit to a page loads only what the page needs, and the page still looks as the theme intends.

The theme (sphinx-book-theme, on pydata-sphinx-theme) sends all icons of Font Awesome with every page: as a script of
540 kB compressed, which draws them, as a font of 156 kB, and as 1,900 rules of CSS; and the search index as well. This
extension changes no file of the theme. It works on what Sphinx has built:

- each page gets its icons as the SVG that the script would draw; its head loses that script and, except on the search
  page, the search scripts; the remaining scripts no longer delay the drawing of the page (`light_page`);
- the style sheet keeps the rules of the icons that scripts add, and its fonts keep the glyphs that it shows itself
  (`light_styles`).

It reads the icons from the installed theme on every build. If a new version of the theme stores them elsewhere, or a
page names an icon that the theme does not have, the build fails and says so.
"""

from __future__ import annotations

import base64
import io
import re
import shutil
from collections.abc import Iterable
from html import escape, unescape
from pathlib import Path, PurePosixPath
from typing import Any

from fontTools import subset
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.errors import ExtensionError

#: Draws the icons; nothing else in the theme uses it.
ICON_SCRIPT = "scripts/fontawesome.js"
ICON_FONTS = "vendor/fontawesome"
#: The style sheet that has the rules for the icons and loads their fonts.
ICON_STYLES = "styles/pydata-sphinx-theme.css"
#: Where to look when this file no longer fits the theme.
SEE = "see the head of _ext/light_book.py"

_NOTICE = "<!-- Icons: Font Awesome Free, fontawesome.com/license/free, CC BY 4.0 -->"
#: The classes that choose a style of icons, and the font for that style.
_FONT_OF = {
    **dict.fromkeys(("fas", "fa-solid"), "fa-solid-900"),
    **dict.fromkeys(("far", "fa-regular"), "fa-regular-400"),
    **dict.fromkeys(("fab", "fa-brands"), "fa-brands-400"),
}
#: How the icon script positions an SVG in its line.
_SVG_STYLES = (
    "svg.svg-inline--fa{box-sizing:content-box;display:inline-block;height:1em;overflow:visible}"
    ".svg-inline--fa{vertical-align:-.125em}.svg-inline--fa.fa-lg{vertical-align:-.2em}"
)

_SEARCH_SCRIPTS = {"searchtools.js", "language_data.js", "searchindex.js"}
#: Scripts that do nothing until the page has been parsed. A script in the page itself may need one of the others.
_PATIENT_SCRIPTS = _SEARCH_SCRIPTS | {
    "clipboard.min.js",
    "copybutton.js",
    "design-tabs.js",
    "doctools.js",
    "sphinx-book-theme.js",
    "sphinx_highlight.js",
    "togglebutton.js",
}
#: What the theme writes into the head of a page without its own search.
_NO_SEARCH = "DOCUMENTATION_OPTIONS.search_as_you_type = false"
_SEARCH_PAGE = "DOCUMENTATION_OPTIONS.pagename = 'search'"

_SCRIPT_TAG = re.compile(r'<script\b(?P<attributes>[^>]*?\bsrc="(?P<address>[^"?]*)[^"]*"[^>]*)></script>')
_ICON_TAG = re.compile(
    r'<(?P<tag>i|span)\b(?P<attributes>[^>]*\bclass="(?P<classes>[^"]*\bfa-[^"]*)"[^>]*)></(?P=tag)>'
)
_ATTRIBUTE = re.compile(r'\b(?P<name>[a-z-]+)="(?P<value>[^"]*)"')
_ICON_NAME = re.compile(r"\bfa-[a-z0-9-]+")
_ICON_RULE = re.compile(r'(?P<names>(?:\.fa-[a-z0-9-]+:{1,2}before,?)+)\{content:"(?P<glyph>[^"]*)"\}')
_FONT_RULE = re.compile(r'@font-face\{[^}]*\burl\("?(?P<address>[^")]*/fontawesome/[^")]*\.woff2)"?\)[^}]*\}')
_FONT_SOURCE = re.compile(r"\bsrc:[^;}]*")
_SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/")
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")
#: Icon fonts have their glyphs in this private range of Unicode.
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")


class ThemeIcons:
    """The icons of the theme whose static files are in ``folder``.

    Raises ExtensionError if they are not where this file looks for them.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / ICON_STYLES).is_file() or not (folder / ICON_SCRIPT).is_file():
            raise ExtensionError(f"the theme has no {ICON_STYLES} or no {ICON_SCRIPT}: {SEE}")
        self.styles = (folder / ICON_STYLES).read_text("utf-8")
        #: glyph by class name: ``{"fa-bars": "\\uf0c9"}``
        self.glyphs = {
            name.partition(":")[0]: _unescape_css(rule["glyph"])
            for rule in _ICON_RULE.finditer(self.styles)
            for name in rule["names"].removeprefix(".").split(",.")
        }
        addresses = [rule["address"] for rule in _FONT_RULE.finditer(self.styles)]
        #: font by the name of its file: ``{"fa-solid-900": TTFont}``
        self.fonts = {
            Path(address).stem: TTFont((folder / ICON_STYLES).parent / address, recalcTimestamp=False)
            for address in addresses
        }
        if not self.glyphs or set(_FONT_OF.values()) - set(self.fonts):
            raise ExtensionError(f"{ICON_STYLES} of the theme has its icons or fonts in another way: {SEE}")

    def glyph(self, classes: Iterable[str]) -> str:
        """The character of the icon named by one of ``classes``."""
        found = [self.glyphs[name] for name in classes if name in self.glyphs]
        if not found:
            raise ExtensionError(f'the theme has no icon for class="{" ".join(classes)}": {SEE}')
        return found[0]

    def outline(self, font_name: str, glyph: str) -> tuple[int, int, str]:
        """(width, height, path of SVG) of ``glyph``."""
        font = self.fonts[font_name]
        name = font.getBestCmap().get(ord(glyph))
        if name is None:
            raise ExtensionError(f"the font {font_name} of the theme has no glyph U+{ord(glyph):04X}: {SEE}")
        height = font["head"].unitsPerEm
        pen = SVGPathPen(font.getGlyphSet(), ntos=lambda number: str(round(number)))
        # In SVG, y grows downward; the lower eighth of an icon is below the baseline.
        font.getGlyphSet()[name].draw(TransformPen(pen, (1, 0, 0, -1, 0, height * 7 // 8)))
        return font.getGlyphSet()[name].width, height, pen.getCommands()

    def svg(self, attributes: dict[str, str]) -> str:
        """The element with ``attributes``, whose class names an icon, as the SVG that the theme's script would draw.

        A ``title`` is the name of the icon; an icon without one is decorative and hidden from screen readers.
        """
        classes = attributes["class"].split()
        font_name = next((_FONT_OF[name] for name in classes if name in _FONT_OF), "fa-solid-900")
        width, height, path = self.outline(font_name, self.glyph(classes))
        shown = ["svg-inline--fa", *(name for name in classes if name not in {"fa", *_FONT_OF})]
        kept = attributes | {"class": " ".join(shown), "viewBox": f"0 0 {width} {height}"}
        title = kept.pop("title", "")
        kept |= {"role": "img"} if title else {"aria-hidden": "true"}
        written = "".join(f' {name}="{escape(value)}"' for name, value in kept.items())
        named = f"<title>{escape(title)}</title>" if title else ""
        return f'<svg{written}>{named}<path fill="currentColor" d="{path}"/></svg>'


def light_page(page: str, icons: ThemeIcons) -> str:
    """``page`` as HTML with its icons as SVG and without the scripts in its head that it does not need. The others wait
    until the page has been parsed."""
    head, end, body = page.partition("</head>")
    left_out = _SEARCH_SCRIPTS if _NO_SEARCH in head and _SEARCH_PAGE not in head else set()

    def light_script(tag: re.Match[str]) -> str:
        name = PurePosixPath(tag["address"]).name
        if name == PurePosixPath(ICON_SCRIPT).name:
            return _NOTICE
        if name in left_out:
            return ""
        if name in _PATIENT_SCRIPTS and not re.search(r"\b(defer|async)\b", tag["attributes"]):
            return f"<script defer{tag['attributes']}></script>"
        return tag[0]

    def light_icon(tag: re.Match[str]) -> str:
        found = _ATTRIBUTE.finditer(tag["attributes"])
        return icons.svg({attribute["name"]: unescape(attribute["value"]) for attribute in found})

    return _SCRIPT_TAG.sub(light_script, head) + end + _ICON_TAG.sub(light_icon, body)


def light_styles(icons: ThemeIcons, named: set[str], other_glyphs: set[str]) -> str:
    """The style sheet of the theme with only the icons that it shows itself, and with their fonts embedded.

    ``named`` are class names that scripts may give to an element, ``other_glyphs`` the characters of icon fonts in
    other style sheets. Raises ExtensionError for a character without a glyph.
    """

    def light_rule(rule: re.Match[str]) -> str:
        return rule[0] if named.intersection(re.findall(r"fa-[a-z0-9-]+", rule["names"])) else ""

    light = _SOURCE_MAP.sub("", _ICON_RULE.sub(light_rule, icons.styles))
    shown = glyphs_in(light) | other_glyphs
    drawn: set[str] = set()

    def light_font(rule: re.Match[str]) -> str:
        font, characters = cut_font(icons.fonts[Path(rule["address"]).stem], shown)
        drawn.update(characters)
        source = f'src:url(data:font/woff2;base64,{base64.b64encode(font).decode()}) format("woff2")'
        return _FONT_SOURCE.sub(source, rule[0]) if characters else ""

    light = _FONT_RULE.sub(light_font, light)
    if shown - drawn:
        missing = ", ".join(f"U+{ord(character):04X}" for character in sorted(shown - drawn))
        raise ExtensionError(f"the icon fonts of the theme have no glyph for {missing}: {SEE}")
    charset = re.match(r'@charset "[^"]*";', light)  # must come first
    start = charset.end() if charset else 0
    return light[:start] + _SVG_STYLES + light[start:]


def glyphs_in(styles: str) -> set[str]:
    """The characters of icon fonts that a style sheet shows, whether written directly or as escapes."""
    return set(_PRIVATE_USE.findall(_unescape_css(styles)))


def _unescape_css(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def cut_font(font: TTFont, characters: Iterable[str]) -> tuple[bytes, set[str]]:
    """(WOFF2 file, characters in it) of ``font`` with only the glyphs of ``characters``.

    The license of Font Awesome's fonts (SIL OFL 1.1) reserves their name for unchanged fonts, so this one gets another.
    """
    whole = io.BytesIO()
    font.save(whole)
    cut = TTFont(whole, recalcTimestamp=False)
    held = set(characters) & set(map(chr, cut.getBestCmap()))
    cutter = subset.Subsetter(subset.Options(layout_features=[], name_IDs=[0], hinting=False))
    cutter.populate(text="".join(sorted(held)))
    cutter.subset(cut)
    for name in (1, 4, 6):  # family, full name, PostScript name
        cut["name"].setName("BookIcons", name, 3, 1, 0x409)
    cut.flavor = "woff2"
    written = io.BytesIO()
    cut.save(written)
    return written.getvalue(), held


def lighten(app: Sphinx, error: Exception | None) -> None:
    """After the book is built: rewrite its pages and the theme's style sheet, and remove what nothing loads anymore."""
    if error is not None or not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    folder, static = Path(app.outdir), Path(app.outdir) / "_static"
    themes = [Path(theme) / "static" for theme in app.builder.theme.get_theme_dirs()]
    icons = ThemeIcons(next((theme for theme in themes if (theme / ICON_STYLES).is_file()), themes[0]))

    for path in folder.rglob("*.html"):
        if static not in path.parents:
            path.write_text(light_page(path.read_text("utf-8"), icons), "utf-8")
    scripts = [path for path in static.rglob("*.js") if path != static / ICON_SCRIPT]
    named = {name for path in scripts for name in _ICON_NAME.findall(path.read_text("utf-8"))}
    sheets = [path for path in static.rglob("*.css") if path != static / ICON_STYLES]
    other_glyphs = {character for path in sheets for character in glyphs_in(path.read_text("utf-8"))}
    (static / ICON_STYLES).write_text(light_styles(icons, named, other_glyphs), "utf-8")

    for left in [*static.glob(f"{ICON_SCRIPT}*"), static / f"{ICON_STYLES}.map"]:
        left.unlink(missing_ok=True)
    shutil.rmtree(static / ICON_FONTS, ignore_errors=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("build-finished", lighten)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
