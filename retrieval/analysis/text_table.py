"""Many texts in little memory: each is found by its hash, alone or wherever it stands inside another text.

A dict of 100,000 words takes 15 MB of every process, this table 3 MB that all of them share (`packed`). A text is told
by 64 bits of hash, so among 100,000 a foreign text is mistaken for a known one once in 10^14 times.

    hash(text) = Σ code(i) · b^i  modulo 2**64

With the sums H of the first i characters, hash(text[i:j]) = (H(j) − H(i)) · b^−i: all pieces of a query are hashed
and looked up by a dozen calls of numpy.

Source: Karp & Rabin (1987), “Efficient randomized pattern-matching algorithms”.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import mul

import numpy as np
import numpy.typing as npt

from retrieval.analysis.packed import Array

LONGEST = 256
"""Characters of a text that count; longer ones with the same beginning are one."""

Keys = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

_LOOKED_AT = 24
"""Characters of the pieces that are hashed at least, so that tables of several lengths share them."""
_SHORT = 64
"""Characters of texts whose spans are remembered: most queries, and at most 6 MB."""
_BASE, _MODULUS = 0x9E3779B97F4A7C15, 1 << 64
_POWERS = [pow(_BASE, i, _MODULUS) for i in range(LONGEST + 1)]
_REACH = 1 << 14
"""Characters of a text in which others are looked for; the rest is not looked at."""


def _powers(base: int) -> Keys:
    bases = np.full(_REACH, base, np.uint64)
    bases[0] = 1
    return np.cumprod(bases, dtype=np.uint64)


_FACTORS, _INVERSE = _powers(_BASE), _powers(pow(_BASE, -1, _MODULUS))


def hash_of(text: str) -> int:
    """In [0, 2**64)."""
    return int(sum(map(mul, map(ord, text), _POWERS))) % _MODULUS


def codes_of(text: str) -> Keys:
    """Code points, shape (characters,)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)


