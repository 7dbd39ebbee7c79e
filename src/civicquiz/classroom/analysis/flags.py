"""What is worth a second look, in plain words, and what to do about it.

Every threshold is defined here, with its source. A flag is a question for the teacher, never a verdict: only somebody
who knows the subject can tell whether a key is wrong.
"""

from __future__ import annotations

import math

from civicquiz.classroom.analysis.figures import Flag, OptionFigures, QuestionFigures, QuizFigures
from civicquiz.classroom.analysis.statistics import proportion_interval

__all__ = ["CAUTION", "TOO_FEW", "discrimination_band", "of_question", "of_quiz"]

#: Below this many learners no figure that compares learners is shown. With 9, a correlation of 0.3 could just as well
#: be -0.46 or 0.80 (Fisher 1921, 95%), so even its sign is unknown; and groups of 27% would be two people each, whose
#: answers could be guessed. 10 is also the smallest group that most US states report on (National Center for
#: Education Statistics, SLDS Technical Brief 3, NCES 2011-603).
TOO_FEW = 10

#: Below this many learners flags say that they may be chance: with 29, a correlation of 0.3 could just as well be
#: -0.08 or 0.60 (Fisher 1921, 95%). J. D. Kromrey and T. P. Bacon, "Item analysis of achievement tests based on small
#: numbers of examinees" (1992, ERIC ED348378), measured how far such figures stray for 5 to 160 learners.
CAUTION = 30

#: Bands of the index D: R. L. Ebel and D. A. Frisbie, Essentials of Educational Measurement, 5th ed., 1991, ch. 13.
_BANDS = ((0.40, "very good"), (0.30, "good"), (0.20, "marginal"), (-math.inf, "poor"))
LOW_DISCRIMINATION = 0.20

#: D counts the question itself in the totals, which inflates it in short quizzes: in one of 12 questions, a question
#: that is answered by chance alone gets about 0.3. The corrected correlation r is not inflated. The Office of
#: Educational Assessment of the University of Washington ("Understanding item analyses") calls it poor below 0.10.
LOW_CORRELATION = 0.10

#: From here on D cannot reach the band "very good" even if only the lower group errs: 0.10 / GROUP_SHARE is 0.37.
TOO_EASY = 0.90
#: If exactly one option is right, blind guessing can earn more; then that is the threshold. Our own round figure.
TOO_HARD = 0.20

#: A wrong option that fewer choose is not working: T. M. Haladyna and S. M. Downing, "How many options is enough for a
#: multiple-choice test item?", Educational and Psychological Measurement 53 (1993): 999-1010.
UNUSED = 0.05

#: Our own round figure.
OFTEN_OMITTED = 0.10

#: Below this, the Office of Educational Assessment of the University of Washington ("Understanding item analyses")
#: advises revising a test, unless it is short; J. C. Nunnally, Psychometric Theory, 2nd ed. (1978), asks for 0.70 even
#: in the early stages of research, and for 0.90 where a decision about a person depends on the score.
LOW_RELIABILITY = 0.60
GOOD_RELIABILITY = 0.70

#: From this share of right answers on, being very sure earns the most under certainty-based marks: 3p - 6(1 - p)
#: overtakes 2p - 2(1 - p) at p = 0.8 (A. R. Gardner-Medwin 2006, see ``grading.certainty_mark``).
SURE_PAYS_FROM = 0.80


def discrimination_band(d: float) -> str:
    """The band of the index D by Ebel and Frisbie."""
    return next(word for least, word in _BANDS if round(d, 4) >= least)


