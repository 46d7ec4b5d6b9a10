"""What is known to be written right: words inside a query, whole phrases and queries, and what lacks one character.

Words are a dict; whole texts are only their hashes, so 200,000 of them take 20 MB with the index of their deletions.
Which text becomes a known one by one more character is looked up by the hash of every known text without each of its
characters (symmetric deletion), and verified by the hash of the whole.

    hash(text) = Σ code(i) · b^i modulo 2**64

Source: Garbe, SymSpell (https://github.com/wolfgarbe/SymSpell); Karp & Rabin (1987) for the hash.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from operator import mul

import numpy as np
import numpy.typing as npt

MOST_WORDS, MOST_TEXTS = 100_000, 200_000
"""The most frequent ones are kept."""
WORD_LENGTHS = (2, 3, 4, 5)
SHORTEST, LONGEST = 2, 12
SHORTEST_COMPLETED = 4
"""Shorter texts are not completed to: too many things lack one character of them."""
MOST_COMPLETIONS = 6

_BASE, _MODULUS = 0x9E3779B97F4A7C15, 1 << 64
_POWERS = [pow(_BASE, i, _MODULUS) for i in range(LONGEST)]

_Keys = npt.NDArray[np.uint64]
_Codes = npt.NDArray[np.uint32]


class KnownTexts:
    """Immutable after construction."""

    def __init__(self, frequencies: Mapping[str, int]) -> None:
        """`frequencies`: word, phrase or query → how often it was seen."""
        texts = [text for text in frequencies if SHORTEST <= len(text) <= LONGEST]
        texts.sort(key=lambda text: (-frequencies[text], text))
        words = [text for text in texts if len(text) in WORD_LENGTHS and text[0] > "z"][:MOST_WORDS]
        self._words = {word: math.log1p(frequencies[word]) for word in words}
        groups = _by_length(texts[:MOST_TEXTS])
        by_length = [_codes(group, length) for length, group in groups.items()]
        keys = np.concatenate([_hashes(codes) for codes in by_length])
        counts = [frequencies[text] for group in groups.values() for text in group]
        order = keys.argsort(kind="stable")
        self._keys, self._weights = keys[order], np.log1p(np.array(counts, np.float32))[order]
        self._shorter, self._places, self._chars = _deletions(by_length)

    def word(self, text: str) -> float:
        """log(1 + n) of a known word of 2–5 characters that begins with a Han one, 0 of anything else."""
        return self._words.get(text, 0.0)

    def wholes(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """log(1 + n) of each of `texts` that is known as a whole, 0 of any other; shape (texts,)."""
        keys = np.array([_hash(text) for text in texts], np.uint64)
        if not len(self._keys):
            return np.zeros(len(texts), np.float32)
        place = np.minimum(self._keys.searchsorted(keys), len(self._keys) - 1)
        return np.where(self._keys[place] == keys, self._weights[place], np.float32(0))

    def completions(self, text: str) -> list[tuple[int, str]]:
        """(place, character) of at most 6 single characters that make `text` a known one, the most frequent first."""
        if not SHORTEST_COMPLETED <= len(text) + 1 <= LONGEST:
            return []
        key = np.uint64(_hash(text))
        first, last = self._shorter.searchsorted(key, "left"), self._shorter.searchsorted(key, "right")
        found = {(int(self._places[i]), chr(self._chars[i])) for i in range(int(first), int(last))}
        ways = sorted(found)
        weights = self.wholes([text[:at] + char + text[at:] for at, char in ways])
        ranked = sorted(zip(weights.tolist(), ways, strict=True), key=lambda pair: (-pair[0], pair[1]))
        return [way for weight, way in ranked if weight][:MOST_COMPLETIONS]


def _hash(text: str) -> int:
    """0 for a text that is too long to be known."""
    if len(text) > LONGEST:
        return 0
    return int(sum(map(mul, map(ord, text), _POWERS))) % _MODULUS


def _hashes(codes: _Codes) -> _Keys:
    """Of texts of one length, shape (texts, length)."""
    keys: _Keys = (codes.astype(np.uint64) * np.array(_POWERS[: codes.shape[1]], np.uint64)).sum(
        axis=1, dtype=np.uint64
    )
    return keys


def _by_length(texts: Sequence[str]) -> dict[int, list[str]]:
    """Length from 2 to 12 → the texts that have it."""
    groups: dict[int, list[str]] = {length: [] for length in range(SHORTEST, LONGEST + 1)}
    for text in texts:
        groups[len(text)].append(text)
    return groups


def _codes(texts: Sequence[str], length: int) -> _Codes:
    """Code points, shape (texts, length)."""
    return np.frombuffer("".join(texts).encode("utf-32-le", "replace"), np.uint32).reshape(-1, length)


def _deletions(groups: Sequence[_Codes]) -> tuple[_Keys, npt.NDArray[np.uint8], _Codes]:
    """Sorted hashes of the texts without each of their characters; where that stood, and what it was."""
    keys, places, chars = [], [], []
    for codes in groups:
        length = codes.shape[1]
        for at in range(length if length >= SHORTEST_COMPLETED else 0):
            keys.append(_hashes(np.delete(codes, at, axis=1)))
            places.append(np.full(len(codes), at, np.uint8))
            chars.append(codes[:, at])
    hashes = np.concatenate(keys)
    order = hashes.argsort(kind="stable")
    return hashes[order], np.concatenate(places)[order], np.concatenate(chars)[order]
