"""Prices that are said: 「九十九块九」, 「一百出头」, 「三百二十八到手」, 「两百来块」."""

from __future__ import annotations

import re
from dataclasses import dataclass

from retrieval.analysis import numerals
from retrieval.analysis.normalize import normalize

_MONEY = r"(?:块钱?|元)"
_SAID = re.compile(
    rf"(?P<number>{numerals.PATTERN})(?P<about>出头|左右)?"
    rf"(?:(?P<money>{_MONEY})(?P<tenth>[0-9一二三四五六七八九](?![0-9.十百千万]))?)?(?P<near>出头|左右)?"
)
_COUNTED = re.compile("[个条件套双只片张支瓶盒包斤克米升寸岁天年月号度种样码块分秒点位人款倍]")
"""Right after a number without a unit of money: it counts or measures."""
_OVER = 1.2
"""一百出头 ends here, times the number."""
_NEAR = 0.1
"""左右 is so much less or more."""
_LEAST_BARE = 10
"""Smaller numbers without a unit are counts."""


@dataclass(frozen=True, slots=True)
class SaidPrice:
    """Yuan from `low` to `high`.

    Attributes:
        money: whether a unit of money was said.
    """

    low: float
    high: float
    money: bool

    def fits(self, price: float) -> bool:
        """Whether a price of `price` yuan may be said so; the pence may be left out."""
        if self.low == self.high:
            return price == self.low or int(price) == self.low
        return self.low <= price <= self.high


def said_prices(text: str) -> list[SaidPrice]:
    """What may be a price in `text`, in its order."""
    found = []
    written = normalize(text)
    for match in _SAID.finditer(written):
        numeral = numerals.parse(match["number"])
        if numeral is None:
            continue
        low, high = float(numeral.low), float(numeral.high)
        about = match["about"] or match["near"]
        if about == "出头":
            high = low * _OVER
        elif about or numeral.about:
            low, high = low * (1 - _NEAR), high * (1 + _NEAR)
        if match["tenth"]:
            tenth = numerals.parse(match["tenth"])
            low = high = low + float(tenth.low) / 10 if tenth else low
        if match["money"] or (low >= _LEAST_BARE and not _COUNTED.match(written, match.end())):
            found.append(SaidPrice(low, high, bool(match["money"])))
    return found
