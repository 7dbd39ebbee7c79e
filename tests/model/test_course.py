"""A whole course, checked: which files are found, and how they are matched."""

from __future__ import annotations

from pathlib import Path

import pytest
from material import PACKAGE, QUIZ, SEEDS, write, write_course

from civicquiz import load
from civicquiz.errors import Problem
from civicquiz.model.accepting import accept_translation
from civicquiz.model.advice import INTERFACE_LANGUAGES
from civicquiz.model.course import check
from civicquiz.model.file_names import find_course
from civicquiz.releasing.copied_files import copied_files

#: What learners read in ``QUIZ``, in Spanish.
TRANSLATION = """\
title: Una ley de 1798
questions:
  - id: passed-in
    prompt: ¿En qué año aprobó el *Congreso* la Ley?
    hint: John Adams era presidente.
    options: [{feedback: El año correcto.}, {feedback: El año equivocado.}, "1917"]
    explanation: Sobre el año.
  - id: wars
    prompt: ¿En qué guerras se usó?
    options:
      - Guerra de 1812
      - Primera Guerra Mundial
      - {text: Guerra de Secesión, feedback: Sobre esa guerra.}
      - Guerra de Corea
    explanation: Sobre las guerras.
  - id: citizens
    prompt: Abarca a los ciudadanos.
    feedback: {"true": Sobre los ciudadanos.}
    explanation: Sobre los ciudadanos.
  - id: by-age
    prompt: ¿Desde qué edad?
    unit: años
    explanation: Sobre la edad.
  - id: sequence
    prompt: Ordene.
    items: [primero, segundo, tercero]
    explanation: Sobre el orden.
"""


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clean course around the working folder."""
    write_course(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _lines(problems: list[Problem]) -> list[str]:
    return [f"{problem.path}:{problem.line}:{problem.column}: {problem.message}" for problem in problems]


def test_clean_course_has_no_problems(course: Path) -> None:
    assert check() == []
    assert check([course]) == []


def test_course_is_found_from_any_folder_inside_it(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("quizzes", "seeds", "lessons", "lessons/figures"):
        (course / folder).mkdir(exist_ok=True)
        monkeypatch.chdir(course / folder)
        assert find_course() == course
        assert check() == []


def test_no_course_is_one_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_course() is None
    assert len(check()) == 1


def test_problems_of_all_files_come_together_in_order(course: Path) -> None:
    write(course / "quizzes" / "a.yml", "title: x\n")
    write(course / "lessons" / "a.md", "{claim}`h40`\n")
    write(course / "seeds" / "z.yml", "sources: [{id: new, title: T}]\n")
    problems = check()
    assert problems == sorted(problems)
    assert {problem.path for problem in problems} >= {"quizzes/a.yml", "seeds/z.yml"}


def test_broken_seeds_are_reported_once_and_hide_no_mistake_of_a_quiz(course: Path) -> None:
    write(course / "seeds" / "z.yml", "sources: [{id: new, title: T}]\n")
    write(course / "quizzes" / "law.yml", QUIZ.replace("    tolerance: 0.5\n", ""))
    line = QUIZ.splitlines().index("  - id: by-age") + 1
    assert _lines(check()) == [
        f"quizzes/law.yml:{line}:5: question 'by-age' (numeric): 'tolerance' is missing",
        "seeds/z.yml:1:11: source 'new': 'publisher' is missing",
    ]


def test_lesson_needs_a_quiz_and_a_quiz_a_lesson(course: Path) -> None:
    write(course / "lessons" / "alone.md", "# Alone\n")
    write(course / "quizzes" / "lonely.yml", QUIZ)
    lines = _lines(check())
    assert [line.split(": ", 1)[0] for line in lines] == ["lessons/alone.md:1:1", "quizzes/lonely.yml:1:1"]
    assert "quizzes/alone.yml" in lines[0]
    assert "lessons/lonely.md" in lines[1]


def test_quiz_needs_no_lesson_where_there_is_no_folder_of_lessons(tmp_path: Path) -> None:
    write(tmp_path / "quizzes" / "q.yml", QUIZ)
    assert check([tmp_path]) == []
    write(tmp_path / "quizzes" / "q.yml", f"lesson: courts\n{QUIZ}")
    assert "there is no lesson 'lessons/courts.md'" in str(check([tmp_path])[0])


def test_several_quizzes_may_serve_one_lesson_by_name(course: Path) -> None:
    write(course / "quizzes" / "more.yml", QUIZ.replace("questions:", "lesson: law\nquestions:"))
    assert check() == []


def test_misspelt_lesson_is_reported_where_it_is_written(course: Path) -> None:
    write(course / "quizzes" / "more.yml", QUIZ.replace("questions:", "lesson: lwa\nquestions:"))
    (problem,) = check()
    assert (problem.path, problem.line, problem.column) == ("quizzes/more.yml", 2, 9)


def test_broken_quiz_still_serves_the_lesson_it_names(course: Path) -> None:
    (course / "quizzes" / "law.yml").unlink()
    text = QUIZ.replace("questions:", "lesson: law\nquestions:").replace("    tolerance: 0.5\n", "")
    write(course / "quizzes" / "week-one.yml", text)
    assert [problem.path for problem in check()] == ["quizzes/week-one.yml"]


@pytest.mark.parametrize("suffix", ["yml", "yaml"])
def test_quiz_is_checked_whichever_of_the_two_suffixes_it_has(course: Path, suffix: str) -> None:
    write(course / "quizzes" / f"law-again.{suffix}", "title: x\nlesson: law\nquestions: []\n")
    for paths in ([], [course / "quizzes"], [course / "quizzes" / f"law-again.{suffix}"]):
        assert "'questions' must have" in " ".join(_lines(check(paths)))


def test_translation_is_checked_with_its_quiz_and_is_not_a_quiz_itself(course: Path) -> None:
    accept_translation(write(course / "quizzes" / "law.es.yml", TRANSLATION))
    for paths in ([], ["quizzes"], ["quizzes/law.yml"], ["quizzes/law.es.yml"]):
        assert check(paths) == []
    write(course / "quizzes" / "law.es.yml", TRANSLATION.replace("    unit: años\n", ""))
    line = TRANSLATION.splitlines().index("  - id: by-age") + 1
    expected = [
        f"quizzes/law.es.yml:{line}:5: question 'by-age' (numeric): 'unit' is missing, but the original has one"
    ]
    for paths in ([], ["quizzes"], ["quizzes/law.yml"], ["quizzes/law.es.yml"]):
        assert _lines(check(paths)) == expected


def test_translation_without_a_quiz_is_reported(course: Path) -> None:
    write(course / "quizzes" / "laws.es.yml", TRANSLATION)
    for paths in ([], ["quizzes"], ["quizzes/laws.es.yml"]):
        assert _lines(check(paths)) == ["quizzes/laws.es.yml:1:1: there is no quiz 'laws.yml' for this translation"]


def test_quiz_may_have_a_dot_in_its_name(course: Path) -> None:
    write(course / "quizzes" / "law.yml", QUIZ)
    write(course / "quizzes" / "week.1.yml", QUIZ.replace("questions:", "lesson: law\nquestions:"))
    assert check() == []
    write(course / "quizzes" / "week.1.yml", QUIZ.replace("questions:", "lesson: lwa\nquestions:"))
    assert [problem.path for problem in check()] == ["quizzes/week.1.yml"]


def test_missing_translation_is_reported_as_a_missing_file(course: Path) -> None:
    (problem,) = check(["quizzes/law.es.yml"])
    assert problem.path == "quizzes/law.es.yml"
    assert "no such file" in problem.message


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("Passed.{claim}`h40`", 16, "there is no claim 'h40'"),
        ("Used. {claim}`h99`", 15, "claim 'h99' is not verified"),
        ("| a | b {claim}`h40` |", 17, "there is no claim 'h40'"),
        ("> {claim}` h40 `", 12, "there is no claim 'h40'"),
    ],
)
def test_problem_with_a_citation_in_a_lesson_has_its_position(course: Path, line: str, column: int, words: str) -> None:
    write(course / "lessons" / "law.md", f"# A law\n\n{line}\n")
    (problem,) = check()
    assert (problem.path, problem.line, problem.column) == ("lessons/law.md", 3, column)
    assert problem.message.startswith(words)


def test_every_id_of_a_citation_is_checked_where_it_is(course: Path) -> None:
    text = "# A law\n\n> Passed. {claim}`h04 h40\n>   h41 h20`\n\nUsed. {claim}`h42\n\nOn `its` own. {claim}` `\n"
    write(course / "lessons" / "law.md", text)
    assert [(problem.line, problem.column, problem.message) for problem in check()] == [
        (3, 23, "there is no claim 'h40'"),
        (4, 5, "there is no claim 'h41'"),
        (8, 23, "there is no claim ''"),
    ]


def test_citation_inside_a_directive_is_checked(course: Path) -> None:
    write(course / "lessons" / "law.md", "```{admonition} Note\n{claim}`h40`\n```\n\n:::{note}\n{claim}`h41`\n:::\n")
    assert [problem.line for problem in check()] == [2, 6]


@pytest.mark.parametrize(
    "opening", ["```{code-cell} ipython3", "```{code-block} md", "```", "```markdown", "~~~", "````"]
)
def test_citation_inside_literal_code_is_let_be(course: Path, opening: str) -> None:
    fence = opening[: 4 if opening.startswith("````") else 3]
    write(course / "lessons" / "law.md", f"# A law\n\n{opening}\n{{claim}}`h40`\n{fence}\n\n{{claim}}`h41`\n")
    assert [problem.line for problem in check()] == [7]


def test_claims_are_checked_even_when_the_seeds_hold_none(course: Path) -> None:
    write(course / "seeds" / "record.yml", "sources: []\n")
    lines = " | ".join(_lines(check()))
    assert "lessons/law.md:3:28: there is no claim 'h04'" in lines
    assert "quizzes/law.yml" in lines


def test_one_file_or_folder_is_checked_alone(course: Path) -> None:
    write(course / "quizzes" / "a.yml", "title: x\nquestions: []\n")
    write(course / "lessons" / "a.md", "{claim}`h40`\n")
    assert [problem.path for problem in check(["quizzes/a.yml"])] == ["quizzes/a.yml"]
    assert [problem.path for problem in check(["lessons/a.md"])] == ["lessons/a.md"]
    assert [problem.path for problem in check(["quizzes"])] == ["quizzes/a.yml"]
    assert check(["quizzes/law.yml", "lessons/law.md", "seeds/record.yml", "seeds"]) == []


def test_seed_file_is_checked_alone(course: Path) -> None:
    write(course / "seeds" / "record.yml", SEEDS.replace("statement: count", "statement: rumour", 1))
    assert [problem.path for problem in check(["seeds/record.yml"])] == ["seeds/record.yml"]


def test_same_problem_is_reported_once_when_a_file_is_named_twice(course: Path) -> None:
    write(course / "quizzes" / "law.yml", "title: x\nquestions: []\n")
    assert len(check(["quizzes/law.yml", "quizzes", "."])) == 1


@pytest.mark.parametrize("path", ["quizzes/nope.yml", "lessons/nope.md", "seeds/nope.yml", "nope"])
def test_missing_path_is_reported(course: Path, path: str) -> None:
    (problem,) = check([path])
    assert problem.path == path
    assert "no such file" in problem.message
    assert "UTF-8" not in problem.hint


def test_empty_folder_is_reported(course: Path) -> None:
    (course / "nothing").mkdir()
    (problem,) = check(["nothing"])
    assert problem.path == "nothing"


def test_lesson_that_is_not_utf8_is_reported_at_the_byte(course: Path) -> None:
    (course / "lessons" / "law.md").write_bytes(b"# A law\n\ncaf\xe9\n")
    (problem,) = check()
    assert (problem.path, problem.line, problem.column) == ("lessons/law.md", 3, 4)
    assert "codec" not in problem.message


def test_released_copy_has_the_name_of_its_quiz(tmp_path: Path) -> None:
    quiz = write(tmp_path / "law.yml", "title: x\nquestions: [{id: a, type: true-false, prompt: x, answer: true}]\n")
    for name, content in copied_files(load(quiz)).items():
        write(tmp_path / "class" / name, content.decode())
    assert check([tmp_path]) == []


def test_different_quizzes_of_one_name_are_a_warning_and_copies_are_none(tmp_path: Path) -> None:
    text = "title: x\nquestions: [{id: a, type: true-false, prompt: x, answer: true}]\n"
    one, two = write(tmp_path / "one" / "law.yml", text), write(tmp_path / "two" / "law.yml", text)
    assert check([one, two]) == []
    write(two, text.replace("prompt: x", "prompt: y"))
    for paths in ([one, two], [one.parent, two.parent]):
        (warning,) = check(paths)
        assert warning.is_warning
        assert "another quiz is also named 'law'" in warning.message


PLAIN = "title: x\nquestions: [{id: a, type: true-false, prompt: x, answer: true}]\n"

OTHER_FILES = {
    "_config.yml": "title: My book\nsphinx: {extra_extensions: [civicquiz]}\n",
    "_toc.yml": "format: jb-book\nroot: intro\n",
    "_build/html/law.yml": "questions: broken",
    ".github/workflows/book.yml": "on: push\njobs: {}\n",
    "environment.yml": "dependencies: [python]\n",
    "docker-compose.dev.yml": "services: {}\n",
    "node_modules/x/quiz.yml": "questions: broken",
    "venv/pyvenv.cfg": "home = /usr/bin\n",
    "venv/share/quiz.yml": "questions: broken",
    "notes.yaml": "just: text\n",
}


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Somebody else's book, with a quiz two folders down."""
    for name, text in OTHER_FILES.items():
        write(tmp_path / name, text)
    write(tmp_path / "week-1" / "exercises" / "units.yml", "title: Units\nquestions: []\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("paths", [[], ["."]])
def test_in_somebody_elses_book_all_quizzes_below_are_checked_and_nothing_else(book: Path, paths: list[str]) -> None:
    assert {Path(problem.path).name for problem in check(paths)} == {"units.yml"}


@pytest.mark.parametrize(
    "text", ["questions: [", '"questions" : 1\n', "- prompt: What\n", "title: x\n\nquestions:\n\ta\n"]
)
def test_a_quiz_that_cannot_be_read_is_still_found(book: Path, text: str) -> None:
    write(book / "week-2" / "broken.yml", text)
    assert "broken.yml" in {Path(problem.path).name for problem in check()}


def test_a_file_that_is_named_is_checked_whatever_is_in_it(book: Path) -> None:
    assert [Path(problem.path).name for problem in check(["environment.yml"])] != []


def test_translations_below_are_checked_with_their_quizzes(book: Path) -> None:
    write(book / "week-1" / "exercises" / "units.yml", QUIZ.replace("cites: [h04]", ""))
    write(book / "week-1" / "exercises" / "units.es.yml", "nothing: here\n")
    assert {Path(problem.path).name for problem in check() if not problem.is_warning} == {"units.es.yml"}


@pytest.mark.parametrize(
    ("language", "told"), [("de", True), ("ar", True), ("es", False), ("es-MX", False), ("en", False)]
)
def test_language_that_the_interface_does_not_speak_is_told(tmp_path: Path, language: str, told: bool) -> None:
    path = write(tmp_path / "quiz.yml", f"language: {language}\n{PLAIN}")
    found = [problem for problem in check([path]) if "are in English" in problem.message]
    assert [(problem.line, problem.is_warning) for problem in found] == [(1, True)] * told


def test_interface_speaks_the_languages_that_authors_are_told() -> None:
    locales = {path.stem for path in (PACKAGE / "frontend" / "static" / "locale").glob("*.json")}
    assert set(INTERFACE_LANGUAGES) == locales


def test_files_that_quizzes_of_a_course_take_questions_from_are_checked_too(course: Path) -> None:
    bank = write(course / "bank" / "more.yml", QUIZ.replace("passed-in", "passed").replace("by-age", "age"))
    entry = "questions:\n  - from: ../bank/more.yml\n    ids: [passed, age]\n"
    write(course / "quizzes" / "law.yml", QUIZ.replace("questions:\n", entry))
    (note,) = check()
    assert str(note) == "bank/more.yml:2:1: note: no quiz takes 3 of the 5 questions: wars, citizens, sequence"
    assert check([course / "quizzes" / "law.yml"]) == []
    write(bank, bank.read_text("utf-8").replace("items: [first, second, third]", "items: []"))
    assert [problem.is_note for problem in check()] == [True, False]
    assert check([course / "quizzes" / "law.yml"]) == []


def test_warning_about_a_question_of_another_file_is_told_once_and_there(tmp_path: Path) -> None:
    two = (
        "  - {id: two, type: single-choice, prompt: x, options: [{text: a, correct: true}, {text: b, correct: true}]}\n"
    )
    write(tmp_path / "bank" / "two.yml", f"title: x\nquestions:\n{two}")
    write(tmp_path / "quiz.yml", "title: x\nquestions:\n  - from: bank/two.yml\n")
    (warning,) = check([tmp_path])
    assert (Path(warning.path).name, warning.line, warning.is_warning) == ("two.yml", 3, True)
    assert check([tmp_path / "quiz.yml"]) == [warning]
