"""Arrays in one run of bytes:

1. What is packed is unpacked: names, types, shapes and values; empty arrays too. The same arrays give the same bytes.
2. Nothing is copied: the arrays lie in the memory they are read from, each at a multiple of 64, and are read-only.
3. Bytes that are none of it, or that lack some, are refused.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as numbers

from retrieval.analysis.packed import Array, pack, part, parts, unpack

ARRAYS: dict[str, Array] = {
    "one": np.arange(7, dtype=np.uint32),
    "two.x": np.zeros((0, 3)),
    "two.y": np.array([[1.5], [2.5]]),
}


@given(st.dictionaries(st.text(min_size=1), numbers.arrays(st.sampled_from([np.uint8, np.int64, np.float32]), (2, 3))))
def test_round_trip(arrays: dict[str, Array]) -> None:  # 1
    stored = pack(arrays)
    found = unpack(memoryview(stored))
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        assert (found[name].dtype, found[name].tobytes()) == (array.dtype, array.tobytes())
    assert pack(found) == stored


def test_where_they_lie() -> None:  # 2
    stored = memoryview(pack(ARRAYS))
    memory = np.frombuffer(stored, np.uint8)
    begin = memory.__array_interface__["data"][0]
    for name, array in unpack(stored).items():
        assert array.shape == ARRAYS[name].shape
        assert not array.flags.writeable
        if array.size:
            assert np.shares_memory(memory, array)
            assert (array.__array_interface__["data"][0] - begin) % 64 == 0


def test_parts() -> None:  # 1
    assert [*part(ARRAYS, "two")] == ["x", "y"]
    assert [*parts({"two": part(ARRAYS, "two")})] == ["two.x", "two.y"]


@pytest.mark.parametrize("size", [0, 3, 8, 20, 100, -100])
def test_damaged(size: int) -> None:  # 3
    with pytest.raises(ValueError, match=r"packed|size|JSON|content|line"):
        unpack(pack({"one": np.arange(100)})[:size])
    with pytest.raises(ValueError, match="no packed"):
        unpack(b"something else entirely")
