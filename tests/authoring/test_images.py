"""Images next to a quiz become data URIs, and a problem with an image is reported where a text names it."""

from __future__ import annotations

import base64
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import PNG, write

import civicquiz
from civicquiz.authoring.images import MAX_BYTES, MAX_TOTAL_BYTES, read_images
from civicquiz.errors import Problem, QuizError

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 20 + b"\xff\xd9"
#: One pixel, with tables of colors of both kinds, an extension and a picture.
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00"
    + b"\x00" * 6
    + b"!\xfe\x02hi\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x80"
    + b"\x00" * 6
    + b"\x02\x02D\x01\x00;"
)
WEBP = b"RIFF\x16\x00\x00\x00WEBPVP8L" + b"\x00" * 14
NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'
SVG = f'<svg {NAMESPACE} viewBox="0 0 1 1"><rect width="1" height="1"/></svg>'.encode()


def _png_of(size: int) -> bytes:
    """A PNG of so many bytes, most of them in a chunk that no program needs."""
    filling = size - len(PNG) - 12
    return PNG[:-12] + filling.to_bytes(4, "big") + b"teXt" + b"\0" * (filling + 4) + PNG[-12:]


def _put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _refused(folder: Path, name: str) -> str:
    """The message about the one image ``name``."""
    images, mistakes = read_images(folder, [name])
    assert images == {}
    ((key, (message, hint)),) = mistakes.items()
    assert key == name
    assert message.startswith("the image '")
    assert message.isprintable()
    assert hint
    return message


def _svg(inside: str = "", attributes: str = "", before: str = "") -> bytes:
    return f'{before}<svg {NAMESPACE} xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>{inside}</svg>'.encode()


# ---- The type of image ----


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (GIF, "image/gif"),
        (b"GIF87a\x01\x00\x01\x00\x00\x00\x00;", "image/gif"),
        (WEBP, "image/webp"),
        (SVG, "image/svg+xml"),
        (b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?>\n<!-- a -->" + SVG, "image/svg+xml"),
        (('<?xml version="1.0" encoding="utf-16"?>' + SVG.decode()).encode("utf-16"), "image/svg+xml"),
    ],
)
def test_image_is_embedded_as_what_its_content_is(tmp_path: Path, content: bytes, kind: str) -> None:
    for name in ("a.PNG", "wrong.png", "wrong.svg", "wrong.jpeg"):
        _put(tmp_path, name, content)
        images, mistakes = read_images(tmp_path, [name])
        assert mistakes == {}
        assert images == {name: f"data:{kind};base64,{base64.b64encode(content).decode()}"}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"just text",
        b"\x89PNG",
        b"RIFF\x1a\x00\x00\x00WAVE",
        b"%PDF-1.7",
        b"BM\x00\x00",
        b"<html><body>404</body></html>",
        b"<svg/>",
        b"<!DOCTYPE html><svg></svg>",
        f"<svg {NAMESPACE}>".encode(),
        f"<svg {NAMESPACE}>&nope;</svg>".encode(),
        f'<?xml version="1.0" encoding="nonsense"?><svg {NAMESPACE}/>'.encode(),
        f'<?xml version="1.0" encoding="shift-jis"?><svg {NAMESPACE}/>'.encode(),
        f"<html><svg {NAMESPACE}/></html>".encode(),
        bytes(range(256)),
    ],
)
def test_file_that_is_not_an_image_is_refused_whatever_its_name(tmp_path: Path, content: bytes) -> None:
    _put(tmp_path, "a.png", content)
    message = _refused(tmp_path, "a.png")
    assert "is not a PNG, JPEG, GIF, WebP or well-formed SVG image" in message or "a DOCTYPE" in message


@pytest.mark.parametrize("content", [PNG, JPEG, GIF, WEBP], ids=["png", "jpeg", "gif", "webp"])
def test_image_that_is_cut_off_or_followed_by_something_is_refused(tmp_path: Path, content: bytes) -> None:
    for changed in (content[:-1], content[:-2], content + b"\nimport os\n", content + b"<script>"):
        _put(tmp_path, "a.png", changed)
        assert "it is cut off, or something follows it" in _refused(tmp_path, "a.png")


