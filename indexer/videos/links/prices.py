"""Prices that are said: 「九十九块九」, 「一百出头」, 「三百二十八到手」, 「两百来块」."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.analysis.normalize import normalize
from retrieval.understanding.constraints import numerals

_MONEY = r"(?:块钱?|元)"
_SAID = re.compile(
    rf"(?P<number>{numerals.PATTERN})(?P<about>出头|左右)?"
    rf"(?:(?P<money>{_MONEY})(?P<tenth>[0-9一二三四五六七八九](?![0-9.十百千万]))?)?"
)
_OVER = 1.2
"""一百出头 ends here, times the number."""
_LEAST_BARE = 10
"""Smaller numbers without a unit are counts."""


@dataclass(frozen=True, slots=True)
class SaidPrice:
    """Yuan from `low` to `high`.

    Attributes:
        start, end: characters of the normalised text.
        money: whether a unit of money was said.
    """

    low: float
    high: float
    start: int
    end: int
    money: bool

    def fits(self, price: float) -> bool:
        """Whether a price of `price` yuan may be said so; pence may be left out."""
        return int(self.low) <= price < max(self.high, int(self.low) + 1) if self.low % 1 == 0 else price == self.low


def said_prices(text: str) -> list[SaidPrice]:
    """What may be a price in `text`, in its order."""
    found = []
    for match in _SAID.finditer(normalize(text)):
        numeral = numerals.parse(match["number"])
        if numeral is None:
            continue
        low, high = float(numeral.low), float(numeral.high)
        if match["about"] == "出头":
            high = low * _OVER
        elif match["about"] or numeral.about:
            low, high = low * 0.9, high * 1.1
        if match["tenth"]:
            tenth = numerals.parse(match["tenth"])
            low = high = low + float(tenth.low) / 10 if tenth else low
        if match["money"] or low >= _LEAST_BARE:
            found.append(SaidPrice(low, high, match.start(), match.end(), bool(match["money"])))
    return found
