"""What is read from what learners hand in, and what is refused: links, bombs, names that lead elsewhere."""

from __future__ import annotations

import io
import json
import os
import stat
import tempfile
import zipfile
from pathlib import Path

import pytest
from class_files import zipped
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from material import write

from civicquiz.classroom.collecting import FoundText, Limits, Refused, walk

SMALL = Limits(file=1000, entries=5, unpacked=50_000, inner=2000, inner_entries=2)


def texts(*paths: Path, limits: Limits | None = None) -> dict[str, bytes]:
    return {"/".join(f.parts): f.content for f in walk(paths, limits) if isinstance(f, FoundText)}


def reasons(*paths: Path, limits: Limits | None = None) -> dict[str, str]:
    return {r.place.rpartition("/")[2]: r.why.reason for r in walk(paths, limits) if isinstance(r, Refused)}


def test_folders_archives_and_files_are_read_in_a_fixed_order(tmp_path: Path) -> None:
    write(tmp_path / "in" / "b.json", "B")
    write(tmp_path / "in" / "a" / "x.JSON", "A")
    zipped(tmp_path / "in" / "c.zip", {"z/late.json": "C2", "early.json": "C1"})
    assert list(texts(tmp_path / "in", tmp_path / "in" / "b.json").items()) == [
        ("in/a/x.JSON", b"A"),
        ("in/b.json", b"B"),
        ("in/c.zip/z/late.json", b"C2"),
        ("in/c.zip/early.json", b"C1"),
        ("b.json", b"B"),
    ]


def test_what_systems_leave_behind_is_passed_over_and_other_files_are_reported(tmp_path: Path) -> None:
    for name in ("__MACOSX/._a.json", ".ipynb_checkpoints/a.json", ".DS_Store", "a.json", "essay.docx", "work.ipynb"):
        write(tmp_path / "in" / name, "{}")
    zipped(tmp_path / "in" / "z.zip", {"__MACOSX/._b.json": "", ".b.json.previous": "{}", "b.json": "{}", "b.pdf": ""})
    assert list(texts(tmp_path / "in")) == ["in/a.json", "in/z.zip/b.json"]
    assert set(reasons(tmp_path / "in").values()) == {"not-a-response-file"}
    assert set(reasons(tmp_path / "in")) == {"essay.docx", "work.ipynb", "z.zip!b.pdf"}


@pytest.mark.parametrize("name", ["ps1.ipynb", "act.yml", "act.es.yml", "act.html", "images/a1b2.png"])
def test_what_an_nbgrader_course_handed_out_comes_back_without_a_word(tmp_path: Path, name: str) -> None:
    write(tmp_path / "submitted" / "anna" / "ps1" / name, "{}")
    assert list(walk([tmp_path])) == []
    write(tmp_path / "elsewhere" / "anna" / name, "{}")
    (found,) = walk([tmp_path])
    assert isinstance(found, Refused)


def test_what_a_platform_adds_to_a_download_is_passed_over(tmp_path: Path) -> None:
    """Blackboard's note on each upload, and Brightspace's list of uploads. What a student called so is reported."""
    attempt, folder = "attempt_2026-11-27-10-11-12", "1-2 - Bob Smith - Nov 27, 2026 1011 AM"
    blackboard = [f"Law_bob_{attempt}.txt", f"Law_bob_{attempt}_law.json", f"Law_bob_{attempt}_{attempt}.txt"]
    brightspace = ["index.html", f"{folder}/law.json", f"{folder}/index.html"]
    downloads = {"b.zip": dict.fromkeys(blackboard, "{}"), "d.zip": dict.fromkeys(brightspace, "{}")}
    both = [zipped(tmp_path / "in" / name, entries) for name, entries in downloads.items()]
    for found in (list(walk(both)), list(walk([tmp_path / "in"]))):
        assert [len(texts(path)) for path in both] == [1, 1]
        refused = [one.place.partition(".zip")[2][1:] for one in found if isinstance(one, Refused)]
        assert refused == [blackboard[2], brightspace[2]]


def test_each_line_is_a_text_and_a_long_one_is_skipped_without_holding_it(tmp_path: Path) -> None:
    path = write(tmp_path / "class.jsonl", '{"a":1}\n\n' + "x" * 5000 + '\n{"b":2}')
    found = list(walk([path], SMALL))
    assert [(f.place.rpartition(":")[2], f.content) for f in found if isinstance(f, FoundText)] == [
        ("1", b'{"a":1}'),
        ("4", b'{"b":2}'),
    ]
    assert [(r.place.rpartition(":")[2], r.why.reason) for r in found if isinstance(r, Refused)] == [("3", "too-large")]


