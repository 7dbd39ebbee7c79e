"""Questions from other files: a quiz that takes them is the quiz that has them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from material import QUIZ, RIGHT, load_text, questions, right_answer, write
from quiz_schema import schema_errors

import civicquiz
from civicquiz.errors import QuizError
from civicquiz.frontend.payload import page_payload
from civicquiz.grading.arrangement import arranged
from civicquiz.model.banks import banks_of, files_around, files_of, unused_questions
from civicquiz.model.quiz import Quiz
from civicquiz.model.schemas import json_schema

#: A bank with something of everything that comes along.
BANK = """\
title: Forces
stimuli:
  cart:
    text: A cart of {mass} kg speeds up by {rate} m/s each second.
    variables:
      mass: {from: 2, to: 9}
      rate: {values: [3, 4]}
      weight: {calculate: mass * 9.81, decimals: 1}
objectives:
  F.1: Calculate a force
  F.2: Name a law
questions:
  - {id: newton-1, type: true-false, prompt: One?, answer: true, tags: [laws], difficulty: easy, objectives: [F.2]}
  - {id: newton-2, type: true-false, prompt: Two?, answer: false, tags: [laws, motion]}
  - {id: newton-3, type: true-false, prompt: Three?, answer: true, tags: [laws], difficulty: hard}
  - {id: force, type: calculated, prompt: The force?, answer: mass * rate, decimals: 0, tolerance: 0, stimulus: cart,
     tags: [motion], objectives: [F.1]}
  - {id: weight, type: calculated, prompt: The weight?, answer: weight, decimals: 1, tolerance: 0.1, stimulus: cart}
"""

OWN = "  - {id: own, type: true-false, prompt: Own?, answer: true}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a bank in it."""
    write(tmp_path / "bank" / "forces.yml", BANK)
    return tmp_path


def taking(folder: Path, entries: str, rest: str = "") -> Quiz:
    """The quiz in ``folder`` with these entries below ``questions``."""
    return load_text(folder, f"title: Exam\n{rest}questions:\n{entries}")


def ids(quiz: Quiz) -> list[str]:
    return [question.id for question in quiz.questions]


def messages(error: pytest.ExceptionInfo[QuizError], folder: Path) -> list[str]:
    return [
        f"{Path(problem.path).relative_to(folder).as_posix()}:{problem.line}: {problem.message}"
        for problem in error.value.problems
    ]


# ---- Which questions ----


@pytest.mark.parametrize(
    ("conditions", "taken"),
    [
        ("", ["newton-1", "newton-2", "newton-3", "force", "weight"]),
        ("ids: [newton-3, newton-1]", ["newton-3", "newton-1"]),
        ("tags: [laws]", ["newton-1", "newton-2", "newton-3"]),
        ("tags: [laws, motion]", ["newton-2"]),
        ("difficulty: hard", ["newton-3"]),
        ("objective: F.2", ["newton-1"]),
        ("tags: [laws], difficulty: easy", ["newton-1"]),
    ],
)
def test_questions_are_taken_by_id_tags_difficulty_and_objective(
    folder: Path, conditions: str, taken: list[str]
) -> None:
    separator = ", " if conditions else ""
    assert ids(taking(folder, f"  - {{from: bank/forces.yml{separator}{conditions}}}\n")) == taken


def test_questions_stand_where_the_entry_stands(folder: Path) -> None:
    entries = "  - {from: bank/forces.yml, ids: [newton-2]}\n" + OWN + "  - {from: bank/forces.yml, difficulty: easy}\n"
    assert ids(taking(folder, entries)) == ["newton-2", "own", "newton-1"]


def test_conditions_take_no_question_that_an_entry_above_has_taken(folder: Path) -> None:
    entries = "  - {from: bank/forces.yml, tags: [motion]}\n  - {from: bank/forces.yml, tags: [laws]}\n"
    assert ids(taking(folder, entries)) == ["newton-2", "force", "newton-1", "newton-3"]


def test_bank_may_take_questions_itself_and_its_paths_start_at_its_own_folder(folder: Path) -> None:
    write(folder / "bank" / "more" / "all.yml", f"title: All\nquestions:\n  - from: ../forces.yml\n{OWN}")
    quiz = taking(folder, "  - {from: bank/more/all.yml, ids: [own, force]}\n")
    assert ids(quiz) == ["own", "force"]
    assert list(quiz.stimuli) == ["cart"]


def test_bank_is_beside_the_folder_of_the_quiz_in_a_course(tmp_path: Path) -> None:
    write(tmp_path / "bank" / "forces.yml", BANK)
    path = write(
        tmp_path / "quizzes" / "exam.yml", "title: x\nquestions:\n  - {from: ../bank/forces.yml, ids: [force]}"
    )
    assert ids(civicquiz.load(path)) == ["force"]


