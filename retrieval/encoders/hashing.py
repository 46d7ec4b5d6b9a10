"""Feature hashing of character n-grams: an encoder without a model, for tests and for trying the pipeline.

    v_j = Σ_g sign(g)·[h(g) mod dim = j],   then v / ‖v‖

over the 1-, 2- and 3-grams g of the text between two boundary marks (Weinberger et al., "Feature Hashing for Large
Scale Multitask Learning", ICML 2009). h is CRC-32, so the vectors are the same in every process and on every machine.
It finds shared spelling and nothing else.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
from pydantic import Field

from retrieval.encoders.batching import unit_rows
from retrieval.encoders.options import EncoderOptions, parse_options
from retrieval.types import FloatArray

NAME = "hashing"
_VERSION = 1
_LONGEST_GRAM = 3
_MAX_CHARS = 1024
_START, _END = "\x02", "\x03"
_SIGN_BIT = 1 << 31


class HashingOptions(EncoderOptions):
    """Options of `hashing`."""

    dim: int = Field(default=256, ge=8, le=65_536)
    """Width of a vector."""


class HashingEncoder:
    """See `retrieval.protocols.Encoder`. Documents and queries are encoded alike; 1,024 characters are read."""

    name = NAME
    size_on_disk = 0

    def __init__(self, options: HashingOptions) -> None:
        self.dim = options.dim
        self.fingerprint = f"{NAME}-v{_VERSION}-{options.dim}"

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self._sums(text)
        return unit_rows(vectors)

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        return self.encode_documents(texts)

    def _sums(self, text: str) -> FloatArray:
        hashes = np.fromiter(map(crc32, _grams(text)), np.int64)
        signs = np.where(hashes & _SIGN_BIT, -1.0, 1.0)
        sums = np.bincount(hashes % self.dim, weights=signs, minlength=self.dim)
        return sums.astype(np.float32)


def load(options: Mapping[str, object], *, cache_dir: Path, threads: int) -> HashingEncoder:
    """Opens the encoder; it needs neither files nor threads.

    Raises:
        EncoderError: a bad option.
    """
    return HashingEncoder(parse_options(HashingOptions, NAME, options))


def _grams(text: str) -> list[bytes]:
    folded = unicodedata.normalize("NFKC", text[:_MAX_CHARS]).casefold()
    marked = f"{_START}{folded}{_END}"
    grams = (marked[at : at + size] for size in range(1, _LONGEST_GRAM + 1) for at in range(len(marked) - size + 1))
    return [gram.encode("utf-8", "surrogatepass") for gram in grams]
