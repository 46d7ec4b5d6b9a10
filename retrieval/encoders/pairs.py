"""Who reads query and title together; each one's module is imported only when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from retrieval.errors import EncoderError
from retrieval.protocols import PairReader

_MODULES: Mapping[str, str] = MappingProxyType(
    {"e5": "retrieval.encoders.e5_pairs", "cross-encoder": "retrieval.encoders.cross_encoder"}
)
"""Each module has `load(options, *, cache_dir) -> PairReader`."""

PAIR_READER_NAMES = tuple(_MODULES)


def open_pair_reader(name: str, *, options: Mapping[str, object], cache_dir: Path) -> PairReader:
    """Loads the reader `name`, building its files in `cache_dir` first where it needs any.

    Raises:
        EncoderError: no such reader or option, something to install is missing, or the files cannot be built.
    """
    if name not in _MODULES:
        hint = f"one of {', '.join(PAIR_READER_NAMES)}"
        raise EncoderError(f"There is no reader of pairs {name!r}.", field="ranking.second_stage", hint=hint)
    reader: PairReader = import_module(_MODULES[name]).load(options, cache_dir=cache_dir)
    return reader
