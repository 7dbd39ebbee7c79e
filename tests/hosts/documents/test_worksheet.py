"""A quiz on paper: everything to answer, and the key only on request."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from material import EXAMPLES, ROOT, quizzes, write, write_course

import civicquiz
from civicquiz.cli import main
from civicquiz.hosts.documents.worksheet import worksheet
from civicquiz.model.quiz import Quiz
from civicquiz.releasing.release import release


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in ("meta", "br", "img", "hr"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("br", "img", "hr")
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _parsed(page: str) -> _Tags:
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    return tags


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_can_be_printed_with_and_without_its_key(path: Path) -> None:
    quiz = civicquiz.load(path)
    plain, with_key = worksheet(quiz), worksheet(quiz, key=True)
    for page in (plain, with_key):
        tags = _parsed(page)
        assert not tags.found & {"script", "link", "iframe", "form"}
    assert "Answer key" in with_key
    assert "Answer key" not in plain
    assert plain.partition("<body>")[2].removesuffix("\n</main>\n</body>\n</html>\n") in with_key
    assert plain.count('class="question"') == len(quiz.questions)


def test_sheet_without_key_holds_nothing_of_it(tmp_path: Path) -> None:
    quiz = civicquiz.load(write_course(tmp_path))
    plain, with_key = worksheet(quiz), worksheet(quiz, key=True)
    for secret in ("Explanation of", "Feedback on", "The Act is of 1798"):
        assert secret not in plain
    for secret in ("Explanation of the year.", "Explanation of the order.", "The Act is of 1798.", "Congress (the"):
        assert secret in with_key


def test_translation_is_printed_in_its_language() -> None:
    quiz = civicquiz.load(ROOT / "examples" / "settings" / "at-the-end.yml")
    page = worksheet(quiz, key=True, languages=["es"])
    assert '<html lang="es" dir="ltr">' in page
    assert "Nombre:" in page
    assert "El Congreso aprueba las leyes federales" in page
    assert "Congress passes" not in page
    with pytest.raises(KeyError, match="it exists in: en, es"):
        worksheet(quiz, languages=["fr"])


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(quiz=quizzes())
def test_whatever_an_author_writes_the_page_is_whole_and_runs_nothing(quiz: Quiz) -> None:
    tags = _parsed(worksheet(quiz, key=True))
    assert "script" not in tags.found


def test_command_writes_the_page_beside_you(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_course(tmp_path / "course")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["worksheet", str(path), "--key"])
    assert (done.exit_code, done.output) == (0, "Wrote law.answers.html. Open it in a browser and print it.\n")
    assert "Answer key" in (tmp_path / "law.answers.html").read_text("utf-8")
    done = CliRunner().invoke(main, ["worksheet", str(path)])
    assert "Answer key" not in (tmp_path / "law.worksheet.html").read_text("utf-8")


@pytest.mark.parametrize("key", [True, False])
@pytest.mark.parametrize("name", ["law.html", "law.yml", "notes.txt", "other-kind.html"])
def test_command_replaces_its_own_pages_and_no_other_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, key: bool
) -> None:
    """It does not replace the page that learners got, the quiz, or a sheet without the key by one with the key."""
    path = write_course(tmp_path / "course")
    monkeypatch.chdir(tmp_path)
    release([path], tmp_path / "class")
    (tmp_path / "law.html").write_bytes((tmp_path / "class" / "law.html").read_bytes())
    (tmp_path / "law.yml").write_bytes(path.read_bytes())
    write(tmp_path / "notes.txt", "Mine.")
    write(tmp_path / "other-kind.html", worksheet(civicquiz.load(path), key=not key))
    before = (tmp_path / name).read_bytes()
    arguments = ["worksheet", str(path), *(["--key"] if key else [])]
    done = CliRunner().invoke(main, [*arguments, "--to", name])
    assert done.exit_code == 1
    assert f"'{name}' is not a worksheet of the same kind, and would be overwritten" in done.output
    assert (tmp_path / name).read_bytes() == before
    for _ in range(2):
        assert CliRunner().invoke(main, arguments).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing.yml"], "cannot be read"),
        (["course/quizzes/law.yml", "--language", "fr"], "has no translation into 'fr'"),
        (["course/quizzes/law.yml", "--to", "no/such/folder.html"], "cannot write 'no/such/folder.html'"),
        (["broken.yml"], "'questions' is missing"),
    ],
)
def test_command_says_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    write_course(tmp_path / "course")
    write(tmp_path / "broken.yml", "title: T\n")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["worksheet", *arguments])
    assert done.exit_code == 1
    assert message in done.output
