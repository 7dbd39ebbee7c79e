"""The page and the tables that ``civicquiz report`` writes."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result
from learners import counted, scored, simulate
from material import PACKAGE, SAMPLE_COURSE, write

import civicquiz
from civicquiz.classroom.analysis import flags, write_report
from civicquiz.classroom.analysis.csv_tables import items_csv
from civicquiz.classroom.analysis.writing import report_files
from civicquiz.cli import main
from civicquiz.errors import OutcomesError, QuizError
from civicquiz.model.quiz import Quiz

QUIZZES = SAMPLE_COURSE / "quizzes"
NAMES = ("report.html", "items.csv", "options.csv", "objectives.csv")


def class_of(learners: int = 40) -> pl.DataFrame:
    """A class that took the tests before and after the course; the key of one question in the second test is wrong."""
    pre, post = (civicquiz.load(QUIZZES / f"{name}.yml") for name in ("before", "after"))
    question = post.questions[0]
    wrong = next(option for option in question.options if not option.correct)  # type: ignore[union-attr]
    return pl.concat(
        [
            simulate(pre, learners, missing=2),
            simulate(post, learners, seed=2, ability=1, certainty=True, answer={question.id: [wrong.id]}),
        ]
    )


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    return class_of()


@pytest.fixture
def results(tmp_path: Path, rows: pl.DataFrame) -> Path:
    (tmp_path / "results").mkdir()
    rows.write_parquet(tmp_path / "results" / "outcomes.parquet")
    return tmp_path / "results"


def report(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["report", *map(str, arguments)])


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


class Outline(HTMLParser):
    """The tags that are open at the end, all tags with their attributes, and the text."""

    VOID = ("meta", "br", "img", "rect", "line", "circle", "hr", "input")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


# ---- The command ----


def test_command_writes_a_page_and_three_tables_beside_the_outcomes(results: Path) -> None:
    done = report(results, "--key", QUIZZES, "--pre", "before", "--post", "after")
    assert done.exit_code == 0, done.output
    assert [line.rsplit("/", 1)[-1] for line in done.output.splitlines()] == list(NAMES)
    assert {path.name for path in results.iterdir()} == {*NAMES, "outcomes.parquet"}
    items = table(results / "items.csv")
    assert [row["quiz"] for row in items] == ["before"] * 10 + ["after"] * 10
    assert "key-error" in items[10]["flags"].split()
    assert {row["question"] for row in table(results / "options.csv")} < {row["question"] for row in items}
    objectives = table(results / "objectives.csv")
    assert next(row["objective"] for row in objectives if row["normalized_gain"]) == ""
    assert len([row for row in objectives if row["gain"]]) == 6  # five objectives, and a row for all of them together


def test_out_names_another_folder_and_the_file_itself_may_be_named(results: Path, tmp_path: Path) -> None:
    done = report(results / "outcomes.parquet", "--out", tmp_path / "new" / "folder")
    assert done.exit_code == 0, done.output
    assert {path.name for path in (tmp_path / "new" / "folder").iterdir()} == set(NAMES)
    assert {path.name for path in results.iterdir()} == {"outcomes.parquet"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "no such file. Run 'civicquiz grade' first"),
        (["results", "--key", "nowhere"], "nowhere:1:1: the file cannot be read: no such file or directory"),
        (["results", "--pre", "before"], "--pre and --post go together"),
        (["results", "--pre", "x", "--post", "after"], "--pre: nobody answered a quiz named 'x'"),
        (["results", "--out", "results/outcomes.parquet"], "is a file"),
        (["results", "--key", "broken"], "'questions' is missing"),
    ],
)
def test_what_cannot_be_done_is_reported_in_a_sentence(
    results: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(results.parent)
    write(results.parent / "broken" / "before.yml", "title: Broken\n")
    done = report(*arguments)
    assert done.exit_code != 0
    assert message in done.output
    assert "Traceback" not in done.output


def test_file_that_is_not_parquet_or_lacks_columns_is_refused(tmp_path: Path, rows: pl.DataFrame) -> None:
    file = tmp_path / "outcomes.parquet"
    write(file, "not parquet")
    with pytest.raises(OutcomesError, match="not a Parquet file that can be read"):
        write_report(file)
    rows.drop("score", "status").write_parquet(file)
    with pytest.raises(OutcomesError, match="no column 'status', 'score'"):
        write_report(file)
    rows.with_columns(pl.lit("many").alias("attempts")).write_parquet(file)
    with pytest.raises(OutcomesError, match="a column has values of the wrong type"):
        write_report(file)
    rows.clear().write_parquet(file)
    with pytest.raises(OutcomesError, match="nobody has handed anything in"):
        write_report(file)


def test_two_quizzes_of_one_name_are_refused_and_translations_are_not_taken_for_quizzes(
    results: Path, tmp_path: Path
) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        for name in ("before.yml", "before.es.yml"):
            text = (QUIZZES / name).read_text("utf-8")
            (tmp_path / folder / name).write_text(text, "utf-8")
    with pytest.raises(QuizError, match="another quiz is also named 'before'"):
        write_report(results, key=[tmp_path / "a", tmp_path / "b"])
    assert write_report(results, key=[tmp_path / "a", tmp_path / "a" / "before.yml"])


def test_without_polars_the_message_says_what_to_install(results: Path) -> None:
    program = (
        f"import sys; sys.modules['polars'] = None\nfrom civicquiz.cli import main\nmain(['report', {str(results)!r}])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == (
        "Error: A report needs packages that are not installed. Run: pip install 'civicquiz[grading]'\n"
    )


def test_command_line_starts_without_polars() -> None:
    program = "import sys, civicquiz.cli; print('polars' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


# ---- The page ----


def of_quiz(rows: pl.DataFrame, quiz: Quiz) -> dict[str, str]:
    """The files of a report on one quiz."""
    return report_files(counted(rows, {quiz.name: quiz}), {quiz.name: quiz})


def page_of(rows: pl.DataFrame, *, gain: bool = True) -> str:
    keys = {name: civicquiz.load(QUIZZES / f"{name}.yml") for name in ("before", "after")}
    pair = ("before", "after") if gain else (None, None)
    return report_files(counted(rows, keys, *pair), keys, *pair)["report.html"]


def test_same_outcomes_give_the_same_bytes_in_any_order_and_under_any_names(rows: pl.DataFrame) -> None:
    first = page_of(rows)
    assert page_of(rows) == first
    assert page_of(rows.sort("learner", descending=True, maintain_order=True)) == first
    assert page_of(rows.with_columns(pl.col("learner").str.reverse())) == first


def test_no_learner_is_named_anywhere(results: Path, rows: pl.DataFrame) -> None:
    write_report(results, key=[QUIZZES])
    for name in NAMES:
        text = (results / name).read_text("utf-8")
        assert "Learner Number" not in text
        assert not any(learner in text for learner in rows["learner"].unique())


def test_page_is_whole_runs_nothing_and_asks_no_host(rows: pl.DataFrame) -> None:
    page = page_of(rows)
    outline = Outline(page)
    assert outline.open == []
    names = {tag for tag, _ in outline.tags}
    assert not names & {"script", "link", "iframe", "object", "form", "button"}
    for tag, attributes in outline.tags:
        assert not any(name.startswith("on") for name in attributes), tag
        for name in ("href", "src"):
            assert str(attributes.get(name) or "#").startswith(("#", "data:image/")), attributes
    assert not re.search(r"@import|url\(|https?:", page)
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {str(attributes["href"])[1:] for tag, attributes in outline.tags if tag == "a"}
    assert links <= set(ids)


def test_every_plot_has_a_title_and_a_description_and_a_table_of_its_numbers(rows: pl.DataFrame) -> None:
    page = page_of(rows)
    plots = re.findall(r'<svg class="plot" role="img" aria-labelledby="(\S+)" aria-describedby="(\S+)"', page)
    assert len(plots) == 5  # two for each quiz, and the gain
    for title, description in plots:
        assert re.search(rf'<title id="{title}">\w[^<]+</title><desc id="{description}">[^<]*table[^<]*</desc>', page)
    others = re.findall(r"<svg (?!class=\"plot\")[^>]*>", page)
    assert others
    assert all('aria-hidden="true"' in plot for plot in others)
    tables = re.findall(r"<table>(.*?)</table>", page, re.DOTALL)
    assert all(re.match(r"<caption>\w", table) for table in tables)
    assert all('<th scope="row">' in table for table in tables)


def test_page_shows_prompts_options_flags_and_what_to_do(rows: pl.DataFrame) -> None:
    text = Outline(page_of(rows)).text
    post = civicquiz.load(QUIZZES / "after.yml")
    assert post.title in text
    assert post.questions[0].prompt in text
    assert all(option.text in text for option in post.questions[0].options)  # type: ignore[union-attr]
    assert "Probably a mistake in the key" in text
    assert "Check the key first." in text
    assert "Normalized gain" in text
    assert "Handed in nothing" in text
    assert "Cronbach's alpha" in text


def test_page_without_a_key_says_how_to_get_more(results: Path) -> None:
    write_report(results)
    text = (results / "report.html").read_text("utf-8")
    assert "--key" in text
    assert "Who chose what" not in text


def test_key_of_another_version_is_mentioned(rows: pl.DataFrame) -> None:
    assert "a different version of the quiz" not in page_of(rows, gain=False)
    assert "a different version of the quiz" in page_of(rows.with_columns(pl.lit("old").alias("version")), gain=False)


HOSTILE = '<img src=x onerror="alert(1)">'


def test_texts_that_look_like_markup_or_formulas_stay_text(tmp_path: Path) -> None:
    write(
        tmp_path / "hostile.yml",
        f"""\