def of_question(question: QuestionFigures) -> tuple[Flag, ...]:
    """The flags of a question, the most serious first. Too few learners raise none (see TOO_FEW)."""
    found: list[Flag] = []
    if question.void:
        sentence = "This question was dropped: everyone got its points, so the figures say nothing about it."
        return (Flag("void", sentence, "See who chose what, and fix the question before you use it again."),)
    if question.waiting:
        answers = "1 answer needs" if question.waiting == 1 else f"{question.waiting} answers need"
        found.append(
            Flag(
                "waiting",
                f"{answers} to be scored by a person, so this question is left out of all totals.",
                "Score the open answers, then run 'civicquiz grade' and 'civicquiz report' again.",
            )
        )
    if question.n < TOO_FEW or question.facility is None:
        return tuple(found)
    key, extreme = _discrimination(question), _too_easy_or_hard(question)
    found += key or ([] if extreme else _low(question))
    if not any(flag.name == "key-error" for flag in key):  # that one already says why hardly anybody is right
        found += extreme
    if question.omitted is not None and question.omitted >= OFTEN_OMITTED:
        found.append(
            Flag(
                "often-omitted",
                f"{_percent(question.omitted)} of the students gave no answer.",
                "Check that the task is clear and there was enough time; late in a quiz, time is often the reason.",
            )
        )
    if not {"too-easy", "key-error"} & {flag.name for flag in found}:
        found += _unused(question)
    if question.n < CAUTION:
        found = [flag if flag.name == "waiting" else _careful(flag, question.n) for flag in found]
    return tuple(found)


def _careful(flag: Flag, n: int) -> Flag:
    return Flag(flag.name, f"{flag.sentence} With n = {n}, this may be chance.", flag.advice)


def _discrimination(question: QuestionFigures) -> list[Flag]:
    """Learners who do well on the other questions do no better on this one, or worse: the key may be wrong."""
    r, d = question.correlation, question.discrimination
    if r is None or d is None:
        return []
    worst = max(_suspects(question.options), key=lambda option: option.upper or 0.0, default=None)
    # A question with a wrong key hardly ever earns points, which keeps r near 0: then look at what the upper group
    # chose.
    if worst and (min(r, d) < 0 or (d < LOW_DISCRIMINATION and (worst.upper or 0.0) > 0.5)):
        right = " and ".join(f"'{option.text}'" for option in question.options if option.right)
        return [
            Flag(
                "key-error",
                f"Probably a mistake in the key: the highest-scoring students choose '{worst.text}' "
                f"({_percent(worst.upper)}) more often than a right option, and students who do well on the other "
                f"questions do no better on this one (r = {r:.2f}). The key says {right}.",
                "Check the key first. If it is right, look for a second way to read the question that makes the other "
                "option right. If you change the key, grade again.",
            )
        ]
    if r >= 0:
        return []
    return [
        Flag(
            "negative-discrimination",
            f"Students who do well on the other questions do worse on this one (r = {r:.2f}).",
            "Check the key, then the wording: a double negative, a trick, or a simple answer that students who know "
            "more would doubt. Do not count this question toward a grade until you know why.",
        )
    ]


def _suspects(options: tuple[OptionFigures, ...]) -> list[OptionFigures]:
    """Wrong options that the upper group chooses more often than the lower one, and than some right option."""
    right = [option.upper for option in options if option.right and option.upper is not None]
    return [
        option
        for option in options
        if not option.right
        and option.upper is not None
        and option.lower is not None
        and right
        and option.upper > option.lower
        and option.upper > min(right)
    ]


def _low(question: QuestionFigures) -> list[Flag]:
    r, d = question.correlation, question.discrimination
    if r is None or d is None or (round(d, 4) >= LOW_DISCRIMINATION and round(r, 4) >= LOW_CORRELATION):
        return []
    return [
        Flag(
            "low-discrimination",
            f"Students who do well on the other questions do hardly any better on this one (r = {r:.2f}, D = {d:.2f}).",
            "Look for vague wording, two defensible answers, or a topic unrelated to the rest of the quiz. A question "
            "about something that everyone must know can stay.",
        )
    ]


