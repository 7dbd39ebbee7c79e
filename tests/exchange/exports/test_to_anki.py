"""Anki: what the cards say is what the questions say, and an import recognizes what is there already."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
from dataclasses import dataclass
from hashlib import sha1
from html import unescape
from pathlib import Path

import pytest
from export_checks import write_with
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from material import EXAMPLES, TYPES, load_text, question_of, questions, quiz_of, write

import civicquiz
from civicquiz.authoring.markdown import flow, render
from civicquiz.exchange.exported import ExportedQuestion
from civicquiz.exchange.exporting import export_quizzes
from civicquiz.exchange.exports.to_anki import EXPORTER
from civicquiz.grading import grade_question
from civicquiz.model.interactions import Choice, ComputedNumber, InlineGaps, Matching, Ordering, Scale, TextEntry
from civicquiz.model.questions import KeyedQuestion
from civicquiz.model.quiz import Quiz
from civicquiz.model.translations import Translation

PNG = "data:image/png;base64,iVBORw0KGgo="
MP3 = "data:audio/mpeg;base64,SUQz"


# ---- A reader of packages that knows nothing of the writer ----


@dataclass(frozen=True)
class Card:
    """A card as Anki has it: its note, and the deck that it is in."""

    note: int
    guid: str
    type: str
    fields: dict[str, str]
    tags: list[str]
    changed: int
    deck: str
    position: int

    def blanks(self) -> list[tuple[str, str]]:
        """(answer, what is there on the front) of each blank, which must be numbered in order."""
        found = re.findall(r"\{\{c(\d+)::((?:(?!\}\}|::).)*)(?:::((?:(?!\}\}).)*))?\}\}", self.fields["Text"])
        assert [int(number) for number, _, _ in found] == list(range(1, len(found) + 1))
        return [(answer, hint) for _, answer, hint in found]


def read(content: bytes) -> tuple[list[Card], dict[str, bytes], dict[str, str]]:
    """(cards in the order in which they come up, files, description of each deck) of a package."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        connection = sqlite3.connect(":memory:")
        connection.deserialize(archive.read("collection.anki2"))
        names = json.loads(archive.read("media"))
        files = {name: archive.read(number) for number, name in names.items()}
        assert {*archive.namelist()} == {"collection.anki2", "media", *names}
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    ((version, models, decks),) = connection.execute("SELECT ver, models, decks FROM col")
    assert version == 11
    types = {int(number): one for number, one in json.loads(models).items()}
    decks = {int(number): one for number, one in json.loads(decks).items()}
    rows = connection.execute(
        "SELECT notes.id, guid, mid, flds, tags, notes.mod, did, ord, sfld, csum, type, queue FROM cards"
        " JOIN notes ON notes.id = nid ORDER BY due, ord"
    ).fetchall()
    assert connection.execute("SELECT count(*) FROM notes").fetchone() == (len({row[0] for row in rows}),)
    cards = []
    for note, guid, note_type, fields, tags, changed, deck, position, first, checksum, state, queue in rows:
        names = [field["name"] for field in types[note_type]["flds"]]
        values = dict(zip(names, fields.split("\x1f"), strict=True))
        assert unescape(values["Id"]) == first == guid
        assert checksum == int(sha1(guid.encode()).hexdigest()[:8], 16)
        assert (state, queue) == (0, 0)
        for template in types[note_type]["tmpls"]:
            used = re.findall(r"\{\{[#^/]?(?:\w+:)?(\w+)\}\}", template["qfmt"] + template["afmt"])
            assert {*used} <= {*names, "FrontSide"}
            assert {*names} - {*used} == {"Id"}
        cards.append(
            Card(note, guid, types[note_type]["name"], values, tags.split(), changed, decks[deck]["name"], position)
        )
    shown = re.findall(
        r'(?:src="|\[sound:)([^"\]]+)', " ".join(value for card in cards for value in card.fields.values())
    )
    assert {*shown} == {*files}
    return cards, files, {deck["name"]: deck["desc"] for deck in decks.values()}


