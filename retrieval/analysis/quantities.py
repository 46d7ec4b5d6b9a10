"""Numbers with units: 500ml, 500毫升 and 0.5L are one amount and share one token, and so is what is said: 两万毫安.

The amount is written ``=<base unit>:<value in base units>``, e.g. ``=ml:500``; the ``=`` cannot come from a text, since
normalisation turns it into a space. What was written stays findable as written: this token comes on top.
Sizes in inches (寸, 英寸) are a dimension of their own: a 27寸 screen is not asked for in millimetres.

Short forms count the next place (一米八, 1米8; below 10米) or a half (一斤半). A Han numeral is believed before a unit
of Han characters or several letters, and where the two begin no other word: 一米线, 三升四 and 五克拉 are none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from retrieval.analysis import numerals

NUMBER_ALONE = "size"
"""Base unit of what is also said by its number alone: 42码, 42."""

_NUMBER = r"\d{1,9}(?:\.\d{1,6})?"
_ANY = re.compile(rf"[\d{numerals.DIGITS}两十半]")
_SCALES = {"千": Decimal(1000), "万": Decimal(10_000)}
_METRE = "米"
_UNSPOKEN = frozenset({"伏"})
"""三伏天 is no voltage."""
_OTHERS = {
    _METRE: "饭线粉粥糊糕饼酒醋兰奇色其", "克": "拉隆斯莱罗里力", "斤": "顶", "升": f"{numerals.DIGITS}初高级降",
    "码": "通归全付事合", "两": f"{numerals.DIGITS}个件条只张次种位天年款片包瓶岁步口侧用面性边头段级层",
    "寸": "心",
}  # fmt: skip
"""Unit → what behind a Han numeral and it makes other words: 一米线, 千斤顶, 三升四, 一两个."""
_NO_NUMERAL = f"零{numerals.DIGITS}两十百千万几半统同专单唯第"
"""Before a Han numeral these make another number or word: 统一, 第一."""
_COUNTED = "根条卷个只件张片套块支包份盒插孔芯编类位层"
"""Behind a digit these are counted: 3米5根 is 3米, 5根."""
_RIM = re.compile(r"(?<![a-z0-9])\d{3}[/-]\d{2,3}z?r(\d{2})(?!\d)")
_RIM_BASE = "inch"
"""What the last number of a tyre measures: 225/55r18 is for a wheel of 18 inches."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's name in normalised text, its base unit, and how many of those it is."""

    name: str
    base: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount found in a text, at characters ``[start, end)``.

    Attributes:
        token: the same for equal amounts.
        alone: the number, where it may be said without its unit.
    """

    start: int
    end: int
    token: str
    alone: str = ""


class Quantities:
    """Finds amounts in normalised text."""

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self._units = units
        names = "|".join(re.escape(n) for n in sorted(units, key=_longest))
        self._pattern = _pattern(units, names) if names else None
        self._bases = {unit.base for unit in units.values()}
        sizes = rf"(?<![a-z0-9.])({_NUMBER}(?:x{_NUMBER})+)[ ]?({names})(?![a-z])"
        self._dimension = re.compile(sizes) if names else None

    def find(self, text: str) -> list[Quantity]:
        """All amounts in normalised `text`, left to right, without overlap."""
        if self._pattern is None or not _ANY.search(text):  # half of the texts, in a tenth of the time
            return []
        return [found for match in self._pattern.finditer(text) if (found := self._quantity(match)) is not None]

    def dimensions(self, text: str) -> list[Quantity]:
        """All sizes of several numbers, each as one: 30x40cm, 1.8x2.2米; and both are amounts of their unit."""
        if self._dimension is None or "x" not in text:
            return []
        return [self._size(match) for match in self._dimension.finditer(text)]

    def implied(self, text: str) -> list[str]:
        """Tokens of amounts that are said without saying so: each side of 30x40cm, the 18 inches of 225/55r18."""
        sides = [f"{size.token.split(':')[0]}:{side}" for size in self.dimensions(text) for side in _sides(size)]
        rims = _RIM.findall(text) if "r" in text and _RIM_BASE in self._bases else ()
        return [*sides, *(f"={_RIM_BASE}:{int(rim)}" for rim in rims)]

    def _size(self, match: re.Match[str]) -> Quantity:
        unit = self._units[match[2]]
        values = ((Decimal(number) * unit.factor).normalize() for number in match[1].split("x"))
        return Quantity(match.start(), match.end(), f"={unit.base}:{'x'.join(f'{value:f}' for value in values)}")

    def _quantity(self, match: re.Match[str]) -> Quantity | None:
        if match["digits"]:
            number, unit = Decimal(match["digits"]), self._units[match["unit"]]
            number *= _SCALES.get(match["scale"], Decimal(1))
        else:
            said, unit = numerals.spoken(match["spoken"]), self._units[match["said_unit"]]
            if said is None:
                return None
            number = said
        if tenths := match["tenths"]:
            digits = "".join(tenth if tenth.isascii() else str(numerals.DIGITS.index(tenth) + 1) for tenth in tenths)
            number += Decimal(f"0.{digits}")
        elif match["half"]:
            number += Decimal("0.5")
        value = (number * unit.factor).normalize()
        alone = numerals.plain(number) if unit.base == NUMBER_ALONE else ""
        return Quantity(match.start(), match.end(), f"={unit.base}:{value:f}", alone)


def _pattern(units: Mapping[str, Unit], names: str) -> re.Pattern[str]:
    """Numbers with their units; what is written in digits may stand apart from its unit."""
    spoken = [name for name in units if name not in _UNSPOKEN and (not name.isascii() or len(name) > 1)]
    said = "|".join(
        re.escape(name) + (f"(?![{_OTHERS[name]}])" if name in _OTHERS else "") for name in sorted(spoken, key=_longest)
    )
    # A number inside a longer run (z500ml) is a model, a Latin unit inside a word (5gram) is not a unit.
    number = (
        rf"(?<![a-z0-9.])(?P<digits>{_NUMBER})(?P<scale>[千万]?)[ ]?(?P<unit>{names})"
        rf"|(?<![a-z0-9.{_NO_NUMERAL}])(?P<spoken>{numerals.SPOKEN})(?P<said_unit>{said or '(?!)'})"
    )
    tenths = (
        rf"(?<=[0-9]{_METRE})[1-9]{{1,2}}(?![a-z0-9./])|"
        rf"(?<=[两{numerals.DIGITS}]{_METRE})[{numerals.DIGITS}]{{1,2}}(?![{numerals.DIGITS}十百千万])"
    )
    more = (
        rf"(?<![\d.]\d{_METRE})(?P<tenths>{tenths})(?![{_COUNTED}]|[ ]?(?:{names}))|(?<=[斤米])(?P<half>半(?![斤两米]))"
    )
    return re.compile(rf"(?:{number})(?![a-z])(?:{more}|)")


def _sides(size: Quantity) -> list[str]:
    return size.token.split(":")[1].split("x")


def _longest(name: str) -> tuple[int, str]:
    return -len(name), name
