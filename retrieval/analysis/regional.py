"""Words of Taiwan and Hong Kong, read as those of the mainland: 隨身碟 is U盘, 滑鼠 is 鼠标, 穿著 is 穿着.

A query is read so before anything else looks at it, since dictionaries, titles and vectors mostly know one of the two.
What was written is still found: a shop in Taipei sells 隨身碟. Only whole words are read: 防滑鼠标垫 has no 滑鼠 in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_WORDS = 4
"""A word of there may be cut into so many: 随身|碟."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A word at characters ``[start, end)`` of a text that stands for `written`."""

    start: int
    end: int
    written: str


def read(words: Sequence[str], regional: Mapping[str, str]) -> tuple[str, tuple[Reading, ...]]:
    """The text of `words` in words of the mainland, and which of them were others.

    Args:
        regional: word of there → word of here.
    """
    text, readings, at = "", [], 0
    while at < len(words):
        tried = ((n, "".join(words[at : at + n])) for n in range(min(MOST_WORDS, len(words) - at), 0, -1))
        size, written = next(((n, word) for n, word in tried if word in regional), (1, words[at]))
        meant = regional.get(written, written)
        if meant is not written:
            readings.append(Reading(len(text), len(text) + len(meant), written))
        text, at = text + meant, at + size
    return text, tuple(readings)
