"""A tuning as a file: what learning begins with, and what it leaves (`retrieval.encoders.e5_tuning`, `e5_late`)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from eval.tuning.tokens import FIXED, LEARNED
from retrieval.encoders.e5_late import read_late
from retrieval.encoders.e5_tuning import tuned
from retrieval.encoders.e5_weights import E5Weights
from retrieval.errors import InputError
from retrieval.types import FloatArray

_STEP = 0.45
"""Of the deviation of a number of tokens, what one of sixteen steps of it is: they reach ± 3.4 deviations."""
_UP, _DOWN, _LATE = ".up", ".down", "late."


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is there, or nothing: changes by name, (out, rank) and (rank, in), and what makes tokens; all float32."""

    changes: Mapping[str, tuple[FloatArray, FloatArray]] = field(default_factory=dict)
    late: Mapping[str, FloatArray] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tuning:
    """What was learned, in torch: changes by name, what makes tokens, and tokens of some titles, (tokens, WIDTH)."""

    changes: Mapping[str, tuple[Any, Any]]
    late: Mapping[str, Any]
    tokens: Any


def begin(path: Path | None, weights: E5Weights, low: int, rank: int) -> tuple[Beginning, E5Weights]:
    """Where to begin, and the weights under it, with what the file adds below layer `low` merged.

    Raises:
        EncoderError: the file is damaged, or made for other weights.
        InputError: its changes have a higher rank.
    """
    if path is None:
        return Beginning(), weights
    tuned(weights, path)  # is it whole, and does it fit?
    read_late(path)
    with path.open("rb") as file, np.load(file) as stored:
        names = [name.removesuffix(_UP) for name in stored.files if name.endswith(_UP)]
        changes = {name: (_floats(stored[name + _UP]), _floats(stored[name + _DOWN])) for name in names}
        taught = [name for name in (*LEARNED, *FIXED) if _LATE + name in stored.files]
        late = {name: _floats(stored[_LATE + name]) for name in taught}
    highest = max((up.shape[1] for up, _ in changes.values()), default=0)
    if highest > rank:
        raise InputError(f"the changes to begin with have rank {highest}", field="rank", hint=f"--rank {highest}")
    below = {name: up @ down for name, (up, down) in changes.items() if _layer(name) < low}
    return Beginning(changes, late), replace(weights, changes=below)


def save(path: Path, tuning: Tuning, beginning: Beginning) -> None:
    """Writes a tuning, whole or not at all, with what its beginning changed in layers that did not learn.

    Raises:
        InputError: what was learned is no number.
        OSError: it cannot be written.
    """
    arrays: dict[str, Any] = {}
    for name, (up, down) in {**beginning.changes, **_plain(tuning.changes)}.items():
        arrays[name + _UP], arrays[name + _DOWN] = up.astype(np.float16), down.astype(np.float16)
    late = {name: value.detach().numpy() for name, value in tuning.late.items()}
    arrays |= {_LATE + name: value.astype(np.float32) for name, value in late.items()}
    arrays[f"{_LATE}projection"] = late["projection"].astype(np.float16)
    tokens = tuning.tokens.detach().numpy()
    arrays[f"{_LATE}middle"] = tokens.mean(0).astype(np.float32)
    arrays[f"{_LATE}step"] = np.maximum(_STEP * tokens.std(0), 1e-4).astype(np.float32)
    if wrong := [name for name, array in arrays.items() if not np.isfinite(array).all()]:
        raise InputError(f"what was learned is no number: {', '.join(wrong[:3])}", field="rate", hint="lower --rate")
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, **arrays)
        Path(name).chmod(0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _floats(array: Any) -> FloatArray:
    return np.asarray(array, np.float32)


def _layer(name: str) -> int:
    """8 of `l8.q.w`."""
    return int(name.split(".")[0].removeprefix("l"))


def _plain(changes: Mapping[str, tuple[Any, Any]]) -> dict[str, tuple[FloatArray, FloatArray]]:
    return {name: (up.detach().numpy(), down.detach().numpy()) for name, (up, down) in changes.items()}
