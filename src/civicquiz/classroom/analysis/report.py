"""The figures as one HTML page, without scripts, without requests to any host, the same bytes for the same figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from civicquiz.authoring.wording import score_text
from civicquiz.classroom.analysis import flags, plots
from civicquiz.classroom.analysis.figures import Flag, GainFigures, Interval, QuestionFigures, QuizFigures
from civicquiz.classroom.analysis.plain_text import interaction_in_report, option_as_html, prompt_html
from civicquiz.classroom.analysis.statistics import proportion_interval
from civicquiz.frontend.words import strings
from civicquiz.hosts.documents.page_frame import html_page, language_attributes
from civicquiz.model.interactions import Choice
from civicquiz.model.quiz import Quiz

__all__ = ["GENERATOR", "report"]

GENERATOR = "civicquiz report"

#: Shown in place of a figure that does not exist.
_NONE = "–"


def report(quizzes: Sequence[QuizFigures], keys: Mapping[str, Quiz], gain: GainFigures | None = None) -> str:
    """The page.

    Args:
        quizzes: the figures of each quiz, in the order of the page.
        keys: the quizzes that are known, by name; the titles, prompts and texts of options come from them.
        gain: what was gained between two of them.
    """
    objectives = {code: text for quiz in keys.values() for code, text in quiz.objectives.items()}
    body = ["<h1>Item analysis</h1>"]
    if len(quizzes) + bool(gain) > 1:
        links = [(f"quiz-{number}", _title(quiz, keys)) for number, quiz in enumerate(quizzes, start=1)]
        links += [("gain", "Gain")] if gain else []
        entries = "".join(f'<li><a href="#{target}">{escape(title)}</a></li>' for target, title in links)
        body.append(f'<nav aria-label="Contents"><ul>{entries}</ul></nav>')
    for number, quiz in enumerate(quizzes, start=1):
        section = _quiz(quiz, keys.get(quiz.name), number, objectives)
        body += [f'<section class="quiz" id="quiz-{number}">', *section, "</section>"]
    if gain:
        body += ['<section class="quiz" id="gain">', *_gain(gain, objectives), "</section>"]
    body.append(
        '<p class="note">This page names no student. Intervals are 95% confidence intervals. The documentation of '
        "civicquiz explains every figure and its limits under “Understand the results”.</p>"
    )
    return html_page("Item analysis", body, language="en", styles=["report.css"], generator=GENERATOR)


def _title(quiz: QuizFigures, keys: Mapping[str, Quiz]) -> str:
    return keys[quiz.name].title if quiz.name in keys else quiz.name


def _quiz(quiz: QuizFigures, key: Quiz | None, number: int, objectives: Mapping[str, str]) -> Iterator[str]:
    yield f"<h2{_language(key) if key else ''}>{escape(key.title if key else quiz.name)}</h2>"
    yield _flags(quiz.flags)
    if key and quiz.versions and key.version not in quiz.versions:
        yield '<p class="note">The key is for a different version of the quiz than the one that students answered.</p>'
    if not key:
        yield '<p class="note">To see the prompts and which options students chose, name the quizzes with --key.</p>'
    unit = "points" if quiz.same_questions else "% of the points"
    yield _table("The quiz as a whole", ("", ""), _summary(quiz, unit), show_header=False)
    if quiz.distribution:
        steps = [(plots.step_label(start, end), str(count)) for start, end, count in quiz.distribution]
        yield '<div class="side">' + plots.histogram(f"totals-{number}", quiz)
        yield _table("Distribution of totals", (unit.capitalize(), "Students"), steps) + "</div>"
    if any(question.discrimination is not None for question in quiz.questions):
        yield plots.question_map(f"map-{number}", quiz, flags.TOO_EASY, flags.LOW_DISCRIMINATION)
    yield _questions([_row(question, number) for question in quiz.questions])
    if quiz.objectives:
        rows = [
            (objectives.get(found.code, found.code), str(found.questions), str(found.n), _percent(found.mean))
            for found in quiz.objectives
        ]
        yield _table("Results by objective", ("Objective", "Questions", "Students", "Mean share of points"), rows)
    if quiz.certainty:
        header = ("They said", "Answers", "Right", "95% interval", "Pays off if right")
        yield _table("How sure students were", header, _levels(quiz))
    for question in quiz.questions:
        yield from _question(question, key, number)


def _summary(quiz: QuizFigures, unit: str) -> list[tuple[str, str]]:
    rows = [("Students with a total", str(quiz.n))]
    rows += [("Handed in nothing", str(quiz.not_handed_in))] if quiz.not_handed_in else []
    rows += [("Handed in, but without a total", str(quiz.incomplete))] if quiz.incomplete else []
    out_of = f" of {score_text(quiz.points)}" if quiz.same_questions else ""
    rows.append(("Questions in the total", f"{quiz.counted} of {len(quiz.questions)}"))
    rows.append(("Mean", _NONE if quiz.mean is None else f"{quiz.mean:.2f}{out_of} {unit}"))
    rows.append(("Standard deviation", _NONE if quiz.sd is None else f"{quiz.sd:.2f}"))
    reliability = quiz.reliability
    if not reliability:
        return [*rows, ("Reliability", quiz.no_reliability)]
    name = f"Reliability ({reliability.name})"
    rows.append((name, f"{reliability.value:.2f}{_interval(reliability.interval)}"))
    rows.append(("Standard error of measurement", f"{reliability.error:.2f} points"))
    return rows


_COLUMNS = (
    "No.", "Question", "Flags", "n", "Facility (95% interval)", "No answer", "r with the rest (95% interval)",
    "Lower 27%", "Upper 27%", "D", "Band of D", "Median time", "Median attempts",
)  # fmt: skip


def _questions(rows: Sequence[Sequence[str]]) -> str:
    """The table of all questions, without the columns that have no figures at all."""
    columns = zip(_COLUMNS, *rows, strict=True)
    header, *kept = zip(*(c for c in columns if c[0] == "Flags" or set(c[1:]) != {_NONE}), strict=True)
    return _table("Questions", header, kept, html=True, label=1)


def _row(question: QuestionFigures, quiz_number: int) -> tuple[str, ...]:
    d = question.discrimination
    return (
        str(question.number),
        f'<a href="#q-{quiz_number}-{question.number}">{escape(question.id)}</a>',
        escape(", ".join(flag.name.replace("-", " ") for flag in question.flags)) or _NONE,
        str(question.n),
        _with_interval(question.facility, question.facility_interval),
        _NONE if question.omitted is None else _percent(question.omitted),
        _with_interval(question.correlation, question.correlation_interval),
        _two(question.lower),
        _two(question.upper),
        _two(d),
        _NONE if d is None else flags.discrimination_band(d),
        _NONE if question.seconds is None else f"{question.seconds:.0f} s",
        _NONE if question.attempts is None else score_text(question.attempts),
    )


def _levels(quiz: QuizFigures) -> Iterator[tuple[str, ...]]:
    pays = {1: "below 67%", 2: "67% to 80%", 3: "above 80%"}
    for level in quiz.certainty:
        share = level.right / level.answers if level.answers else None
        interval = None if share is None else proportion_interval(share, level.answers)
        yield (
            strings()[f"sure_{level.certainty}"],
            str(level.answers),
            _NONE if share is None else _percent(share),
            _interval(interval).strip(" ()") or _NONE,
            pays[level.certainty],
        )


def _question(figures: QuestionFigures, key: Quiz | None, quiz_number: int) -> Iterator[str]:
    number = figures.number
    yield f'<section class="question" id="q-{quiz_number}-{number}"><h3>{number} {escape(figures.id)}</h3>'
    known = {question.id: question for question in key.questions} if key else {}
    if key and figures.id in known:
        yield f'<div class="prompt"{_language(key)}>{prompt_html(key, figures.id)}</div>'
    points = f"{score_text(figures.max_score)} point{'' if figures.max_score == 1 else 's'}"
    facts = ", ".join(filter(None, (figures.type, points, figures.level, figures.difficulty)))
    if figures.facility is not None:
        facts += f"; facility {figures.facility:.2f}{_interval(figures.facility_interval)}"
    if figures.correlation is not None:
        facts += f"; correlation with the rest {figures.correlation:.2f}{_interval(figures.correlation_interval)}"
    yield f'<p class="facts">{escape(facts)}</p>'
    yield _flags(figures.flags)
    if key and figures.options:
        yield _options(figures, key, interaction_in_report(key, known[figures.id]))
    yield "</section>"


def _language(key: Quiz) -> str:
    """The language of the author's texts, if it is not that of the page."""
    return "" if key.language == "en" else f" {language_attributes(key.language)}"


