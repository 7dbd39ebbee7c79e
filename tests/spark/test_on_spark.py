"""A real Spark: in this process, and as a cluster of a master and two workers."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import polars as pl
import pytest
from browsing import skip_without
from running_spark import LOOPBACK, PATIENCE, Cluster, missing_for_spark, running_cluster
from spark_classes import files_in, graded_here, report_here, write_class, write_marks

from civicquiz.classroom.collecting import Refused
from civicquiz.classroom.gradebook.options import GradingOptions
from civicquiz.errors import GradingError, OutcomesError

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def spark() -> None:
    """Spark and Java are there."""
    if missing := missing_for_spark():
        skip_without(missing)


@pytest.fixture(scope="module")
def session(spark: None) -> Iterator[Any]:
    """Spark in this process, with two cores."""
    os.environ.update(LOOPBACK)
    from civicquiz.spark.sessions import session_on

    with session_on("local[2]") as started:
        started.conf.set("spark.sql.shuffle.partitions", "3")
        started.conf.set("spark.sql.files.openCostInBytes", "1")
        yield started


def graded_on_spark(session: Any, options: dict[str, Any], out: Path) -> dict[str, bytes]:
    """The files that grading on Spark writes, by name."""
    from civicquiz.spark.spark_run import SparkRun

    with closing(SparkRun(session, GradingOptions(**options, out=out))) as run:
        run.run()
        run.publish()
    return files_in(out)


def reported_on_spark(session: Any, results: Path, out: Path, **more: Any) -> dict[str, bytes]:
    """The files that a report on Spark writes, by name."""
    import civicquiz.spark

    civicquiz.spark.report(session, results, out, **more)
    return files_in(out)


def rows(out: Path) -> pl.DataFrame:
    """The outcomes in a folder of results."""
    path = out / "outcomes.parquet"
    return pl.read_parquet(path if path.is_file() else sorted(path.glob("*.parquet")))


def tables(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files without the outcomes, which are many files on Spark."""
    return {name: content for name, content in files.items() if name != "outcomes.parquet"}


def test_results_are_those_of_this_machine(session: Any, tmp_path: Path) -> None:
    """With every question type, several files, duplicates, marks and a roster, in many small blocks; then without a
    roster, in few."""
    options = write_class(tmp_path, learners=40)
    key = tmp_path / "quizzes"
    review = graded_here(options | {"review": True}, tmp_path / "first")["review.csv"]
    marks = write_marks(review, tmp_path / "marks.csv")
    cases: list[tuple[int, dict[str, Any]]] = [
        (100_000, {"roster": tmp_path / "roster.csv", "marks": marks, "review": True, "keep": "best"}),
        (10_000_000, {"keep": "first", "per_learner": True, "due": None, "keys": tuple(key.iterdir())}),
    ]
    for number, (block, more) in enumerate(cases):
        session.conf.set("spark.sql.files.maxPartitionBytes", str(block))
        here, there = tmp_path / f"here-{number}", tmp_path / f"there-{number}"
        expected = graded_here(options | more, here)
        assert graded_on_spark(session, options | more, there) == tables(expected)
        assert rows(there).equals(rows(here))
        reported = report_here(here, tmp_path / f"report-{number}", key=[key])
        # One engine reads what the other wrote, too.
        source = (there, here)[number]
        assert reported_on_spark(session, source, tmp_path / f"report-on-spark-{number}", key=[key]) == reported
        assert report_here(there, tmp_path / f"rows-of-spark-{number}", key=[key]) == reported
    assert set(rows(tmp_path / "here-0")["status"]) > {"missing", "partly", "unanswered", "correct", "unscored"}
    assert b"duplicate" in (tmp_path / "there-0" / "problems.csv").read_bytes()


