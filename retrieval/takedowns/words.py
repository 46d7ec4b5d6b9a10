"""Whether one of many words stands in a text, in time that does not grow with how many there are.

A Han word stands wherever its characters follow each other, spaces between them or not: 减 肥 药 is 减肥药. A word that
begins or ends with a letter or digit ends there: av is in no java.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from retrieval.analysis.normalize import HAN, normalize

_BESIDE_HAN = re.compile(rf"(?<=[{HAN}]) | (?=[{HAN}])")
_MARKS = re.compile(r"[-_.+/]+")


class Words:
    """Immutable. Made of words in any form."""

    def __init__(self, words: Iterable[str]) -> None:
        by_first: dict[str, list[str]] = defaultdict(list)
        for word in dict.fromkeys(map(squeezed, words)):
            if word:
                by_first[word[0]].append(word)
        self._by_first = {first: tuple(found) for first, found in by_first.items()}

    def found(self, text: str) -> str | None:
        """The first word in a `squeezed` text."""
        for at, first in enumerate(text):
            for word in self._by_first.get(first, ()):
                if text.startswith(word, at) and _apart(text, at, at + len(word)):
                    return word
        return None


def squeezed(text: str) -> str:
    """Normal form, without spaces and marks beside Han characters."""
    return _BESIDE_HAN.sub("", " ".join(_MARKS.sub(" ", normalize(text)).split()))


def _apart(text: str, start: int, end: int) -> bool:
    """Whether no letter or digit goes on at either end."""
    before, after = text[start - 1 : start], text[end : end + 1]
    begins, ends = _latin(text[start]) and _latin(before), _latin(text[end - 1]) and _latin(after)
    return not (begins or ends)


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
