"""What tunes e5 to the language of shops: changes of low rank to its upper layers, merged into the weights (LoRA).

A tuning is an npz with, for each tensor it changes, `<name>.up` (out, rank) and `<name>.down` (rank, in), float16; what
is added to the tensor is up · down (Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", 2022). Merged, it
costs nothing at service. It may hold what makes tokens, too (`e5_late`). How the one that comes with Xunhuo was
learned: docs/relevance.md, *The tuned encoder*.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from retrieval.encoders.e5_weights import E5Weights
from retrieval.errors import EncoderError
from retrieval.types import FloatArray

TRADE, NONE = "trade", "none"
"""The tuning that comes with Xunhuo, and e5 as it was published; anything else is the path of a file."""

TRADE_FILE = Path(__file__).with_name("e5_tuning.npz")

HINT = "encoder.options.tuning is trade, none or the path of such a file; if it is trade, reinstall Xunhuo"


def tuning_file(name: str) -> Path | None:
    """The file that is meant by the option `tuning`; None: nothing is tuned."""
    if name == NONE:
        return None
    return TRADE_FILE if name == TRADE else Path(name)


def tuning_digest(path: Path) -> str:
    """SHA-256 of the file: all vectors follow from it.

    Raises:
        EncoderError: it cannot be read.
    """
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise EncoderError(f"The tuning of e5 cannot be read: {error}.", field=str(path), hint=HINT) from error


def tuned(weights: E5Weights, path: Path) -> E5Weights:
    """The weights with what the file adds to them.

    Raises:
        EncoderError: the file is damaged, or was made for other weights.
    """
    changes = _read(path)
    for name, change in changes.items():
        if change.shape != _shape(weights, name) or not np.isfinite(change).all():
            size = " × ".join(map(str, change.shape))
            message = f"The tuning of e5 does not fit its weights: {name} with {size} numbers."
            raise EncoderError(message, field=str(path), hint=HINT)
    return replace(weights, changes=changes)


def _shape(weights: E5Weights, name: str) -> tuple[int, int] | None:
    """(out, in) of a Linear layer's matrix; None for any other tensor."""
    matrix, bias = weights.tensors.get(name), weights.tensors.get(f"{name.removesuffix('.w')}.b")
    if matrix is None or bias is None or not matrix.quantized:
        return None
    return bias.size, matrix.size // bias.size


def _read(path: Path) -> Mapping[str, FloatArray]:
    """What is added to each tensor, float32 (out, in)."""
    try:
        with path.open("rb") as file, np.load(file) as stored:
            names = [key.removesuffix(".up") for key in stored.files if key.endswith(".up")]
            parts = [(stored[f"{name}.up"], stored[f"{name}.down"]) for name in names]
        changes = [up.astype(np.float32) @ down.astype(np.float32) for up, down in parts]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise EncoderError(f"The tuning of e5 is damaged: {error}.", field=str(path), hint=HINT) from error
    return dict(zip(names, changes, strict=True))
