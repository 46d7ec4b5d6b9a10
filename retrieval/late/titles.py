"""The tokens of titles as bytes: half a byte a number, as they lie in forward rows.

A token is `WIDTH` numbers of four bits in half as many bytes: the first half of the numbers in the lower four bits, the
other half in the upper ones. What a step of each number is worth is known to the encoder that wrote them, and to the
queries that it encodes (`retrieval.late.query`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from retrieval.errors import GenerationError
from retrieval.types import FloatArray, IntArray

WIDTH = 64
"""Numbers of a token."""
TOKEN_BYTES = WIDTH // 2
MIDDLE, HIGHEST = 7.5, 15
"""Steps run from 0 to 15; a number is what its encoder calls the middle, plus (step - 7.5) times its scale."""


@dataclass(frozen=True, slots=True)
class TitleTokens:
    """Those of n titles, one title after another.

    Attributes:
        codes: uint8 (tokens, TOKEN_BYTES), as they are stored.
        counts: int64 (n,), tokens of each title; 0 where none were written.
    """

    codes: npt.NDArray[np.uint8]
    counts: IntArray

    @classmethod
    def decode(cls, blocks: Sequence[bytes]) -> TitleTokens:
        """Reads what `pack` wrote for each title.

        Raises:
            GenerationError: a block is damaged.
        """
        sizes = np.fromiter(map(len, blocks), np.int64, len(blocks))
        if (sizes % TOKEN_BYTES).any():
            raise GenerationError("the tokens of a title are damaged", hint="rebuild (xunhuo rebuild)")
        return cls(np.frombuffer(b"".join(blocks), np.uint8).reshape(-1, TOKEN_BYTES), sizes // TOKEN_BYTES)

    def products(self, vectors: FloatArray) -> FloatArray:
        """Of vectors (m, WIDTH), in numbers a step, with all tokens: shape (tokens, m)."""
        columns = np.ascontiguousarray(vectors.T)
        found: FloatArray = (self.codes & HIGHEST).astype(np.float32) @ columns[:TOKEN_BYTES]
        found += (self.codes >> 4).astype(np.float32) @ columns[TOKEN_BYTES:]
        found -= MIDDLE * columns.sum(axis=0)
        return found


def pack(steps: FloatArray) -> bytes:
    """Tokens (t, WIDTH) in steps around 0, each rounded to the nearest there is."""
    codes: npt.NDArray[np.uint8] = np.clip(np.rint(steps + MIDDLE), 0, HIGHEST).astype(np.uint8)
    return (codes[:, :TOKEN_BYTES] | (codes[:, TOKEN_BYTES:] << 4)).tobytes()
