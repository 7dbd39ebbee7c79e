"""The Python packages of a live site, and the list from which the browser's Python loads them when a cell imports them.

Pyodide reads ``pyodide-lock.json``: what a package is called, its file, what it needs and what can be imported from it
(https://pyodide.org/en/stable/usage/api/js-api.html). The list is written anew with civicquiz in it, so that no cell of
a notebook has to install anything.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib.metadata import requires, version
from pathlib import Path
from typing import Any, NamedTuple

from civicquiz.errors import LiveError
from civicquiz.live.parts import canonical, program

__all__ = [
    "NOT_NEEDED",
    "PRELOADED",
    "BrowserPackage",
    "all_packages",
    "compiled",
    "lock",
    "run_python",
    "write_python",
]

_VERSION = version("civicquiz")
#: What is loaded while the kernel starts: what it consists of, and what every quiz needs.
PRELOADED = ("micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "ipython", "civicquiz")
#: Needed by others, but not here. Two draw, and the page has its own copy of that; IPython completes names of what is
#: there without the other, which is a thousand files to unpack at each visit.
NOT_NEEDED = ("jupyterlab-widgets", "widgetsnbextension", "jedi")
#: The standard library, in the core of Pyodide.
_STDLIB = "python_stdlib.zip"
#: The rooms of civicquiz that no notebook uses.
_NOT_SENT = (
    "cli.py",
    "exchange/",
    "hosts/book/",
    "hosts/documents/",
    "live/",
    "previewing/",
    "releasing/",
    "reviewing/",
    "starting/",
)
#: Files of packages that are of no use there: lists of contents, parts in C for another machine.
_UNUSED = re.compile(r"^[^/]+\.data/|\.dist-info/(sboms/|RECORD$)|-linux-gnu\.so$|/$")
#: The environment for which the requirements of packages are read (PEP 508).
_ENVIRONMENT = {
    "implementation_name": "cpython",
    "implementation_version": "3.14.2",
    "os_name": "posix",
    "platform_machine": "wasm32",
    "platform_python_implementation": "CPython",
    "platform_system": "Emscripten",
    "python_full_version": "3.14.2",
    "python_version": "3.14",
    "sys_platform": "emscripten",
    "extra": "",
}
#: What runs in the Python of a site, with Node.js, while the site is built.
_IN_BROWSER = Path(__file__).with_name("in_browser")
#: When files in archives were changed: always the same, so that the same packages give the same site.
_DATE = (1980, 1, 1, 0, 0, 0)


class BrowserPackage(NamedTuple):
    """A package as the browser gets it."""

    name: str
    version: str
    file_name: str
    content: bytes
    depends: tuple[str, ...]
    imports: tuple[str, ...]

    @property
    def published_name(self) -> str:
        """The name of its file in a site. It contains a digest, so that a browser that has kept a file of an earlier
        site does not take that for this one; a wheel may have such a number (a "build tag" in its format)."""
        name, version, *tags = self.file_name.split("-")
        return "-".join([name, version, f"0{hashlib.sha256(self.content).hexdigest()[:8]}", *tags])


def all_packages(wheels: Mapping[str, Path], kernel: Iterable[Path]) -> dict[str, BrowserPackage]:
    """Every package that the browser may load, by name.

    Args:
        wheels: the pinned packages.
        kernel: the wheels that come with the kernel.

    Raises:
        LiveError: a package needs one that is not there.
    """
    made = [_package(_lean(path.read_bytes()), path.name) for path in [*wheels.values(), *kernel]]
    made.append(_package(_own_wheel(), f"civicquiz-{_VERSION}-py3-none-any.whl"))
    found = {package.name: package for package in made if package.name not in NOT_NEEDED}
    for package in found.values():
        for needed in package.depends:
            if needed not in found:
                raise LiveError(f"{package.name} needs {needed}, which is not in live/wheels.txt")
    return found


def compiled(
    packages: Mapping[str, BrowserPackage], core: Mapping[str, bytes], cache: Path
) -> tuple[dict[str, BrowserPackage], dict[str, bytes]]:
    """The packages, and the files of Pyodide, with compiled modules where they are needed to show a quiz.

    Args:
        packages: all packages.
        core: the files of Pyodide, by name.
        cache: where the results are kept.

    Raises:
        LiveError: it failed.
    """
    script = _IN_BROWSER / "compile_modules.py"
    inputs = hashlib.sha256(script.read_bytes() + (_IN_BROWSER / "browser_python.mjs").read_bytes())
    archives = {package.file_name: package.content for package in packages.values()} | {_STDLIB: core[_STDLIB]}
    for content in archives.values():
        inputs.update(content)
    folder = cache / f"compiled-{inputs.hexdigest()[:16]}"
    if not folder.exists():
        for old in cache.glob("compiled-*"):
            shutil.rmtree(old, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=cache) as made:
            build, python = Path(made, "build"), Path(made, "python")
            build.mkdir()
            for name, content in archives.items():
                (build / name).write_bytes(content)
            write_python(core, packages.values(), python)
            run_python(script, python, PRELOADED, build)
            shutil.copytree(build, f"{folder}.new", dirs_exist_ok=True)
        Path(f"{folder}.new").rename(folder)
    found = {
        name: package._replace(content=(folder / package.file_name).read_bytes()) for name, package in packages.items()
    }
    return found, {**core, _STDLIB: (folder / _STDLIB).read_bytes()}


def write_python(core: Mapping[str, bytes], packages: Collection[BrowserPackage], folder: Path) -> None:
    """Write Pyodide with these packages to a folder, as a browser loads it."""
    folder.mkdir(parents=True)
    for name, content in core.items():
        (folder / name).write_bytes(content)
    for package in packages:
        (folder / package.published_name).write_bytes(package.content)
    (folder / "pyodide-lock.json").write_bytes(lock(core["pyodide-lock.json"], packages))


def run_python(script: Path, core: Path, packages: Iterable[str], work: Path) -> None:
    """Run a file of ``in_browser/`` in the Python of the site, with these packages and the folder ``work``.

    Raises:
        LiveError: Node.js is missing, or the file stops with an error.
    """
    node = program("node")
    command = [node, str(_IN_BROWSER / "browser_python.mjs"), str(core), str(script), ",".join(packages), str(work)]
    environment = {name: value for name, value in os.environ.items() if name != "NODE_OPTIONS"}
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", env=environment)
    if done.returncode:
        raise LiveError(
            f"the Python of the live site stops with an error ({script.name}): {done.stderr.strip()[-2000:]}"
        )


def lock(core: bytes, packages: Iterable[BrowserPackage]) -> bytes:
    """``pyodide-lock.json`` with these packages; ``core`` is the one that Pyodide comes with."""
    content: dict[str, Any] = json.loads(core)
    content["packages"] = {
        package.name: {
            "name": package.name,
            "version": package.version,
            "file_name": package.published_name,
            "install_dir": "site",
            "sha256": hashlib.sha256(package.content).hexdigest(),
            "package_type": "package",
            "imports": package.imports,
            "depends": package.depends,
            "unvendored_tests": False,
        }
        for package in packages
    }
    return json.dumps(content, indent=1).encode()


def _package(content: bytes, file_name: str) -> BrowserPackage:
    from email.parser import BytesParser

    from packaging.requirements import Requirement

    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        names = wheel.namelist()
        about = next(name for name in names if name.endswith(".dist-info/METADATA"))
        metadata = BytesParser().parsebytes(wheel.read(about))
    requirements = map(Requirement, metadata.get_all("Requires-Dist", []))
    needed = {canonical(one.name) for one in requirements if not one.marker or one.marker.evaluate(_ENVIRONMENT)}
    name = canonical(metadata["Name"])
    return BrowserPackage(
        name,
        metadata["Version"],
        file_name,
        content,
        tuple(sorted(needed.difference(NOT_NEEDED))),
        tuple(sorted(_importable(names))),
    )


def _importable(names: Iterable[str]) -> set[str]:
    """The modules at the top of a wheel with these files."""
    parts = [name.split("/") for name in names]
    return {
        top[0].split(".")[0]
        for top in parts
        if not top[0].endswith((".dist-info", ".data")) and (len(top) > 1 or top[0].endswith((".py", ".pyc", ".so")))
    }


def _lean(wheel: bytes) -> bytes:
    """The wheel as one for any Python, without what only a Jupyter on a disk needs: files for its own folders, and
    parts in C for another machine."""
    with zipfile.ZipFile(io.BytesIO(wheel)) as files:
        kept = {name: files.read(name) for name in files.namelist() if not _UNUSED.search(name)}
    return _zipped(kept)


def _own_wheel() -> bytes:
    """A wheel of civicquiz, as it is installed here."""
    folder = Path(__file__).parents[1]
    files = {f"civicquiz/{name}": content for name, content in _own_files(folder)}
    about = f"civicquiz-{_VERSION}.dist-info"
    files[f"{about}/METADATA"] = _metadata().encode()
    files[f"{about}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: civicquiz\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    return _zipped(files)


def _own_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files of the package that a notebook in the browser needs: not those of this command."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and "__pycache__" not in path.parts and not name.startswith(_NOT_SENT):
            yield name, path.read_bytes()


def _metadata() -> str:
    """The metadata of civicquiz: its name, its version, and what it needs."""
    lines = ["Metadata-Version: 2.1", "Name: civicquiz", f"Version: {_VERSION}"]
    lines += [f"Requires-Dist: {line}" for line in requires("civicquiz") or [] if "extra ==" not in line]
    return "\n".join(lines) + "\n"


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """A wheel with these files and a list of them (the Binary Distribution Format)."""
    about = next(name.split("/")[0] for name in files if name.endswith(".dist-info/METADATA"))
    rows = [
        f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b'=').decode()},{len(content)}"
        for name, content in files.items()
    ]
    record = "\n".join([*rows, f"{about}/RECORD,,"]) + "\n"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as wheel:
        for name, content in {**files, f"{about}/RECORD": record.encode()}.items():
            wheel.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED, 9)
    return archive.getvalue()
