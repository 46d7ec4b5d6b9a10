"""Numbers as people write and say them: 200, 1.5万, 2千, 一百二, 两三百, 几十, 三百多, 百来.

A numeral is an interval ``[low, high]``: one number has equal ends, 两三百 is [200, 300], 几十 is [10, 100], 三百多 is
[300, 400]. The short forms are those of spoken Chinese: the last digit after 百, 千 or 万 counts the next lower
place (一百二 = 120, 一万五 = 15000, but 一百零二 = 102 and 二十五 = 25); two neighbouring digits are a range (三四十,
十五六).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, **{c: n for n, c in enumerate("三四五六七八九", start=3)}}
_PLACES = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_SOME = "几"
_WIDEST_PAIR = 2
"""三五百 is a range; 二八 and 一四 are not said."""

_HALF = "半"
_IDIOMS = {"百十": 100, "百八十": 100, "千八百": 1000}
_ENDINGS = ("多", "余", "来", "把")
_HAN = "".join(_DIGITS) + "".join(_PLACES) + _SOME
_ARABIC = r"[0-9]{1,9}(?:\.[0-9]{1,3})?(?!\.?[0-9])"
_LAST = rf"[1-9一二三四五六七八九](?![0-9.{_HAN}])"
PATTERN = rf"(?:{_ARABIC}(?:[十百千万]{{1,2}}(?:{_LAST})?)?|[大小]几[十百千万]|[{_HAN}]+|{_HALF})[多余来把]?"
"""A regular expression (without groups) of what may be a numeral; `parse` tells whether it is one."""

DIGITS = "一二三四五六七八九"
SPOKEN = rf"[{DIGITS}两十半][{_HAN}{_HALF}]*(?:点[零{DIGITS}]+)?"
"""A regular expression (without groups) of what may be one number in Han numerals; `spoken` tells. 百 alone is none."""

_WRITTEN = re.compile(rf"({_ARABIC})([十百千万]*)(.?)")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number or an interval, ``low <= high``. `about`: said to be near it (百来, 千把)."""

    low: Decimal
    high: Decimal
    about: bool = False

    @property
    def vague(self) -> bool:
        """Whether one word named an interval."""
        return self.low != self.high


def parse(text: str) -> Numeral | None:
    """The numeral that `text`, as matched by `PATTERN`, spells; None for digits in a row (二零二四) and the like."""
    stem, ending = (text[:-1], text[-1]) if text[-1:] in _ENDINGS else (text, "")
    if stem == _HALF:
        return None if ending else Numeral(Decimal("0.5"), Decimal("0.5"))
    if stem in _IDIOMS:
        return Numeral(Decimal(_IDIOMS[stem]), Decimal(_IDIOMS[stem]), about=True)
    interval = _arabic(stem) if stem[:1].isascii() else _spoken(stem)
    if interval is None:
        return None
    low, high = interval
    if not ending:
        return Numeral(low, high)
    if low != high or low < 10 or low % 10 or (ending == "把" and stem not in _PLACES):
        return None
    return Numeral(low, low, about=True) if ending in "来把" else Numeral(low, low + _last_place(int(low)))


def spoken(text: str) -> Decimal | None:
    """The one number that `text` says: 两万, 三点五; None for several (两三), about (百来) or none."""
    whole, point, fraction = text.partition("点")
    numeral = parse(whole)
    if numeral is None or numeral.vague or numeral.about:
        return None
    return numeral.low + (Decimal(f"0.{''.join(str(_DIGITS[char]) for char in fraction)}") if point else 0)


def plain(value: Decimal) -> str:
    """`value` without exponent and without zeros at the end: 100, 9.9."""
    return f"{value.normalize():f}"


def _arabic(text: str) -> tuple[Decimal, Decimal] | None:
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return None
    value, unit = Decimal(match.group(1)), 1
    for place in match.group(2):
        unit *= _PLACES[place]
    value *= unit
    if last := match.group(3):
        value += Decimal(_DIGITS.get(last) or int(last)) * unit / 10
    return value, value


def _spoken(text: str) -> tuple[Decimal, Decimal] | None:
    """The interval of Han numerals: some (几), two neighbouring digits, or one number."""
    if not text:
        return None
    if text[0] in "大小":
        # 大几百 is the upper half of 几百, 小几百 the lower one.
        place = Decimal(_PLACES[text[2]])
        return (5 * place, 10 * place) if text[0] == "大" else (place, 5 * place)
    if _SOME in text:
        # 几百 starts at 一百, 十几 at 十; both end where the next place begins.
        least = 0 if text.endswith(_SOME) and text != _SOME else 1
        low, high = _value(text, least), _value(text, 10)
        return None if low is None or high is None else (Decimal(low), Decimal(high))
    if pair := re.search(r"[一二两三四五六七八九]{2}", text):
        first, second = pair.start(), pair.start() + 1
        if not 0 < _DIGITS[text[second]] - _DIGITS[text[first]] <= _WIDEST_PAIR:
            return None
        low, high = _value(text[:second] + text[second + 1 :]), _value(text[:first] + text[second:])
    else:
        low = high = _value(text)
    return None if low is None or high is None else (Decimal(low), Decimal(high))


def _value(text: str, some: int = 0) -> int | None:
    """The number that `text` spells, 几 counting `some`; None when it is not well formed."""
    left, ten_thousand, right = text.partition("万")
    if not ten_thousand:
        return _section(text, some)
    high = _section(left, some) if left else 1
    if not right:
        return None if high is None else high * 10_000
    low = _DIGITS[right] * 1000 if len(right) == 1 and right in _DIGITS else _section(right, some)
    return None if high is None or low is None or not left else high * 10_000 + low


def _section(text: str, some: int) -> int | None:
    """A number below 10,000."""
    total, digit, last = 0, None, 10_000
    zero = False
    for char in text:
        if char in _PLACES:
            place = _PLACES[char]
            if place >= last or (digit is None and place > 10 and text != char) or place == 10_000:
                return None
            total += (1 if digit is None else digit) * place
            digit, last, zero = None, place, False
        elif digit is not None:
            return None
        elif char in "零〇":
            zero = True
        else:
            digit = some if char == _SOME else _DIGITS[char]
    if digit is None:
        return total if last < 10_000 else None
    return total + digit * (last // 10 if 100 <= last < 10_000 and not zero and text[-1] != _SOME else 1)


def _last_place(value: int) -> int:
    place = 1
    while value % (place * 10) == 0:
        place *= 10
    return place
