"""Parquet, by pyarrow (an extra), read a small batch at a time; one row of a file is one record.

Arrow's own types become the ones of JSON: times ISO 8601, decimals and bytes text. This module alone imports pyarrow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from indexer.sources.json_text import BadValueError, check_value
from indexer.sources.limits import Limits
from indexer.sources.lines import Progress
from indexer.sources.rejects import Reject, Row, excerpt_of, excerpt_of_fields
from retrieval.errors import InputError

BATCH_ROWS = 1_024
BUFFER_BYTES = 1 << 20


def read_parquet(
    path: Path, *, limits: Limits, progress: Progress | None, required: Sequence[str] = ()
) -> Iterator[Row | Reject]:
    """Yield each row, or a Reject; damage further in gives a last Reject ``truncated``.

    `limits` has no bound for it: Parquet has no lines.

    Raises:
        InputError: pyarrow is not installed, the file is not Parquet or names a column twice.
    """
    file = _open(path)
    from pyarrow import ArrowException

    total, done, reported = file.metadata.num_rows, 0, 0
    batches = _batches(file)
    while True:
        try:
            batch = next(batches, None)
        except (ArrowException, ValueError, OSError) as error:
            message = excerpt_of(f"the file is damaged from here on: {error}")
            yield Reject(str(path), done + 1, None, "truncated", message, "", total - done)
            break
        if batch is None:
            break
        for cells in _cells(batch):
            done += 1
            yield _row(str(path), done, cells)
        if progress:
            consumed = path.stat().st_size * done // total
            progress(consumed - reported)
            reported = consumed
    if progress:
        progress(path.stat().st_size - reported)


def _open(path: Path) -> Any:
    try:
        import pyarrow.parquet as parquet
        from pyarrow import ArrowException
    except ImportError as error:
        raise InputError(
            f"{path} is Parquet and pyarrow is not installed", hint='pip install "xunhuo[parquet]"'
        ) from error
    try:
        # Without pre-buffering a row group is not held whole in memory.
        file = parquet.ParquetFile(path, pre_buffer=False, buffer_size=BUFFER_BYTES)
        names = file.schema_arrow.names
    except (ArrowException, ValueError, OSError) as error:
        raise InputError(f"{path} is not a readable Parquet file: {error}", hint="write the file again") from error
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise InputError(
            f"{path} names the column {twice[0]} twice", field=twice[0], hint="give each column its own name"
        )
    return file


def _batches(file: Any) -> Iterator[Any]:
    # Group by group, or a damaged group would take the last rows of the sound one before it along.
    for group in range(file.num_row_groups):
        yield from file.iter_batches(batch_size=BATCH_ROWS, row_groups=[group])


def _cells(batch: Any) -> Iterator[dict[str, Any] | BadValueError]:
    """Python values of each row. If the batch cannot be converted whole, its rows are, one by one."""
    batch = _in_microseconds(batch)
    try:
        yield from batch.to_pylist(maps_as_pydicts="strict")
        return
    except (ValueError, ArithmeticError, LookupError, RecursionError):
        pass
    for index in range(batch.num_rows):
        try:
            yield batch.slice(index, 1).to_pylist(maps_as_pydicts="strict")[0]
        except UnicodeDecodeError as error:
            yield BadValueError("invalid_utf8", f"a text is not UTF-8: {error.reason}")
        except RecursionError:
            yield BadValueError("too_deep", "lists and objects are nested too deep")
        except (ValueError, ArithmeticError, LookupError) as error:
            yield BadValueError("wrong_type", excerpt_of(f"a value cannot be converted: {error}"))


def _in_microseconds(batch: Any) -> Any:
    """Python's datetime has no nanoseconds, which is what many writers store."""
    import pyarrow

    for index, field in enumerate(batch.schema):
        if pyarrow.types.is_timestamp(field.type) and field.type.unit == "ns":
            column = batch.column(index).cast(pyarrow.timestamp("us", field.type.tz), safe=False)
            batch = batch.set_column(index, field.name, column)
    return batch


def _row(file: str, number: int, cells: dict[str, Any] | BadValueError) -> Row | Reject:
    if isinstance(cells, BadValueError):
        return Reject(file, number, None, cells.reason, cells.message, "")
    fields: dict[str, Any] = {}
    for name, value in cells.items():
        try:
            fields[name] = _plain(value)
            check_value(fields[name])
        except BadValueError as problem:
            return Reject(file, number, name, problem.reason, problem.message, excerpt_of_fields(cells))
    return number, fields


def _plain(value: Any) -> Any:
    """The value in JSON types."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError as error:
            raise BadValueError("invalid_utf8", f"byte {error.start} of a text is not UTF-8") from error
    return str(value)
