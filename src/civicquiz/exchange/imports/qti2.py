"""QTI 2.1, 2.2 and 3.0: single items, and packages of items and tests."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar
from urllib.parse import unquote

from civicquiz.authoring.wording import excerpt
from civicquiz.errors import ExchangeError
from civicquiz.exchange.given_file import GivenFile
from civicquiz.exchange.imported import FoundQuestion, FoundQuiz, UnreadableError, slug
from civicquiz.exchange.packages import Package
from civicquiz.exchange.qti2_items import Qti2Item, with_old_names
from civicquiz.exchange.qti2_questions import item_values
from civicquiz.exchange.qti2_writing import id_of
from civicquiz.exchange.question_values import tags_from, take_shuffle
from civicquiz.exchange.scored_answers import whole_number
from civicquiz.exchange.xml_text import XmlElement, parsed_xml, text_at

__all__ = ["READER"]

_ITEMS = ("assessmentItem", "qti-assessment-item")
_MANIFEST = "imsmanifest.xml"
_TESTS = ("assessmentTest", "qti-assessment-test")


#: The most elements of an item.
_MOST_ELEMENTS = 6_000


class Qti2Reader:
    """Zip files and XML files in QTI 2.1, 2.2 or 3.0."""

    name: ClassVar[str] = "qti"
    title: ClassVar[str] = "QTI 2.1, 2.2 and 3.0"
    turn: ClassVar[int] = 2

    def recognizes(self, file: GivenFile) -> bool:
        try:
            return next(Package(file).with_root((*_ITEMS, *_TESTS)), None) is not None
        except ExchangeError:
            return False

    def read(self, file: GivenFile) -> Sequence[FoundQuiz]:
        package = Package(file)
        items = list(package.with_root(_ITEMS))
        if not items:
            hint = "if it is a test, import the package (zip) that it is in"
            raise ExchangeError(
                f"'{file.called}' has no items in QTI 2 or 3, which begin with <assessmentItem>; {hint}"
            )
        quizzes = []
        left = dict.fromkeys(items)
        keywords = _keywords(package)
        for name in package.with_root(_TESTS):
            quiz, used = _of_test(package, file, name, keywords)
            if quiz.questions:
                quizzes.append(quiz)
            for item in used:
                left.pop(item, None)
        if left:
            rest = FoundQuiz(file.stem)
            shuffles = [shuffle for item in left if (shuffle := _add(rest, package, item, keywords)) is not None]
            take_shuffle(rest, shuffles)
            quizzes.append(rest)
        return quizzes


READER = Qti2Reader()


def _of_test(
    package: Package, file: GivenFile, name: str, keywords: Mapping[str, Sequence[str]]
) -> tuple[FoundQuiz, list[str]]:
    """The quiz of a test, and the paths of its items."""
    root = with_old_names(parsed_xml(package.file(name)))
    title = root.get("title", "")
    quiz = FoundQuiz(title or file.stem, title)
    limit = root.first("timeLimits")
    seconds = limit.get("maxTime", "") if limit is not None else ""
    if minutes := whole_number(seconds.partition(".")[0]) // 60:
        quiz.settings["time_limit"] = minutes
    used: list[str] = []
    shuffles: list[bool] = []
    for reference, section in _references(package, name, root, {name}):
        if reference.tag == "assessmentSectionRef":
            quiz.remarks.append(
                f"The section '{excerpt(reference.get('href', ''), 80)}' was not read: it is not in the package."
            )
            continue
        path = _path(section, reference.get("href", ""))
        if path not in package.names:
            place = f"{section} in the archive, line {reference.line}"
            refused = f"its file '{excerpt(path, 80)}' is not in the package"
            quiz.questions.append(FoundQuestion(place, reference.get("identifier", ""), refused=refused))
            continue
        if path in used:
            quiz.remarks.append(f"'{excerpt(path, 80)}' is in the test twice; it was read once.")
            continue
        used.append(path)
        shuffle = _add(quiz, package, path, keywords)
        if shuffle is not None:
            shuffles.append(shuffle)
        if reference.first("weight") is not None:
            quiz.questions[-1].changes.append("Its points had a weight in the test, which was left out.")
    for part in root.below("assessmentSection"):
        _note_selection(quiz, part)
    take_shuffle(quiz, shuffles)
    return quiz, used


def _references(package: Package, name: str, root: XmlElement, seen: set[str]) -> Iterator[tuple[XmlElement, str]]:
    """(reference to an item, the file that it is in), in order; also those of sections in files of their own. A section
    that refers to itself, also by others, is not read again.
    """
    for reference in root.below("assessmentItemRef", "assessmentSectionRef"):
        path = _path(name, reference.get("href", ""))
        if reference.tag == "assessmentItemRef" or path not in package.names:
            yield reference, name
        elif path not in seen:
            seen.add(path)
            yield from _references(package, path, with_old_names(parsed_xml(package.file(path))), seen)


def _path(base: str, address: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(address)))


def _note_selection(quiz: FoundQuiz, section: XmlElement) -> None:
    selection = section.first("selection")
    number = whole_number(selection.get("select", "")) if selection is not None else 0
    count = len(list(section.children("assessmentItemRef", "assessmentSection", "assessmentSectionRef")))
    if 0 < number < count:
        title = excerpt(section.get("title", ""), 60)
        quiz.remarks.append(
            f"Each student got {number} of the {count} entries of '{title}'; here everyone gets all of them. "
            "'sections' and 'pick' do the same."
        )


def _add(quiz: FoundQuiz, package: Package, name: str, keywords: Mapping[str, Sequence[str]]) -> bool | None:
    """Add the question of an item; whether its options are shuffled, None if it has none."""
    found = FoundQuestion(f"{name} in the archive" if name else "line 1", name)
    quiz.questions.append(found)
    images: dict[str, bytes] = {}
    try:
        root = with_old_names(parsed_xml(package.file(name)))
        found.called = root.get("title", "") or root.get("identifier", "") or name
        count = sum(1 for _ in root.iter())
        if count > _MOST_ELEMENTS:
            raise UnreadableError(f"it has {count:,} elements; at most {_MOST_ELEMENTS:,} can be read")
        item = Qti2Item(root, images, found.changes, package.reader_at(name))
        values = {"id": _id(root), **item_values(item)}
        if tags := tags_from(keywords.get(name, ()), found.changes.append):
            values["tags"] = tags
        if stimulus := _stimulus(quiz, package, name, root, images):
            values["stimulus"] = stimulus
    except ExchangeError as error:
        found.refused = str(error)
        return None
    found.values = values
    quiz.images |= images
    if values["type"] not in ("single-choice", "multiple-choice", "match"):
        return None
    return item.interactions[0].get("shuffle", "false").lower() == "true"


def _id(root: XmlElement) -> str:
    """The id of an item; that of one of our own as it was before it became an identifier."""
    name = root.get("identifier", "")
    return id_of(name) if root.get("toolName") == "civicquiz" else name


def _keywords(package: Package) -> dict[str, list[str]]:
    """The path of a file -> its keywords in the manifest (IEEE 1484.12.3, Learning Object Metadata)."""
    if _MANIFEST not in package.names:
        return {}
    try:
        manifest = parsed_xml(package.file(_MANIFEST))
    except ExchangeError:  # nothing that is in it is needed
        return {}
    found = {}
    for resource in manifest.below("resource"):
        words = [text_at(part) for word in resource.below("keyword") for part in word.below("string", "langstring")]
        if words:
            found[posixpath.normpath(unquote(resource.get("href", "")))] = words
    return found


def _stimulus(quiz: FoundQuiz, package: Package, name: str, root: XmlElement, images: dict[str, bytes]) -> str:
    """The name of the text that an item refers to; "" if it refers to none."""
    reference = root.first("assessmentStimulusRef")
    if reference is None:
        return ""
    path = _path(name, reference.get("href", ""))
    if path not in package.names:
        raise UnreadableError(f"the text '{excerpt(path, 80)}', which it refers to, is not in the package")
    own = slug(posixpath.basename(path).partition(".")[0]) or "text"
    stimuli = quiz.settings.setdefault("stimuli", {})
    if own not in stimuli:
        shared = with_old_names(parsed_xml(package.file(path)))
        reading = Qti2Item(shared, images, quiz.remarks, package.reader_at(path))
        title = {"title": shared.get("title", "")} if shared.get("title") else {}
        text = reading.markdown(shared.first("stimulusBody"))
        stimuli[own] = {**title, "text": text.removeprefix(f"**{shared.get('title')}**").strip()}
    return own
