"""Runs what the README and the docs show."""

from __future__ import annotations

import dataclasses
import doctest
import importlib
import inspect
import json
import re
import shutil
import tomllib
from pathlib import Path
from textwrap import indent

import pytest
from class_files import HALF, LAW, RIGHT, response_file, zipped
from click.testing import CliRunner
from material import PACKAGE, ROOT, SAMPLE_COURSE, write
from prose import compare_list, dead_links, external_links, linked_files

import civicquiz
import civicquiz.spark
from civicquiz.authoring.problem_formats import FORMATS
from civicquiz.classroom.collecting import Limits
from civicquiz.cli import main
from civicquiz.exchange.exports import EXPORTERS
from civicquiz.exchange.imports import READERS
from civicquiz.exchange.imports.spreadsheet import COLUMNS, TYPES
from civicquiz.frontend.payload import public_payload
from civicquiz.grading.paper import in_letters, paper_versions
from civicquiz.model.course import check
from civicquiz.model.from_files import FromFile
from civicquiz.model.questions import QUESTION_TYPES, QuestionBase
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation
from civicquiz.releasing.copied_files import copied_files
from civicquiz.reviewing.item_rules import RULES

README = "README.md"
AUTHORING = "docs/authoring.md"
API = "docs/api.md"
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))


def test_external_links_are_listed_for_a_person_to_open(update_golden: bool) -> None:
    links = external_links(ROOT / name for name in (*PAGES, README, "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"))
    compare_list(ROOT / "tests" / "external-links.txt", links, update_golden)


