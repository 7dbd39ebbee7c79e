"""Units of numbers, and what a number of one is in another."""

from __future__ import annotations

import sys

import pytest

from civicquiz.authoring import units
from civicquiz.authoring.units import UnitError, conversion


@pytest.mark.parametrize(
    ("unit", "into", "factor", "offset"),
    [
        ("km/h", "m/s", 0.277777777777778, 0),
        ("km / h", "m/s", 0.277777777777778, 0),
        ("°C", "K", 1, 273.15),
        ("°F", "°C", 0.555555555555556, -17.7777777777778),
        ("m s⁻²", "m/s^2", 1, 0),
        ("µm", "m", 1e-6, 0),
        ("kWh", "J", 3.6e6, 0),
        ("J/(kg*K)", "J/(g K)", 0.001, 0),
        ("weeks", "days", 7, 0),
    ],
)
def test_number_of_one_unit_times_the_factor_plus_the_offset_is_that_of_the_other(
    unit: str, into: str, factor: float, offset: float
) -> None:
    assert conversion(unit, into) == pytest.approx((factor, offset), rel=1e-12)


@pytest.mark.parametrize(
    "unit", ["Jahre", "foo(", "__import__('os')", "m**99999999", "1000000", "m" * 41, "{m}", "", "a" * 39 + "!"]
)
def test_what_is_no_unit_is_an_error_that_says_so_at_once(unit: str) -> None:
    with pytest.raises(UnitError, match=r"unit|converted"):
        conversion(unit, "m")


def test_unit_of_something_else_is_an_error() -> None:
    with pytest.raises(UnitError, match="'kg' cannot be converted into 'm'") as caught:
        conversion("kg", "m")
    assert caught.value.hint == "list only units that measure the same"


def test_without_pint_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pint", None)
    units._registry.cache_clear()
    try:
        with pytest.raises(UnitError, match="Pint") as caught:
            conversion("km", "cm")
        assert caught.value.hint == "pip install 'civicquiz[units]'"
    finally:
        units._registry.cache_clear()
