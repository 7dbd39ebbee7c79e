"""The command line: reads arguments, calls the packages below, prints."""

from __future__ import annotations

import json
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from civicquiz import __version__
from civicquiz.authoring.problem_formats import FORMATS
from civicquiz.classroom.analysis import write_report
from civicquiz.classroom.check_answers import check_answers as grade_answers
from civicquiz.classroom.collecting import read_roster
from civicquiz.classroom.gradebook.command import due_time, grade_class
from civicquiz.classroom.gradebook.options import GradingOptions
from civicquiz.classroom.paper.printing import print_versions
from civicquiz.classroom.progress import follow, lines
from civicquiz.errors import CivicquizError, LiveError, Problem, QuizError, display_path, one_line
from civicquiz.exchange.export_report import short_lines
from civicquiz.exchange.exporting import export_quizzes
from civicquiz.exchange.exports import EXPORTERS
from civicquiz.exchange.import_report import report_json, report_lines
from civicquiz.exchange.importing import import_files
from civicquiz.exchange.imports import READERS
from civicquiz.grading.paper import MOST_VERSIONS
from civicquiz.hosts.documents import worksheet as worksheets
from civicquiz.hosts.myst import answer_json, notes
from civicquiz.live.site import build_live
from civicquiz.model.accepting import accept_translation
from civicquiz.model.course import check as check_course
from civicquiz.model.course import checked_paths
from civicquiz.model.formatting import format_files
from civicquiz.model.quiz import load
from civicquiz.model.schemas import SCHEMAS, SchemaName, json_schema
from civicquiz.output_folder import PLAN, write_file
from civicquiz.previewing.server import preview as show_preview
from civicquiz.previewing.watching import check_after_saves
from civicquiz.releasing.release import release as write_release
from civicquiz.reviewing.quiz_review import review as review_quizzes
from civicquiz.reviewing.review_report import review_json, review_lines
from civicquiz.spark.spark_command import grade_on_spark, report_on_spark
from civicquiz.starting.new_files import new_course, new_plugin, new_quiz, new_spreadsheet

__all__ = ["main"]

#: How a line starts that GitHub takes for a command (actions/toolkit, docs/commands.md).
_COMMAND = re.compile(r"^(\s*)(::|##\[)", re.MULTILINE)
#: What the path of a quiz means, in every command that takes one.
_QUIZZES = "a quiz file, a folder (all quizzes directly in it), or a course (all quizzes in its folder quizzes/)"
_INTERRUPTED = "An earlier run was interrupted and left files from two runs; all of them have been written again."
_KEY = f"The quizzes with their keys: {_QUIZZES}. Can be repeated."