def exported(quiz: Quiz) -> tuple[list[Card], dict[str, ExportedQuestion]]:
    """The cards, and what became of each question by the report."""
    content, report = write_with(EXPORTER, quiz)
    return read(content)[0], report


def lines(html: str) -> list[str]:
    """The lines of a list, or the only line, before what else is accepted."""
    html = html.partition("<p>Accepted:</p>")[0]
    found = re.fullmatch(r"<(ul|ol)>(.*)</\1>", html, flags=re.DOTALL)
    return found[2].removeprefix("<li>").removesuffix("</li>").split("</li><li>") if found else [html]


def said(html: str) -> str:
    """HTML as a browser has it, without what keeps Anki from taking words for commands."""
    return re.sub("[\ufffe\uffff\U0001fffe\U0001ffff]", "\ufffd", unescape(html))


def expected(text: str) -> str:
    return said(flow(text, latex=True))


# ---- All types ----


def earns_all(question: KeyedQuestion, card: Card, which: int) -> bool:
    """Whether what is to be typed, or in the blanks, earns everything here."""
    shown = question.interaction()
    numbers = dict(shown.variants[which]) if shown.variants else {}
    if isinstance(shown, InlineGaps):
        response = numbers if shown.number_names() else {}
        for (name, gap), (answer, _) in zip(shown.gaps.items(), card.blanks(), strict=True):
            ids = {expected(option.text): option.id for option in gap.options} if isinstance(gap, Choice) else {}
            response[name] = ids.get(said(answer), unescape(re.sub("</?span>", "", answer)))
    elif isinstance(shown, ComputedNumber):
        response = {**numbers, "answer": unescape(card.fields["Typed"])}
    else:
        response = unescape(card.fields["Typed"])
    return grade_question(question, shown.read(response)).score == question.points


def check_card(question: KeyedQuestion, card: Card, which: int) -> None:
    """Compare a card with the question, or with one of its sets of numbers."""
    shown, key = question.interaction(), question.key()
    assert card.type == ("civicquiz cloze" if isinstance(shown, InlineGaps) else "civicquiz card")
    if not question.number_sets():
        assert said(card.fields["Question"]).startswith(said(render(question.prompt, latex=True)))
        for text in question.token_feedback().values():
            assert said(render(text, latex=True)) in said(card.fields["Feedback"])
    for name in ("Question", "Feedback", "Answer", "Explanation"):
        assert "{{" not in card.fields[name]
    answer = [said(line) for line in lines(card.fields["Answer"])]
    match shown:
        case Choice():
            for option in shown.options:
                text = expected(option.text) if not option.word else option.word.capitalize()
                assert text in said(card.fields["Options"])
                earns = grade_question(question, [option.id]).score > 0
                assert earns <= (text in answer)
            right = [one for one in shown.options if one.id in key.answer]  # type: ignore[union-attr]
            assert len(answer) == len(right)
        case Ordering() | Matching() | Scale():
            lists = [{one.id: expected(one.text) for one in options} for options in shown.option_lists()]
            assert all(text in said(card.fields["Options"]) for texts in lists for text in texts.values())
            right = key.answer  # type: ignore[union-attr]
            if isinstance(right, dict):
                other = lists[1] if isinstance(shown, Matching) else {year: year for year in right.values()}
                rights = [f"{lists[0][name]}: {other[value]}" for name, value in right.items()]
                assert sorted(answer) == sorted(rights)
            else:
                assert answer == [lists[0][name] for name in right]
        case TextEntry() | InlineGaps():
            assert earns_all(question, card, which)
            for accepted in key.accepted_for(None) if isinstance(shown, TextEntry) else ():  # type: ignore[union-attr]
                assert said(str(accepted.answer)) in said(card.fields["Answer"])
        case _ if key is not None:
            assert earns_all(question, card, which)


