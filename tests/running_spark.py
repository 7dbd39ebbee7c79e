"""Spark on this machine: what it needs, and a real cluster of one master and two workers on the loopback interface."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from civicquiz.errors import CivicquizError
from civicquiz.spark.spark_packages import require_java, require_spark

#: So that nothing of a cluster can be reached from another machine.
LOOPBACK = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m"}
_SIZE = ("--cores", "1", "--memory", "2g")
#: How long a program may take to start on a busy machine, in seconds.
PATIENCE = 180


def missing_for_spark() -> str:
    """What Spark needs and this machine does not have; empty if it has everything."""
    try:
        require_spark("It")
        require_java()
    except CivicquizError as error:
        return f"Spark. {error}"
    return ""


@dataclass
class Cluster:
    """A standalone cluster; ``master`` is its address."""

    master: str
    workers: list[subprocess.Popen[bytes]]
    #: those of the master and the workers
    processes: list[int]

    def executors(self) -> list[int]:
        """The processes of the first worker that have started Python for a task."""
        return [executor for executor in _children(self.workers[0].pid) if _children(executor)]


@contextmanager
def running_cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A cluster with ``workers`` of one core each; its files are in ``folder``. Only what was started here is ended."""
    package = find_spec("pyspark")
    assert package is not None
    assert package.origin is not None
    home = Path(package.origin).parent
    environment = {**os.environ, **LOOPBACK, "SPARK_HOME": str(home), "PYSPARK_PYTHON": sys.executable}
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str, *arguments: str) -> Path:
        log = folder / f"{name}.log"
        with log.open("wb") as stream:
            command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{arguments[0]}", *arguments[1:]]
            started.append(subprocess.Popen(command, env=environment, stdout=stream, stderr=subprocess.STDOUT))
        return log

    try:
        where = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
        master = _found(start("master", "master.Master", *where), r"Starting Spark master at (spark://\S+)")
        logs = [
            start(name, "worker.Worker", *where, *_SIZE, "--work-dir", str(folder / name), master)
            for name in (f"worker-{number}" for number in range(workers))
        ]
        for log in logs:
            _found(log, r"Successfully registered with (master \S+)")
        yield Cluster(master, started[1:], [process.pid for process in started])
    finally:
        for process in started[::-1]:
            process.terminate()
        for process in started:
            process.wait(PATIENCE)


def _found(log: Path, pattern: str) -> str:
    """What is found in a log, once it is there."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = re.search(pattern, log.read_text("utf-8", "replace"))
        if found:
            return found[1]
        time.sleep(0.2)
    raise AssertionError(log.read_text("utf-8", "replace")[-2000:])


def _children(process: int) -> list[int]:
    found = list[int]()
    for thread in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):  # it has just ended
            found += map(int, thread.read_text().split())
    return found