def hashes_of(texts: Sequence[str]) -> Keys:
    """`hash_of` each of `texts`, shape (texts,)."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    if not lengths.sum():
        return np.zeros(len(texts), np.uint64)
    codes = codes_of("".join(texts))
    starts = np.cumsum(lengths) - lengths
    at = np.arange(len(codes)) - np.repeat(starts, lengths)
    terms = np.where(at < LONGEST + 1, codes * _FACTORS[np.minimum(at, LONGEST)], np.uint64(0))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(terms, dtype=np.uint64)])
    keys: Keys = sums[starts + lengths] - sums[starts]
    return keys


class SortedKeys:
    """Where a hash stands among ascending ones; one is found at once between those of the same first bits."""

    def __init__(self, keys: Keys) -> None:
        """`keys`: shape (n,)."""
        self.keys = keys
        self._each = keys.data
        bits = max(0, len(keys).bit_length() - 1)
        self._shift = 64 - bits
        begins = keys.searchsorted(np.arange(1, 1 << bits, dtype=np.uint64) << np.uint64(self._shift % 64))
        self._begins = np.concatenate([[0], begins, [len(keys)]]).astype(np.uint32).data

    def __len__(self) -> int:
        return len(self._each)

    def find(self, key: int) -> int:
        """Its place, -1 where it is not among them."""
        first = key >> self._shift
        at = bisect_left(self._each, key, self._begins[first], self._begins[first + 1])
        return at if at < len(self._each) and self._each[at] == key else -1

    def find_all(self, keys: Keys) -> Places:
        """The place of each of `keys`, -1 of those that are not among them; shape of `keys`."""
        if not len(self):
            return np.full(keys.shape, -1, np.int64)
        at = np.minimum(self.keys.searchsorted(keys), len(self) - 1)
        return np.where(self.keys[at] == keys, at, -1)


def span_of(key: int, keys: memoryview) -> tuple[int, int]:
    """First and last + 1 place of a hash among ascending ones, of which several may be equal."""
    start = bisect_left(keys, key)
    return start, bisect_right(keys, key, start)


class TextTable:
    """Distinct texts in an order of their own; a text's number in it is its place. Safe to share between threads."""

    def __init__(
        self, letters: npt.NDArray[np.uint8], ends: npt.NDArray[np.uint32], keys: Keys, places: npt.NDArray[np.uint32],
        longest: int,
    ) -> None:  # fmt: skip
        """
        Args:
            letters: all texts in UTF-8, one after another; ends: shape (n,), where each ends.
            keys: shape (n,), hashes of the texts, ascending; places: shape (n,), the place of each.
            longest: characters of the longest text.
        """
        self.keys = SortedKeys(keys)
        self.places = places
        self.longest = longest
        self._letters, self._ends, self._place_of = letters.data, ends.data, places.data

    @classmethod
    def of(cls, texts: Sequence[str]) -> TextTable:
        """The table of distinct `texts`, in their order."""
        written = [text.encode("utf-8", "surrogatepass") for text in texts]
        keys = hashes_of(texts)
        order = keys.argsort(kind="stable")
        return cls(
            np.frombuffer(b"".join(written), np.uint8),
            np.cumsum(np.fromiter(map(len, written), np.int64, len(texts))).astype(np.uint32),
            keys[order],
            order.astype(np.uint32),
            max(map(len, texts), default=0),
        )

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Array]) -> TextTable:
        """The table that gave these `arrays`."""
        return cls(arrays["letters"], arrays["ends"], arrays["keys"], arrays["places"], int(arrays["longest"][0]))

    def arrays(self) -> dict[str, Array]:
        """What it is stored as."""
        return {
            "letters": np.asarray(self._letters),
            "ends": np.asarray(self._ends),
            "keys": self.keys.keys,
            "places": self.places,
            "longest": np.array([self.longest], np.int64),
        }

    @property
    def hashes(self) -> Keys:
        """Those of the texts, in their order, shape (n,)."""
        hashes = np.empty(len(self), np.uint64)
        hashes[self.places] = self.keys.keys
        return hashes

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, place: int) -> str:
        start = self._ends[place - 1] if place else 0
        return str(self._letters[start : self._ends[place]], "utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        start = 0
        for end in self._ends:
            yield str(self._letters[start:end], "utf-8", "surrogatepass")
            start = end

    def find(self, text: str) -> int:
        """Its place, -1 of an unknown text."""
        return self.find_key(hash_of(text))

    def find_key(self, key: int) -> int:
        """The place of the text of a hash, -1 of an unknown one."""
        at = self.keys.find(key)
        return self._place_of[at] if at >= 0 else -1

    def holding(self, piece: str, first: int) -> Iterator[int]:
        """The places below `first` of the texts that contain `piece`, ascending.

        One run of bytes is searched much faster than thousands of short texts; a match across two of them is none.
        """
        first = min(first, len(self))
        letters = bytes(self._letters[: self._ends[first - 1]]) if first else b""
        wanted = piece.encode("utf-8", "surrogatepass")
        at = letters.find(wanted)
        while 0 <= at < len(letters):
            place = bisect_right(self._ends, at, 0, first)
            end = self._ends[place]
            if at + len(wanted) <= end:
                yield place
                at = end - 1
            at = letters.find(wanted, at + 1)

    def inside(self, text: str) -> Iterator[tuple[int, int, int]]:
        """(start, end, place) of every known text in `text`, by start, then by end."""
        if not len(self):
            return iter(())
        pieces = pieces_of(text, _LOOKED_AT if self.longest <= _LOOKED_AT else self.longest)
        found = self.places_of(pieces.keys)
        known = np.flatnonzero(found >= 0)
        return zip(pieces.starts[known].tolist(), pieces.ends[known].tolist(), found[known].tolist(), strict=True)

    def places_of(self, keys: Keys) -> Places:
        """The place of the text of each hash, -1 of unknown ones; shape of `keys`."""
        at = self.keys.find_all(keys)
        return np.where(at >= 0, self.places[at].astype(np.int64), -1) if len(self) else at


@dataclass(frozen=True, slots=True)
class Pieces:
    """All pieces of a text, by start, then by end: where each starts and ends, and its hash; all of shape (pieces,)."""

    starts: Places
    ends: Places
    keys: Keys


@lru_cache(maxsize=16)
def pieces_of(text: str, longest: int) -> Pieces:
    """The pieces of at most `longest` characters of `text`; a query is looked into several times in a row."""
    text = text[:_REACH]
    longest = min(longest, len(text))
    if not longest:
        return Pieces(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.uint64))
    codes = codes_of(text)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(codes * _FACTORS[: len(codes)], dtype=np.uint64)])
    starts, ends = (_kept_spans if len(text) <= _SHORT else _spans)(len(text), longest)
    return Pieces(starts, ends, (sums[ends] - sums[starts]) * _INVERSE[starts])


def _spans(characters: int, longest: int) -> tuple[Places, Places]:
    """Starts and ends of the pieces of a text of so many characters."""
    starts, lengths = np.divmod(np.arange(characters * longest), longest)
    ends = starts + lengths + 1
    inside = ends <= characters
    return starts[inside], ends[inside]


_kept_spans = lru_cache(maxsize=256)(_spans)