def _options(question: QuestionFigures, key: Quiz, interaction: object) -> str:
    written = {option.id: option for option in interaction.options} if isinstance(interaction, Choice) else {}
    header = ("Option", "Key", "Students", "All", "Lower 27%", "Middle", "Upper 27%")
    rows = []
    for option in question.options:
        shares = [option.lower, option.middle, option.upper]
        cells = [
            _NONE if share is None else f'{plots.bar(share, option.right)}<span class="share">{_percent(share)}</span>'
            for share in shares
        ]
        text = option_as_html(written[option.id], key) if option.id in written else escape(option.text)
        rows.append(
            (
                f"<span{_language(key)}>{text}</span>",
                "right" if option.right else "",
                str(option.count),
                _percent(option.chosen),
                *cells,
            )
        )
    note = " (several may be chosen)" if question.several else ""
    return _table(f"Who chose what{note}", header, rows, html=True)


def _gain(gain: GainFigures, objectives: Mapping[str, str]) -> Iterator[str]:
    yield "<h2>Gain</h2>"
    yield f"<p>From “{escape(gain.pre)}” to “{escape(gain.post)}”, for students with a total in both. "
    yield f"Only before: {gain.only_pre}. Only after: {gain.only_post}.</p>"
    if not gain.rows:
        yield "<p>Too few students took both to judge.</p>"
        return
    labels = [
        "All questions" if row.objective is None else objectives.get(row.objective, row.objective) for row in gain.rows
    ]
    yield plots.gain_plot("gain-plot", gain, labels)
    header = ("Objective", "n", "Before", "After", "Mean gain", "Standard error", "Normalized gain", "Band by Hake")
    rows = [
        (
            label,
            str(row.n),
            _percent(row.before),
            _percent(row.after),
            f"{100 * row.gain:+.1f} percentage points",
            _NONE if row.error is None else f"{100 * row.error:.1f}",
            _two(row.normalized),
            _hake(row.normalized),
        )
        for label, row in zip(labels, gain.rows, strict=True)
    ]
    yield _table("Gain by objective", header, rows)
    yield (
        '<p class="note">A gain shows that students answered better after than before, not why. The normalized gain is '
        "the share of the possible gain that the class achieved.</p>"
    )


