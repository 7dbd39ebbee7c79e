"""What a live site is made of is downloaded once, and checked."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from material import write

from civicquiz.errors import LiveError
from civicquiz.live import parts


def tool(folder: Path, name: str, text: str) -> None:
    path = write(folder / name, f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.mark.skipif(os.name == "nt", reason="the stand-ins for npm are shell scripts")
@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo 'network unreachable' >&2; exit 1", "could not be had with npm.*npm says: network unreachable"),
        ("echo other > pyodide-314.0.6.tgz", "checksum differs"),
    ],
)
def test_core_that_cannot_be_had_or_is_another_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, expected: str
) -> None:
    tool(tmp_path / "bin", "npm", script)
    monkeypatch.setattr(parts, "program", lambda name: str(tmp_path / "bin" / name))
    with pytest.raises(LiveError, match=expected):
        parts.core_files(tmp_path / "cache")


def test_missing_node_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(parts.sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LiveError, match=r"'npm' was not found.*Node\.js 20"):
        parts.program("npm")


def test_wheel_that_is_there_is_not_downloaded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"a wheel"
    pin = f"law==1.0 --hash=sha256:{hashlib.sha256(content).hexdigest()}"
    monkeypatch.setattr(parts, "_PINS", write(tmp_path / "wheels.txt", f"# law\n{pin}\n"))
    monkeypatch.setattr(parts, "_YAML", "")
    asked: list[list[str]] = []

    def download(pins: list[str], target: tuple[str, ...], folder: Path) -> None:
        asked.append(pins)
        (folder / "law-1.0-py3-none-any.whl").write_bytes(content)

    monkeypatch.setattr(parts, "_download", download)
    cache = tmp_path / "cache"
    first, second = parts.wheels(cache), parts.wheels(cache)
    assert first == second == {"law": cache / "wheels" / "law-1.0-py3-none-any.whl"}
    assert asked == [[pin]]
    first["law"].write_bytes(b"another")
    parts.wheels(cache)
    assert len(asked) == 2, "a file that is not what was pinned is downloaded again"


def test_wheel_that_pip_cannot_have_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        parts, "_PINS", write(tmp_path / "wheels.txt", f"no-such-wheel==1.0 --hash=sha256:{'0' * 64}\n")
    )
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(LiveError, match="no-such-wheel could not be had with pip"):
        parts.wheels(tmp_path / "cache")


def test_downloads_are_kept_where_the_system_keeps_them(tmp_path: Path) -> None:
    assert parts.cache_folder({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "civicquiz" / "live"
    assert parts.cache_folder({}) == Path.home() / ".cache" / "civicquiz" / "live"


def test_one_build_at_a_time_adds_to_the_cache(tmp_path: Path) -> None:
    """Two would replace each other's files."""
    inside: list[str] = []

    def build(name: str) -> None:
        with parts.alone(tmp_path / "cache"):
            inside.append(name)
            time.sleep(0.05)
            assert inside.pop() == name
            assert inside == []

    with ThreadPoolExecutor(4) as builds:
        list(builds.map(build, "abcd"))
