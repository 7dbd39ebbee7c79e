"""What a command writes appears all at once, or the next run finishes it: a program may be killed at any moment.

New files are written to a hidden folder next to their places. Once they are all there, a plan says which of them go
where, and only then are they moved. A run that is killed before that changes nothing. One that is killed while files
are moved leaves its plan behind, and the next program that opens the folder carries it out.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Self

__all__ = ["PLAN", "OutputFolder", "safe_name", "write_file"]

#: The file that says what is still to be moved.
PLAN = ".civicquiz-unfinished.json"
_STAGING = ".civicquiz-new-"
#: Seconds after which new files belong to a program that was killed, and not to one that still runs.
_ABANDONED = 3600


class OutputFolder:
    """A folder that a command writes to; to be used in a ``with`` statement.

    Files are written below ``staging``; :meth:`publish` moves them to their places in the folder.
    """

    def __init__(self, path: Path) -> None:
        """
        Raises:
            OSError: the folder cannot be created or written to.
        """
        self.path = path
        existed = path.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        #: whether an earlier run was interrupted while it moved its files, and has been finished now
        self.finished_earlier = existed and _carry_out(path)
        #: A new folder is renamed as a whole.
        self._is_new = not existed
        around = path.parent if self._is_new else path
        _remove_abandoned(around)
        self.staging = around / f"{_STAGING}{secrets.token_hex(4)}"
        self.staging.mkdir()

    def publish(self, names: Iterable[str], obsolete: Iterable[str] = ()) -> None:
        """Move the files ``names`` from ``staging`` to the folder, and delete the files ``obsolete`` in it. Both are
        paths below the folder, with ``/``.

        Raises:
            OSError: a file cannot be moved. Opening the folder again carries out the rest.
        """
        names, obsolete = list(names), list(obsolete)
        if self._is_new and not self.path.exists():
            keep = {self.staging / name for name in names}
            for path in [path for path in self.staging.rglob("*") if path.is_file() and path not in keep]:
                path.unlink()
            self.staging.rename(self.path)
            return
        if self._is_new:  # somebody else made the folder in the meantime
            inside = self.path / self.staging.name
            shutil.move(self.staging, inside)
            self.staging = inside
        plan = {"from": self.staging.name, "move": names, "delete": [name for name in obsolete if name not in names]}
        new = self.staging / PLAN
        _write_all(new, json.dumps(plan).encode())
        new.replace(self.path / PLAN)
        _carry_out(self.path)

    def close(self) -> None:
        """Delete what was not published."""
        if not (self.path / PLAN).exists():
            shutil.rmtree(self.staging, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _carry_out(folder: Path) -> bool:
    """Move and delete what the plan in ``folder`` says, as far as that has not been done. Returns whether there is one.

    Raises:
        OSError: a file cannot be moved or deleted; the plan stays.
    """
    try:
        plan = json.loads((folder / PLAN).read_text("utf-8"))
    except FileNotFoundError:
        return False
    except ValueError:
        plan = None
    if not _is_valid(plan):  # from somebody who would have other files moved or deleted
        raise OSError(errno.EINVAL, f"{PLAN} in it is not from civicquiz; delete that file")
    staging = folder / plan["from"]
    for name in plan["move"]:
        source, target = staging / name, folder / name
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
    for name in plan["delete"]:
        (folder / name).unlink(missing_ok=True)
    (folder / PLAN).unlink()
    shutil.rmtree(staging, ignore_errors=True)
    return True


def _is_valid(plan: object) -> bool:
    """Whether a plan moves and deletes only files below its own folder."""
    if not isinstance(plan, dict) or set(plan) != {"from", "move", "delete"}:
        return False
    names = (
        [*plan["move"], *plan["delete"]] if isinstance(plan["move"], list) and isinstance(plan["delete"], list) else [0]
    )
    return (
        isinstance(plan["from"], str)
        and re.fullmatch(rf"{re.escape(_STAGING)}[0-9a-f]{{8}}", plan["from"]) is not None
        and all(isinstance(name, str) and _is_below(name) for name in names)
    )


def _is_below(name: str) -> bool:
    return bool(name) and not re.search(r"[\\:\0]", name) and not {"", ".", ".."} & set(name.split("/"))


def _remove_abandoned(folder: Path) -> None:
    """Delete new files that a run left behind when it was killed."""
    for left in folder.glob(f"{_STAGING}*"):
        with suppress(OSError):  # another program may delete it at the same time
            if time.time() - left.stat().st_mtime > _ABANDONED:
                left.unlink() if left.is_file() else shutil.rmtree(left)


def write_file(path: Path, content: bytes) -> None:
    """Write a file, which has its old content or its new one at every moment, and keeps its permissions.

    Raises:
        OSError: it cannot be written; the old content stays.
    """
    _remove_abandoned(path.parent)
    temporary = path.with_name(f"{_STAGING}{secrets.token_hex(4)}")
    try:
        _write_all(temporary, content)
        if path.exists():
            shutil.copymode(path, temporary)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


#: Names that Windows reserves.
_TAKEN = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def safe_name(learner: str) -> str:
    """The name of a learner's file or folder: the id if that is safe in every file system; otherwise with a hash."""
    if re.fullmatch(r"[a-z0-9][a-z0-9._@+-]{0,79}", learner) and learner[-1] != "." and not _TAKEN.fullmatch(learner):
        return learner
    slug = re.sub(r"[^a-z0-9]+", "-", learner.lower()).strip("-")[:60]
    return f"{slug or 'learner'}-{hashlib.sha256(learner.encode('utf-8', 'replace')).hexdigest()[:10]}"


def _write_all(path: Path, content: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