def test_results_are_replaced_by_those_of_the_same_engine_only(session: Any, tmp_path: Path) -> None:
    from civicquiz.spark.spark_run import SparkRun

    options = write_class(tmp_path, learners=3)
    options = options | {"paths": (tmp_path / "last.jsonl",), "keys": (tmp_path / "quizzes" / "law.yml",)}
    out = tmp_path / "out"
    graded_on_spark(session, options, out)
    law = tmp_path / "quizzes" / "law.yml"
    law.write_text(law.read_text("utf-8").replace("answer: 14", "answer: 15"), "utf-8")
    before = sorted((out / "outcomes.parquet").iterdir())
    with closing(SparkRun(session, GradingOptions(**options, out=out))) as run:
        run.run()
        changed = {change.learner: (change.before, change.now) for change in run.changes()}
        assert sorted((out / "outcomes.parquet").iterdir()) == before
        run.publish()
    assert changed["learner-007"] == (4.0, 3.0)
    assert not {*before} & {*(out / "outcomes.parquet").iterdir()}
    assert rows(out)["score"].sum() < 100
    with pytest.raises(GradingError, match="graded with Spark; name another folder"):
        graded_here(options, out)
    graded_here(options, tmp_path / "here")
    with pytest.raises(GradingError, match="graded without Spark; name another folder"):
        graded_on_spark(session, options, tmp_path / "here")


def test_rows_that_are_impossible_are_reported(session: Any, tmp_path: Path) -> None:
    options = write_class(tmp_path, learners=2)
    graded_here(options, tmp_path / "out")
    path = tmp_path / "out" / "outcomes.parquet"
    good = pl.read_parquet(path)
    for rows_of_file, message in (
        (pl.concat([good, good]), "two rows for the same question"),
        (good.with_columns(pl.lit(2.0).alias("max_score"), pl.lit(3.0).alias("score")), "above its 'max_score'"),
        (good.head(0), "nobody has handed anything in"),
        (good.drop("status", "score"), "no column 'status', 'score'"),
    ):
        rows_of_file.write_parquet(path)
        with pytest.raises(OutcomesError, match=message):
            reported_on_spark(session, tmp_path / "out", tmp_path / "report")
    with pytest.raises(OutcomesError, match="no such file"):
        reported_on_spark(session, tmp_path, tmp_path / "report")


def mounted(session: Any, folder: Path, name: str) -> str:
    """The address of a folder in a file system of Spark's own, in which nothing is at a path of this machine."""
    session.sparkContext._jsc.hadoopConfiguration().set(f"fs.viewfs.mounttable.{name}.link./class", folder.as_uri())
    return f"viewfs://{name}/class"


def test_files_folders_and_archives_at_an_address_are_those_of_this_machine(session: Any, tmp_path: Path) -> None:
    options = write_class(tmp_path, learners=8)
    handed_in = tmp_path / "handed in [1]"
    law = (tmp_path / "submitted" / "learner-001" / "law" / "law.responses.json").read_bytes()
    with ZipFile(tmp_path / "canvas.jsonl.zip", "w") as archive:
        for number in range(3):
            archive.writestr(f"doejane{number}_LATE_10{number}_2{number}_law.responses.json", law)
        archive.writestr("doejane0_100_9_picture.zip", b"no archive")
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    shutil.copy(tmp_path / "canvas.jsonl.zip", downloads / "week 1.ZIP")
    (downloads / "empty.json").touch()
    paths = (*options["paths"][:3], tmp_path / "canvas.jsonl.zip", downloads, handed_in, handed_in / "yan.zip")
    options = options | {"roster": tmp_path / "roster.csv", "paths": paths}
    expected = graded_here(options, tmp_path / "here")
    root = mounted(session, tmp_path, "everything")
    names = (path.relative_to(tmp_path).as_posix() for path in paths)
    addresses = tuple(f"{root}/x/../" + re.sub(r"([\[\]])", r"\\\1", name) for name in names)
    there = graded_on_spark(session, options | {"paths": addresses}, tmp_path / "there")
    found = {name: content.replace(root.encode(), str(tmp_path).encode()) for name, content in there.items()}
    assert found == tables(expected)
    assert rows(tmp_path / "there").equals(rows(tmp_path / "here"))
    assert b"empty.json" in there["problems.csv"]


