"""A field for a number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from reprlib import repr as shorten
from typing import Any, ClassVar, Literal

from civicquiz.authoring.normal_form import is_blank, normal_form
from civicquiz.authoring.wording import excerpt, number_text
from civicquiz.model.interactions.interaction import Interaction, ShapeError, Texts
from civicquiz.model.interactions.key import Accepted, Key
from civicquiz.model.interactions.rules import IntervalRule

#: Digits in groups of three, and the whole number before a decimal separator.
_GROUPS = r"(?:[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+|[1-9][0-9]{{0,2}}(?:'[0-9]{{3}})+|[0-9]+)?"
_EXPONENT = "[eE][+-]?[0-9]{1,3}"
#: A number as people write it with a decimal point, and with a decimal comma. Nobody writes groups before an exponent:
#: ``2,998e8`` has a decimal comma. ``static/interactions/number_entry.js`` has the same patterns.
_NUMBER = {
    "point": re.compile(rf"[+-]?(?:{_GROUPS.format(group=',')}(?:\.[0-9]+)?|[0-9]*(?:\.[0-9]+)?{_EXPONENT})"),
    "comma": re.compile(rf"[+-]?(?:{_GROUPS.format(group='[.]')}(?:,[0-9]+)?|[0-9]*(?:,[0-9]+)?{_EXPONENT})"),
}

#: A power of ten: ``3x10^8``, ``3·10⁸``, ``10^-3``; a fraction: ``3/4``, ``1 1/2``; fractions that are one character.
_POWER = re.compile(
    r"(?:([+-]?[0-9.,']*[0-9])[xX\u00d7*\u00b7\u22c5\u2219\u2022]|([+-]?))10"
    r"(?:(?:\^|\*\*)[({]?([+-]?[0-9]{1,3})[)}]?|([\u207a-]?)([\u2070\u00b9\u00b2\u00b3\u2074-\u2079]{1,3}))"
)
_RAISED = str.maketrans("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079", "0123456789")
_FRACTION = re.compile(r"([+-]?)(?:([0-9]{1,7}) )?([0-9]{1,7})[/\u2044]([0-9]{1,7})")
_FRACTION_SIGNS = re.compile("[\u00bc-\u00be\u2153-\u215e]")

#: How numbers are written in a language: with a decimal point, with a decimal comma, or depending on the country.
NumberStyle = Literal["point", "comma", "either"]

#: Languages whose decimal separator is the same everywhere, and countries where it differs (Unicode CLDR 46). In
#: Spanish, it is a comma in Spain and most of South America, and a point in Mexico and most of Central America.
_POINT = re.findall(
    r"[\w-]+",
    """
 en zh ja ko he th hi bn ta te mr gu kn ml pa ur ne si my km sw so ha yo ig am ms fil tl ga cy mt lb rm
 de-CH de-LI it-CH es-MX es-US es-PR es-GT es-HN es-NI es-PA es-SV es-DO es-PE
""",
)
_COMMA = re.findall(
    r"[\w-]+",
    """
 de fr it pt nl ru uk be bg pl cs sk sl hr sr bs mk sq el tr ro hu fi sv da nb nn no is et lv lt ca gl eu af az hy ka
 kk ky uz mn vi id jv su es-ES es-AR es-BO es-CL es-CO es-CR es-EC es-PY es-UY es-VE en-ZA
