"""Which colours a query names, and which documents name others alone.

A title names a colour with 色 (黑色), or in many other ways (雅黑, 红/L), and many words hold its character that name
none: 网红, 口红, 红底, 蓝牙. So any place counts for the colour that is asked, but such words; against it counts only
what is said with 色.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from retrieval.ranking.texts import Flags, Texts

COLOURS = "红黄蓝绿黑白粉紫灰棕橙金银"
BETWEEN = {
    "裸色": "粉",
    "米色": "白黄",
    "杏色": "黄橙白",
    "驼色": "棕黄",
    "咖色": "棕",
    "卡其": "棕黄绿",
    "藏青": "蓝黑",
}
"""Shades that go by names of their own → the colours which they do not contradict."""
_NO_COLOUR = {
    "红": ("网口爆走", "底外包糖茶枣酒木薯豆旗利烧参"),
    "黄": ("大蛋牛", "金瓜豆芪油酒花鱼连"),
    "蓝": ("", "牙光莓月"),
    "绿": ("", "茶豆植源萝"),
    "黑": ("", "科茶豆芝头五马"),
    "白": ("美蛋明空", "领酒菜茶糖板鸭鹅术芷金"),
    "粉": ("面奶蜜散米藕豆衣定花", "底丝末饼扑条刷"),
    "紫": ("", "薯砂菜外草"),
    "灰": ("", "尘"),
    "棕": ("", "榈垫"),
    "橙": ("甜鲜脐", "子汁"),
    "金": ("黄合五现资基千足彩铂", "属龙枪士针骏毛桔橘"),
    "银": ("纯足", "行耳饰杏川鱼"),
}
"""Colour → characters before and behind it with which it names none."""
_WITH = f"(?=[{COLOURS}]?色)"
"""What follows a colour that is surely one: 粉红色 says both, 豆粉色 is pink."""
_SAID = f"(?:[纯深浅]{{0}}|{{0}}{_WITH})"


@lru_cache(maxsize=4096)
def colours_of(query: str) -> str:
    """The colours that a normalised query names, a character each."""
    return "".join(colour for colour in COLOURS if re.search(_SAID.format(colour), query))


def other_colours(texts: Texts, said: str) -> Flags:
    """Documents that name other colours than those of `said`, and none of these, shape (n,)."""
    other = np.zeros(texts.size, np.bool_)
    for name in _others(said):
        other |= texts.contain(name)
    if other.any():
        named, documents = _named(said), texts.documents
        for place in np.flatnonzero(other).tolist():
            other[place] = not named.search(documents[place])
    return other


@lru_cache(maxsize=256)
def _others(said: str) -> tuple[str, ...]:
    plain = [f"{colour}色" for colour in COLOURS if colour not in said]
    return (*plain, *(name for name, near in BETWEEN.items() if not set(near) & set(said)))


@lru_cache(maxsize=256)
def _named(said: str) -> re.Pattern[str]:
    ways = []
    for colour in said:
        before, behind = _NO_COLOUR[colour]
        ways += [colour + _WITH, (f"(?<![{before}])" if before else "") + colour + f"(?![{behind}])"]
    return re.compile("|".join(ways))