@given(noise=st.binary(max_size=60), start=st.sampled_from([PNG, JPEG, GIF, WEBP]), cut=st.integers(3, 80))
def test_no_content_raises(noise: bytes, start: bytes, cut: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _put(Path(folder), "a.png", start[:cut] + noise)
        images, mistakes = read_images(Path(folder), ["a.png"])
        assert len(images) + len(mistakes) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (_svg("<script>alert(1)</script>"), "a script"),
        (_svg('<s:script xmlns:s="http://www.w3.org/2000/svg"/>'), "a script"),
        (_svg('<script xmlns="http://www.w3.org/1999/xhtml"/>'), "a script"),
        (_svg(attributes='onload="alert(1)"'), "a script ('onload')"),
        (_svg('<g OnClick="x"/>'), "a script ('onclick')"),
        (_svg("<foreignObject><p>x</p></foreignObject>"), "HTML"),
        (_svg('<iframe xmlns="http://www.w3.org/1999/xhtml" src="#"/>'), "HTML"),
        (_svg('<image href="https://example.org/x.png"/>'), "a reference to another file"),
        (_svg('<image xlink:href="other.png"/>'), "a reference to another file"),
        (_svg('<a href="&#106;avascript:alert(1)"/>'), "a reference to another file"),
        (_svg('<image href="data:text/html,x"/>'), "a reference to another file"),
        (_svg('<image href="data:image/svg+xml,x"/>'), "a reference to another file"),
        (_svg('<a><set attributeName="xlink:href" to="javascript:alert(1)"/></a>'), "a reference to another file"),
        (_svg('<g xml:base="https://example.org/"/>'), "a reference to another file"),
        (_svg('<rect fill="url( &quot;https://example.org/#a&quot;)"/>'), "a reference to another file"),
        (_svg('<rect style="fill:URL(//example.org/#a)"/>'), "a reference to another file"),
        (_svg('<rect style="fill:u\\72l(//example.org/#a)"/>'), "a reference to another file"),
        (_svg('<rect fill="u\\72l(//example.org/#a)"/>'), "a reference to another file"),
        (_svg('<a href="#a" ping="https://example.org/"/>'), "a reference to another file"),
        (_svg('<rect fill="src(&quot;https://example.org/a&quot;)"/>'), "a reference to another file"),
        (_svg("<style>a{background:image('x.png')}</style>"), "a reference to another file"),
        (_svg("<style>@import 'https://example.org/x.css';</style>"), "a reference to another file"),
        (_svg("<style><![CDATA[rect{fill:url(x)}]]></style>"), "a reference to another file"),
        (_svg("<style>@imp<!-- -->ort 'x'</style>"), "a reference to another file"),
        (_svg("<style>@import 'x';<style/></style>"), "a reference to another file"),
        (_svg("<style>@\\69mport 'x'</style>"), "a reference to another file"),
        (_svg("<style>a{b:image-set('x' 1x)}</style>"), "a reference to another file"),
        (_svg(before='<?xml-stylesheet href="https://example.org/x.css"?>'), "a reference to another file"),
        (_svg(before='<!DOCTYPE svg SYSTEM "https://example.org/x.dtd">'), "a DOCTYPE"),
        (_svg("&a;", before='<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'), "a DOCTYPE"),
        (_svg(before="<!DOCTYPE svg []>").decode().encode("utf-16"), "a DOCTYPE"),
    ],
)
def test_svg_that_is_more_than_a_picture_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    _put(tmp_path, "a.svg", content)
    assert _refused(tmp_path, "a.svg") == f"the image 'a.svg' is an SVG with {words}, which is not allowed"


@pytest.mark.parametrize(
    "inside",
    [
        '<defs><g id="a"/></defs><use xlink:href="#a"/><rect fill="url(#a)" style="mask:url( \'#a\')"/>',
        '<g id="a"/><use href=" #a"/>',
        '<image href="data:image/png;base64,iVBORw0KGgo="/>',
        "<style>rect { fill: red } text { font-family: 'A B' }</style><text>url(x) @import on</text>",
        "<metadata xmlns:r='urn:r' r:about='https://example.org/'><r:one r:path='C:/x'/></metadata>",
        "<title>script</title><!-- <script> -->",
        "<animate attributeName='x' to='1'/>",
    ],
)
def test_svg_that_refers_to_itself_alone_is_embedded(tmp_path: Path, inside: str) -> None:
    _put(tmp_path, "a.svg", _svg(inside))
    assert read_images(tmp_path, ["a.svg"])[1] == {}


def test_svg_with_entities_that_grow_without_end_is_refused_at_once(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 40))
    _put(tmp_path, "a.svg", _svg("&a39;", before=f'<!DOCTYPE svg [<!ENTITY a0 "lol">{entities}]>'))
    assert "a DOCTYPE" in _refused(tmp_path, "a.svg")


def test_svg_that_is_nested_deeply_is_read(tmp_path: Path) -> None:
    _put(tmp_path, "a.svg", _svg("<g>" * 25_000 + "</g>" * 25_000))
    assert read_images(tmp_path, ["a.svg"])[1] == {}


# ---- The file ----


