"""Paid placements: cards beside a list, never in it, and never without their label.

A file of JSON lines says which product is paid for, by whom, at which queries, and how long. The organic answer is made
first and is not touched; a card is added beside it where a product of it could be sold right now. There is none where
nothing was found, where filters or a sort say that something else is wanted, and none on later pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from api.record import record_answer
from retrieval.analysis.normalize import normalize
from retrieval.answer import Product, SearchResponse
from retrieval.errors import InputError
from retrieval.request import SearchRequest
from retrieval.types import Sort

LABEL = "广告"
"""What every paid card says; no placement can say anything else, or nothing."""


class Placement(BaseModel):
    """One line of the file. Times carry their offset; `until` is not included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1, max_length=256)
    product_id: str = Field(min_length=1, max_length=256)
    advertiser: str = Field(min_length=1, max_length=100)
    queries: tuple[str, ...] = Field(min_length=1)
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None

    def runs(self, query: str, now: datetime) -> bool:
        """Whether it is shown for a query at a time."""
        begun = self.since is None or self.since <= now
        return begun and (self.until is None or now < self.until) and plain(query) in map(plain, self.queries)


def plain(query: str) -> str:
    """A query in whatever width, case and script, without spaces around it."""
    return " ".join(normalize(query).split())


def read_placements(path: Path) -> tuple[Placement, ...]:
    """The lines of a file, in their order, which is that of the cards.

    Raises:
        InputError: it cannot be read, or a line is no placement; file and line are named.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as why:
        raise InputError(f"{path} cannot be read: {why.strerror}", field="api.placements") from None
    return tuple(_placement(line, f"{path.name}:{number}") for number, line in enumerate(lines, 1) if line.strip())


def _placement(line: bytes, where: str) -> Placement:
    try:
        return Placement.model_validate(orjson.loads(line))
    except (ValidationError, orjson.JSONDecodeError) as why:
        problem = why.errors()[0] if isinstance(why, ValidationError) else {"loc": (), "msg": str(why)}
        name = ".".join(map(str, problem["loc"]))
        raise InputError(f"{where} is no placement: {name} {problem['msg']}", field="api.placements") from None


def wanted(
    placements: Iterable[Placement], request: SearchRequest, found: SearchResponse, now: datetime
) -> list[Placement]:
    """Those that may stand beside an answer."""
    narrowed = request.cursor or not request.filters.empty or request.sort is not Sort.RELEVANCE
    if narrowed or not any(not hit.near for hit in found.hits):
        return []
    return [each for each in placements if each.runs(request.query, now)]


def cards(chosen: Sequence[tuple[Placement, Product]], most: int) -> list[dict[str, Any]]:
    """At most `most` cards, of products that can be had; what is sold out is not advertised."""
    there = [(placement, product) for placement, product in chosen if product.record.get("stock") != 0]
    return [
        {
            "label": LABEL, "placement": placement.id, "advertiser": placement.advertiser, "id": placement.product_id,
            **record_answer(product.record),
        }
        for placement, product in there[:most]
    ]  # fmt: skip