def _too_easy_or_hard(question: QuestionFigures) -> list[Flag]:
    p = question.facility or 0.0
    if p >= TOO_EASY:
        sentence = f"Very easy: students earn {_percent(p)} of the points, so it hardly shows who knows more."
        advice = "Fine as a warm-up or for what everyone must know. Otherwise, make the wrong options more plausible."
        return [Flag("too-easy", sentence, advice)]
    chance = question.chance or 0.0
    if p > max(TOO_HARD, chance):
        return []
    sentence = f"Very hard: students earn {_percent(p)} of the points"
    sentence += f", no more than by guessing ({_percent(chance)})." if chance >= p else "."
    return [Flag("too-hard", sentence, "Check the key and the wording, then whether it was taught.")]


def _unused(question: QuestionFigures) -> list[Flag]:
    idle = [option for option in question.options if not option.right and option.chosen < UNUSED]
    if question.n < CAUTION or len(question.options) < 3 or not idle:
        return []
    names, them = " or ".join(f"'{option.text}'" for option in idle), "it" if len(idle) == 1 else "each"
    return [
        Flag(
            "unused-option",
            f"Fewer than {_percent(UNUSED)} of the students choose {names}.",
            f"Replace {them} with a mistake that students really make, or drop {them}: two or three wrong options that "
            "work are enough.",
        )
    ]


def of_quiz(quiz: QuizFigures) -> tuple[Flag, ...]:
    """The flags of the quiz as a whole."""
    found: list[Flag] = []
    if quiz.n < TOO_FEW:
        advice = "Read the answers themselves. Figures that compare students are left out."
        found.append(Flag("few-students", f"n = {quiz.n}: too few to judge the questions.", advice))
    elif quiz.n < CAUTION:
        advice = "Treat them as hints, or add the results of another class that took the same quiz."
        found.append(Flag("small-class", f"n = {quiz.n}: the figures are rough; note the intervals.", advice))
    if len(quiz.versions) > 1:
        sentence = f"Students answered {len(quiz.versions)} versions of the quiz, and the figures mix them."
        found.append(Flag("versions", sentence, "If the texts changed, grade each version into its own folder."))
    if quiz.incomplete:
        students = "1 student" if quiz.incomplete == 1 else f"{quiz.incomplete} students"
        sentence = f"{students} handed in answers but have no total, because a score is missing."
        found.append(Flag("incomplete", sentence, "See what 'civicquiz grade' reported about those submissions."))
    found += _unreliable(quiz) + _overconfident(quiz)
    return tuple(found)


def _unreliable(quiz: QuizFigures) -> list[Flag]:
    reliability = quiz.reliability
    if not reliability or reliability.value >= LOW_RELIABILITY:
        return []
    value = reliability.value
    sentence = f"Totals are not reliable ({reliability.name} = {value:.2f})."
    if quiz.n < CAUTION:
        sentence += f" With n = {quiz.n}, this may be chance."
    advice = "Do not base a decision about a student on this quiz alone; add other evidence, and fix flagged questions."
    if value >= 0.1:
        factor = GOOD_RELIABILITY * (1 - value) / (value * (1 - GOOD_RELIABILITY))
        # C. Spearman and W. Brown, both in British Journal of Psychology 3 (1910): 271-295 and 296-322
        longer = math.ceil(round(quiz.counted * factor, 6))
        advice += f" About {longer} questions like these would reach {GOOD_RELIABILITY:.2f}."
    return [Flag("low-reliability", sentence, advice)]


def _overconfident(quiz: QuizFigures) -> list[Flag]:
    for level in quiz.certainty:
        interval = proportion_interval(level.right / level.answers, level.answers) if level.answers >= TOO_FEW else None
        if level.certainty == 3 and interval and interval[1] < SURE_PAYS_FROM:
            share = _percent(level.right / level.answers)
            sentence = f"When students were very sure, they were right {share} of the time."
            advice = (
                f"Being very sure pays off from {_percent(SURE_PAYS_FROM)} on. Talk about the hardest questions: a "
                "student who is sure and wrong has a misconception, not a gap."
            )
            return [Flag("overconfident", sentence, advice)]
    return []


def _percent(share: float | None) -> str:
    return f"{100 * (share or 0.0):.0f}%"
