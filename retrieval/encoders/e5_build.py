"""Builds the files of the e5 encoder once and keeps them in the cache folder.

`cache_dir/e5-<key>/` holds the int8 graph, its numbers, the tokenizer, the normalizer and a manifest with their
SHA-256. The key covers everything the files follow from. Numbers lie beside the graph, where onnxruntime maps them:
those that it reads as they are (the embedding table) are shared by all workers. A build happens in a folder of its own
beside the target and is published with one rename: two processes that build at once each publish a whole folder, and
the second finds the first one's.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from retrieval.encoders import e5_calibration
from retrieval.encoders.e5_late import read_late
from retrieval.encoders.e5_tuning import tuned, tuning_digest
from retrieval.encoders.e5_vocabulary import E5Tokenizer, kept_rows, save_tokenizer
from retrieval.encoders.e5_weights import SHA256, locate_weights, read_weights
from retrieval.errors import EncoderError

if TYPE_CHECKING:
    from onnx import ModelProto

GRAPH_VERSION = 1
"""To be raised with every change of vocabulary rule, graph or quantization that changes a vector."""

FILES_VERSION = 2
"""To be raised with every change of how the files are written that changes no vector. 2: what is large is mapped."""

MODEL_FILE, NUMBERS_FILE = "model.onnx", "model.bin"
_MANIFEST_FILE = "manifest.json"
_SMALL = 1024
"""Bytes; less lies in the graph itself."""
_CALIBRATION_TOKENS = 128
_FOLDER_MODE, _FILE_MODE = 0o755, 0o644
"""Temporary folders and files are private; the service may run as another user than the one who built."""

Progress = Callable[[str], None]
"""Told each step of a build in a few words."""


@dataclass(frozen=True, slots=True)
class E5Files:
    """A complete built folder; `key` changes whenever a vector may."""

    folder: Path
    key: str


def build_key(tuning: Path | None) -> str:
    """Sixteen hex digits over all that vectors follow from.

    Raises:
        EncoderError: the tuning cannot be read.
    """
    facts = [SHA256, GRAPH_VERSION, e5_calibration.PASSAGES, e5_calibration.QUERIES]
    if tuning is not None:
        facts.append(tuning_digest(tuning))
    return hashlib.sha256(json.dumps(facts, ensure_ascii=True).encode()).hexdigest()[:16]


def ensure_built(
    cache_dir: Path, *, tuning: Path | None, rebuild: bool = False, progress: Progress | None = None
) -> E5Files:
    """The built folder, from the cache if it is whole, else built now (some ten seconds); `tuning`: see `e5_tuning`.

    Raises:
        EncoderError: the weights or the tuning are missing or wrong, or the cache folder cannot be written.
    """
    tell = progress or _silent
    key = build_key(tuning)
    return built(cache_dir, "e5", key, lambda folder: _build(folder, tuning, tell), rebuild=rebuild, progress=progress)


def built(
    cache_dir: Path, name: str, key: str, build: Callable[[Path], None], *,
    rebuild: bool = False, progress: Progress | None = None,
) -> E5Files:  # fmt: skip
    """What `build` writes into an empty folder, from the cache if it is whole; `key`: over all that it follows from.

    Raises:
        EncoderError: as `build` does, or the cache folder cannot be written.
    """
    tell = progress or _silent
    written = hashlib.sha256(f"{key}|{FILES_VERSION}".encode()).hexdigest()[:16]
    files = E5Files(cache_dir / f"{name}-{written}", key)
    if not rebuild and _is_whole(files.folder):
        return files
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{name}-{key}-", dir=cache_dir))
        try:
            build(work)
            (work / _MANIFEST_FILE).write_text(json.dumps({"files": _digests(work)}, indent=2))
            _publish(work, files.folder, replace=rebuild)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        message = f"The files of e5 cannot be built: {error}."
        raise EncoderError(
            message, field=str(cache_dir), hint="is the folder writable and the disk not full?"
        ) from error
    tell(f"ready in {files.folder}")
    return files


def _build(folder: Path, tuning: Path | None, tell: Progress) -> None:
    # Here rather than above: the service reads built files and never needs onnx.
    from retrieval.encoders.e5_graph import encoder_graph
    from retrieval.encoders.e5_quantize import FloatNumerics, Int8Numerics, calibrate

    late = read_late(tuning) if tuning is not None else None
    tell("reading the weights")
    weights = read_weights(locate_weights())
    if tuning is not None:
        weights = tuned(weights, tuning)
    tell("selecting the vocabulary")
    rows = kept_rows(weights.pieces)
    save_tokenizer(weights, rows, folder)
    tell(f"calibrating {len(rows):,} pieces")
    numerics = FloatNumerics()
    exact = encoder_graph(weights, rows, numerics).SerializeToString()
    ranges = calibrate(exact, numerics.sites, _calibration_ids(folder))
    tell("writing the int8 graph")
    projection = late.projection if late else None
    save_graph(encoder_graph(weights, rows, Int8Numerics(ranges), projection), folder)


def save_graph(graph: ModelProto, folder: Path) -> None:
    """Writes a graph, its large numbers beside it."""
    from onnx import save_model

    save_model(graph, folder / MODEL_FILE, save_as_external_data=True, location=NUMBERS_FILE, size_threshold=_SMALL)
    (folder / NUMBERS_FILE).chmod(_FILE_MODE)


def _publish(work: Path, target: Path, *, replace: bool) -> None:
    """Renames `work` to `target`; a whole folder already there is kept unless told otherwise: it may be in use."""
    if target.exists() and (replace or not _is_whole(target)):
        old = Path(tempfile.mkdtemp(prefix=".old-", dir=target.parent))
        with suppress(FileNotFoundError):  # another process has moved it already
            os.replace(target, old / "e5")
        shutil.rmtree(old, ignore_errors=True)
    work.chmod(_FOLDER_MODE)
    try:
        os.replace(work, target)
    except OSError:
        if not _is_whole(target):  # otherwise another process was quicker, with the same content
            raise


def _is_whole(folder: Path) -> bool:
    try:
        digests = json.loads((folder / _MANIFEST_FILE).read_text())["files"]
        return all(_digest(folder / name) == digest for name, digest in digests.items())
    except (OSError, ValueError, KeyError):
        return False


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: _digest(path) for path in sorted(folder.iterdir())}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _calibration_ids(folder: Path) -> list[npt.NDArray[np.int64]]:
    tokenizer = E5Tokenizer(folder, max_tokens=_CALIBRATION_TOKENS)
    passages = tokenizer.encode(e5_calibration.PASSAGE_PREFIX, e5_calibration.PASSAGES)
    return passages + tokenizer.encode(e5_calibration.QUERY_PREFIX, e5_calibration.QUERIES)


def _silent(step: str) -> None:
    """Nobody asked."""
