"""The command line; everything it does is done elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import click

from civicquiz import __version__
from civicquiz.analysis import write_report
from civicquiz.course import check as check_course
from civicquiz.errors import CivicquizError, QuizError, display_path
from civicquiz.exporters.worksheet import worksheet as write_worksheet
from civicquiz.quiz import json_schema, load

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Quizzes written once in YAML."""


@main.command()
@click.argument("paths", nargs=-1, type=click.Path())
def check(paths: tuple[str, ...]) -> None:
    """Check quizzes, lessons and seeds, and list every problem.

    PATHS are files, folders or courses; without any, the course around the current folder is checked. The exit code
    is 1 when there is a problem.
    """
    problems = check_course(paths)
    for problem in problems:
        click.echo(str(problem))
    if problems:
        click.echo(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}")
        raise SystemExit(1)
    click.echo("No problems.")


@main.command()
@click.argument("quiz", type=click.Path())
@click.option(
    "--to", type=click.Path(dir_okay=False), help="The file to write; the name of the quiz with .html if left out."
)
@click.option("--key", is_flag=True, help="Add a sheet with the answers, explanations and sources.")
@click.option("--language", help="The tag of a translation of the quiz.")
def worksheet(quiz: str, to: str | None, key: bool, language: str | None) -> None:
    """Write a quiz as a page to print on paper."""
    try:
        loaded = load(quiz)
        page = write_worksheet(loaded, key=key, language=language)
    except QuizError as error:
        raise click.ClickException(str(error)) from None
    except KeyError as error:
        raise click.ClickException(str(error.args[0])) from None
    target = Path(to or f"{loaded.name}.html")
    try:
        target.write_text(page, "utf-8")
    except OSError as error:
        raise click.ClickException(f"cannot write '{target}': {error.strerror}") from None
    click.echo(f"Wrote {target}. Open it in a browser and print it.")


@main.command()
@click.argument("results", type=click.Path())
@click.option("--key", multiple=True, type=click.Path(), help="A quiz with its key, or a folder of them; repeatable.")
@click.option("--out", type=click.Path(file_okay=False), help="The folder to write to; RESULTS if left out.")
@click.option("--pre", help="The name of the quiz before a course ...")
@click.option("--post", help="... and of the one after it, to work out the gain.")
def report(results: str, key: tuple[str, ...], out: str | None, pre: str | None, post: str | None) -> None:
    """Write an item analysis of a class: report.html and three tables.

    RESULTS is the folder that 'civicquiz grade' wrote. With --key the report shows prompts and who chose which option.
    """
    try:
        written = write_report(results, key=key, out=out, pre=pre, post=post)
    except CivicquizError as error:
        raise click.ClickException(str(error)) from None
    for path in written:
        click.echo(f"Wrote {display_path(path)}")


@main.command()
def schema() -> None:
    """Print the JSON Schema of a quiz, for editors that complete and check as one types."""
    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