_ENGINE = click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="What does the work: this machine, or Spark.",
)
_MASTER = click.option("--master", help="With --engine spark: the cluster, such as spark://HOST:7077.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Write a quiz once in YAML; show it in notebooks, on pages and on paper; grade it the same everywhere."""


def _say(text: str, *, err: bool = False) -> None:
    """Print lines. A line never starts like a command to the program that keeps the log of a workflow."""
    click.echo("\n".join(_COMMAND.sub(r"\1\\\2", line) for line in text.split("\n")), err=err)


def _text_of(error: CivicquizError) -> str:
    """The message of an error: a line, or a few for each problem of an author."""
    return str(error) if isinstance(error, (QuizError, LiveError)) else one_line(str(error))


def _failed(error: CivicquizError) -> click.ClickException:
    return click.ClickException(_COMMAND.sub(r"\1\\\2", _text_of(error)))


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


@main.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--course", is_flag=True, help="Start a course: a Jupyter Book with a quiz on a page and in a notebook.")
@click.option("--spreadsheet", is_flag=True, help="Write a table to fill in, for 'civicquiz import'.")
@click.option("--myst", is_flag=True, help="Write the plugin that a site of Jupyter Book 2 or MyST needs.")
def new(path: Path | None, course: bool, spreadsheet: bool, myst: bool) -> None:
    """Start a quiz, a course, a table of questions, or a plugin for a MyST site.

    PATH is the file of the quiz, quiz.yml by default; the folder of the course, by default course; the table, by
    default questions.csv; or the plugin, by default civicquiz.mjs. A name that ends in .xlsx makes a table an Excel
    file. An existing file is never overwritten.
    """
    if course + spreadsheet + myst > 1:
        raise click.UsageError("name one of --course, --spreadsheet and --myst")
    try:
        if myst:
            lines = new_plugin(path or Path("civicquiz.mjs"))
        elif spreadsheet:
            lines = new_spreadsheet(path or Path("questions.csv"))
        else:
            lines = new_course(path or Path("course")) if course else new_quiz(path or Path("quiz.yml"))
    except CivicquizError as error:
        raise _failed(error) from None
    for line in lines:
        _say(one_line(line))


@main.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", *FORMATS]),
    default="text",
    show_default=True,
    help="How to list the problems: for people, or for a program.",
)
@click.option("--watch", is_flag=True, help="Check again after every save, until you press Ctrl+C.")
def check(paths: tuple[str, ...], format_: str, watch: bool) -> None:
    """Check quizzes, lessons and seeds, and list every problem.

    PATHS are files, courses, or folders, which means all quizzes in them and below. If you name none, the course that
    the current folder is part of is checked, or if there is none, the folder itself. In a course or folder, notes also
    list the questions in question banks that no quiz uses. The exit code is 1 if there is a problem, and 0 if there are
    only warnings and notes.
    """
    if format_ != "text":
        if watch:
            raise click.UsageError("with --watch, the format is always 'text'")
        raise SystemExit(_report_to_program(check_course(paths), format_))
    for note in notes(checked_paths(paths)):
        _say(note)
    if not watch:
        raise SystemExit(_report(check_course(paths)))
    try:
        check_after_saves(paths, lambda found: _report(found, f"{datetime.now():%H:%M:%S} "))
    except CivicquizError as error:
        raise _failed(error) from None


def _report_to_program(found: list[Problem], format_: str) -> int:
    """Print every problem in a format of ``FORMATS``, and nothing else; returns the exit code."""
    if text := FORMATS[format_](found, __version__):
        click.echo(text)
    return 1 if any(problem.severity == "error" for problem in found) else 0


def _report(found: list[Problem], before: str = "") -> int:
    """Print every problem, and their number after ``before``; returns the exit code."""
    for problem in found:
        _say(str(problem))
    severities = [problem.severity for problem in found]
    problems, warnings = severities.count("error"), severities.count("warning")
    counts = [_count(problems, "problem")] * bool(problems) + [_count(warnings, "warning")] * bool(warnings)
    if problems:
        _say(before + ", ".join(counts))
        return 1
    _say(before + (f"No problems, {counts[0]}." if counts else "No problems."))
    return 0


@main.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print what was found: for people, or for a program.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 if there is any remark.")
def review(paths: tuple[str, ...], format_: str, strict: bool) -> None:
    """Read quizzes as a test editor would: what do the looks of the options give away?

    PATHS are as for 'check'. For each quiz and for all of them together, this says what a student who knows nothing
    would score by always taking the shortest option and the like, how the questions are spread, and which questions
    break a rule for writing questions.
    """
    try:
        found = review_quizzes(paths)
    except CivicquizError as error:
        raise _failed(error) from None
    if format_ == "json":
        click.echo(review_json(found), nl=False)
    else:
        for line in review_lines(found):
            _say(one_line(line))
    raise SystemExit(1 if strict and found.remarks else 0)


