"""multilingual-e5-small, 384 numbers a text, as an int8 graph on the CPU: the default encoder.

The model was trained with `query: ` and `passage: ` before its texts and a mean over the tokens (Wang et al., 2024), so
both are part of the encoder; what it learned of shops since is merged into its weights (`e5_tuning`). Texts longer than
`max_tokens` are cut.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from pydantic import Field

from retrieval.encoders.batching import equal_length_batches, run_batches, windows
from retrieval.encoders.e5_build import MODEL_FILE, E5Files, Progress, ensure_built
from retrieval.encoders.e5_calibration import PASSAGE_PREFIX, QUERY_PREFIX
from retrieval.encoders.e5_late import read_late
from retrieval.encoders.e5_tuning import TRADE, tuning_file
from retrieval.encoders.e5_vocabulary import E5Tokenizer
from retrieval.encoders.onnx_session import open_session
from retrieval.encoders.options import EncoderOptions, parse_options
from retrieval.encoders.storage import size_of
from retrieval.late.encoder import EncodedTitles
from retrieval.late.query import QueryTokens, QueryVectors
from retrieval.types import FloatArray, IntArray

NAME = "e5"
DIM = 384
_BATCH_TOKENS = 512
"""Tokens a batch: past this the activations leave the second-level cache and the throughput falls."""
_WINDOW = 8192
"""Texts tokenized and sorted together."""


class E5Options(EncoderOptions):
    """Options of `e5`."""

    max_tokens: int = Field(default=128, ge=8, le=512)
    """Tokens kept of a text, with `<s>`, the prefix and `</s>`; a product title has about 40."""
    tuning: str = TRADE
    """What it is tuned with: `trade`, `none` (the model as it was published), or the path of a file."""

    def files(self, cache_dir: Path, *, rebuild: bool = False, progress: Progress | None = None) -> E5Files:
        """The built files of these options; see `ensure_built`."""
        return ensure_built(cache_dir, tuning=tuning_file(self.tuning), rebuild=rebuild, progress=progress)


class E5Encoder:
    """See `retrieval.late.encoder.TokenEncoder`; b"" and None for tokens where the tuning has nothing that makes them.

    Documents use `threads` cores, queries one.
    """

    name = NAME
    dim = DIM

    def __init__(self, files: E5Files, options: E5Options, *, threads: int) -> None:
        self.size_on_disk = size_of(files.folder)
        self.fingerprint = _fingerprint(files, options)
        self._tokenizer = E5Tokenizer(files.folder, max_tokens=options.max_tokens)
        self._session = open_session(files.folder / MODEL_FILE)
        tuning = tuning_file(options.tuning)
        self._late = read_late(tuning) if tuning else None
        self._threads = threads

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        return self._encode(PASSAGE_PREFIX, texts, self._threads)

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        return self._encode(QUERY_PREFIX, texts, 1)

    def encode_titles(self, texts: Sequence[str]) -> EncodedTitles:
        tokens = [b""] * len(texts)
        late = self._late

        def keep(place: int, states: FloatArray) -> None:
            tokens[place] = late.title(states) if late else b""

        return EncodedTitles(self._encode(PASSAGE_PREFIX, texts, self._threads, keep if late else None), tokens)

    def read_queries(self, texts: Sequence[str]) -> list[QueryVectors]:
        tokens: list[QueryTokens | None] = [None] * len(texts)
        late = self._late

        def keep(place: int, states: FloatArray) -> None:
            tokens[place] = late.query(states) if late else None

        vectors = self._encode(QUERY_PREFIX, texts, 1, keep if late else None)
        return list(map(QueryVectors, vectors, tokens))

    def _encode(
        self, prefix: str, texts: Sequence[str], threads: int, keep: Callable[[int, FloatArray], None] | None = None
    ) -> FloatArray:
        """The vectors; `keep` is given the place of each text and its tokens, from any of the threads."""
        vectors = np.empty((len(texts), DIM), np.float32)
        wanted = ["vectors", "tokens"] if keep else ["vectors"]
        for window in windows(len(texts), _WINDOW):
            ids = self._tokenizer.encode(prefix, texts[window])

            def run(batch: IntArray, ids: Sequence[IntArray] = ids, first: int = window.start) -> FloatArray:
                encoded, *tokens = self._session.run(wanted, {"ids": np.stack([ids[index] for index in batch])})
                if keep:
                    for index, states in zip(batch.tolist(), tokens[0], strict=True):
                        keep(first + index, states)
                found: FloatArray = encoded
                return found

            batches = equal_length_batches([len(row) for row in ids], budget=_BATCH_TOKENS)
            vectors[window] = run_batches(batches, run, count=len(ids), dim=DIM, threads=threads)
        return vectors


def load(options: Mapping[str, object], *, cache_dir: Path, threads: int) -> E5Encoder:
    """Opens the encoder, building its files first if the cache has none.

    Raises:
        EncoderError: a bad option, or the files can be neither found nor built.
    """
    parsed = parse_options(E5Options, NAME, options)
    return E5Encoder(parsed.files(cache_dir), parsed, threads=threads)


def _fingerprint(files: E5Files, options: E5Options) -> str:
    # Patch releases of onnxruntime keep their kernels; minor ones may round differently.
    runtime = ".".join(onnxruntime.__version__.split(".")[:2])
    facts = [NAME, files.key, options.max_tokens, PASSAGE_PREFIX, QUERY_PREFIX, runtime]
    return f"{NAME}-{hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]}"