@pytest.mark.parametrize("question_type", TYPES)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(draw=st.data())
def test_cards_say_what_the_question_says(question_type: str, draw: st.DataObject) -> None:
    author = draw.draw(questions(question_type))
    question = question_of(author)
    cards, report = exported(quiz_of(author))
    done = report[question.id]
    assert all(loss.part in (*done.parts, "question") for loss in done.losses)
    assert "score" not in done.parts
    if question_type == "poll":
        assert (cards, done.written_as, done.losses[0].part) == ([], "", "question")
        return
    notes = list(dict.fromkeys(card.guid for card in cards))
    assert notes == list(done.target_ids)
    assert len(notes) == max(1, len(question.number_sets()))
    shown = question.interaction()
    assert len(cards) == len(notes) * (len(shown.gaps) if isinstance(shown, InlineGaps) else 1)
    for which, name in enumerate(notes):
        check_card(question, next(card for card in cards if card.guid == name), which)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_question_of_the_examples_is_on_a_card_or_named(path: Path) -> None:
    quiz = civicquiz.load(path)
    cards, report = exported(quiz)
    guids = {card.guid for card in cards}
    assert guids == {name for done in report.values() for name in done.target_ids}
    for question in quiz.keyed_questions.values():
        done = report[question.id]
        if done.written_as:
            assert all(name.startswith(f"{quiz.name}/{question.id}") for name in done.target_ids)
            card = next(card for card in cards if card.guid == done.target_ids[0])
            assert card.fields["Answer"] or card.fields["Explanation"] or "{{c1::" in card.fields["Text"]
        else:
            assert question.type in ("poll", "open-response") or question.void
            assert done.losses[0].part == "question"


# ---- What an import does ----


def test_note_types_are_the_same_forever() -> None:
    quizzes = [Translation.original(civicquiz.load(path)) for path in EXAMPLES if path.stem in ("cloze", "numeric")]
    with zipfile.ZipFile(io.BytesIO(EXPORTER.export(quizzes).content)) as archive:
        connection = sqlite3.connect(":memory:")
        connection.deserialize(archive.read("collection.anki2"))
    ((models,),) = connection.execute("SELECT models FROM col")
    found = {one["id"]: (one["type"], [field["name"] for field in one["flds"]]) for one in json.loads(models).values()}
    common = ["Answer", "Explanation", "Source", "Hint", "Feedback", "Language"]
    assert found == {
        1203858474677: (1, ["Id", "Question", "Text", *common]),
        1268415455722: (0, ["Id", "Question", "Options", *common, "Typed"]),
    }


STATEMENT = {"type": "true-false", "answer": True}


def test_changed_question_keeps_its_ids_and_has_another_time() -> None:
    before, _ = exported(quiz_of({"id": "a", "prompt": "x", **STATEMENT}, {"id": "b", "prompt": "y", **STATEMENT}))
    after, _ = exported(quiz_of({"id": "b", "prompt": "y", **STATEMENT}, {"id": "a", "prompt": "z", **STATEMENT}))
    old, new = ({card.guid: card for card in cards} for cards in (before, after))
    assert list(old) == ["quiz/a", "quiz/b"]
    assert list(new) == ["quiz/b", "quiz/a"]
    assert {name: card.note for name, card in old.items()} == {name: card.note for name, card in new.items()}
    assert old["quiz/b"].changed == new["quiz/b"].changed
    assert old["quiz/a"].changed != new["quiz/a"].changed
    tagged, _ = exported(quiz_of({"id": "a", "prompt": "x", **STATEMENT, "tags": ["courts"], "difficulty": "easy"}))
    assert tagged[0].tags == ["courts", "easy"]
    assert tagged[0].changed != old["quiz/a"].changed


