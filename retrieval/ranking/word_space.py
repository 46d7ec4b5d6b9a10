"""How rare a word is in this catalogue, and which other words it stands for: 铁锅 is near 炒锅, 毛衣 near 针织衫.

Learned from the titles themselves (`indexer.learning.word_learner`), whatever the encoder. Words are hashed as in the
forward rows; a word in less than three titles is not kept, so the space stays small however large the catalogue is.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from retrieval.errors import GenerationError
from retrieval.types import Buffer, FloatArray, IntArray

HashArray = npt.NDArray[np.uint32]

VERSION = 1
STEPS = 127
"""A vector component in [-1, 1] is stored as a whole number of 1/127."""


@dataclass(frozen=True, slots=True)
class WordSpace:
    """Counts and vectors of the words of a catalogue.

    Attributes:
        documents: titles that were read.
        words: uint32 (m,), ascending hashes; counts: uint32 (m,), titles that have the word.
        vectors: int8 (m, d), unit vectors times `STEPS`; words that share titles with the same words are near.
        characters: uint32 (k,), ascending code points; character_counts: uint32 (k,), titles that have the character.
    """

    documents: int
    words: HashArray
    counts: HashArray
    vectors: npt.NDArray[np.int8]
    characters: HashArray
    character_counts: HashArray

    @classmethod
    def empty(cls) -> WordSpace:
        """That of no catalogue: every word is as rare as any other and stands for itself alone."""
        none = np.empty(0, np.uint32)
        return cls(0, none, none, np.empty((0, 1), np.int8), none, none)

    def find(self, hashes: HashArray) -> IntArray:
        """Index of each word, -1 for an unknown one; same shape as `hashes`."""
        return _find(self.words, hashes)

    def word_rarity(self, hashes: HashArray) -> FloatArray:
        """ln ((N + 1) / (n + 1)) for words in n of N titles (inverse document frequency, Spärck Jones 1972); ≥ 0."""
        return self._rarity(self.counts, self.find(hashes))

    def character_rarity(self, text: str) -> FloatArray:
        """The same for each character of `text`."""
        return self._rarity(self.character_counts, _find(self.characters, np.array([ord(c) for c in text], np.uint32)))

    def cosines(self, asked: IntArray, others: IntArray) -> FloatArray:
        """Cosines of words by index, shape (len(asked), len(others)), to 2 %; 0 where either is unknown (-1)."""
        if not len(self.vectors):
            return np.zeros((len(asked), len(others)), np.float32)
        with np.errstate(invalid="ignore"):  # all is finite; some BLAS kernels raise the flag over padding they read
            products = self.vectors[asked].astype(np.float32) @ self.vectors[others].astype(np.float32).T
        products *= np.float32(1 / STEPS**2)
        products[:, others < 0] = 0.0
        products[asked < 0] = 0.0
        return products

    def to_bytes(self) -> bytes:
        """Its stored form: the same space gives the same bytes."""
        stored = io.BytesIO()
        np.savez_compressed(stored, version=VERSION, **{each.name: getattr(self, each.name) for each in fields(self)})
        return stored.getvalue()

    @classmethod
    def from_bytes(cls, stored: Buffer) -> WordSpace:
        """Reads what `to_bytes` gave.

        Raises:
            GenerationError: these are no such bytes, or they are of another version.
        """
        try:
            with np.load(io.BytesIO(stored), allow_pickle=False) as content:
                values = {each.name: content[each.name] for each in fields(cls)}
                version = int(content["version"])
        except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile):
            raise GenerationError("the words of the catalogue are damaged", hint="rebuild (xunhuo rebuild)") from None
        if version != VERSION:
            raise GenerationError(
                f"the words of the catalogue are of version {version}, this is {VERSION}",
                hint="rebuild (xunhuo rebuild)",
            )
        return cls(**{**values, "documents": int(values["documents"])})

    def _rarity(self, counts: HashArray, indices: IntArray) -> FloatArray:
        seen = np.where(indices >= 0, counts[indices] if len(counts) else 0, 0)
        return np.log((self.documents + 1) / (seen + 1)).astype(np.float32)


def _find(keys: HashArray, wanted: HashArray) -> IntArray:
    if not len(keys):
        return np.full(len(wanted), -1, np.int64)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, place, -1).astype(np.int64)
