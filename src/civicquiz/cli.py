"""The command line; everything it does is done elsewhere."""

from __future__ import annotations

import json

import click

from civicquiz import __version__
from civicquiz.course import check as check_course
from civicquiz.quiz import json_schema

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
def schema() -> None:
    """Print the JSON Schema of a quiz, for editors that complete and check as one types."""
    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
