"""``civicquiz live``: what it refuses, and what it takes into a site."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from material import write

import civicquiz
from civicquiz.cli import main
from civicquiz.errors import LiveError
from civicquiz.live import parts, site
from civicquiz.live.site import build_live


def taken(folder: Path, *only: str, to: str = "site") -> list[str]:
    return [name for name, _ in site._files(folder, only, folder / to)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "lessons/a.md",
        "lessons/data/__init__.py",
        "lessons/data/t.csv",
        "quizzes/law.yml",
        "site/index.html",
        "_build/x.html",
    ):
        write(tmp_path / name, "text")
    for name in (".git/config", "lessons/law.responses.json", "lessons/.law.responses.json.previous", "a/.x"):
        write(tmp_path / name, "text")
    return tmp_path


def test_site_has_everything_but_answers_tools_and_itself(folder: Path) -> None:
    data = ["lessons/data/__init__.py", "lessons/data/t.csv"]
    assert taken(folder) == ["lessons/a.md", *data, "quizzes/law.yml"]
    assert taken(folder, "lessons/data", "quizzes") == [*data, "quizzes/law.yml"]
    assert taken(folder, to="elsewhere") == ["lessons/a.md", *data, "quizzes/law.yml", "site/index.html"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("nowhere", "--to", "out"), "'nowhere' is not a folder"),
        ((".", "--to", "lessons"), "'lessons' is not a live site, and would be replaced"),
        (("quizzes", "--to", "out"), "there is no notebook in 'quizzes'"),
        ((".", "--to", "out", "--only", "missing"), "there is no 'missing' in '.'"),
    ],
)
def test_what_cannot_be_a_site_is_refused_before_anything_is_downloaded(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], expected: str
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr(site, "require_live", lambda: None)
    before = sorted(folder.rglob("*"))
    done = CliRunner().invoke(main, ["live", *arguments])
    assert done.exit_code == 1
    assert expected in done.output
    assert sorted(folder.rglob("*")) == before


def test_missing_packages_are_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_BUILT_WITH", ("no_such_package",))
    with pytest.raises(civicquiz.CivicquizError, match=r"civicquiz\[live\]"):
        build_live(folder, folder / "out")


def test_earlier_site_is_replaced_as_a_whole(tmp_path: Path) -> None:
    old, new = tmp_path / "out", tmp_path / "new"
    write(old / "old.html", "old")
    write(new / "index.html", "new")
    site._replace(old, new)
    assert [path.name for path in old.iterdir()] == ["index.html"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "out"]


def test_error_of_several_cells_is_printed_line_by_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise LiveError("lessons/a.md: code cell 1 imports 'numpy'\nlessons/b.md: code cell 2 stops")

    monkeypatch.setattr("civicquiz.cli.build_live", fail)
    done = CliRunner().invoke(main, ["live", str(folder), "--to", "out"])
    assert done.output == "Error: lessons/a.md: code cell 1 imports 'numpy'\nlessons/b.md: code cell 2 stops\n"
