"""A formula in one line says the same as the formula."""

from __future__ import annotations

import re
from html import unescape

import pytest

from civicquiz.authoring.formulas import formula

LINES = {
    r"\frac{1}{2}": "1/2",
    r"\frac{-b \pm \sqrt{b^2 - 4ac}}{2a}": "(−b ± √(b^2 − 4ac))/(2a)",
    r"\sqrt[3]{x}": "³√x",
    r"e^{-x}": "e^(−x)",
    r"(-1)^n": "(−1)^n",
    r"x = -1": "x = −1",
    r"f'(x)": "f′(x)",
    r"90^\circ": "90°",
    r"\vec{F} = m\vec{a}": "F⃗ = ma⃗",
    r"\overline{AB}": "A̅B̅",
    r"\underline{x}": "x̲",
    r"\mathbf{F} \in \mathbb{R}": "F ∈ R",
    r"\int_0^1 x\,dx": "∫_0^1x dx",
    r"\sum_{i=1}^{n} i": "∑_(i = 1)^ni",
    r"\lim_{x\to 0} \sin x": "lim_(x → 0) sin x",
    r"\begin{pmatrix}1&2\\3&4\end{pmatrix}": "(1, 2; 3, 4)",
    r"\begin{aligned}a&=b\\c&=d\end{aligned}": "a = b; c = d",
    r"\begin{cases}1 & x>0\\0 & x\le 0\end{cases}": "{1, x > 0; 0, x ≤ 0",
    r"\binom{n}{k}": "(n¦k)",
    r"\overbrace{a+b}^{n}": "(a + b)⏞^n",
    r"\text{if } x > 0": "if x > 0",
    r"\phantom{x} y": "y",
    r"\ce{2H2 + O2 -> 2H2O}": "2 H_2 + O_2 → 2 H_2O",
    r"\ce{SO4^2-}": "SO_4^(2−)",
    r"\ce{A <=>[cat][\Delta] B}": "A ⇌_Δ^cat B",
    r"\qty{9.81}{m/s^2}": "9.81 m/s^2",
}


@pytest.mark.parametrize("tex", LINES)
def test_formula_in_one_line(tex: str) -> None:
    found = re.search('aria-label="([^"]*)"', formula(tex).html)
    assert found
    assert unescape(found[1]) == LINES[tex]


def test_one_half_is_not_told_as_twelve() -> None:
    """As it is where only the signs of MathML are read."""
    assert re.search('aria-label="([^"]*)"', formula(r"\frac12").html)[1] == "1/2"  # type: ignore[index]