def blocks(text: str, language: str) -> list[str]:
    """The code blocks of a language, as Markdown or as a code-block directive."""
    pattern = rf"^```(?:{language}|\{{code-block\}} {language})\n(?::(?:name|caption): [\w.-]+\n)*(.*?)^```$"
    return re.findall(pattern, text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("number", [2, 3])
def test_questions_with_formulas_in_the_docs_have_no_problems(repo: Path, tmp_path: Path, number: int) -> None:
    block = blocks((repo / AUTHORING).read_text("utf-8"), "yaml")[number]
    if not block.startswith("- id:"):  # only some keys of a question
        block = "- id: root\n  type: true-false\n  answer: true\n" + indent(block, "  ")
    path = write(tmp_path / "quiz.yml", f"title: Physics\nquestions:\n{indent(block, '  ')}")
    assert check([path]) == []
    quiz = civicquiz.load(path)
    assert "<math" in json.dumps(public_payload(quiz))
    if quiz.questions[0].type == "calculated":
        right = {"length": "1", "answer": "2,01 s"}
        assert civicquiz.grade(quiz, {"period": right}).score == 1


def test_columns_and_types_of_a_table_are_in_the_docs_as_they_are_in_the_code(repo: Path) -> None:
    text = (repo / "docs/bring-questions.md").read_text("utf-8")
    rows = [(f"`{name}`", meaning.replace("|", "\\|")) for name, meaning in COLUMNS.items()]
    rows += [(f"`{name}`", ", ".join(aliases)) for name, aliases in TYPES.items()]
    shown = re.findall(r"^\| (`.*?`) \| (.*) \|$", text, flags=re.MULTILINE)
    assert shown == rows


def test_how_types_are_exported_is_in_the_docs_as_it_is_in_the_code(repo: Path, update_golden: bool) -> None:
    path = repo / "docs/take-your-quiz.md"
    lines = [["Type", *(exporter.title for exporter in EXPORTERS.values())]]
    lines.append(["---"] * len(lines[0]))
    for model in QUESTION_TYPES:
        quiz = civicquiz.load(ROOT / f"examples/{model.type_name()}.yml")
        cells = [f"`{model.type_name()}`"]
        for exporter in EXPORTERS.values():
            ((question,),) = (quiz.questions for quiz in exporter.export([Translation.original(quiz)]).quizzes)
            score = f", {question.fidelity('score')}" if "score" in question.parts else ""
            cells.append(f"{question.written_as}{score}" if question.written_as else "no")
        lines.append(cells)
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    if update_golden:
        written = re.sub(r"^\| Type \|.*$(\n^\|.*$)*", table, path.read_text("utf-8"), count=1, flags=re.MULTILINE)
        path.write_text(written, "utf-8")
    assert table in path.read_text("utf-8")


def same_but_shortened(shown: str, printed: str) -> bool:
    """Whether a page shows what a command printed, with "..." in place of the rest of a line."""
    lines = zip(shown.splitlines(), printed.splitlines(), strict=True)
    return all(line == one or (line.endswith("...") and one.startswith(line[:-3])) for line, one in lines)


def test_export_that_the_page_on_formats_shows_says_what_export_says(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    hinted = LAW.partition("  - id: by-age")[0].replace(
        "    explanation:", "    hint: Four years later.\n    explanation:"
    )
    more = """\
  - {id: sequence, type: order, prompt: Which came first?, items: [Naturalization Act, Alien Act, Sedition Act]}
  - {id: signed, type: true-false, prompt: John Adams signed it., answer: true}
  - {id: why, type: open-response, prompt: Why?}
"""
    write(tmp_path / "quizzes" / "law.yml", hinted + more)
    (shown,) = blocks((repo / "docs/take-your-quiz.md").read_text("utf-8"), "console")
    command, _, output = shown.partition("\n")
    done = CliRunner().invoke(main, command.removeprefix("$ civicquiz ").split())
    assert done.exit_code == 0
    assert same_but_shortened(output, done.output), done.output


def test_import_that_the_page_on_questions_shows_says_what_import_says(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [
        "question,type,answer,option A,option B,option C,option D",
        "Who signs bills?,,A,the President,the Chief Justice",
        "The Senate has 100 members.,,TRUE",
        "What does Congress make?,,laws | law",
        "Which state is largest?,,B,Texas,Alaska",
        "From what age?,,14",
        "Which city is the capital?,,A,Washington,Boston",
        "The Supreme Court has nine members.,,TRUE",
        'Which are branches?,,"A, E",the courts,the press,the Congress,the army',
    ]
    write(tmp_path / "questions.csv", "\n".join(rows))
    shown = blocks((repo / "docs/bring-questions.md").read_text("utf-8"), "console")[0]
    command, _, output = shown.partition("\n")
    assert CliRunner().invoke(main, command.removeprefix("$ civicquiz ").split()).output == output


def test_every_format_that_can_be_imported_has_a_row_in_the_docs(repo: Path) -> None:
    table = (
        (repo / "docs/bring-questions.md").read_text("utf-8").partition("## What can be read")[2].partition("\n## ")[0]
    )
    rows = [
        row[0] or row[1]
        for row in re.findall(r"^\| (?:\[(.*?)\]\(.*?\)|(?!From|---)(.*?)) \|", table, flags=re.MULTILINE)
    ]
    assert len(rows) == len(READERS)
    for reader in READERS.values():
        assert any(reader.title.startswith(row) for row in rows), reader.title


def test_readme_shows_a_quiz_in_ten_lines_and_three_lines_of_python_that_show_it(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (repo / README).read_text("utf-8")
    _, quiz = blocks(text, "yaml")
    assert len(quiz.splitlines()) == 10
    (tmp_path / "moon.yml").write_text(quiz, "utf-8")
    monkeypatch.chdir(tmp_path)
    assert check(["moon.yml"]) == []
    (python,) = blocks(text, "python")
    lines = python.splitlines()
    assert len(lines) == 3
    scope: dict[str, object] = {}
    exec("\n".join(lines[:2]), scope)
    widget = eval(lines[2], scope)
    assert [question["id"] for question in widget.quiz["questions"]] == ["light", "month"]
    assert civicquiz.grade(scope["quiz"], {"light": ["from-the-sun"], "month": "29"}).score == 2


@pytest.mark.parametrize("page", [README, "docs/index.md"])
def test_readme_and_docs_begin_with_an_install_line_a_line_for_a_site_a_quiz_and_a_picture(
    repo: Path, page: str
) -> None:
    text = (repo / page).read_text("utf-8")
    (install,) = blocks(text, "console")[:1]
    assert install == "$ pip install civicquiz\n"
    config, quiz = blocks(text, "yaml")
    assert config == "sphinx: {extra_extensions: [civicquiz]}\n"
    assert quiz == blocks((repo / README).read_text("utf-8"), "yaml")[1]
    shown = r"^!\[[^\]]{40,}\]\(docs/images/quiz\.png\)|^```\{image\} images/quiz\.png\n:alt: .{40,}"
    (picture,) = re.finditer(shown, text, re.MULTILINE)
    places = [text.index(part) for part in (install, config, quiz)]
    assert [*places, picture.start()] == sorted([*places, picture.start()])
    assert text.count("\n", 0, picture.start()) < 45
    assert "docs/myst.md" in text or page != README


def test_readme_names_the_two_commands(repo: Path) -> None:
    text = (repo / README).read_text("utf-8")
    makefile = (repo / "Makefile").read_text("utf-8")
    for target in ("book", "test"):
        assert f"$ make {target} " in text
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


@pytest.mark.parametrize("name", PAGES)
def test_links_between_files_lead_somewhere(repo: Path, name: str) -> None:
    assert dead_links(repo / name) == []


def test_pages_of_the_package_lead_to_no_page_of_the_course(repo: Path) -> None:
    """The docs are complete without the book."""
    folders = ("docs", "examples")
    for page in PAGES:
        for target in linked_files(repo / page):
            assert target.relative_to(repo).parts[0] in folders, f"{page}: {target}"


def test_first_quiz_and_python_of_the_authoring_page_run(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (repo / AUTHORING).read_text("utf-8")
    (tmp_path / "my-quiz.yml").write_text(blocks(text, "yaml")[0], "utf-8")
    monkeypatch.chdir(tmp_path)
    assert check(["my-quiz.yml"]) == []
    scope: dict[str, object] = {}
    for python in blocks(text, "python"):
        exec(python, scope)
    assert capsys.readouterr().out == "1.0 of 1.0\ncorrect\n"


def test_quiz_with_questions_from_other_files_on_the_authoring_page_is_the_example_and_has_the_note_that_it_shows(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (repo / AUTHORING).read_text("utf-8")
    more = repo / "examples" / "more"
    (shown,) = [block for block in blocks(text, "yaml") if "from: bank/government.yml" in block]
    assert shown == (more / "midterm.yml").read_text("utf-8")
    shutil.copytree(more / "bank", tmp_path / "bank")
    shutil.copy(more / "midterm.yml", tmp_path)
    monkeypatch.chdir(tmp_path)
    (console,) = [block for block in blocks(text, "console") if "note:" in block]
    assert console == "$ civicquiz check\n" + CliRunner().invoke(main, ["check"]).output
    for name in FromFile.model_fields:
        assert f"| `{name}` |" in text, name


def test_error_that_the_authoring_page_shows_is_what_check_prints(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (repo / AUTHORING).read_text("utf-8")
    broken = blocks(text, "yaml")[0].replace("    prompt:", "    promt:")
    (tmp_path / "my-quiz.yml").write_text(broken, "utf-8")
    monkeypatch.chdir(tmp_path)
    (shown,) = blocks(text, "text")
    assert shown.strip() in "\n".join(map(str, check(["my-quiz.yml"])))


def test_workflow_on_the_page_on_editors_uses_the_actions_of_this_project(repo: Path) -> None:
    (workflow,) = blocks((repo / "docs/editors.md").read_text("utf-8"), "yaml")
    own = "".join(path.read_text("utf-8") for path in (repo / ".github" / "workflows").glob("*.yml"))
    used = re.findall(r"uses: (.*)", workflow)
    assert len(used) == 2
    assert all(f"uses: {action}\n" in own for action in used)


def test_page_on_editors_names_every_format(repo: Path) -> None:
    named = re.findall(r"^\| `(\w+)` \|", (repo / "docs/editors.md").read_text("utf-8"), re.MULTILINE)
    assert named == ["text", *FORMATS]


def test_claims_that_the_authoring_page_shows_are_valid(repo: Path, tmp_path: Path) -> None:
    text = (repo / AUTHORING).read_text("utf-8")
    (claims,) = [block for block in blocks(text, "yaml") if block.startswith("claims:")]
    (tmp_path / "quizzes").mkdir()
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "shown.yml").write_text(claims, "utf-8")
    assert check([tmp_path]) == []


def test_authoring_page_names_every_common_key_and_type_keys_explain_themselves(repo: Path) -> None:
    text = (repo / AUTHORING).read_text("utf-8")
    for name in (*QuestionBase.model_fields, *Quiz.model_fields):
        assert f"| `{name}` |" in text, name
    for model in QUESTION_TYPES:
        for name, field in model.model_fields.items():
            assert field.description or name in QuestionBase.model_fields, f"{model.type_name()}: {name}"


def test_copy_that_the_page_on_releasing_shows_is_what_release_writes(repo: Path, tmp_path: Path) -> None:
    quiz, copy = blocks((repo / "docs/releasing.md").read_text("utf-8"), "yaml")
    (tmp_path / "my-quiz.yml").write_text(quiz, "utf-8")
    assert copied_files(civicquiz.load(tmp_path / "my-quiz.yml"))["my-quiz.yml"].decode() == copy


def test_commands_that_the_page_on_releasing_shows_print_what_it_says(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(SAMPLE_COURSE / "quizzes", tmp_path / "quizzes")
    shutil.copytree(repo / "examples", tmp_path / "examples")
    answers = '{"schema": 1, "quiz": "short-text", "responses": {"who-orders": "Congress"}, "content_hash": "HASH"}'
    version = civicquiz.load(repo / "examples/short-text.yml").version
    (tmp_path / "short-text.responses.json").write_text(answers.replace("HASH", version), "utf-8")
    monkeypatch.chdir(tmp_path)
    shown = blocks((repo / "docs/releasing.md").read_text("utf-8"), "console")
    assert len(shown) == 2
    for block in shown:
        command, _, output = block.partition("\n")
        assert CliRunner().invoke(main, command.removeprefix("$ civicquiz ").split()).output == output


def test_graded_quiz_runs_from_start_to_finish_as_the_page_says(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "quizzes" / "law.yml", LAW)
    quiz = civicquiz.load(tmp_path / "quizzes" / "law.yml")
    write(tmp_path / "roster.csv", "learner\nanna\nbob\ncarla\ndan\n")
    given = {"anna": RIGHT, "bob": HALF, "carla": {}}
    zipped(
        tmp_path / "submissions.zip",
        {f"{name}/law.responses.json": response_file(quiz, answers) for name, answers in given.items()},
    )
    shown = blocks((repo / "docs/graded-class.md").read_text("utf-8"), "console")
    assert len(shown) == 4
    for block in shown:
        command, _, output = block.partition("\n")
        done = CliRunner().invoke(main, command.removeprefix("$ civicquiz ").split())
        assert done.exit_code == 0, done.output
        assert not output or done.output == output
    grades = (tmp_path / "results" / "gradebook.csv").read_text("utf-8").splitlines()
    assert [line.partition(",")[0] for line in grades[1:]] == ["anna", "bob", "carla", "dan"]
    assert (tmp_path / "results" / "report.html").is_file()
    assert len(list((tmp_path / "results" / "feedback").glob("*.html"))) == 4


def test_commands_of_the_page_on_paper_print_what_the_page_shows(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    quiz = civicquiz.load(write(tmp_path / "law.yml", f"shuffle: [questions, options]\n{LAW}"))
    write(tmp_path / "roster.csv", "learner\nanna\nbob\ncarla\ndan\n")
    printing, grading = blocks((repo / "docs/paper.md").read_text("utf-8"), "console")
    rows = ["learner,name,version,1,2,3"]
    for version, (name, answers) in zip(
        paper_versions(quiz, 3), {"anna": RIGHT, "bob": HALF, "carla": {}}.items(), strict=True
    ):
        given = [(question, answers.get(question.id)) for question in version.questions]
        cells = ["" if answer is None else in_letters(question, answer) for question, answer in given]
        rows.append(",".join([name, "", version.letter, *cells]))
    for block in (printing, grading):
        command, _, output = block.partition("\n")
        done = CliRunner().invoke(main, command.removeprefix("$ civicquiz ").split())
        assert (done.exit_code, done.output) == (0, output)
        write(tmp_path / "law-paper" / "law.answers.csv", "\n".join(rows))
    grades = (tmp_path / "results" / "gradebook.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[:3] for line in grades[1:]] == [
        ["anna", "", "4"],
        ["bob", "", "2"],
        ["carla", "", "0"],
        ["dan", "", ""],
    ]


def test_architecture_page_has_the_floors_of_the_contract_with_what_each_room_says_of_itself(repo: Path) -> None:
    """One row for each floor, from the top: its number, its name, and the first line of its docstring."""
    contracts = tomllib.loads((repo / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    floors = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    expected = []
    for number, floor in zip(reversed(range(len(floors))), floors, strict=True):
        what = (importlib.import_module(floor).__doc__ or "").splitlines()[0]
        name = floor.removeprefix("civicquiz.") + "/" * hasattr(importlib.import_module(floor), "__path__")
        expected.append((str(number), name, what))
    text = (repo / "docs/architecture.md").read_text("utf-8")
    assert re.findall(r"^\| (\d+) \| `([^`]+)` \| (.*) \|$", text, re.MULTILINE) == expected


def test_nothing_in_the_repository_records_a_download_address(repo: Path) -> None:
    pin = r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!-]+(?: ; [\w' .=!<>()]+)? \\"
    for line in (repo / "constraints.txt").read_text("utf-8").splitlines():
        assert re.fullmatch(rf"#[\w :]*|{pin}|    --hash=sha256:[0-9a-f]{{64}}(?: \\)?", line), line
    for lock in (repo / "package-lock.json", repo / "benchmarks" / "package-lock.json"):
        packages = json.loads(lock.read_text("utf-8"))["packages"]
        for name, package in packages.items():
            assert "resolved" not in package, name
            assert name == "" or package["integrity"].startswith("sha512-"), name


@pytest.mark.parametrize("folder", ["physics", "quizzes"])
def test_quiz_files_alone_are_enough_for_a_course_that_is_not_ours(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    """Without claims, seeds and lessons, in a folder of any name."""
    text = (repo / "docs/own-course.md").read_text("utf-8")
    (shown,) = blocks(text, "console")
    command, _, output = shown.replace("physics", folder).partition("\n")
    (files,) = blocks(text, "text")
    (tmp_path / folder).mkdir()
    for name in re.findall(r"[\w-]+\.yml", files):
        title = f"title: {name}\nquestions: [{{id: a, type: true-false, prompt: Is {name} a name?, answer: true}}]\n"
        write(tmp_path / folder / name, title)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, command.removeprefix("$ civicquiz ").split())
    assert (done.exit_code, done.output) == (0, output)
    assert CliRunner().invoke(main, ["check"]).output == output


def test_grading_page_names_every_option_and_every_reason(repo: Path) -> None:
    text = (repo / "docs/grading.md").read_text("utf-8")
    options = {name for option in main.commands["grade"].params for name in option.opts if name.startswith("--")}
    for name in (options - {"--feedback"}) | {"--no-feedback"}:  # the first is the default
        assert name in text, name
    rooms = ("classroom/collecting", "classroom/gradebook", "classroom/paper")
    modules = [path for room in rooms for path in (PACKAGE / room).glob("*.py")]
    source = "\n".join(path.read_text("utf-8") for path in modules)
    call = r"(?:\.refused\(\w+(?:\(.*?\))*, \w+|UnusableError\(|TableProblem\(|SubmissionProblem\(|\bnote\()"
    given = re.findall(call + r'(?:, )?\s*"([a-z-]+)"', source)
    assert {"link", "unreadable", "duplicate", "no-key"} <= set(given)
    documented = re.findall(r"^\| `([a-z-]+)` \|", text.split("## What is reported")[1], re.MULTILINE)
    assert sorted({*given, "reason"}) == sorted(documented)  # the last one is the header of the column


def test_limits_that_the_grading_page_names_are_those_that_hold(repo: Path) -> None:
    text = (repo / "docs/grading.md").read_text("utf-8")
    limits = Limits()
    for number in (limits.file, limits.inner, limits.entries, limits.inner_entries):
        assert f"{number:,}" in text
    assert f"{limits.unpacked // 10**9} GB" in text
    assert f"{limits.ratio} times" in text
    assert limits.depth == 2


# ---- The API ----


def test_page_of_the_api_shows_each_public_name_and_no_other(repo: Path) -> None:
    text = (repo / API).read_text("utf-8")
    shown: dict[str, list[str]] = {}
    module = ""
    for what, name in re.findall(
        r"^[.][.] (current|auto)(?:module|function|class|exception):: ([\w.]+)$", text, re.MULTILINE
    ):
        if what == "current":
            module = name
        else:
            shown.setdefault(module, []).append(name)
    assert sorted(shown.pop("civicquiz")) == sorted(set(civicquiz.__all__) - {"__version__"})
    assert sorted(shown.pop("civicquiz.spark")) == sorted(civicquiz.spark.__all__)
    assert not shown
    assert "`civicquiz.__version__`" in text


FUNCTIONS = sorted(name for name in civicquiz.__all__ if inspect.isfunction(getattr(civicquiz, name)))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_public_function_says_what_goes_in_what_comes_out_and_what_it_raises(name: str) -> None:
    function = getattr(civicquiz, name)
    text = inspect.getdoc(function)
    parameters = list(inspect.signature(function).parameters)
    sections = dict(re.findall(r"^(Args|Returns|Raises):\n(.*?)(?=^\w|\Z)", text, re.MULTILINE | re.DOTALL))
    assert re.findall(r"^ {4}(\w+):", sections.get("Args", ""), re.MULTILINE) == parameters
    assert sections["Returns"].strip()
    raises = "raise " in inspect.getsource(function) or parameters  # a function without parameters reads no input
    assert ("Raises" in sections) == bool(raises)


@pytest.mark.parametrize("name", sorted({"Outcome", "Result", "Progress", "Problem", "Checked"}))
def test_public_value_describes_each_of_its_attributes(name: str) -> None:
    value = getattr(civicquiz, name)
    text = inspect.getdoc(value)
    assert re.findall(r"^ {4}(\w+): ", text, re.MULTILINE) == [field.name for field in dataclasses.fields(value)]


def test_examples_in_the_docstring_of_the_package_are_true(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo)
    failed, tried = doctest.testmod(civicquiz)
    assert tried >= 5
    assert failed == 0


def test_nothing_that_readers_copy_imports_from_inside_the_package(repo: Path) -> None:
    """Lessons, pages, examples and the README use only the API."""
    folders = ("lessons", "course", "docs", "examples")
    files = [
        path for folder in folders for path in (repo / folder).rglob("*") if path.suffix in (".md", ".ipynb", ".py")
    ]
    files += [repo / name for name in ("README.md", "intro.md", "claims.md")]
    inside = r"(?:from|import) civicquiz[.]\w+"
    found = {path.name: re.findall(inside, path.read_text("utf-8")) for path in files if path.is_file()}
    assert len(found) > 10
    assert {name: imports for name, imports in found.items() if imports} == {}


def test_rules_of_a_review_are_in_the_docs(repo: Path) -> None:
    text = (repo / "docs/review.md").read_text("utf-8")
    found = re.findall(r"^\| `([\w-]+)` \| .* \| (.*) \|$", text, flags=re.MULTILINE)
    guideline = re.compile(r"Haladyna, Downing and Rodriguez 2002, guideline (.*)")
    shown = {
        rule.name: f"H, D and R {of[1]}" if (of := guideline.match(rule.source)) else "this project" for rule in RULES
    }
    assert dict(found) == shown
