r"""Commands of two LaTeX packages that teachers of chemistry and physics use, in plain LaTeX: ``\ce``, ``\qty`` ...

* mhchem: ``\ce{2H2 + O2 -> 2H2O}``: formulas, charges, isotopes, coefficients, bonds, states, arrows with conditions.
* siunitx: ``\qty{9.81}{m/s^2}`` or ``\SI``, ``\unit`` or ``\si``, ``\num``, ``\ang``: units upright, with a thin space
  between a number and its unit.

Sources: the manuals of mhchem (version 4) and of siunitx (version 3).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from civicquiz.authoring.wording import excerpt

__all__ = ["PackageError", "expanded"]


class PackageError(ValueError):
    """A command of a package that cannot be read. The message says why."""


def expanded(tex: str) -> str:
    r"""``tex`` with the commands of the packages replaced.

    Raises:
        PackageError: one of them cannot be read.
    """
    found = _COMMAND.search(tex)
    if not found:
        return tex
    convert, count = _COMMANDS[found[1]]
    position, arguments = found.end(), []
    options = re.compile(r"\s*\[[^][]*\]").match(tex, position)  # of siunitx, such as [per-mode=symbol]
    if options and found[1] not in ("ce", "cf"):
        position = options.end()
    for _ in range(count):
        argument, position = _group(tex, position, found[0])
        arguments.append(argument)
    return f"{tex[: found.start()]}{{{convert(*arguments)}}}{expanded(tex[position:])}"


def _group(tex: str, position: int, command: str) -> tuple[str, int]:
    """(what is in the braces that start at ``position``, where they end)."""
    start = re.compile(r"\s*\{").match(tex, position)
    depth, end = 1, start.end() if start else position
    while start and end < len(tex) and depth:
        escaped = tex[end] == "\\"
        depth += 0 if escaped else (tex[end] == "{") - (tex[end] == "}")
        end += 2 if escaped else 1
    if not start or depth:
        raise PackageError(f"has no text in braces after '{command}'")
    return tex[start.end() : end - 1], end


# ---- Chemistry ----

#: Arrow -> the command that draws it. Conditions stand above it and, in a second pair of brackets, below it.
_ARROWS = {
    "<-->": r"\xleftrightarrow",
    "<=>>": r"\xrightleftharpoons",
    "<<=>": r"\xrightleftharpoons",
    "<=>": r"\xrightleftharpoons",
    "<->": r"\xleftrightarrow",
    "->": r"\xrightarrow",
    "<-": r"\xleftarrow",
}
_ARROW = re.compile(
    rf"\s*({'|'.join(map(re.escape, _ARROWS))})(?:\[((?:[^][]|\[[^][]*\])*)\])?(?:\[((?:[^][]|\[[^][]*\])*)\])?\s*"
)
_AMOUNT = re.compile(r"\s*(?:(\d+)/(\d+)|(\d+(?:[.,]\d+)?)|([a-z])(?=\s+[A-Z(\[]))\s*(?=[A-Za-z(\[\\^_{])")
_SCRIPT = r"(?:\{([^{}]*)\}|([0-9]*[+-]|[0-9]+|\\[A-Za-z]+|[A-Za-z.*]))"
_PIECES: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [
    (re.compile(r"\s+\+\s+"), lambda _: "+"),
    (re.compile(r"\s+\^(?=\s|$)\s*"), lambda _: r"\uparrow "),
    (re.compile(r"\s+v(?=\s|$)\s*"), lambda _: r"\downarrow "),
    (re.compile(r"\s+"), lambda _: r"\ "),
    (re.compile(rf"\^{_SCRIPT}"), lambda found: f"^{{{_script(found[1] or found[2])}}}"),
    (re.compile(rf"_{_SCRIPT}"), lambda found: f"_{{{_script(found[1] or found[2])}}}"),
    (re.compile(r"\((aq|s|l|g|cr|am)\)"), lambda found: rf"\mathrm{{({found[1]})}}"),
    # A charge: at the end of a formula, after an element, a number or a bracket.
    (re.compile(r"(?<=[A-Za-z0-9)\]}])([+-])(?=[\s)\]]|\((?:aq|s|l|g)\)|$)"), lambda found: f"^{{{found[1]}}}"),
    (re.compile(r"(?<=[A-Za-z)\]}])(\d+)"), lambda found: f"_{{{found[1]}}}"),
    (re.compile(r"(\\[A-Za-z]+)\s*"), lambda found: f"{found[1]} "),
    (re.compile(r"[A-Z][a-z]?|[a-z]+"), lambda found: rf"\mathrm{{{found[0]}}}"),
    (re.compile(r"\s*[.*]\s*(?=[0-9A-Z(])"), lambda _: r"\cdot "),
    (re.compile(r"[-=]"), lambda found: f"{{{found[0]}}}"),
    (re.compile(r"#"), lambda _: r"{\equiv}"),
    (re.compile(r"\d+(?:[.,]\d+)?|[()\[\]{},+/]"), lambda found: found[0]),
]


def _chemistry(source: str) -> str:
    made: list[str] = []
    position, starts = 0, True
    while position < len(source):
        if arrow := _ARROW.match(source, position):
            above, below = (_condition(arrow[number] or "") for number in (2, 3))
            made.append(_ARROWS[arrow[1]] + (f"[{below}]" if below else "") + "{" + (above or r"\quad") + "}")
            position, starts = arrow.end(), True
            continue
        if starts and (amount := _AMOUNT.match(source, position)):
            top, bottom, number, letter = amount.groups()
            made.append(rf"\tfrac{{{top}}}{{{bottom}}}\," if top else rf"{number or letter}\,")
            position, starts = amount.end(), False
            continue
        for pattern, convert in _PIECES:
            if found := pattern.match(source, position):
                if found[0][0] in "^_" and (starts or not made or made[-1] == r"\ " or made[-1].endswith(r"\,")):
                    made.append("{}")  # the numbers of an isotope stand before its element
                made.append(convert(found))
                position, starts = found.end(), made[-1] in ("+", r"\cdot ")
                break
        else:
            raise PackageError(rf"has '{excerpt(source[position:], 20)}' in \ce, which cannot be read")
    return "".join(made)


def _script(text: str) -> str:
    """What is raised or lowered: a charge, a number, a letter in place of one."""
    return text if re.fullmatch(r"[0-9a-z+\-.*/]*|\\[A-Za-z]+", text) else rf"\mathrm{{{text}}}"


def _condition(text: str) -> str:
    """What is written at an arrow: a formula, a temperature, a word."""
    try:
        return _chemistry(text) if re.search(r"[A-Z0-9\\]", text) else rf"\text{{{text}}}" if text else ""
    except PackageError:
        return rf"\text{{{text}}}"


# ---- Units ----


def _table(text: str) -> dict[str, str]:
    """``name=symbol`` pairs."""
    return dict(pair.split("=") for pair in text.split())


_PREFIXES = _table("""
    quecto=q ronto=r yocto=y zepto=z atto=a femto=f pico=p nano=n micro=\u03bc milli=m centi=c deci=d
    deca=da hecto=h kilo=k mega=M giga=G tera=T peta=P exa=E zetta=Z yotta=Y
