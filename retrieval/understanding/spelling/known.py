"""What is known to be written right: words inside a query, whole phrases and queries, and what lacks one character.

All are looked up by their hashes (`retrieval.analysis.text_table`). Which text becomes a known one by one more
character is looked up by the hash of every known text without each of its characters (symmetric deletion), and
verified by the hash of the whole. 200,000 texts take 20 MB with the index of their deletions.

Source: Garbe, SymSpell (https://github.com/wolfgarbe/SymSpell).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from retrieval.analysis.packed import Array
from retrieval.analysis.text_table import Keys, SortedKeys, hash_of, hashes_of, span_of

MOST_WORDS, MOST_TEXTS = 100_000, 200_000
"""The most frequent ones are kept."""
WORD_LENGTHS = (2, 3, 4, 5)
SHORTEST, LONGEST = 2, 12
SHORTEST_COMPLETED = 4
"""Shorter texts are not completed to: too many things lack one character of them."""
MOST_COMPLETIONS = 6

_CODE_BITS = 18
"""A deletion is the code point that was left out and, above these bits, where it stood."""

Weights = npt.NDArray[np.float64] | npt.NDArray[np.float32]


class KnownTexts:
    """Immutable after construction."""

    def __init__(
        self, words: Keys, word_weights: Weights, texts: Keys, text_weights: Weights, shorter: Keys,
        deletions: npt.NDArray[np.uint32],
    ) -> None:  # fmt: skip
        """
        Args:
            words, texts: ascending hashes; word_weights, text_weights: log(1 + n) of each.
            shorter: ascending hashes of texts without a character; deletions: what that was, and where it stood.
        """
        self._arrays = {
            "words": words, "word_weights": word_weights, "texts": texts, "text_weights": text_weights,
            "shorter": shorter, "deletions": deletions,
        }  # fmt: skip
        self._words, self._texts, self._shorter = SortedKeys(words), SortedKeys(texts), shorter.data
        self._word_weights, self._text_weights = word_weights.data, text_weights.data
        self._deletions = deletions.data

    @classmethod
    def of(cls, frequencies: Mapping[str, int]) -> KnownTexts:
        """`frequencies`: word, phrase or query → how often it was seen."""
        texts = [text for text in frequencies if SHORTEST <= len(text) <= LONGEST]
        texts.sort(key=lambda text: (-frequencies[text], text))
        words = [text for text in texts if len(text) in WORD_LENGTHS and text[0] > "z"][:MOST_WORDS]
        word_keys, text_keys = hashes_of(words), hashes_of(texts := texts[:MOST_TEXTS])
        by_word, by_text = word_keys.argsort(kind="stable"), text_keys.argsort(kind="stable")
        return cls(
            word_keys[by_word],
            np.array([math.log1p(frequencies[word]) for word in words], np.float64)[by_word],
            text_keys[by_text],
            np.log1p(np.array([frequencies[text] for text in texts], np.float32))[by_text],
            *_deletions(texts),
        )

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Array]) -> KnownTexts:
        """That which gave these `arrays`."""
        return cls(**arrays)

    def arrays(self) -> dict[str, Array]:
        """What it is stored as."""
        return dict(self._arrays)

    def word(self, text: str) -> float:
        """log(1 + n) of a known word of 2–5 characters that begins with a Han one, 0 of anything else."""
        if len(text) not in WORD_LENGTHS:
            return 0.0
        at = self._words.find(hash_of(text))
        return self._word_weights[at] if at >= 0 else 0.0

    def whole(self, text: str) -> float:
        """log(1 + n) of a text that is known as a whole, 0 of any other."""
        at = self._texts.find(hash_of(text)) if len(text) <= LONGEST else -1
        return self._text_weights[at] if at >= 0 else 0.0

    def completions(self, text: str) -> list[tuple[int, str]]:
        """(place, character) of at most 6 single characters that make `text` a known one, the most frequent first."""
        if not SHORTEST_COMPLETED <= len(text) + 1 <= LONGEST:
            return []
        start, end = span_of(hash_of(text), self._shorter)
        deletions = {self._deletions[at] for at in range(start, end)}
        ways = sorted((each >> _CODE_BITS, chr(each & (1 << _CODE_BITS) - 1)) for each in deletions)
        weighed = [(self.whole(text[:at] + char + text[at:]), (at, char)) for at, char in ways]
        ranked = sorted(weighed, key=lambda pair: (-pair[0], pair[1]))
        return [way for weight, way in ranked if weight][:MOST_COMPLETIONS]


def _deletions(texts: Sequence[str]) -> tuple[Keys, npt.NDArray[np.uint32]]:
    """Sorted hashes of the texts without each of their characters; what was left out, and where."""
    completed = [text for text in texts if len(text) >= SHORTEST_COMPLETED]
    shorter = hashes_of([text[:at] + text[at + 1 :] for text in completed for at in range(len(text))])
    left_out = [at << _CODE_BITS | ord(char) for text in completed for at, char in enumerate(text)]
    order = shorter.argsort(kind="stable")
    return shorter[order], np.array(left_out, np.uint32)[order]