title: '{HOSTILE}'
objectives: {{O1: '{HOSTILE}'}}
questions:
  - id: first
    type: single-choice
    prompt: '{HOSTILE}'
    objectives: [O1]
    options: [{{text: '=1+1 {HOSTILE}', correct: true}}, '{HOSTILE}', other]
  - {{id: q2, type: true-false, prompt: so?, answer: true}}
  - {{id: q3, type: true-false, prompt: so?, answer: true}}
  - {{id: q4, type: true-false, prompt: so?, answer: true}}
  - {{id: q5, type: true-false, prompt: so?, answer: true}}
""",
    )
    quiz = civicquiz.load(tmp_path / "hostile.yml")
    rows = simulate(quiz, 200, spread=2, answer={"first": ["other"]}).with_columns(
        pl.lit("</td><script>").alias("type"), pl.lit(HOSTILE).alias("learner").add(pl.col("learner"))
    )
    made = of_quiz(rows, quiz)
    outline = Outline(made["report.html"])
    assert not {"img", "script"} & {tag for tag, _ in outline.tags}
    assert HOSTILE in outline.text
    assert f"The key says '=1+1 {HOSTILE}'." in outline.text
    cells = [cell for row in csv.reader(io.StringIO(made["options.csv"])) for cell in row]
    assert f"'=1+1 {HOSTILE}" in cells
    strange = report_files(counted(scored([[1.0]] * 12, quiz=HOSTILE)), {})
    assert "img" not in {tag for tag, _ in Outline(strange["report.html"]).tags}


def test_poll_shows_who_chose_what_and_counts_for_nothing(tmp_path: Path) -> None:
    write(
        tmp_path / "views.yml",
        """\
