"""The packages of a live site."""

from __future__ import annotations

import importlib.metadata
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import civicquiz
from civicquiz.errors import LiveError
from civicquiz.live import browser_packages
from civicquiz.live.browser_packages import NOT_NEEDED, PRELOADED, all_packages, lock
from civicquiz.live.parts import canonical

PINS = Path(browser_packages.__file__).with_name("wheels.txt").read_text("utf-8")


def wheel(folder: Path, name: str, *needs: str, **files: str) -> Path:
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        lines = [
            "Metadata-Version: 2.1",
            f"Name: {name}",
            "Version: 1.0",
            *(f"Requires-Dist: {need}" for need in needs),
        ]
        archive.writestr(f"{name}-1.0.dist-info/METADATA", "\n".join(lines) + "\n")
        for file, text in files.items():
            archive.writestr(file.replace("__", "/").replace("_py", ".py"), text)
    return path


def needed_in_browser() -> set[str]:
    lines = map(Requirement, importlib.metadata.requires("civicquiz") or [])
    environment = {"sys_platform": "emscripten", "extra": ""}
    return {canonical(one.name) for one in lines if not one.marker or one.marker.evaluate(environment)}


def test_everything_that_civicquiz_needs_in_a_browser_is_pinned() -> None:
    pinned = set(re.findall(r"^([a-z0-9-]+)==", PINS, re.MULTILINE)) | {"pyyaml"}
    assert needed_in_browser() <= pinned
    assert "math-core" not in pinned, "there is a build of it now; let the browser have it"
    assert re.findall(r"^(?!#|$|[a-z0-9-]+==\S+ --hash=sha256:[0-9a-f]{64}$).*$", PINS, re.MULTILINE) == []
    assert "://" not in PINS


def test_pins_of_what_civicquiz_needs_are_those_that_it_is_tested_with() -> None:
    constraints = Path(__file__).parents[2] / "constraints.txt"
    tested = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", constraints.read_text("utf-8"), re.MULTILINE))
    pinned = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", PINS, re.MULTILINE))
    ours = {*needed_in_browser(), "pydantic-core", "typing-inspection", "typing-extensions", "annotated-types", "mdurl"}
    same = ours & pinned.keys() - {"pygments"}  # IPython of the browser's Python asks for its own
    assert {name: pinned[name] for name in same} == {name: tested[name] for name in same}


def test_own_wheel_has_what_a_notebook_needs_and_no_more(tmp_path: Path) -> None:
    names = [*needed_in_browser(), "micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "ipython"]
    found = all_packages({name: wheel(tmp_path, name.replace("-", "_")) for name in names}, [])
    own = found["civicquiz"]
    assert own.version == civicquiz.__version__
    assert set(own.depends) == needed_in_browser()
    assert own.imports == ("civicquiz",)
    with zipfile.ZipFile(io.BytesIO(own.content)) as archive:
        rooms = {name.split("/")[1] for name in archive.namelist() if name.startswith("civicquiz/")}
        assert {"hosts", "frontend", "grading", "model", "authoring", "classroom", "errors.py"} <= rooms
        assert rooms & {"live", "exchange", "cli.py", "previewing"} == set()
        assert not [name for name in archive.namelist() if "__pycache__" in name]


def test_lock_says_what_can_be_imported_and_what_else_is_needed(tmp_path: Path) -> None:
    wheels = {
        "law": wheel(
            tmp_path, "law", "court>=1", "os-only; sys_platform == 'linux'", "more; extra == 'x'", law__a_py="1"
        ),
        "court": wheel(tmp_path, "court", court_py="2"),
    }
    wheels |= {name: wheel(tmp_path, name.replace("-", "_")) for name in needed_in_browser()}
    made = all_packages(wheels, [])
    content = json.loads(lock(b'{"info": {"python": "3.14"}, "packages": {"numpy": {}}}', made.values()))
    assert content["info"] == {"python": "3.14"}
    assert "numpy" not in content["packages"], "what is not part of the site cannot be loaded from it"
    law = content["packages"]["law"]
    assert (law["depends"], law["imports"]) == (["court"], ["law"])
    assert content["packages"]["court"]["imports"] == ["court"]


def test_package_that_needs_what_is_not_there_is_named(tmp_path: Path) -> None:
    wheels = {name: wheel(tmp_path, name.replace("-", "_")) for name in needed_in_browser()}
    with pytest.raises(LiveError, match="law needs court"):
        all_packages({**wheels, "law": wheel(tmp_path, "law", "court")}, [])


def test_file_with_other_content_has_another_name_so_that_no_browser_takes_it_for_an_old_one(tmp_path: Path) -> None:
    wheels = {name: wheel(tmp_path, name.replace("-", "_")) for name in needed_in_browser()}
    names = []
    for text in ("1", "2", "1"):
        wheels["law"] = wheel(tmp_path, "law", law_py=text)
        names.append(all_packages(wheels, [])["law"].published_name)
    assert names[0] == names[2] != names[1]
    assert re.fullmatch(r"law-1\.0-0[0-9a-f]{8}-py3-none-any\.whl", names[0])


def test_same_packages_give_the_same_files(tmp_path: Path) -> None:
    wheels = {name: wheel(tmp_path, name.replace("-", "_")) for name in needed_in_browser()}
    assert all_packages(wheels, []) == all_packages(wheels, [])


def test_everything_that_the_kernel_would_install_is_preloaded_or_not_needed() -> None:
    """jupyterlite-pyodide-kernel installs what ``packages`` does not name, one by one (``initKernel``)."""
    named = {*PRELOADED, *NOT_NEEDED}
    assert {"ipykernel", "comm", "pyodide-kernel", "jedi", "ipython", "micropip", "piplite"} <= named
