"""Units of numbers, converted by Pint: what an author's 18 km/h is in m/s."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from civicquiz.authoring.wording import excerpt

if TYPE_CHECKING:
    import pint

__all__ = ["UnitError", "conversion"]


class UnitError(ValueError):
    """A unit that cannot be converted; ``hint`` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


#: Names with whole powers, multiplied and divided. Anything else is not given to a parser.
_UNIT = re.compile(r"(?:(?!\w\()[^\W\d_]|[°%/*·⋅^() -]|[1-9](?!\d)|[⁻¹²³⁴])+")


@cache
def _registry() -> pint.UnitRegistry[Any]:
    try:
        import pint
    except ImportError:
        message = "converting units needs the package Pint, which is not installed"
        raise UnitError(message, "pip install 'civicquiz[units]'") from None
    return pint.UnitRegistry(autoconvert_offset_to_baseunit=True)


def _quantity(number: float, unit: str) -> Any:
    registry = _registry()
    try:
        if len(unit) > 40 or not _UNIT.fullmatch(unit):
            raise ValueError
        return registry.Quantity(number, registry.parse_units(re.sub("[·⋅]", "*", unit.replace("^", "**"))))
    except Exception:  # whatever its parser meets
        message = f"there is no unit '{excerpt(unit, 40)}'"
        raise UnitError(message, "write it like km/h, m/s^2, degC, or leave it out") from None


@cache
def conversion(unit: str, into: str) -> tuple[float, float]:
    """(factor, offset): a number of ``unit`` times the factor plus the offset is the number of ``into``.

    Both have 15 significant digits, so that they are the same on every computer.

    Raises:
        UnitError: one of them is not a unit, they measure different things, or Pint is not installed.
    """
    _registry()
    import pint

    try:
        zero, million = (_quantity(number, unit).to(_quantity(1, into).units).magnitude for number in (0.0, 1e6))
    except pint.errors.PintError:
        message = f"'{excerpt(unit, 40)}' cannot be converted into '{excerpt(into, 40)}'"
        raise UnitError(message, "list only units that measure the same") from None
    return float(f"{(million - zero) / 1e6:.15g}"), float(f"{zero:.15g}")
