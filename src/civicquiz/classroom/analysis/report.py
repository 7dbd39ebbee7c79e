"""The figures as one HTML page: no script, nothing from any other host, the same bytes for the same figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from civicquiz.authoring.wording import score_text
from civicquiz.classroom.analysis import flags, plots
from civicquiz.classroom.analysis.figures import Flag, GainFigures, Interval, QuestionFigures, QuizFigures
from civicquiz.classroom.analysis.plain_text import option_as_html, prompt_html
from civicquiz.classroom.analysis.statistics import proportion_interval
from civicquiz.frontend.words import strings
from civicquiz.hosts.documents.page_frame import html_page, language_attributes
from civicquiz.model.interactions import Choice
from civicquiz.model.quiz import Quiz

__all__ = ["report"]

#: What stands where there is no figure.
_NONE = "–"


def report(quizzes: Sequence[QuizFigures], keys: Mapping[str, Quiz], gain: GainFigures | None = None) -> str:
    """The page.

    Args:
        quizzes: the figures of each quiz, in the order of the page.
        keys: the quizzes by name, as far as they are known; they give titles, prompts and texts of options.
        gain: what was gained between two of them.
    """
    names = {code: text for quiz in keys.values() for code, text in quiz.objectives.items()}
    body = ["<h1>Item analysis</h1>"]
    if len(quizzes) + bool(gain) > 1:
        links = [(f"quiz-{place}", _title(quiz, keys)) for place, quiz in enumerate(quizzes, start=1)]
        links += [("gain", "Gain")] if gain else []
        items = "".join(f'<li><a href="#{where}">{escape(title)}</a></li>' for where, title in links)
        body.append(f'<nav aria-label="Contents"><ul>{items}</ul></nav>')
    for place, quiz in enumerate(quizzes, start=1):
        body += [
            f'<section class="quiz" id="quiz-{place}">',
            *_quiz(quiz, keys.get(quiz.quiz), place, names),
            "</section>",
        ]
    if gain:
        body += ['<section class="quiz" id="gain">', *_gain(gain, names), "</section>"]
    body.append(
        '<p class="note">The page names no learner. Intervals hold the true value with 95 % confidence. What each '
        "figure means, and its limits, stands in the documentation of civicquiz under “Understand the results”.</p>"
    )
    return html_page("Item analysis", body, language="en", styles=["report"])


def _title(quiz: QuizFigures, keys: Mapping[str, Quiz]) -> str:
    return keys[quiz.quiz].title if quiz.quiz in keys else quiz.quiz


def _quiz(quiz: QuizFigures, key: Quiz | None, place: int, names: Mapping[str, str]) -> Iterator[str]:
    yield f"<h2{_language(key) if key else ''}>{escape(key.title if key else quiz.quiz)}</h2>"
    yield _flags(quiz.flags)
    if key and quiz.versions and key.version not in quiz.versions:
        yield '<p class="note">The key holds another version of the quiz than the one that was answered.</p>'
    if not key:
        yield '<p class="note">Name the quizzes with --key to see prompts, and which options learners chose.</p>'
    unit = "points" if quiz.same_questions else "% of the points"
    yield _table("The quiz as a whole", ("", ""), _summary(quiz, unit), plain_head=True)
    if quiz.distribution:
        steps = [(plots.step_label(start, end), str(count)) for start, end, count in quiz.distribution]
        yield '<div class="side">' + plots.histogram(f"totals-{place}", quiz)
        yield _table("Distribution of totals", (unit.capitalize(), "Learners"), steps) + "</div>"
    if any(each.discrimination is not None for each in quiz.questions):
        yield plots.question_map(f"map-{place}", quiz, flags.TOO_EASY, flags.LOW_DISCRIMINATION)
    yield _questions([_row(each, place) for each in quiz.questions])
    if quiz.objectives:
        rows = [
            (names.get(each.objective, each.objective), str(each.questions), str(each.n), _percent(each.mean))
            for each in quiz.objectives
        ]
        yield _table("Results by objective", ("Objective", "Questions", "Learners", "Mean share of points"), rows)
    if quiz.certainty:
        yield _table(
            "How sure learners were", ("They said", "Answers", "Right", "95 % interval", "Pays best"), _levels(quiz)
        )
    for each in quiz.questions:
        yield from _question(each, key, place)


def _summary(quiz: QuizFigures, unit: str) -> list[tuple[str, str]]:
    rows = [("Learners with a total", str(quiz.n))]
    rows += [("Handed in nothing", str(quiz.not_handed_in))] if quiz.not_handed_in else []
    rows += [("Handed in, but without a total", str(quiz.incomplete))] if quiz.incomplete else []
    of = f" of {score_text(quiz.points)}" if quiz.same_questions else ""
    rows.append(("Questions in the total", f"{quiz.counted} of {len(quiz.questions)}"))
    rows.append(("Mean", _NONE if quiz.mean is None else f"{quiz.mean:.2f}{of} {unit}"))
    rows.append(("Standard deviation", _NONE if quiz.sd is None else f"{quiz.sd:.2f}"))
    reliability = quiz.reliability
    if not reliability:
        return [*rows, ("Reliability", quiz.no_reliability)]
    name = f"Reliability ({reliability.name})"
    rows.append((name, f"{reliability.value:.2f}{_interval(reliability.interval)}"))
    rows.append(("Standard error of measurement", f"{reliability.error:.2f} points"))
    return rows


_COLUMNS = (
    "No.", "Question", "Look at", "n", "Facility (95 % interval)", "No answer", "r with the rest (95 % interval)",
    "Lower 27 %", "Upper 27 %", "D", "Band of D", "Median time", "Median attempts",
)  # fmt: skip


def _questions(rows: Sequence[Sequence[str]]) -> str:
    """The table of all questions, without the columns in which there is no figure at all."""
    columns = zip(_COLUMNS, *rows, strict=True)
    head, *kept = zip(*(c for c in columns if c[0] == "Look at" or set(c[1:]) != {_NONE}), strict=True)
    return _table("Questions", head, kept, html=True, label=1)


def _row(each: QuestionFigures, place: int) -> tuple[str, ...]:
    d = each.discrimination
    return (
        str(each.number),
        f'<a href="#q-{place}-{each.number}">{escape(each.question)}</a>',
        escape(", ".join(flag.name.replace("-", " ") for flag in each.flags)) or _NONE,
        str(each.n),
        _with_interval(each.facility, each.facility_interval),
        _NONE if each.omitted is None else _percent(each.omitted),
        _with_interval(each.correlation, each.correlation_interval),
        _two(each.lower),
        _two(each.upper),
        _two(d),
        _NONE if d is None else flags.discrimination_band(d),
        _NONE if each.seconds is None else f"{each.seconds:.0f} s",
        _NONE if each.attempts is None else score_text(each.attempts),
    )


def _levels(quiz: QuizFigures) -> Iterator[tuple[str, ...]]:
    pays = {1: "below 67 %", 2: "67 to 80 %", 3: "above 80 %"}
    for level in quiz.certainty:
        share = level.right / level.answers if level.answers else None
        interval = None if share is None else proportion_interval(share, level.answers)
        yield (
            strings()[f"sure_{level.level}"],
            str(level.answers),
            _NONE if share is None else _percent(share),
            _interval(interval).strip(" ()") or _NONE,
            pays[level.level],
        )


def _question(each: QuestionFigures, key: Quiz | None, place: int) -> Iterator[str]:
    yield f'<section class="question" id="q-{place}-{each.number}"><h3>{each.number} {escape(each.question)}</h3>'
    known = {question.id: question for question in key.questions} if key else {}
    if key and each.question in known:
        yield f'<div class="prompt"{_language(key)}>{prompt_html(key, each.question)}</div>'
    facts = f"{each.type}, {score_text(each.max_score)} point{'s' * (each.max_score != 1)}"
    if each.facility is not None:
        facts += f"; facility {each.facility:.2f}{_interval(each.facility_interval)}"
    if each.correlation is not None:
        facts += f"; correlation with the rest {each.correlation:.2f}{_interval(each.correlation_interval)}"
    yield f'<p class="facts">{escape(facts)}</p>'
    yield _flags(each.flags)
    if key and each.options:
        yield _options(each, key, known[each.question].interaction())
    yield "</section>"


def _language(key: Quiz) -> str:
    """The language of what the author wrote, where it is not that of the page."""
    return "" if key.language == "en" else f" {language_attributes(key.language)}"


def _options(each: QuestionFigures, key: Quiz, interaction: object) -> str:
    texts = {option.id: option for option in interaction.options} if isinstance(interaction, Choice) else {}
    head = ("Option", "Key", "Learners", "All", "Lower 27 %", "Middle", "Upper 27 %")
    rows = []
    for option in each.options:
        shares = [option.lower, option.middle, option.upper]
        cells = [
            _NONE if share is None else f'{plots.bar(share, option.right)}<span class="share">{_percent(share)}</span>'
            for share in shares
        ]
        text = option_as_html(texts[option.option], key) if option.option in texts else escape(option.text)
        rows.append(
            (
                f"<span{_language(key)}>{text}</span>",
                "right" if option.right else "",
                str(option.count),
                _percent(option.chosen),
                *cells,
            )
        )
    note = " (several may be chosen)" if each.several else ""
    return _table(f"Who chose what{note}", head, rows, html=True)


def _gain(gain: GainFigures, names: Mapping[str, str]) -> Iterator[str]:
    yield "<h2>Gain</h2>"
    yield f"<p>From “{escape(gain.pre)}” to “{escape(gain.post)}”, for learners with a total in both. "
    yield f"Only before: {gain.only_pre}. Only after: {gain.only_post}.</p>"
    if not gain.rows:
        yield "<p>Too few learners did both to judge.</p>"
        return
    labels = [
        "All questions" if row.objective is None else names.get(row.objective, row.objective) for row in gain.rows
    ]
    yield plots.gain_plot("gain-plot", gain, labels)
    head = ("Objective", "n", "Before", "After", "Mean gain", "Standard error", "Normalised gain", "By Hake")
    rows = [
        (
            label,
            str(row.n),
            _percent(row.before),
            _percent(row.after),
            f"{100 * row.gain:+.1f} points of 100",
            _NONE if row.error is None else f"{100 * row.error:.1f}",
            _two(row.normalized),
            _hake(row.normalized),
        )
        for label, row in zip(labels, gain.rows, strict=True)
    ]
    yield _table("Gain by objective", head, rows)
    yield (
        '<p class="note">A gain says that learners answered more rightly after than before, not why. The normalized '
        "gain is the gain of the class out of what it could gain.</p>"
    )


def _hake(value: float | None) -> str:
    """The band of a normalized gain (Hake 1998)."""
    if value is None or value <= 0:
        return _NONE
    return "high" if value >= 0.7 else "medium" if value >= 0.3 else "low"


def _flags(found: Iterable[Flag]) -> str:
    items = "".join(f"<li><strong>{escape(flag.sentence)}</strong> {escape(flag.advice)}</li>" for flag in found)
    return f'<ul class="flags">{items}</ul>' if items else ""


def _table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    html: bool = False,
    label: int = 0,
    plain_head: bool = False,
) -> str:
    """A table whose column ``label`` names the rows. Cells are HTML where ``html`` says so, else text."""
    top = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    lines = []
    for row in rows:
        cells = [cell if html else escape(cell) for cell in row]
        marked = ' class="right"' if "right" in row else ""
        line = "".join(
            f'<th scope="row">{cell}</th>' if place == label else f"<td{_align(cell)}>{cell}</td>"
            for place, cell in enumerate(cells)
        )
        lines.append(f"<tr{marked}>{line}</tr>")
    thead = "" if plain_head else f"<thead><tr>{top}</tr></thead>"
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption>{thead}<tbody>{''.join(lines)}</tbody></table></div>"
    )


def _align(cell: str) -> str:
    """The class of a cell that holds a figure, so that figures stand below each other."""
    return ' class="number"' if re.match(r"(<svg.*</svg><[^>]*>)?[-+\d–]", cell) else ""


def _two(value: float | None) -> str:
    return _NONE if value is None else f"{round(value, 2) + 0.0:.2f}"


def _with_interval(value: float | None, interval: Interval | None) -> str:
    """A figure above its interval, as HTML."""
    return _two(value) + (f"<br><small>{_interval(interval).strip(' ()')}</small>" if interval else "")


def _percent(share: float) -> str:
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def _interval(interval: Interval | None) -> str:
    return "" if interval is None else f" ({_two(interval[0])} to {_two(interval[1])})"
