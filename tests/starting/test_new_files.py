"""``civicquiz new``: what it writes works as it stands, and nothing is overwritten."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from material import PACKAGE, ROOT, write
from quiz_schema import schema_errors

import civicquiz
from civicquiz.authoring.layout import laid_out
from civicquiz.cli import main
from civicquiz.grading.responses import ResponseFile
from civicquiz.grading.session import Session
from civicquiz.model.course import check
from civicquiz.model.questions import QUESTION_TYPES
from civicquiz.model.schemas import json_schema

TEMPLATES = PACKAGE / "starting" / "templates"


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _new(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["new", *arguments])
    return result.exit_code, result.output


def _files() -> dict[str, bytes]:
    return {path.as_posix(): path.read_bytes() for path in Path().rglob("*") if path.is_file()}


# ---- A quiz ----


@pytest.mark.parametrize("arguments", [[], ["my quiz.yaml"], ["deep/er/a.yml"]])
def test_first_quiz_has_three_questions_and_no_problem(arguments: list[str]) -> None:
    code, output = _new(*arguments)
    assert code == 0, output
    (name,) = _files()
    assert name == (arguments or ["quiz.yml"])[0]
    assert check([name]) == []
    assert [question.type for question in civicquiz.load(name).questions] == ["single-choice", "numeric", "short-text"]
    assert schema_errors(Path(name)) == []


def test_first_quiz_is_answered_as_its_author_means(tmp_path: Path) -> None:
    _new()
    quiz = civicquiz.load("quiz.yml")
    right = {"closest-planet": ["mercury"], "hours": "48 hours", "gas": "Carbon dioxid"}
    assert civicquiz.grade(quiz, right).score == 3


def test_first_quiz_names_its_own_file_and_every_type_of_question() -> None:
    _new("my.yml")
    text = Path("my.yml").read_text("utf-8")
    assert "civicquiz check my.yml " in text
    comment = " ".join(re.findall(r"^#(.*)$", text, re.MULTILINE))
    for model in QUESTION_TYPES:
        assert re.search(rf"\b{model.type_name()}\b[,.]", comment), model
    assert "@" not in text


def test_new_files_have_the_layout_of_format() -> None:
    _new()
    _new("--course")
    for path in (Path("quiz.yml"), Path("course/quizzes/first-lesson.yml")):
        assert laid_out(path.read_text("utf-8")) == path.read_text("utf-8")


def test_next_steps_are_commands_that_exist() -> None:
    for arguments in (["my quiz.yml"], ["--course"]):
        output = _new(*arguments)[1]
        first, *steps = output.splitlines()
        assert first.startswith("Wrote ")
        assert 2 <= len(steps) <= 3
        for step in steps:
            command, *rest = step.split()
            assert command in ("civicquiz", "cd", "pip", "jupyter-book")
            assert command != "civicquiz" or rest[0] in main.commands
    assert 'civicquiz check "our quiz.yml"\n' in _new("our quiz.yml")[1]


# ---- A course ----


def test_course_has_no_problem_and_names_its_schema() -> None:
    assert _new("--course")[0] == 0
    assert check(["course"]) == []
    assert json.loads(Path("course/quizzes/quiz.schema.json").read_text("utf-8")) == json_schema()
    text = Path("course/quizzes/first-lesson.yml").read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=quiz.schema.json\n")
    assert "civicquiz check quizzes/first-lesson.yml " in text
    assert len(Path("course/README.md").read_text("utf-8").splitlines()) <= 10


def test_course_has_every_template_and_no_placeholder() -> None:
    _new("--course", "mine")
    templates = [path for path in (TEMPLATES / "course").rglob("*") if path.is_file()]
    assert len(_files()) == len(templates) + 2
    for name, content in _files().items():
        assert "dot-" not in name
        assert b"@NAME@" not in content


def test_workflow_of_a_course_uses_the_actions_of_this_project_and_checks_the_quizzes() -> None:
    _new("--course")
    text = Path("course/.github/workflows/course.yml").read_text("utf-8")
    own = "".join(path.read_text("utf-8") for path in (ROOT / ".github" / "workflows").glob("*.yml"))
    used = re.findall(r"uses: (.*)", text)
    assert len(used) == 4
    assert all(f"uses: {action}\n" in own for action in used)
    jobs = yaml.safe_load(text)["jobs"]
    assert "civicquiz check --format github" in [step.get("run") for step in jobs["check"]["steps"]]
    assert jobs["publish"]["needs"] == "check"


def test_workflow_of_a_course_is_safe_in_the_eyes_of_a_linter() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    if not zizmor.exists():
        pytest.skip("zizmor is not installed")
    _new("--course")
    command = [zizmor, "--offline", "--quiet", "--min-severity", "medium", "course/.github/workflows/course.yml"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_git_ignores_whatever_is_kept_of_the_answers() -> None:
    _new("--course")
    file = ResponseFile(Path("course/lessons/first-lesson.responses.json"), "first-lesson", "0123456789abcdef")
    for answer in ("a", "b"):
        file.update(["gas"], Session({"gas": answer}, {}))
    write(Path("course/lessons/other.responses.json"), "{")
    ResponseFile(Path("course/lessons/other.responses.json"), "other", "0").open()
    kept = [name for name in _files() if ".responses.json" in name]
    assert len(kept) >= 4  # among them the state before, the lock, and what could not be read
    subprocess.run(["git", "init", "--quiet", "course"], check=True)
    command = ["git", "-C", "course", "status", "--porcelain", "--untracked-files=all"]
    status = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert ".responses.json" not in status
    assert "?? quizzes/first-lesson.yml" in status


@pytest.mark.slow
def test_book_of_a_course_is_built_without_warnings_and_shows_its_quiz_twice() -> None:
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    if not jupyter_book.exists():
        pytest.skip("Jupyter Book is not installed")
    _new("--course")
    command = [jupyter_book, "build", "-W", "-n", "--keep-going", "course"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    for page in ("first-lesson", "first-notebook"):
        text = html.unescape(Path(f"course/_build/html/lessons/{page}.html").read_text("utf-8"))
        for question in civicquiz.load("course/quizzes/first-lesson.yml").questions:
            assert question.prompt in text
        assert "_static/civicquiz/quiz.js" in text
        assert not re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="https?://', text)


@pytest.mark.slow
def test_notebook_of_a_course_shows_the_quiz_in_a_kernel() -> None:
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    _new("--course")
    path = Path("course/lessons/first-notebook.ipynb")
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    client = nbclient.NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(path.parent)}})
    client.execute()
    shown = notebook.cells[-1].outputs[-1]["data"]
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert "Which planet is closest to the sun?" in str(shown)


# ---- Nothing is overwritten ----


@pytest.mark.parametrize(
    ("there", "arguments", "message"),
    [
        ("quiz.yml", [], "nothing was written, because 'quiz.yml' already exists"),
        ("a.yml", ["a.yml"], "nothing was written, because 'a.yml' already exists"),
        ("course/_toc.yml", ["--course"], "nothing was written, because 'course/_toc.yml' already exists"),
        ("mine/.gitignore", ["--course", "mine"], "nothing was written, because 'mine/.gitignore' already exists"),
        ("intro.md", ["--course", "."], "nothing was written, because 'intro.md' already exists"),
        ("mine", ["--course", "mine"], "'mine' is a file; name a folder"),
        ("mine/a", ["mine"], "'mine' is a folder; name a file in it, such as 'mine/quiz.yml'"),
        ("a", ["b.txt"], "'b.txt' cannot be a quiz; name a file that ends in .yml"),
        ("a", ["b"], "'b' cannot be a quiz"),
        ("a", [".yml"], "'.yml' cannot be a quiz"),
        ("a", ["law.es.yml"], "'law.es.yml' would be a translation; name a file without a dot before .yml"),
        ("a", ["a/quiz.yml"], "'a' cannot be written to: not a directory"),
    ],
)
def test_nothing_is_written_where_something_is_or_where_no_quiz_can_be(
    there: str, arguments: list[str], message: str
) -> None:
    write(Path(there), "mine")
    code, output = _new(*arguments)
    assert (code, _files()) == (1, {there: b"mine"})
    assert output.startswith(f"Error: {message}")


def test_course_is_written_beside_other_files() -> None:
    write(Path("mine/notes.txt"), "mine")
    assert _new("--course", "mine")[0] == 0
    assert Path("mine/notes.txt").read_text("utf-8") == "mine"
    assert check(["mine"]) == []


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_link_to_nothing_is_not_overwritten() -> None:
    Path("quiz.yml").symlink_to("elsewhere.yml")
    assert _new()[0] == 1
    assert Path("quiz.yml").is_symlink()
    assert not Path("elsewhere.yml").exists()


# ---- The plugin of a MyST site ----


def test_plugin_is_written_once_and_says_how_to_use_it() -> None:
    code, output = _new("--myst")
    assert code == 0, output
    assert _files() == {"civicquiz.mjs": (TEMPLATES / "civicquiz.mjs").read_bytes()}
    assert "plugins: [civicquiz.mjs]" in output
    code, output = _new("--myst")
    assert code == 1
    assert "'civicquiz.mjs' already exists" in output


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--myst", "plugin.js"], 1, "ends in .mjs"),
        (["--myst", "--course"], 2, "--course, --spreadsheet and --myst"),
        (["--myst", "--spreadsheet"], 2, "--course, --spreadsheet and --myst"),
    ],
)
def test_plugin_that_could_not_work_is_not_written(arguments: list[str], code: int, said: str) -> None:
    exit_code, output = _new(*arguments)
    assert exit_code == code
    assert said in " ".join(output.split())
    assert _files() == {}