""",
)
_STYLES: dict[str, NumberStyle] = {**dict.fromkeys(_POINT, "point"), **dict.fromkeys(_COMMA, "comma")}


def number_style(language: str) -> NumberStyle:
    """How numbers are written in the language with this tag; ``either`` if that is not known."""
    return _STYLES.get(language) or _STYLES.get(language.partition("-")[0], "either")


@dataclass(frozen=True)
class Unit:
    """A unit that may be typed behind a number: the number times ``factor`` plus ``offset`` is what it is in the unit
    of the question.
    """

    name: str
    factor: float = 1.0
    offset: float = 0.0

    def converted(self, number: float) -> float:
        """``number`` of this unit in the unit of the question, with twelve digits, so that 18 km/h is 5 m/s."""
        if self.factor == 1 and not self.offset:
            return number
        return float(f"{number * self.factor + self.offset:.12g}")


#: Characters that people write in more than one way in a unit: m², m^2; N·m, N*m; µm, um.
_IN_UNITS = str.maketrans(
    {
        " ": "",
        "\u00b5": "u",
        "\u03bc": "u",
        "\u00b7": "*",
        "\u22c5": "*",
        "\u00d7": "*",
        "\u2126": "\u03a9",
        **{
            raised: f"^{digit}"
            for digit, raised in enumerate("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
        },
    }
)
#: How many characters at the end of a response may be a unit.
_LONGEST_UNIT = 60


def _unit_form(text: str) -> str:
    return re.sub(r"\^?(-?)\^", r"^\1", text.translate(_IN_UNITS).replace("**", "^"))


def _without_unit(text: str, unit: str) -> str | None:
    """What comes before ``unit`` at the end of ``text``, both in normal form; None if it does not end with it."""
    form = _unit_form(unit)
    for position in range(len(text) - 1, max(len(text) - _LONGEST_UNIT, 0) - 1, -1):
        if form and _unit_form(text[position:]) == form:
            return text[:position].rstrip(" ")
    return None


def number_readings(text: str, language: str = "en", units: Iterable[Unit] = ()) -> tuple[float, ...]:
    """The numbers that a learner may have meant: none, one, or two if the text can be read in two ways.

    Reads ``14``, ``-3.5``, ``480,000``, ``480 000``, ``480'000``, ``2e6``, ``3x10^8``, ``3·10⁸``, ``3/4``, ``1 1/2``,
    ``½``, every minus sign, and a decimal comma where it cannot be anything else. ``480.000`` is 480,000 in German, 480
    in English, and either in Spanish. One of ``units`` may be typed after the number; ``50 %`` is 50 if that is a
    unit, and a half otherwise.
    """
    text = normal_form(text).strip(" ")
    for unit in units:
        name = normal_form(unit.name).strip(" ")
        before = _without_unit(text, name)
        if before is not None and (name.endswith("%") or not number_readings(text, language)):
            found = number_readings(before, language)
            if found:
                return tuple(map(unit.converted, found))
    if text.endswith("%"):
        return tuple(number / 100 for number in number_readings(text[:-1], language))
    text = _FRACTION_SIGNS.sub(lambda sign: f" {unicodedata.normalize('NFKC', sign[0])}", text)
    if fraction := _FRACTION.fullmatch(text.strip(" ")):
        minus, whole, top, bottom = fraction.groups()
        if not int(bottom):
            return ()
        number = (int(whole or 0) * int(bottom) + int(top)) / int(bottom)
        return (-number if minus == "-" else number,)
    text = text.replace(" ", "")
    if power := _POWER.fullmatch(text):
        factor, alone, exponent, sign, raised = power.groups()
        exponent = exponent or sign.replace("\u207a", "") + raised.translate(_RAISED)
        text = f"{factor or alone + '1'}e{exponent}"
    if len(text) > 40 or not re.match("[+-]?[.,]?[0-9]", text):
        return ()
    point = float(text.replace(",", "").replace("'", "")) if _NUMBER["point"].fullmatch(text) else None
    comma = None
    if _NUMBER["comma"].fullmatch(text):
        comma = float(text.replace(".", "").replace("'", "").replace(",", "."))
    style = number_style(language)
    if point is not None and comma is not None and point != comma:
        found = {"point": (point,), "comma": (comma,), "either": (point, comma)}[style]
    else:
        found = tuple(number for number in {point, comma} if number is not None)
    return found if all(abs(number) < float("inf") for number in found) else ()


def parse_number(text: str) -> float | None:
    """The number that ``text`` is in English, or None."""
    return next(iter(number_readings(text)), None)


def _has_words(text: str) -> bool:
    """Whether ``text`` starts with a number and has letters behind it that are no part of one, such as half of 1e5."""
    start = normal_form(text[:200]).strip(" ")
    return bool(re.match("[+-]?[.,]?[0-9]", start)) and any(
        letter.isalpha() for letter in start if letter not in "eExX"
    )


def read_number(text: str, language: str, units: Sequence[Unit] = ()) -> str:
    """A number that a learner wrote, as :func:`~civicquiz.authoring.wording.number_text` writes it; ``units`` are those
    that may stand behind it, the one of the question first.

    Raises:
        ShapeError: it is not a number, or can be read as two different ones.
    """
    readings = number_readings(text, language, units)
    typed = excerpt(text.strip(), 40)
    if len(readings) == 2:
        first, second = map(number_text, readings)
        raise ShapeError(
            f"'{typed}' can be {first} or {second} (write it without a thousands separator)", "two_numbers"
        )
    if not readings and _has_words(text):
        names = ", ".join(unit.name for unit in units)
        raise ShapeError(
            f"'{typed}' is more than a number (write the number alone{f', or with {names}' if names else ''})",
            "only_number",
        )
    if not readings:
        raise ShapeError(f"'{typed}' is not a number (write it like 14, 0.5 or 480,000)", "not_a_number")
    return number_text(readings[0])


@dataclass(frozen=True)
class NumberField:
    """What every field for a number has: the unit behind it, what else may be typed there, how exact it should be."""

    unit: str = ""
    #: other units that may be typed
    units: tuple[Unit, ...] = ()
    #: how many significant figures learners are asked for; 0 if that is not said
    significant: int = 0

    def read_number(self, text: str, language: str) -> str:
        """As :func:`read_number`, with the units of this field."""
        return read_number(text, language, (*([Unit(self.unit)] if self.unit else []), *self.units))

    def field_to_json(self) -> dict[str, Any]:
        """What a browser needs to know of the field; what is not set is left out."""
        units = [
            {"unit": unit.name, "factor": unit.factor} | ({"offset": unit.offset} if unit.offset else {})
            for unit in self.units
        ]
        values = {"unit": self.unit, "units": units, "significant": self.significant}
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True)
class NumberEntry(NumberField, Interaction[str]):
    """A text field for a number. A response is what was typed; it is read as numbers are written in its language."""

    name: ClassVar[str] = "number"
    typed: ClassVar[tuple[type, ...]] = (str,)

    def read(self, raw: object, language: str = "en") -> str | None:
        if raw is None:
            return None
        if not isinstance(raw, str):
            raise ShapeError(f"a response must be a number written as text (got {shorten(raw)})")
        return None if is_blank(raw) else self.read_number(raw, language)

    def content(self, texts: Texts) -> dict[str, Any]:
        return self.field_to_json()


@dataclass(frozen=True)
class NumberEntryKey(Key[str]):
    """The numbers that are right, and the one to show as the answer. A token is ``mistake-N``, a known wrong number."""

    rule: IntervalRule
    right: str

    def share(self, response: str) -> float:
        number = parse_number(response)
        return 0.0 if number is None else self.rule.share(number)

    def tokens(self, response: str) -> list[str]:
        number = parse_number(response)
        return [] if number is None else self.rule.tokens(number)

    @property
    def answer(self) -> str:
        return self.right

    def accepted_for(self, response: Any) -> list[Accepted]:
        return [Accepted(interval) for interval in self.rule.intervals()]
