"""Amounts that are said → as products write them: 两万毫安 20000毫安, 三点五升 3.5升, 四十二码 42码, 百分之九十 90%.

Whoever searches writes digits, and the analyser knows units behind digits alone. So they stand beside what was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from retrieval.analysis import numerals
from retrieval.analysis.normalize import normalize

_COUNTERS = "码号抽片支包瓶盒袋层档件只双颗粒张卷条根枚度代核孔格人尺年岁英"
_LEAST_COUNTED, _LEAST_BARE = 3, 10
"""一件 and 两个 are said of everything; a smaller number alone is none that anybody searches."""
_IDIOMS = re.compile("十分|千万别|万一|一共")


class Amounts:
    """Immutable. `units`: what measures, such as 毫安 and ml; any number of them is written."""

    def __init__(self, units: Iterable[str] = ()) -> None:
        names = "|".join(re.escape(name) for name in sorted(units, key=lambda name: (-len(name), name)))
        self._said = re.compile(
            rf"(?P<percent>百分之)?(?P<number>{numerals.PATTERN}(?:点[零一二三四五六七八九]+)?)"
            rf"(?:(?P<unit>{names or '(?!)'})|(?P<counter>[{_COUNTERS}]))?"
        )

    def written(self, text: str) -> tuple[str, ...]:
        """Those of `text` that are not written so already, each once, in their order."""
        plain = _IDIOMS.sub(lambda match: " " * len(match[0]), normalize(text))
        found = (self._one(match) for match in self._said.finditer(plain))
        return tuple(dict.fromkeys(each for each in found if each))

    def _one(self, said: re.Match[str]) -> str:
        value = None if said["number"].isascii() else numerals.spoken(said["number"])
        if value is None:
            return ""
        if said["percent"]:
            return f"{numerals.plain(value)}%"
        if said["unit"]:
            return numerals.plain(value) + said["unit"]
        least = _LEAST_COUNTED if said["counter"] else _LEAST_BARE
        return numerals.plain(value) + (said["counter"] or "") if value >= least else ""