title: Views
questions:
  - {id: view, type: poll, prompt: What do you think?, options: [yes, no, not sure]}
  - {id: q2, type: true-false, prompt: so?, answer: true}
  - {id: q3, type: true-false, prompt: so?, answer: true}
""",
    )
    quiz = civicquiz.load(tmp_path / "views.yml")
    rows = simulate(quiz, 40, answer={"view": ["no"]})
    made = of_quiz(rows, quiz)
    counts = {row["text"]: row for row in csv.DictReader(io.StringIO(made["options.csv"])) if row["question"] == "view"}
    assert list(counts) == ["yes", "no", "not sure"]
    assert sum(int(row["count"]) for row in counts.values()) == 40 - len(rows.filter(pl.col("status") == "unanswered"))
    assert {row["right"] for row in counts.values()} == {counts["no"]["right"]}
    items = {row["question"]: row for row in csv.DictReader(io.StringIO(made["items.csv"]))}
    assert (items["view"]["facility"], items["view"]["flags"]) == ("", "")
    assert (items["view"]["max_score"], items["q2"]["n"]) == ("0", "40")
    alone = of_quiz(rows.filter(pl.col("question") == "view"), quiz)
    assert "What do you think?" in alone["report.html"]


def test_options_have_the_first_numbers_and_code_is_only_code(tmp_path: Path) -> None:
    write(
        tmp_path / "numbers.yml",
        """\
title: Numbers and code
language: de
questions:
  - id: first
    type: single-choice
    prompt: Twice {n}?
    variables: {n: {values: [1.5, 2.5]}, twice: 2 * n, sum: n + 10}
    options:
      - {text: "{twice} N", correct: true}
      - '${sum}\\,\\mathrm{N}$'
      - "```python\\nprint({n})\\n```"
