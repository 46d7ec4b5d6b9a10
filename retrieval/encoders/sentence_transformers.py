"""Any model of the sentence-transformers library, from a folder or by its name on the hub; needs the [models] extra.

For whoever has a better model, or a graphics card. Models that want a prompt before queries or documents usually carry
it in their own configuration, and `encode_query` and `encode_document` apply it; the options override it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from pydantic import Field, model_validator

from retrieval.encoders.batching import unit_rows, windows
from retrieval.encoders.cleaning import readable
from retrieval.encoders.options import EncoderOptions, parse_options
from retrieval.encoders.storage import size_of
from retrieval.errors import EncoderError
from retrieval.types import FloatArray

NAME = "sentence-transformers"
_WINDOW = 8192
"""Texts handed over at once: the library sorts them by length and batches them itself."""


class SentenceTransformersOptions(EncoderOptions):
    """Options of `sentence-transformers`. A prompt is given as text or by its name in the model's configuration."""

    model: str = Field(min_length=1)
    """Folder of a saved model, or its name on the hub."""
    query_prompt: str | None = None
    query_prompt_name: str | None = None
    document_prompt: str | None = None
    document_prompt_name: str | None = None
    truncate_dim: int | None = Field(default=None, ge=1)
    """Keep the first numbers only, for models trained to allow it (Matryoshka)."""
    device: str | None = None
    """``cpu``, ``cuda``, ``cuda:1``, ``mps``; None lets the library choose."""
    batch_size: int = Field(default=32, ge=1)
    max_chars: int = Field(default=8192, ge=16)
    """Characters handed to the model, which cuts at its own number of tokens."""

    @model_validator(mode="after")
    def _one_prompt_a_side(self) -> SentenceTransformersOptions:
        for side in ("query", "document"):
            if getattr(self, f"{side}_prompt") is not None and getattr(self, f"{side}_prompt_name") is not None:
                raise ValueError(f"{side}_prompt and {side}_prompt_name exclude each other")
        return self


class SentenceTransformersEncoder:
    """See `retrieval.protocols.Encoder`. Calls are made one after the other: the tokenizers are not thread-safe."""

    name = NAME

    def __init__(self, model: Any, options: SentenceTransformersOptions) -> None:
        self._model = model
        self._options = options
        self._lock = Lock()
        self.fingerprint = _fingerprint(model, options)
        self.size_on_disk = size_of(Path(options.model))
        # One text of each side, so that a prompt name the model lacks is found now.
        self._encode(model.encode_document, [""], "document")
        self.dim = int(self._encode(model.encode_query, [""], "query").shape[1])

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        return self._all(self._model.encode_document, texts, "document")

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        return self._all(self._model.encode_query, texts, "query")

    def _all(self, encode: Any, texts: Sequence[str], side: str) -> FloatArray:
        vectors = np.empty((len(texts), self.dim), np.float32)
        for window in windows(len(texts), _WINDOW):
            vectors[window] = self._encode(encode, texts[window], side)
        return vectors

    def _encode(self, encode: Any, texts: Sequence[str], side: str) -> FloatArray:
        with self._lock:
            vectors = encode(
                [readable(text, self._options.max_chars) for text in texts],
                prompt=getattr(self._options, f"{side}_prompt"),
                prompt_name=getattr(self._options, f"{side}_prompt_name"),
                batch_size=self._options.batch_size,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        return unit_rows(np.asarray(vectors, np.float32))


def load(options: Mapping[str, object], *, cache_dir: Path, threads: int) -> SentenceTransformersEncoder:
    """Opens the model; `cache_dir` keeps what is fetched from the hub. `threads` is set for the whole process.

    Raises:
        EncoderError: a bad option, the extra is not installed, the model cannot be loaded or used.
    """
    parsed = parse_options(SentenceTransformersOptions, NAME, options)
    if find_spec("sentence_transformers") is None:
        message = f"The encoder {NAME!r} needs the library sentence-transformers, which is not installed."
        raise EncoderError(message, hint='pip install "xunhuo[models]"')
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    try:
        model = SentenceTransformer(
            parsed.model, device=parsed.device, truncate_dim=parsed.truncate_dim, cache_folder=str(cache_dir / "hub")
        )
        return SentenceTransformersEncoder(model, parsed)
    except Exception as error:  # the library raises whatever its parts raise: OSError, ValueError, RuntimeError…
        raise EncoderError(
            f"The model {parsed.model!r} cannot be used: {error}",
            field="encoder.options.model",
            hint="give the folder of a saved model, or a name on the hub that this machine can reach",
        ) from error


def _fingerprint(model: Any, options: SentenceTransformersOptions) -> str:
    """Over the weights themselves, so that a folder whose content changed is noticed, and all that shapes the input."""
    from sentence_transformers import __version__

    settings = options.model_dump(exclude={"model", "device", "batch_size"})
    digest = hashlib.sha256(json.dumps([__version__, settings, model.prompts, str(model)], sort_keys=True).encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().reshape(-1).view(_bytes()).numpy())
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", model.tokenizer)
    digest.update(tokenizer.to_str().encode() if hasattr(tokenizer, "to_str") else b"")
    return f"{NAME}-{digest.hexdigest()[:16]}"


def _bytes() -> Any:
    import torch

    return torch.uint8
