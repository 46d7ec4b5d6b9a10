"""Many texts in little memory: each is found by its hash, alone or wherever it stands inside another text.

A dict of 100,000 words takes 15 MB of every process, this table 3 MB that all of them share (`packed`). A text is told
by 64 bits of hash, so among 100,000 a foreign text is mistaken for a known one once in 10^14 times.

    hash(text) = Σ code(i) · b^i  modulo 2**64

With the sums H of the first i characters, hash(text[i:j]) = (H(j) − H(i)) · b^−i: all pieces of a query are hashed
and looked up by a dozen calls of numpy.

Source: Karp & Rabin (1987), “Efficient randomized pattern-matching algorithms”.
"""

from __future__ import annotations

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

_FEW = 16
"""So many texts are hashed faster one by one."""
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


def keys_of(texts: Sequence[str]) -> Keys:
    """`hash_of` each of `texts`, few or many."""
    return np.array([hash_of(text) for text in texts], np.uint64) if len(texts) <= _FEW else hashes_of(texts)


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


@dataclass(frozen=True, slots=True)
class TextTable:
    """Distinct texts in an order of their own; a text's number in it is its place. Safe to share between threads.

    Attributes:
        letters: uint8, all texts in UTF-8, one after another; ends: uint32 (n,), where each ends.
        keys: uint64 (n,), hashes of the texts, ascending; places: uint32 (n,), the place of each.
        longest: characters of the longest text.
    """

    letters: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.uint32]
    keys: Keys
    places: npt.NDArray[np.uint32]
    longest: int

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
        longest = np.array([self.longest], np.int64)
        return {
            "letters": self.letters, "ends": self.ends, "keys": self.keys, "places": self.places, "longest": longest,
        }  # fmt: skip

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, place: int) -> str:
        start = int(self.ends[place - 1]) if place else 0
        return str(self.letters[start : self.ends[place]].tobytes(), "utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        written = self.letters.tobytes()
        start = 0
        for end in self.ends.tolist():
            yield str(written[start:end], "utf-8", "surrogatepass")
            start = end

    def find(self, text: str) -> int:
        """Its place, -1 of an unknown text."""
        key = np.uint64(hash_of(text))
        at = int(self.keys.searchsorted(key))
        return int(self.places[at]) if at < len(self.keys) and self.keys[at] == key else -1

    def find_all(self, texts: Sequence[str]) -> Places:
        """The place of each of `texts`, -1 of unknown ones; shape (texts,)."""
        return self.places_of(keys_of(texts))

    def inside(self, text: str) -> Iterator[tuple[int, int, int]]:
        """(start, end, place) of every known text in `text`, by start, then by end."""
        pieces = pieces_of(text, self.longest)
        found = self.places_of(pieces.keys)
        known = np.flatnonzero(found >= 0)
        return zip(pieces.starts[known].tolist(), pieces.ends[known].tolist(), found[known].tolist(), strict=True)

    def places_of(self, keys: Keys) -> Places:
        """The place of the text of each hash, -1 of unknown ones; shape of `keys`."""
        at = find_keys(self.keys, keys)
        return np.where(at >= 0, self.places[at].astype(np.int64), -1) if len(self.keys) else at


@dataclass(frozen=True, slots=True)
class Pieces:
    """All pieces of a text, by start, then by end: where each starts and ends, and its hash; all of shape (pieces,)."""

    starts: Places
    ends: Places
    keys: Keys


def pieces_of(text: str, longest: int) -> Pieces:
    """The pieces of at most `longest` characters of `text`."""
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


def find_keys(known: Keys, wanted: Keys) -> Places:
    """Where each of `wanted` stands in ascending `known`, -1 for those that do not; same shape as `wanted`."""
    if not len(known):
        return np.full(wanted.shape, -1, np.int64)
    at = np.minimum(known.searchsorted(wanted), len(known) - 1)
    return np.where(known[at] == wanted, at, -1)
