"""The page of a shop: who it is, its categories, what sells best there, what is new, and what is bought there again.

What is sold out is not on it. Of what is left only things of good quality are put forward, and what is sensitive only
in a category that was chosen, as in a feed; offers of one product stand there once.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from retrieval.errors import NotFound
from retrieval.forward_head import UNKNOWN
from retrieval.interest.taste import Taste
from retrieval.mall.answer import Shown, Source
from retrieval.mall.channels import path_of
from retrieval.mall.counting import channels_in
from retrieval.mall.options import FeedOptions
from retrieval.mall.pages import Shop, ShopAnswer, ShopRequest
from retrieval.mall.place import Place
from retrieval.mall.shopper import Shopper, who_asks
from retrieval.protocols import IndexReader
from retrieval.ranking.collapse import first_of_each
from retrieval.ranking.shop_kind import shop_kind
from retrieval.schema import MARKS
from retrieval.takedowns.takedown import Kind, target_of
from retrieval.types import Filters, IntArray

POLICY = "shop-1"


class Shops:
    """Thread-safe. Without a `taste` nothing is due for anybody."""

    def __init__(self, taste: Taste | None, options: FeedOptions) -> None:
        self._taste, self._options = taste, options

    def page(self, reader: IndexReader, place: Place, request: ShopRequest) -> ShopAnswer:
        """The page. Raises NotFound."""
        shelf, category = place.shelf, request.category
        of_shop, shop = _of_shop(reader, request.id)
        within = {"category": (category,)} if category else {}
        rows = reader.rows_passing(Filters({**of_shop, **within}, in_stock=True))
        rows = rows if category else rows[~shelf.columns.sensitive[rows]]
        shopper, why = who_asks(
            self._taste, request.user_id, request.session_id, request.personalize, reader,
            time.time() if request.now is None else request.now, self._options, shelf.columns.sensitive,
        )  # fmt: skip
        offered = rows[shelf.offered(rows, bool(category))]
        listed = shelf.columns.listed[offered].astype(np.int64)
        best = _highest(offered, shelf.liking[offered])
        newest = _highest(offered, np.where(listed == UNKNOWN, 0, listed))
        again = _highest(offered, place.again[offered])
        due = _due(shopper, rows)
        groups = shelf.columns.groups

        def shown(ranked: IntArray, scores: npt.NDArray[Any], source: Source) -> tuple[Shown, ...]:
            kept = ranked[first_of_each(groups[ranked])][: request.size]
            told = [_told(row, place, due) if source is Source.DUE else None for row in kept.tolist()]
            records = map(orjson.loads, reader.sources(kept))
            return tuple(
                Shown(record["id"], rank, float(scores[row]), record, source, because, POLICY, 1.0)
                for rank, (row, record, because) in enumerate(zip(kept.tolist(), records, told, strict=True), 1)
            )

        return ShopAnswer(
            shop, category, path_of(category), channels_in(reader, shelf, rows, category), len(rows),
            shown(best, shelf.liking, Source.POPULAR), shown(newest, shelf.columns.listed, Source.FRESH),
            shown(np.concatenate([due, again[~np.isin(again, due)]]), place.again, Source.DUE),
            why, reader.snapshot.generation,
        )  # fmt: skip


def _of_shop(reader: IndexReader, id: str) -> tuple[dict[str, tuple[str, ...]], Shop]:
    """What its things pass, and what they say of it; a generation without marks knows shops by their names."""
    known: tuple[dict[str, tuple[str, ...]], ...] = ({MARKS: (target_of(Kind.SHOP, id),)}, {"shop": (id,)})
    for of_shop in known:
        rows = reader.rows_passing(Filters(of_shop))
        if len(rows):
            return of_shop, _shop(orjson.loads(reader.sources(rows[-1:])[0]).get("shop"))
    hint = "The id or the name of a shop, as products have it in `shop`; GET /v1/search finds things by words."
    raise NotFound(f"there is no shop {id}", field="id", hint=hint)


def _shop(given: object) -> Shop:
    told: Mapping[str, Any] = given if isinstance(given, Mapping) else {"name": given}
    return Shop(told.get("id"), told.get("name"), shop_kind(told), told.get("score"))


def _highest(rows: IntArray, values: npt.NDArray[Any]) -> IntArray:
    """Those of `rows` whose value, shape (n,), is above 0, the highest first."""
    order = np.argsort(-values, kind="stable")
    return rows[order[values[order] > 0]]


def _due(shopper: Shopper, rows: IntArray) -> IntArray:
    """Those of `rows` that are due for a shopper, the most pressing first."""
    due = [row for row in shopper.due if row in rows]
    return np.array(sorted(due, key=lambda row: (-shopper.due[row].weight, row)), np.int64)


def _told(row: int, place: Place, due: IntArray) -> str:
    """Why it is among what is bought again."""
    return "你买过，可能又需要了" if row in due else f"{place.again[row]} 人回来又买过"
