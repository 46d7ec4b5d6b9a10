"""The cells of a CSV row → the fields as they would stand in JSON.

A cell is text, so the columns that hold more than text have a written form, see `_CELLS`; an empty cell is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from indexer.sources.columns import column_table
from indexer.sources.json_text import BadValueError, parse_json


def fields_of(columns: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
    """One row. Columns without a name and empty cells are left out.

    Raises:
        BadValueError: naming the field, of a cell that cannot be read.
    """
    fields: dict[str, Any] = {}
    parts_of: dict[str, dict[str, str]] = {}
    for column, cell in zip(columns, cells, strict=True):
        head, _, part = column.partition(".")
        if not column or not cell.strip():
            continue
        if part and head in _NESTED:
            parts_of.setdefault(head, {})[part] = cell
            continue
        try:
            fields[column] = _CELLS[column](cell) if column in _CELLS else cell
        except BadValueError as problem:
            problem.field = column
            raise
    for head, parts in parts_of.items():
        whole = fields.get(head, {})
        fields[head] = (whole if isinstance(whole, dict) else {"name": whole}) | parts
    return fields


def _json_or_text(cell: str) -> Any:
    text = cell.strip()
    return parse_json(text.encode()) if text.startswith(("{", "[")) else text


def _list(cell: str) -> Any:
    """A JSON list, or parts between "|", or, where there is no "|", between ","."""
    parsed = _json_or_text(cell)
    if not isinstance(parsed, str):
        return parsed
    return parsed.split("|" if "|" in parsed else ",")


def _lines(cell: str) -> Any:
    """A JSON list, or what is said between "|"; what is said has commas."""
    parsed = _json_or_text(cell)
    return parsed.split("|") if isinstance(parsed, str) else parsed


def _attributes(cell: str) -> Any:
    """A JSON object, or names and values as in 颜色:红|蓝;尺码:XL."""
    parsed = _json_or_text(cell)
    if not isinstance(parsed, str):
        return parsed
    attributes: dict[str, list[str]] = {}
    for pair in re.split("[;；]", parsed):
        if not pair.strip():
            continue
        name, *values = re.split("[:：]", pair, maxsplit=1)
        if not values:
            raise BadValueError("wrong_type", "must be a JSON object or written as name:value;name:value")
        attributes.setdefault(name.strip(), []).extend(values[0].split("|"))
    return attributes


def _status(cell: str) -> str:
    return column_table().values["status"].get(cell.strip(), cell)


_NESTED = ("shop", "creator")
_CELLS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("services", "labels", "images", "products"), _list),
    **dict.fromkeys(("segments", "screen"), _lines),
    **dict.fromkeys(("category", "stats", *_NESTED), _json_or_text),
    "attributes": _attributes,
    "status": _status,
}