def _hake(value: float | None) -> str:
    """The band of a normalized gain (Hake 1998)."""
    if value is None or value <= 0:
        return _NONE
    return "high" if value >= 0.7 else "medium" if value >= 0.3 else "low"


def _flags(found: Iterable[Flag]) -> str:
    entries = "".join(f"<li><strong>{escape(flag.sentence)}</strong> {escape(flag.advice)}</li>" for flag in found)
    return f'<ul class="flags">{entries}</ul>' if entries else ""


def _table(
    caption: str,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    html: bool = False,
    label: int = 0,
    show_header: bool = True,
) -> str:
    """A table whose column ``label`` names the rows. Cells are text, or HTML with ``html``."""
    names = "".join(f'<th scope="col">{escape(name)}</th>' for name in header)
    lines = []
    for row in rows:
        cells = [cell if html else escape(cell) for cell in row]
        css_class = ' class="right"' if "right" in row else ""
        line = "".join(
            f'<th scope="row">{cell}</th>' if column == label else f"<td{_align(cell)}>{cell}</td>"
            for column, cell in enumerate(cells)
        )
        lines.append(f"<tr{css_class}>{line}</tr>")
    thead = f"<thead><tr>{names}</tr></thead>" if show_header else ""
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption>{thead}<tbody>{''.join(lines)}</tbody></table></div>"
    )


def _align(cell: str) -> str:
    """The class of a cell that holds a figure, so that figures are aligned."""
    return ' class="number"' if re.match(r"(<svg.*</svg><[^>]*>)?[-+\d–]", cell) else ""


def _two(value: float | None) -> str:
    return _NONE if value is None else f"{round(value, 2) + 0.0:.2f}"


def _with_interval(value: float | None, interval: Interval | None) -> str:
    """A figure above its interval, as HTML."""
    return _two(value) + (f"<br><small>{_interval(interval).strip(' ()')}</small>" if interval else "")


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _interval(interval: Interval | None) -> str:
    return "" if interval is None else f" ({_two(interval[0])} to {_two(interval[1])})"
