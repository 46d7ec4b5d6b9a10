"""The tokens of titles as bytes: half a byte a number, as they lie in forward rows.

    norm f16 | tokens × (numbers 32 bytes | salience i8)

A token is `WIDTH` numbers of four bits: the first half of them in the lower four bits of the bytes, the other half in
the upper ones; `Scale` says what they stand for. The salience of a token is the logarithm of its weight among the
tokens of its title, in sixteenths; the norm is that of their mean under these weights.
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
_HALF = WIDTH // 2
_STEPS, _MIDDLE, _HIGHEST = 16, 7.5, 15
_TOKEN = np.dtype([("codes", "u1", _HALF), ("salience", "i1")])
_NORM = np.dtype("<f2")


@dataclass(frozen=True, slots=True)
class Scale:
    """What the four bits of each number stand for: middle + (bits - 7.5) · step. Both float32 (WIDTH,)."""

    middle: FloatArray
    step: FloatArray

    def pack(self, vectors: FloatArray, salience: FloatArray) -> bytes:
        """The tokens of one title, unit vectors (t, WIDTH) and logarithms of their weights (t,); b"" of none."""
        if not len(vectors):
            return b""
        bits = np.clip(np.rint((vectors - self.middle) / self.step + _MIDDLE), 0, _HIGHEST).astype(np.uint8)
        tokens = np.empty(len(bits), _TOKEN)
        tokens["codes"] = bits[:, :_HALF] | (bits[:, _HALF:] << 4)
        tokens["salience"] = np.clip(np.rint(salience * _STEPS), -128, 127)
        weights = _weights(tokens["salience"])
        mean = self.middle + self.step * (weights @ bits / weights.sum() - _MIDDLE)
        return np.array(np.linalg.norm(mean), _NORM).tobytes() + tokens.tobytes()


@dataclass(frozen=True, slots=True)
class TitleTokens:
    """Those of n titles, one title after another; T tokens in all.

    Attributes:
        codes: uint8 (T, WIDTH / 2), as they are stored.
        weights: float32 (T,), not summing to anything.
        norms: float32 (titles with tokens,).
        counts: int64 (n,), tokens of each title; 0 where none were written.
    """

    codes: npt.NDArray[np.uint8]
    weights: FloatArray
    norms: FloatArray
    counts: IntArray

    @classmethod
    def decode(cls, blocks: Sequence[bytes]) -> TitleTokens:
        """Reads what `Scale.pack` wrote for each title.

        Raises:
            GenerationError: a block is damaged.
        """
        sizes = np.fromiter(map(len, blocks), np.int64, len(blocks))
        counts = np.maximum(sizes - _NORM.itemsize, 0) // _TOKEN.itemsize
        if (sizes != counts * _TOKEN.itemsize + _NORM.itemsize * (counts > 0)).any():
            raise _damaged()
        tokens = np.frombuffer(b"".join([block[_NORM.itemsize :] for block in blocks]), _TOKEN)
        norms = np.frombuffer(b"".join([block[: _NORM.itemsize] for block in blocks]), _NORM).astype(np.float32)
        if not (np.isfinite(norms) & (norms > 0)).all():
            raise _damaged()
        return cls(tokens["codes"], _weights(tokens["salience"]), norms, counts)

    def products(self, vectors: FloatArray, scale: Scale) -> FloatArray:
        """Of all tokens with vectors (m, WIDTH): shape (T, m)."""
        columns = np.ascontiguousarray((vectors * scale.step).T)
        found: FloatArray = (self.codes & _HIGHEST).astype(np.float32) @ columns[:_HALF]
        found += (self.codes >> 4).astype(np.float32) @ columns[_HALF:]
        found += vectors @ scale.middle - _MIDDLE * columns.sum(axis=0)
        return found


def _damaged() -> GenerationError:
    return GenerationError("the tokens of a title are damaged", hint="rebuild (xunhuo rebuild)")


def _weights(salience: npt.NDArray[np.int8]) -> FloatArray:
    return np.exp(salience.astype(np.float32) / _STEPS)
