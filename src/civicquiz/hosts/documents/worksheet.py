"""A quiz on paper: HTML pages to print, with an answer key on separate sheets if you ask for it; and the same with each
answer below its question, for a screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from civicquiz.authoring.wording import number_text
from civicquiz.frontend.answers import accepted_lines, answer_lines, feedback_lines, introduction_html
from civicquiz.frontend.citations import attribution
from civicquiz.frontend.fragments import Numbers
from civicquiz.frontend.words import strings, worth
from civicquiz.grading.arrangement import arranged, numbers_of_stimulus, own_numbers
from civicquiz.grading.paper import PaperQuestion, PaperVersion, in_letters, paper_questions
from civicquiz.hosts.documents.answer_grid import answer_grid
from civicquiz.hosts.documents.page_frame import css_text, html_page, is_document, language_attributes
from civicquiz.hosts.documents.printed_question import Languages, items, printed_question
from civicquiz.model.claims import Claim
from civicquiz.model.interactions import Choice, InlineGaps, Matching, Ordering, Scale
from civicquiz.model.quiz import Quiz
from civicquiz.model.settings import Section, StimulusBase, with_introductions
from civicquiz.model.translations import Translation
from civicquiz.output_folder import write_file

__all__ = ["default_name", "is_worksheet", "key_page", "teacher_page", "worksheet", "write"]

#: How a worksheet identifies itself, so that no other file is taken for one, and how its key starts.
_GENERATOR = "civicquiz worksheet"
_KEY = '<section class="key">'
_STYLES = ["worksheet.css"]


def worksheet(
    quiz: Quiz,
    *,
    key: bool = False,
    languages: Sequence[str] = (),
    version: PaperVersion | None = None,
    grid: bool = False,
) -> str:
    """The quiz as a whole HTML page that requests nothing from any host.

    Args:
        quiz: the quiz.
        key: whether sheets with the answers, explanations and sources follow.
        languages: the tags of the languages to print, side by side; the quiz's own if there are none.
        version: the version to print; without one, all questions in the order written.
        grid: whether an answer sheet is the last page.

    Raises:
        KeyError: there is no such translation; the message lists those that exist.
        NoKeyError: ``key`` is true and ``quiz`` is a released copy.
    """
    sheet = _Sheet(quiz, languages, version)
    body = [*sheet.head(), *sheet.questions()]
    if grid:
        title = sheet.languages.say(lambda words: words["paper_grid"])
        body += [
            '<section class="answer-sheet">',
            *sheet.head(f"{title}: "),
            answer_grid(sheet.shown, sheet.languages),
            "</section>",
        ]
    if key:
        body += [_KEY, *sheet.key(), "</section>"]
    return sheet.page(body)


def key_page(version: PaperVersion, *, languages: Sequence[str] = ()) -> str:
    """The answers to one version as a whole HTML page, without its questions; ``languages`` and what is raised are as
    for :func:`worksheet`."""
    sheet = _Sheet(version.quiz, languages, version)
    return sheet.page([_KEY, *sheet.key(), "</section>"])


def teacher_page(quiz: Quiz, *, language: str | None = None, remarks: Sequence[tuple[str, str]] = ()) -> str:
    """The quiz as a whole HTML page for its author: below each question are its hint, its answer, all feedback, the
    explanation and the sources. ``language`` is the tag of a translation; what is raised is as for :func:`worksheet`.
    ``remarks`` are (message, hint) of what to look at, in English; they are listed first.
    """
    sheet = _Sheet(quiz, [language] if language else [])
    body = [f"<h1>{escape(sheet.texts.title)}</h1>", *_remarks(remarks), *sheet.questions(with_answers=True)]
    return html_page(sheet.texts.title, body, language=sheet.texts.language, styles=[*_STYLES, "preview_frame.css"])


def _remarks(remarks: Sequence[tuple[str, str]]) -> Iterator[str]:
    if remarks:
        count = f"{len(remarks)} {'remark' if len(remarks) == 1 else 'remarks'} of civicquiz review"
        entries = "".join(f"<li>{escape(message)} <small>{escape(hint)}</small></li>" for message, hint in remarks)
        yield f'<details lang="en"><summary>{count}</summary><ul>{entries}</ul></details>'


def _texts_in(quiz: Quiz, language: str) -> Translation:
    if language == quiz.language:
        return Translation.original(quiz)
    if language in quiz.translations:
        return quiz.translations[language]
    languages = ", ".join([quiz.language, *quiz.translations])
    raise KeyError(f"the quiz '{quiz.name}' has no translation into '{language}' (it exists in: {languages})")


def default_name(quiz: Quiz, *, key: bool, languages: Sequence[str] = (), letter: str = "") -> str:
    """The file name for a worksheet: never that of a page that learners get."""
    tags = [] if list(languages) == [quiz.language] else languages
    parts = [quiz.name, *tags, *([letter] if letter else []), "answers" if key else "worksheet"]
    return f"{'.'.join(parts)}.html"


def is_worksheet(path: Path, *, key: bool) -> bool:
    """Whether the file ``path`` is a worksheet, with or without the answers as ``key`` says."""
    old = path.read_text("utf-8", "replace")
    return is_document(old[:2000], _GENERATOR) and (_KEY in old) == key


def write(page: str, target: Path, *, key: bool) -> None:
    """Write a worksheet to ``target``; ``key`` says whether it has the answers. It may replace an earlier worksheet of
    the same sort, with or without answers, and nothing else.

    Raises:
        FileExistsError: ``target`` is a file, but not such a worksheet.
        OSError: it cannot be written.
    """
    if target.exists() and not is_worksheet(target, key=key):
        raise FileExistsError(target)
    write_file(target, page.encode())


class _Sheet:
    """The parts of a page."""

    def __init__(self, quiz: Quiz, languages: Sequence[str], version: PaperVersion | None = None) -> None:
        self.quiz = quiz
        self.version = version
        self.seed = version.seed if version else None
        self.languages = Languages(tuple(_texts_in(quiz, tag) for tag in languages or [quiz.language]))
        #: the first language, in which the key is
        self.texts = self.languages.texts[0]
        self.words = strings(self.texts.language)
        self.images = self.texts.quiz.images
        self.shown: Sequence[PaperQuestion] = version.questions if version else paper_questions(quiz)

    def page(self, body: Sequence[str]) -> str:
        """The whole page; in print, a browser that can writes the version below every page."""
        footer = f"@page {{ @bottom-left {{ content: {css_text(self._called())}; }} }}\n" if self.version else ""
        return html_page(
            self.texts.title,
            body,
            language=self.texts.language,
            styles=_STYLES,
            generator=_GENERATOR,
            own_style=footer,
        )

    def _called(self) -> str:
        """The title, the version and its code, in one line."""
        assert self.version
        parts = (
            self.texts.title,
            self.words["paper_version"].format(letter=self.version.letter),
            self.words["paper_code"].format(code=self.version.code()),
        )
        return " · ".join(parts)

    def head(self, before: str = "") -> Iterator[str]:
        """The title after ``before``, which is HTML, the version, what the quiz is worth, name and date."""
        yield f"<h1>{before}{self.languages.each(self._title, 'span')}</h1>"
        say = self.languages.say
        if version := self.version:
            letter = say(lambda words: words["paper_version"].format(letter=version.letter))
            code = say(lambda words: words["paper_code"].format(code=version.code()))
            yield f'<p class="version"><b>{letter}</b> · {code}</p>'
        name, date = say(lambda words: words["name"]), say(lambda words: words["date"])
        yield f'<p class="line"><span>{name}</span> <span>{date}</span></p>'
        if not before:
            points = sum(self.quiz.select([question.id])[0].points for question in self.shown)
            about = [say(lambda words: worth(points, words))]
            if minutes := self.quiz.time_limit:
                about.append(say(lambda words: words["paper_time"].format(minutes=number_text(minutes))))
            yield f'<p class="about">{" · ".join(about)}</p>'

    def questions(self, *, with_answers: bool = False) -> Iterator[str]:
        """Every question with room for the answer, and with what its author wrote for those who have answered it."""
        before = zip(*(self._introductions(one) for one in self.languages.texts), strict=True)
        for question, introductions in zip(self.shown, before, strict=True):
            yield from map(self._introduction, zip(*introductions, strict=True))
            languages = self.languages.of_question(question.id)
            # Where a page is in one language, what is not translated into it says which language it is in.
            language = languages.texts[0].language
            foreign = "" if len(self.languages.texts) > 1 else self._foreign(language)
            yield f'<section class="question"{foreign}>{"".join(printed_question(question, languages))}'
            if with_answers:
                yield f'<div class="answered">{"".join(self._answered(question))}</div>'
            yield "</section>"

    def _foreign(self, language: str) -> str:
        """The attributes of an element whose text is in ``language``; "" if that is the first language of the page."""
        return "" if language == self.texts.language else f" {language_attributes(language)}"

    def _title(self, one: Translation) -> str:
        language = one.language_of("title")
        text = escape(one.title)
        return text if language == one.language else f"<span {language_attributes(language)}>{text}</span>"

    def _introductions(self, one: Translation) -> Iterator[list[tuple[str, str, str]]]:
        """(what it is, its title, its text as HTML) of whatever is read before each question."""
        quiz = one.quiz
        parts = None if self.seed is None else arranged(quiz, self.seed)
        for introductions, question in with_introductions(quiz, quiz.questions, arranged=parts):
            yield [self._read_before(one, introduction, question.stimulus) for introduction in introductions]

    def _read_before(
        self, one: Translation, introduction: Section | StimulusBase, stimulus: str | None
    ) -> tuple[str, str, str]:
        if isinstance(introduction, Section):
            called, language = "section", one.language_of("sections", one.quiz.sections.index(introduction))
        else:
            called, language = "stimulus", one.language_of("stimuli", stimulus or "")
        text = introduction_html(introduction, one.quiz.images, language, self._shared(stimulus))
        title = f"<h2>{escape(introduction.title)}</h2>" if introduction.title else ""
        if language != one.language:
            return called, "", f"<div {language_attributes(language)}>{title}{text}</div>"
        return called, title, text

    def _shared(self, stimulus: str | None) -> Mapping[str, str]:
        """The numbers in a shared text."""
        return numbers_of_stimulus(stimulus, self.quiz.stimuli[stimulus], self.seed) if stimulus else {}

    def _introduction(self, introduction: tuple[tuple[str, str, str], ...]) -> str:
        """The same introduction in every language: what it is, its title and its text, both as HTML."""
        by_language = dict(zip((one.language for one in self.languages.texts), introduction, strict=True))

        def html(one: Translation) -> str:
            _, title, text = by_language[one.language]
            return title + text

        return f'<div class="{introduction[0][0]}">{self.languages.each(html)}</div>'

    def _cited(self, claim: Claim) -> str:
        text = f"<span{self._foreign(self.quiz.language)}>{escape(claim.text)}</span>"
        return f"{text} <small>{escape(attribution(claim, self.texts.language))}</small>"

    # ---- The key, in the first language ----

    def key(self) -> Iterator[str]:
        """The answers in letters at a glance, then each with its explanation and sources."""
        yield f"<h1>{escape(self.words['answer_key'])}: {self._title(self.texts)}</h1>"
        if self.version:
            yield f'<p class="version">{escape(self._called())}</p>'
            yield f"<h2>{escape(self.words['paper_answers'])}</h2>"
            yield items("glance", (f"<b>{question.number}</b> {self._letters(question)}" for question in self.shown))
        for question in self.shown:
            answer = "".join(self._answer(question))
            foreign = self._foreign(self.texts.language_of_question(question.id))
            yield f'<section class="answer"{foreign}><h2>{question.number}</h2>\n{answer}</section>'

    def _right(self, question: PaperQuestion) -> Any:
        """The right response to what is printed; None if there is no key."""
        keyed, key = self.texts.source.keyed_questions[question.id], self.texts.key(question.id)
        return key.answer_for(own_numbers(keyed, None, self.seed) or None) if key else None

    def _letters(self, question: PaperQuestion) -> str:
        """The right answer as a person types it from this version, as HTML."""
        right = self._right(question)
        if right is None:
            return "–"
        if isinstance(question.interaction, (Choice, Ordering, Matching, Scale, InlineGaps)):
            return escape(in_letters(question, right))
        return "; ".join(self._answer_lines(question))

    def _numbers(self, question: PaperQuestion) -> Numbers:
        """The numbers of a question, with those that only its explanation has."""
        keyed = self.texts.source.keyed_questions[question.id]
        return Numbers(own_numbers(keyed, None, self.seed), self.texts.language)

    def _answer_lines(self, question: PaperQuestion) -> Iterator[str]:
        interaction, right = self.texts.interaction(question.id), self._right(question)
        return answer_lines(
            interaction, "" if right is None else right, self.words, self.images, self._numbers(question)
        )

    def _answer(self, shown: PaperQuestion) -> tuple[str, str, str]:
        """The answer, the explanation and the sources of a question; each may be empty."""
        question = self.texts.quiz.keyed_questions[shown.id]
        text = question.full_explanation()
        explanation = self._numbers(shown).block(text, self.images) if text else ""
        claims = [self.quiz.seeds.claims[name] for name in question.cites if name in self.quiz.seeds.claims]
        letters = f'<p class="letters">{self._letters(shown)}</p>' if shown.lists and self._right(shown) else ""
        answers = letters + items("answers", self._answer_lines(shown)) + self._accepted(shown)
        return answers, explanation, items("sources", map(self._cited, claims))

    def _accepted(self, shown: PaperQuestion) -> str:
        """All answers that are accepted where students write, as HTML; "" if there is only the right one."""
        keyed = self.texts.source.keyed_questions[shown.id]
        key, interaction, numbers = keyed.key(), self.texts.interaction(shown.id), self._numbers(shown)
        accepted = key.accepted_for(own_numbers(keyed, None, self.seed) or None) if key else []
        lines = items("accepted", map(escape, accepted_lines(interaction, accepted, numbers)))
        return f"<p>{escape(self.words['paper_accepted'])}</p>{lines}" if lines else ""

    def _answered(self, shown: PaperQuestion) -> Iterator[str]:
        """Everything that students may read on a question, each part under its name."""
        name = shown.id
        interaction, numbers = self.texts.interaction(name), self._numbers(shown)
        hint = self.texts.question(name).full_hint()
        shown_hint = numbers.block(hint, self.images) if hint else ""
        lines = feedback_lines(interaction, self.texts.feedback(name), self.words, self.images, numbers)
        feedback = items("feedback", (f"<b>{about}</b>{numbers.block(text, self.images)}" for about, text in lines))
        answers, explanation, cited = self._answer(shown)
        parts = {"hint": shown_hint, "right_answer": answers + feedback, "explanation": explanation + cited}
        for word, part in parts.items():
            if part.strip():
                yield f"<h3>{escape(self.words[word])}</h3>{part}"
