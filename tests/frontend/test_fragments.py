"""Pieces of questions as HTML."""

from __future__ import annotations

from civicquiz.frontend.fragments import Numbers


def test_numbers_in_latex_are_written_in_latex() -> None:
    numbers = Numbers({"n": "2.5", "m": "-1.67e-27"}, "de", latex=True)
    html = numbers.block(r"{n}: $x^{n} {m} \text{n}$ $$a \\[2pt] {n}$$ \\({m}", {})
    assert html == (
        r"<p>2,5: \(x^{2{,}5} {-1{,}67 \times 10^{-27}} \text{{}n}\) "
        r"\[\begin{gathered}a \\[2pt] {2{,}5}\end{gathered}\]"
        " \\<span>(</span>-1,67\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10⁻²⁷</p>"
    )