@pytest.mark.parametrize(
    "name", ["../evil.json", "a/../../evil.json", "/etc/evil.json", "..\\evil.json", "C:/evil.json", "C:evil.json"]
)
def test_names_that_lead_out_of_an_archive_are_refused_and_nothing_is_ever_unpacked(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "in" / "a.zip", {name: "{}", "good.json": "{}"})
    before = sorted(tmp_path.rglob("*"))
    assert list(texts(path)) == ["good.json"]
    assert list(reasons(path).values()) == ["unsafe-name"]
    assert sorted(tmp_path.rglob("*")) == before


def test_links_are_refused_in_folders_and_archives(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.json", "secret")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link.json").symlink_to(secret)
    (tmp_path / "in" / "folder").symlink_to(tmp_path)
    link = zipfile.ZipInfo("link.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "in" / "z.zip", "w") as archive:
        archive.writestr(link, str(secret))
    assert texts(tmp_path / "in") == {}
    assert reasons(tmp_path / "in") == {"link.json": "link", "folder": "link", "z.zip!link.json": "link"}


def test_link_to_a_folder_does_not_hide_the_layout_of_a_platform(tmp_path: Path) -> None:
    folder = tmp_path / "download" / "Anna Doe_123_assignsubmission_file_"
    write(folder / "law.responses.json", "{}")
    (tmp_path / "elsewhere").mkdir()
    for name in ("old.zip", "old.json", "old"):
        (tmp_path / "download" / name).symlink_to(tmp_path / "elsewhere")
    *refused, found = sorted(walk([tmp_path / "download"]), key=lambda one: isinstance(one, FoundText))
    assert {one.why.reason for one in refused if isinstance(one, Refused)} == {"link"}
    assert found.layout.platform == "moodle"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    os.mkfifo(tmp_path / "in" / "pipe.json")
    assert reasons(tmp_path / "in") == {"pipe.json": "unreadable"}
    assert reasons(tmp_path / "in" / "pipe.json") == {"pipe.json": "unreadable"}


def test_huge_files_are_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    write(tmp_path / "in" / "big.json", "x" * 1001)
    write(tmp_path / "in" / "fits.json", "x" * 1000)
    zipped(tmp_path / "in" / "z.zip", {"big.json": os.urandom(1001), "fits.json": "x"})
    assert {f.place.rpartition("/")[2] for f in walk([tmp_path / "in"], SMALL) if isinstance(f, FoundText)} == {
        "fits.json",
        "z.zip!fits.json",
    }
    assert set(reasons(tmp_path / "in", limits=SMALL).values()) == {"too-large"}


def test_bombs_are_refused_by_size_ratio_count_and_depth(tmp_path: Path) -> None:
    zeros = b"0" * 3_000_000
    assert reasons(zipped(tmp_path / "ratio.zip", {"a.json": zeros})) == {"ratio.zip!a.json": "archive-bomb"}
    noise = {f"{n}.json": os.urandom(20_000) for n in range(3)}
    assert reasons(zipped(tmp_path / "size.zip", noise), limits=SMALL) == {"size.zip": "archive-bomb"}
    many = {f"{n}.json": "" for n in range(6)}
    assert reasons(zipped(tmp_path / "count.zip", many), limits=SMALL) == {"count.zip": "archive-bomb"}
    inner = zipped(tmp_path / "1.zip", {"a.json": "{}"}).read_bytes()
    middle = zipped(tmp_path / "2.zip", {"1.zip": inner}).read_bytes()
    outer = zipped(tmp_path / "3.zip", {"2.zip": middle, "b.json": "{}"})
    assert list(texts(tmp_path / "2.zip")) == ["1.zip/a.json"]
    assert reasons(outer) == {"3.zip!2.zip!1.zip": "archive-bomb"}
    assert list(texts(outer)) == ["b.json"]
    crowd = zipped(tmp_path / "crowd.zip", {f"{n}.json": "" for n in range(3)}).read_bytes()
    assert reasons(zipped(tmp_path / "c.zip", {"in.zip": crowd}), limits=SMALL) == {"c.zip!in.zip": "archive-bomb"}
    large = zipped(tmp_path / "large.zip", {"a.json": os.urandom(3000)}).read_bytes()
    assert reasons(zipped(tmp_path / "l.zip", {"in.zip": large}), limits=SMALL) == {"l.zip!in.zip": "too-large"}


def test_an_entry_that_lies_about_its_size_is_read_no_further_than_it_says(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.json": b"1" * 3_000_000})
    content = path.read_bytes()
    size = (3_000_000).to_bytes(4, "little")
    path.write_bytes(content.replace(size, (500).to_bytes(4, "little")))
    assert list(reasons(path, limits=SMALL).values()) == ["unreadable"]


def test_protected_damaged_and_false_archives_are_reported(tmp_path: Path) -> None:
    write(tmp_path / "text.zip", "not a zip")
    (tmp_path / "empty.zip").write_bytes(b"")
    whole = zipped(tmp_path / "whole.zip", {"a.json": json.dumps(list(range(500))), "b.json": "{}"})
    content = bytearray(whole.read_bytes())
    content[60:90] = b"\0" * 30
    (tmp_path / "damaged.zip").write_bytes(content)
    locked = bytearray(whole.read_bytes())
    start = locked.index(b"PK\x01\x02")
    locked[start + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)
    for name in ("text.zip", "empty.zip"):
        assert reasons(tmp_path / name) == {name: "unreadable"}
    for name in ("damaged.zip", "locked.zip"):
        assert reasons(tmp_path / name) == {f"{name}!a.json": "unreadable"}
        assert list(texts(tmp_path / name)) == ["b.json"]


def test_a_path_that_is_not_there_is_reported(tmp_path: Path) -> None:
    assert reasons(tmp_path / "nothing.json") == {"nothing.json": "unreadable"}


@settings(max_examples=300)
@example(b"\0\0\0\0\1\0\0\2", 195, b"\0")
@given(st.binary(max_size=400), st.integers(0, 300), st.binary(min_size=1, max_size=4))
def test_no_bytes_in_an_archive_raise(noise: bytes, place: int, patch: bytes) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/b.json", noise)
        archive.writestr("c.jsonl", noise)
    content = bytearray(target.getvalue())
    content[place : place + len(patch)] = patch
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.zip"
        path.write_bytes(content)
        for found in walk([path], SMALL):
            assert isinstance(found, (FoundText, Refused))


@given(st.lists(st.text("./\\:a") | st.sampled_from(["a.json", "a.zip", "./a.json"]), max_size=4, unique=True))
@example(["."])
@example(["./."])
def test_no_names_in_an_archive_raise(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                entry = zipfile.ZipInfo()
                entry.filename = name
                archive.writestr(entry, "{}")
        for found in walk([path], SMALL):
            assert isinstance(found, (FoundText, Refused))


def test_folder_of_one_learner_of_nbgrader_says_whose_it_is(tmp_path: Path) -> None:
    """Whatever a learner calls the files in it."""
    file = write(tmp_path / "course" / "submitted" / "bob" / "ps1" / "anna_34_9_law.json", "{}")
    for folder in (*file.parents,)[:4]:
        (found,) = walk([folder])
        assert isinstance(found, FoundText)
        hints = found.layout.hints(found.parts, "law")
        assert (hints.platform, hints.learner) == ("nbgrader", "bob"), folder
    (found,) = walk([file])  # a file that is named itself counts by its own name
    assert found.parts == (file.name,)


# ---- One upload never stops the others ----


def _places(path: Path) -> list[str]:
    return [found.place.rpartition("!")[2] for found in walk([path]) if isinstance(found, FoundText)]


def test_well_packed_file_that_is_not_looked_into_stops_nobody(tmp_path: Path) -> None:
    """A white bitmap is harmless; it is reported as not a response file, and the class is graded."""
    path = zipped(tmp_path / "class.zip", {"ann.json": "{}", "picture.bmp": b"\xff" * 6_000_000, "ben.json": "{}"})
    assert _places(path) == ["ann.json", "ben.json"]
    assert list(reasons(path).values()) == ["not-a-response-file"]


def test_entry_below_the_folder_that_is_meant_by_a_dot_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "class.zip", {"./ann.json": "{}", "./in/./ben.json": "{}"})
    found = [found.parts[-1] for found in walk([path]) if isinstance(found, FoundText)]
    assert found == ["ann.json", "ben.json"]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1), patch=st.binary(min_size=1, max_size=8), cut=st.none() | st.floats(0, 1))
def test_archive_packed_in_any_way_and_damaged_anywhere_raises_nothing(
    tmp_path: Path, method: int, where: float, patch: bytes, cut: float | None
) -> None:
    path = tmp_path / "damaged.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        for name in ("ann.json", "ben.json"):
            archive.writestr(name, f'{{"who": "{name}"}}' * 20)
    content = bytearray(path.read_bytes())
    place = int(where * (len(content) - len(patch)))
    content[place : place + len(patch)] = patch
    path.write_bytes(content[: int(cut * len(content))] if cut is not None else content)
    for _ in walk([path]):
        pass