@pytest.mark.parametrize("name", ["a.png", "figures/a.png", "figures/old/a.png", "./a.png", "a b.png", "größe.png"])
def test_image_in_the_folder_or_below_is_found(tmp_path: Path, name: str) -> None:
    _put(tmp_path, name, PNG)
    assert list(read_images(tmp_path, [name])[0]) == [name]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "has no file name"),
        ("https://example.org/a.png", "is an address, not a file"),
        ("//example.org/a.png", "is an address, not a file"),
        ("file:///etc/passwd", "is an address, not a file"),
        ("javascript:alert(1)", "is an address, not a file"),
        ("data:image/png;base64,iVBORw0KGgo=", "is an address, not a file"),
        ("C:/a.png", "is an address, not a file"),
        ("/etc/passwd", "is not in the folder of the quiz"),
        ("../a.png", "is not in the folder of the quiz"),
        ("figures/../../a.png", "is not in the folder of the quiz"),
        ("figures/../a.png", "is not in the folder of the quiz"),
        ("..", "is not in the folder of the quiz"),
        ("figures\\a.png", "has a backslash in its path"),
        ("..\\a.png", "has a backslash in its path"),
        ("nope.png", "does not exist"),
        ("A.PNG.png", "does not exist"),
        ("a.png/b.png", "does not exist"),
        (".", "does not have the name of an image"),
        ("figures", "does not have the name of an image"),
        ("figures/", "does not have the name of an image"),
        ("folder.png", "is not a file"),
        ("civicquiz.py", "does not have the name of an image"),
        ("a.png.html", "does not have the name of an image"),
        (".a.png", "is a hidden file, or in a hidden folder"),
        (".github/a.png", "is a hidden file, or in a hidden folder"),
        ("figures/.old/a.png", "is a hidden file, or in a hidden folder"),
        ("a\x00.png", "cannot be read: the path is not valid"),
        ("x" * 5000 + ".png", "cannot be read: file name too long"),
    ],
)
def test_name_that_leads_to_no_file_of_the_quiz_is_refused(tmp_path: Path, name: str, words: str) -> None:
    folder = tmp_path / "quizzes"
    for place in (tmp_path, folder, folder / "figures"):
        _put(place, "a.png", PNG)
    (folder / "folder.png").mkdir()
    assert words in _refused(folder, name)


@pytest.mark.parametrize("target", ["../secret.png", "/etc/passwd", "../other/secret.png"])
def test_symbolic_link_out_of_the_folder_is_refused(tmp_path: Path, target: str) -> None:
    folder = tmp_path / "quizzes"
    folder.mkdir()
    _put(tmp_path, "secret.png", PNG)
    _put(tmp_path, "other/secret.png", PNG)
    (folder / "a.png").symlink_to(target)
    assert "is not in the folder of the quiz" in _refused(folder, "a.png")


def test_symbolic_link_of_a_folder_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    _put(tmp_path, "other/a.png", PNG)
    (tmp_path / "quizzes").mkdir()
    (tmp_path / "quizzes" / "figures").symlink_to(tmp_path / "other")
    assert "is not in the folder of the quiz" in _refused(tmp_path / "quizzes", "figures/a.png")


def test_symbolic_link_inside_of_the_folder_is_followed(tmp_path: Path) -> None:
    _put(tmp_path, "figures/a.png", PNG)
    (tmp_path / "b.png").symlink_to("figures/a.png")
    assert list(read_images(tmp_path, ["b.png"])[0]) == ["b.png"]


def test_folder_that_is_itself_a_symbolic_link_is_the_folder_of_the_quiz(tmp_path: Path) -> None:
    _put(tmp_path, "real/a.png", PNG)
    (tmp_path / "quizzes").symlink_to("real")
    assert list(read_images(tmp_path / "quizzes", ["a.png"])[0]) == ["a.png"]


def test_circle_of_symbolic_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").symlink_to("b.png")
    (tmp_path / "b.png").symlink_to("a.png")
    assert "cannot be read" in _refused(tmp_path, "a.png")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_named_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.png")
    assert "is not a file" in _refused(tmp_path, "a.png")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=20) | st.lists(st.sampled_from(["..", ".", "/", "a.png", "x:", "\\"])).map("".join))
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "quizzes"
    if not folder.exists():
        _put(folder, "a.png", PNG)
        _put(tmp_path, "a.png", GIF)
    images, mistakes = read_images(folder, [name])
    assert set(images) | set(mistakes) == {name}
    for uri in images.values():
        assert uri.startswith("data:image/png;")


# ---- Limits ----


def test_image_may_have_200_kb_and_no_more(tmp_path: Path) -> None:
    _put(tmp_path, "a.png", _png_of(MAX_BYTES))
    assert list(read_images(tmp_path, ["a.png"])[0]) == ["a.png"]
    _put(tmp_path, "a.png", _png_of(MAX_BYTES + 1))
    assert _refused(tmp_path, "a.png") == "the image 'a.png' is too large: 201 kB, where 200 kB is the limit"