""")
_DEGREE = "\N{DEGREE SIGN}"
_UNITS = _table("""
    metre=m meter=m gram=g second=s ampere=A kelvin=K mole=mol candela=cd hertz=Hz newton=N pascal=Pa joule=J watt=W
    katal=kat coulomb=C volt=V farad=F ohm=\u03a9 siemens=S weber=Wb tesla=T henry=H lumen=lm lux=lx becquerel=Bq
    gray=Gy sievert=Sv radian=rad steradian=sr degreeCelsius=\u00b0C celsius=\u00b0C degree=\u00b0 arcminute=\u2032
    arcsecond=\u2033 minute=min hour=h day=d hectare=ha litre=L liter=L tonne=t electronvolt=eV dalton=Da bel=B
    decibel=dB percent=\\% bar=bar angstrom=\u00c5 astronomicalunit=au atomicmassunit=u neper=Np bit=bit byte=B
    kg=kg km=km cm=cm mm=mm um=\u03bcm nm=nm ms=ms us=\u03bcs kHz=kHz MHz=MHz kJ=kJ kW=kW eV=eV keV=keV MeV=MeV
    mol=mol
""")
_POWERS = {"squared": "2", "square": "2", "cubed": "3", "cubic": "3"}
_SEPARATED = re.compile(r"[.~*]|\\cdot(?![A-Za-z])|\s+")


def _unit(source: str) -> str:
    return _unit_of_words(source) if source.strip().startswith("\\") else _unit_of_letters(source)


def _unit_of_words(source: str) -> str:
    r"""``\kilo\gram\per\second\squared``: a unit after ``\per`` gets a negative power."""
    parts: list[list[str]] = []  # unit, sign of its power, power
    prefix, sign, power = "", "", ""
    for word, argument, other in re.findall(r"\\([A-Za-z]+)(?:\{([^{}]*)\})?|(\S)", source):
        if word == "per":
            sign = "-"
        elif word in ("tothe", "raiseto") or word in _POWERS:
            if word in ("square", "cubic", "raiseto"):
                power = argument or _POWERS[word]
            elif parts:
                parts[-1][2] = argument or _POWERS[word]
        elif word in _PREFIXES:
            prefix = _PREFIXES[word]
        elif word in _UNITS:
            parts.append([prefix + _UNITS[word], sign, power])
            prefix, sign, power = "", "", ""
        else:
            name = rf"\{word}" if word else other
            raise PackageError(f"has the unit '{excerpt(name, 20)}', which is not known")
    return r"\,".join(_with_power(name, sign + (power or "1") if sign or power else "") for name, sign, power in parts)


def _unit_of_letters(source: str) -> str:
    """``kg.m/s^2``, as it is written."""
    made = []
    for piece in re.split(r"(/)", source.strip()):
        units = [unit for unit in _SEPARATED.split(piece) if unit]
        made.append(piece if piece == "/" else r"\,".join(map(_one_unit, units)))
    return "".join(made)


def _one_unit(text: str) -> str:
    found = re.fullmatch(r"(\D+?)(?:\^(?:\{([+-]?\d+)\}|([+-]?\d+)))?", text)
    if not found or re.search(r"[{}^_&$#]", found[1]):
        raise PackageError(f"has the unit '{excerpt(text, 20)}', which cannot be read")
    name = re.sub(r"\\([A-Za-z]+)", lambda word: _UNITS.get(word[1], _PREFIXES.get(word[1], word[0])), found[1])
    return _with_power(name, found[2] or found[3])


def _with_power(unit: str, power: str | None) -> str:
    return rf"\mathrm{{{unit}}}" + (f"^{{{power}}}" if power else "")


#: A digit, or a sign in place of a number that each learner gets (see ``formulas``), or a name in its place.
_DIGITS = "[0-9\ue000-\uf8ff]"
_NUMBER = re.compile(
    rf"\s*([+-]?)\s*({_DIGITS}*(?:[.,]\d+)?|\{{{_DIGITS}\}}|[A-Za-z]\w*)\s*"
    r"(?:\((\d+)\)|(?:\+-|\\pm)\s*(\d+(?:[.,]\d+)?))?\s*(?:[eEdD]\s*([+-]?\d+))?\s*"
)


def _number(source: str) -> str:
    found = _NUMBER.fullmatch(source)
    if not found or not (found[2] or found[5]):
        raise PackageError(f"has the number '{excerpt(source, 20)}', which cannot be read")
    sign, digits, uncertain, more, power = found.groups()
    made = sign + digits.replace(",", "{,}")
    made += f"({uncertain})" if uncertain else rf"\pm {more}" if more else ""
    if power is None:
        return made
    return made + (r"\times " if digits else "") + f"10^{{{power.removeprefix('+')}}}"


def _quantity(number: str, unit: str) -> str:
    return f"{_number(number)}{_space_before(unit)}{_unit(unit)}"


def _space_before(unit: str) -> str:
    """None before degrees of an angle; a thin space before any other unit."""
    return "" if unit.strip() in (r"\degree", r"\arcminute", r"\arcsecond", _DEGREE) else r"\,"


def _angle(source: str) -> str:
    parts = source.split(";")
    if len(parts) > 3:
        raise PackageError(f"has the angle '{excerpt(source, 20)}', which cannot be read")
    signs = (r"^{\circ}", "^{\\prime}", "^{\\prime\\prime}")
    return "".join(f"{_number(part)}{sign}" for part, sign in zip(parts, signs, strict=False) if part.strip())


_COMMANDS: dict[str, tuple[Callable[..., str], int]] = {
    **dict.fromkeys(("ce", "cf"), (_chemistry, 1)),
    **dict.fromkeys(("SI", "qty"), (_quantity, 2)),
    **dict.fromkeys(("si", "unit"), (_unit, 1)),
    "num": (_number, 1),
    "ang": (_angle, 1),
}
_COMMAND = re.compile(rf"\\({'|'.join(_COMMANDS)})(?![A-Za-z])")
