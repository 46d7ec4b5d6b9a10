"""Rows that could not be read: each is counted and written down with its reason, and none sinks a rebuild.

`REASONS` is the one table of reason codes; docs/input.md repeats it for people and a test keeps the two equal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, BinaryIO, Self, TypeAlias

import orjson

from retrieval.errors import InputError

MAX_EXCERPT_CHARS = 200
MAX_FIELD_CHARS = 80
TOP_REASONS = 3

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "invalid_utf8": "the row is not UTF-8 text, or not text in the encoding that the file is in (GB18030, UTF-16)",
        "nul_byte": "the row holds a NUL character",
        "lone_surrogate": "a \\u escape names half of a surrogate pair",
        "invalid_json": "the line, or a JSON cell of a CSV row, is not JSON",
        "not_an_object": "the line is JSON but not an object",
        "too_deep": "lists and objects are nested more than 64 deep",
        "not_finite": "a number is NaN or infinite",
        "integer_too_large": "an integer does not fit in 64 bits",
        "line_too_long": "the row is longer than max_line_bytes",
        "invalid_csv": "the quoting or the number of cells of a CSV row is wrong",
        "truncated": "the file breaks off or is damaged from here on; the rows before it are kept",
        "missing_id": "there is no id",
        "missing_field": "a required field other than the id is missing",
        "invalid_id": "an id is longer than 256 characters or holds a control character",
        "duplicate_id": "an earlier row has the same id; the first one is kept",
        "title_too_long": "the title is longer than max_title_chars",
        "wrong_type": "a field holds a value of another type",
        "out_of_range": "a number or a time is outside the range of its field",
        "invalid_time": "a time is neither ISO 8601 nor epoch seconds",
        "invalid_choice": "a field with fixed values holds another one",
        "bad_cue": "a caption has no times that can be read, ends before it starts, or says nothing; its video is kept",
        "no_cues": "no caption of the file can be read, or it is no transcript",
        "same_name": "another file says the same of this video, and is read",
        "bad_query": "a line of a query log is not query, or query TAB count",
        "text_too_long": "a kind, surface or policy of an event is longer than 64 characters",
        "no_consent": "the shopper withdrew consent: nothing is kept",
        "too_late": "the event is older than what is kept; its time has become counters already",
        "listing": "a rule of the listing check does not let it be sold here (docs/governance.md)",
        "refused": "the index does not take the record, as with a brand of more than 32,766 bytes on a cluster",
    }
)


Row: TypeAlias = tuple[int, dict[str, Any]]
"""Line number (row number in Parquet), from 1, and the fields as they stand in the file."""


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that was left out.

    Args:
        file: the path as the caller gave it.
        line: line number in a text file, row number in a Parquet file; both from 1.
        field: dotted path of the field at fault, or None where the whole row is.
        reason: a key of `REASONS`.
        message: what is wrong, in words.
        excerpt: the start of the row, at most 200 printable characters.
        rows: how many it stands for: 1, or as many as a row took along with a quote that was left open; 0 for a part,
            such as one caption of a video, that was left out of a row which was kept.
    """

    file: str
    line: int
    field: str | None
    reason: str
    message: str
    excerpt: str
    rows: int = 1


def excerpt_of(raw: bytes | str, limit: int = MAX_EXCERPT_CHARS) -> str:
    """The first `limit` characters with everything unprintable shown as U+FFFD: safe in logs and terminals."""
    # A UTF-8 character takes at most four bytes, so no more of a huge row is ever decoded.
    text = raw[: 4 * limit].decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:limit])


def excerpt_of_fields(fields: Mapping[str, object]) -> str:
    """The same for a row that has already been taken apart, written as JSON."""
    try:
        return excerpt_of(orjson.dumps(fields, default=str))
    except orjson.JSONEncodeError:
        # Such as lists nested without end: then the reason has to do.
        return ""


class RejectLog:
    """Counts accepted and rejected rows and writes the rejected ones to a JSONL file as they come.

    Used as a context manager; with ``path=None`` rows are counted only.

    Attributes:
        counts: rejected rows by reason code.
        parts: the same for parts that were left out of rows; they are not among `total`.
        accepted: rows that became records.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self.counts: Counter[str] = Counter()
        self.parts: Counter[str] = Counter()
        self.accepted = 0
        self._widest: Reject | None = None
        self._broken: Reject | None = None

    def __enter__(self) -> Self:
        """Raises InputError when the file cannot be created."""
        if self._path is not None:
            try:
                self._file = self._path.open("wb")
            except OSError as error:
                raise InputError(
                    f"cannot write the rejects file {self._path}: {error.strerror}",
                    hint="name a file in a folder that exists and may be written to",
                ) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    @property
    def total(self) -> int:
        """Rejected rows."""
        return self.counts.total()

    @property
    def share(self) -> float:
        """Rejected rows ÷ all rows, in [0, 1]; 0 before the first row."""
        rows = self.total + self.accepted
        return self.total / rows if rows else 0.0

    def add(self, reject: Reject) -> None:
        """Count a rejected row, and those that it took along, or a part of a row, and write it down."""
        if reject.rows:
            self.counts[reject.reason] += reject.rows
            if reject.rows > 1 and (self._widest is None or reject.rows > self._widest.rows):
                self._widest = reject
            if reject.reason == "truncated":
                self._broken = self._broken or reject
        else:
            self.parts[reject.reason] += 1
        if self._file is not None:
            self._file.write(orjson.dumps(reject, option=orjson.OPT_APPEND_NEWLINE))

    def check(self, max_share: float, min_rows: int) -> None:
        """Stop when too many rows are bad, for then the file is probably not what it is taken for.

        Args:
            max_share: the largest share of rejected rows that is let through, in [0, 1].
            min_rows: with fewer rows than this read, accepted and rejected together, nothing is concluded, unless
                one of them took others along.

        Raises:
            InputError: the share is above `max_share`; the most frequent reasons are named. Or a file breaks off, so
                that nobody knows how much is missing, and `max_share` is below 1.
        """
        rows = self.total + self.accepted
        if self._broken and max_share < 1:
            raise InputError(
                f"{self._broken.file} is damaged in line {self._broken.line:,}: {self._broken.message}",
                hint="write or fetch the file again; what it lacks cannot be told",
            )
        if (rows < min_rows and self._widest is None) or self.share <= max_share:
            return
        # Ties in frequency go by name, so that the message does not depend on the order of the rows.
        top = sorted(self.counts.items(), key=lambda pair: (-pair[1], pair[0]))[:TOP_REASONS]
        named = "; ".join(f"{reason} × {count:,} ({REASONS[reason]})" for reason, count in top)
        share = f"{self.share:.1%}, at most {max_share:.1%} allowed"
        widest = self._widest
        took = f"; line {widest.line} of {widest.file} took {widest.rows - 1:,} others along" if widest else ""
        raise InputError(f"{self.total:,} of {rows:,} rows were rejected ({share}): {named}{took}", hint=self._where())

    def _where(self) -> str:
        return f"see {self._path} for each row" if self._path else "write a rejects file to see each row"
