"""Named arrays in one run of bytes, read where they lie.

What a rebuild learns is read by every worker of a service. Opened from a mapped file, an array costs no memory of its
own: its pages are those of the file, shared by all processes and read when they are first used.

    magic | length of the head, 8 bytes | head, JSON: name → [type, shape, offset] | arrays, each at a multiple of 64
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import orjson

from retrieval.types import Buffer

MAGIC = b"XHARRAY1"
_ALIGNED = 64

Array: TypeAlias = npt.NDArray[Any]


def is_packed(stored: Buffer) -> bool:
    """Whether these are bytes of `pack`."""
    return bytes(stored[: len(MAGIC)]) == MAGIC


def pack(arrays: Mapping[str, Array]) -> bytes:
    """The arrays as bytes: the same arrays give the same bytes."""
    places: dict[str, tuple[str, tuple[int, ...], int]] = {}
    pieces: list[bytes] = []
    size = 0
    for name, array in arrays.items():
        data = np.ascontiguousarray(array).tobytes()
        places[name] = array.dtype.str, array.shape, size
        pieces.append(data + bytes(-len(data) % _ALIGNED))
        size += len(pieces[-1])
    head = orjson.dumps(places)
    before = len(MAGIC) + 8 + len(head)
    return b"".join([MAGIC, len(head).to_bytes(8, "little"), head, bytes(-before % _ALIGNED), *pieces])


def unpack(stored: Buffer) -> dict[str, Array]:
    """The arrays, read-only, over the memory of `stored`.

    Raises:
        ValueError: these are no bytes of `pack`, or some are missing.
    """
    view = memoryview(stored)
    start = len(MAGIC) + 8
    if not is_packed(view) or len(view) < start:
        raise ValueError("no packed arrays")
    length = int.from_bytes(view[len(MAGIC) : start], "little")
    places = orjson.loads(view[start : start + length])
    start += length + -(start + length) % _ALIGNED
    arrays: dict[str, Array] = {}
    for name, (kind, shape, offset) in places.items():
        dtype, count = np.dtype(kind), int(np.prod(shape, dtype=np.int64))
        data = view[start + offset : start + offset + count * dtype.itemsize]
        arrays[name] = np.frombuffer(data, dtype, count).reshape(shape)
    return arrays


def part(arrays: Mapping[str, Array], name: str) -> dict[str, Array]:
    """The arrays of one part, ``name.x`` as ``x``."""
    return {key.removeprefix(f"{name}."): array for key, array in arrays.items() if key.startswith(f"{name}.")}


def parts(named: Mapping[str, Mapping[str, Array]]) -> dict[str, Array]:
    """The arrays of several parts, ``x`` of part ``name`` as ``name.x``."""
    return {f"{name}.{key}": array for name, arrays in named.items() for key, array in arrays.items()}
