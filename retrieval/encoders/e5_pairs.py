"""The second look by e5: the query and each title, read together, through the lower layers as an int8 graph.

What makes a reader of pairs of them comes as one file, `e5_pairs.npz`: changes of low rank to the layers (see
`e5_tuning`) and the head, float16. How it was learned: docs/relevance.md, *The second look*.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.deadline import Deadline
from retrieval.encoders import e5_calibration
from retrieval.encoders.batching import equal_length_batches
from retrieval.encoders.e5_build import GRAPH_VERSION, MODEL_FILE, E5Files, Progress, built, save_graph
from retrieval.encoders.e5_calibration import PASSAGE_PREFIX, QUERY_PREFIX
from retrieval.encoders.e5_tuning import tuned, tuning_digest
from retrieval.encoders.e5_vocabulary import E5Tokenizer, kept_rows, save_tokenizer
from retrieval.encoders.e5_weights import SHA256, locate_weights, read_weights
from retrieval.encoders.onnx_session import open_session
from retrieval.encoders.options import EncoderOptions, parse_options
from retrieval.types import FloatArray

NAME = "e5"
FILE = Path(__file__).with_name("e5_pairs.npz")
LAYERS = 8
"""Of twelve: what the pairs were learned with; each costs as much as the next."""
_MAX_TOKENS = 48
"""Of a pair; a title that goes further is cut."""
_QUERY_TOKENS = 20
_END = 2
_BATCH_TOKENS = 256
"""Between two batches the clock is read."""


class E5PairsOptions(EncoderOptions):
    """It has none."""


class E5Pairs:
    """See `retrieval.protocols.PairReader`."""

    name = NAME

    def __init__(self, files: E5Files) -> None:
        self._tokenizer = E5Tokenizer(files.folder, max_tokens=_MAX_TOKENS)
        self._session = open_session(files.folder / MODEL_FILE)

    def read(self, query: str, titles: Sequence[str], until: Deadline) -> FloatArray | None:
        pairs, split = tokens_of_pairs(self._tokenizer, query, titles)
        scores = np.zeros(len(titles), np.float32)
        for batch in equal_length_batches([len(pair) for pair in pairs], budget=_BATCH_TOKENS):
            if until.remaining() == 0:
                return None
            ids = np.stack([pairs[index] for index in batch])
            scores[batch] = self._session.run(None, {"ids": ids, "split": np.array([split], np.int64)})[0][:, 0]
        return scores


def load(options: Mapping[str, object], *, cache_dir: Path) -> E5Pairs:
    """Opens the reader, building its files first if the cache has none.

    Raises:
        EncoderError: a bad option, or the files can be neither found nor built.
    """
    parse_options(E5PairsOptions, NAME, options)
    return E5Pairs(ensure_built(cache_dir))


def ensure_built(cache_dir: Path, progress: Progress | None = None) -> E5Files:
    """The built folder, from the cache if it is whole, else built now.

    Raises:
        EncoderError: the weights are missing or wrong, or the cache folder cannot be written.
    """
    facts = [SHA256, GRAPH_VERSION, LAYERS, e5_calibration.PASSAGES, e5_calibration.QUERIES, tuning_digest(FILE)]
    key = hashlib.sha256(json.dumps(facts, ensure_ascii=True).encode()).hexdigest()[:16]
    return built(cache_dir, "e5-pairs", key, _build, progress=progress)


def tokens_of_pairs(
    tokenizer: E5Tokenizer, query: str, titles: Sequence[str]
) -> tuple[list[npt.NDArray[np.int64]], int]:
    """`<s> query: … </s> passage: … </s>` of each title, at most 48 tokens, and how many of them are the query's."""
    asked = tokenizer.encode(QUERY_PREFIX, [query])[0][:_QUERY_TOKENS].copy()
    asked[-1] = _END
    room = _MAX_TOKENS - len(asked)
    found = []
    for title in tokenizer.encode(PASSAGE_PREFIX, titles):
        said = title[1 : room + 1].copy()
        said[-1] = _END
        found.append(np.concatenate([asked, said]))
    return found, len(asked)


def _build(folder: Path) -> None:
    # Here rather than above: the service reads built files and never needs onnx.
    from retrieval.encoders.e5_pair_graph import pair_graph
    from retrieval.encoders.e5_quantize import FloatNumerics, Int8Numerics, calibrate

    weights = tuned(read_weights(locate_weights()), FILE)
    with np.load(FILE) as stored:
        head = {name: stored[name].astype(np.float32) for name in ("h1.w", "h1.b", "h2.w", "h2.b")}
    rows = kept_rows(weights.pieces)
    save_tokenizer(weights, rows, folder)
    numerics = FloatNumerics()
    exact = pair_graph(weights, rows, numerics, head, LAYERS).SerializeToString()
    ranges = calibrate(exact, numerics.sites, _calibration(folder), split=np.array([_CALIBRATION_SPLIT], np.int64))
    save_graph(pair_graph(weights, rows, Int8Numerics(ranges), head, LAYERS), folder)


_CALIBRATION_SPLIT = 4
"""Any would do: the extremes are those of the layers, and these do not depend on it."""


def _calibration(folder: Path) -> list[npt.NDArray[np.int64]]:
    """Pairs of the calibration texts, near and far."""
    tokenizer = E5Tokenizer(folder, max_tokens=_MAX_TOKENS)
    pairs = []
    for number, query in enumerate(e5_calibration.QUERIES):
        pairs += tokens_of_pairs(tokenizer, query, e5_calibration.PASSAGES[number % 3 :: 3])[0]
    return pairs
