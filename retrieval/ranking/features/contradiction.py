"""Does a title contradict what the query says? To say something else is worse than to say nothing.

Statements of six kinds exclude each other: numbers of one unit (37码, 38码), numbers of one series (iphone 13,
iphone 12; 佳能70, 佳能80), colours, men and women, grown-ups and children, and brands. A title that lists several, or a
span with the number in it (35-40码), states each of them. An offer that tells no brand contradicts none. And what is
for animals is for nobody who did not say one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from retrieval.analysis.normalize import HAN
from retrieval.ranking.features.colours import colours_of, other_colours
from retrieval.ranking.features.feature import Feature
from retrieval.ranking.features.pairs import Pairs
from retrieval.ranking.texts import Flags, Texts
from retrieval.types import FloatArray
from retrieval.understanding.kinds import Kind

CHILDREN = ("童", "宝宝", "婴", "幼儿", "小孩", "孩子")
GROWN_UP = ("成人", "亲子", "情侣")
"""Who says so sells to both."""
ANIMALS = "宠猫狗犬鼠鸟鱼龟兔马牛羊猪鸡鸭鹅兽"
PETS = ("宠物", "猫咪", "狗狗", "猫粮", "狗粮", "猫砂", "猫狗", "幼犬", "幼猫", "猫用", "狗用", "犬用")
"""天猫, 熊猫, 热狗 and 马丁靴 are for no animal."""
WOMEN, MEN = ("女", "妈", "孕", "老婆", "奶奶"), ("男", "爸", "老公", "爷爷")
UNITS = (
    ("mah", "毫安时", "毫安"), ("ml", "毫升"), ("l", "升"), ("kg", "公斤", "千克"), ("g", "克"), ("gb",), ("tb",),
    ("w", "瓦"), ("v", "伏"), ("英寸", "寸", "吋"), ("mm", "毫米"), ("cm", "厘米", "公分"), ("m", "米"),
)  # fmt: skip
"""Units that are spelled in several ways; any other word behind a number is a unit of its own."""

SURELY = 0.8
"""What missing a brand costs where it is surely meant as one; 被窝 is a brand, too."""

Numbers = tuple[tuple[str, ...], frozenset[float]]
"""Names that stand beside a number, and the numbers that a query gives with them."""

_NUMBER = r"\d{1,9}(?:\.\d+)?"
_SPAN = rf"({_NUMBER})(?:[-~到至]({_NUMBER}))?"
_BEFORE = re.compile(rf"(?<![a-z0-9.]){_SPAN}[ ]?\Z")
_BEHIND = re.compile(rf"[-_./+ ]?{_SPAN}(?![\d.])")
_AMOUNT = re.compile(rf"(?<![a-z0-9.])({_NUMBER})[ ]?([a-z]{{1,3}}(?![a-z0-9])|[{HAN}]{{1,3}})")
_SERIES = re.compile(rf"(?:(?<![a-z])([a-z]+)[-_./+ ]?|([{HAN}]{{2}})[ ]?)({_NUMBER})(?![\d.])")
_MEASURES = "码斤片支只粒袋包盒瓶本抽卷层人度"


def _contradiction(pairs: Pairs) -> FloatArray:
    """- 1 where a title contradicts the query in any kind, else 0."""
    wrong, query, texts = np.zeros(pairs.size, np.bool_), pairs.text.normalized, pairs.rows.texts
    for names, numbers in _amounts(query):
        wrong |= _others(texts, names, numbers, before=True)
    for names, numbers in _series(query):
        wrong |= _others(texts, names, numbers, before=False) & ~_numbered(texts, numbers)
    for said, opposed in _opposed(query):
        wrong |= _stated(texts, opposed) & ~_stated(texts, said)
    if colours := colours_of(query):
        wrong |= other_colours(texts, colours)
    for term, (kind, cost) in enumerate(zip(pairs.wanted.kinds, pairs.wanted.costs, strict=True)):
        if kind is Kind.BRAND and cost >= SURELY:
            wrong |= (pairs.rows.brands != 0) & (pairs.matches[:, term] < 1)
    return -wrong.astype(np.float32)


@lru_cache(maxsize=4096)
def _amounts(query: str) -> tuple[Numbers, ...]:
    """The units of which a query gives numbers, however they are spelled."""
    kinds: dict[tuple[str, ...], set[float]] = {}
    for match in _AMOUNT.finditer(query):
        if unit := _unit(match.group(2)):
            kinds.setdefault(unit, set()).add(float(match.group(1)))
    return tuple((names, frozenset(numbers)) for names, numbers in kinds.items())


@lru_cache(maxsize=4096)
def _series(query: str) -> tuple[Numbers, ...]:
    """The names that stand before its other numbers."""
    measured = {match.end(1) for match in _AMOUNT.finditer(query) if _unit(match.group(2))}
    kinds: dict[tuple[str, ...], set[float]] = {}
    for match in _SERIES.finditer(query):
        if match.end() not in measured:
            kinds.setdefault((match.group(1) or match.group(2),), set()).add(float(match.group(3)))
    return tuple((names, frozenset(numbers)) for names, numbers in kinds.items())


def _unit(behind: str) -> tuple[str, ...] | None:
    """The spellings of the unit that begins what stands behind a number; None where that is no unit."""
    for names in UNITS:
        if any(behind == name if name.isascii() else behind.startswith(name) for name in names):
            return names
    return (behind[0],) if behind[0] in _MEASURES else None


def _others(texts: Texts, names: tuple[str, ...], wanted: frozenset[float], *, before: bool) -> Flags:
    """Documents that give numbers `before` (else behind) one of the names, but none of those that are wanted."""
    has, right = np.zeros(texts.size, np.bool_), np.zeros(texts.size, np.bool_)
    for name in names:
        for document, ahead, behind in texts.around(name, digit=-1 if before else 1):
            if name.isascii() and _is_letter(behind[:1] if before else ahead[-1:]):
                continue
            if span := _BEFORE.search(ahead) if before else _BEHIND.match(behind):
                least = float(span.group(1))
                most = float(span.group(2) or least)
                has[document] = True
                right[document] |= any(least <= number <= most for number in wanted)
    return has & ~right


def _numbered(texts: Texts, numbers: frozenset[float]) -> Flags:
    """Documents in which one of the numbers stands, whatever before it: 适用佳能80D 70D names both."""
    found = np.zeros(texts.size, np.bool_)
    for number in numbers:
        found |= texts.contain_number(f"{number:.12g}")
    return found


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _opposed(query: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """What a query says, and what says the opposite: words, any of which do."""
    women, men, children, animals = (any(word in query for word in words) for words in (WOMEN, MEN, CHILDREN, ANIMALS))
    if women != men:
        yield (WOMEN, MEN) if women else (MEN, WOMEN)
    if (women or men) and not children:
        yield GROWN_UP, CHILDREN
    if not animals:
        yield (), PETS


def _stated(texts: Texts, words: tuple[str, ...]) -> Flags:
    found = np.zeros(texts.size, np.bool_)
    for word in words:
        found |= texts.contain(word)
    return found


FEATURE = Feature(
    "contradiction", -1, 0, "another number, colour, sex, age or brand than was said, or for animals", _contradiction
)
