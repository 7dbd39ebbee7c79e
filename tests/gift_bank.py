"""A reading of GIFT that knows nothing of the writer, by the rules of question/format/gift/format.php of Moodle 4.5."""

from __future__ import annotations

import re

from moodle_bank import GRADES, Answer, BankQuestion

#: What a backslash before a sign makes of it, until everything else is read.
_ESCAPED = {sign: chr(0xE100 + number) for number, sign in enumerate(":#={}~")} | {"n": chr(0xE1FF), "\\": chr(0xE1FE)}


def _hidden(text: str) -> str:
    return re.sub(r"\\([:#={}~n\\])", lambda found: _ESCAPED[found[1]], text)


def _shown(text: str) -> str:
    for sign, hidden in _ESCAPED.items():
        text = text.replace(hidden, "\n" if sign == "n" else sign)
    return text


def _text(text: str) -> str:
    """A text without the name of its format."""
    return _shown(re.sub(r"^\[(?:html|plain|markdown|moodle)\]", "", text.strip()))


def read_gift(content: str) -> list[tuple[str, str, str, BankQuestion]]:
    """(id, text, general feedback, question) of each question; fails where the importer would skip one."""
    found = []
    for block in re.split(r"\n\s*\n", content.strip()):
        comments = [line for line in block.split("\n") if line.startswith("//")]
        lines = [line for line in block.split("\n") if not line.startswith("//")]
        if not lines or lines[0].startswith("$CATEGORY: "):
            assert len(lines) <= 1
            continue
        number = re.search(r"\[id:((?:\\.|[^\]\\])*)\]", "\n".join(comments))
        assert number
        found.append((re.sub(r"\\(.)", r"\1", number[1]), *_question(_hidden("\n".join(lines)))))
    return found


def _question(text: str) -> tuple[str, str, BankQuestion]:
    assert text.count("{") == text.count("}") == 1
    assert text.endswith("}")
    named = re.fullmatch(r"::(.*?)::(.*?)\{(.*)\}", text, re.DOTALL)
    assert named
    assert named[1].strip()
    asked = named[2]
    assert asked.startswith("[html]")
    answers, _, general = (part.strip() for part in named[3].partition("####"))
    return _text(asked), _text(general), _answered(answers)


def _answered(text: str) -> BankQuestion:
    """The answers, whose type the importer tells by the signs in them, in this order."""
    if not text:
        return BankQuestion("essay")
    if text.startswith(">"):
        head, *entries = text.split("\n")
        assert head.split() == [">0", "ALL", "VERTICAL", "RELATIVE_ALL_PREVIOUS_AND_NEXT", "SHOW", "none"]
        return BankQuestion("ordering", [Answer(_text(entry), 1) for entry in entries])
    if text.startswith("#"):
        question = BankQuestion("numerical", _weighted(text[1:], "="))
        for answer in question.answers:
            middle, _, reach = answer.text.partition(":")
            answer.text, answer.tolerance = middle, float(reach)
    elif "~" in text:
        # Without an equals sign, several options can be chosen.
        question = BankQuestion("multichoice", _weighted(text.replace("=", "~="), "~"), single="=" in text)
        shares = [answer.share for answer in question.answers]
        assert max(shares) == 1 or not question.single
        assert question.single or abs(sum(share for share in shares if share > 0) - 1) < 0.01
    elif "=" in text and "->" in text:
        question = BankQuestion("matching")
        for pair in filter(None, map(str.strip, text.split("="))):
            left, arrow, right = pair.partition("->")
            assert arrow
            question.rows.append((_text(left), _shown(right.strip())))
        assert sum(bool(left) for left, _ in question.rows) >= 2
        return question
    elif re.match(r"(TRUE|FALSE|T|F)(#|$)", text):
        right, *told = text.split("#")
        assert len(told) <= 2
        wrong, good = (*map(_text, told), "", "")[:2]
        side = right.lower()
        other = "false" if side == "true" else "true"
        return BankQuestion("truefalse", [Answer(side, 1, good), Answer(other, 0, wrong)])
    else:
        question = BankQuestion("shortanswer", _weighted(text, "="))
    for answer in question.answers:
        assert any(abs(abs(answer.share) * 100 - grade) < 0.001 for grade in GRADES), answer
    return question


def _weighted(text: str, sign: str) -> list[Answer]:
    found = []
    for part in filter(None, map(str.strip, text.split(sign))):
        weight = re.match(r"%(-?\d{1,3}(?:\.\d*)?)%", part)
        share = float(weight[1]) / 100 if weight else float(sign == "=" or part.startswith("="))
        answer, _, feedback = part[weight.end() if weight else 0 :].removeprefix("=").partition("#")
        found.append(Answer(_text(answer), share, _text(feedback)))
    return found
