"""The project's metadata for those who install, cite and maintain it."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from material import PACKAGE, ROOT, write
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import civicquiz

PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT: dict[str, Any] = PYPROJECT["project"]
KEEP_A_CHANGELOG = ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security")


def _requirements() -> list[Requirement]:
    """All requirements of the package, its extras and the dependency groups."""
    lists = [
        PROJECT["dependencies"],
        *PROJECT["optional-dependencies"].values(),
        *PYPROJECT["dependency-groups"].values(),
    ]
    return [Requirement(line) for lines in lists for line in lines if isinstance(line, str)]


def _pins() -> dict[str, str]:
    pins = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in pins}


def test_classifiers_name_the_oldest_python_that_can_install_it_and_leave_no_gap() -> None:
    named = [
        int(match[1])
        for line in PROJECT["classifiers"]
        if (match := re.fullmatch(r"Programming Language :: Python :: 3\.(\d+)", line))
    ]
    assert named == list(range(named[0], named[-1] + 1))
    allowed = SpecifierSet(PROJECT["requires-python"])
    assert f"3.{named[0]}" in allowed
    assert f"3.{named[0] - 1}" not in allowed


@pytest.mark.parametrize("requirement", _requirements(), ids=str)
def test_everything_asked_for_is_pinned_to_a_version_in_its_range(requirement: Requirement) -> None:
    assert _pins()[canonicalize_name(requirement.name)] in requirement.specifier


def test_page_on_versions_says_what_may_be_installed_and_what_is_tested(update_golden: bool) -> None:
    page = ROOT / "docs" / "versions.md"
    noxfile = (ROOT / "noxfile.py").read_text("utf-8")
    (pairs,) = re.findall(r'parametrize\("markdown_it, sphinx", \[(.*)\]\)', noxfile)
    pythons = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    tested = _pins() | {"sphinx": ", ".join(sorted(set(re.findall(r", (\d+)\)", pairs))))}
    ranges = {canonicalize_name(asked.name): asked.specifier for asked in _requirements()}
    written = page.read_text("utf-8")
    named = re.findall(r"^\| `([\w-]+)` \|", written, re.MULTILINE)
    assert {"ipywidgets", "jupyter-book", "sphinx"} <= set(named)
    lines = [f"| Python | {', '.join(pythons)} | all of them |"]
    lines += [
        f"| `{name}` | {','.join(sorted(map(str, ranges[name]), reverse=True))} | {tested[name]} |" for name in named
    ]
    expected = re.sub(
        r"^\| (?:Python|`).*\n(?:\| `.*\n)*", "\n".join(lines) + "\n", written, count=1, flags=re.MULTILINE
    )
    if update_golden:
        page.write_text(expected, "utf-8")
    assert page.read_text("utf-8") == expected


def test_every_pinned_package_has_hashes() -> None:
    """Without one, pip would install nothing."""
    text = (ROOT / "constraints.txt").read_text("utf-8")
    assert text.count("==") > 150
    for pin in re.split(r"\n(?=[\w.-]+==)", text)[1:]:
        assert re.fullmatch(r"\S+==\S+(?: ; .*)? \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n?)+", pin), pin


def test_every_installation_in_continuous_integration_checks_hashes() -> None:
    """Except the sessions of nox that try other versions than the usual ones; nothing that they do is published."""
    scripts = [*(ROOT / ".github" / "workflows").glob("*.yml"), *(ROOT / ".ci").iterdir(), ROOT / "Makefile"]
    installing = [
        line
        for path in scripts
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"\b(?:pip|uv|pipx|npm) (?:install|sync|ci)\b|PIP_INSTALL\) ", line) and not line.startswith("#")
    ]
    assert len(installing) >= 6
    checked = r"--(?:build-)?constraint constraints\.txt|--require-hashes|--no-deps --editable \.$|\bnpm ci\b"
    for line in installing:
        assert re.search(checked, line), line
    noxfile = (ROOT / "noxfile.py").read_text("utf-8")
    assert 'session.install("--constraint", CONSTRAINTS,' in noxfile
    workflow = (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")
    assert "diff <(sha256sum *)" in workflow


@pytest.mark.parametrize("fits", [True, False])
def test_pip_refuses_a_package_that_does_not_fit_the_hash_in_a_constraint(tmp_path: Path, fits: bool) -> None:
    """The pip that everything is installed with; earlier ones read constraints in another way."""
    wheel = tmp_path / "wheels" / "leaflet-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in {
            "METADATA": "Metadata-Version: 2.1\nName: leaflet\nVersion: 1.0\n",
            "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            "RECORD": "",
        }.items():
            archive.writestr(f"leaflet-1.0.dist-info/{name}", text)
    digest = hashlib.sha256(wheel.read_bytes() if fits else b"another content").hexdigest()
    constraints = write(tmp_path / "constraints.txt", f"leaflet==1.0 \\\n    --hash=sha256:{digest}\n")
    command = [sys.executable, "-m", "pip", "--isolated", "install", "--no-index", "--dry-run", "--no-deps"]
    asked = [f"--find-links={wheel.parent}", f"--constraint={constraints}", "leaflet>=1"]
    run = subprocess.run([*command, *asked], capture_output=True, text=True, check=False)
    assert (run.returncode == 0) == fits, run.stderr
    assert ("DO NOT MATCH THE HASHES" in run.stderr) != fits


def test_tools_of_developers_are_no_extra_that_users_can_install() -> None:
    for requirement in _requirements():
        assert canonicalize_name(requirement.name) != "civicquiz", "an extra that installs other extras"
    used = {Requirement(line).name for lines in PROJECT["optional-dependencies"].values() for line in lines}
    tools = {
        Requirement(line).name
        for lines in PYPROJECT["dependency-groups"].values()
        for line in lines
        if isinstance(line, str)
    }
    assert not used & tools


def test_readme_says_what_every_extra_is_for() -> None:
    named = re.findall(r"^\| `'civicquiz\[(\w+)\]'` \| \S", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(PROJECT["optional-dependencies"])


def test_citation_names_the_version_the_licence_and_the_home_of_the_package() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == civicquiz.__version__
    assert " AND ".join(citation["license"]) == PROJECT["license"]
    assert citation["repository-code"] == PROJECT["urls"]["Homepage"]
    assert citation["url"] == PROJECT["urls"]["Lessons"]
    assert PROJECT["urls"]["Documentation"] == f"{citation['url']}docs/"


def test_changelog_keeps_the_order_and_the_headings_of_keep_a_changelog() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    first, *released = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert first == "[Unreleased]"
    versions = [re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d", heading) for heading in released]
    found = [Version(match[1]) for match in versions if match]
    assert len(found) == len(released), released
    assert found == sorted(found, reverse=True)
    assert all(version <= Version(civicquiz.__version__) for version in found)
    for section in re.split(r"^## .*$", text, flags=re.MULTILINE)[1:]:
        changes = re.findall(r"^### (.*)$", section, re.MULTILINE)
        assert changes == [name for name in KEEP_A_CHANGELOG if name in changes]


def test_every_action_is_pinned_to_a_commit_and_says_which_version_that_is() -> None:
    used = [
        line.partition("uses: ")[2]
        for path in (ROOT / ".github" / "workflows").glob("*.yml")
        for line in path.read_text("utf-8").splitlines()
        if "uses: " in line
    ]
    assert len(used) > 10
    for action in used:
        assert re.fullmatch(r"\./\.github/workflows/\w+\.yml|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def test_continuous_integration_runs_every_session() -> None:
    """By name, or for ``tests`` by the versions in the classifiers."""
    sessions = re.findall(
        r"^@nox\.session.*\n(?:@.*\n)*def (\w+)", (ROOT / "noxfile.py").read_text("utf-8"), re.MULTILINE
    )
    workflow = (ROOT / ".github" / "workflows" / "test.yml").read_text("utf-8")
    assert set(re.findall(r"nox --session (\w+)|SESSION: (\w+)-", workflow)) == {
        ("", name) if name == "tests" else (name, "") for name in sessions
    }


def test_makefile_has_every_target_that_continuous_integration_asks_for() -> None:
    scripts = [*(ROOT / ".github" / "workflows").glob("*.yml"), ROOT / ".ci" / "run"]
    asked = {
        target
        for path in scripts
        for target in re.findall(r"^\s*(?:- run: )?make ([\w./-]+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert {"lint", "test", "book"} <= asked
    known = re.findall(r"^([\w./ -]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert asked <= {target for line in known for target in line.split()}


def test_no_two_modules_have_the_same_name() -> None:
    """Whoever looks for a module finds one."""
    names = [path.name for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_tests_that_share_what_is_slow_are_run_by_one_process(request: pytest.FixtureRequest) -> None:
    """pytest-xdist adds the group to the name of a test. If it does not, each process builds all books: in silence."""
    if request.config.getoption("loadgroup", False):
        assert request.node.nodeid.endswith(f"@{request.path.as_posix()}")
