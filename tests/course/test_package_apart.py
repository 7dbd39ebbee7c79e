"""The course and the package are separate: their licenses, and that the package knows nothing about the course."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import civicquiz
from civicquiz.frontend.citations import date_in_words

ROOT = Path(__file__).resolve().parents[2]
SEEDS = civicquiz.load_seeds(ROOT / "seeds")


def _licensed_as_course(text: str) -> list[set[str]]:
    """The names that a text lists in its sentences on the license of the course."""
    name = r"`[\w./-]+`"
    lists = re.findall(rf"{name}(?:(?:,| and|, and the files)\s+{name})+", text)
    return [set(re.findall(name, found)) for found in lists]


def test_license_names_the_course_by_the_same_folders_and_files_everywhere() -> None:
    sentences = [*_licensed_as_course((ROOT / "LICENSE").read_text("utf-8"))]
    sentences += _licensed_as_course((ROOT / "README.md").read_text("utf-8").partition("## More")[2])
    assert len(sentences) == 3
    assert sentences[0] == sentences[1] == sentences[2]
    for name in sentences[0]:
        assert (ROOT / name.strip("`")).exists(), name


def test_nothing_under_the_license_of_the_course_is_in_a_distribution_of_the_package() -> None:
    """A distribution of the package is under one license, that of the code."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    excluded = {name.strip("/") for name in project["tool"]["hatch"]["build"]["targets"]["sdist"]["exclude"]}
    course = {name.strip("`/") for name in _licensed_as_course((ROOT / "LICENSE").read_text("utf-8"))[0]}
    assert course <= excluded
    assert project["project"]["license"] == "MIT AND Bitstream-Vera"


def _words_of_the_course() -> set[str]:
    """Words that only this course uses: its topics, the people and publishers of its record, its date."""
    topics = {path.stem.replace("-", " ") for path in (ROOT / "lessons").glob("*.md")}
    topics |= {path.stem for path in (ROOT / "lessons").glob("*.md")}
    names = {claim.speaker for claim in SEEDS.claims.values()} | {source.publisher for source in SEEDS.sources.values()}
    assert SEEDS.cutoff is not None
    dates = {date_in_words(SEEDS.cutoff, language) for language in ("en", "es")}
    proper = {name for name in names | dates if re.search(r"[ -]", name) and name.lower() != name}
    return {word.lower() for word in topics | proper}


def test_nothing_in_the_package_knows_the_course() -> None:
    words = _words_of_the_course()
    assert {"alien enemies act", "november 2024"} <= words
    assert len(words) > 40
    package = Path(civicquiz.__file__).parent
    files = [path for path in package.rglob("*") if path.suffix in (".py", ".js", ".ts", ".css", ".json")]
    assert len(files) > 150
    found = {path.name: {word for word in words if word in path.read_text("utf-8").lower()} for path in files}
    assert {name: known for name, known in found.items() if known} == {}
