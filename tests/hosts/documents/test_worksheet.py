"""A quiz on paper: everything to answer, and the key only on request."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from material import EXAMPLES, ROOT, quiz_of, quizzes, write, write_course
from paper_answers import shuffled

import civicquiz
from civicquiz.cli import main
from civicquiz.frontend.fragments import Numbers
from civicquiz.frontend.words import strings
from civicquiz.grading import grade_question
from civicquiz.grading.arrangement import numbers_of_stimulus
from civicquiz.grading.paper import labels, paper_versions, response_in
from civicquiz.hosts.documents.worksheet import key_page, worksheet
from civicquiz.model.interactions import Choice, ExtendedText, InlineGaps, Matching, Ordering, Scale
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


def test_key_has_the_answers_of_all_languages_and_shows_that_of_its_own(tmp_path: Path) -> None:
    text = """title: Poll
questions:
  - {id: word, type: short-text, prompt: Whom?, accept: [population]}
  - id: gaps
    type: cloze
    prompt: Complete.
    text: By [[who]].
    gaps:
      who: {type: short-text, accept: [Congress]}
"""
    spanish = """title: Encuesta
questions:
  - {id: word, prompt: ¿A quién?, accept: [universo, {text: gente, credit: 0.5}]}
  - {id: gaps, prompt: Complete., text: "Por [[who]].", gaps: {who: {accept: [el Congreso]}}}
"""
    write(tmp_path / "poll.es.yml", spanish)
    quiz = civicquiz.load(write(tmp_path / "poll.yml", text))
    for language, word, who in (("en", "population", "Congress"), ("es", "universo", "el Congreso")):
        page = worksheet(quiz, languages=[language], key=True)
        first, second = re.findall(r'<section class="answer".*?</section>', page, re.DOTALL)
        assert f'<ul class="answers"><li>{word}</li></ul>' in first
        assert "population; universo; gente (" in first
        assert f"<li>1: {who}</li>" in second
        assert "1: Congress; el Congreso" in second
    assert "universo" not in worksheet(quiz, languages=["es"])


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(quiz=quizzes())
def test_whatever_an_author_writes_the_page_is_whole_and_runs_nothing(quiz: Quiz) -> None:
    (version,) = paper_versions(quiz, 1)
    for page in (
        worksheet(quiz, key=True),
        worksheet(quiz, version=version, grid=True, languages=[quiz.language]),
        key_page(version),
    ):
        tags = _parsed(page)
        assert "script" not in tags.found


def test_what_is_not_translated_is_printed_in_the_language_of_the_quiz_and_says_so(tmp_path: Path) -> None:
    """In two languages side by side, the original is there once."""
    text = """title: Law
sections: [{title: Part, text: Read., questions: [a, b]}]
questions:
  - {id: a, type: true-false, prompt: Is it one?, answer: true, explanation: Because.}
  - {id: b, type: true-false, prompt: Is it two?, answer: true}
