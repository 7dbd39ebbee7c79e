"""``civicquiz release``: what it writes, what it refuses, and that no file contains a key."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from key_scan import leaks, released_book, secrets, spellings
from material import (
    EXAMPLES,
    PACKAGE,
    PNG,
    QUIZ,
    RIGHT,
    ROOT,
    SAMPLE_COURSE,
    key_content,
    load_text,
    questions,
    quiz_of,
    rekeyed,
    write,
    write_course,
)

import civicquiz
from civicquiz.classroom.check_answers import Checked, check_answers
from civicquiz.cli import main
from civicquiz.errors import NoKeyError, QuizError, ReleaseError
from civicquiz.frontend.payload import encoded_key, public_payload
from civicquiz.frontend.static_files import static_text
from civicquiz.frontend.words import strings
from civicquiz.grading import grade
from civicquiz.grading.arrangement import arranged, seed_of_learner
from civicquiz.hosts.documents.worksheet import worksheet
from civicquiz.hosts.widget import QuizWidget
from civicquiz.model.learner_copy import learner_copy
from civicquiz.model.quiz import ReleasedQuiz
from civicquiz.model.released import same_ids
from civicquiz.releasing.handout import notebook, page
from civicquiz.releasing.release import release

#: One black pixel.

QUIZZES = [path for path in EXAMPLES if "nbgrader" not in path.parts]


@pytest.fixture
def law(tmp_path: Path) -> Path:
    return write_course(tmp_path / "course")


# ---- What is written ----


def test_release_writes_a_copy_a_notebook_and_a_page(law: Path, tmp_path: Path) -> None:
    written = release([law], tmp_path / "class")
    assert [path.name for path in written] == ["law.yml", "law.ipynb", "law.html"]
    assert sorted(path.name for path in (tmp_path / "class").iterdir()) == sorted(path.name for path in written)
    assert isinstance(civicquiz.load(written[0]), ReleasedQuiz)


def test_same_release_twice_has_the_same_bytes(law: Path, tmp_path: Path) -> None:
    first = [path.read_bytes() for path in release([law], tmp_path / "class")]
    assert [path.read_bytes() for path in release([law], tmp_path / "class")] == first


def test_translations_and_images_are_released_with_their_quiz_and_named_once(tmp_path: Path) -> None:
    folder = ROOT / "examples" / "settings"
    written = release([folder / "at-the-end.es.yml", folder / "at-the-end.yml"], tmp_path)
    (image,) = [path for path in written if path.suffix == ".svg"]
    names = ["at-the-end.yml", "at-the-end.es.yml", image.name, "at-the-end.ipynb", "at-the-end.html"]
    assert [path.name for path in written] == names
    assert image.parent == tmp_path / "images"
    assert image.read_bytes() == (folder / "uses.svg").read_bytes()


def test_what_is_not_translated_is_not_in_the_translation_of_a_copy_either(tmp_path: Path) -> None:
    """So that the copy, too, knows which language each question is in."""
    question = "{{id: {}, type: true-false, prompt: Is it {}?, answer: true}}"
    text = f"title: Law\nquestions: [{question.format('a', 'one')}, {question.format('b', 'two')}]\n"
    write(tmp_path / "law.es.yml", "title: Ley\nquestions: [{id: b, prompt: ¿Es dos?}]\n")
    release([write(tmp_path / "law.yml", text)], tmp_path / "class")
    copy = civicquiz.load(tmp_path / "class" / "law.yml")
    spanish = copy.translations["es"]
    assert [question.prompt for question in spanish.quiz.questions] == ["Is it one?", "¿Es dos?"]
    assert [spanish.language_of_question(name) for name in ("a", "b")] == ["en", "es"]
    original = civicquiz.load(tmp_path / "law.yml")
    assert public_payload(copy)["translations"] == public_payload(learner_copy(original))["translations"]


def test_notebook_is_valid_and_shows_the_copy_beside_it(
    law: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release([law], tmp_path / "class")
    content = nbformat.read(tmp_path / "class" / "law.ipynb", as_version=4)
    nbformat.validate(content)
    how, code, hand_in = content.cells
    assert how.source.startswith("# A law of 1798\n\nAnswer the questions")
    assert "`law.responses.json`" in hand_in.source
    monkeypatch.chdir(tmp_path / "class")
    scope: dict[str, Any] = {}
    first, last = code.source.split("\n\n")
    exec(first, scope)
    widget = eval(last, scope)
    shown = {name: value for name, value in widget.quiz.items() if name != "store"}
    assert shown == public_payload(learner_copy(civicquiz.load(law)))


def test_title_in_a_notebook_is_not_markdown(tmp_path: Path) -> None:
    quiz = load_text(tmp_path, QUIZ.replace("A law of 1798", "'*A* law\n\n  # of $1798$'"))
    cell = json.loads(notebook(learner_copy(quiz)))["cells"][0]
    assert cell["source"][0] == "# \\*A\\* law \\# of \\$1798\\$\n"


def test_page_and_notebook_speak_the_language_of_the_quiz(tmp_path: Path) -> None:
    copy = learner_copy(load_text(tmp_path, QUIZ + "language: es\n"))
    assert '<html lang="es" dir="ltr">' in page(copy)
    for text in (page(copy), notebook(copy)):
        assert "Responde las preguntas" in text
        assert "entrega el archivo" in text


def test_what_to_do_is_said_in_each_language_of_the_quiz(tmp_path: Path) -> None:
    """Once in each, and in English where the interface does not speak the language."""
    write(tmp_path / "quiz.es.yml", "title: Una ley\nquestions: [{id: a, prompt: ¿Sí?}]\n")
    write(tmp_path / "quiz.es-MX.yml", "title: Una ley\nquestions: [{id: a, prompt: ¿Sí?}]\n")
    write(tmp_path / "quiz.fr.yml", "title: Une loi\nquestions: [{id: a, prompt: Oui?}]\n")
    text = "title: A law\nquestions: [{id: a, type: true-false, prompt: Yes?, answer: true}]\n"
    copy = learner_copy(load_text(tmp_path, text))
    shown = page(copy)
    assert re.findall(r'<section lang="(\w+)" dir="ltr"><h2>([^<]*)', shown) == [
        ("en", "How to answer"),
        ("es", "Cómo responder"),
    ]
    first, _, last = ("".join(cell["source"]) for cell in json.loads(notebook(copy))["cells"])
    for language in ("en", "es"):
        words = strings(language)
        assert words["how_to_answer"] in first
        assert words["run_cell"] in first
        assert words["hand_in_notebook"].format(file="`quiz.responses.json`") in last


def test_page_holds_all_it_needs_and_names_no_host(law: Path) -> None:
    text = page(learner_copy(civicquiz.load(law)))
    assert not re.search(r"<(?:script|img|link|iframe)[^>]*\s(?:src|href)=(?!\"data:,\")", text)
    assert "default-src 'none'" in text
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert len(scripts) == text.count("<script>")
    written = [path.read_text("utf-8") for path in (PACKAGE / "frontend" / "static").rglob("*.js")]
    assert all(script in written for script in scripts)
    assert static_text("page.js") in scripts
    assert not any("<!--" in script or "<script" in script for script in scripts)


def test_release_replaces_what_an_earlier_one_wrote(law: Path, tmp_path: Path) -> None:
    spanish = write(law.with_name("law.es.yml"), QUIZ.replace("A law of 1798", "Una ley de 1798"))
    release([law], tmp_path / "class")
    assert list(civicquiz.load(tmp_path / "class" / "law.yml").translations) == ["es"]
    spanish.unlink()
    write(law, QUIZ.replace("A law of 1798", "A law"))
    release([law], tmp_path / "class")
    copy = civicquiz.load(tmp_path / "class" / "law.yml")
    assert (copy.title, dict(copy.translations)) == ("A law", {})


def test_copy_in_a_notebook_keeps_answers_and_tells_nothing(law: Path, tmp_path: Path) -> None:
    release([law], tmp_path / "class")
    copy = civicquiz.load(tmp_path / "class" / "law.yml")
    widget = QuizWidget(copy, folder=tmp_path)
    widget.responses = RIGHT
    for message in (
        {"type": "check", "question": "by-age", "response": "14"},
        {"type": "finish", "questions": [*RIGHT]},
    ):
        widget._on_message(widget, message, [])
    assert (widget.outcomes, widget.result.score) == ({}, 0)
    again = QuizWidget(copy, folder=tmp_path)
    assert again.responses == RIGHT
    assert again.notice == "Your answers are saved in law.responses.json."
    assert check_answers(tmp_path / "law.responses.json", law) == Checked(grade(civicquiz.load(law), RIGHT))


def test_copy_is_printed_without_a_sheet_of_answers(law: Path, tmp_path: Path) -> None:
    release([law], tmp_path)
    copy = civicquiz.load(tmp_path / "law.yml")
    assert "In which year did" in worksheet(copy)
    with pytest.raises(NoKeyError):
        worksheet(copy, key=True)


# ---- What is refused ----


def test_folder_of_the_quizzes_is_refused(law: Path) -> None:
    with pytest.raises(ReleaseError, match="contains the quizzes themselves"):
        release([law], law.parent)
    assert law.read_text("utf-8") == QUIZ


def test_quiz_of_somebody_else_is_not_overwritten(law: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "class" / "law.yml", QUIZ)
    with pytest.raises(
        ReleaseError,
        match=r"law\.yml' is not from an earlier release, or was changed, and would be overwritten; move it away",
    ):
        release([law], tmp_path / "class")
    assert [path.name for path in other.parent.iterdir()] == ["law.yml"]
    assert other.read_text("utf-8") == QUIZ


def test_two_quizzes_of_one_name_are_refused(law: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other" / "law.yml", QUIZ.replace("A law of 1798", "Another").replace("h04", "x"))
    with pytest.raises(QuizError, match="another quiz is also named 'law'"):
        release([law, other], tmp_path / "class")
    assert not (tmp_path / "class").exists()


def test_two_images_of_one_name_are_two_files(tmp_path: Path) -> None:
    quiz = 'title: x\nquestions: [{id: q, type: true-false, prompt: "![A map](map.svg)", answer: true}]\n'
    for name, color in (("one", "red"), ("two", "blue")):
        write(tmp_path / name / f"{name}.yml", quiz)
        write(tmp_path / name / "map.svg", f'<svg xmlns="http://www.w3.org/2000/svg"><rect fill="{color}"/></svg>')
    written = release([tmp_path / "one", tmp_path / "two"], tmp_path / "class")
    assert len([path for path in written if path.suffix == ".svg"]) == 2
    for name in ("one", "two"):
        (shown,) = civicquiz.load(tmp_path / "class" / f"{name}.yml").images.values()
        assert shown == civicquiz.load(tmp_path / name / f"{name}.yml").images["map.svg"]


@pytest.mark.parametrize(
    "name",
    ["civicquiz.py", ".github/workflows/x.yml", "index.html", "law.ipynb", "law.yml", ".map.png", "map", "map.png.py"],
)
def test_file_passed_off_as_an_image_is_refused(tmp_path: Path, name: str) -> None:
    """Whatever its content is: a released copy lies beside a notebook that imports modules."""
    for content in (PNG, PNG + b"\nimport os\n", b"GIF89a='';import os", b"\xff\xd8\xff", b"import os"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
        text = f'title: x\nquestions: [{{id: q, type: true-false, prompt: "![A map]({name})", answer: true}}]\n'
        quiz = write(tmp_path / "quiz.yml", text)
        with pytest.raises(QuizError, match=r"name of an image|hidden file"):
            release([quiz], tmp_path / "class")
    assert not (tmp_path / "class").exists()


@pytest.mark.parametrize("name", ["law.yml", "law.html", "law.ipynb", "images"])
def test_nothing_that_is_not_from_a_release_is_overwritten(tmp_path: Path, name: str) -> None:
    text = 'title: x\nquestions: [{id: q, type: true-false, prompt: "![A map](map.svg)", answer: true}]\n'
    law = write(tmp_path / "quiz" / "law.yml", text)
    write(law.parent / "map.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    (image,) = [path for path in release([law], tmp_path / "once") if path.suffix == ".svg"]
    foreign = write(tmp_path / "class" / (f"images/{image.name}" if name == "images" else name), "mine")
    with pytest.raises(ReleaseError, match="is not from an earlier release, or was changed, and would be overwritten"):
        release([law], tmp_path / "class")
    assert [path.read_text("utf-8") for path in (tmp_path / "class").rglob("*") if path.is_file()] == ["mine"]
    assert foreign.exists()


def test_notebook_with_a_cell_of_the_teacher_is_not_overwritten(law: Path, tmp_path: Path) -> None:
    release([law], tmp_path / "class")
    path = tmp_path / "class" / "law.ipynb"
    content = json.loads(path.read_text("utf-8"))
    content["cells"].append({"cell_type": "markdown", "id": "own", "metadata": {}, "source": "Good luck!"})
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(ReleaseError, match="was changed"):
        release([law], tmp_path / "class")


def test_every_quiz_that_has_problems_is_named_and_nothing_is_written(law: Path, tmp_path: Path) -> None:
    write(law, QUIZ.replace("tolerance: 0.5", "tolerance: -1"))
    other = write(tmp_path / "other" / "this" / "other.yml", "title: x\nquestions: []\n")
    with pytest.raises(QuizError) as refused:
        release([law, other], tmp_path / "class")
    assert [Path(problem.path).name for problem in refused.value.problems] == ["law.yml", "other.yml"]
    assert not (tmp_path / "class").exists()


def test_folder_that_cannot_be_written_is_an_error_that_says_so(law: Path, tmp_path: Path) -> None:
    write(tmp_path / "class", "a file")
    with pytest.raises(ReleaseError, match=r"cannot write to '.*class/below': "):
        release([law], tmp_path / "class" / "below")


# ---- The command ----


def test_command_names_what_it_wrote(law: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(law.parent.parent)
    result = CliRunner().invoke(main, ["release", "quizzes/law.yml", "--to", "class"])
    assert (result.exit_code, result.output) == (
        0,
        "class/law.yml\nclass/law.ipynb\nclass/law.html\nThese files contain no key.\n",
    )


def test_command_says_what_is_wrong_and_exits_1(law: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(law.parent.parent)
    for arguments in (["quizzes/gone.yml", "--to", "class"], ["quizzes/law.yml", "--to", "quizzes"]):
        result = CliRunner().invoke(main, ["release", *arguments])
        assert result.exit_code == 1
        assert result.output.startswith("Error: ")


# ---- No key is in it ----


@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_pages_and_notebooks_of_quizzes_that_differ_only_in_their_key_are_the_same(data: st.DataObject) -> None:
    author = data.draw(questions())
    pair = [quiz_of(author), quiz_of(data.draw(rekeyed(author)))]
    if not any(same_ids(quiz.questions[0].interaction()) for quiz in pair):
        first, second = map(learner_copy, pair)
        assert (page(first), notebook(first)) == (page(second), notebook(second))


@pytest.fixture(scope="module")
def class_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with released copies of all examples, and a book that shows the copies."""
    return released_book(QUIZZES, tmp_path_factory)


