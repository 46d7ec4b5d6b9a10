"""A change as it comes, from the API or a file → what is to be done, or why it is not.

    {"op": "upsert", "id": "p1", "title": "…", …}   the whole record, as in docs/input.md
    {"op": "patch", "id": "p1", "price": 12.5}      only these fields; null takes one away
    {"op": "delete", "id": "p1"}

Both ways in use `read_operation`, so both accept the same. Without an ``op`` what has a title is an upsert.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import ValidationError

from indexer.documents.product import numbers_of
from indexer.listing.check import FIELD as FINDINGS
from indexer.sources.json_text import BadValueError, check_value
from indexer.sources.limits import Limits
from indexer.sources.problems import Problem, first_problem
from indexer.sources.records import Product
from indexer.sources.rejects import MAX_FIELD_CHARS, excerpt_of
from retrieval.changes.history import DELETE, ON, PATCH, PATCHED, UPSERT, Patch

OPERATIONS = (UPSERT, PATCH, DELETE)
LIGHT = ("price", "list_price", "stock", "sales_30d", "status")
"""Fields of which a patch leaves the row where it is; any other, and a status that is on again, makes a new document of
the product."""
_ANY_TITLE = "-"
_MOST_SHOWN = 256
"""Characters of an id that cannot be read."""


@dataclass(frozen=True, slots=True)
class Upsert:
    """A record that takes the place of the product, or is a new one."""

    product: Product
    op: str = UPSERT

    @property
    def id(self) -> str:
        return self.product.id


@dataclass(frozen=True, slots=True)
class Patched:
    """Some fields of a product, in the form of a record; None takes one away. `numbers`: the columns among them."""

    id: str
    fields: Mapping[str, Any]
    numbers: Mapping[str, int | None]
    op: str = PATCH

    @property
    def light(self) -> bool:
        """Whether numbers are all that changes, or that it goes off the shelf.

        What is put on again is written whole: a generation that was built while it was off does not have it.
        """
        put_on = "status" in self.fields and (self.fields["status"] or ON) == ON
        return not put_on and all(name in LIGHT for name in self.fields)

    def patch(self) -> Patch:
        """What goes into the journal, of a light one."""
        alive = (self.fields["status"] or ON) == ON if "status" in self.fields else None
        return Patch(self.fields, self.numbers, alive)


@dataclass(frozen=True, slots=True)
class Delete:
    """A product that is no more."""

    id: str
    op: str = DELETE


Operation: TypeAlias = Upsert | Patched | Delete


@dataclass(frozen=True, slots=True)
class Bad:
    """Why there is no operation. `id` and `op` as far as they can be read."""

    id: str
    op: str
    problem: Problem


def read_operation(given: object, limits: Limits | None = None) -> Operation | Bad:
    """Any JSON value."""
    if not isinstance(given, dict):
        return Bad("", "", ("", "not_an_object", "a change is a JSON object"))
    op = given.get("op") or (UPSERT if "title" in given else "")
    name = given.get("id")
    known = excerpt_of(str(name), _MOST_SHOWN) if isinstance(name, str | int) else ""
    if op not in OPERATIONS:
        shown = excerpt_of(op, MAX_FIELD_CHARS) if isinstance(op, str) else ""
        return Bad(known, shown, ("op", "invalid_choice", f"must be one of {', '.join(OPERATIONS)}"))
    fields = {field: value for field, value in given.items() if field not in ("op", FINDINGS)}
    try:
        check_value(fields)
        return _read(op, fields, limits or Limits())
    except BadValueError as bad:
        return Bad(known, op, ("", bad.reason, bad.message))
    except ValidationError as errors:
        return Bad(known, op, first_problem(errors))
    except _TooLong as long:
        return Bad(known, op, ("title", "title_too_long", str(long)))


def upsert_of(record: Mapping[str, Any], changed: Mapping[str, Any]) -> Upsert:
    """A record with some fields changed.

    Raises:
        ValidationError: it is none any more, as without a title.
    """
    merged = {name: value for name, value in {**record, **changed}.items() if value is not None and name != FINDINGS}
    return Upsert(Product.model_validate(merged))


def _read(op: str, fields: dict[str, Any], limits: Limits) -> Operation:
    title = fields.get("title")
    if isinstance(title, str) and len(title) > limits.max_title_chars:
        raise _TooLong(f"has {len(title):,} characters, at most {limits.max_title_chars:,} are allowed")
    if op == UPSERT:
        return Upsert(Product.model_validate(fields))
    if op == DELETE:
        return Delete(Product.model_validate({"id": fields.get("id"), "title": _ANY_TITLE}).id)
    checked = Product.model_validate({"title": _ANY_TITLE, **fields})
    written, numbers = checked.source(), numbers_of(checked)
    told = {name: written.get(name) for name in fields if name != "id"}
    return Patched(checked.id, told, {name: numbers[name] for name in PATCHED if name in told})


class _TooLong(Exception):
    pass
