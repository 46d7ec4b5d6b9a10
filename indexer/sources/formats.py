"""The formats of files by their suffix: which reader reads the rows of one, and whether it can be read at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from indexer.sources.captions import read_captions
from indexer.sources.csv_format import read_csv
from indexer.sources.json_array import read_json
from indexer.sources.jsonl_format import read_jsonl
from indexer.sources.limits import Limits
from indexer.sources.lines import Progress
from indexer.sources.parquet_format import read_parquet
from indexer.sources.rejects import Reject, Row
from indexer.sources.transcripts import read_transcript
from retrieval.errors import InputError


class RowReader(Protocol):
    """A format: streams the rows of one file, each as (line, fields) or as a Reject, in bounded memory."""

    def __call__(
        self, path: Path, *, limits: Limits, progress: Progress | None, required: Sequence[str]
    ) -> Iterator[Row | Reject]:
        """`required` fields are looked for where a file names its columns."""


FORMATS: dict[str, RowReader] = {
    ".jsonl": read_jsonl,
    ".jsonl.gz": read_jsonl,
    ".ndjson": read_jsonl,
    ".ndjson.gz": read_jsonl,
    ".json": read_json,
    ".json.gz": read_json,
    ".csv": read_csv,
    ".csv.gz": read_csv,
    ".tsv": read_csv,
    ".tsv.gz": read_csv,
    ".txt": read_csv,
    ".parquet": read_parquet,
}
CAPTIONS: dict[str, RowReader] = {".srt": read_captions, ".vtt": read_captions}
"""Of videos alone: a file is a video."""
SPOKEN: dict[str, RowReader] = {".json": read_transcript, **CAPTIONS}
"""The same in a folder; what says most of a video comes first."""


def suffix_of(path: Path) -> str:
    """In small letters, with what is packed: ``.jsonl.gz``."""
    suffixes = path.suffixes[-2:] if path.suffix.lower() == ".gz" else path.suffixes[-1:]
    return "".join(suffixes).lower()


def rows_of(
    path: Path, *, limits: Limits, progress: Progress | None, required: Sequence[str]
) -> Iterator[Row | Reject]:
    """The rows of one file.

    Raises:
        InputError: it has none, or cannot be read at all.
    """
    empty = True
    for row in (FORMATS | CAPTIONS)[suffix_of(path)](path, limits=limits, progress=progress, required=required):
        empty = False
        yield row
    if empty:
        raise InputError(f"{path} has no rows", hint="leave the file out or fill it")


def size_of(path: Path, formats: Mapping[str, RowReader] = FORMATS) -> int:
    """Bytes on disk.

    Raises:
        InputError: a file is missing, empty, a folder or of none of the formats.
    """
    if path.is_dir():
        raise InputError(f"{path} is a folder", hint="name the files in it")
    if suffix_of(path) not in formats:
        raise InputError(f"{path} has an unknown format", hint=f"one of {', '.join(formats)}")
    try:
        # Opening also shows whether it may be read.
        with path.open("rb") as file:
            size = file.seek(0, 2)
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}", hint="check the path and who may read it"
        ) from error
    if not size:
        raise InputError(f"{path} is empty", hint="leave the file out or fill it")
    return size
