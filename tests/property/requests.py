"""Hundreds of random requests, and what it means that a record satisfies one: written out by hand, from the record."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import orjson

from retrieval.answer import SearchResponse
from retrieval.request import SearchRequest
from retrieval.types import Filters, Sort

REQUESTS = 1000
_WORDS = (
    "送妈妈",
    "保温杯",
    "连衣裙 红色",
    "显瘦",
    "500ml",
    "Nord",
    "A5",
    "绿茶礼盒",
    "降噪",
    "通勤",
    "没有的东西",
    "不锈钢水壶",
)
_JUNK = ("", " ", "！？", "🎁", "xyzzy", "a", "的", "\x00", "红" * 200, "p1 OR p2 AND (", '"', "~", "1.8m*2")


def requests(rows: list[dict[str, Any]], seed: int, count: int = REQUESTS) -> Iterator[SearchRequest]:
    """Queries are pieces of titles, words, two of them, or junk; half of the requests have filters."""
    rng = random.Random(seed)
    for _ in range(count):
        yield SearchRequest(
            query(rng, rows), filters=filters(rng, rows) if rng.random() < 0.5 else Filters(),
            sort=rng.choice([Sort.RELEVANCE, *Sort]), size=rng.choice((1, 3, 17, 100, 1000)),
        )  # fmt: skip


def query(rng: random.Random, rows: list[dict[str, Any]]) -> str:
    title: str = rng.choice(rows)["title"]
    start = rng.randrange(len(title))
    piece = title[start : start + rng.randint(1, 12)]
    drawn = rng.random()
    if drawn < 0.6:
        return piece
    if drawn < 0.75:
        return f"{piece} {rng.choice(_WORDS)}"
    return rng.choice(_WORDS if drawn < 0.95 else _JUNK)


def filters(rng: random.Random, rows: list[dict[str, Any]]) -> Filters:
    """One to three conditions taken from a random row, so that something passes more often than not."""
    row = rng.choice(rows)
    category = row.get("category", ["女装"])
    choices = {
        "brand": (row.get("brand", "没有"), "海盐"),
        "category": ("/".join(category[: rng.randint(1, len(category))]),),
        "shop": (row.get("shop", {}).get("name", "没有"),),
        "labels": tuple(row.get("labels", ())) or ("新品",),
        "services": tuple(row.get("services", ())) or ("包邮",),
        "attributes": tuple(f"{n}={v}" for n, v in _attributes(row)) or ("颜色=红色",),
    }
    named = {name: choices[name] for name in rng.sample(sorted(choices), rng.randint(0, 2))}
    low = rng.choice((None, 0, 5_000, 9_900))
    high = rng.choice((None, 9_999, 50_000))
    return Filters(named, (low, high), rng.random() < 0.3)


def satisfies(record: dict[str, Any], wanted: Filters) -> bool:
    """Whether a record passes every filter."""
    category = record.get("category", [])
    there: dict[str, set[Any]] = {
        "brand": {record.get("brand")},
        "category": {"/".join(category[: depth + 1]) for depth in range(len(category))},
        "shop": {record.get("shop", {}).get("name")},
        "labels": set(record.get("labels", ())),
        "services": set(record.get("services", ())),
    }
    for name, values in wanted.keywords.items():
        if name == "attributes":
            groups: dict[str, set[str]] = {}
            for value in values:
                groups.setdefault(value.split("=")[0], set()).add(value)
            mine = {f"{n}={v}" for n, v in _attributes(record)}
            if not all(mine & group for group in groups.values()):
                return False
        elif not there[name] & set(values):
            return False
    fen, (low, high) = fen_of(record), wanted.price
    if (low, high) != (None, None) and (fen is None or fen < (low or 0) or fen > (high if high is not None else fen)):
        return False
    return not (wanted.in_stock and record.get("stock") == 0)


def fen_of(record: dict[str, Any]) -> int | None:
    """The price in fen."""
    return None if record.get("price") is None else int(Decimal(str(record["price"])) * 100)


def sort_value(record: dict[str, Any], sort: Sort) -> float | str | None:
    """What a list of this order falls by; None is missing and last."""
    if sort is Sort.SALES:
        return record.get("sales_30d")
    if sort is Sort.NEWEST:
        return record.get("created_at")
    fen = fen_of(record)
    return -fen if fen is not None and sort is Sort.PRICE_ASC else fen


def stable_bytes(response: SearchResponse) -> bytes:
    """The whole answer but for the time it took, as a whole and by steps."""
    told = {name: value for name, value in asdict(response).items() if name not in ("took_ms", "laps")}
    return orjson.dumps(told, default=sorted)


def _attributes(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, values in record.get("attributes", {}).items():
        for value in values if isinstance(values, list) else [values]:
            yield name, value
