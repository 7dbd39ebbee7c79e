"""One upload, however it is made, costs little time, memory and room in the tables, and stops nobody else's."""

from __future__ import annotations

import csv
import io
import json
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from class_files import RIGHT, response_file, write_keys, zipped

from civicquiz.classroom.gradebook.grading_run import GradingRun
from civicquiz.classroom.gradebook.options import GradingOptions

#: Each ends in a second or two on a machine of today.
SECONDS = 30


def _packed(entries: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def _long_list() -> bytes:
    """An archive with a list of 500,000 entries, which packs well in another."""
    name = b"a.json"
    central = (
        struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0) + name
    )
    listing = central * 500_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(listing), 0, 0)
    return listing + end


UPLOADS: dict[str, Callable[[], dict[str, bytes]]] = {
    "lines.zip": lambda: {"x.jsonl": b"x\n" * 900_000},
    "empty.zip": lambda: {f"{number}.json": b"" for number in range(1000)},
    "other.zip": lambda: {f"{number}.txt": b"" for number in range(1000)},
    "answers.zip": lambda: {
        f"{number}.json": json.dumps(
            {"schema": 1, "quiz": "law", "content_hash": "?", "responses": {str(n): 1 for n in range(50)}}
        ).encode()
        for number in range(1000)
    },
    "large.zip": lambda: {f"{number}.json": b'{"a": "' + b"x" * 1_900_000 + b'"}' for number in range(300)},
    "nested.zip": lambda: {"a.zip": _packed({"b.zip": _packed({"c.json": b"{}"})})},
    "list.zip": lambda: {"a.zip": _long_list()},
}


@pytest.mark.parametrize("layout", ["canvas", "plain", "moodle"])
@pytest.mark.parametrize("name", UPLOADS)
def test_one_upload_costs_little_and_stops_nobody(tmp_path: Path, name: str, layout: str) -> None:
    quiz = write_keys(tmp_path)["law"]
    good = response_file(quiz, RIGHT).encode()
    upload = _packed(UPLOADS[name]())
    places = {
        "canvas": ("smithbob_1_2_{}", "leeanna_3_4_law.json"),
        "plain": ("{}", "anna.json"),
        "moodle": ("Bob_1_assignsubmission_file_/{}", "Anna_3_assignsubmission_file_/law.json"),
    }
    bob, anna = places[layout]
    source = zipped(tmp_path / "in.zip", {bob.format(name): upload, anna: good})
    started = time.process_time()
    options = GradingOptions((source,), (tmp_path / "quizzes" / "law.yml",), tmp_path / "out", feedback=False)
    with closing(GradingRun(options)) as run:
        run.run()
        run.publish()
    assert time.process_time() - started < SECONDS
    with (tmp_path / "out" / "gradebook.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert "4" in [row["law"] for row in csv.DictReader(stream)]
    with (tmp_path / "out" / "problems.csv").open(encoding="utf-8-sig", newline="") as stream:
        problems = list(csv.DictReader(stream))
    assert 1 <= len(problems) <= 40
    assert sum(path.stat().st_size for path in (tmp_path / "out").iterdir()) < 200_000


def test_long_list_is_one_that_zipfile_would_read() -> None:
    """Otherwise the test above would show nothing."""
    small = _long_list()
    assert len(zlib.compress(small)) < 200_000
    with zipfile.ZipFile(io.BytesIO(small)) as archive:
        assert len(archive.infolist()) == 500_000