@pytest.mark.slow
@pytest.mark.parametrize("path", QUIZZES, ids=lambda path: path.stem)
def test_no_text_of_a_key_is_in_what_is_released_or_in_a_book_built_from_it(path: Path, class_folder: Path) -> None:
    assert leaks(path, class_folder) == {}


def test_scan_for_texts_of_a_key_finds_them_where_they_are(tmp_path: Path) -> None:
    """The scan above can fail: it finds what a practice page reveals."""
    for path in (SAMPLE_COURSE / "quizzes").glob("*[a-z].yml"):
        if "." not in path.stem:
            assert len(secrets(path)) >= len(civicquiz.load(path).questions), path.name
    quiz = load_text(tmp_path, QUIZ)
    revealed = {"Explanation of the year.", "Feedback on citizens."}
    assert revealed <= secrets(quiz.path)
    practice = json.dumps(key_content(encoded_key(quiz, quiz.questions)), ensure_ascii=False)
    assert all(any(spelled in practice for spelled in spellings(secret)) for secret in revealed)


# ---- A copy for each learner ----

PICKS = """\
title: An exam
pick: 2
questions:
""" + "".join(
    f"- {{id: q{number}, type: true-false, prompt: 'Is {number} odd?', answer: true}}\n" for number in range(8)
)