@main.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--to", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where to write.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(READERS)),
    help="The format of the files; by default, recognized from their content.",
)
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Also write what was printed, as JSON.")
@click.option("--strict", is_flag=True, help="Exit with 1 if anything could not be read exactly.")
def import_(files: tuple[Path, ...], folder: Path, format_: str | None, report: Path | None, strict: bool) -> None:
    """Read questions from other programs and write them as quizzes.

    Every question that was read with changes, or not at all, is listed, with its place in the file and the reason.
    The exit code is 1 if a whole file could not be read.
    """
    try:
        done = import_files(files, folder, format_)
        if report:
            write_file(report, report_json(done).encode())
    except CivicquizError as error:
        raise _failed(error) from None
    except OSError as error:
        raise click.ClickException(f"'{display_path(report or folder)}' cannot be written: {error.strerror}") from None
    for line in report_lines(done):
        _say(one_line(line))
    inexact = done.remarks or any(question.verdict != "read" for question in done.questions)
    raise SystemExit(1 if done.failed or (strict and inexact) else 0)


@main.command()
@click.argument("format_", metavar="FORMAT", type=click.Choice(list(EXPORTERS)))
@click.argument("quizzes", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--to", "file", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a report on every part of every question: JSON if the name ends in .json, otherwise text.",
)
@click.option("--strict", is_flag=True, help="Write no quiz, and exit with 1, if anything is not exact.")
def export(format_: str, quizzes: tuple[Path, ...], file: Path, report: Path | None, strict: bool) -> None:
    """Write quizzes in the format of another program.

    Each of QUIZZES is a quiz file, a folder (all quizzes directly in it), or a course (all quizzes in its folder
    quizzes/). A translation goes into a file of its own, such as quiz.es.xml next to quiz.xml.

    What is not exactly the same there is listed, with the reason.
    """
    try:
        done = export_quizzes(format_, quizzes, file, report_file=report, strict=strict)
    except CivicquizError as error:
        raise _failed(error) from None
    for line in short_lines(done):
        _say(one_line(line))
    raise SystemExit(1 if strict and not done.is_exact else 0)


@main.command("format")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Write nothing; list the files that would change.")
def format_(paths: tuple[Path, ...], only_check: bool) -> None:
    """Format quizzes, translations and seeds in one consistent layout.

    PATHS are files, courses, or folders, which means all quizzes in them and below. No comment and no text is ever
    changed; a file with mistakes stays as it is. The exit code is 1 if there is a problem, or with --check, if a file
    would change.
    """
    done = format_files(paths, write=not only_check)
    for problem in done.problems:
        _say(str(problem))
    for path in done.changed:
        _say(f"{'Would change' if only_check else 'Changed'} {one_line(display_path(path))}")
    _say(
        f"{_count(len(done.changed), 'file')} {'would change' if only_check else 'changed'}, {done.unchanged} unchanged"
    )
    raise SystemExit(1 if done.problems or (only_check and done.changed) else 0)


@main.command("accept-translation")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def accept_translation_(files: tuple[Path, ...]) -> None:
    """Note that translations are up to date.

    FILES are translations, such as law.es.yml. Each of their questions gets a short mark of what it translates. When
    the original changes later, 'civicquiz check' says so, and students see the original until this command is run
    again. The exit code is 1 if there is a problem.
    """
    failed = False
    for file in files:
        try:
            changed = accept_translation(file)
        except QuizError as error:
            failed = True
            _say(_text_of(error))
        else:
            _say(f"{one_line(display_path(file))} {'now says' if changed else 'says already'} what it translates")
    raise SystemExit(1 if failed else 0)


@main.command()
@click.argument("path", default=".", type=click.Path(path_type=Path))
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="The port of the server; any free one by default."
)
@click.option("--open/--no-open", "open_browser", default=True, help="Whether to open it in the browser.")
def preview(path: Path, port: int, open_browser: bool) -> None:
    """Show quizzes in the browser, and update them after every save.

    PATH is a quiz, or a folder, which means all quizzes in it and below; by default the current folder. Only this
    machine can see them. Press Ctrl+C to stop. Nothing is written.
    """
    try:
        show_preview(path, port=port, say=_say, open_browser=open_browser)
    except CivicquizError as error:
        raise _failed(error) from None


