"""Text to vectors. `open_encoder` is the way in; each encoder's module is imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from retrieval.errors import EncoderError
from retrieval.protocols import Encoder

DEFAULT_ENCODER = "e5"

_MODULES: Mapping[str, str] = MappingProxyType(
    {
        "e5": "retrieval.encoders.e5",
        "hashing": "retrieval.encoders.hashing",
        "sentence-transformers": "retrieval.encoders.sentence_transformers",
        "use": "retrieval.encoders.use",
    }
)
"""Each module has `load(options, *, cache_dir, threads) -> Encoder`."""

ENCODER_NAMES = tuple(_MODULES)


def open_encoder(name: str, *, options: Mapping[str, object], cache_dir: Path, threads: int) -> Encoder:
    """Loads the encoder `name`, building its files in `cache_dir` first where it needs any.

    Args:
        name: one of `ENCODER_NAMES`.
        options: the encoder's own options; each module states them.
        cache_dir: folder for built files, made if missing; several processes may share it.
        threads: how many cores documents may use; a query always uses one.

    Raises:
        EncoderError: no such encoder or option, something to install is missing, or the files cannot be built.
    """
    if name not in _MODULES:
        raise EncoderError(
            f"There is no encoder {name!r}.", field="encoder.name", hint=f"one of {', '.join(ENCODER_NAMES)}"
        )
    if threads < 1:
        raise EncoderError(f"An encoder needs at least one thread, not {threads}.", field="encoder.threads")
    encoder: Encoder = import_module(_MODULES[name]).load(options, cache_dir=cache_dir, threads=threads)
    return encoder
