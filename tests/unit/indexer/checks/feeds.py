"""What a feed may say: a broken one, and one of an ordinary day."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from tests import world

Rows = list[world.Row]


def each(change: Callable[[world.Row], world.Row | None]) -> Callable[[Rows], Rows]:
    """Every row changed, those that become None left out."""
    return lambda rows: [changed for row in rows if (changed := change(dict(row)))]


def setting(**values: Any) -> Callable[[Rows], Rows]:
    return each(lambda row: row | values)


def without(*names: str) -> Callable[[Rows], Rows]:
    return each(lambda row: {name: value for name, value in row.items() if name not in names})


def times(factor: float, root: str = "", every: int = 1) -> Callable[[Rows], Rows]:
    """Prices of a category (all: ""), and of every so many-th row, multiplied."""

    def change(rows: Rows) -> Rows:
        chosen = [not root or row.get("category", [""])[0] == root for row in rows]
        return [
            row | {"price": round(row["price"] * factor, 2)} if ours and "price" in row and n % every == 0 else row
            for n, (row, ours) in enumerate(zip(rows, chosen, strict=True))
        ]

    return change


def shuffled(name: str) -> Callable[[Rows], Rows]:
    """Every row with the `name` of another one."""

    def change(rows: Rows) -> Rows:
        values = [row.get(name) for row in rows]
        random.Random(7).shuffle(values)
        return [row | {name: value} for row, value in zip(rows, values, strict=True)]

    return change


def swapped(row: world.Row) -> world.Row:
    return row | {"title": row.get("brand", "花田"), "brand": row["title"]}


def misread(encoding: str) -> Callable[[Rows], Rows]:
    return each(lambda row: row | {"title": row["title"].encode().decode(encoding, "replace")})


def twice(rows: Rows) -> Rows:
    return rows + [row | {"id": f"{row['id']}-2"} for row in rows]


def churned(rows: Sequence[world.Row], *, seed: int = 3) -> Rows:
    """A day later: 3 % are gone and 3 % new, 5 % have another text, 10 % another price, and stock and sales move."""
    rng = random.Random(seed)
    kept = [dict(row) for row in rows if rng.random() > 0.03]
    for row in kept:
        if rng.random() < 0.05:
            row["title"] = f"{row['title']} 新款"
        if "price" in row and rng.random() < 0.1:
            row["price"] = round(row["price"] * rng.uniform(0.7, 1.3), 2)
        row["stock"] = rng.choice((0, 3, 40))
    fresh = world.products(len(rows) // 33, seed=seed + 100)
    return kept + [row | {"id": f"new-{row['id']}"} for row in fresh]
