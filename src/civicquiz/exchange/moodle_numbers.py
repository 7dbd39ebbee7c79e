"""A question with sets of numbers as Moodle has it: ``calculated``, whose answer is a formula with names in braces.

The right answer is not computed again there but is one of the numbers of each set, so that both programs agree on it
to the last digit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from civicquiz.exchange.cloze_code import without_braces
from civicquiz.exchange.number_bounds import bounds_of, decimal_text
from civicquiz.exchange.xml_writing import element
from civicquiz.model.interactions import ComputedNumber, ComputedNumberKey, Interval

__all__ = ["CalculatedNumbers"]

#: What a number is that nobody types, for an answer that is for other sets.
_FAR = "1e99"


class CalculatedNumbers:
    """The names and values of the numbers of one question."""

    def __init__(self, key: ComputedNumberKey, sets: Sequence[Mapping[str, str]]) -> None:
        self._key = key
        self._sets = sets
        #: our name -> the name there, which has only letters, and is no function
        self._names = {name: f"v{_letters(number)}" for number, name in enumerate(sets[0])}
        self._used: dict[str, list[str]] = {}

    def html(self, html: str) -> str:
        """HTML with the names there in place of ours; no other brace means anything."""

        def written(found: re.Match[str]) -> str:
            name = found[1]
            if name not in self._names:
                return without_braces(found[0])
            self._used.setdefault(self._names[name], [values[name] for values in self._sets])
            return f"{{{self._names[name]}}}"

        return re.sub(r"\{([^\W\d]\w*)\}|\{", written, html)

    def answers(self, feedback: Callable[[str], str], shown: ComputedNumber) -> str:
        """The answers; ``feedback`` gives the element with the feedback of a token, "" for what is right."""
        return "".join(self._answers(feedback, shown))

    def _intervals(self) -> list[Interval]:
        return [self._key.rule.answers[self._key.variant(values)] for values in self._sets]

    def _answers(self, feedback: Callable[[str], str], shown: ComputedNumber) -> Iterator[str]:
        right = [Decimal(self._key.right[self._key.variant(values)]) for values in self._sets]
        found = [bounds_of(interval) for interval in self._intervals()]
        # Moodle shows the first one as the right answer, so it is right for every set of numbers.
        sure = [
            min(answer - (bounds.middle - bounds.reach), bounds.middle + bounds.reach - answer)
            for answer, bounds in zip(right, found, strict=True)
        ]
        relative = {
            bounds.reach / abs(answer) if answer and bounds.middle == answer else None
            for answer, bounds in zip(right, found, strict=True)
        }
        self._used["right"] = list(map(decimal_text, right))
        if len(set(sure)) > 1 and len(relative) == 1 and None not in relative:
            (share,) = relative
            assert share is not None
            yield self._answer("{right}", 100, share, feedback(""), shown, is_relative=True)
        else:
            least = min(sure)
            yield self._answer("{right}", 100, least, feedback(""), shown)
            others = [
                None if bounds.middle == answer and bounds.reach == least else (bounds.middle, bounds.reach)
                for answer, bounds in zip(right, found, strict=True)
            ]
            yield from self._grouped("wide", 100, others, feedback(""), shown)
        count = max((len(intervals) for intervals in self._key.rule.mistakes.values()), default=0)
        for number in range(count):
            wrong = [bounds_of(self._key.rule.mistakes[self._key.variant(values)][number]) for values in self._sets]
            pairs = [(bounds.middle, bounds.reach) for bounds in wrong]
            yield from self._grouped(f"wrong{_letters(number)}", 0, pairs, feedback(f"mistake-{number + 1}"), shown)

    def _grouped(
        self,
        name: str,
        fraction: int,
        bounds: Sequence[tuple[Decimal, Decimal] | None],
        feedback: str,
        shown: ComputedNumber,
    ) -> Iterator[str]:
        """An answer for each way in which numbers may be off, since one answer has only one. It is for the sets that
        have it, and impossible for the others."""
        reaches = sorted({pair[1] for pair in bounds if pair})
        for number, reach in enumerate(reaches):
            called = f"{name}{_letters(number)}"
            self._used[called] = [decimal_text(pair[0]) if pair and pair[1] == reach else _FAR for pair in bounds]
            yield self._answer(f"{{{called}}}", fraction, reach, feedback, shown)

    def _answer(
        self,
        formula: str,
        fraction: int,
        tolerance: Decimal,
        feedback: str,
        shown: ComputedNumber,
        *,
        is_relative: bool = False,
    ) -> str:
        how, digits = (1, shown.decimals) if shown.decimals is not None else (2, shown.significant)
        return (
            f'<answer fraction="{fraction}"><text>{formula}</text><tolerance>{decimal_text(tolerance)}</tolerance>'
            f"<tolerancetype>{1 if is_relative else 2}</tolerancetype>"
            f"<correctanswerformat>{how}</correctanswerformat><correctanswerlength>{digits}</correctanswerlength>"
            f"{feedback}</answer>\n"
        )

    def datasets(self) -> str:
        """The numbers of each set, by the names that the texts and the answers have."""
        return f"<dataset_definitions>\n{''.join(map(self._dataset, self._used))}</dataset_definitions>\n"

    def _dataset(self, name: str) -> str:
        values = self._used[name]
        numbers = list(map(Decimal, values))
        items = "".join(
            f"<dataset_item><number>{number}</number>{element('value', value)}</dataset_item>\n"
            for number, value in enumerate(values, start=1)
        )
        decimals = min(max((-int(number.as_tuple().exponent) for number in numbers), default=0), 9)
        texts = {
            "status": "private",
            "name": name,
            "distribution": "uniform",
            "minimum": decimal_text(min(numbers)),
            "maximum": decimal_text(max(numbers)),
            "decimals": str(max(decimals, 0)),
        }
        described = {key: element(key, element("text", text)) for key, text in texts.items()}
        count = len(values)
        return (
            f"<dataset_definition>{described['status']}{described['name']}<type>calculated</type>"
            f"{described['distribution']}{described['minimum']}{described['maximum']}{described['decimals']}"
            f"<itemcount>{count}</itemcount><dataset_items>\n{items}</dataset_items>"
            f"<number_of_items>{count}</number_of_items></dataset_definition>\n"
        )


def _letters(number: int) -> str:
    """A number as letters: a, b, ... z, ba, bb."""
    letters = chr(97 + number % 26)
    return letters if number < 26 else _letters(number // 26) + letters
