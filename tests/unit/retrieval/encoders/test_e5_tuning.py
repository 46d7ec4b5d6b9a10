"""What tunes e5, on a network of one layer and 50 pieces.

1. A tuned graph has, where the file changes a tensor, the stored weight plus up · down, and all else bit for bit; its
   vectors are others. Rank 0 changes nothing.
2. Off, the files are those of before there was a tuning, under the same key; another tuning has another key.
3. A file that is missing, cut, flipped in one byte, of another shape, of what is no layer's matrix or of no numbers is
   an error that names it.
4. The one that comes with Xunhuo changes every matrix of the four upper layers, each by less than itself.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import ModelProto, numpy_helper

from retrieval.encoders.e5 import E5Options
from retrieval.encoders.e5_build import build_key
from retrieval.encoders.e5_graph import encoder_graph
from retrieval.encoders.e5_quantize import FloatNumerics
from retrieval.encoders.e5_tuning import NONE, TRADE, TRADE_FILE, tuned, tuning_file
from retrieval.encoders.e5_weights import E5Weights, locate_weights, read_weights
from retrieval.encoders.onnx_session import open_session
from retrieval.errors import EncoderError
from retrieval.types import FloatArray

CHANGED = "l0.fi.w"
ROWS = np.arange(50)


@pytest.fixture(scope="module")
def weights() -> E5Weights:
    return replace(read_weights(locate_weights()), layers=1)


@pytest.fixture
def parts() -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(1)
    return rng.normal(size=(1536, 2)).astype(np.float16), rng.normal(size=(2, 384)).astype(np.float16)


def written(path: Path, up: FloatArray, down: FloatArray, name: str = CHANGED) -> Path:
    arrays: dict[str, Any] = {f"{name}.up": up, f"{name}.down": down}
    np.savez(path, **arrays)
    return path


def graph(weights: E5Weights) -> ModelProto:
    return encoder_graph(weights, ROWS, FloatNumerics())


def constants(model: ModelProto) -> dict[str, FloatArray]:
    return {entry.name: numpy_helper.to_array(entry) for entry in model.graph.initializer if entry.name != "words"}


def vector(model: ModelProto) -> FloatArray:
    found: FloatArray = open_session(model.SerializeToString()).run(["vectors"], {"ids": np.arange(5)[None]})[0][0]
    return found


def test_changes_are_added(weights: E5Weights, parts: tuple[FloatArray, FloatArray], tmp_path: Path) -> None:
    up, down = parts
    plain, other = graph(weights), graph(tuned(weights, written(tmp_path / "t.npz", up, down)))
    before, after = constants(plain), constants(other)
    assert {name for name in before if not np.array_equal(before[name], after[name])} == {"l0.fi.weight"}
    added = up.astype(np.float32) @ down.astype(np.float32)
    np.testing.assert_allclose(after["l0.fi.weight"], before["l0.fi.weight"] + added.T, atol=1e-5)
    assert vector(plain) @ vector(other) < 0.999


def test_rank_nought_changes_nothing(weights: E5Weights, tmp_path: Path) -> None:
    nothing = written(tmp_path / "t.npz", np.zeros((1536, 0), np.float16), np.zeros((0, 384), np.float16))
    before, after = constants(graph(weights)), constants(graph(tuned(weights, nothing)))
    assert all(np.array_equal(before[name], after[name]) for name in before)


def test_off_is_what_was_before() -> None:
    assert tuning_file(NONE) is None
    assert build_key(None) == "9aa787543f198aed"  # changes only with GRAPH_VERSION or what calibrates


def test_each_tuning_has_its_key(parts: tuple[FloatArray, FloatArray], tmp_path: Path) -> None:
    up, down = parts
    files = [written(tmp_path / "a.npz", up, down), written(tmp_path / "b.npz", up + 1, down), TRADE_FILE, None]
    assert len({build_key(file) for file in files}) == len(files)
    assert tuning_file(TRADE) == TRADE_FILE
    assert tuning_file(str(files[0])) == files[0]
    assert E5Options().tuning == TRADE


def damaged(path: Path, up: FloatArray, down: FloatArray, how: str) -> Path:
    if how == "missing":
        return path
    if how in ("l0.other.w", "emb.word"):
        return written(path, up, down, name=how)
    if how == "shape":
        return written(path, up[:-1], down)
    if how == "turned":
        return written(path, down.T, up.T)
    if how == "ranks":
        return written(path, up, down[:1])
    if how == "no number":
        return written(path, up * np.float16(np.nan), down)
    content = bytearray(written(path, up, down).read_bytes())
    if how == "flipped":
        content[len(content) // 2] ^= 1
    path.write_bytes(content[: len(content) // 2] if how == "cut" else content)
    return path


@pytest.mark.parametrize(
    "how", ["missing", "l0.other.w", "emb.word", "shape", "turned", "ranks", "no number", "flipped", "cut"]
)
def test_a_bad_file_is_named(
    how: str, weights: E5Weights, parts: tuple[FloatArray, FloatArray], tmp_path: Path
) -> None:
    path = damaged(tmp_path / "t.npz", *parts, how)
    with pytest.raises(EncoderError, match="tuning of e5") as caught:
        tuned(weights, path)
    assert caught.value.field == str(path)
    assert "none" in str(caught.value.hint)


def test_a_missing_file_has_no_key(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="cannot be read"):
        build_key(tmp_path / "absent.npz")


def test_the_trade() -> None:
    whole = read_weights(locate_weights())
    changes = tuned(whole, TRADE_FILE).changes
    assert set(changes) == {
        f"l{layer}.{part}.w" for layer in range(4, 12) for part in ("q", "k", "v", "ao", "fi", "fo")
    }
    for name, change in changes.items():
        assert 0 < np.linalg.norm(change) < np.linalg.norm(whole.tensor(name, *change.shape))