"""
    write(tmp_path / "law.es.yml", "title: Ley\nquestions: [{id: b, prompt: ¿Es dos?}]\n")
    quiz = civicquiz.load(write(tmp_path / "law.yml", text))
    page = worksheet(quiz, languages=["es"], key=True)
    assert '<html lang="es"' in page
    first, second = re.findall(r'<section class="question".*?</section>', page, re.DOTALL)
    assert first.startswith('<section class="question" lang="en" dir="ltr">')
    assert "Is it one?" in first
    assert "True" in first
    assert "¿Es dos?" in second
    assert "Verdadero" in second
    assert second.startswith('<section class="question">')
    assert '<div class="section"><div lang="en" dir="ltr"><h2>Part</h2>' in page
    assert '<section class="answer" lang="en" dir="ltr">' in page
    both = worksheet(quiz, languages=["en", "es"])
    assert both.count("Is it one?") == 1
    assert '<div lang="es" dir="ltr"><p>¿Es dos?' in both


# ---- Letters, versions, and two languages ----


def _text(html: str) -> str:
    """The text of HTML, on one line, with a space where an element begins or ends."""
    return " ".join(unescape(re.sub("<[^>]*>", " ", html)).split())


def _sections(page: str) -> list[str]:
    """The text of each question on a page."""
    return [_text(part.partition("</section>")[0]) for part in page.split('<section class="question">')[1:]]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_options_stand_behind_the_letters_by_which_they_are_graded(path: Path) -> None:
    quiz = shuffled(civicquiz.load(path))
    (version,) = paper_versions(quiz, 1)
    page = worksheet(quiz, version=version)
    sections = page.split('<section class="question">')[1:]
    for question, html in zip(version.questions, sections, strict=True):
        lists = [] if isinstance(question.interaction, (Scale, InlineGaps)) else list(question.lists[-1:])
        letters = re.findall(r'<b class="letter[^"]*">(\w+)</b>(?:<div>| <u>)(.*?)(?:</div>|</u>)', html)
        words = strings(quiz.language)
        numbers = Numbers(question.variant, quiz.language)
        wanted = [
            (label, numbers.option(option, words, quiz.images))
            for options in lists
            for label, option in zip(labels(len(options)), options, strict=True)
        ]
        assert letters == wanted


def test_every_text_is_there_in_both_languages_with_the_same_letters_and_numbers() -> None:
    quiz = civicquiz.load(ROOT / "examples" / "settings" / "at-the-end.yml")
    (version,) = paper_versions(quiz, 1)
    alone = {tag: _sections(worksheet(quiz, version=version, languages=[tag])) for tag in ("en", "es")}
    page = worksheet(quiz, version=version, languages=["en", "es"], grid=True)
    _parsed(page)
    for number, both in enumerate(_sections(page)):
        for tag in ("en", "es"):
            words = re.findall(r"[^\W\d_]{2,}", alone[tag][number])
            assert not [word for word in words if word not in both]
        assert (
            re.findall(r"\b[A-Z]\b", both)[: len(version.questions[number].lists)]
            == (re.findall(r"\b[A-Z]\b", alone["en"][number])[: len(version.questions[number].lists)])
        )
    spanish = page.count('lang="es"')
    assert spanish == page.count('lang="en"') - 1  # the page as a whole is in English
    assert "Name:</span> / " in page
    assert 'lang="es" dir="ltr">Nombre:' in page


def test_language_that_the_interface_does_not_speak_is_not_claimed_for_its_words(tmp_path: Path) -> None:
    number = {"id": "n", "type": "true-false", "prompt": "Is it so?", "answer": True}
    write(tmp_path / "q.yml", json.dumps({"title": "A", "questions": [number]}))
    write(tmp_path / "q.de.yml", json.dumps({"title": "B", "questions": [{"id": "n", "prompt": "Ist es so?"}]}))
    page = worksheet(civicquiz.load(tmp_path / "q.yml"), languages=["en", "de"])
    assert '<div lang="de" dir="ltr"><p>Ist es so?</p>' in page
    assert page.count("Choose one.") == 1


def test_version_has_the_numbers_of_its_seed_in_texts_that_questions_share() -> None:
    quiz = civicquiz.load(ROOT / "examples" / "more" / "numbers-and-code.yml")
    seen = set()
    for version in paper_versions(quiz, 4):
        page = _text(worksheet(quiz, version=version))
        waiting = numbers_of_stimulus("docket", quiz.stimuli["docket"], version.seed)
        share = next(question for question in version.questions if question.id == "share-decided")
        for number in (*waiting.values(), *share.variant.values()):
            assert number in page
        seen.add(tuple(waiting.values()))
        assert str(next(iter(waiting.values()))) in _text(key_page(version))
    assert len(seen) > 1


def test_sheet_says_what_it_is_worth_how_long_it_takes_and_which_version_it_is() -> None:
    quiz = civicquiz.load(ROOT / "examples" / "settings" / "at-the-end.yml")
    (version,) = paper_versions(quiz, 1)
    text = _text(worksheet(quiz, version=version, grid=True))
    for wanted in ("Name:", "Date:", "4 points", "Time: 10 minutes", "1 point"):
        assert wanted in text
    assert text.count("Version A") == text.count(f"Code: {version.code()}") == 2
    assert "Version" not in _text(worksheet(quiz))


def test_every_page_has_the_version_below_it_whatever_the_title_is() -> None:
    title = '"; } </style><script>alert(1)</script> \\ é'
    quiz = quiz_of({"id": "q", "type": "true-false", "prompt": "x", "answer": True}).model_copy(update={"title": title})
    (version,) = paper_versions(quiz, 1)
    page = worksheet(quiz, version=version)
    style = page.partition("<style>")[2].partition("</style>")[0]
    rule = style.strip().splitlines()[-1]
    content = re.fullmatch(r'@page \{ @bottom-left \{ content: "([^"]*)"; \} \}', rule)
    assert content
    readable = re.sub(r"\\([0-9a-f]+) ", lambda found: chr(int(found[1], 16)), content[1])
    assert readable == f"{title} · Version A · Code: {version.code()}"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_answer_sheet_has_a_line_for_each_question_and_a_place_for_each_part(path: Path) -> None:
    quiz = shuffled(civicquiz.load(path))
    (version,) = paper_versions(quiz, 1)
    page = worksheet(quiz, version=version, grid=True)
    lines = page.partition('<ul class="grid">')[2].partition("</ul>")[0].split("<li>")[1:]
    for question, line in zip(version.questions, lines, strict=True):
        assert f">{question.number}</b>" in line
        shown, letters, blanks = question.interaction, line.count('class="letter'), line.count('class="blank')
        match shown:
            case Choice():
                assert (letters, blanks) == (len(question.lists[0]), 0)
            case Ordering() | Matching() | Scale():
                assert (letters, blanks) == (0, len(question.lists[0]))
            case InlineGaps():
                assert (letters, blanks) == (0, len(shown.gaps))
            case ExtendedText():
                assert (letters, blanks) == (0, 0)
            case _:
                assert (letters, blanks) == (0, 1)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_key_of_a_version_has_what_earns_all_points_as_it_is_typed(path: Path) -> None:
    quiz = shuffled(civicquiz.load(path))
    (version,) = paper_versions(quiz, 1)
    page = key_page(version)
    lines = page.partition('<ul class="glance">')[2].partition("</ul>")[0].split("<li>")[1:]
    for question, line in zip(version.questions, lines, strict=True):
        number, _, typed = _text(line).partition(" ")
        assert number == str(question.number)
        keyed = quiz.keyed_questions[question.id]
        if keyed.key() is None:
            assert typed == "–"
            continue
        typed = typed.removesuffix(getattr(question.interaction, "unit", "")).strip()
        outcome = grade_question(keyed, response_in(question, typed), quiz)
        assert outcome.score == outcome.max_score


def test_command_adds_an_answer_sheet_and_prints_two_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = ROOT / "examples" / "settings" / "at-the-end.yml"
    arguments = ["worksheet", str(path), "--grid", "--language", "en", "--language", "es"]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    page = (tmp_path / "at-the-end.en.es.worksheet.html").read_text("utf-8")
    assert "Answer sheet" in page
    assert "Hoja de respuestas" in page


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


@pytest.mark.parametrize(
    ("author", "accepted"),
    [
        ({"type": "short-text", "accept": ["a", {"text": "b", "credit": 0.5}]}, ["a; b (50 %)"]),
        ({"type": "short-text", "accept": ["a"]}, []),
        ({"type": "numeric", "answer": 9.81, "tolerance": 0.05}, ["9.76 – 9.86"]),
        ({"type": "numeric", "answer": 2, "tolerance": 0, "accept": [-2]}, ["2; -2"]),
        ({"type": "numeric", "answer": 2, "range": {"to": 3}}, ["≤ 3"]),
        ({"type": "numeric", "answer": 2, "range": {"from": -1}}, ["≥ -1"]),
        ({"type": "numeric", "answer": 2, "tolerance": 0}, []),
        (
            {
                "type": "calculated",
                "variables": {"n": {"values": [4]}},
                "prompt": "{n}?",
                "answer": "n",
                "significant": 2,
            },
            ["3.95 – 4.05"],
        ),
        (
            {
                "type": "cloze",
                "text": "[[a]] [[b]]",
                "gaps": {
                    "a": {"type": "short-text", "accept": ["x"]},
                    "b": {"type": "numeric", "answer": 5, "tolerance": 1},
                },
            },
            ["2: 4 – 6"],
        ),
    ],
)
def test_key_says_all_that_is_accepted_where_students_write(author: dict[str, Any], accepted: list[str]) -> None:
    quiz = quiz_of({"id": "q", "prompt": "x", **author})
    page = worksheet(quiz, key=True)
    found = re.findall(r'<ul class="accepted">(.*?)</ul>', page)
    assert [line for listed in found for line in re.findall("<li>(.*?)</li>", listed)] == accepted
    assert "accepted" not in worksheet(quiz)