""",
    )
    quiz = civicquiz.load(tmp_path / "numbers.yml")
    made = of_quiz(simulate(quiz, 40), quiz)
    texts = [row["text"] for row in csv.DictReader(io.StringIO(made["options.csv"]))]
    shown = quiz.questions[0].interaction().variants[0]
    number = shown["n"].replace(".", ",")
    twice, added = (str(Decimal(value)).replace(".", ",") for value in (shown["number_1"], shown["number_2"]))
    assert texts == [f"{twice} N", f"{added} N", f"print({number})"]
    assert "{n" not in made["report.html"]


def test_every_question_type_can_be_reported(tmp_path: Path, repo: Path) -> None:
    for path in sorted((repo / "examples").glob("*.yml")):
        quiz = civicquiz.load(path)
        made = of_quiz(simulate(quiz, 30), quiz)
        assert Outline(made["report.html"]).open == []
        (row,) = [row for row in csv.DictReader(io.StringIO(made["items.csv"])) if row["number"] == "1"]
        assert row["type"] == path.stem
        assert (int(row["waiting"]) > 0) == (path.stem == "open-response")


def test_tables_hold_what_the_figures_say(rows: pl.DataFrame, results: Path) -> None:
    write_report(results, key=[QUIZZES])
    for row in table(results / "items.csv"):
        answers = rows.filter((pl.col("quiz") == row["quiz"]) & (pl.col("question") == row["question"]))
        answers = answers.filter(pl.col("status") != "missing")
        assert int(row["n"]) == len(answers) == 40
        assert float(row["facility"]) == pytest.approx(float(answers["score"].sum()) / 40, abs=1e-6)
        assert float(row["facility_low"]) < float(row["facility"]) < float(row["facility_high"])
        assert float(row["median_seconds"]) == pytest.approx(answers["seconds"].median(), abs=1e-6)
    assert items_csv([]).count("\n") == 1


def test_columns_without_any_figure_are_left_out(rows: pl.DataFrame) -> None:
    assert "Median time" in page_of(rows)
    bare = rows.with_columns(pl.lit(None, pl.Float64).alias("seconds"), pl.lit(None, pl.Int64).alias("attempts"))
    page = page_of(bare)
    assert "Median time" not in page
    assert "Median attempts" not in page
    (first, _) = re.findall(r"<caption>Questions</caption><thead>(.*?)</thead>.*?<tr>(.*?)</tr>", page, re.DOTALL)
    assert first[0].count("<th") == first[1].count("<th") + first[1].count("<td") == 11


def test_page_says_that_a_class_is_too_small() -> None:
    text = Outline(page_of(class_of(9))).text
    assert "Band of D" not in text
    assert "n = 9: too few to judge" in text
    assert "Too few students took both to judge." in text
    assert "Probably a mistake in the key" not in text


def test_what_an_author_wrote_in_another_language_is_marked_as_such(tmp_path: Path) -> None:
    text = """\
title: Una ley
language: es
questions:
  - {id: a, type: true-false, prompt: Es una ley., answer: true}
  - {id: b, type: single-choice, prompt: ¿Cuál?, options: [{text: esta, correct: true}, otra]}
"""
    write(tmp_path / "ley.yml", text)
    quiz = civicquiz.load(tmp_path / "ley.yml")
    page = of_quiz(simulate(quiz, 20), quiz)["report.html"]
    assert '<html lang="en" dir="ltr">' in page
    spanish = 'lang="es" dir="ltr"'
    for part in (f"<h2 {spanish}>Una ley", f'<div class="prompt" {spanish}><p>¿Cuál?', f"<span {spanish}>esta"):
        assert part in page
    assert 'lang="en"' not in page_of(class_of(12)).replace('<html lang="en"', "")


def test_docs_explain_every_flag_of_a_question_and_its_threshold(repo: Path) -> None:
    docs = (repo / "docs" / "item-analysis.md").read_text("utf-8")
    source = (PACKAGE / "classroom" / "analysis" / "flags.py").read_text("utf-8").split("def of_quiz")[0]
    names = set(re.findall(r'Flag\(\s*"([a-z-]+)"', source))
    assert len(names) == 9
    explained = dict(re.findall(r"^\| ([a-z ]+) \| ([^|]+) \|", docs, re.MULTILINE))
    assert names <= {name.replace(" ", "-") for name in explained}
    for name, figures in {
        "too easy": [flags.TOO_EASY],
        "too hard": [flags.TOO_HARD],
        "low discrimination": [flags.LOW_DISCRIMINATION, flags.LOW_CORRELATION],
    }.items():
        assert all(f"{figure:.2f}" in explained[name] for figure in figures)
    assert f"{100 * flags.UNUSED:g}%" in explained["unused option"]
    assert f"{100 * flags.OFTEN_OMITTED:g}%" in explained["often omitted"]
    assert f"below {flags.LOW_RELIABILITY:.2f}, do not base" in docs
    assert f"Below {flags.TOO_FEW} students" in docs
    assert f"From {flags.TOO_FEW} to {flags.CAUTION - 1} students" in docs
