"""The source tree and what is built from it: the floors, the wheel, the source distribution."""

from __future__ import annotations

import email
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from material import QUIZ, ROOT, run_python, write

SOURCE = ROOT / "src"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

if not SOURCE.is_dir():
    pytest.skip("the source tree was taken out, so that an installed wheel is tested", allow_module_level=True)


# ---- The floors ----


def test_floors_are_kept() -> None:
    command = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


def test_every_package_is_on_a_floor() -> None:
    """The contract names every package and module in ``civicquiz``, apart from its ``__init__``."""
    contracts = PYPROJECT["tool"]["importlinter"]["contracts"]
    floors = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    rooms = {path.stem for path in (SOURCE / "civicquiz").iterdir() if path.is_dir() or path.suffix == ".py"}
    assert {f"civicquiz.{room}" for room in rooms - {"__init__", "__pycache__"}} == set(floors)


def test_a_name_is_of_one_file() -> None:
    """No two modules, scripts or styles have the same name, except twins in different languages."""
    files = [path for path in (SOURCE / "civicquiz").rglob("*") if path.suffix in (".py", ".js", ".css")]
    for suffix in (".py", ".js", ".css"):
        names = [path.stem for path in files if path.suffix == suffix and path.stem != "__init__"]
        assert sorted({name for name in names if names.count(name) > 1}) == [], suffix


def test_a_name_is_of_one_class() -> None:
    """Except in released copies, whose entries are those of the questions without their keys."""
    found: dict[str, list[str]] = {}
    for path in (SOURCE / "civicquiz").rglob("*.py"):
        room = path.relative_to(SOURCE / "civicquiz").as_posix()
        if not room.startswith("model/released/"):
            for name in re.findall(r"^class (\w+)", path.read_text("utf-8"), re.MULTILINE):
                found.setdefault(name, []).append(room)
    assert {name: rooms for name, rooms in found.items() if len(rooms) > 1} == {}


def test_table_of_the_docs_has_every_script_and_no_other() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    rows = re.search(r"\| Script \|.*?\n\n", text, re.DOTALL)
    assert rows
    named = re.findall(r"`(\w+\.js)`", "".join(row.split("|")[1] for row in rows[0].strip().splitlines()))
    scripts = (path.name for path in (SOURCE / "civicquiz/frontend/static").glob("*.js"))
    assert sorted(named) == sorted(scripts)


# ---- The wheel ----


def _built(distribution: str, out: Path) -> Path:
    command = [sys.executable, "-m", "build", f"--{distribution}", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (file,) = out.iterdir()
    return file


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _built("wheel", tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the installed wheel."""
    target = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet", "--target", str(target)]
    done = subprocess.run([*command, str(wheel)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return target


def test_wheel_holds_the_package_with_its_static_files_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    here = {
        path.relative_to(SOURCE).as_posix()
        for path in (SOURCE).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {name for name in names if ".dist-info/" not in name} == here
    for name in ("quiz.js", "page.js", "quiz.css", "locale/en.json"):
        assert f"civicquiz/frontend/static/{name}" in names
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_wheel_says_that_it_is_typed(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "civicquiz/py.typed" in names


def test_wheel_describes_itself_with_links_and_pictures_that_work_on_a_package_index(wheel: Path) -> None:
    """There, the README is beside no other file."""
    archive = zipfile.ZipFile(wheel)
    (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
    about = email.message_from_bytes(archive.read(name))
    urls = PYPROJECT["project"]["urls"]
    assert dict(line.split(", ", 1) for line in about.get_all("Project-URL", [])) == urls
    assert about["Description-Content-Type"] == "text/markdown"
    text = about.get_payload()
    assert isinstance(text, str)
    links = re.findall(r"(!?)\[[^\]]*\]\(([^)]*)\)", text)
    assert len(links) == len(re.findall(r"\]\(", text)) > 10
    repository = urls["Homepage"].removeprefix("https://github.com/")
    tag = f"v{about['Version']}"
    for picture, link in links:
        raw, page = f"https://raw.githubusercontent.com/{repository}/{tag}/", f"{urls['Homepage']}/blob/{tag}/"
        if picture:
            file = link.removeprefix(raw)
        elif link.startswith(urls["Documentation"]):
            file = re.sub(r"([\w-]+)\.html(?:#.*)?$", r"docs/\1.md", link.removeprefix(urls["Documentation"]))
        else:
            file = link.removeprefix(page)
        assert (ROOT / file).is_file(), link
    assert any(picture for picture, _ in links)


def test_installed_wheel_loads_grades_shows_and_checks(installed: Path, tmp_path: Path) -> None:
    write(tmp_path / "quiz.yml", QUIZ)
    program = f"""
import sys
sys.path.insert(0, {str(installed)!r})
import civicquiz
assert civicquiz.__file__.startswith({str(installed)!r}), civicquiz.__file__
quiz = civicquiz.load("quiz.yml")
result = civicquiz.grade(quiz, {{"by-age": "14"}})
widget = civicquiz.show(quiz)
from civicquiz.cli import main
try:
    main(["check", "quiz.yml"])
except SystemExit as stop:
    print(stop.code, result.score, len(widget.quiz["questions"]), "render" in str(widget._esm), bool(str(widget._css)))
"""
    assert run_python(program, tmp_path).splitlines() == ["No problems.", "0 1.0 5 True True"]


def test_installed_wheel_is_a_sphinx_extension(installed: Path, tmp_path: Path) -> None:
    write(tmp_path / "book" / "quizzes" / "quiz.yml", QUIZ)
    write(tmp_path / "book" / "conf.py", 'extensions = ["civicquiz"]\nhtml_theme = "basic"\n')
    write(tmp_path / "book" / "index.rst", "A page\n======\n\n.. quiz:: quizzes/quiz.yml\n")
    program = f"""
import sys
sys.path.insert(0, {str(installed)!r})
from sphinx.cmd.build import main
sys.exit(main(["-q", "-W", "-b", "html", "book", "out"]))
"""
    run_python(program, tmp_path)
    assert (tmp_path / "out" / "_static" / "civicquiz" / "quiz.js").is_file()


# ---- The source distribution ----


def test_source_distribution_holds_all_that_is_tracked_but_the_course(tmp_path: Path) -> None:
    """So that its tests can run wherever it is unpacked."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone of the repository")
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    course = [path.strip("/") for path in PYPROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["exclude"]]
    tracked = {
        name
        for name in listing.stdout.split("\0")
        if name and not any(name == path or name.startswith(f"{path}/") for path in course)
    }
    with tarfile.open(_built("sdist", tmp_path)) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names == tracked | {"PKG-INFO"}


def test_no_pattern_has_a_possessive_group() -> None:
    """``(?>...)`` and ``(...)*+`` match wrongly before Python 3.11.5. A possessive character or set is fine."""
    written = {
        path.name: found
        for path in (ROOT / "src").rglob("*.py")
        if (found := re.findall(r"(?<!`)(?:\(\?>|\)[*?+]\+|\)\{[\d,]+\}\+).*", path.read_text("utf-8")))
    }
    assert set(written) <= {"xml_text.py"}  # whose comment says why not
