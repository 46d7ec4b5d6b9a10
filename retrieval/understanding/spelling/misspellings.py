"""Which logged queries are misspelt themselves: another text is read the same and is seen far more often.

A log repeats what is commonly mistyped. Such a query must not count as known, else it would never be corrected, and
be offered for its letters: 保文杯 beside 保温杯. With the other text seen r times more often,

    P(slip) = r / (r + EVEN)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from retrieval.analysis.normalize import HAN
from retrieval.analysis.packed import Array, part, parts
from retrieval.analysis.text_table import TextTable
from retrieval.understanding.spelling.pinyin import readings

FAR_MORE = 5
"""Times that the other must be seen more often; with fewer both may be meant (哺乳椅, 哺乳衣)."""
EVEN = 15
"""Times at which it is as likely a slip as not."""
MOST_CHANGED = 0.5
"""Share of the characters that may differ; with more it is another word that sounds alike (厨师机, 除湿机)."""
_TEXT = re.compile(rf"[{HAN}]{{3,8}}")


def misspelt(queries: Collection[str], seen: Mapping[str, int], right: Collection[str]) -> dict[str, tuple[str, float]]:
    """Misspelt query → what is meant, and P(slip).

    Args:
        seen: text → how often; all `queries` are in it.
        right: texts that are no slips, e.g. words of titles.
    """
    usual: dict[tuple[str, ...], str] = {}
    for text in filter(_TEXT.fullmatch, seen):
        key = _reading(text)
        if key and (key not in usual or (-seen[text], text) < (-seen[usual[key]], usual[key])):
            usual[key] = text
    found = {}
    for query in filter(_TEXT.fullmatch, queries):
        other = usual.get(_reading(query), query)
        changed = sum(a != b for a, b in zip(query, other, strict=True))
        times = seen[other] / seen[query]
        if query not in right and 0 < changed <= MOST_CHANGED * len(query) and times > FAR_MORE:
            found[query] = other, times / (times + EVEN)
    return found


@dataclass(frozen=True, slots=True)
class Misspellings:
    """Misspellings of the log, looked up by their text.

    Attributes:
        queries: the slips; meant: what they stand for.
        numbers: uint32 (queries,), the place in `meant` of each; chances: float64 (queries,), P(slip).
    """

    queries: TextTable
    meant: TextTable
    numbers: npt.NDArray[np.uint32]
    chances: npt.NDArray[np.float64]

    @classmethod
    def of(cls, found: Mapping[str, tuple[str, float]]) -> Misspellings:
        """`found`: what `misspelt` gave."""
        meant = {text: None for text, _ in found.values()}
        places = {text: place for place, text in enumerate(meant)}
        return cls(
            TextTable.of(tuple(found)),
            TextTable.of(tuple(meant)),
            np.array([places[text] for text, _ in found.values()], np.uint32),
            np.array([chance for _, chance in found.values()], np.float64),
        )

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Array]) -> Misspellings:
        """That which gave these `arrays`."""
        queries, meant = (TextTable.of_arrays(part(arrays, name)) for name in ("queries", "meant"))
        return cls(queries, meant, arrays["numbers"], arrays["chances"])

    def arrays(self) -> dict[str, Array]:
        """What it is stored as."""
        texts = parts({"queries": self.queries.arrays(), "meant": self.meant.arrays()})
        return {**texts, "numbers": self.numbers, "chances": self.chances}

    def find(self, query: str) -> tuple[str, float] | None:
        """What a query is a slip of, and P(slip); None where it is none."""
        place = self.queries.find(query)
        if place < 0:
            return None
        return self.meant[int(self.numbers[place])], float(self.chances[place])


def _reading(text: str) -> tuple[str, ...]:
    """The usual syllable of each character, without tones; empty where one has none."""
    ways = [readings(char) for char in text]
    return tuple(way[0] for way in ways) if all(ways) else ()
