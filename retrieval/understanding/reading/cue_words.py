"""Words that give an intent away, found wherever they stand in a query."""

from __future__ import annotations

from collections.abc import Iterable


class CueWords:
    """Immutable. A word with ``*`` in front counts only where it ends the text, one with ``^`` only where it is all."""

    def __init__(self, words: Iterable[str]) -> None:
        words = tuple(words)
        self._alone = frozenset(word[1:] for word in words if word.startswith("^"))
        self._anywhere = frozenset(word for word in words if not word.startswith(("*", "^")))
        self._ends = tuple(sorted(word[1:] for word in words if word.startswith("*")))
        self._lengths = tuple(sorted({len(word) for word in self._anywhere}, reverse=True))

    def last(self, text: str) -> tuple[int, int]:
        """Begin and end of the cue that ends last, the longest of several; (0, 0) where none is said."""
        if text in self._alone:
            return 0, len(text)
        if text.endswith(self._ends):
            ending = max((word for word in self._ends if text.endswith(word)), key=len)
            return len(text) - len(ending), len(text)
        for end in range(len(text), 0, -1):
            for length in self._lengths:
                if length <= end and text[end - length : end] in self._anywhere:
                    return end - length, end
        return 0, 0

    def said(self, text: str) -> bool:
        """Whether any of them is."""
        return self.last(text) != (0, 0)
