"""Files that are damaged, hostile, or in another encoding: a clear error with a place, and nothing written half."""

from __future__ import annotations

import codecs
import errno
import io
import json
import os
import re
import zipfile
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from import_samples import ARCHIVES, SAMPLES, TEXTS, with_odd_numbers, zipped

import civicquiz
from civicquiz.errors import ExchangeError
from civicquiz.exchange.given_file import MAX_BYTES, GivenFile
from civicquiz.exchange.html_text import FoundTexts
from civicquiz.exchange.importing import ImportReport, import_files
from civicquiz.exchange.imports import READERS
from civicquiz.exchange.packages import Package
from civicquiz.exchange.question_values import cloze, gap_mark
from civicquiz.output_folder import OutputFolder

SAMPLE_IDS = [f"{name}{ending}" for name, ending, _ in SAMPLES]


def run(folder: Path, ending: str, content: bytes, format_name: str | None = None) -> ImportReport:
    """The report on a file with this content."""
    file = folder / f"bank{ending}"
    file.write_bytes(content)
    return import_files([file], folder / "out", format_name)


def failure(folder: Path, ending: str, content: bytes, format_name: str | None = None) -> str:
    """Why a file cannot be read at all; nothing is written then."""
    report = run(folder, ending, content, format_name)
    assert not report.files
    assert not (folder / "out").exists()
    assert sorted(path.name for path in folder.iterdir()) == [f"bank{ending}"]
    ((_, reason),) = report.failed
    assert f"bank{ending}" in reason
    return reason


def said_of(report: ImportReport) -> list[str]:
    """Why a file, or a question in it, was not read or changed."""
    reasons = [reason for question in report.questions for reason in question.reasons]
    return [reason for _, reason in report.failed] + reasons


def prompts(report: ImportReport) -> list[str]:
    assert not report.failed, report.failed
    return [question.prompt for path in report.files for question in civicquiz.load(path).questions]


@pytest.mark.parametrize(("name", "ending", "content"), SAMPLES, ids=SAMPLE_IDS)
def test_sample_of_every_format_is_recognized_and_read(name: str, ending: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / "named").mkdir()
    found = prompts(run(tmp_path, ending, content))
    assert "é" in found[0]
    start = next((tmp_path / "out").glob("*.yml")).read_text("utf-8").split("\n")[0]
    assert start.startswith("# Imported from bank.")
    assert "cites" in start
    assert found == prompts(run(tmp_path / "named", ending, content, name))


# ---- Encodings ----


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize(
    "encoded",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("cp1252"),
        lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
    ],
    ids=["utf-8-sig", "cp1252", "utf-16-le", "utf-16-be", "le-no-mark", "be-no-mark", "crlf", "cr"],
)
def test_every_encoding_is_read_as_the_same_text(name: str, encoded: Callable[[str], bytes], tmp_path: Path) -> None:
    ending, text = TEXTS[name]
    (tmp_path / "usual").mkdir()
    report = run(tmp_path, ending, encoded(text))
    assert prompts(report) == prompts(run(tmp_path / "usual", ending, text.encode()))
    guessed = [remark for _, remark in report.remarks if "Windows-1252" in remark]
    assert bool(guessed) == (encoded(text) == text.encode("cp1252"))


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("at", [0, 40, 1200])
def test_nul_bytes_are_refused_near_the_start_and_come_into_no_quiz(name: str, at: int, tmp_path: Path) -> None:
    ending, text = TEXTS[name]
    content = (text + "\n" * max(0, 1201 - len(text))).encode()
    report = run(tmp_path, ending, content[:at] + b"\0" + content[at:])
    assert report.failed or (at == 1200 and report.questions)
    for path in report.files:
        civicquiz.load(path)
        assert "\0" not in path.read_text("utf-8")


# ---- Files that are not whole ----


