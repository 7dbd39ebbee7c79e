"""What is worth a second look, in plain words, and what to do about it.

Every threshold stands here once, with where it comes from. A flag is a question to the teacher, never a verdict: only
who knows the subject can tell whether a key is wrong.
"""

from __future__ import annotations

import math

from civicquiz.classroom.analysis.figures import Flag, OptionFigures, QuestionFigures, QuizFigures
from civicquiz.classroom.analysis.statistics import proportion_interval

__all__ = ["CAUTION", "TOO_FEW", "discrimination_band", "of_question", "of_quiz"]

#: Below so many learners no figure that compares learners is shown. With 9, a correlation of 0.3 could as well be
#: -0.46 or 0.80 (Fisher 1921, 95 %), which does not even say its sign; and groups of 27 % would be two people each,
#: whose answers could be told. 10 is also the smallest group that most US states report on (National Center for
#: Education Statistics, SLDS Technical Brief 3, NCES 2011-603).
TOO_FEW = 10

#: Below so many learners flags say that they may be chance: with 29, a correlation of 0.3 could as well be -0.08 or
#: 0.60 (Fisher 1921, 95 %). J. D. Kromrey and T. P. Bacon, "Item analysis of achievement tests based on small numbers
#: of examinees" (1992, ERIC ED348378), measured how far such figures stray for 5 to 160 learners.
CAUTION = 30

#: Bands of the index D: R. L. Ebel and D. A. Frisbie, Essentials of Educational Measurement, 5th ed., 1991, ch. 13.
_BANDS = ((0.40, "very good"), (0.30, "good"), (0.20, "marginal"), (-math.inf, "poor"))
LOW_DISCRIMINATION = 0.20

#: D counts the question itself among the totals, which lifts it where questions are few: among 12 as in the course, one
#: that is answered by chance alone gets about 0.3. The corrected correlation r is not lifted. The Office of Educational
#: Assessment of the University of Washington ("Understanding item analyses") calls it poor below 0.10.
LOW_CORRELATION = 0.10

#: From here on D cannot reach the band "very good" even if only the lower group errs: 0.10 / GROUP_SHARE is 0.37.
TOO_EASY = 0.90
#: Where one option is right, blind guessing can be higher; then that counts. A round figure of ours.
TOO_HARD = 0.20

#: A wrong option that fewer choose does no work: T. M. Haladyna and S. M. Downing, "How many options is enough for a
#: multiple-choice test item?", Educational and Psychological Measurement 53 (1993): 999-1010.
UNUSED = 0.05

#: A round figure of ours.
OFTEN_OMITTED = 0.10

#: Below it the Office of Educational Assessment of the University of Washington ("Understanding item analyses") advises
#: to revise a test, unless it is short; J. C. Nunnally, Psychometric Theory, 2nd ed. (1978), asks for 0.70 even in the
#: early stages of research and for 0.90 where a score decides about a person.
LOW_RELIABILITY = 0.60
GOOD_RELIABILITY = 0.70

#: From so many right answers in a hundred on, being very sure earns most under certainty-based marks: 3p - 6(1 - p)
#: overtakes 2p - 2(1 - p) at p = 0.8 (A. R. Gardner-Medwin 2006, see ``grading.certainty_mark``).
SURE_PAYS_FROM = 0.80


def discrimination_band(d: float) -> str:
    """The band of the index D by Ebel and Frisbie."""
    return next(word for least, word in _BANDS if round(d, 4) >= least)


def of_question(question: QuestionFigures, quiz: QuizFigures) -> tuple[Flag, ...]:
    """The flags of a question, the gravest first. Too few learners raise none (see TOO_FEW)."""
    found: list[Flag] = []
    if question.waiting:
        found.append(
            Flag(
                "waiting",
                f"{_answers(question.waiting)} still wait{'s' * (question.waiting == 1)} for a person, so the question "
                "is in no total.",
                "Score them, grade again and make the report again.",
            )
        )
    if question.n < TOO_FEW or question.facility is None:
        return tuple(found)
    key, extreme = _discrimination(question), _too_easy_or_hard(question)
    found += key or ([] if extreme else _low(question))
    if not any(flag.name == "key-error" for flag in key):  # which says why hardly anybody is right
        found += extreme
    if question.omitted is not None and question.omitted >= OFTEN_OMITTED:
        found.append(
            Flag(
                "often-omitted",
                f"{_percent(question.omitted)} of the learners gave no answer.",
                "Ask whether the task is clear and whether time was enough; at the end of a quiz it is often time.",
            )
        )
    if not {"too-easy", "key-error"} & {flag.name for flag in found}:
        found += _unused(question)
    if question.n < CAUTION:
        found = [flag if flag.name == "waiting" else _careful(flag, question.n) for flag in found]
    return tuple(found)


def _careful(flag: Flag, n: int) -> Flag:
    return Flag(flag.name, f"{flag.sentence} With n = {n} this may be chance.", flag.advice)


