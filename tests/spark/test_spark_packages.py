"""What the command line says where Spark is not there, or is asked for what it does not do."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from civicquiz.cli import main
from civicquiz.errors import GradingError
from civicquiz.spark.spark_packages import require_java

GRADE = ["grade", "class.jsonl", "--key", "law.yml", "--out", "results"]


@pytest.mark.parametrize("command", [GRADE, ["report", "results"]])
def test_missing_packages_are_named(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    done = CliRunner().invoke(main, [*command, "--engine", "spark"])
    assert done.exit_code != 0
    assert "pip install 'civicquiz[spark]'" in done.output


def test_missing_java_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(GradingError, match=r"none in JAVA_HOME .*openjdk-17-jre-headless"):
        require_java()
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GradingError, match=r"none on this machine\. .*openjdk-17-jre-headless"):
        require_java()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--master", "spark://host:7077"], "--master goes together with --engine spark"),
        (["--engine", "spark", "--jobs", "2"], "--jobs cannot be combined with --engine spark"),
        (["--engine", "spark", "--sheet", "law.csv"], "--sheet cannot be combined with --engine spark"),
        (["--engine", "spark", "--feedback"], "--feedback cannot be combined with --engine spark"),
    ],
)
def test_options_that_do_not_fit_are_refused(more: list[str], message: str) -> None:
    done = CliRunner().invoke(main, [*GRADE, *more])
    assert done.exit_code == 2
    assert message in done.output
