"""Where videos come from: files of records, captions, and folders of captions; and where two of them meet.

Captions are what is said, under the name of the video, and nothing else. A record with the same id says the rest
(title, creator, products): then the captions are its segments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from indexer.sources.formats import CAPTIONS, FORMATS, rows_of, size_of, suffix_of
from indexer.sources.limits import Limits
from indexer.sources.lines import Progress
from indexer.sources.rejects import Reject, Row
from retrieval.errors import InputError


def captions_in(folder: Path) -> list[Path]:
    """The captions in a folder and those below, by name; other files are passed over.

    Raises:
        InputError: there are none, or it cannot be read.
    """
    try:
        found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in CAPTIONS and path.is_file())
    except OSError as error:
        raise InputError(f"{folder} cannot be read: {error.strerror}", hint="check who may read it") from error
    if not (found := [path for path in found if not path.name.startswith(".")]):
        raise InputError(f"{folder} has no captions", hint=f"files in it that end in {' or '.join(CAPTIONS)} are read")
    return found


def video_bytes(path: Path) -> int:
    """Size of a file, or of the captions in a folder. Raises InputError as `size_of` and `captions_in` do."""
    if path.is_dir():
        return sum(each.stat().st_size for each in captions_in(path))
    return size_of(path, FORMATS | CAPTIONS)


def video_rows(
    paths: Sequence[Path], *, limits: Limits, progress: Progress | None, required: Sequence[str]
) -> Iterator[tuple[Path, Row | Reject]]:
    """Each row with the file that it is from: the records in their order, then the captions that no record names."""
    spoken, twins = _by_id(paths)
    for path, reject in twins:
        yield path, reject
        if progress:
            progress(path.stat().st_size)
    for path in (path for path in paths if not path.is_dir() and suffix_of(path) in FORMATS):
        for row in rows_of(path, limits=limits, progress=progress, required=required):
            captions = None if isinstance(row, Reject) else spoken.pop(str(row[1].get("id")).strip(), None)
            if captions is None or isinstance(row, Reject):
                yield path, row
                continue
            line, fields = row
            for part in rows_of(captions, limits=limits, progress=progress, required=()):
                if isinstance(part, Reject):
                    yield captions, replace(part, rows=0)
                else:
                    fields = fields | {"segments": part[1]["segments"]}
            yield path, (line, fields)
    for path in spoken.values():
        for row in rows_of(path, limits=limits, progress=progress, required=()):
            yield path, row


def _by_id(paths: Sequence[Path]) -> tuple[dict[str, Path], list[tuple[Path, Reject]]]:
    """Id → its captions, and those of an id that has some already."""
    found: dict[str, Path] = {}
    twins: list[tuple[Path, Reject]] = []
    for given in paths:
        for path in captions_in(given) if given.is_dir() else [given] if suffix_of(given) in CAPTIONS else []:
            first = found.setdefault(path.stem, path)
            if first is not path:
                twin = first.with_suffix("") == path.with_suffix("")
                reason, rows = ("same_name", 0) if twin else ("duplicate_id", 1)
                twins.append((path, Reject(str(path), 1, "id", reason, f"{first} is read", "", rows)))
    return found, twins
