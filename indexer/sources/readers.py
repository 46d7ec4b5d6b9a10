"""Files in, records out: rows of every format are checked one by one and streamed, in the order of the files.

A bad row goes to the `RejectLog` and the next one is read. Only what makes a whole file unusable is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from indexer.sources.encoding import encoding_of
from indexer.sources.formats import rows_of, size_of, suffix_of
from indexer.sources.limits import Limits
from indexer.sources.lines import Progress
from indexer.sources.parts import without_bad_parts
from indexer.sources.problems import Problem, first_problem
from indexer.sources.records import Event, IdentifiedRecord, Product, Record, Video
from indexer.sources.rejects import Reject, RejectLog, Row, excerpt_of_fields
from indexer.sources.video_files import spoken_in, video_bytes, video_rows

DIGEST_BYTES = 8

R = TypeVar("R", bound=Record)


def read_products(
    paths: Sequence[Path], *, limits: Limits, rejects: RejectLog, progress: Progress | None = None
) -> Iterator[Product]:
    """Stream the products of the files of one rebuild.

    An id that came before, in any of the files, is rejected. Ids are remembered as 8-byte BLAKE2b digests: about
    100 bytes an id, and a false duplicate with probability n² / 2⁶⁵ (3·10⁻⁶ for ten million).

    Args:
        paths: files in the order in which the first of two equal ids wins.
        limits: bounds of one row.
        rejects: counts every row and keeps the bad ones; the caller calls its `check` at the end.
        progress: called now and then with the bytes read since the last call; they add up to `total_bytes(paths)`.

    Raises:
        InputError: a file is missing, empty, a folder, of an unknown format or unreadable. What can be seen from
            outside is raised here, the rest when the file is reached.
    """
    return _read(Product, paths, limits, rejects, progress)


def read_videos(
    paths: Sequence[Path], *, limits: Limits, rejects: RejectLog, progress: Progress | None = None
) -> Iterator[Video]:
    """Stream videos; otherwise as `read_products`. A path may be captions, too, or a folder of them (`video_files`)."""
    total_bytes(paths, videos=True)
    return _records(_Check(Video, limits), paths, limits, rejects, progress)


def read_events(
    paths: Sequence[Path], *, limits: Limits, rejects: RejectLog, progress: Progress | None = None,
    judge: Callable[[Event], Problem | None] | None = None,
) -> Iterator[Event]:  # fmt: skip
    """Stream events, of which some may come twice; otherwise as `read_products`.

    Args:
        judge: what else is wrong with an event; such a one is rejected.
    """
    return _read(Event, paths, limits, rejects, progress, judge)


def total_bytes(paths: Sequence[Path], *, videos: bool = False) -> int:
    """Size of all files together, as they lie on disk: the 100 % of `progress`.

    Args:
        videos: captions are allowed, too, and folders of them.

    Raises:
        InputError: a file is missing, empty, a folder or of an unknown format.
    """
    return sum(map(video_bytes if videos else size_of, paths))


def encodings(paths: Sequence[Path]) -> dict[str, str]:
    """Text file → the encoding that it is in (`encoding_of`); folder of captions → all that are in it."""
    found = {}
    for path in paths:
        if suffix_of(path) != ".parquet":
            texts = spoken_in(path) if path.is_dir() else [path]
            found[str(path)] = ", ".join(sorted(set(map(encoding_of, texts))))
    return found


def _read(
    record_type: type[R], paths: Sequence[Path], limits: Limits, rejects: RejectLog, progress: Progress | None,
    judge: Callable[[R], Problem | None] | None = None,
) -> Iterator[R]:  # fmt: skip
    # Not a generator itself, so that a wrong path is told before the first record is asked for.
    total_bytes(paths)
    return _records(_Check(record_type, limits, judge), paths, limits, rejects, progress)


def _records(
    check: _Check[R], paths: Sequence[Path], limits: Limits, rejects: RejectLog, progress: Progress | None
) -> Iterator[R]:
    required = [name for name, field in check.record_type.model_fields.items() if field.is_required()]
    rows = video_rows if check.record_type is Video else _rows
    for path, row in rows(paths, limits=limits, progress=progress, required=required):
        for record in (row,) if isinstance(row, Reject) else check(str(path), row):
            if isinstance(record, Reject):
                rejects.add(record)
            else:
                rejects.accepted += 1
                yield record


def _rows(
    paths: Sequence[Path], *, limits: Limits, progress: Progress | None, required: Sequence[str]
) -> Iterator[tuple[Path, Row | Reject]]:
    for path in paths:
        for row in rows_of(path, limits=limits, progress=progress, required=required):
            yield path, row


class _Check(Generic[R]):
    """Turns the rows of one rebuild into records, or says why not."""

    def __init__(
        self, record_type: type[R], limits: Limits, judge: Callable[[R], Problem | None] | None = None
    ) -> None:
        self.record_type, self._judge = record_type, judge
        self._max_title_chars = limits.max_title_chars if "title" in record_type.model_fields else None
        self._seen: set[bytes] = set()

    def __call__(self, file: str, row: Row) -> Iterator[R | Reject]:
        """The record, after rejects of the parts that it lacks; or its reject."""
        line, fields = row
        record = self._record(fields)
        if isinstance(record, ValidationError) and self.record_type is Video:
            rest = without_bad_parts(fields, record)
            again = self._record(rest[0]) if rest else record
            if rest and not isinstance(again, ValidationError):
                record, bad = again, () if isinstance(again, tuple) else rest[1]
                yield from (Reject(file, line, *problem, excerpt, rows=0) for problem, excerpt in bad)
        if isinstance(record, ValidationError):
            record = first_problem(record)
        yield Reject(file, line, *record, excerpt_of_fields(fields)) if isinstance(record, tuple) else record

    def _record(self, fields: Mapping[str, Any]) -> R | Problem | ValidationError:
        title = fields.get("title")
        if self._max_title_chars is not None and isinstance(title, str) and len(title) > self._max_title_chars:
            message = f"has {len(title):,} characters, at most {self._max_title_chars:,} are allowed"
            return "title", "title_too_long", message
        try:
            record = self.record_type.model_validate(fields)
        except ValidationError as errors:
            return errors
        if isinstance(record, IdentifiedRecord) and self._is_repeated(record.id):
            return "id", "duplicate_id", "an earlier row has the same id"
        return (self._judge(record) if self._judge else None) or record

    def _is_repeated(self, identifier: str) -> bool:
        digest = blake2b(identifier.encode(), digest_size=DIGEST_BYTES).digest()
        if digest in self._seen:
            return True
        self._seen.add(digest)
        return False