def test_entry_with_a_number_gives_each_learner_as_many_drawn_by_the_seed(folder: Path) -> None:
    entries = (
        "  - {from: bank/forces.yml, tags: [laws], number: 2}\n" + OWN + "  - {from: bank/forces.yml, number: 1}\n"
    )
    quiz = taking(folder, entries)
    seen = set()
    for seed in range(50):
        parts = [tuple(names) for _, names in arranged(quiz, seed)]
        assert [len(part) for part in parts] == [2, 1, 1]
        seen.update(parts)
    assert len(seen) == 3 + 1 + 2  # every choice of each part


@pytest.mark.parametrize("rest", ["sections: [{title: All, tag: laws}]\n", "pick: 2\n"])
def test_number_cannot_be_combined_with_another_draw(folder: Path, rest: str) -> None:
    with pytest.raises(QuizError, match="'number' cannot be combined with"):
        taking(folder, "  - {from: bank/forces.yml, tags: [laws], number: 2}\n", rest)


def test_sections_name_questions_of_other_files_like_their_own(folder: Path) -> None:
    rest = "sections:\n  - {title: Laws, tag: laws, pick: 1}\n  - {title: More, questions: [own]}\n"
    quiz = taking(folder, "  - {from: bank/forces.yml, tags: [laws]}\n" + OWN, rest)
    assert [section.members(quiz.questions) for section in quiz.sections] == [
        ["newton-1", "newton-2", "newton-3"],
        ["own"],
    ]


# ---- What comes along ----


def test_stimulus_comes_along_with_all_its_numbers_and_objectives_with_their_words(folder: Path) -> None:
    quiz = taking(folder, "  - {from: bank/forces.yml, ids: [force]}\n")
    assert list(quiz.stimuli["cart"].variables) == ["mass", "rate", "weight"]
    assert quiz.objectives == {"F.1": "Calculate a force"}
    own = taking(folder, "  - {from: bank/forces.yml, ids: [force]}\n", "objectives: {F.1: Find a force}\n")
    assert own.objectives == {"F.1": "Find a force"}


def test_numbers_that_nobody_uses_are_still_a_mistake_in_the_file_itself(folder: Path) -> None:
    with pytest.raises(QuizError, match="'rate' is used neither"):
        load_text(folder, BANK.replace(" speeds up by {rate} m/s each second", "").replace("mass * rate", "mass"))


def test_stimuli_of_one_name_must_be_the_same(folder: Path) -> None:
    entries = "  - {from: bank/forces.yml, ids: [force]}\n"
    with pytest.raises(QuizError) as error:
        taking(folder, entries, "stimuli:\n  cart:\n    text: Another cart.\n")
    assert messages(error, folder)[0] == (
        "bank/forces.yml:16: question 'force' (calculated): stimulus 'cart' is not the same as the one in "
        f"{(folder / 'quiz.yml').as_posix()}:4"
    )
    write(folder / "bank" / "copy.yml", BANK.replace("newton", "law").replace("id: force", "id: second"))
    quiz = taking(folder, entries + "  - {from: bank/copy.yml, ids: [second]}\n")
    assert {question.stimulus for question in quiz.questions} == {"cart"}


def test_objectives_of_two_files_must_say_the_same(folder: Path) -> None:
    write(folder / "bank" / "copy.yml", BANK.replace("id: newton", "id: law").replace("Name a law", "Name any law"))
    with pytest.raises(QuizError, match=r"objective 'F\.2' is not the same as the one in"):
        taking(folder, "  - {from: bank/forces.yml, ids: [newton-1]}\n  - {from: bank/copy.yml, ids: [law-1]}\n")


def _svg(size: int) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}"/>'


def test_images_are_beside_the_file_that_names_them(folder: Path) -> None:
    write(folder / "bank" / "forces.yml", BANK.replace("prompt: One?", 'prompt: "![cart](art/cart.svg) One?"'))
    write(folder / "bank" / "art" / "cart.svg", _svg(1))
    entries = "  - {from: bank/forces.yml, ids: [newton-1]}\n"
    assert list(taking(folder, entries).images) == ["art/cart.svg"]
    own = '  - {id: own, type: true-false, prompt: "![cart](art/cart.svg)", answer: true}\n'
    write(folder / "art" / "cart.svg", _svg(1))
    assert list(taking(folder, entries + own).images) == ["art/cart.svg"]
    write(folder / "art" / "cart.svg", _svg(2))
    with pytest.raises(QuizError, match=r"quiz\.yml.*'art/cart\.svg' has the same name as a different one"):
        taking(folder, entries + own)


