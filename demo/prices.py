"""Prices as malls write them (39.9, 129, 2999) and as hosts say them (三十九块九)."""

from __future__ import annotations

import random

DIGITS = "零一二三四五六七八九"
UNITS = ("", "十", "百", "千")


def charm(raw: float, low: float, high: float, rng: random.Random) -> float:
    """The usual price ending nearest to ``raw`` yuan, kept inside [low, high].

    Under 30 yuan prices end in .9, .8 or .5, under 100 in 9.9 or 9, under 1000 in 9 or 8, above in 99.
    """
    if raw < 30:
        price = int(raw) + rng.choice((0.9, 0.9, 0.8, 0.5))
    elif raw < 100:
        price = int(raw / 5) * 5 + rng.choice((4.9, 4.9, 4.0, 3.9))
    elif raw < 1000:
        price = int(raw / 10) * 10 + rng.choice((9.0, 9.0, 8.0))
    else:
        price = int(raw / 100) * 100 + 99.0
    return round(min(max(price, low), high), 2)


def spoken_price(price: float) -> str:
    """A price in yuan as it is spoken: 39.9 -> 三十九块九, 129 -> 一百二十九, 5 -> 五块. At most two decimals."""
    cents = round(price * 100)
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    words = spoken_number(yuan)
    if fen:
        return f"{words}块{DIGITS[jiao]}毛{DIGITS[fen]}"
    if jiao:
        return f"{words}块{DIGITS[jiao]}"
    return words if yuan >= 10 and yuan % 10 else f"{words}块"


def spoken_number(number: int) -> str:
    """A whole number 0-99,999,999 in Chinese: 15 -> 十五, 108 -> 一百零八, 12000 -> 一万二千."""
    if number >= 10_000:
        rest = number % 10_000
        zero = "零" if 0 < rest < 1_000 else ""
        return f"{spoken_number(number // 10_000)}万{zero}{spoken_number(rest) if rest else ''}"
    words, gap = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            words += (
                ("零" if gap and words else "") + ("两" if digit == 2 and power == 3 else DIGITS[digit]) + UNITS[power]
            )
        gap = not digit
    return words.removeprefix("一") if 10 <= number < 20 else words or DIGITS[0]