@pytest.fixture
def released_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "quizzes" / "exam.yml", PICKS)
    write(tmp_path / "roster.csv", "learner,name\nanna,Anna Lee\nBob Smith,Bob\n")
    result = CliRunner().invoke(main, ["release", "quizzes", "--to", "class", "--per-learner", "roster.csv"])
    assert result.exit_code == 0, result.output
    return tmp_path / "class"


def _folders(released_class: Path) -> dict[str, Path]:
    return {path.name.split("-")[0]: path for path in released_class.iterdir()}


def test_each_learner_gets_a_folder_with_questions_that_go_with_the_id(released_class: Path) -> None:
    folders = _folders(released_class)
    assert sorted(folders) == ["anna", "bob"]
    for learner, name in (("anna", "anna"), ("Bob Smith", "bob")):
        copy = civicquiz.load(folders[name] / "exam.yml")
        assert isinstance(copy, ReleasedQuiz)
        assert (copy.learner, copy.seed) == (learner, seed_of_learner("exam", learner))
        assert f'"seed":{copy.seed}' in (folders[name] / "exam.html").read_text("utf-8")
        assert copy.version == civicquiz.load("quizzes/exam.yml").version
    assert seed_of_learner("exam", "anna") != seed_of_learner("exam", "bob") != seed_of_learner("law", "bob")


