"""The texts of n documents as one, so that whether they contain something is asked once for all of them.

A document is three lines: its title, brand and leaf category, normalised. What is asked has no line break, so it is
never found across two of them. The places of a character are found once, however often it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
import numpy.typing as npt

from retrieval.types import IntArray

_MARKS = " -_./+"
_LINES = 3
_NEAR = 24

Flags = npt.NDArray[np.bool_]


class Texts:
    """Immutable but for what it finds out when it is first asked."""

    def __init__(self, text: str, size: int) -> None:
        """`text` has the three lines of each of `size` documents.

        Raises:
            ValueError: it has not.
        """
        if (lines := text.count("\n") + 1 if size else 0) != _LINES * size:
            raise ValueError(f"{lines} lines of {size} documents")
        self._text, self.size = text, size
        self._places: dict[str, IntArray] = {}

    @property
    def titles(self) -> list[str]:
        return self._lines[::_LINES]

    @property
    def categories(self) -> list[str]:
        """Leaf categories; "" for a document without one."""
        return self._lines[2::_LINES]

    @property
    def documents(self) -> list[str]:
        """Title, brand and category of each, one a line."""
        return ["\n".join(self._lines[first : first + _LINES]) for first in range(0, len(self._lines), _LINES)]

    def contain(self, part: str) -> Flags:
        """Which documents contain `part`, at least one character, shape (n,)."""
        found = np.zeros(self.size, np.bool_)
        found[self._documents_at(self._starts_of(part))] = True
        return found

    def contain_each(self, characters: str) -> Flags:
        """Which documents contain which character, shape (n, len(characters))."""
        found = np.zeros((self.size, len(characters)), np.bool_)
        for column, character in enumerate(characters):
            found[self._documents_at(self._places_of(character)), column] = True
        return found

    def contain_squeezed(self, run: str) -> Flags:
        """Which documents contain the squeezed `run`, whatever spaces and marks they have in it, shape (n,)."""
        return self._squeezed.contain(run)

    def contain_number(self, number: str) -> Flags:
        """Which documents contain `number` with no other digit beside it, shape (n,)."""
        places = self._starts_of(number)
        before = self._digits.take(places - 1, mode="clip") & (places > 0)
        behind = self._digits.take(places + len(number), mode="clip")
        found = np.zeros(self.size, np.bool_)
        found[self._documents_at(places[~before & ~behind])] = True
        return found

    def around(self, part: str, *, digit: int) -> Iterator[tuple[int, str, str]]:
        """Each place of `part` with a digit beside it, or one character away: the document, and what is around it.

        Args:
            digit: -1 for one before it, 1 for one behind it.

        Yields:
            The document, and up to `_NEAR` characters before and behind.
        """
        places = self._starts_of(part)
        first, second = (places - 1, places - 2) if digit < 0 else (places + len(part), places + len(part) + 1)
        places = places[self._digits.take(first, mode="clip") | self._digits.take(second, mode="clip")]
        for document, place in zip(self._documents_at(places).tolist(), places.tolist(), strict=True):
            end = place + len(part)
            yield document, self._text[max(0, place - _NEAR) : place], self._text[end : end + _NEAR]

    @cached_property
    def _digits(self) -> Flags:
        """Which characters are ASCII digits."""
        return (self._codes >= ord("0")) & (self._codes <= ord("9"))

    @cached_property
    def _lines(self) -> list[str]:
        return self._text.split("\n") if self.size else []

    @cached_property
    def _squeezed(self) -> Texts:
        return Texts(squeezed(self._text), self.size)

    @cached_property
    def _codes(self) -> npt.NDArray[np.uint32]:
        """Code points of all characters; a line break at the end, as behind every line, ends the last one too."""
        return np.frombuffer(f"{self._text}\n".encode("utf-32-le", "surrogatepass"), np.uint32)

    @cached_property
    def _ends(self) -> IntArray:
        """Of each document, the place behind its last character."""
        return self._places_of("\n")[_LINES - 1 :: _LINES]

    def _documents_at(self, places: IntArray) -> IntArray:
        """Of each place of a character, the document it lies in."""
        return self._ends.searchsorted(places)

    def _starts_of(self, part: str) -> IntArray:
        """The places where `part` begins, ascending."""
        places = self._places_of(part[0])
        for offset, character in enumerate(part[1:], 1):
            if not len(places):
                break
            places = places[self._codes.take(places + offset, mode="clip") == ord(character)]
        return places

    def _places_of(self, character: str) -> IntArray:
        if character not in self._places:
            self._places[character] = (self._codes == ord(character)).nonzero()[0]
        return self._places[character]


def squeezed(text: str) -> str:
    """`text` without spaces and joining marks: shoppers write cheezit, titles Cheez It."""
    for mark in _MARKS:
        text = text.replace(mark, "")
    return text
