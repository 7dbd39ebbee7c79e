"""Authors' expressions: arithmetic in decimals, and no other code.

Decimals are exact for sums, differences and products of the numbers that people write: 0.1 + 0.2 is 0.3. Quotients,
powers, roots and logarithms are kept to 100 digits, trigonometric functions to 14, so that sin(pi / 6) is 0.5. Before
a number is rounded, up or down or to the nearest, everything after its thirtieth decimal is rounded off, so that 1 / 3
* 3 is 1, and a half is a half however it was computed. Because numbers have no more digits than that and expressions
are short, none takes long.
"""

from __future__ import annotations

import ast
import math
import operator
import warnings
from collections.abc import Callable, Mapping
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from typing import TYPE_CHECKING, Any

from civicquiz.authoring.wording import did_you_mean, excerpt

if TYPE_CHECKING:
    from simpleeval import SimpleEval

__all__ = ["DECIMALS", "FUNCTIONS", "ComputationError", "Expression", "ExpressionError", "round_half_away_from_zero"]

#: The context to compute in. A number from 1e60 is an error.
DECIMALS = Context(prec=100, Emin=-100, Emax=59, traps=[DivisionByZero, InvalidOperation, Overflow])

_LAST = Decimal("1e-30")

MAX_CHARACTERS = 200


class ExpressionError(ValueError):
    """An expression without a result; ``hint`` says what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint or (
            f"use numbers, your variables, + - * / ( ), ** for a power, {', '.join(FUNCTIONS)}, pi and e"
        )


class ComputationError(ExpressionError):
    """An expression that has no result for these numbers."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "change the calculation, or exclude such numbers")


def round_half_away_from_zero(number: Decimal, decimals: int = 0) -> Decimal:
    """``number`` rounded to ``decimals`` decimals, with a half rounded away from zero."""
    with localcontext(DECIMALS):
        return number.quantize(_LAST).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _round(number: Decimal, decimals: Decimal = Decimal(0)) -> Decimal:
    if decimals != int(decimals) or abs(decimals) > 30:
        raise TypeError("a whole number of decimals")
    return round_half_away_from_zero(number, int(decimals))


def _floor(number: Decimal) -> Decimal:
    return number.quantize(_LAST).to_integral_value(ROUND_FLOOR)


def _ceil(number: Decimal) -> Decimal:
    return number.quantize(_LAST).to_integral_value(ROUND_CEILING)


def _divided(number: Decimal, by: Decimal) -> Decimal:
    if not by:
        raise ZeroDivisionError
    return number / by


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    if not base and exponent < 0:
        raise ZeroDivisionError
    return base**exponent


def _in_floats(function: Callable[[float], float]) -> Callable[[Decimal], Decimal]:
    """A function that decimals do not have; its last digits, in which computers differ, are dropped."""

    def rounded(number: Decimal) -> Decimal:
        try:
            return Decimal(f"{function(float(number)):.14g}")
        except ValueError:
            raise InvalidOperation from None

    return rounded


def _of_positive(function: Callable[[Decimal], Decimal]) -> Callable[[Decimal], Decimal]:
    def checked(number: Decimal) -> Decimal:
        if number <= 0:
            raise InvalidOperation
        return function(number)

    return checked


def _tangent(number: float) -> float:
    if abs(math.cos(number)) < 1e-14:
        raise ZeroDivisionError
    return math.tan(number)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "round": _round,
    "abs": abs,
    "min": min,
    "max": max,
    "sqrt": Decimal.sqrt,
    "floor": _floor,
    "ceil": _ceil,
    "exp": Decimal.exp,
    "ln": _of_positive(Decimal.ln),
    "log10": _of_positive(Decimal.log10),
    "sin": _in_floats(math.sin),
    "cos": _in_floats(math.cos),
    "tan": _in_floats(_tangent),
    "asin": _in_floats(math.asin),
    "acos": _in_floats(math.acos),
    "atan": _in_floats(math.atan),
    "radians": _in_floats(math.radians),
    "degrees": _in_floats(math.degrees),
}
#: A variable of the same name takes their place.
CONSTANTS = {
    "pi": Decimal("3.14159265358979323846264338327950288419716939937511"),
    "e": Decimal("2.71828182845904523536028747135266249775724709369996"),
}

_OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _divided,
    ast.Pow: _power,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


def _constant(node: ast.Constant) -> Decimal:
    if type(node.value) not in (int, float):  # which leaves out true and false
        raise ExpressionError("a calculation can only contain numbers, variables and functions")
    number = Decimal(repr(node.value))
    if not number.is_finite():
        raise Overflow
    return +number


def _evaluator() -> SimpleEval:
    # Imported here, because most quizzes compute nothing.
    from simpleeval import SimpleEval

    evaluator = SimpleEval(operators=_OPERATORS, functions=FUNCTIONS, names={})
    allowed = (ast.BinOp, ast.UnaryOp, ast.Call, ast.Name)
    evaluator.nodes = {node: evaluator.nodes[node] for node in allowed} | {ast.Constant: _constant}
    return evaluator


class Expression:
    """An author's expression. ``names`` are the variables and functions in it.

    Raises:
        ExpressionError: it is not an expression.
    """

    def __init__(self, text: str) -> None:
        self._text = " ".join(text.split())
        self._got = f"(got '{excerpt(self._text, 40)}')"
        if len(self._text) > MAX_CHARACTERS:
            message = f"a calculation must have at most {MAX_CHARACTERS} characters (got {len(self._text):,})"
            raise ExpressionError(message, "shorten it")
        try:
            if "#" in text:  # Python would ignore what follows
                raise SyntaxError
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # what Python warns about, such as '1if', is not a calculation either
                self._tree = ast.parse(self._text, mode="eval").body
            self.names = frozenset(node.id for node in ast.walk(self._tree) if isinstance(node, ast.Name))
        except (SyntaxError, Warning, ValueError, RecursionError, MemoryError):
            raise ExpressionError(f"this is not a valid calculation {self._got}") from None
        self._evaluator = _evaluator()

    def value(self, numbers: Mapping[str, Decimal]) -> Decimal:
        """The result with ``numbers`` for the variables.

        Raises:
            ComputationError: there is no result for these numbers; the message says why.
            ExpressionError: it contains more than numbers, variables and functions.
        """
        from simpleeval import FunctionNotDefined, InvalidExpression, NameNotDefined

        self._evaluator.names = {**CONSTANTS, **numbers}
        try:
            with localcontext(DECIMALS):
                result = self._evaluator.eval(self._text, self._tree)
        except ZeroDivisionError:
            raise ComputationError("division by zero") from None
        except (Overflow, OverflowError):
            raise ComputationError("a number becomes larger than 1e60") from None
        except InvalidOperation:
            message = "a root or a logarithm of a negative number, 0 ** 0, or the like"
            raise ComputationError(message) from None
        except NameNotDefined as error:
            raise _unknown("variable", error.name, {**numbers, **CONSTANTS}) from None
        except FunctionNotDefined as error:
            raise _unknown("function", error.func_name, FUNCTIONS) from None
        except (RecursionError, MemoryError):
            raise ExpressionError(f"this is nested too deeply {self._got}") from None
        except InvalidExpression:
            raise ExpressionError(f"this is more than a calculation with numbers {self._got}") from None
        except ExpressionError:
            raise
        except (TypeError, ValueError, AttributeError):
            raise ExpressionError(f"a function cannot work with these values {self._got}") from None
        if not isinstance(result, Decimal):
            raise ExpressionError(f"the result is not a number {self._got}")
        return result


def _unknown(what: str, name: str, known: Mapping[str, Any]) -> ExpressionError:
    hint = did_you_mean(name, known, f"the {what}s are: {', '.join(known)}")
    return ExpressionError(f"there is no {what} '{excerpt(name)}'", hint)
