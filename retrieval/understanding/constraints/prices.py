"""Prices said in words: 「100元以内」「不超过两百」「两三百的」「预算500」「百元档」.

A bound is inclusive on both sides, in fen: 以下 and 低于 keep the number itself. 左右 is ±20 %.

A number with a unit of money needs a bound, a range, 的 (「98元的」), a spoken unit (「一百块钱」) or a place of its
own at the end (「跑鞋 300元」); 「10元话费」 is a face value. A number without any unit is a price only when nothing is
near that it could count or measure: 「手机壳 50以内」 is one, but not 「3岁以上」, 「20以内加减法」, 「身高160以上」 or
「婴儿150左右」.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from retrieval.analysis.normalize import HAN
from retrieval.analysis.numerals import plain
from retrieval.types import Filters
from retrieval.understanding.constraints.constraint_rules import ConstraintRules, longest_first
from retrieval.understanding.constraints.expressions import Expression
from retrieval.understanding.kinds import ConstraintKind
from retrieval.understanding.plan import Constraint

NEAR = Decimal("0.2")
"""What 左右 allows on either side."""
FEN = 100
MOST_YUAN = Decimal(10) ** 9
_LEAST_BARE = 10
"""Without a unit, smaller numbers are counts."""
_ROUND = 100
"""Without a unit, a lower bound is a multiple of this: 3000以上 is a price, 骁龙870以上 is not."""
_POSTAGE = "包邮"
"""9块9包邮 and 9.9包邮 name a price."""
_TO = frozenset({"到", "至"})
"""Said between two round numbers that end the words, they make a range even without money: 羽绒服300到500."""
_HAN = re.compile(f"[{HAN}]")
_NO_SIZE = 200
"""Without a unit and right after a word, a nearness is at least this: 婴儿150左右 is a height."""
_MOST_K = 100
_SHARP = frozenset({2, 4, 8})
"""4k以上 is a resolution."""
_W_IS_WATT = 3
"""1w以内 is ten thousand, 5w以内 is watts."""
_LEVEL = re.compile(r"(?<!\S)([百千万])元(?:级别?|档|价位)?(机(?!\w))?的?")
_LEVELS = {"百": 100, "千": 1000, "万": 10_000}


class PriceReader:
    """Turns bounded numbers into price constraints."""

    def __init__(self, rules: ConstraintRules) -> None:
        self._money = {
            word: Decimal(value) for kind in ("money", "spoken") for word, value in rules.value(kind).items()
        }
        self._spoken = rules.words("spoken")
        self._counters = re.compile(longest_first(rules.of("counter")))
        self._measured = re.compile(rf"(?:{longest_first(rules.of('measured'))})[是为在要 ]?\Z")
        self._deals = re.compile(rf"(?:{longest_first(rules.of('deal'))}) ?\Z")
        self._faces = re.compile(longest_first(rules.of("face")))
        self._not_prices = re.compile(longest_first(rules.of("not_price")))
        ends = ((rule.pattern, rule.value.partition("..")) for rule in rules.of("sized"))
        self._sizes = [(re.compile(pattern), Decimal(low), Decimal(high)) for pattern, (low, _, high) in ends]

    def is_money(self, expression: Expression) -> bool:
        """Whether the unit is one of money."""
        return expression.unit in self._money

    def read(self, text: str, expressions: Iterable[Expression]) -> list[Constraint]:
        """The price constraints among the bounded numbers of `text`, and the levels (千元机)."""
        found = []
        for said in expressions:
            if said.unit and not self.is_money(said):
                continue
            bound = self._bound(text, said)
            yuan = self._money.get(said.unit, Decimal(1))
            if bound and (price := _interval(said, bound, yuan)):
                near = said.low * yuan if bound == "about" and said.low == said.high else None
                found.append(_constraint(said.start, said.end + said.of, price, about=near))
        return [*self._levels(text), *found]

    def _bound(self, text: str, said: Expression) -> str | None:
        """How the price is bounded; None when this is not a price."""
        bound = said.bound or said.suggested
        if self._deals.search(text, 0, said.number) and not said.cued:
            return None
        if said.unit:
            return self._with_unit(text, said, bound)
        if said.scale == "w" and not said.cued and said.low >= _W_IS_WATT * 10_000:
            return None
        if said.scale == "k" and (said.high >= _MOST_K * 1000 or (bound == "least" and said.low / 1000 in _SHARP)):
            return None
        return self._without_unit(text, said, bound)

    def _with_unit(self, text: str, said: Expression, bound: str | None) -> str | None:
        if bound in ("most", "least"):
            return bound
        if said.join is not None or said.vague:
            return "between"
        if bound in ("about", "level") or said.about:
            return "about"
        if text.startswith(_POSTAGE, said.after):
            return "most"
        last = said.end == len(text) and text[: said.start].endswith(" ")
        if said.cued or ((said.of or last or said.unit in self._spoken) and not self._faces.search(text)):
            return "about"
        return None

    def _without_unit(self, text: str, said: Expression, bound: str | None) -> str | None:
        plain_price = said.cued or said.low >= _LEAST_BARE or text.startswith(_POSTAGE, said.after)
        if not plain_price or self._not_prices.search(text) or self._is_size(text, said):
            return None
        if self._counters.match(text, said.after) and not (said.bounds and said.end > said.after):
            return None
        ranged = said.join is not None or said.vague
        if said.cued:
            ends = said.bound if ranged else bound  # 预算 alone bounds one number, not a range
            return ends if ends in ("most", "least") else "between" if ranged else "about"
        free = said.start == 0 or text[said.start - 1] == " "
        closed = said.of or said.end == len(text) or text[said.end] == " "
        word = text[said.after : said.end].strip()
        if len(word) == 1 and (word == "+" or not closed):
            return None  # 红环800+, 荣威350内顶: too short to be a bound where nothing says money
        if bound == "least":
            return bound if said.low >= _ROUND and said.low % _ROUND == 0 else None
        if bound == "most":
            return bound
        if ranged:
            spoken = said.high % _LEAST_BARE == 0 and not text[said.number].isascii()
            round_ends = said.low >= _ROUND and said.low % _ROUND == said.high % _ROUND == 0
            alone = said.join in _TO and round_ends and (free or _HAN.match(text, said.start - 1))
            return "between" if bound or said.of or (closed and (spoken or alone)) else None
        if bound == "about" or said.about:
            near = free or said.low >= _NO_SIZE
            return "about" if (closed and not text[said.number].isascii() if said.about else near) else None
        if text.startswith(_POSTAGE, said.after):
            return "most" if said.low % 1 else None
        spelled = said.of and said.low >= _ROUND and not text[said.number].isascii() and not self._faces.search(text)
        return "about" if spelled or (bound == "level" and said.low >= _ROUND) else None

    def _is_size(self, text: str, said: Expression) -> bool:
        if said.cued:
            return False
        if self._measured.search(text, 0, said.start):
            return True
        return any(low <= said.low and said.high <= high and word.search(text) for word, low, high in self._sizes)

    def _levels(self, text: str) -> Iterator[Constraint]:
        """百元耳机 and 千元机 name a level: once to twice the number. 机 is the product, so 千元机 stays searched."""
        for match in _LEVEL.finditer(text) if not self._faces.search(text) else ():
            low = _LEVELS[match.group(1)]
            yield _constraint(match.start(), match.end(), (low * FEN, 2 * low * FEN), consumed=not match.group(2))


def _interval(said: Expression, bound: str, yuan: Decimal) -> tuple[int | None, int | None] | None:
    """Bounds in fen; None when they are no price anybody asks."""
    low, high = said.low * yuan, said.high * yuan
    if high > MOST_YUAN or high <= 0:
        return None
    if bound == "about" and low == high:
        low, high = low * (1 - NEAR), high * (1 + NEAR)
    return (None if bound == "most" else int(low * FEN), None if bound == "least" else int(high * FEN))


def _constraint(
    start: int, end: int, price: tuple[int | None, int | None], *, about: Decimal | None = None, consumed: bool = True
) -> Constraint:
    label = price_label(price) if about is None else f"¥{plain(about)} 左右"
    return Constraint(
        f"price:{start}-{end}", ConstraintKind.PRICE, label, start, end, Filters(price=price), consumed=consumed
    )


def price_label(price: tuple[int | None, int | None]) -> str:
    """A price filter (fen) as a chip shows it: ¥100 以内, ¥100 以上, ¥100–300."""
    low, high = ("" if end is None else plain(Decimal(end) / FEN) for end in price)
    if low and high:
        return f"¥{low}–{high}"
    return f"¥{high} 以内" if high else f"¥{low} 以上"