def _discrimination(question: QuestionFigures) -> list[Flag]:
    """Learners who do well elsewhere do not do better here, or worse: the key may be wrong."""
    r, d = question.correlation, question.discrimination
    if r is None or d is None:
        return []
    worst = max(_suspects(question.options), key=lambda option: option.upper or 0.0, default=None)
    # A question with a wrong key hardly ever earns points, which holds r near 0: then what most of the best do tells.
    if worst and (min(r, d) < 0 or (d < LOW_DISCRIMINATION and (worst.upper or 0.0) > 0.5)):
        right = " and ".join(f"'{option.text}'" for option in question.options if option.right)
        return [
            Flag(
                "key-error",
                f"Probably a mistake in the key: the best learners choose '{worst.text}' ({_percent(worst.upper)}) "
                f"more often than a right option, and who does well elsewhere does no better here (r = {r:.2f}). The "
                f"key says {right}.",
                "Check the key first. If it is right, look for a second reading of the prompt under which the other "
                "option is right. After a change of the key grade again.",
            )
        ]
    if r >= 0:
        return []
    return [
        Flag(
            "negative-discrimination",
            f"Who does well elsewhere does worse here (r = {r:.2f}).",
            "Check the key, then the prompt: a double negative, a trick, or knowledge that speaks against the simple "
            "answer. Leave the question out of a grade until you know why.",
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
            f"Who does well elsewhere does hardly better here (r = {r:.2f}, D = {d:.2f}).",
            "Look for a vague prompt, two defensible options, or a topic apart from the rest of the quiz. A question "
            "on something that has to be known may stay.",
        )
    ]


def _too_easy_or_hard(question: QuestionFigures) -> list[Flag]:
    p = question.facility or 0.0
    if p >= TOO_EASY:
        sentence = f"Very easy: learners earn {_percent(p)} of the points, so it tells hardly anybody apart."
        advice = "Fine as a start or for what everybody has to know. Otherwise make the wrong options more plausible."
        return [Flag("too-easy", sentence, advice)]
    chance = question.chance or 0.0
    if p > max(TOO_HARD, chance):
        return []
    sentence = f"Very hard: learners earn {_percent(p)} of the points"
    sentence += f", no more than by guessing ({_percent(chance)})." if chance >= p else "."
    return [Flag("too-hard", sentence, "Check the key and the prompt, then whether it was taught.")]


def _unused(question: QuestionFigures) -> list[Flag]:
    idle = [option for option in question.options if not option.right and option.chosen < UNUSED]
    if question.n < CAUTION or len(question.options) < 3 or not idle:
        return []
    names = ", ".join(f"'{option.text}'" for option in idle)
    return [
        Flag(
            "unused-option",
            f"Fewer than {_percent(UNUSED)} choose {names}.",
            "Write in its place a mistake that learners make, or leave it out: two or three wrong options that work "
            "are enough.",
        )
    ]


def of_quiz(quiz: QuizFigures) -> tuple[Flag, ...]:
    """The flags of the quiz as a whole."""
    found: list[Flag] = []
    if quiz.n < TOO_FEW:
        advice = "Read the answers themselves. Figures that compare learners are left out."
        found.append(Flag("few-learners", f"n = {quiz.n}: too few to judge the questions by.", advice))
    elif quiz.n < CAUTION:
        advice = "Take them as hints, or add the results of another class that got the same quiz."
        found.append(Flag("small-class", f"n = {quiz.n}: the figures are rough; mind the intervals.", advice))
    if len(quiz.versions) > 1:
        sentence = f"Learners answered {len(quiz.versions)} versions of the quiz; figures mix them."
        found.append(Flag("versions", sentence, "Grade each version in a folder of its own if texts have changed."))
    if quiz.incomplete:
        sentence = f"{quiz.incomplete} of the learners who handed in have no total, because a score is missing."
        found.append(Flag("incomplete", sentence, "See what 'civicquiz grade' said about their submissions."))
    found += _unreliable(quiz) + _overconfident(quiz)
    return tuple(found)


def _unreliable(quiz: QuizFigures) -> list[Flag]:
    reliability = quiz.reliability
    if not reliability or reliability.value >= LOW_RELIABILITY:
        return []
    value = reliability.value
    sentence = f"Totals are not reliable ({reliability.name} = {value:.2f})."
    if quiz.n < CAUTION:
        sentence += f" With n = {quiz.n} this may be chance."
    advice = "Do not decide on a person by this quiz alone; add other evidence, and mend the questions flagged below."
    if value >= 0.1:
        factor = GOOD_RELIABILITY * (1 - value) / (value * (1 - GOOD_RELIABILITY))
        # C. Spearman and W. Brown, both in British Journal of Psychology 3 (1910): 271-295 and 296-322
        longer = math.ceil(round(quiz.counted * factor, 6))
        advice += f" About {longer} questions of this sort would reach {GOOD_RELIABILITY:.2f}."
    return [Flag("low-reliability", sentence, advice)]


def _overconfident(quiz: QuizFigures) -> list[Flag]:
    for level in quiz.certainty:
        interval = proportion_interval(level.right / level.answers, level.answers) if level.answers >= TOO_FEW else None
        if level.level == 3 and interval and interval[1] < SURE_PAYS_FROM:
            share = _percent(level.right / level.answers)
            sentence = f"Learners who were very sure were right in {share} of their answers."
            advice = (
                f"Being very sure pays from {_percent(SURE_PAYS_FROM)} on. Talk about the hardest questions: who is "
                "sure and wrong has a misconception, not a gap."
            )
            return [Flag("overconfident", sentence, advice)]
    return []


def _answers(count: int) -> str:
    return "1 answer" if count == 1 else f"{count} answers"


def _percent(share: float | None) -> str:
    return f"{100 * (share or 0.0):.0f}\N{NO-BREAK SPACE}%"
