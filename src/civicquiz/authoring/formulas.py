r"""A formula in LaTeX -> MathML Core, which browsers draw and screen readers speak without any script.

The library math-core does the work. Commands of mhchem and siunitx become plain LaTeX first (see ``tex_packages``), and
only MathML on a list of ours comes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree

from civicquiz.authoring.linear_formulas import linear_form
from civicquiz.authoring.tex_packages import PackageError, expanded
from civicquiz.authoring.wording import excerpt

if TYPE_CHECKING:
    from math_core import LatexToMathML

__all__ = [
    "FORMULA_CLASS",
    "MAX_FORMULA",
    "Formula",
    "formula",
    "latex_html",
    "names_in_formula",
    "no_latex",
    "with_values",
]

#: The class of a formula in HTML. ``formulas.css`` has its fonts.
FORMULA_CLASS = "civicquiz-formula"

#: The most characters that one formula may have, and how deeply braces, brackets and environments may be nested in it
#: and elements in its MathML: the library calls itself for each level.
MAX_FORMULA = 2_000
_DEPTH = 40


class Formula(NamedTuple):
    """A formula as HTML, or its source as code and what is wrong with it.

    ``problem`` continues "the formula '...'"; it and ``hint`` are empty if there is nothing wrong.
    """

    html: str
    problem: str = ""
    hint: str = ""


@lru_cache(maxsize=2000)
def formula(tex: str, *, display: bool = False, numbers: tuple[str, ...] = ()) -> Formula:
    r"""The LaTeX source ``tex``, which would stand in ``$...$`` or, with ``display``, in ``$$...$$``.

    ``numbers`` are names that stand for numbers: ``{mass}`` in the source is a number, and ``{mass}`` in the HTML.
    """
    source = Formula(f"<code>{escape(tex)}</code>")
    tex = _with_signs(tex, numbers)
    mistake = _mistake_in_source(tex)
    if mistake:
        return source._replace(problem=mistake[0], hint=mistake[1])
    try:
        converter = _converter()
    except ImportError:  # there is no build of the library for Python in a browser
        return source
    from math_core import LatexError

    try:
        made = converter.convert_with_local_state(_plain(tex), displaystyle=display)
        # The library names invisible operators as HTML does; XML knows only five names.
        made = re.sub(r"&(?!(?:lt|gt|amp|quot|apos);)\w+;", lambda sign: unescape(sign[0]), made)
        math = ElementTree.fromstring(made)
        return Formula(_with_names(_markup(math, display=display), numbers))
    except PackageError as error:
        return source._replace(problem=str(error), hint="check its spelling")
    except LatexError as error:
        problem, hint = _explained(str(error))
        return source._replace(problem=problem, hint=hint)
    except RecursionError:
        return source._replace(problem=_TOO_DEEP, hint=_SPLIT)
    except (ValueError, ElementTree.ParseError):  # it would hold something that is not on the list
        return source._replace(problem=_CANNOT, hint=_CHECK)


def latex_html(tex: str, *, display: bool = False, numbers: tuple[str, ...] = ()) -> str:
    r"""The same formula for a program that draws LaTeX itself: ``\(...\)`` or, with ``display``, ``\[...\]``, as HTML.

    It has no commands of packages, and its lines are in an environment. Numbers are in braces: ``{{mass}}``. "" if
    there is something wrong with it.
    """
    if formula(tex, display=display, numbers=numbers).problem:
        return ""
    tex = escape(_with_lines(expanded(_with_signs(tex, numbers))), quote=False)
    for position, name in enumerate(numbers):
        letters = f"{{{name}}}"  # of a command such as \text, which must not become the number
        tex = tex.replace(letters, f"{{{{}}{name}}}").replace(chr(_FIRST_SIGN + position), letters)
    return rf"\[{tex}\]" if display else rf"\({tex}\)"


#: What begins a formula for a program that draws LaTeX. Tags are found, too, because an attribute stays as it is.
_LATEX_START = re.compile(r"<[^>]*>|\\([(\[])")


def no_latex(html: str) -> str:
    r"""HTML without formulas, for a program that draws LaTeX: ``\(`` is shown as it is, since a tag is in it."""
    if "\\" not in html:
        return html
    return _LATEX_START.sub(lambda found: rf"\<span>{found[1]}</span>" if found[1] else found[0], html)


@cache
def _converter() -> LatexToMathML:
    """
    Raises:
        ImportError: the library is not installed.
    """
    from math_core import LatexToMathML

    return LatexToMathML(fancy_error=False, allow_unreliable_rendering=True, macros=_MACROS)


# ---- Numbers by their names ----

#: Commands whose argument is letters, such as a unit: ``\mathrm{m}`` is the meter, whatever ``{m}`` is elsewhere.
_OF_LETTERS = (
    "mathrm|mathit|mathbf|mathsf|mathtt|mathcal|mathbb|mathfrak|mathscr|text|textbf|textit|textrm|boldsymbol|bm|operatorname"
    r"|operatorname\*|unit|si|ce|cf|begin|end"
)
#: Signs of no script, one for each name while the library is at work. What numbers are in LaTeX may hold them.
_FIRST_SIGN = 0xE000


def names_in_formula(tex: str, names: Iterable[str]) -> list[str]:
    """Those of ``names`` that stand in braces in a formula, where a number can be, in order."""
    known = tuple(names)
    return [found[1] for found in _name_pattern(known).finditer(tex) if found[1]] if known else []


def with_values(text: str, values: Mapping[str, str]) -> str:
    """``text`` with ``values`` in place of the names in braces, and of the braces, but not after a command that takes
    letters: in ``\\text{m}``, m is a letter.
    """
    if "{" not in text or not values:
        return text
    return _name_pattern(tuple(values)).sub(lambda found: values[found[1]] if found[1] else found[0], text)


@lru_cache(maxsize=100)
def _name_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\\(?:{_OF_LETTERS})\s*\{{[^{{}}]*\}}|\{{({'|'.join(map(re.escape, names))})\}}")


def _with_signs(tex: str, names: tuple[str, ...]) -> str:
    if not names:
        return tex
    signs = {name: chr(_FIRST_SIGN + position) for position, name in enumerate(names)}
    return _name_pattern(names).sub(lambda found: f"{{{signs[found[1]]}}}" if found[1] else found[0], tex)


def _with_names(html: str, names: tuple[str, ...]) -> str:
    for position, name in enumerate(names):
        sign = chr(_FIRST_SIGN + position)
        html = re.sub(rf"<mi[^>]*>{sign}</mi>", f"<mn>{{{name}}}</mn>", html).replace(sign, f"{{{name}}}")
    return html


# ---- LaTeX ----

_CANNOT, _CHECK = "cannot be read", r"check what belongs after each command, as in \frac{1}{2}"
_TOO_DEEP, _SPLIT = "is nested too deeply", "split it into several formulas"

#: Commands that the library does not know.
_MACROS = {
    "AA": r"\mathrm{Å}",
    "bm": r"\boldsymbol{#1}",
    "celsius": r"\mathrm{°C}",
    "dv": r"\frac{\mathrm{d}#1}{\mathrm{d}#2}",
    "pdv": r"\frac{\partial #1}{\partial #2}",
    "substack": r"\begin{matrix}#1\end{matrix}",
}
#: Environments that it does not know, or that it numbers: a formula of a quiz has no number.
_ENVIRONMENTS = {
    **dict.fromkeys(("align", "align*", "split", "eqnarray", "eqnarray*"), "aligned"),
    **dict.fromkeys(("equation", "equation*", "gather", "gather*", "multline", "multline*"), "gathered"),
    "alignat": "alignat*",
    "smallmatrix": "matrix",
}
_ENVIRONMENT = re.compile(rf"\\(begin|end)\{{({'|'.join(map(re.escape, _ENVIRONMENTS))})\}}")

#: Command -> why it is refused. Those that define others could keep a computer busy for years.
_REFUSED = {
    **dict.fromkeys(
        ("newcommand", "renewcommand", "providecommand", "newenvironment", "def", "gdef", "let", "DeclareMathOperator"),
        "which defines a command: formulas have no commands of their own",
    ),
    **dict.fromkeys(("color", "textcolor", "colorbox", "fcolorbox"), "which sets a color: not everyone can see colors"),
    **dict.fromkeys(("tag", "label", "ref", "eqref"), "which numbers a formula: formulas in a quiz have no numbers"),
    **dict.fromkeys(("href", "url"), "which is a link: write it outside the formula, as [text](https://...)"),
    **dict.fromkeys(
        ("cancel", "bcancel", "xcancel", "sout"), "which crosses something out: browsers do not draw that in a formula"
    ),
}
_REFUSED_COMMAND = re.compile(rf"\\({'|'.join(_REFUSED)})(?![A-Za-z])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
#: What opens a level and what closes one. Other commands, such as the line break before a brace, are neither.
_LEVEL = re.compile(r"(\\(?:left|begin)(?![A-Za-z])|\{)|(\\(?:right|end)(?![A-Za-z])|\})|\\(?:[A-Za-z]+|.)", re.DOTALL)


def _mistake_in_source(tex: str) -> tuple[str, str] | None:
    """(what is wrong, what to do) for mistakes that the library would report too late or not at all."""
    if len(tex) > MAX_FORMULA:
        return f"has more than {MAX_FORMULA:,} characters", _SPLIT
    if not tex.strip():
        return "is empty", r"write \$ for a dollar sign"
    if _CONTROL.search(tex):
        return "contains a control character", "put text that contains backslashes in single quotes"
    refused = _REFUSED_COMMAND.search(tex)
    if refused:
        return f"uses '{refused[0]}', {_REFUSED[refused[1]]}", "write it without that command"
    if "%" in re.sub(r"\\.", "", tex):  # after a backslash, a percent sign is just that character
        return "has a '%' without a backslash, which hides the rest", r"write \%"
    depth = 0
    for sign in _LEVEL.finditer(tex):
        depth += bool(sign[1]) - bool(sign[2])
        if depth > _DEPTH:
            return _TOO_DEEP, _SPLIT
    return None


def _plain(tex: str) -> str:
    """``tex`` with only what the library knows. Lines that are in no environment stand below each other.

    Raises:
        PackageError: a command of a package cannot be read.
    """
    tex = _ENVIRONMENT.sub(lambda found: rf"\{found[1]}{{{_ENVIRONMENTS[found[2]]}}}", expanded(tex))
    return _with_lines(re.sub(r"(?<!\\)(\\[%$#&_]) ", r"\1{} ", tex))  # in a text, the library would lose the space


def _with_lines(tex: str) -> str:
    """``tex`` with an environment around its lines if they are in none."""
    signs, depth = [], 0  # the signs that are in no environment and in no braces
    for sign in re.finditer(rf"{_LEVEL.pattern}|&", tex, re.DOTALL):
        depth += bool(sign[1]) - bool(sign[2])
        if not depth:
            signs.append(sign[0])
    if r"\\" not in signs:
        return tex
    environment = "aligned" if "&" in signs else "gathered"
    return rf"\begin{{{environment}}}{tex}\end{{{environment}}}"


def _explained(message: str) -> tuple[str, str]:
    """(what is wrong, what to do) of an error of the library, which says ``8: Expected ...``."""
    message = message.partition(": ")[2].rstrip(".")
    unknown = re.match(r'Unknown (command|environment) "(.*?)"', message)
    if unknown:
        article = "an unknown" if unknown[1] == "command" else "the unknown"
        return f"has {article} {unknown[1]} '{excerpt(unknown[2], 40)}'", "check its spelling"
    return f"{_CANNOT} ({excerpt(message[:1].lower() + message[1:], 80)})", _CHECK


# ---- MathML ----

#: The MathML that is allowed: elements, with the number of children where that is fixed, attributes, and their values.
_ELEMENTS = {
    **dict.fromkeys(("mi", "mn", "mo", "mtext", "mspace"), 0),
    **dict.fromkeys(("math", "mrow", "msqrt", "mstyle", "mpadded", "mphantom", "mtable", "mtr", "mtd"), None),
    **dict.fromkeys(("mfrac", "mroot", "msub", "msup", "munder", "mover"), 2),
    **dict.fromkeys(("msubsup", "munderover"), 3),
}
_ATTRIBUTES = {
    *("depth", "height", "linethickness", "lspace", "maxsize", "minsize", "rspace", "voffset", "width"),
    *("accent", "accentunder", "displaystyle", "mathvariant", "scriptlevel"),
    *("form", "movablelimits", "stretchy"),
}
_VALUE = re.compile(r"[a-z-]+|-?[0-9]{0,2}(\.[0-9]{1,10})?(em|ex|px|pt|rem)?")
#: What tables of formulas are laid out with: columns to the left or right, spaces and lines between cells.
_STYLE = re.compile(
    r"(?:text-align|justify-items): ?(?:left|right|center|start|end)"
    r"|padding-(?:left|right|top|bottom): ?[0-9.]{1,10}(?:em)?"
    r"|border-(?:left|right|top|bottom): ?0\.05em (?:solid|dashed) currentcolor"
)
#: ``\textbf``, ``\textit`` and ``\boxed``, which are drawn by a style.
_LETTERS = {"b": "font-weight:bold", "i": "font-style:italic"}
_BOXED = "border:0.05em solid currentcolor;padding:0.2em"


def _markup(element: ElementTree.Element, depth: int = 0, *, display: bool = False) -> str:
    """The MathML of an element, if everything in it is allowed.

    Raises:
        ValueError: something in it is not allowed.
        RecursionError: it is nested too deeply.
    """
    tag, attributes, children = element.tag, element.attrib, list(element)
    if depth > _DEPTH + 10:
        raise RecursionError
    style = ";".join(part.strip() for part in attributes.get("style", "").split(";") if _STYLE.fullmatch(part.strip()))
    if tag == "menclose" and attributes.get("notation") == "box":
        tag, style, attributes = "mrow", _BOXED, {}
    if tag == "mtext" and len(children) == 1 and children[0].tag in _LETTERS:
        style, element = _LETTERS[children[0].tag], children[0]
        children = list(element)
    if tag not in _ELEMENTS or _ELEMENTS[tag] not in (None, len(children)):
        raise ValueError(tag)
    kept = "".join(
        f' {name}="{value}"' for name, value in attributes.items() if name in _ATTRIBUTES and _VALUE.fullmatch(value)
    )
    if style:
        kept += f' style="{escape(style)}"'
    if tag == "math":  # an e-book needs the namespace
        shown = "block" if display else "inline"
        kept = f' xmlns="http://www.w3.org/1998/Math/MathML" class="{FORMULA_CLASS}" display="{shown}"'
        kept += f' aria-label="{escape(linear_form(element))}"'  # Chromium leaves MathML out of names
    text = "" if children else escape(element.text or "", quote=False)
    return f"<{tag}{kept}>{text}{''.join(_markup(child, depth + 1) for child in children)}</{tag}>"
