"""Bounded numbers: 「预算200到300元左右的」 is a range with a unit and what was said around it.

    [cue] [bound] number [unit] [join number [unit]] [bound] [的]

Prices and amounts are both said this way; the unit tells which it is, or, where there is none, `prices` decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

from retrieval.analysis.numerals import PATTERN, Numeral, parse
from retrieval.analysis.quantities import Unit
from retrieval.understanding.constraints.constraint_rules import ConstraintRules, longest_first, once

_SCALES = {"k": Decimal(1000), "w": Decimal(10_000)}
_DECIMAL_DIGITS = {c: n % 9 + 1 for n, c in enumerate("123456789一二三四五六七八九")}
_BLANK_STEP, _BLANK_WIDEST = 10, 5
"""A tilde is a blank in normalised text: 「100 200元」 is a range of round numbers, the second ≤ 5 times the first."""
_PLACES = {"十": 10, "百": 100, "千": 1000, "万": 10_000}


@dataclass(frozen=True, slots=True)
class Expression:
    """A number or range with what bounds it, at ``[start, end)`` of the text.

    Attributes:
        number: where the first number starts; cues and bounds said before it come earlier.
        after: where the last number with its unit ends; bounds said after it come later.
        low, high: as said, `scale` counted in, the unit not; equal for one number.
        vague: one word named an interval (两三百). `about`: the number says that it is near (百来).
        join: what stands between two numbers, without blanks; empty for a blank; None for one number.
        unit: as written; empty where none is. `scale`: a k or w right after the number.
        bounds: those said, of ``most``, ``least``, ``about``, ``between`` and ``level``.
        cued: a word says that this is a price. `suggested`: the bound that such a word means by itself (预算).
        of: 的 follows.
    """

    start: int
    end: int
    number: int
    after: int
    low: Decimal
    high: Decimal
    vague: bool
    about: bool
    join: str | None
    unit: str
    scale: str
    bounds: frozenset[str]
    cued: bool
    suggested: str | None
    of: bool

    @property
    def bound(self) -> str | None:
        """The bound that counts: an end before a nearness."""
        return next((b for b in ("most", "least", "about", "level", "between") if b in self.bounds), None)


class ExpressionFinder:
    """Finds the bounded numbers of normalised texts."""

    def __init__(self, rules: ConstraintRules, units: Mapping[str, Unit]) -> None:
        self._before, self._after, self._cues = rules.value("before"), rules.value("after"), rules.value("cue")
        # 约 is a word of its own only at the start of one: 简约1.8米床.
        before = [*rules.of("before"), *rules.of("cue")]
        short = longest_first(rule for rule in before if len(rule.phrase) == 1)
        bounds = rf"{longest_first(rule for rule in before if len(rule.phrase) > 1)}|(?<!\S)(?:{short})"
        fillers = longest_first(rules.of("filler"))
        money = {rule.phrase: rule.after_number for rule in [*rules.of("money"), *rules.of("spoken")]}
        names = {**{name: re.escape(name) + ("(?![a-z/])" if name.isascii() else "") for name in units}, **money}
        unit = "|".join(names[name] for name in sorted(names, key=lambda n: (-len(n), n))) or "(?!)"
        joins = "|".join(re.escape(rule.phrase) for rule in rules.of("join"))
        # 预算 after a number bounds it, but not where a number of its own follows.
        leading = [rule for rule in rules.of("after") if rule.phrase in self._cues]
        trailing = [rule for rule in rules.of("after") if rule.phrase not in self._cues]
        after = rf"(?:(?:{longest_first(leading)})(?! ?{PATTERN})|{longest_first(trailing)})"
        # 9块9 and 1米8以上 have a decimal digit; 10块3双 and 5元2斤 have not.
        fraction = rf"(?<=[块元米])[1-9一二三四五六七八九](?=\Z|[ 的钱]|包邮|{joins}|{after})"
        number = rf"({PATTERN})([kw](?![a-z0-9]))?(?: ?({unit}))?({fraction}钱?)?"
        self._bounds = re.compile(bounds)
        # What could be read in several ways (价格在) must not be tried in all of them.
        prefix = once(rf"(?:(?:{bounds}|{fillers}) ?)*")
        self._first = re.compile(rf"{prefix}(?<![a-z0-9.])(?<![a-z0-9][-_./+]){number}")
        self._second = re.compile(rf"( ?(?:{joins}) ?|(?<=[0-9])一(?=[0-9])| ){number}(?![-/][0-9])")
        self._suffixes = re.compile(rf"(?: ?(?:{after}))*")
        self._suffix = re.compile(after)
        self._money = {word: Decimal(yuan) for kind in ("money", "spoken") for word, yuan in rules.value(kind).items()}
        self._sizes = {
            **{name: (unit.base, unit.factor) for name, unit in units.items()},
            **{word: ("", yuan) for word, yuan in self._money.items()},
        }

    def find(self, text: str) -> Iterator[Expression]:
        """All bounded numbers of `text`, left to right without overlap; also bare ones, which bound nothing."""
        at = 0
        while match := self._first.search(text, at):
            at = match.end()
            if (low := parse(match.group(2))) is not None:
                expression = self._read(text, match, low)
                at = expression.after
                yield expression

    def _read(self, text: str, first: re.Match[str], numeral: Numeral) -> Expression:
        _, _, scale, unit, fraction = first.groups()
        low = high = _said(numeral, scale, fraction)
        after, join = first.end(), None
        said_before = _phrases(self._bounds, text, first.start(), first.start(2))
        bounds = {self._before[word] for word in said_before if word in self._before}
        if second := self._second.match(text, after):
            suffix = self._suffixes.match(text, second.end())
            between = "between" in bounds | self._bounds_in(text, suffix)
            if found := self._range(first, second, numeral, between):
                low, high = found
                join, unit, after = second.group(1).strip(), second.group(4), second.end()
                scale = scale or second.group(3)
        suffix = self._suffixes.match(text, after)
        bounds |= self._bounds_in(text, suffix)
        end = suffix.end() if suffix else after
        cues = [self._cues[word] for word in said_before if word in self._cues]
        return Expression(
            start=first.start() if said_before else first.start(2),
            end=end,
            number=first.start(2),
            after=after,
            low=low.low,
            high=high.high,
            vague=low is high and low.vague,
            about=low.about or high.about,
            join=join,
            unit=unit or "",
            scale=scale or "",
            bounds=frozenset(bounds),
            cued=bool(cues),
            suggested=next((cue for cue in cues if cue != "-"), None),
            of=text.startswith("的", end),
        )

    def _range(
        self, first: re.Match[str], second: re.Match[str], numeral: Numeral, between: bool
    ) -> tuple[Numeral, Numeral] | None:
        """The two numbers, when they are a range: rising, of one unit, joined by what joins ranges."""
        other = parse(second.group(2))
        join = second.group(1).strip()
        unit, last_unit = first.group(4), second.group(4)
        ratio = self._ratio(unit or last_unit, last_unit)
        if other is None or ratio is None or (join in ("和", "与") and not between):
            return None
        scale = first.group(3) or second.group(3)
        low, high = _said(numeral, scale, first.group(5)), _said(other, second.group(3), second.group(5))
        low = _share_place(low, first.group(2), second.group(2), high)
        low = Numeral(low.low * ratio, low.high * ratio, low.about)
        if join == "" and not (last_unit in self._money and _round(low) and _round(high)):
            return None
        if join == "" and not unit and high.low > _BLANK_WIDEST * low.low:
            return None
        return (low, high) if low.high < high.low else None

    def _ratio(self, unit: str | None, last: str | None) -> Decimal | None:
        """How many of `last` one `unit` is: 500ml到1l. None where they measure different things."""
        if unit == last:
            return Decimal(1)
        base, factor = self._sizes.get(unit or "", (None, Decimal(1)))
        last_base, last_factor = self._sizes.get(last or "", ("-", Decimal(1)))
        return factor / last_factor if base == last_base else None

    def _bounds_in(self, text: str, suffix: re.Match[str] | None) -> set[str]:
        return {self._after[word] for word in _phrases(self._suffix, text, *suffix.span())} if suffix else set()


def _phrases(pattern: re.Pattern[str], text: str, start: int, end: int) -> list[str]:
    """What `pattern` finds between `start` and `end`, each seen with what follows it."""
    return [m.group() for m in takewhile(lambda m: m.start() < end, pattern.finditer(text, start))]


def _said(numeral: Numeral, scale: str | None, fraction: str | None) -> Numeral:
    times = _SCALES.get(scale or "", Decimal(1))
    more = Decimal(_DECIMAL_DIGITS[fraction[0]]) / 10 if fraction else Decimal(0)
    return Numeral(numeral.low * times + more, numeral.high * times + more, numeral.about)


def _share_place(low: Numeral, first: str, second: str, high: Numeral) -> Numeral:
    """两到三百 and 2-3千: the first number takes the last place of the second, if that leaves a rising range."""
    place = _PLACES.get(second[-1])
    if place is None or any(c in _PLACES for c in first) or low.high * place >= high.low:
        return low
    return Numeral(low.low * place, low.high * place, low.about)


def _round(numeral: Numeral) -> bool:
    return numeral.low >= _BLANK_STEP and numeral.low % _BLANK_STEP == 0
