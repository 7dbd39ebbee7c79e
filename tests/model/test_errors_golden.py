"""The exact text of ``civicquiz check`` for the mistakes that authors make.

There is a small file for each mistake in ``tests/golden/``, with the text beside it, and small courses in ``courses/``.
If you change a message, run ``pytest tests/model/test_errors_golden.py --update-golden`` and read the diff.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from material import ROOT

from civicquiz.authoring.yaml_source import MAX_BYTES
from civicquiz.cli import main

GOLDEN = ROOT / "tests" / "golden"
COURSES = GOLDEN / "courses"

#: Files that are easy to generate, so they are not stored.
GENERATED = {
    "alias-bomb.yml": "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60)),
    "deep-nesting.yml": "title: x\nquestions: " + "[" * 10_000 + "]" * 10_000,
    "too-large.yml": "title: x\n" + "# more and more\n" * (MAX_BYTES // 15),
}


def _check(folder: Path, *paths: str) -> tuple[int, str]:
    """Exit code and output of ``civicquiz check`` in ``folder``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        result = CliRunner().invoke(main, ["check", *paths])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def _compare(expected: Path, output: str, update: bool) -> None:
    if update:
        expected.write_text(output, "utf-8")
    assert expected.is_file(), f"no {expected.name} yet: run with --update-golden, and read what it writes"
    assert output == expected.read_text("utf-8")


def _well_formed(output: str) -> list[str]:
    """The problem lines of ``output``, after checking the format of all lines."""
    *lines, last = output.splitlines()
    problems = [line for line in lines if not line.startswith("    hint: ")]
    number = len(problems)
    assert last in (f"{number} problem{'s' if number > 1 else ''}", f"No problems, {number} warnings.")
    for line in problems:
        assert re.match(r"[\w./-]+:\d+:\d+: \S", line), line
    return problems


@pytest.mark.parametrize("name", sorted(file.name for file in GOLDEN.glob("*.yml")))
def test_mistake_is_reported_in_these_words(name: str, update_golden: bool) -> None:
    code, output = _check(GOLDEN, name)
    assert code == (0 if name == "warnings.yml" else 1)
    assert all(line.startswith(f"{name}:") for line in _well_formed(output))
    _compare((GOLDEN / name).with_suffix(".txt"), output, update_golden)


@pytest.mark.parametrize("name", sorted(GENERATED))
def test_hostile_file_is_reported_in_these_words(name: str, tmp_path: Path, update_golden: bool) -> None:
    (tmp_path / name).write_text(GENERATED[name], "utf-8")
    code, output = _check(tmp_path, name)
    assert code == 1
    assert len(_well_formed(output)) == 1
    _compare((GOLDEN / name).with_suffix(".txt"), output, update_golden)


def test_missing_file_is_reported_in_these_words(tmp_path: Path, update_golden: bool) -> None:
    code, output = _check(tmp_path, "quizzes/nope.yml", "lessons/nope.md")
    assert code == 1
    _compare(GOLDEN / "missing-file.txt", output, update_golden)


def test_folder_without_a_course_is_reported_in_these_words(tmp_path: Path, update_golden: bool) -> None:
    code, output = _check(tmp_path)
    assert code == 1
    _compare(GOLDEN / "no-course.txt", output, update_golden)


@pytest.mark.parametrize("name", sorted(folder.name for folder in COURSES.iterdir()))
def test_course_is_reported_in_these_words(name: str, update_golden: bool) -> None:
    code, output = _check(COURSES / name)
    clean = output == "No problems.\n"
    assert code == (0 if clean else 1)
    if not clean:
        _well_formed(output)
    _compare(COURSES / name / "expected.txt", output, update_golden)


def test_lesson_that_is_not_utf8_is_reported_in_these_words(tmp_path: Path, update_golden: bool) -> None:
    """The file is created here, because tools that read all Markdown files would fail on it."""
    shutil.copytree(COURSES / "clean", tmp_path, dirs_exist_ok=True)
    (tmp_path / "lessons" / "first.md").write_bytes(b"# Die Gesetze f\xfcr Ausl\xc3\xa4nder\n")
    code, output = _check(tmp_path)
    assert code == 1
    _compare(GOLDEN / "lesson-not-utf8.txt", output, update_golden)


def test_every_expected_text_belongs_to_a_file() -> None:
    named = {Path(name).stem for name in GENERATED} | {"missing-file", "no-course", "lesson-not-utf8"}
    named |= {file.stem for file in GOLDEN.glob("*.yml")}
    assert {file.stem for file in GOLDEN.glob("*.txt")} == named


def test_no_expected_text_speaks_of_python() -> None:
    inside = re.compile(r"None|question 'True'|<class|Errno|codec|pydantic|value_error|is not right:")
    for file in GOLDEN.rglob("*.txt"):
        assert not inside.search(file.read_text("utf-8")), file.name