def test_images_of_a_quiz_may_have_3_mb_together_and_no_more(tmp_path: Path) -> None:
    names = [f"{number}.png" for number in range(MAX_TOTAL_BYTES // MAX_BYTES)]
    for name in [*names, "last.png"]:
        _put(tmp_path, name, _png_of(MAX_BYTES))
    assert read_images(tmp_path, names)[1] == {}
    images, mistakes = read_images(tmp_path, [*names, "last.png"])
    assert list(images) == names
    message, _ = mistakes["last.png"]
    assert message == "the image 'last.png' makes the images and recordings of the quiz larger than 3000 kB together"


def test_image_that_is_named_twice_counts_once(tmp_path: Path) -> None:
    _put(tmp_path, "a.png", _png_of(MAX_BYTES))
    assert read_images(tmp_path, ["a.png"] * 20)[1] == {}


# ---- In a quiz ----

QUIZ = """\
title: About ![no](image.png)
questions:
  - id: map
    type: single-choice
    prompt: "What does ![a map](map.png) show?"
    hint: "![a poll](figures/poll.svg)"
    options:
      - {text: "![one](map.png)", correct: true, feedback: "{math}`x^2`"}
      - "![two](<./map.png>)"
    explanation: "`![no](image.png)` and \\\\![no](image.html)"
  - id: word
    type: short-text
    prompt: Which sign?
    accept: ["![no](image.png)"]
"""


def _load(folder: Path, text: str) -> civicquiz.Quiz:
    return civicquiz.load(write(folder / "quiz.yml", text))


def _problems(folder: Path, text: str) -> list[Problem]:
    with pytest.raises(QuizError) as caught:
        _load(folder, text)
    return list(caught.value.problems)


def test_quiz_has_every_image_that_its_texts_name_and_no_other(tmp_path: Path) -> None:
    _put(tmp_path, "map.png", PNG)
    _put(tmp_path, "figures/poll.svg", SVG)
    images = _load(tmp_path, QUIZ).images
    assert list(images) == ["map.png", "figures/poll.svg", "./map.png"]
    assert images["map.png"].startswith("data:image/png;base64,")


def test_quiz_without_images_has_none(tmp_path: Path) -> None:
    assert _load(tmp_path, "title: x\nquestions: [{id: a, type: true-false, prompt: x, answer: true}]\n").images == {}


def test_image_is_looked_for_beside_the_quiz_wherever_that_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _put(tmp_path, "course/quizzes/map.png", PNG)
    text = 'title: x\nquestions: [{id: a, type: true-false, prompt: "![a map](map.png)", answer: true}]\n'
    path = write(tmp_path / "course" / "quizzes" / "quiz.yml", text)
    for start, name in ((tmp_path, "course/quizzes/quiz.yml"), (path.parent, "quiz.yml"), (Path("/"), str(path))):
        monkeypatch.chdir(start)
        assert list(civicquiz.load(name).images) == ["map.png"]


def test_every_text_with_a_bad_image_is_reported_with_its_position(tmp_path: Path) -> None:
    problems = _problems(tmp_path, QUIZ)
    assert [(problem.line, problem.column, problem.message) for problem in problems] == [
        (5, 13, "question 'map' (single-choice): 'prompt': the image 'map.png' does not exist"),
        (6, 11, "question 'map' (single-choice): 'hint': the image 'figures/poll.svg' does not exist"),
        (8, 16, "question 'map' (single-choice): option 1: 'text': the image 'map.png' does not exist"),
        (9, 9, "question 'map' (single-choice): option 2: 'text': the image './map.png' does not exist"),
    ]
    assert all(problem.hint for problem in problems)


def test_images_and_formulas_are_reported_together_with_all_other_problems(tmp_path: Path) -> None:
    text = (
        "title: x\nquestions:\n  - id: a\n    type: numeric\n    prompt: '![](a.png) {math}`x^{`'\n    answer: 1\n"
        "  - {id: b, type: true-false, prompt: '![b](b.png)', answer: true}\n"
    )
    assert [(problem.line, problem.message.split(": ")[-1]) for problem in _problems(tmp_path, text)] == [
        (3, "'tolerance' is missing"),
        (5, "the formula 'x^{' cannot be read (expected closing token \"}\", but reached end of input)"),
        (5, "the image 'a.png' does not exist"),
        (5, "the image 'a.png' has no description"),
        (7, "the image 'b.png' does not exist"),
    ]


def test_text_that_is_too_long_is_not_searched_for_images(tmp_path: Path) -> None:
    text = f"title: x\nquestions: [{{id: a, type: true-false, prompt: '{'![a](b.png) ' * 2000}', answer: true}}]\n"
    (problem,) = _problems(tmp_path, text)
    assert "at most 10000 characters" in problem.message
