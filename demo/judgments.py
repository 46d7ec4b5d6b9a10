"""Judged queries: what each of them asks for, and which products have it.

Grades come from what the generator knows of a product (category, kind, audience, attributes, price), not from words in
its title: 3 = exactly what was asked, 2 = the right thing with one wish unmet, 1 = the same category with more unmet
or another kind of thing, or a related category. Products off the shelf or banned are not judged: nobody may find them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from demo.entries import SLOT, Wish
from demo.nouns import Product, Query
from demo.randomness import stream
from demo.vocabulary import Vocabulary

Check = Callable[[Product], bool]
EXACTLY = 3
"""The grade of what was asked, wish by wish."""
ROUND_UP = (10, 50, 100, 500, 1000)
"""A price named in a query is rounded up to a multiple of the largest of these that is at most a third of it."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a query asks for: the thing itself (leaf categories and kinds; no kinds: any) and wishes about it."""

    leaves: frozenset[str]
    related: frozenset[str]
    kinds: frozenset[str]
    wishes: tuple[Check, ...]


def make_queries(vocabulary: Vocabulary, products: Sequence[Product], *, seed: int) -> list[Query]:
    """All queries of the vocabulary that some product on sale answers exactly; ids are group and place, as authored."""
    on_sale = [product for product in products if product.status == "on"]
    shelves: dict[str, list[Product]] = {}
    for product in on_sale:
        shelves.setdefault(product.spu.category.leaf, []).append(product)
    related: dict[str, set[str]] = {}
    for one, other in vocabulary.related:
        related.setdefault(one, set()).add(other)
        related.setdefault(other, set()).add(one)
    queries = []
    for group, wishes in vocabulary.queries.items():
        for place, wish in enumerate(wishes, start=1):
            shelf = [product for leaf in wish.leaves for product in shelves.get(leaf, ())]
            near = {leaf for one in wish.leaves for leaf in related.get(one, ())} - set(wish.leaves)
            others = [product for leaf in sorted(near) for product in shelves.get(leaf, ())]
            if shelf:
                query = _judge(f"{group}-{place:02d}", wish, shelf, others, seed)
                if EXACTLY in query.grades.values():
                    queries.append(query)
    return queries


def grade(product: Product, need: Need) -> int:
    """3, 2 or 1 as above, 0 for a product of an unrelated category."""
    spu = product.spu
    if spu.category.leaf not in need.leaves:
        return int(spu.category.leaf in need.related)
    if need.kinds and spu.kind.key not in need.kinds:
        return 1
    unmet = sum(not wish(product) for wish in need.wishes)
    return max(1, EXACTLY - unmet)


def _judge(query_id: str, wish: Wish, shelf: Sequence[Product], others: Sequence[Product], seed: int) -> Query:
    checks = _checks(wish)
    text, more = _fill(query_id, wish, checks, shelf, seed)
    related = frozenset(product.spu.category.leaf for product in others)
    need = Need(frozenset(wish.leaves), related, frozenset(wish.kind), (*checks, *more))
    grades = {product.id: grade(product, need) for product in (*shelf, *others)}
    return Query(query_id, text, shelf[0].spu.path, grades)


def _checks(wish: Wish) -> list[Check]:
    checks = [_has(name, value) for name, value in wish.attrs.items()]
    if wish.who is not None:
        checks.append(_is_for(wish.who))
    if wish.use is not None:
        checks.append(_is_used(wish.use))
    if wish.under is not None or wish.over is not None:
        checks.append(_costs(wish.over or 0.0, wish.under or float("inf")))
    return checks


def _fill(
    query_id: str, wish: Wish, checks: Sequence[Check], shelf: Sequence[Product], seed: int
) -> tuple[str, list[Check]]:
    """The query's text with its slots taken from one product that meets the wishes, and the slots as wishes."""
    slots = [match[2] for match in SLOT.finditer(wish.q)]
    fitting = [
        product
        for product in shelf
        if (not wish.kind or product.spu.kind.key in wish.kind)
        and all(check(product) for check in checks)
        and all(_word(product, slot) for slot in slots)
    ]
    if not slots or not fitting:
        return wish.q, []
    model = stream(seed, "query", query_id).choice(fitting)
    words = {slot: _word(model, slot) or "" for slot in slots}
    return SLOT.sub(lambda match: words[match[2]], wish.q), [_slot_check(slot, words) for slot in slots]


def _word(product: Product, slot: str) -> str | None:
    if slot == "brand":
        return product.spu.brand
    if slot == "under":
        step = max((step for step in ROUND_UP if step * 3 <= product.price), default=10)
        return str(int(product.price // step + 1) * step)
    return product.value(slot)


def _slot_check(slot: str, words: Mapping[str, str]) -> Check:
    if slot == "brand":
        return lambda product: product.spu.brand == words["brand"]
    if slot == "under":
        return _costs(0.0, float(words["under"]))
    return _has(slot, words[slot])


def _has(name: str, value: str) -> Check:
    return lambda product: product.value(name) == value


def _is_for(who: str) -> Check:
    return lambda product: who in product.spu.who or who in product.spu.kind.gift


def _is_used(use: str) -> Check:
    return lambda product: use in product.spu.kind.use


def _costs(low: float, high: float) -> Check:
    return lambda product: low <= product.price <= high
