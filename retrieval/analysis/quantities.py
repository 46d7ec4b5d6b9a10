"""Numbers with units: 500ml, 500毫升 and 0.5L are one amount and share one token.

The amount is written ``=<base unit>:<value in base units>``, e.g. ``=ml:500``; the ``=`` cannot come from a text, since
normalisation turns it into a space. What was written stays findable as written: this token comes on top.
Sizes in inches (寸, 英寸) are a dimension of their own: a 27寸 screen is not asked for in millimetres.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

_NUMBER = r"\d{1,9}(?:\.\d{1,6})?"
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's name in normalised text, its base unit, and how many of those it is."""

    name: str
    base: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount found in a text, at characters ``[start, end)``; `token` is the same for equal amounts."""

    start: int
    end: int
    token: str


class Quantities:
    """Finds amounts in normalised text."""

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self._units = units
        names = "|".join(re.escape(n) for n in sorted(units, key=lambda n: (-len(n), n)))
        # A number inside a longer run (z500ml) is a model, a Latin unit inside a word (5gram) is not a unit.
        self._pattern = re.compile(rf"(?<![a-z0-9.])({_NUMBER})[ ]?({names})(?![a-z])") if names else None

    def find(self, text: str) -> list[Quantity]:
        """All amounts in normalised `text`, left to right, without overlap."""
        if self._pattern is None or not _DIGIT.search(text):  # most texts, in a tenth of the time
            return []
        return [Quantity(m.start(), m.end(), self._token(m.group(1), m.group(2))) for m in self._pattern.finditer(text)]

    def _token(self, number: str, name: str) -> str:
        unit = self._units[name]
        value = (Decimal(number) * unit.factor).normalize()
        return f"={unit.base}:{value:f}"
