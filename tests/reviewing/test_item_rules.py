"""Each rule about a single question finds what it is about, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from material import quiz_of, write

import civicquiz
from civicquiz.model.translations import Translation
from civicquiz.reviewing.item_rules import RULES, grade_of, remarks_on

LONG = "words that say rather a lot about it"


def single(*options: str, **more: Any) -> dict[str, Any]:
    """A single choice whose first option is right, with feedback on the others."""
    first, *others = options
    wrong = [{"text": text, "feedback": "No."} for text in others]
    return {
        "type": "single-choice",
        "prompt": "Which one?",
        "options": [{"text": first, "correct": True}, *wrong],
        **more,
    }


def several(**more: Any) -> dict[str, Any]:
    options = [{"text": "a", "correct": True}, {"text": "b", "correct": True}, {"text": "c", "feedback": "No."}]
    return {"type": "multiple-choice", "prompt": "Which ones?", "options": options, **more}


def number(**more: Any) -> dict[str, Any]:
    return {"type": "numeric", "prompt": "How many?", "answer": 3, "tolerance": 0, **more}


def rules_of(*questions: dict[str, Any]) -> list[str]:
    """The rules that the first of these questions breaks."""
    quiz = quiz_of(*({"id": f"q{n}", **question} for n, question in enumerate(questions)))
    return [remark.rule for remark in remarks_on(quiz, Translation.original(quiz)) if remark.question == "q0"]


HARD = (
    "Notwithstanding constitutional considerations regarding jurisdictional prerequisites, characterize the "
    "administrative interpretation of deportation authorities?"
)


@pytest.mark.parametrize(
    ("rule", "question", "fine"),
    [
        ("absolute-words", single("It ends", "It always ends"), single("It never ends", "It always ends")),
        (
            "all-or-none-of-the-above",
            single("a", "b", "All of the above"),
            single("a", "b", "All of them are gone now, people say"),
        ),
        ("all-or-none-of-the-above", single("a", "b", "None of these"), single("a", "b", "none")),
        ("length", single(LONG, "a", "bb"), single(LONG, "other words that say a lot too", "bb")),
        ("length", single("a", LONG, f"{LONG} x"), single("a", "b", "c")),
        (
            "overlapping-options",
            single("the law of 1798", "1798: the law", "x"),
            single("the law of 1798", "the law of 1812", "x"),
        ),
        ("overlapping-options", single("10 to 20", "15 to 30"), single("10 to 20", "21 to 30")),
        (
            "negative",
            single("a", "b", prompt="Which is not a law?"),
            single("a", "b", prompt="It is not long. Which is it?"),
        ),
        ("negative", single("a", "b", prompt="All are laws except:"), single("a", "b", prompt="Which are laws?")),
        ("counting-hint", several(hint="Two of them are right."), several(hint="Read section 2.")),
        ("counting-hint", several(hint="There are three."), several(hint="There were three laws.")),
        ("counting-hint", several(prompt="Choose two."), several(prompt="Choose every one that fits.")),
        ("missing-feedback", {**single("a"), "options": [{"text": "a", "correct": True}, "b"]}, single("a", "b")),
        ("usual-mistakes", number(), number(mistakes=[{"number": 4, "feedback": "One too many."}])),
        (
            "reading-level",
            single("a", "b", prompt=HARD),
            single("a", "b", prompt="Who may send people out of the country in a war, and why is that so?"),
        ),
    ],
)
def test_rule_finds_what_it_is_about(rule: str, question: dict[str, Any], fine: dict[str, Any]) -> None:
    assert rule in rules_of(question)
    assert rule not in rules_of(fine)


def test_prompt_that_answers_another_question_is_found() -> None:
    first = single("the president announces the invasion publicly", "the courts rule on it in secret")
    telling = {
        "type": "true-false",
        "prompt": "If the president announces an invasion publicly, it counts.",
        "answer": True,
    }
    other = {"type": "true-false", "prompt": "The president leads the army.", "answer": True}
    assert "answered-elsewhere" in rules_of(first, telling)
    assert "answered-elsewhere" not in rules_of(first, other)


def test_label_is_missing_only_if_other_questions_have_it() -> None:
    labeled = single("a", "b", level="apply")
    assert "missing-labels" in rules_of(single("a", "b"), labeled)
    assert "missing-labels" not in rules_of(single("a", "b"), single("a", "b"))
    poll = {"type": "poll", "prompt": "x", "options": ["a", "b"]}
    assert "missing-labels" not in rules_of(poll, labeled)


def test_every_rule_has_a_source_and_a_test(request: pytest.FixtureRequest) -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    text = Path(__file__).read_text("utf-8")
    assert [rule.name for rule in RULES if f'"{rule.name}"' not in text or not rule.source] == []


def test_translation_is_read_in_its_own_language_and_with_the_key_of_the_original(tmp_path: Path) -> None:
    path = write(
        tmp_path / "law.yml",
        "title: Law\nquestions:\n  - id: q\n    type: single-choice\n    prompt: Which?\n"
        "    options:\n      - {text: It ends, correct: true}\n      - {text: It goes on, feedback: No.}\n",
    )
    write(
        tmp_path / "law.es.yml",
        "title: Ley\nquestions:\n  - id: q\n    prompt: ¿Cuál?\n"
        "    options:\n      - Termina\n      - {text: Siempre sigue, feedback: No.}\n",
    )
    quiz = civicquiz.load(path)
    assert [remark.rule for remark in remarks_on(quiz, Translation.original(quiz))] == []
    (remark,) = remarks_on(quiz, quiz.translations["es"])
    assert (remark.rule, remark.language) == ("absolute-words", "es")


def test_grade_rises_with_longer_words_and_sentences() -> None:
    easy = "The king was glad to see the boy. He gave him some bread and milk."
    easy_grade, hard_grade = grade_of(easy), grade_of(HARD)
    assert easy_grade is not None
    assert hard_grade is not None
    assert easy_grade < 4 < 13 < hard_grade
    assert grade_of("Too short.") is None
