"""``civicquiz release``: the folder that a class gets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from civicquiz.authoring.yaml_source import read
from civicquiz.errors import Problem, QuizError, ReleaseError, display_path
from civicquiz.model.learner_copy import learner_copy
from civicquiz.model.quiz import Quiz, ReleasedQuiz, load
from civicquiz.model.quiz_files import load_keys
from civicquiz.output_folder import OutputFolder, safe_name
from civicquiz.releasing.copied_files import copied_files
from civicquiz.releasing.handout import is_ours, notebook, page

__all__ = ["release"]


def release(paths: Iterable[str | Path], folder: str | Path, learners: Iterable[str] | None = None) -> list[Path]:
    """Write a copy of every quiz of ``paths``, without its key, into ``folder``, which is created if it does not exist.

    The quiz ``law`` becomes ``law.yml`` with its translations and images, the notebook ``law.ipynb`` and the page
    ``law.html``. The files of an earlier release are replaced, all at once. ``paths`` are files and folders as in
    :func:`~civicquiz.model.quiz_files.quiz_files`. With ``learners``, the ids of a class, everyone gets a folder of
    copies, in which nobody can choose the questions that a quiz picks.

    Returns the files that were written, in the order of ``learners`` and ``paths``.

    Raises:
        QuizError: a quiz has problems, or cannot be released as it is; nothing was written.
        NoKeyError: a quiz is a released copy already; nothing was written.
        ReleaseError: something else would be overwritten, and nothing was written; or a file cannot be written.
    """
    folder = Path(folder)
    quizzes = list(load_keys(map(Path, paths)).values())
    _refuse_what_cannot_be_released(quizzes)
    if any(quiz.path.parent.resolve() == folder.resolve() for quiz in quizzes):
        raise ReleaseError(f"'{display_path(folder)}' contains the quizzes themselves; name another folder with --to")
    places = {"": None} if learners is None else {f"{safe_name(learner)}/": learner for learner in learners}
    try:
        with OutputFolder(folder) as output:
            written: dict[str, bytes] = {}
            old: list[str] = []
            for place, learner in places.items():
                for quiz in quizzes:
                    files = _copy(quiz, learner, output.staging / place)
                    written |= {place + name: content for name, content in files.items()}
                    old += [place + name for name in _old_translations(folder / place, quiz)]
            _refuse_to_overwrite(folder, written)
            output.publish(written, obsolete=set(old) - set(written))
    except OSError as error:
        raise ReleaseError(f"cannot write to '{display_path(folder)}': {error.strerror or error}") from None
    return [folder / name for name in written]


def _copy(quiz: Quiz, learner: str | None, folder: Path) -> dict[str, bytes]:
    """Write the copy of a quiz with its notebook and its page into ``folder``; what was written, by name."""
    files = copied_files(quiz, learner)
    for name, content in files.items():
        _write(folder / name, content)
    copy = load(folder / f"{quiz.name}.yml")
    assert isinstance(copy, ReleasedQuiz)  # its file says that it is one
    pages = {f"{quiz.name}.ipynb": notebook(copy).encode(), f"{quiz.name}.html": page(copy).encode()}
    for name, content in pages.items():
        _write(folder / name, content)
    return files | pages


def _refuse_what_cannot_be_released(quizzes: Iterable[Quiz]) -> None:
    problems: list[Problem] = []
    for quiz in quizzes:
        try:
            learner_copy(quiz)
        except QuizError as error:
            problems += error.problems
    if problems:
        raise QuizError(problems)


def _refuse_to_overwrite(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        if not path.exists():
            continue
        if path.suffix == ".yml":
            ours = _is_copy(path)
        elif path.suffix in (".html", ".ipynb"):
            ours = is_ours(name, path.read_bytes())
        else:
            ours = path.read_bytes() == content  # an image is named after its content
        if not ours:
            refused = f"'{display_path(path)}' is not from an earlier release, or was changed, and would be overwritten"
            raise ReleaseError(f"{refused}; move it away, or name another folder with --to")


def _is_copy(path: Path) -> bool:
    try:
        value = read(path).value
    except QuizError:
        return False
    return isinstance(value, dict) and value.get("released") is True


def _old_translations(folder: Path, quiz: Quiz) -> Iterator[str]:
    """Translations of an earlier release that the quiz may no longer have; they would not fit the new copy."""
    for path in folder.glob(f"{quiz.name}.*.yml"):
        if path.name.count(".") == quiz.name.count(".") + 2 and _is_copy(path):
            yield path.name


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
