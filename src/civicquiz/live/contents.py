"""The files of somebody's folder in a live site. Students can read all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from civicquiz.authoring.yaml_source import read
from civicquiz.errors import LiveError, QuizError, display_path
from civicquiz.model.banks import files_of
from civicquiz.model.claims import RECORD, load_seeds
from civicquiz.model.file_names import SUFFIXES, quiz_file, translation_files
from civicquiz.model.quiz import load
from civicquiz.releasing.copied_files import copied_files

__all__ = ["write_contents"]


def write_contents(files: Mapping[str, Path], folder: Path) -> None:
    """Write what a site contains besides the notebooks to ``folder``.

    Of a quiz without feedback, that is the copy for learners, because its key is for the teacher
    (``docs/what-is-stored.md``). The copy has in it what the quiz takes from other files, so these are left out.
    Of seeds, it is a record that is read quickly.

    Args:
        files: path in the site -> file.

    Raises:
        LiveError: a quiz with feedback needs a file with questions of one without.
        QuizError: a quiz without feedback has problems.
    """
    without_feedback = {name: path for name, path in files.items() if _gives_feedback(path) is False}
    secret = {file.resolve(): path for path in without_feedback.values() for file in _with_key(path)}
    for path in files.values():
        if _gives_feedback(path) and path.resolve() not in secret:
            _refuse_to_share(path, secret)
    records = dict(_records(files))
    written = {
        name: path.read_bytes()
        for name, path in files.items()
        if path.resolve() not in secret and not (path.suffix == ".yml" and path.parent in records)
    }
    for seeds, record in records.items():
        name = next(name for name, path in files.items() if path.parent == seeds)
        written[(PurePosixPath(name).parent / RECORD).as_posix()] = record
    for name, path in without_feedback.items():
        for copied, content in copied_files(load(path)).items():
            # The copy has the name that notebooks know.
            file = path.name if copied == f"{path.stem}.yml" else copied
            written[(PurePosixPath(name).parent / file).as_posix()] = content
    for name, content in written.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _records(files: Mapping[str, Path]) -> Iterator[tuple[Path, bytes]]:
    """The folders with the seeds of a course, and all that is in them in a form that Python in a browser reads at once.
    It takes seconds to read the files of a large course."""
    for folder in {path.parent for path in files.values() if path.parent.name == "seeds" and path.suffix == ".yml"}:
        try:
            seeds = load_seeds(folder)
        except QuizError:
            continue  # a notebook that needs them says so
        if {*folder.glob("*.yml")} <= {*files.values()}:
            yield folder, seeds.record()


def _gives_feedback(path: Path) -> bool | None:
    """Whether a quiz gives feedback; None for a file that is no quiz, or is a copy without a key."""
    if path.suffix not in SUFFIXES or quiz_file(path) is not None:
        return None
    try:
        content = read(path).value
    except QuizError:
        return None  # not a quiz, or one that says so when a notebook loads it
    if not isinstance(content, dict) or "questions" not in content or content.get("released"):
        return None
    return content.get("feedback") != "none"


def _with_key(quiz: Path) -> Iterator[Path]:
    """The files with the key of a quiz: its own, those that it takes questions from, and their translations."""
    for file in files_of(quiz):
        yield file
        yield from translation_files(file)


def _refuse_to_share(quiz: Path, secret: Mapping[Path, Path]) -> None:
    for file in files_of(quiz)[1:]:
        if other := secret.get(file.resolve()):
            raise LiveError(
                f"{display_path(quiz)} takes questions from '{display_path(file)}', and so does "
                f"{display_path(other)}, which gives no feedback: students could read its key in the site. Take the "
                "questions from two files, or leave one of the quizzes out with --only"
            )