@main.command()
@click.argument("quiz", type=click.Path())
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    help="The file to write; by default, QUIZ.worksheet.html, or QUIZ.answers.html with --key. With --versions, the"
    " folder; by default, QUIZ-paper.",
)
@click.option("--key", is_flag=True, help="Add answers, explanations and sources; with --versions, on separate pages.")
@click.option(
    "--language", "languages", multiple=True, help="A language of the quiz. Repeat it to print two, side by side."
)
@click.option("--grid", is_flag=True, help="Add an answer sheet as the last page; --versions always does.")
@click.option(
    "--versions",
    type=click.IntRange(1, MOST_VERSIONS),
    help="How many versions to write: A, B, C and so on. 'grade --sheet' can grade them.",
)
@click.option("--seed", type=click.IntRange(0), help="With --versions: change this number to get different versions.")
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    help="With --versions: the class list, for the table to type answers into.",
)
def worksheet(
    quiz: str,
    to: Path | None,
    key: bool,
    languages: tuple[str, ...],
    grid: bool,
    versions: int | None,
    seed: int | None,
    roster: Path | None,
) -> None:
    """Write a quiz as an HTML page to print on paper, or several versions of it."""
    if len(set(languages)) != len(languages) or len(languages) > 2:
        raise click.UsageError("--language can be given twice, for two different languages")
    if versions is None and (seed is not None or roster):
        raise click.UsageError("--seed and --roster need --versions")
    try:
        loaded = load(quiz)
        if versions is not None:
            learners = read_roster(roster).learners.values() if roster else ()
            folder = to or Path(f"{loaded.name}-paper")
            unfinished = (folder / PLAN).exists()
            written = print_versions(
                loaded, folder, count=versions, seed=seed, languages=languages, key=key, learners=learners
            )
            if unfinished:
                _say(_INTERRUPTED)
            for path in written:
                _say(display_path(path))
            _say("Open the pages in a browser and print them. Keep this folder: it is needed for grading.")
            return
        page = worksheets.worksheet(loaded, key=key, languages=languages, grid=grid)
    except CivicquizError as error:
        raise _failed(error) from None
    except KeyError as error:
        raise click.ClickException(one_line(str(error.args[0]))) from None
    target = to or Path(worksheets.default_name(loaded, key=key, languages=languages))
    try:
        worksheets.write(page, target, key=key)
    except FileExistsError:
        message = (
            f"'{target}' is not a worksheet of the same kind, and would be overwritten; name another file with --to"
        )
        raise click.ClickException(one_line(message)) from None
    except OSError as error:
        raise click.ClickException(one_line(f"cannot write '{target}': {error.strerror}")) from None
    _say(f"Wrote {target}. Open it in a browser and print it.")


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--watch", is_flag=True, help="Print it again after every change, until you press Ctrl+C.")
def progress(folder: Path, watch: bool) -> None:
    """Print how far each student has gotten, for a FOLDER that a class works in.

    There is a line for each response file in it and below. No key is needed, and nothing shows which answers are right.
    """

    def show(table: list[str], before: str = "") -> None:
        _say("\n".join([*([before] if before else []), *table]))

    try:
        if watch:
            follow(folder, lambda table: show(table, f"{datetime.now():%H:%M:%S}"))
        else:
            show(list(lines(folder)))
    except CivicquizError as error:
        raise _failed(error) from None


