"""Where videos come from: files of records, captions, and folders of captions and transcripts; and where they meet.

Captions and transcripts are what is said, under the name of the video, and nothing else. A record with the same id says
the rest (title, creator, products): then they are its segments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.sources.formats import CAPTIONS, FORMATS, SPOKEN, rows_of, size_of, suffix_of
from indexer.sources.limits import Limits
from indexer.sources.lines import Progress
from indexer.sources.recognised import LISTS
from indexer.sources.rejects import Reject, Row
from retrieval.errors import InputError


@dataclass(frozen=True, slots=True)
class _Spoken:
    """The files that say the same of a video, in the order in which they are tried."""

    paths: list[Path]

    def rows(self, limits: Limits, progress: Progress | None) -> Iterator[tuple[Path, Row | Reject]]:
        """Of the first file that says something; rejects of others are parts while one is left."""
        waiting = sorted(self.paths, key=lambda path: list(SPOKEN).index(path.suffix.lower()))
        while waiting:
            path = waiting.pop(0)
            for row in SPOKEN[path.suffix.lower()](path, limits=limits, progress=progress, required=()):
                if isinstance(row, Reject):
                    yield path, replace(row, rows=0) if waiting else row
                    continue
                yield path, row
                for other in waiting:
                    yield other, Reject(str(other), 1, "id", "same_name", f"{path.name} is read", "", rows=0)
                    if progress:
                        progress(other.stat().st_size)
                return


def spoken_in(folder: Path) -> list[Path]:
    """The captions and transcripts in a folder and those below, by name; other files are passed over.

    Raises:
        InputError: there are none, or it cannot be read.
    """
    try:
        found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SPOKEN and path.is_file())
    except OSError as error:
        raise InputError(f"{folder} cannot be read: {error.strerror}", hint="check who may read it") from error
    if not (found := [path for path in found if not path.name.startswith(".")]):
        raise InputError(f"{folder} has no captions", hint=f"files in it that end in {', '.join(SPOKEN)} are read")
    return found


def video_bytes(path: Path) -> int:
    """Size of a file, or of what is said in a folder. Raises InputError as `size_of` and `spoken_in` do."""
    if path.is_dir():
        return sum(each.stat().st_size for each in spoken_in(path))
    return size_of(path, FORMATS | CAPTIONS)


def video_rows(
    paths: Sequence[Path], *, limits: Limits, progress: Progress | None, required: Sequence[str]
) -> Iterator[tuple[Path, Row | Reject]]:
    """Each row with the file that it is from: the records in their order, then what no record names."""
    spoken, repeated = _by_id(paths)
    for path, reject in repeated:
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
            for file, part in captions.rows(limits, progress):
                if isinstance(part, Reject):
                    yield file, replace(part, rows=0)
                else:
                    said = {name: value for name, value in part[1].items() if name != "id"}
                    fields = {name: value for name, value in fields.items() if name not in LISTS} | said
            yield path, (line, fields)
    for captions in spoken.values():
        yield from captions.rows(limits, progress)


def _by_id(paths: Sequence[Path]) -> tuple[dict[str, _Spoken], list[tuple[Path, Reject]]]:
    """Id → what is said in the video, and files elsewhere that have the name of one of these."""
    found: dict[str, _Spoken] = {}
    repeated: list[tuple[Path, Reject]] = []
    for given in paths:
        for path in spoken_in(given) if given.is_dir() else [given] if suffix_of(given) in CAPTIONS else []:
            same = found.setdefault(path.stem, _Spoken([])).paths
            if path not in same and (not same or path.parent == same[0].parent):
                same.append(path)
                continue
            reason, rows = ("same_name", 0) if path in same else ("duplicate_id", 1)
            repeated.append((path, Reject(str(path), 1, "id", reason, f"{same[0]} is read", "", rows)))
    return found, repeated