def test_notebook_of_a_learner_saves_whose_it_is_and_grade_tells_other_copies(
    released_class: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = _folders(released_class)
    for name in folders:
        widget = QuizWidget(civicquiz.load(folders[name] / "exam.yml"), folder=folders[name])
        widget.responses = {question: ["true"] for question in widget._kept.picked}
    answers = {
        name: json.loads((folder / "exam.responses.json").read_text("utf-8")) for name, folder in folders.items()
    }
    assert [answers[name]["learner"] for name in ("anna", "bob")] == ["anna", "Bob Smith"]
    answers["bob"]["session"]["seed"] += 1
    for name, content in answers.items():
        write(Path("in") / f"{name}.json", json.dumps(content))
    arguments = ["grade", "in", "--key", "quizzes", "--roster", "roster.csv", "--out", "results", "--per-learner"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert result.output.count("has the random number of someone else's copy") == 1
    assert "(Bob Smith)" in result.output


# ---- Questions from other files ----


def test_copy_has_the_questions_that_the_quiz_takes_and_names_no_file(tmp_path: Path) -> None:
    """It is graded where both files are, and everybody gets as many as the quiz says."""
    image = '"![seal](seal.svg) It covers US citizens."'
    write(tmp_path / "bank" / "law.yml", QUIZ.replace("It covers US citizens.", image).replace("cites:", "tags:"))
    write(tmp_path / "bank" / "seal.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    entry = "{from: ../bank/law.yml, ids: [passed-in, citizens, by-age], number: 2}"
    quiz = write(tmp_path / "quizzes" / "exam.yml", f"title: Exam\nquestions: [{entry}]\n")
    release([quiz], tmp_path / "class")
    shutil.copytree(tmp_path / "class", tmp_path / "elsewhere")
    copy = civicquiz.load(tmp_path / "elsewhere" / "exam.yml")
    assert isinstance(copy, ReleasedQuiz)
    assert copy.version == civicquiz.load(quiz).version
    assert [question.id for question in copy.questions] == ["passed-in", "citizens", "by-age"]
    assert [section.pick for section in copy.sections] == [2]
    text = (tmp_path / "elsewhere" / "exam.yml").read_text("utf-8")
    assert "from:" not in text
    assert "bank" not in text
    seed = 5
    ((_, names),) = arranged(copy, seed)
    answers = {"schema": 1, "quiz": "exam", "content_hash": copy.version, "session": {"seed": seed}}
    answers["responses"] = {name: RIGHT[name] for name in names}
    file = write(tmp_path / "in" / "exam.responses.json", json.dumps(answers))
    assert check_answers(file, quiz).passes(1)
    out = tmp_path / "out"
    result = CliRunner().invoke(
        main, ["grade", str(tmp_path / "in"), "--key", str(tmp_path / "quizzes"), "--out", str(out)]
    )
    assert result.exit_code == 0, result.output
    assert len(names) == 2
