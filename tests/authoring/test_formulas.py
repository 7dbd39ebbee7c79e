"""A formula in LaTeX becomes MathML that is right and harmless, or is refused with a reason."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from material import ROOT

from civicquiz.authoring.formulas import MAX_FORMULA, formula, latex_html
from civicquiz.authoring.tex_packages import PackageError, expanded

CASES = json.loads((ROOT / "tests" / "formula_cases.json").read_text("utf-8"))
SHOWN = {case["tex"]: case["shown"] for case in CASES if "shown" in case}
REFUSED = {case["tex"]: case["refused"] for case in CASES if "refused" in case}


def shown(html: str) -> str:
    return unescape(re.sub("<[^>]*>", "", html))


@pytest.mark.parametrize("display", [False, True])
@pytest.mark.parametrize("tex", SHOWN)
def test_formula_as_teachers_write_it_is_shown(tex: str, display: bool) -> None:
    """The pictures of all of these in Chromium were compared with LaTeX's; here are the signs of each, in order."""
    made = formula(tex, display=display)
    assert (made.problem, made.hint) == ("", "")
    assert shown(made.html) == SHOWN[tex]
    assert f'display="{"block" if display else "inline"}"' in made.html


@pytest.mark.parametrize("tex", REFUSED)
def test_formula_that_cannot_be_shown_is_refused_with_a_reason_and_a_hint(tex: str) -> None:
    made = formula(tex)
    assert made.problem == REFUSED[tex]
    assert made.hint
    assert made.html.startswith("<code>")
    assert shown(made.html) == tex


def test_table_has_more_than_the_116_formulas_that_a_reviewer_tried() -> None:
    assert len(CASES) > 200


@pytest.mark.parametrize(
    ("tex", "part"),
    [
        (r"\mathrm{N}", '<mi mathvariant="normal">N</mi>'),  # a unit of one letter is upright
        (r"5\,\mathrm{m}", '<mi mathvariant="normal">m</mi>'),
        (r"\qty{5}{m}", '<mi mathvariant="normal">m</mi>'),
        (r"\mathrm{kg}", "<mi>kg</mi>"),
        (r"\boldsymbol{F}", "\N{MATHEMATICAL BOLD ITALIC CAPITAL F}"),
        (r"\bm{\alpha}", "\N{MATHEMATICAL BOLD ITALIC SMALL ALPHA}"),
        (r"\mathbf{F}", "\N{MATHEMATICAL BOLD CAPITAL F}"),
        (r"\begin{aligned}a&=b\\c&=d\end{aligned}", "text-align: right"),
        (r"a&=b\\c&=d", "text-align: right"),
        (r"\begin{array}{c|c}1&2\\\hline 3&4\end{array}", "border-right: 0.05em solid currentcolor"),
        (r"\boxed{x}", "border:0.05em solid currentcolor"),
        (r"\text{a \textbf{b}}", "font-weight:bold"),
        (r"\ce{SO4^2-}", "<msubsup>"),
        (r"\sqrt[3]{x}", "<mroot>"),
    ],
)
def test_what_went_wrong_in_other_converters_is_right(tex: str, part: str) -> None:
    assert part in formula(tex).html


@pytest.mark.parametrize("environment", ["align", "align*", "split", "gather", "equation", "multline", "smallmatrix"])
def test_environments_have_no_numbers_and_no_empty_columns(environment: str) -> None:
    made = formula(rf"\begin{{{environment}}}a\\b\end{{{environment}}}")
    assert made.problem == ""
    assert shown(made.html) == "ab"
    assert "<mtd></mtd>" not in made.html


def test_lines_outside_of_any_environment_stand_below_each_other() -> None:
    assert formula(r"a \\ b").html.count("<mtr>") == 2
    assert formula(r"\begin{matrix}a\\b\end{matrix}").html.count("<mtable") == 1
    assert formula(r"a \\{b} \\ c").html.count("<mtr>") == 3
    assert formula(r"\{a\} & b \\ c & d").html.count("<mtd") == 4


def test_a_brace_after_a_line_break_counts_as_one() -> None:
    assert formula(r"\\{" * 50 + "x" + "}" * 50).problem == "is nested too deeply"


