"""Any cross-encoder of the sentence-transformers library, from a folder or by its name on the hub; needs the [models]
extra. For whoever has a better model, or a graphics card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from pydantic import Field

from retrieval.deadline import Deadline
from retrieval.encoders.cleaning import readable
from retrieval.encoders.options import EncoderOptions, parse_options
from retrieval.errors import EncoderError
from retrieval.types import FloatArray

NAME = "cross-encoder"


class CrossEncoderOptions(EncoderOptions):
    """Options of `cross-encoder`."""

    model: str = Field(min_length=1)
    """Folder of a saved model, or its name on the hub."""
    device: str | None = None
    """``cpu``, ``cuda``, ``cuda:1``, ``mps``; None lets the library choose."""
    batch_size: int = Field(default=32, ge=1)
    """Pairs read at once; between two batches the clock is read."""
    max_tokens: int = Field(default=128, ge=8, le=8192)
    """Of a pair; longer ones are cut."""


class CrossEncoderPairs:
    """See `retrieval.protocols.PairReader`. Calls are made one after the other: the tokenizers are not thread-safe.

    What the model says is taken as it is (its logit), without an activation."""

    name = NAME

    def __init__(self, model: Any, options: CrossEncoderOptions, activation: Any) -> None:
        self._model, self._options, self._activation = model, options, activation
        self._lock = Lock()

    def read(self, query: str, titles: Sequence[str], until: Deadline) -> FloatArray | None:
        size, chars = self._options.batch_size, 16 * self._options.max_tokens
        pairs = [(readable(query, chars), readable(title, chars)) for title in titles]
        scores = np.zeros(len(pairs), np.float32)
        for first in range(0, len(pairs), size):
            if until.remaining() == 0:
                return None
            batch = pairs[first : first + size]
            with self._lock:
                read = self._model.predict(
                    batch, batch_size=size, show_progress_bar=False, activation_fn=self._activation
                )
            scores[first : first + size] = np.asarray(read, np.float32).reshape(len(batch))
        return scores


def load(options: Mapping[str, object], *, cache_dir: Path) -> CrossEncoderPairs:
    """Opens the model; `cache_dir` keeps what is fetched from the hub.

    Raises:
        EncoderError: a bad option, the extra is not installed, or the model cannot be loaded or has several labels.
    """
    parsed = parse_options(CrossEncoderOptions, NAME, options)
    if find_spec("sentence_transformers") is None:
        message = f"The reader {NAME!r} needs the library sentence-transformers, which is not installed."
        raise EncoderError(message, hint='pip install "xunhuo[models]"')
    from sentence_transformers import CrossEncoder
    from torch.nn import Identity

    try:
        model = CrossEncoder(
            parsed.model, device=parsed.device, max_length=parsed.max_tokens, cache_folder=str(cache_dir / "hub")
        )
        reader = CrossEncoderPairs(model, parsed, Identity())
        reader.read("手机", ["手机壳"], Deadline(None))
    except Exception as error:  # the library raises whatever its parts raise: OSError, ValueError, RuntimeError…
        raise EncoderError(
            f"The model {parsed.model!r} cannot be used: {error}",
            field="ranking.second_stage_options.model",
            hint="give the folder of a saved cross-encoder of one label, or a name on the hub that can be reached",
        ) from error
    return reader