@pytest.mark.parametrize(("name", "ending", "content"), SAMPLES, ids=SAMPLE_IDS)
@pytest.mark.parametrize("tenth", range(1, 10))
def test_half_a_file_is_read_or_refused_and_whole_quizzes_are_written(
    name: str, ending: str, content: bytes, tenth: int, tmp_path: Path
) -> None:
    for number, format_name in enumerate((None, name)):
        folder = tmp_path / str(number)
        folder.mkdir()
        report = run(folder, ending, content[: len(content) * tenth // 10], format_name)
        for path in report.files:
            civicquiz.load(path)
        assert report.failed or report.questions
        assert all(question.reasons for question in report.questions if question.verdict == "not read")
        if ending in (".xml", ".zip", ".xlsx"):
            assert not report.files


@pytest.mark.parametrize("name", READERS)
def test_empty_file_and_blank_file_are_refused(name: str, tmp_path: Path) -> None:
    for content in (b"", b" \n\t\n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE):
        assert failure(tmp_path, ".txt", content, name)
        (tmp_path / "bank.txt").unlink()


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("content", [b"MZ\x90\x00" + bytes(range(256)) * 9, b"%PDF-1.7\n%\xe2\xe3", b"hello", b"<x/>"])
def test_something_else_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    assert failure(tmp_path, ".bin", content)
    (tmp_path / "bank.bin").unlink()
    report = run(tmp_path, ".bin", content, name)
    assert not report.files
    assert report.failed or [question.verdict for question in report.questions] == ["not read"]


def test_folder_missing_file_device_and_unreadable_file_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe")
    report = import_files([tmp_path, tmp_path / "no.xml", tmp_path / "pipe", Path("a\0b")], tmp_path / "out")
    said = [reason for _, reason in report.failed]
    assert ["is a folder" in said[0], "no such file" in said[1], "neither a file" in said[2], bool(said[3])] == [
        True
    ] * 4
    file = tmp_path / "bank.xml"
    file.write_bytes(TEXTS["moodle"][1].encode())

    def denied(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", denied)
        ((_, reason),) = import_files([file], tmp_path / "out").failed
    assert "cannot be read: permission denied" in reason
    assert not (tmp_path / "out").exists()


#: Files with numbers, of the formats whose readers have no such test of their own.
_NUMBERS = {
    "gift": "Which?{~%-50%a ~%50%b ~%50%c}\n\nN?{#=1789:5 =%50%1..5}\n\nO.{>2 ALL\na\nb}",
    "spreadsheet": "question,type,answer,tolerance,points\nN?,numeric,1789,0.5,2\n",
    "jupyterquiz": json.dumps(
        [
            {"question": "N?", "type": "numeric", "precision": 3, "answers": [{"value": 3.14, "correct": True}]},
            {"question": "R?", "type": "numeric", "answers": [{"range": [1, 2], "correct": True}]},
            {
                "question": "W?",
                "type": "string",
                "answers": [{"answer": "word", "correct": True, "fuzzy_threshold": 0.8}],
            },
        ]
    ),
    "nbautoeval": TEXTS["nbautoeval"][1].replace("  question: ", "  score: [2, -1, 0]\n  question: ")
    + "  max_attempts: 3\n",
    "text2qti": "Points: 2\n1.  N?\n=  3.14 +- 5%\n\nPoints: 3\n2.  R?\n=  [1, 2]\n",
    "rexams": TEXTS["rexams"][1].replace("extype", "expoints: 2\nexshuffle: 1\nextype"),
}


@pytest.mark.parametrize("name", _NUMBERS)
def test_odd_numbers_are_read_or_refused_and_never_a_crash(name: str) -> None:
    for text in (_NUMBERS[name], *with_odd_numbers(_NUMBERS[name])):
        with suppress(ExchangeError):
            assert READERS[name].read(GivenFile(Path("bank.txt"), text.encode()))


def test_numbers_in_names_of_files_put_them_in_order_however_long_they_are() -> None:
    names = ["item2.xml", "item10.xml", f"item{'9' * 5_000}.xml"]
    file = GivenFile(Path("bank.zip"), zipped(dict.fromkeys(reversed(names), "<x/>")))
    assert list(Package(file).with_root(["x"])) == names


@pytest.mark.parametrize("mark", ["\ue000", "\ue001", "\ue002"])
def test_marks_that_stand_for_something_while_a_text_is_read_mean_nothing_in_a_text(mark: str) -> None:
    for written in (mark, f"&#{ord(mark)};", f"&#x{ord(mark):X};"):
        for number in ("0", "7", "9" * 5_000):
            text = FoundTexts({}, []).from_html(f"<p>a {written}{number}{written} <i>b</i></p>")
            assert "b" in cloze(f"{text} {gap_mark(0)}", [{}], [].append)["text"]


# ---- XML ----

_BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPES = {
    "laughs": f'<!DOCTYPE quiz [<!ENTITY l0 "ha">{_BOMB}]>',
    "file": '<!DOCTYPE quiz [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
    "web": '<!DOCTYPE quiz [<!ENTITY l9 SYSTEM "http://example.org/x">]>',
    "parameter": '<!DOCTYPE quiz [<!ENTITY % x SYSTEM "http://example.org/x"> %x;]>',
    "both": '<!DOCTYPE quiz SYSTEM "http://example.org/x.dtd" [<!ELEMENT quiz ANY>]>',
    "nothing": "<!DOCTYPE quiz []>",
}
XML_NAMES = [name for name, (ending, _) in TEXTS.items() if ending == ".xml"]


@pytest.mark.parametrize("name", XML_NAMES)
@pytest.mark.parametrize("doctype", DOCTYPES)
def test_document_types_and_their_entities_are_refused_with_their_line(name: str, doctype: str, tmp_path: Path) -> None:
    start, rest = TEXTS[name][1].split("\n", 1)
    xml = f"{start}\n{DOCTYPES[doctype]}\n{rest.replace('Houses', '&l9;')}"
    for ending, content in ((".xml", xml.encode()), (".zip", zipped({"g/bank.xml": xml}))):
        report = run(tmp_path, ending, content)
        assert not report.files
        said = said_of(report)[0]
        if name in ARCHIVES or ending == ".xml":
            assert "bank.xml" in said
            assert "document type (<!DOCTYPE>) with declarations of its own in line 2" in said


@pytest.mark.parametrize("name", XML_NAMES)
@pytest.mark.parametrize(
    "doctype",
    [
        "",
        "<!DOCTYPE quiz>",
        '<!-- a > --><!DOCTYPE quiz SYSTEM "http://example.org/a>b.dtd" >',
        """<!DOCTYPE quiz PUBLIC "-//IMS//'QTI'"\n'file:///etc/passwd'>""",
    ],
)
def test_document_type_that_only_names_a_file_is_read_over_but_entities_are_named(
    name: str, doctype: str, tmp_path: Path
) -> None:
    start, rest = TEXTS[name][1].split("\n", 1)
    lines = f"{start}\n{doctype}".count("\n")
    (tmp_path / "usual").mkdir()
    usual = prompts(run(tmp_path / "usual", ".xml", TEXTS[name][1].encode()))
    assert prompts(run(tmp_path, ".xml", f"{start}\n{doctype}\n{rest}".encode())) == usual
    in_attribute = re.sub(r"^(.*?<\w+[^>]*?)(/?>)", r'\1 note="&nbsp;"\2', rest, count=1, flags=re.DOTALL)
    for number, (damaged, entity) in enumerate(
        ((rest.replace("Houses", "&l9;"), "&l9;"), (in_attribute, "&nbsp;"), (rest.replace("Houses", "&é;"), "&é;"))
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        line = lines + 2 + damaged[: damaged.index(entity)].count("\n")
        report = run(folder, ".xml", f"{start}\n{doctype}\n{damaged}".encode())
        assert not report.files
        assert f"has the entity '{entity}' in line {line}, column" in said_of(report)[0]


@pytest.mark.parametrize("part", ["<?a?>", "<!--a-->", "\n", '<!DOCTYPE "a', "<!DOCTYPE a[]", "<!DOCTYPE a>"])
def test_endless_beginnings_of_xml_and_svg_take_no_time(part: str, tmp_path: Path) -> None:
    assert failure(tmp_path, ".xml", (part * 50_000 + "!").encode())
    uri = f"data:image/png;base64,{b64encode((part * 5_000).encode()).decode()}"
    FoundTexts({}, []).from_html(f'<p><img src="{uri}" alt="a"></p>')


@pytest.mark.parametrize("name", XML_NAMES)
def test_elements_in_elements_without_end_are_refused(name: str, tmp_path: Path) -> None:
    start, end = TEXTS[name][1].rsplit("<", 1)
    deep = f"{start}{'<a>' * 50_000}{'</a>' * 50_000}<{end}"
    report = run(tmp_path, ".xml", deep.encode())
    assert not report.files
    assert "inside each other" in said_of(report)[0]


# ---- Archives ----


def with_entry(content: bytes, name: str, inside: bytes = b"x", mode: int = 0) -> bytes:
    """An archive with another entry, which may have a mode such as that of a link."""
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = mode << 16
        archive.writestr(entry, inside)
    return stream.getvalue()


HOSTILE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "up": (lambda zipped: with_entry(zipped, "../evil.xml"), "leads outside"),
    "up inside": (lambda zipped: with_entry(zipped, "a/../../evil.xml"), "leads outside"),
    "absolute": (lambda zipped: with_entry(zipped, "/etc/evil.xml"), "leads outside"),
    "drive": (lambda zipped: with_entry(zipped, "C:/evil.xml"), "leads outside"),
    "drive below": (lambda zipped: with_entry(zipped, "./C:/evil.xml"), "leads outside"),
    "backslash": (lambda zipped: with_entry(zipped, "a\\..\\evil.xml"), "leads outside"),
    "link": (lambda zipped: with_entry(zipped, "link.xml", b"/etc/passwd", 0o120777), "is a link"),
    "double": (lambda zipped: with_entry(with_entry(zipped, "a/x.xml"), "a/./x.xml"), "two files with the name"),
    "ratio": (lambda zipped: with_entry(zipped, "x.xml", b" " * 30_000_000), "times larger"),
    "nested": (
        lambda content: zipped({f"{number}.zip": content for number in range(3)}),
        "not in a format that can be read",
    ),
    "cut": (lambda zipped: zipped[:-30], "not a readable zip file"),
    "no end": (lambda zipped: zipped[:100], "not a readable zip file"),
}


@pytest.mark.parametrize("name", ARCHIVES)
@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_hostile_and_broken_archives_are_refused_as_a_whole(name: str, hostile: str, tmp_path: Path) -> None:
    ending, content = ARCHIVES[name]
    change, said = HOSTILE[hostile]
    assert said in failure(tmp_path, ending, change(content))
    if hostile != "nested":
        (tmp_path / f"bank{ending}").unlink()
        assert said in failure(tmp_path, ending, change(content), name)


@pytest.mark.parametrize("name", ARCHIVES)
def test_too_many_entries_are_refused(name: str, tmp_path: Path) -> None:
    ending, content = ARCHIVES[name]
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as archive:
        for number in range(10_001):
            archive.writestr(f"{number}.txt", b"")
    assert "has more than 10,000 files" in failure(tmp_path, ending, stream.getvalue())


# ---- Large files ----


@pytest.mark.parametrize("name", READERS)
def test_file_that_is_too_large_is_refused_before_it_is_read(name: str, tmp_path: Path) -> None:
    file = tmp_path / "bank.xml"
    with file.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    ((_, reason),) = import_files([file], tmp_path / "out", name).failed
    assert "is larger than 50 MB" in reason


# ---- Pictures ----

REMOTE = "https://example.org/map.png"
#: Formats whose texts can have pictures, and those among them that are Markdown.
WITH_PICTURES = sorted(set(TEXTS) - {"aiken"})
_MARKDOWN = ("spreadsheet", "nbautoeval", "text2qti", "rexams")


def run_with_picture(folder: Path, name: str, address: str, description: str) -> ImportReport:
    """The report on the sample of a format with a picture in a text."""
    ending, text = TEXTS[name]
    picture = f'<img src="{address}" alt="{description}"/>'
    if name in _MARKDOWN:
        picture = f"![{description}]({address})"
    elif ending == ".xml" and name != "qti":
        picture = picture if "CDATA" in text else picture.replace("<", "&lt;")
    elif name == "jupyterquiz":
        picture = picture.replace('"', "'")
    elif name == "gift":
        picture = picture.replace(":", r"\:").replace("=", r"\=")
    return run(folder, ending, text.replace("é", f"é {picture}").encode())


@pytest.mark.parametrize("name", WITH_PICTURES)
def test_picture_on_the_web_is_named_and_never_fetched(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("something was fetched")

    monkeypatch.setattr("socket.socket.connect", refuse)
    report = run_with_picture(tmp_path, name, REMOTE, "a map")
    assert not report.failed
    assert "example.org" in " ".join(said_of(report)), report.questions
    assert not list((tmp_path / "out").rglob("*.png"))


@pytest.mark.parametrize("name", WITH_PICTURES)
@pytest.mark.parametrize("content", [None, b"not a picture"])
def test_picture_that_is_missing_or_broken_leaves_its_description_and_no_file_name(
    name: str, content: bytes | None, tmp_path: Path
) -> None:
    for number, description in enumerate(("a chart", "", "map.png")):
        folder = tmp_path / str(number)
        folder.mkdir()
        if content:
            (folder / "map.png").write_bytes(content)
        report = run_with_picture(folder, name, "map.png", description)
        assert "map.png" in " ".join(said_of(report))
        # A table has our own Markdown, in which a picture that is not there is a mistake of the author.
        assert bool(report.files) == (name != "spreadsheet")
        assert not list(folder.glob("out/*.png"))
        for prompt in prompts(report)[: name != "spreadsheet"]:
            assert ".png" not in prompt
            assert ("a chart" in prompt) == (description == "a chart")


_ROW = "<subquestion format='html'><text>{}</text><answer><text>{}</text></answer></subquestion>"
_SHOWN = {"words": ("France", "Italy"), "pictures": ('<img src="a.png">', '<img src="b.png" alt="b.png">')}


def _matches(left: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """A match with these left sides in each format that has such questions: its name, the ending, and the content."""
    one, two = left
    rows = "".join(_ROW.format(escape(side), right) for side, right in ((one, "x"), (two, "y"), ("Spain", "z")))
    xml = f"<questiontext><text>Match.</text></questiontext>{rows}"
    yield "moodle", ".xml", f"<quiz><question type='matching'>{xml}</question></quiz>"
    one, two = (side.replace("=", r"\=") for side in left)
    yield "gift", ".gift", f"Match.{{={one} -> x ={two} -> y =Spain -> z}}"
    sides = [{"label": side, "answer": right} for side, right in zip((*left, "Spain"), "xyz", strict=True)]
    yield "jupyterquiz", ".json", json.dumps([{"question": "Match.", "type": "match", "pairs": sides}])


@pytest.mark.parametrize("shown", _SHOWN)
def test_match_whose_left_sides_were_lost_pictures_is_refused_and_they_do_not_become_distractors(
    shown: str, tmp_path: Path
) -> None:
    for name, ending, content in _matches(_SHOWN[shown]):
        folder = tmp_path / name
        folder.mkdir()
        report = run(folder, ending, content.encode(), name)
        (question,) = report.questions
        assert (question.verdict == "read") == (shown == "words"), (name, question)
        if shown == "pictures":
            assert question.verdict == "not read"
            assert "a.png" in " ".join(question.reasons)


# ---- Where it is written ----


@pytest.mark.parametrize("step", ["staging", "images", "publish"])
def test_full_disk_leaves_nothing_behind(step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    text = TEXTS["spreadsheet"][1].replace("é", "![a map](map.svg)")
    (tmp_path / "map.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    (tmp_path / "bank.csv").write_text(text, "utf-8")
    patches = {"staging": (Path, "mkdir"), "images": (Path, "write_bytes"), "publish": (OutputFolder, "publish")}
    with monkeypatch.context() as patched:
        patched.setattr(*patches[step], full)
        with pytest.raises(ExchangeError, match="no space left"):
            import_files([tmp_path / "bank.csv"], tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bank.csv", "map.svg"]
    assert import_files([tmp_path / "bank.csv"], tmp_path / "out").files


def test_target_that_is_a_file_or_below_one_is_named(tmp_path: Path) -> None:
    file = tmp_path / "bank.csv"
    file.write_text(TEXTS["spreadsheet"][1], "utf-8")
    for target in (file, file / "out"):
        with pytest.raises(ExchangeError, match=r"bank\.csv"):
            import_files([file], target)
    assert [path.name for path in tmp_path.iterdir()] == ["bank.csv"]