@pytest.mark.parametrize(
    "tex", ["x" * (MAX_FORMULA + 1), "{" * 50 + "}" * 50, r"\left(" * 50, "\x00", "50 % of x", " "]
)
def test_mistakes_in_the_source_are_named_before_the_library_sees_them(tex: str) -> None:
    made = formula(tex)
    assert made.problem
    assert made.hint


@given(st.text(alphabet="H2O4SNa+-^_{}()[]<=> .*#/\\v$&%Δ", max_size=40))
def test_any_text_in_a_chemical_formula_is_converted_or_refused(text: str) -> None:
    with contextlib.suppress(PackageError):
        assert not expanded(rf"\ce{{{text}}}").startswith(r"\ce")


@pytest.mark.parametrize(
    ("number", "tex"),
    [
        ("1.2e3", r"1.2\times 10^{3}"),
        ("-3,5E-7", r"-3{,}5\times 10^{-7}"),
        ("e5", "10^{5}"),
        ("1.20(3)", "1.20(3)"),
        ("1.2 +- 0.1", r"1.2\pm 0.1"),
    ],
)
def test_numbers_of_siunitx_are_read(number: str, tex: str) -> None:
    assert expanded(rf"\num{{{number}}}") == f"{{{tex}}}"


@pytest.mark.parametrize(
    ("unit", "tex"),
    [
        ("m/s^2", r"\mathrm{m}/\mathrm{s}^{2}"),
        (r"\metre\per\second\squared", r"\mathrm{m}\,\mathrm{s}^{-2}"),
        (r"\kilo\gram\metre\squared", r"\mathrm{kg}\,\mathrm{m}^{2}"),
        ("kg.m^2.s^{-2}", r"\mathrm{kg}\,\mathrm{m}^{2}\,\mathrm{s}^{-2}"),
        (r"\per\second", r"\mathrm{s}^{-1}"),
        (r"\cubic\metre", r"\mathrm{m}^{3}"),
        (r"\micro\meter", "\\mathrm{\N{GREEK SMALL LETTER MU}m}"),
    ],
)
def test_units_of_siunitx_are_read(unit: str, tex: str) -> None:
    assert expanded(rf"\unit{{{unit}}}") == f"{{{tex}}}"


def test_without_the_library_the_source_is_shown() -> None:
    """Python in a browser has none yet."""
    program = (
        "import sys; sys.modules['math_core'] = None\n"
        "from civicquiz.authoring.formulas import formula\n"
        "print(formula('x < 1'))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "Formula(html='<code>x &lt; 1</code>', problem='', hint='')"


@pytest.mark.parametrize("tex", SHOWN)
def test_a_formula_for_a_program_that_draws_latex_is_read_again_as_the_same(tex: str) -> None:
    written = latex_html(tex)
    assert written.startswith(r"\(")
    assert written.endswith(r"\)")
    assert "<" not in written
    assert formula(unescape(written[2:-2])).html == formula(tex).html


@pytest.mark.parametrize("tex", REFUSED)
def test_a_formula_with_a_mistake_is_not_sent_to_a_program_that_draws_latex(tex: str) -> None:
    assert latex_html(tex) == ""


def test_lines_in_such_a_formula_are_in_an_environment() -> None:
    assert latex_html(r"a &= b \\ c &= d", display=True) == r"\[\begin{aligned}a &amp;= b \\ c &amp;= d\end{aligned}\]"
    assert latex_html(r"a \\ b") == r"\(\begin{gathered}a \\ b\end{gathered}\)"
    for tex in (r"\begin{cases}a & \begin{matrix}b\\c\end{matrix}\end{cases}", r"a \& b", r"\frac{a}{b}"):
        assert unescape(latex_html(tex)) == rf"\({tex}\)"


def test_numbers_in_such_a_formula_keep_their_braces_and_letters_stay_letters() -> None:
    written = latex_html(r"v^{speed} < \text{speed} \frac{speed}{2}", display=True, numbers=("speed",))
    assert written == r"\[v^{{speed}} &lt; \text{{}speed} \frac{{speed}}{2}\]"