@main.command()
@click.argument("paths", nargs=-1, type=click.Path())
@click.option(
    "--sheet",
    "sheets",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A table of answers on paper: the one that 'worksheet --versions' wrote, filled in. Can be repeated.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help=_KEY,
)
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder for the results."
)
@click.option(
    "--roster",
    type=click.Path(path_type=Path),
    help="The class list, a CSV file: your own, or one exported from Canvas or Moodle.",
)
@click.option(
    "--keep",
    type=click.Choice(["last", "first", "best"]),
    default="last",
    show_default=True,
    help="Which submission counts if a student handed in more than one.",
)
@click.option("--due", help="When answers were due: a date and time with a time zone, such as 2026-11-30T23:59-05:00.")
@click.option("--review", is_flag=True, help="Write open answers to review.csv, for a person to score.")
@click.option("--marks", type=click.Path(path_type=Path), help="Merge the points from a filled-in review.csv.")
@click.option(
    "--accept-version", "versions", multiple=True, help="Accept answers to this version of a quiz too. Repeatable."
)
@click.option("--per-learner", is_flag=True, help="Report answers that are not to the student's own copy.")
@click.option(
    "--feedback/--no-feedback",
    default=None,
    help="Whether to write a feedback page for each student, as is done without Spark.",
)
@click.option("--show-key", is_flag=True, help="Show the right answers and explanations on the feedback pages.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="How many processes to grade in."
)
@_ENGINE
@_MASTER
@click.option("--yes", is_flag=True, help="Write the results even if existing scores change.")
def grade(paths: tuple[str, ...], due: str | None, yes: bool, engine: str, master: str | None, **options: Any) -> None:
    """Grade what a class handed in, on a screen or on paper.

    PATHS are response files, folders, zip files from Canvas, Moodle, Blackboard or Brightspace, nbgrader's folder
    submitted/, or JSON Lines files. Whatever cannot be used is listed in problems.csv. The exit code is 1 if nothing
    was written or nothing could be graded.
    """
    if not paths and not options["sheets"]:
        raise click.UsageError(
            "name what was handed in: files, folders or archives, or a table of answers with --sheet"
        )
    _check_engine(engine, master)
    if engine == "spark":
        refused = {"sheet": options["sheets"], "jobs": options["jobs"] > 1, "feedback": options["feedback"]}
        for name, given in refused.items():
            if given:
                raise click.UsageError(f"--{name} cannot be combined with --engine spark")
    options["feedback"] = options["feedback"] is not False and engine != "spark"
    confirm = click.confirm if sys.stdin.isatty() else None
    try:
        chosen = GradingOptions(paths, due=due_time(due) if due else None, **options)
        if engine == "spark":
            code = grade_on_spark(chosen, master=master, say=_say, confirm=confirm, yes=yes)
        else:
            code = grade_class(chosen, say=_say, confirm=confirm, yes=yes)
    except CivicquizError as error:
        raise _failed(error) from None
    raise SystemExit(code)


def _check_engine(engine: str, master: str | None) -> None:
    if master and engine != "spark":
        raise click.UsageError("--master goes together with --engine spark")


@main.command()
@click.argument("quizzes", nargs=-1, required=True, type=click.Path())
@click.option("--to", required=True, type=click.Path(file_okay=False), help="The folder to write into.")
@click.option(
    "--per-learner",
    "roster",
    type=click.Path(path_type=Path),
    help="The class list, as for 'grade'. Each student gets a folder, and nobody can choose the questions they get.",
)
def release(quizzes: tuple[str, ...], to: str, roster: Path | None) -> None:
    """Write copies of QUIZZES for students, without the key.

    Each of QUIZZES is a quiz file, a folder (all quizzes directly in it), or a course (all quizzes in its folder
    quizzes/).

    For each quiz there is a copy (.yml, with its translations and images), a notebook (.ipynb) that shows it, and a
    page (.html) to answer it on. Students get no feedback; they hand in the file with their answers.
    """
    unfinished = (Path(to) / PLAN).exists()
    try:
        learners = read_roster(roster).learners if roster else None
        written = write_release(quizzes, to, learners)
    except CivicquizError as error:
        raise _failed(error) from None
    if unfinished:
        _say(_INTERRUPTED)
    for path in written:
        _say(display_path(path))
    _say("These files contain no key.")


