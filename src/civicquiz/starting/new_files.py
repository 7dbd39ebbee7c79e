"""``civicquiz new``: writes a first quiz, or a first course, where there is nothing yet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from civicquiz.errors import StartError, display_path
from civicquiz.exchange.spreadsheet_template import TEMPLATES
from civicquiz.model.file_names import SUFFIXES, quiz_file
from civicquiz.model.questions import QUESTION_TYPES
from civicquiz.model.schemas import json_schema
from civicquiz.output_folder import OutputFolder

__all__ = ["new_course", "new_plugin", "new_quiz", "new_spreadsheet"]

_TEMPLATES = Path(__file__).parent / "templates"
_QUIZ, _SCHEMA = "quizzes/first-lesson.yml", "quizzes/quiz.schema.json"
#: How names begin in ``templates/`` that begin with a dot in a course: tools would take them for files of this project.
_DOT = "dot-"
#: The width of the comment that names all types of questions.
_WIDTH = 100


def new_quiz(path: Path) -> list[str]:
    """Write a first quiz of three questions.

    Args:
        path: the file, which must not exist.

    Returns:
        What to do next, line by line.

    Raises:
        StartError: there is something at ``path``, it cannot be the name of a quiz, or it cannot be written.
    """
    shown = display_path(path)
    if path.is_dir():
        raise StartError(f"'{shown}' is a folder; name a file in it, such as '{display_path(path / 'quiz.yml')}'")
    if path.suffix not in SUFFIXES or path.stem.startswith("."):
        raise StartError(f"'{shown}' cannot be a quiz; name a file that ends in .yml, such as 'my-quiz.yml'")
    if quiz_file(path) is not None:
        raise StartError(f"'{shown}' would be a translation; name a file without a dot before .yml")
    _write(path.parent, {path.name: _first_quiz(path.name)})
    return [
        f"Wrote {shown}, a quiz of three questions. Change them, and then run:",
        f"  civicquiz check {_argument(shown)}",
        f"  civicquiz preview {_argument(shown)}    (needs: pip install 'civicquiz[preview]')",
    ]


def new_spreadsheet(path: Path) -> list[str]:
    """Write a table to fill in with questions: a few examples, and in an Excel file what belongs in which column.

    Args:
        path: the file, which must not exist; its name ends in ``.csv`` or ``.xlsx``.

    Returns:
        What to do next, line by line.

    Raises:
        StartError: there is something at ``path``, it cannot be the name of a table, or it cannot be written.
        MissingPackagesError: an Excel file is wanted, and openpyxl is not installed.
    """
    shown = display_path(path)
    write = TEMPLATES.get(path.suffix.lower())
    if write is None or path.is_dir():
        raise StartError(f"'{shown}' cannot be a table; name a file that ends in .csv or .xlsx")
    _write(path.parent, {path.name: write()})
    return [
        f"Wrote {shown}, a table with an example of each type of question. Replace them with your own, and then run:",
        f"  civicquiz import {_argument(shown)} --to quizzes",
    ]


def new_plugin(path: Path) -> list[str]:
    """Write the plugin with which a site of Jupyter Book 2 or MyST shows quizzes.

    Args:
        path: the file, which must not exist; its name ends in ``.mjs``.

    Returns:
        What to do next, line by line.

    Raises:
        StartError: there is something at ``path``, it cannot be the name of a plugin, or it cannot be written.
    """
    shown = display_path(path)
    if path.suffix != ".mjs" or path.is_dir():
        raise StartError(
            f"'{shown}' cannot be a plugin of MyST; name a file that ends in .mjs, such as 'civicquiz.mjs'"
        )
    _write(path.parent, {path.name: (_TEMPLATES / "civicquiz.mjs").read_text("utf-8")})
    return [
        f"Wrote {shown}, a plugin for a site of Jupyter Book 2 or MyST. Add it to 'project' in myst.yml:",
        f"  plugins: [{path.name}]",
        "Then show a quiz on a page. Its path is from the page or, with a slash in front, from the folder of myst.yml:",
        "  ```{quiz} /quizzes/quiz.yml",
        "  ```",
    ]


def new_course(folder: Path) -> list[str]:
    """Write a first course: a Jupyter Book with a page and a notebook that show a quiz.

    Args:
        folder: where to write it. It may exist, but none of the files may.

    Returns:
        What to do next, line by line.

    Raises:
        StartError: one of the files is there already, or one cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise StartError(f"'{display_path(folder)}' is a file; name a folder")
    files = {
        _QUIZ: f"# yaml-language-server: $schema={PurePosixPath(_SCHEMA).name}\n{_first_quiz(_QUIZ)}",
        _SCHEMA: json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n",
    }
    for template in sorted(file for file in (_TEMPLATES / "course").rglob("*") if file.is_file()):
        parts = template.relative_to(_TEMPLATES / "course").parts
        name = "/".join(f".{part.removeprefix(_DOT)}" if part.startswith(_DOT) else part for part in parts)
        files[name] = template.read_text("utf-8")
    _write(folder, files)
    shown = display_path(folder)
    return [
        f"Wrote {len(files)} files to {shown}; README.md says what they are. Next:",
        *([] if shown == "." else [f"  cd {_argument(shown)}"]),
        "  pip install -r requirements.txt",
        "  jupyter-book build .",
    ]


def _first_quiz(name: str) -> str:
    types = [model.type_name() for model in QUESTION_TYPES]
    lines = ["# The types of questions are"]
    for word in [f"{name}," for name in types[:-1]] + ["and", f"{types[-1]}."]:
        if len(lines[-1]) + len(word) >= _WIDTH:
            lines.append("#")
        lines[-1] += f" {word}"
    text = (_TEMPLATES / "quiz.yml").read_text("utf-8")
    return text.replace("# The types of questions are @TYPES@.", "\n".join(lines)).replace("@NAME@", _argument(name))


def _argument(path: str) -> str:
    """A path as an argument on a command line, in the way that most shells read it."""
    return f'"{path}"' if " " in path else path


def _write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write all the files below ``folder``, or none.

    Raises:
        StartError: one of them is there already, or one cannot be written.
    """
    if there := [folder / name for name in files if (folder / name).exists() or (folder / name).is_symlink()]:
        raise StartError(f"nothing was written, because {_listed(there)}; name another place")
    try:
        with OutputFolder(folder) as output:
            for name, content in files.items():
                target = output.staging / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content.encode() if isinstance(content, str) else content)
            output.publish(files)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StartError(f"'{display_path(folder)}' cannot be written to: {reason}") from None


def _listed(paths: Iterable[Path]) -> str:
    names = [f"'{display_path(path)}'" for path in paths]
    return f"{', '.join(names)} already {'exists' if len(names) == 1 else 'exist'}"
