"""The goods of a campaign as a list: in its order, and where a query is nothing but its occasion, as the answer.

双十一 says no thing: what says it in a title is by chance. So the goods of the running campaign stand there instead,
under the filters, the order and the rules that would hold for any list. What is sensitive needs a category that was
chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from retrieval.interest.taste import Taste
from retrieval.lists.arrange import ArrangeOptions, arrange
from retrieval.lists.order import order
from retrieval.lists.relax import Answer, Wishes
from retrieval.lists.score import Scored
from retrieval.protocols import IndexReader
from retrieval.ranking.collapse import first_of_each
from retrieval.ranking.forward import ForwardRows
from retrieval.rules.campaign import Campaign, Order
from retrieval.rules.compared import normalized
from retrieval.rules.goods import goods_of
from retrieval.search import Search
from retrieval.serving.once import Once
from retrieval.types import FloatArray, IntArray, Mask, Match, Sort
from retrieval.understanding.kinds import ConstraintKind
from retrieval.understanding.plan import Constraint, Plan

_COLLAPSED = frozenset({Order.SALES, Order.NEWEST, Order.QUALITY})
_KEPT = 32
MARK = "campaign:"
"""Of the id of the constraint that says so: a caller that does not mean it sends it back, as any other."""


def in_order(
    reader: IndexReader, campaign: Campaign, rows: IntArray, quality: FloatArray, groups: npt.NDArray[np.uint64]
) -> IntArray:
    """Its goods in its order; offers of one product behind the first of each, but for prices and the operator's own.

    Args:
        quality, groups: of `rows`, shape (n,).
    """
    if campaign.order is Order.IDS:
        ids = list(dict.fromkeys(id for products in campaign.products for id in products.ids))
        places = {row: at for at, row in enumerate(reader.rows_of(ids))}
        named = np.array([-places.get(row, len(ids)) for row in rows.tolist()], np.float32)
        return rows[order(reader, Sort.RELEVANCE, rows, named)]
    by = Sort.RELEVANCE if campaign.order is Order.QUALITY else Sort(campaign.order.value)
    ordered = order(reader, by, rows, quality)
    if campaign.order in _COLLAPSED:
        first = first_of_each(groups[ordered])
        ordered = np.concatenate([ordered[first], np.delete(ordered, first)])
    return rows[ordered]


def meant_alone(search: Search) -> Campaign | None:
    """The campaign of which the query says the occasion and nothing else; None where it says more, or is not meant."""
    asked = search.page.list
    if search.occasion is None or not asked.understand:
        return None
    campaign = search.occasion.campaign
    if f"{MARK}{campaign.id}" in asked.ignore or normalized(asked.words.query) not in map(normalized, campaign.words):
        return None
    return campaign


def said(plan: Plan, campaign: Campaign) -> Plan:
    """The plan of a query that means it alone."""
    wish = Constraint(f"{MARK}{campaign.id}", ConstraintKind.OCCASION, campaign.name, 0, len(plan.query))
    return replace(plan, constraints=(wish,), correction=None)


class _Goods(NamedTuple):
    rows: IntArray
    sensitive: Mask


class CampaignGoods:
    """Thread-safe; remembers the goods of the last campaigns."""

    def __init__(self, options: ArrangeOptions, taste: Taste | None) -> None:
        self._options, self._taste = options, taste
        self._kept: Once[object, _Goods] = Once(_KEPT)

    def answer(
        self, search: Search, campaign: Campaign, wishes: Wishes, allowed: Callable[[IntArray], IntArray]
    ) -> Answer:  # fmt: skip
        """Its goods that pass the wishes, and that rules allow."""
        goods = self._goods(search, campaign)
        chosen = "category" in search.page.list.filters.keywords
        rows = goods.rows if chosen else goods.rows[~goods.sensitive]
        passing = allowed(search.reader.passing(wishes.filters, np.sort(rows)))
        rows = rows[np.isin(rows, passing)]
        size = len(rows)
        scored = Scored(
            rows, np.arange(size, 0, -1, dtype=np.float32), {}, {}, np.full(size, np.nan, np.float32),
            np.zeros(size, np.uint64), np.zeros(size, np.uint32), np.zeros(size, np.uint32),
            Match.ALL if size else Match.NONE, True,
        )  # fmt: skip
        told = replace(wishes, applied=(*wishes.applied, f"{MARK}{campaign.id}"))
        return Answer(arrange(search.reader, scored, wishes.sort, self._options), told)

    def _goods(self, search: Search, campaign: Campaign) -> _Goods:
        occasion = search.occasion
        if occasion is None or occasion.position < 0:  # a draft: another one may call something else so
            return self._made(search.reader, campaign)
        key = search.page.snapshot, occasion.version, occasion.mark
        return self._kept.of(key, lambda: self._made(search.reader, campaign))

    def _made(self, reader: IndexReader, campaign: Campaign) -> _Goods:
        rows = goods_of(reader, campaign)
        told = ForwardRows.decode(reader.forward(rows))
        ordered = in_order(reader, campaign, rows, told.quality, told.groups)
        forbids = self._taste.forbids if self._taste else (lambda _: False)
        sensitive = np.array([forbids(text) for text in told.texts.documents], np.bool_)
        return _Goods(ordered, sensitive[np.searchsorted(rows, ordered)])