def test_questions_cite_the_claims_of_the_course(tmp_path: Path) -> None:
    write(tmp_path / "seeds" / "record.yml", "claims: []\n")
    write(tmp_path / "bank" / "law.yml", QUIZ)
    path = write(tmp_path / "quizzes" / "exam.yml", "title: x\nquestions:\n  - {from: ../bank/law.yml, ids: [wars]}\n")
    with pytest.raises(QuizError) as error:
        civicquiz.load(path)
    assert messages(error, tmp_path)[0] == "bank/law.yml:23: question 'wars' (multiple-choice): there is no claim 'h04'"


# ---- The same as if everything were written in the quiz ----


def _yaml(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    assume(not re.search("[\x7f-\x9f\ufffe\uffff]", text))  # YAML cannot have these
    return text


@st.composite
def _quizzes(draw: Callable[..., Any]) -> list[list[dict[str, Any]]]:
    """The questions of a quiz and of two banks, all with different ids."""
    written = draw(st.lists(questions(), min_size=1, max_size=5, unique_by=lambda question: question["id"]))
    places = [draw(st.integers(0, 2)) for _ in written]
    return [[question for question, at in zip(written, places, strict=True) if at == place] for place in range(3)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_quizzes(), st.data())
def test_quiz_that_takes_questions_equals_the_quiz_that_has_them(
    tmp_path: Path, places: list[list[dict[str, Any]]], data: st.DataObject
) -> None:
    own, *banks = places
    entries: list[dict[str, Any]] = list(own)
    sections, written = [{"questions": [question["id"] for question in own]}] if own else [], list(own)
    for number, bank in enumerate(banks):
        path = f"bank/{number}.yml"
        write(tmp_path / path, _yaml({"title": "Bank", "questions": bank}))
        if bank:
            fewest = len(bank) if any(not question["points"] for question in bank) else 1  # no poll is drawn
            count = data.draw(st.integers(fewest, len(bank)))
            entries.append({"from": path, "number": count})
            sections.append({"questions": [question["id"] for question in bank], "pick": count})
            written += bank
    taken = load_text(tmp_path, _yaml({"title": "Quiz", "questions": entries}))
    same = {} if written == own else {"sections": sections}
    plain = load_text(tmp_path, _yaml({"title": "Quiz", "questions": written, **same}))
    assert taken.version == plain.version
    assert page_payload(taken) == page_payload(plain)
    responses = {name: right_answer(question) for name, question in plain.keyed_questions.items()}
    assert civicquiz.grade(taken, responses) == civicquiz.grade(plain, responses)


def test_version_follows_a_question_that_is_taken_and_no_other(folder: Path) -> None:
    entries = "  - {from: bank/forces.yml, tags: [laws]}\n"
    before = taking(folder, entries).version
    write(
        folder / "bank" / "forces.yml", BANK.replace("The force?", "Which force?").replace("title: F", "title: Some f")
    )
    assert taking(folder, entries).version == before
    write(folder / "bank" / "forces.yml", BANK.replace("Two?", "Really two?"))
    assert taking(folder, entries).version != before


def test_bank_is_a_quiz_by_itself(folder: Path) -> None:
    write(folder / "bank" / "law.yml", QUIZ)
    assert civicquiz.grade(civicquiz.load(folder / "bank" / "law.yml"), RIGHT).score == 8
    quiz = taking(folder, "  - from: bank/law.yml\n")
    assert civicquiz.grade(quiz, RIGHT).score == 8


# ---- Problems ----


def test_problem_of_a_question_is_told_once_and_in_its_own_file(folder: Path) -> None:
    write(folder / "bank" / "forces.yml", BANK.replace("prompt: Two?", "promt: Two?"))
    entries = "  - {from: bank/forces.yml, ids: [newton-2]}\n  - {from: bank/forces.yml, ids: [newton-1]}\n"
    with pytest.raises(QuizError) as error:
        taking(folder, entries)
    assert messages(error, folder) == ["bank/forces.yml:14: question 'newton-2' (true-false): unknown key 'promt'"]
    assert ids(taking(folder, "  - {from: bank/forces.yml, ids: [newton-1]}\n")) == ["newton-1"]


def test_ids_are_unique_across_files_and_both_places_are_named(folder: Path) -> None:
    with pytest.raises(QuizError) as error:
        taking(folder, OWN.replace("own", "force") + "  - {from: bank/forces.yml, tags: [motion]}\n")
    here = (folder / "quiz.yml").as_posix()
    assert messages(error, folder) == [
        f"bank/forces.yml:16: question 'force' (calculated): duplicate question id 'force' (first at {here}:3)"
    ]


def test_mistake_in_an_entry_hides_no_other_and_causes_none(folder: Path) -> None:
    entries = "  - {from: bank/nothing.yml}\n" + OWN.replace("prompt", "promt")
    rest = "sections: [{title: All, questions: [own, newton-1]}]\n"
    with pytest.raises(QuizError) as error:
        taking(folder, entries, rest)
    assert messages(error, folder) == [
        "quiz.yml:4: questions from 'bank/nothing.yml': there is no such file",
        "quiz.yml:5: question 'own' (true-false): unknown key 'promt'",
    ]


# ---- Which files ----


def test_files_are_those_of_all_banks_that_are_or_should_be_there(folder: Path) -> None:
    write(folder / "bank" / "all.yml", "title: All\nquestions: [{from: forces.yml}, {from: gone.yml}]\n")
    quiz = write(folder / "quiz.yml", "title: x\nquestions: [{from: bank/all.yml}]\n")
    names = ["quiz.yml", "bank/all.yml", "bank/forces.yml", "bank/gone.yml"]
    assert files_of(quiz) == [folder / name for name in names]
    assert banks_of([quiz]) == [folder / "bank" / "all.yml", folder / "bank" / "forces.yml"]
    assert files_of(folder / "nothing.yml") == [folder / "nothing.yml"]


def test_quiz_is_made_of_its_banks_the_translations_of_all_and_the_seeds_of_its_course(tmp_path: Path) -> None:
    quiz = write(tmp_path / "quizzes" / "exam[1].yml", "title: x\nquestions: [{from: ../bank/law.yml}]\n")
    for name in ("exam[1].es.yaml", "exam1.es.yml", "exam[1].b.es.yml", "exam[1].es.md", "exam[1].png"):
        write(quiz.with_name(name), "title: x\n")
    names = ("bank/law.yml", "bank/law.es.yml", "seeds/record.yml")
    others = [write(tmp_path / name, "title: x\n") for name in names]
    bank, of_bank, seeds = others
    assert files_around(quiz) == [quiz, bank, quiz.with_name("exam[1].es.yaml"), of_bank, seeds]
    assert files_around(tmp_path / "a" / "b" / "law.yml") == [tmp_path / "a" / "b" / "law.yml"]


def _notes(*quizzes: Path) -> list[str]:
    return [problem.message for problem in unused_questions(quizzes)]


def test_questions_of_a_bank_that_no_quiz_takes_are_a_note_at_its_questions(folder: Path) -> None:
    first = write(folder / "first.yml", "title: x\nquestions: [{from: bank/forces.yml, tags: [laws], number: 1}]\n")
    (note,) = unused_questions([first, folder / "bank" / "forces.yml"])
    assert note.message == "no quiz takes 2 of the 5 questions: force, weight"
    assert (note.line, note.is_note, note.is_warning) == (12, True, False)
    second = write(folder / "second.yml", "title: x\nquestions: [{from: bank/forces.yml, ids: [force, weight]}]\n")
    assert _notes(first, second) == []


def test_file_that_takes_questions_is_a_quiz_although_others_take_from_it(folder: Path) -> None:
    bank = write(folder / "bank" / "all.yml", f"title: All\nquestions:\n  - from: forces.yml\n{OWN}")
    quiz = write(folder / "quiz.yml", "title: x\nquestions: [{from: bank/all.yml, tags: [laws]}]\n")
    assert _notes(quiz, bank) == []
    assert _notes(quiz) == [
        "no quiz takes 1 of the 1 questions: own",
        "no quiz takes 2 of the 5 questions: force, weight",
    ]


def test_there_are_no_notes_while_it_is_not_clear_what_is_taken(folder: Path) -> None:
    first = write(folder / "first.yml", "title: x\nquestions: [{from: bank/forces.yml, tags: [laws]}]\n")
    second = write(folder / "second.yml", "title: x\nquestions: [{from: bank/forces.yml, ids: [forse]}]\n")
    assert _notes(first, second) == []


def test_schema_knows_an_entry_that_takes_questions(folder: Path) -> None:
    schema = json_schema()
    *_, last = schema["properties"]["questions"]["items"]["oneOf"]
    entry = schema["$defs"][last["$ref"].rpartition("/")[2]]
    assert entry["required"] == ["from"]
    assert list(entry["properties"]) == ["ids", "tags", "difficulty", "objective", "number", "from"]
    assert all("description" in key for key in entry["properties"].values())
    entries = "  - {from: bank/forces.yml, ids: [newton-1]}\n  - {from: bank/forces.yml, tags: [laws], number: 1}\n"
    assert schema_errors(taking(folder, entries + OWN).path) == []
    assert schema_errors(write(folder / "bad.yml", "title: x\nquestions: [{from: a.yml, id: a}]\n")) != []
