"""The parts of a live site that others have made: downloaded once, checked against checksums, and kept.

They come from the package registries that ``npm`` and ``pip`` are set up to use. What has been downloaded is kept in a
folder, so that the next build needs no network.
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from civicquiz.errors import LiveError, MissingPackagesError, display_path

__all__ = ["alone", "cache_folder", "canonical", "core_files", "program", "require_live", "wheels"]

#: Pyodide on npm, in the version that jupyterlite-pyodide-kernel is made for, and the checksum of its file.
_CORE, _CORE_VERSION = "pyodide", "314.0.6"
_CORE_SHA512 = "BKDTJyIqFxC4BExLqeRS3f5xvXZIjOt8C3zGLN/Cc7tFxSwvKVhVkchQQ2AGLOtR4YrVOIFxbV8poyDOOmWwxQ=="
_CORE_FILES = (
    "package.json",
    "pyodide-lock.json",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "pyodide.mjs",
    "python_stdlib.zip",
)
_PINS = Path(__file__).with_name("wheels.txt")
#: What pip is told about the Python in the browser.
_TARGET = ("--python-version=3.14", "--implementation=cp", "--abi=cp314", "--abi=none")
_PLATFORMS = ("--platform=pyemscripten_2026_0_wasm32", "--platform=any")
#: There is no build of PyYAML for a browser in the registries. Its part in C is optional, and the rest is the same in
#: every build.
_YAML = "pyyaml==6.0.3 --hash=sha256:b8bb0864c5a28024fac8a632c443c87c5aa6f215c0b126c449ae1a150412f31d"
_YAML_TARGET = ("--python-version=3.11", "--implementation=cp", "--abi=cp311", "--platform=manylinux2014_x86_64")

_PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+) --hash=sha256:(?P<digest>[0-9a-f]{64})$", re.MULTILINE)
#: Packages that the command needs, as they are imported.
_BUILT_WITH = ("jupyterlite_core", "jupyterlite_pyodide_kernel", "jupyter_server", "jupytext", "jupyterlab_myst", "pip")


def require_live() -> None:
    """
    Raises:
        MissingPackagesError: a package of the extra ``live`` is not installed.
    """
    if any(importlib.util.find_spec(name) is None for name in _BUILT_WITH):
        raise MissingPackagesError("A live site", "live")


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where downloads are kept: ``civicquiz/live`` in the user's cache (``XDG_CACHE_HOME``, or ``~/.cache``)."""
    return Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "civicquiz" / "live"


@contextmanager
def alone(cache: Path) -> Iterator[None]:
    """Lets only one build at a time add to the cache; the others wait, and find there what it has added.

    Raises:
        LiveError: there can be no such folder.
    """
    with FileLock(_made(cache) / "lock"):
        yield


def canonical(name: str) -> str:
    """The name of a package as indexes write it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def program(name: str) -> str:
    """The path of ``node`` or ``npm``: the one that the extra ``live`` installs, or another.

    Raises:
        LiveError: there is none.
    """
    ours = Path(sys.executable).parent
    found = shutil.which(name, path=f"{ours}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        raise LiveError(f"'{name}' was not found; run: pip install 'civicquiz[live]', or install Node.js 20 or newer")
    return found


def core_files(cache: Path) -> dict[str, bytes]:
    """Python for the browser: the files of Pyodide, by name.

    Raises:
        LiveError: it is not in ``cache``, and could not be downloaded.
    """
    archive = cache / f"{_CORE}-{_CORE_VERSION}.tgz"
    if not _is_core(archive):
        _download_core(cache)
        if not _is_core(archive):
            raise LiveError(
                f"{_CORE} {_CORE_VERSION} from npm is not the file that civicquiz was tested with: its checksum "
                f"differs; delete '{display_path(archive)}', and check which registry npm uses"
            )
    with tarfile.open(archive) as files:
        found = {name: files.extractfile(f"package/{name}") for name in _CORE_FILES}
        return {name: file.read() for name, file in found.items() if file}


def _is_core(archive: Path) -> bool:
    try:
        content = archive.read_bytes()
    except OSError:
        return False
    return base64.b64encode(hashlib.sha512(content).digest()).decode() == _CORE_SHA512


def _download_core(cache: Path) -> None:
    npm = program("npm")
    with tempfile.TemporaryDirectory(dir=_made(cache)) as folder:
        # Not in the folder of the user: npm would read the package.json there.
        _run([npm, "pack", f"{_CORE}@{_CORE_VERSION}", "--silent"], Path(folder), f"{_CORE} {_CORE_VERSION}", "npm")
        for file in Path(folder).glob("*.tgz"):
            file.replace(cache / file.name)


def wheels(cache: Path) -> dict[str, Path]:
    """The pinned packages: name -> wheel.

    Raises:
        LiveError: one is not in ``cache``, and could not be downloaded.
    """
    folder = _made(cache / "wheels")
    found: dict[str, Path] = {}
    for pins, target in ((_PINS.read_text("utf-8"), (*_TARGET, *_PLATFORMS)), (_YAML, _YAML_TARGET)):
        wanted = {match["digest"]: match for match in _PIN.finditer(pins)}
        missing = wanted.keys() - _by_digest(folder).keys()
        if missing:
            _download([wanted[digest][0] for digest in sorted(missing)], target, folder)
        by_digest = _by_digest(folder)
        for digest, pin in wanted.items():
            if digest not in by_digest:
                raise LiveError(f"{pin['name']} {pin['version']} could not be had: pip has downloaded another file")
            found[pin["name"]] = by_digest[digest]
    return found


def _by_digest(folder: Path) -> dict[str, Path]:
    return {hashlib.sha256(file.read_bytes()).hexdigest(): file for file in sorted(folder.glob("*.whl"))}


def _download(pins: Iterable[str], target: Iterable[str], folder: Path) -> None:
    """Let pip download the wheels ``pins``; it checks them against their hashes."""
    pins = list(pins)
    requirements = folder / "requirements.txt"
    requirements.write_text("\n".join(pins) + "\n", "utf-8")
    fixed = ("--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--only-binary=:all:")
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        *fixed,
        *target,
        f"--dest={folder}",
        f"--requirement={requirements}",
    ]
    names = ", ".join(pin.split("==")[0] for pin in pins)
    _run(command, folder, names, "pip")
    requirements.unlink()


def _run(command: list[str], folder: Path, what: str, source: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", errors="replace")
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip() and not line.startswith("WARNING: Location")]
        raise LiveError(
            f"{what} could not be had with {source}. Is there a connection to the package registry? The first build "
            f"needs one. {source} says: {' '.join(said[-3:])}"
        )


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LiveError(
            f"downloads cannot be kept in '{display_path(folder)}': {error.strerror}; "
            "set XDG_CACHE_HOME to a folder that can be written to"
        ) from None
    return folder