def test_only_our_packages_are_recognized() -> None:
    content = EXPORTER.export([Translation.original(quiz_of({"id": "a", "prompt": "x", **STATEMENT}))]).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        database = bytearray(archive.read("collection.anki2"))
    database[68:72] = b"\0\0\0\0"
    for name, there in (("collection.anki2", bytes(database)), ("collection.anki21", b""), ("collection.anki2", b"x")):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr(name, there)
        assert not EXPORTER.wrote(stream.getvalue())
    assert not EXPORTER.wrote(content[:100])
    assert not EXPORTER.wrote(content.replace(b"SQLite", b"SQLITE").replace(b"PK", b"KP"))
    assert EXPORTER.wrote(content)


# ---- Single rules ----

HOSTILE = [
    "[sound:x.mp3]",
    "[SOUND:x.mp3] [anki:play:q:0] [anki:tts lang=en]x[/anki:tts]",
    "[[type:Id]]",
    r"[latex]\input{x}[/latex] [\$]x[/\$] [\$\$]x[/\$\$]",
    "{{c1::x}} {{c2::y::z}} {{{c3::x}}}",
    "{{Question}} {{#Hint}} {{FrontSide}}",
    "a}}b::c::d}} e}",
    r"\\(x\\) \\[x\\]",
    "x:",
    "<script>alert(1)</script> & \"e\" 'f' ]]> é 日本",
    "a\tb\x1fc\x00d",
    "long " * 900,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_a_text_says_is_shown_and_not_run(text: str) -> None:
    around = text.replace("]]", "").replace("[[", "").strip()
    short = text[:150].strip()
    options = [{"text": text, "correct": True, "feedback": text}, "other"]
    gaps = {
        "g": {"type": "single-choice", "options": options},
        "h": {"type": "short-text", "accept": [short, "second"], "mistakes": [{"text": "m", "feedback": text}]},
    }
    cards, report = exported(
        quiz_of(
            {"id": "a", "type": "single-choice", "prompt": text, "options": options, "hint": text, "explanation": text},
            {"id": "b", "type": "cloze", "prompt": text, "text": f"{around} [[g]] {around}{{ [[h]]", "gaps": gaps},
            {"id": "c", "type": "short-text", "prompt": text, "accept": [short]},
            title=text,
        )
    )
    choice, first, second, typed = cards
    html = "".join(value for card in cards for name, value in card.fields.items() if name not in ("Text", "Typed"))
    assert not re.search(r"(?i)\[(sound:|anki:|/?latex\]|/?\$\$?\]|\[type:)|\{\{|[\x00-\x08\x1f]", html)
    assert not re.search(r"\\[(\[]", html)
    block, line = (said(function(text, latex=True)).replace("\x1f", "\ufffd") for function in (render, flow))
    block, line = block.replace("\x00", "\ufffd"), line.replace("\x00", "\ufffd")
    assert said(choice.fields["Question"]) == said(choice.fields["Explanation"]) == block
    assert lines(said(choice.fields["Options"]))[0] == line == said(choice.fields["Answer"])
    assert block in said(choice.fields["Hint"])
    assert block in said(choice.fields["Feedback"])
    assert (first.guid, first.position, second.guid, second.position) == ("quiz/b", 0, "quiz/b", 1)
    (given, hint), (written, _) = first.blanks()
    assert said(given) == line
    assert hint.endswith(" / other")
    assert re.sub("</?span>", "", unescape(written)) == re.sub("[\x00\x1f]", "\ufffd", short)
    assert block in said(first.fields["Feedback"])
    assert unescape(typed.fields["Typed"]) == re.sub("[\x00\x1f]", "\ufffd", short)
    assert "::" not in choice.deck
    assert choice.deck
    assert report["a"].losses == ()


def test_formulas_are_for_mathjax_also_in_a_blank() -> None:
    choice = {"type": "single-choice", "options": [{"text": r"$\frac{a}{b_{1}}$", "correct": True}, "$c$"]}
    cards, _ = exported(
        quiz_of(
            {"id": "a", "prompt": "$$x^{2}$$", **choice},
            {"id": "b", "type": "cloze", "prompt": "x", "text": "It is [[g]].", "gaps": {"g": choice}},
        )
    )
    assert said(cards[0].fields["Question"]) == r"<p>\[x^{2}\]</p>"
    assert said(cards[0].fields["Answer"]) == r"\(\frac{a}{b_{1}}\)"
    assert [(said(answer), said(hint)) for answer, hint in cards[1].blanks()] == [
        (r"\(\frac{a}{b_{1}}\)", r"\(\frac{a}{b_{1}}\) / \(c\)")
    ]


def test_pictures_and_recordings_are_files_by_their_content() -> None:
    options = [{"text": "![one](a.png)", "correct": True}, "![two](b.png)"]
    prompt = "![one](a.png)\n\n![three](c.mp3)"
    quiz = quiz_of({"id": "a", "type": "single-choice", "prompt": prompt, "options": options})
    quiz = quiz.placed(images={"a.png": PNG, "b.png": PNG, "c.mp3": MP3, "unused.png": PNG.replace("go=", "gp=")})
    cards, files, _ = read(EXPORTER.export([Translation.original(quiz)]).content)
    assert sorted(files.values()) == [b"ID3", b"\x89PNG\r\n\x1a\n"]
    assert all(re.fullmatch(r"[0-9a-f]{16}\.(png|mp3)", name) for name in files)
    (sound,) = (name for name in files if name.endswith("mp3"))
    assert f"[sound:{sound}]<span" in cards[0].fields["Question"]
    assert "<audio" not in cards[0].fields["Question"]
    assert "three</span>" in cards[0].fields["Question"]


def test_shuffled_options_have_one_order_on_all_cards_and_others_stay() -> None:
    options = [{"text": "first", "correct": True}, *(f"o{number}" for number in range(9))]
    author = {"id": "a", "type": "single-choice", "prompt": "x", "options": options}
    written = [option["text"] if isinstance(option, dict) else option for option in options]
    (card,), _ = exported(quiz_of(author))
    assert lines(card.fields["Options"]) == written
    (card,), _ = exported(quiz_of(author, shuffle=["options"]))
    assert lines(card.fields["Options"]) != written
    assert sorted(lines(card.fields["Options"])) == sorted(written)


def test_answer_says_what_else_is_accepted_and_what_a_known_mistake_is() -> None:
    mistakes = [{"number": 480, "feedback": "In thousands."}]
    number = {"type": "numeric", "answer": 480000, "tolerance": 10000, "unit": "people", "mistakes": mistakes}
    text = {"type": "short-text", "accept": ["USA", {"text": "America", "credit": 0.5}]}
    gaps = {"n": number, "t": text}
    cards, report = exported(
        quiz_of(
            {"id": "a", "prompt": "x", **number},
            {"id": "b", "prompt": "x", **text},
            {"id": "c", "type": "cloze", "prompt": "x", "text": "[[n]] and [[t]]", "gaps": gaps},
        )
    )
    a, b, c, _ = (card.fields for card in cards)
    assert a["Answer"] == "480000 people<p>Accepted:</p><ul><li>470000 – 490000</li></ul>"
    assert a["Typed"] == "480000"
    assert a["Feedback"] == "<ul><li><b>480</b> <p>In thousands.</p></li></ul>"
    assert b["Answer"] == "USA<p>Accepted:</p><ul><li>USA; America (50 %)</li></ul>"
    assert c["Text"] == "{{c1::480000}} people and {{c2::USA}}"
    accepted = "<ul><li>1: 470000 – 490000</li><li>2: USA; America (50 %)</li></ul>"
    assert c["Answer"] == f"<p>Accepted:</p>{accepted}"
    assert c["Feedback"] == "<ul><li><b>1: 480</b> <p>In thousands.</p></li></ul>"
    assert [done.fidelity("typing") for done in report.values()] == ["approximate", "approximate", "lost"]


def test_open_response_needs_something_for_the_back() -> None:
    author = {"id": "a", "type": "open-response", "prompt": "Why?", "min_words": 20, "explanation": "So."}
    rubric = [{"text": "names a reason", "points": 1}]
    (card,), report = exported(quiz_of({**author, "model_answer": "Because.", "rubric": rubric}))
    assert card.fields["Options"] == "<p>Write at least about 20 words.</p>"
    assert card.fields["Answer"] == "<p>Because.</p>"
    assert "<p>So.</p>" in card.fields["Explanation"]
    assert "names a reason" in card.fields["Explanation"]
    assert "Because" not in card.fields["Explanation"]
    assert report["a"].losses == ()
    _, report = exported(quiz_of({**author, "rubric": rubric, "show_rubric": "never"}))
    assert report["a"].fidelity("rubric") == "lost"
    for more in ({}, {"rubric": rubric, "show_rubric": "never"}):
        cards, report = exported(quiz_of({"id": "a", "type": "open-response", "prompt": "Why?", **more}))
        assert cards == []
        (loss,) = report["a"].losses
        assert "model_answer" in loss.reason


def test_void_questions_and_points_are_named() -> None:
    cards, report = exported(quiz_of({"id": "a", "prompt": "x", **STATEMENT, "void": True}))
    assert cards == []
    assert "void" in report["a"].losses[0].reason
    _, report = exported(quiz_of({"id": "a", "prompt": "x", **STATEMENT, "points": 2}))
    assert report["a"].fidelity("points") == "lost"


def test_sections_are_decks_and_settings_are_in_the_report() -> None:
    sections = [{"title": "One::two:", "text": "Read *this*.", "questions": ["b"]}, {"questions": ["a"], "pick": 1}]
    quiz = quiz_of(
        *({"id": name, "prompt": "x", **STATEMENT} for name in "ab"),
        title=" A: \u0007quiz ::",
        sections=sections,
        attempts=2,
    )
    done = EXPORTER.export([Translation.original(quiz)])
    cards, _, decks = read(done.content)
    assert [(card.guid, card.deck) for card in cards] == [
        ("quiz/b", "A: \ufffdquiz::One:two"),
        ("quiz/a", "A: \ufffdquiz::2"),
    ]
    assert decks["A: \ufffdquiz::One:two"] == "<p>Read <em>this</em>.</p>"
    losses = done.quizzes[0].losses
    assert {loss.part for loss in losses} == {"sections", "attempts"}
    assert any("description" in loss.reason for loss in losses)
    assert any("none are picked" in loss.reason for loss in losses)
    assert not any("yourself" in loss.reason for loss in losses)


def test_translation_is_a_deck_in_the_deck_with_cards_of_its_own(tmp_path: Path) -> None:
    quiz = load_text(tmp_path, "title: A law\nquestions:\n  - {id: q, type: true-false, prompt: So?, answer: true}\n")
    write(tmp_path / "quiz.es.yml", "title: Una ley\nquestions:\n  - {id: q, type: true-false, prompt: ¿Sí?}\n")
    report = export_quizzes("anki", [quiz.path], tmp_path / "out.apkg", strict=True)
    assert report.is_exact
    assert any("no points" in remark for remark in report.remarks)
    (english,), _, _ = read((tmp_path / "out.apkg").read_bytes())
    (spanish,), _, _ = read((tmp_path / "out.es.apkg").read_bytes())
    assert (english.guid, english.deck, english.fields["Language"]) == ("quiz/q", "A law", "en")
    assert (spanish.guid, spanish.deck, spanish.fields["Language"]) == ("quiz.es/q", "A law::Una ley (es)", "es")
    assert spanish.fields["Question"] == "<p>¿Sí?</p>"
    assert lines(spanish.fields["Options"]) == ["Verdadero", "Falso"]
