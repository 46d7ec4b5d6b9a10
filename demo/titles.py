"""Titles put together as sellers do it: from parts whose order and presence differ by category.

A pattern such as ``<brand><材质><noun><~who><p><alias>`` names the parts in order; ``<~part>`` is left out half of the
time, and a part that only repeats what the title already says is passed over.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from demo.entries import SLOT

WORD_END = re.compile(r"[A-Za-z0-9]$")
SHORTEST, SHORT_ENOUGH, LONG = 22, 36, 44
"""Titles get selling points up to a length drawn from the first two; beyond LONG no optional part is added."""


@dataclass(frozen=True, slots=True)
class TitleWords:
    """What may fill the slots: ``fixed`` has one value each, of ``pools`` every value is used at most once."""

    fixed: Mapping[str, str]
    pools: Mapping[str, Sequence[str]]


def compose_title(pattern: str, words: TitleWords, rng: random.Random) -> str:
    """Fill ``pattern`` from ``words``; about 20 to 50 characters where the words allow it. ``<promo>`` comes last."""
    pools = {slot: rng.sample(list(pool), len(pool)) for slot, pool in words.pools.items()}
    enough = rng.randint(SHORTEST, SHORT_ENOUGH)
    title, promo, end = "", "", 0
    for match in SLOT.finditer(pattern):
        title += pattern[end : match.start()]
        end = match.end()
        maybe, slot = bool(match[1]), match[2]
        if maybe and (rng.random() < 0.5 or len(title) > LONG):
            continue
        part = _draw(slot, title, words.fixed, pools)
        if slot == "promo":
            promo = part
        else:
            title = _join(title, part)
    title = (title + pattern[end:]).strip()
    while len(title) < enough and (point := _draw("p", title, {}, pools) or _draw("use", title, {}, pools)):
        title = _join(title, point)
    return " ".join(f"{title} {promo}".split())


def says_already(title: str, part: str) -> bool:
    """Whether half or more of the part's character pairs stand in the title (a single character: whether it does)."""
    pairs = [part[i : i + 2] for i in range(len(part) - 1)] or [part]
    return 2 * sum(pair in title for pair in pairs) >= len(pairs)


def _join(title: str, part: str) -> str:
    """The part behind the title, without words said twice at the seam: 明制 + 明制马面裙 -> 明制马面裙.

    A Latin word or number is set off from the one before it.
    """
    for length in range(len(part), 1, -1):
        if title.endswith(part[:length]) and not part[:length].isascii():
            return title + part[length:]
    gap = " " if WORD_END.search(title) and WORD_END.search(part[:1]) else ""
    return title + gap + part


def _draw(slot: str, title: str, fixed: Mapping[str, str], pools: dict[str, list[str]]) -> str:
    if slot in fixed:
        return "" if says_already(title, fixed[slot]) else fixed[slot]
    pool = pools.get("noun" if slot == "alias" else slot, [])
    if slot == "noun":
        return pool.pop() if pool else ""
    while pool:
        if not says_already(title, part := pool.pop()):
            return part
    return ""
