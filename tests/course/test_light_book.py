"""The book's pages load only what they need, and a theme that has changed too much stops the build (`_ext`)."""

from __future__ import annotations

import importlib.util
import io
import re
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from types import ModuleType

import pydata_sphinx_theme
import pytest
from fontTools.ttLib import TTFont
from material import ROOT
from sphinx.errors import ExtensionError

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def light_book() -> ModuleType:
    spec = importlib.util.spec_from_file_location("light_book", ROOT / "_ext" / "light_book.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def build(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Build a book of the pages ``index`` (with ``text``) and ``other`` in ``folder``; if it has been built before,
    only what has changed."""
    folder.mkdir(exist_ok=True)
    (folder / "conf.py").write_text(
        f"import sys\nsys.path.append({str(ROOT / '_ext')!r})\n"
        "extensions = ['sphinx_design', 'sphinx_copybutton', 'light_book']\nhtml_theme = 'sphinx_book_theme'\n"
    )
    (folder / "index.rst").write_text(f"Index\n=====\n\n{text}\n\n.. toctree::\n\n   other\n", "utf-8")
    if not (folder / "other.rst").exists():
        (folder / "other.rst").write_text("Other\n=====\n\n.. warning:: Take care.\n", "utf-8")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", str(folder), str(folder / "out")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("light")
    done = build(folder, ":fas:`heart` and :fab:`github` and :far:`star`")
    assert done.returncode == 0, done.stderr
    return folder


def theme_folder() -> Path:
    return Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"


def test_nothing_in_a_built_book_loads_what_was_left_out(built: Path) -> None:
    out = built / "out"
    assert not (out / "_static" / "vendor" / "fontawesome").exists()
    assert not (out / "_static" / "scripts" / "fontawesome.js").exists()
    for path in [*out.glob("*.html"), *out.rglob("*.css")]:
        assert not re.search(r"fontawesome\.js|vendor/fontawesome", path.read_text("utf-8")), path
    for name in ("index.html", "other.html"):
        assert "searchindex.js" not in (out / name).read_text("utf-8")
    assert "searchindex.js" in (out / "search.html").read_text("utf-8")


def test_every_icon_that_a_page_names_is_drawn_in_it(built: Path) -> None:
    page = (built / "out" / "index.html").read_text("utf-8")
    assert not re.search(r'<(i|span)[^>]*class="[^"]*\bfa-', page)
    for name in ("bars", "expand", "magnifying-glass", "angle-right", "heart", "github", "star"):
        assert re.search(rf'<svg class="svg-inline--fa [^"]*\bfa-{name}\b[^>]*><path [^>]*d="M\d', page), name


def test_an_icon_with_a_title_says_it_and_the_others_are_silent(built: Path) -> None:
    page = (built / "out" / "index.html").read_text("utf-8")
    icons = re.findall(r'<svg class="svg-inline--fa[^>]*>(?:<title>[^<]*</title>)?', page)
    assert any(icon.endswith("<title>Dark</title>") for icon in icons)
    for icon in icons:
        assert ('role="img"' in icon) == icon.endswith("</title>")
        assert ('aria-hidden="true"' in icon) != icon.endswith("</title>")


def test_the_style_sheet_holds_the_glyphs_it_shows_under_another_name(built: Path, light_book: ModuleType) -> None:
    styles = (built / "out" / "_static" / light_book.ICON_STYLES).read_text("utf-8")
    assert styles.startswith("@charset")  # it has no effect further down
    assert ".fa-xmark" in styles  # a script adds it, to close a banner
    assert ".fa-heart" not in styles
    fonts = [TTFont(io.BytesIO(b64decode(font))) for font in re.findall(r"base64,([A-Za-z0-9+/=]+)", styles)]
    assert light_book.glyphs_in(styles) <= {chr(code) for font in fonts for code in font.getBestCmap()}
    assert sum(len(font.getBestCmap()) for font in fonts) < 60
    assert {font["name"].getDebugName(1) for font in fonts} == {"BookIcons"}  # the license requires it
    assert all("Font Awesome" in font["name"].getDebugName(0) for font in fonts)


def test_scripts_that_wait_do_not_hold_up_a_page_and_others_stay_as_they_are(
    built: Path, light_book: ModuleType
) -> None:
    page = (built / "out" / "other.html").read_text("utf-8")
    assert re.search(r"<script defer[^>]*/doctools\.js", page)
    assert re.search(r"<script src[^>]*/documentation_options\.js", page)
    own = '<head><script src="mine.js"></script></head><script src="_static/doctools.js"></script>'
    assert light_book.light_page(own, None) == own


def test_search_scripts_stay_where_the_theme_searches_while_one_types(light_book: ModuleType) -> None:
    page = '<head><script>DOCUMENTATION_OPTIONS.search_as_you_type = {};</script><script src="searchindex.js"></script>'
    assert "searchindex" in light_book.light_page(page.format("true") + "</head>", None)
    assert "searchindex" not in light_book.light_page(page.format("false") + "</head>", None)


def test_a_second_build_leaves_light_pages_as_they_are(built: Path, light_book: ModuleType) -> None:
    paths = [built / "out" / name for name in ("other.html", f"_static/{light_book.ICON_STYLES}")]
    before = [path.read_text("utf-8") for path in paths]
    done = build(built, ":fas:`heart` and :fab:`github` and :far:`star`, again")
    assert done.returncode == 0, done.stderr
    assert "again" in (built / "out" / "index.html").read_text("utf-8")
    assert [path.read_text("utf-8") for path in paths] == before
    assert not (built / "out" / "_static" / "vendor" / "fontawesome").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (":fas:`haert`", 'the theme has no icon for class="fas fa-haert"'),
        (":far:`bars`", "the font fa-regular-400 of the theme has no glyph U+F0C9"),
    ],
)
def test_an_icon_that_the_theme_lacks_stops_the_build(tmp_path: Path, text: str, message: str) -> None:
    done = build(tmp_path, text)
    assert done.returncode != 0
    assert message in done.stderr, done.stderr


@pytest.mark.parametrize("change", ["script gone", "styles gone", "rules of another form", "fonts elsewhere"])
def test_a_theme_that_keeps_its_icons_in_another_way_stops_the_build(
    tmp_path: Path, light_book: ModuleType, change: str
) -> None:
    styles = (theme_folder() / light_book.ICON_STYLES).read_text("utf-8")
    if change == "rules of another form":
        styles = styles.replace(":before{content:", "{--fa:")
    elif change == "fonts elsewhere":
        styles = styles.replace("/fontawesome/", "/icons/")
    for name, text in ((light_book.ICON_STYLES, styles), (light_book.ICON_SCRIPT, "")):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, "utf-8")
    if change == "script gone":
        (tmp_path / light_book.ICON_SCRIPT).unlink()
    elif change == "styles gone":
        (tmp_path / light_book.ICON_STYLES).unlink()
    (tmp_path / light_book.ICON_FONTS).parent.mkdir()
    (tmp_path / light_book.ICON_FONTS).symlink_to(theme_folder() / light_book.ICON_FONTS)
    with pytest.raises(ExtensionError, match=re.escape("_ext/light_book.py")):
        light_book.ThemeIcons(tmp_path)


def test_a_style_sheet_that_shows_a_glyph_of_no_font_stops_the_build(light_book: ModuleType) -> None:
    icons = light_book.ThemeIcons(theme_folder())
    with pytest.raises(ExtensionError, match=re.escape("no glyph for U+E0FF")):
        light_book.light_styles(icons, set(), {"\ue0ff"})
