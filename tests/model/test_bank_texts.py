"""Translations of questions from other files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from material import write

import civicquiz
from civicquiz.frontend.payload import public_payload
from civicquiz.model.quiz import Quiz

BANK = """\
title: Forces
stimuli:
  cart:
    text: A cart rolls.
objectives:
  F.1: Name a law
questions:
  - {id: one, type: true-false, prompt: One?, hint: Look., answer: true, stimulus: cart, objectives: [F.1]}
  - {id: two, type: true-false, prompt: Two?, answer: false}
"""
SPANISH_BANK = """\
title: Fuerzas
stimuli:
  cart:
    text: Un carro rueda.
objectives:
  F.1: Nombrar una ley
questions:
  - {id: two, prompt: ¿Dos?}
  - {id: one, prompt: ¿Uno?, hint: Mire.}
"""
EXAM = """\
title: Exam
questions:
  - {id: own, type: true-false, prompt: Own?, answer: true}
  - from: bank/forces.yml
    number: 1
"""
SPANISH_EXAM = """\
title: Examen
questions:
  - {id: own, prompt: ¿Propio?}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A quiz that takes questions from a bank; the bank is translated, and the quiz only what is its own."""
    write(tmp_path / "bank" / "forces.yml", BANK)
    write(tmp_path / "bank" / "forces.es.yml", SPANISH_BANK)
    write(tmp_path / "exam.yml", EXAM)
    write(tmp_path / "exam.es.yml", SPANISH_EXAM)
    return tmp_path


def spanish(folder: Path) -> dict[str, str]:
    """The prompts in Spanish, by id."""
    texts = civicquiz.load(folder / "exam.yml").translations["es"]
    return {name: texts.question(name).prompt for name in texts.questions}


def problems(folder: Path) -> list[str]:
    return [
        f"{Path(problem.path).relative_to(folder).as_posix()}:{problem.line}: {problem.message} ({problem.hint})"
        for problem in civicquiz.load(folder / "exam.yml").translation_problems
    ]


def _written(quiz: Quiz) -> dict[str, object]:
    """What a browser gets of a quiz, but for the places of the questions in the file."""
    public = public_payload(quiz)
    return {name: public[name] for name in ("version", "questions", "stimuli", "objectives", "translations")}


def test_texts_come_from_the_translation_of_the_bank(folder: Path) -> None:
    assert spanish(folder) == {"own": "¿Propio?", "one": "¿Uno?", "two": "¿Dos?"}
    texts = civicquiz.load(folder / "exam.yml").translations["es"].quiz
    assert (texts.stimuli["cart"].text, texts.objectives["F.1"]) == ("Un carro rueda.", "Nombrar una ley")
    assert texts.questions[1].hint == "Mire."


def test_translation_is_the_same_as_if_all_of_it_were_written_beside_the_quiz(folder: Path) -> None:
    taken = civicquiz.load(folder / "exam.yml")
    own = "  - {id: own, type: true-false, prompt: Own?, answer: true}\n"
    sections = "sections: [{questions: [own]}, {questions: [one, two], pick: 1}]\n"
    (head, rest), (spanish_head, spanish_rest) = (text.split("questions:\n") for text in (BANK, SPANISH_BANK))
    head, spanish_head = head.replace("Forces", "Exam"), spanish_head.replace("Fuerzas", "Examen")
    write(folder / "exam.yml", f"{head}{sections}questions:\n{own}{rest}")
    write(folder / "exam.es.yml", f"{spanish_head}questions:\n  - {{id: own, prompt: ¿Propio?}}\n{spanish_rest}")
    assert _written(taken) == _written(civicquiz.load(folder / "exam.yml"))


def test_translation_of_the_quiz_counts_before_that_of_the_bank(folder: Path) -> None:
    write(folder / "exam.es.yml", SPANISH_EXAM + "  - {id: two, prompt: ¿Segundo?}\nstimuli: {cart: {text: Otro.}}\n")
    assert spanish(folder)["two"] == "¿Segundo?"
    assert civicquiz.load(folder / "exam.yml").translations["es"].quiz.stimuli["cart"].text == "Otro."


def test_of_banks_in_a_row_the_first_with_a_translation_counts(folder: Path) -> None:
    write(folder / "exam.yml", EXAM.replace("bank/forces.yml", "all.yml"))
    write(folder / "all.yml", "title: All\nquestions: [{from: bank/forces.yml}]\n")
    assert spanish(folder)["one"] == "¿Uno?"
    write(folder / "all.es.yml", "title: Todas\nquestions: [{id: one, prompt: ¿Primero?, hint: Mire.}]\n")
    assert spanish(folder) == {"own": "¿Propio?", "one": "¿Primero?", "two": "¿Dos?"}


@pytest.mark.parametrize("entry", ["  - from: bank/forces.yml\n    number: 1\n", ""])
def test_entries_may_be_left_as_they_are_or_deleted(folder: Path, entry: str) -> None:
    write(folder / "exam.es.yml", SPANISH_EXAM + entry)
    assert list(spanish(folder)) == ["own", "one", "two"]


def test_entry_that_is_not_in_the_original_is_told(folder: Path) -> None:
    write(folder / "exam.es.yml", SPANISH_EXAM + "  - from: bank/forces.yml\n")
    assert problems(folder) == [
        "exam.es.yml:4: questions from 'bank/forces.yml': the original has no such entry "
        "(delete it: questions from other files need no entry here)"
    ]


def test_text_that_is_missing_names_both_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    write(folder / "bank" / "forces.es.yml", SPANISH_BANK.replace("  - {id: two, prompt: ¿Dos?}\n", ""))
    (problem,) = civicquiz.load("exam.yml").translation_problems
    assert str(problem) == (
        "exam.es.yml:3:3: question 'two' (true-false) is missing, but the original has one\n"
        "    hint: copy it from the original and translate it here or in 'bank/forces.es.yml'"
    )
    (folder / "bank" / "forces.es.yml").unlink()
    found = "\n".join(map(str, civicquiz.load("exam.yml").translation_problems))
    assert re.search(r"'stimuli' is missing.*\n.* here or in 'bank/forces\.es\.yml'", found)


def test_mistake_in_the_translation_of_the_bank_is_told_there(folder: Path) -> None:
    write(folder / "bank" / "forces.es.yml", SPANISH_BANK.replace("hint:", "hnt:"))
    (problem,) = problems(folder)
    assert problem == "bank/forces.es.yml:9: question 'one' (true-false): unknown key 'hnt' (did you mean 'hint'?)"
    write(folder / "bank" / "forces.es.yml", "title: [\n")
    assert problems(folder)[0].startswith("bank/forces.es.yml:2: not valid YAML")


def test_languages_are_those_of_the_quiz(folder: Path) -> None:
    write(folder / "bank" / "forces.de.yml", SPANISH_BANK)
    assert list(civicquiz.load(folder / "exam.yml").translations) == ["es"]


def test_images_of_a_translation_are_beside_its_file(folder: Path) -> None:
    for name, size in (("bank/cart.svg", 1), ("bank/carro.svg", 2)):
        write(folder / name, f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}"/>')
    write(folder / "bank" / "forces.yml", BANK.replace("prompt: Two?", 'prompt: "![a cart](cart.svg)"'))
    write(folder / "bank" / "forces.es.yml", SPANISH_BANK.replace("prompt: ¿Dos?", 'prompt: "![un carro](carro.svg)"'))
    quiz = civicquiz.load(folder / "exam.yml")
    assert list(quiz.images) == ["cart.svg"]
    assert list(quiz.translations["es"].quiz.images) == ["carro.svg"]
    write(folder / "exam.es.yml", SPANISH_EXAM + '  - {id: two, prompt: "![un carro](cart.svg)"}\n')
    assert "the image 'cart.svg' does not exist" in problems(folder)[0]
    write(folder / "cart.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="3"/>')
    assert problems(folder)[0].startswith(
        "exam.es.yml:4: question 'two' (true-false): 'prompt': the image 'cart.svg' has the same name"
    )
