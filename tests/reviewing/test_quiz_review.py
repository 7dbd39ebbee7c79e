"""The report on quizzes: figures and remarks by quiz and over all, for people and for programs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from material import quiz_of, write

from civicquiz.cli import main
from civicquiz.reviewing.quiz_review import remarks_of, review_of


def giving_away(count: int) -> list[dict[str, Any]]:
    """So many questions whose right option is by far the shortest."""
    wrong = [{"text": f"other {'w' * 25} {n}", "feedback": "No."} for n in range(3)]
    return [
        {
            "id": f"q{n}",
            "type": "single-choice",
            "prompt": "x",
            "options": [{"text": f"short {n}", "correct": True}, *wrong],
        }
        for n in range(count)
    ]


def test_strategy_that_beats_chance_in_a_quiz_is_a_remark_from_five_choices_on() -> None:
    few, enough = quiz_of(*giving_away(4)), quiz_of(*giving_away(5))
    assert not [remark for remark in remarks_of(few) if remark.rule.startswith("looks-")]
    found = {remark.rule: remark for remark in remarks_of(enough) if remark.rule.startswith("looks-")}
    message = found["looks-shortest"].message
    assert message == "a student who always takes the shortest option scores 100%; chance is 25% (5 choices)"
    assert found["looks-shortest"].hint.startswith("see quiz/q0, quiz/q1")
    assert "looks-longest" in found  # 25 points below chance tell as much


def test_figures_count_positions_ranks_levels_and_statements() -> None:
    labels = {"level": "apply", "difficulty": "hard", "objectives": ["D2.Civ.4"]}
    statements = [
        {"id": f"s{n}", "type": "true-false", "prompt": prompt, "answer": answer}
        for n, (prompt, answer) in enumerate([("It always ends.", False), ("It never ends.", True), ("It ends.", True)])
    ]
    first, *others = giving_away(2)
    quiz = quiz_of({**first, **labels}, *others, *statements)
    (figures,) = review_of([quiz]).figures[quiz.name]
    assert figures.positions == {1: 2}
    assert figures.ranks == {1: 2}
    assert figures.ratio is not None
    assert figures.ratio < 0.3
    assert (figures.true, figures.doubted) == ((2, 3), (1, 2))
    assert (figures.levels, figures.difficulties) == ({"apply": 1, "": 4}, {"hard": 1, "": 4})
    assert figures.objectives == {"D2.Civ.4": 1}


def course(tmp_path: Path, count: int = 12) -> Path:
    for name in ("one", "two"):
        questions = "".join(
            f"  - id: q{n}\n    type: single-choice\n    prompt: Which?\n    options:\n"
            f"      - {{text: short {n}, correct: true}}\n      - {{text: quite a bit longer, feedback: No.}}\n"
            for n in range(count)
        )
        write(tmp_path / f"{name}.yml", f"title: {name}\nquestions:\n{questions}")
    return tmp_path


def test_command_reports_each_quiz_and_all_together(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["review", str(course(tmp_path))], catch_exceptions=False)
    assert done.exit_code == 0
    assert [line for line in done.output.splitlines() if re.fullmatch(r"\S.*", line)][:2] == ["one", "two"]
    assert "All 2 quizzes together" in done.output
    assert "a student who always takes the shortest option scores 100%; chance is 50% (24 choices)" in done.output
    assert CliRunner().invoke(main, ["review", str(tmp_path), "--strict"]).exit_code == 1


def test_json_has_every_figure_and_remark(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["review", str(course(tmp_path)), "--format", "json"], catch_exceptions=False)
    found = json.loads(done.output)
    assert set(found) == {"quizzes", "all", "remarks"}
    (figures,) = found["all"]
    shortest = next(guess for guess in figures["single"] if guess["strategy"] == "shortest")
    assert (shortest["expected"], shortest["chance"], shortest["choices"]) == (1, 0.5, 24)
    assert {remark["quiz"] for remark in found["remarks"]} == {"one", "two", ""}
    assert all(remark["source"] and remark["hint"] for remark in found["remarks"])


def test_quiz_without_a_remark_says_so(tmp_path: Path) -> None:
    fine = "title: x\nquestions:\n  - {id: a, type: true-false, prompt: It ended in 1801., answer: true}\n"
    done = CliRunner().invoke(
        main, ["review", str(write(tmp_path / "x.yml", fine)), "--strict"], catch_exceptions=False
    )
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "No remarks.")


def test_broken_quiz_says_what_check_says(tmp_path: Path) -> None:
    path = write(tmp_path / "x.yml", "title: x\nquestions:\n  - {id: a, type: true-false, prompt: x, answr: true}\n")
    checked = CliRunner().invoke(main, ["check", str(path)]).output
    done = CliRunner().invoke(main, ["review", str(path)])
    assert done.exit_code == 1
    assert checked.split("hint:")[0].strip() in done.output