def test_address_is_a_pattern_and_says_what_is_wrong_with_it(
    session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from civicquiz.spark import addresses

    options = write_class(tmp_path, learners=5)
    (tmp_path / "submitted" / "learner-002" / "law" / "timestamp.txt").unlink()
    (tmp_path / "_hidden.jsonl").write_text("{}", "utf-8")
    root_of_spark = mounted(session, tmp_path, "patterns")
    for root in (root_of_spark, f"file://{tmp_path}"):
        found = addresses.paths_of(f"{root}/submitted/learner-*/law")
        if root == root_of_spark:
            there = addresses.found_at(session, str(found[0]))
            monkeypatch.setattr(addresses, "_MOST_BYTES", 10)
            refused = list(addresses.found_at(session, str(found[0])).found_files(lambda name: False))
            assert [of.why.reason for of in refused if isinstance(of, Refused)] == ["too-large"] * 2
            assert [path.parts[-3] for path in there.notes] == ["learner-001"]
            found = [*there.named]
        assert [Path(path).parent.name for path in found] == ["learner-001", "learner-002"]
        for address, message in (
            ("nothing/*.jsonl", "PATH_NOT_FOUND|there is nothing at"),
            ("_hidden.jsonl", "rename"),
            ("{a,{b,c}/d}.json", "between braces|there is nothing at"),
        ):
            wrong = options | {"paths": (f"{root}/{address}",)}
            with pytest.raises(GradingError, match=message):
                graded_on_spark(session, wrong, tmp_path / "out")
    graded_on_spark(session, options | {"paths": (tmp_path / "submitted" / ".." / "last.jsonl",)}, tmp_path / "dots")
    (refused_line,) = [line for line in files_in(tmp_path / "dots")["problems.csv"].splitlines() if b"longer" in line]
    assert b"last.jsonl" in refused_line


# ---- A cluster ----


@pytest.fixture(scope="module")
def cluster(spark: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


def start_grading(options: dict[str, Any], out: Path, master: str, limit: int = -1) -> subprocess.Popen[str]:
    """``civicquiz grade`` on a cluster, in a process that writes files of at most ``limit`` bytes."""
    keys = [f"--key={key}" for key in options["keys"]]
    program = "from civicquiz.cli import main; main()"
    command = [sys.executable, "-c", program, "grade", *map(str, options["paths"]), *keys, f"--out={out}", "--yes"]
    command += [f"--due={options['due'].isoformat()}", f"--accept-version={options['versions'][0]}"]
    command += ["--engine=spark", f"--master={master}"]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **LOOPBACK},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )


def test_cluster_that_loses_a_process_has_the_same_results(cluster: Cluster, tmp_path: Path) -> None:
    options = write_class(tmp_path, learners=10)
    running = start_grading(options, tmp_path / "there", cluster.master)
    end = time.monotonic() + PATIENCE
    while not (executors := cluster.executors()) and running.poll() is None and time.monotonic() < end:
        time.sleep(0.1)
    for executor in executors:
        os.kill(executor, signal.SIGKILL)
    expected = graded_here(options, tmp_path / "here")
    printed, errors = running.communicate(timeout=PATIENCE)
    assert running.returncode == 0, errors
    assert executors
    assert "graded; the results are in" in printed
    assert files_in(tmp_path / "there") == tables(expected)
    assert rows(tmp_path / "there").equals(rows(tmp_path / "here"))


def test_disk_that_is_full_is_reported_and_the_earlier_results_stay(spark: None, tmp_path: Path) -> None:
    options = write_class(tmp_path, learners=100)
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("stays", "utf-8")
    printed, errors = start_grading(options, out, "local[1]", limit=100_000).communicate(timeout=PATIENCE)
    assert "Spark gave up" in errors, printed
    assert [path.name for path in out.iterdir()] == ["mine.txt"]
