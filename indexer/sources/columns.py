"""Which field a column of a CSV file is, where its header is written in another language than ours.

The table is `configs/columns.tsv`. A file in which a required field cannot be found at all is an error of its own: its
rows would all be rejected, each without a word on the header.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from retrieval.errors import InputError

_BRACKETED = re.compile(r"[(\[【<].*?[)\]】>]|[\s*]")
_NAMED = 4
"""Names that an error lists for each field."""


@dataclass(frozen=True, slots=True)
class ColumnTable:
    """What columns are called.

    Attributes:
        names: field → its other names, the likelier first.
        values: field → what stands in a cell → the value that it means.
    """

    names: Mapping[str, tuple[str, ...]]
    values: Mapping[str, Mapping[str, str]]

    def fields_of(self, path: Path, header: Sequence[str], required: Sequence[str]) -> list[str]:
        """The field of each column, in order; a column that is no known one keeps its name.

        Raises:
            InputError: two columns are the same, or none is a required field.
        """
        columns = [cell.strip() for cell in header]
        for name, times in Counter(columns).items():
            if name and times > 1:
                raise InputError(f"{path} names the column {name} twice", field=name, hint="give each its own name")
        chosen = self._chosen(columns, required)
        fields = [chosen.get(place, column) for place, column in enumerate(columns)]
        if missing := [name for name in required if name not in fields]:
            known = "; ".join(f"{name} ({', '.join(self.names.get(name, ())[:_NAMED])})" for name in missing)
            raise InputError(
                f"{path} has no column {' and no column '.join(missing)}; its columns: {', '.join(columns)}",
                field=missing[0],
                hint=f"the first row must name the columns; known are {known}, and all of docs/input.md",
            )
        return fields

    def known(self, header: Sequence[str]) -> int:
        """How many of the columns are known fields."""
        return len(self._chosen([cell.strip() for cell in header], ()))

    def _chosen(self, columns: Sequence[str], required: Sequence[str]) -> dict[int, str]:
        """Place of a column → its field."""
        places: dict[str, int] = {}
        for place, column in enumerate(columns):
            places.setdefault(_plain(column), place)
        found: dict[int, str] = {}
        for field in dict.fromkeys((*required, *self.names)):
            if field in columns:
                found[columns.index(field)] = field
        for field in dict.fromkeys((*required, *self.names)):
            if field not in columns:
                free = (places[name] for name in (field, *self.names.get(field, ())) if name in places)
                found.update(dict.fromkeys([p for p in free if p not in found][:1], field))
        return found


@cache
def column_table() -> ColumnTable:
    """The table of `configs/columns.tsv`."""
    names: dict[str, tuple[str, ...]] = {}
    values: dict[str, dict[str, str]] = {}
    for line in files("configs").joinpath("columns.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            field, listed = line.split("\t")
            name, _, value = field.partition("=")
            if value:
                values.setdefault(name, {}).update(dict.fromkeys(listed.split(), value))
            else:
                names[name] = tuple(listed.split())
    return ColumnTable(names, values)


def _plain(column: str) -> str:
    return _BRACKETED.sub("", unicodedata.normalize("NFKC", column).lower())