@main.command()
@click.argument("folder", default=".", type=click.Path(path_type=Path))
@click.option("--to", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder for the site.")
@click.option(
    "--only", multiple=True, help="A file or folder in FOLDER. Repeat it to take several; by default, everything."
)
def live(folder: Path, to: Path, only: tuple[str, ...]) -> None:
    """Build a site where notebooks run in the browser.

    FOLDER contains notebooks (.ipynb, or .md in MyST) and everything that they read, such as quizzes, seeds and tables;
    by default, it is the current folder. The site is a JupyterLite with Python and civicquiz in it: students need only
    a browser, and their answers stay there.

    The first build downloads Python for the browser and its packages, with npm and pip. They are kept in
    ~/.cache/civicquiz/live, so that later builds need no network.
    """
    try:
        site = build_live(folder, to, only)
    except CivicquizError as error:
        raise _failed(error) from None
    for name in site.notebooks:
        _say(one_line(display_path(to / "notebooks" / "index.html")) + f"?path={one_line(name)}")
    _say(f"{_count(len(site.notebooks), 'notebook')}; {site.files} files, {_megabytes(site.size)}")
    _say(f"A first visit to a notebook loads about {_megabytes(site.first_visit)}.")
    _say(f"To try it: python -m http.server --bind 127.0.0.1 --directory {one_line(display_path(to))}")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"


@main.command("check-answers")
@click.argument("answers", type=click.Path())
@click.option("--key", required=True, type=click.Path(), help=f"Where the quiz with its key is: {_QUIZZES}.")
@click.option(
    "--min-score",
    type=click.FloatRange(0, 1),
    required=True,
    help="The share of the points that is needed, from 0 to 1.",
)
@click.option("--details", is_flag=True, help="Also show points and the author's feedback.")
def check_answers(answers: str, key: str, min_score: float, details: bool) -> None:
    """Check the file ANSWERS, which a student hands in.

    The exit code is 0 if the score is reached, 1 if it is not, and 2 if something cannot be used.
    """
    try:
        checked = grade_answers(answers, key)
    except CivicquizError as error:
        _say(f"Error: {_text_of(error)}", err=True)
        raise SystemExit(2) from None
    for line in checked.report(min_score, details=details):
        _say(line)
    raise SystemExit(0 if checked.passes(min_score) else 1)


@main.command()
@click.argument("results", type=click.Path())
@click.option("--key", multiple=True, type=click.Path(), help=_KEY)
@click.option("--out", type=click.Path(file_okay=False), help="The folder to write to; RESULTS by default.")
@click.option("--pre", help="The name of the quiz given before the course; with --post, to compute the gain.")
@click.option("--post", help="The name of the quiz given after the course; with --pre.")
@_ENGINE
@_MASTER
def report(results: str, out: str | None, engine: str, master: str | None, **options: Any) -> None:
    """Write an item analysis of a class: report.html and three tables.

    RESULTS is the folder that 'civicquiz grade' wrote. With --key, the report also shows prompts and who chose which
    option.
    """
    _check_engine(engine, master)
    unfinished = (Path(out or results) / PLAN).exists()
    try:
        if engine == "spark":
            written = report_on_spark(results, out=out, master=master, **options)
        else:
            written = write_report(results, out=out, **options)
    except CivicquizError as error:
        raise _failed(error) from None
    if unfinished:
        _say(_INTERRUPTED)
    for path in written:
        _say(f"Wrote {display_path(path)}")


@main.command()
@click.argument("of", type=click.Choice(SCHEMAS), default="quiz")
def schema(of: SchemaName) -> None:
    """Print a JSON Schema, for editors that complete and check while you type.

    By default, it is the schema of a quiz.
    """
    click.echo(json.dumps(json_schema(of), indent=2, ensure_ascii=False))


@main.command("myst-nodes", hidden=True)
def myst_nodes() -> None:
    """Read what the plugin of a MyST site asks about a page, and print what takes the place of its quizzes.

    The plugin that 'civicquiz new --myst' writes runs this; both are JSON.
    """
    try:
        click.echo(answer_json(sys.stdin.buffer.read()))
    except CivicquizError as error:
        raise _failed(error) from None
