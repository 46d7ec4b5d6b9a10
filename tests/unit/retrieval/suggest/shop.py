"""A table of a few entries that are known by heart."""

from __future__ import annotations

import jieba

from retrieval.suggest.entry import Entry, Kind
from retrieval.suggest.keys import Keys
from retrieval.suggest.table import Table
from retrieval.understanding.spelling.pinyin import Readings, spellings

TEXTS = ("保温杯", "保温杯 女", "连衣裙", "法式连衣裙", "苹果 手机壳", "iphone 15 手机壳", "长裙", "儿童保温杯")


def entry(text: str, demand: float = 1.0, *rows: int, kind: Kind = Kind.QUERY, **fields: object) -> Entry:
    """An entry of full quality; without rows it has one of its own."""
    given = {"quality": 1.0, "found": len(rows) or 1, "rows": rows or (sum(map(ord, text)) % 97,), **fields}
    return Entry(text, kind, demand, **given)  # type: ignore[arg-type]


def keys() -> Keys:
    return Keys(jieba.lcut, spellings)


def table(*entries: Entry) -> Table:
    """Of these, else of `TEXTS`, the first one asked most."""
    listed = entries or [entry(text, 10.0 - place, place) for place, text in enumerate(TEXTS)]
    return Table.of(listed, keys(), Readings.general())


def texts(of: Table, found: dict[int, float]) -> list[str]:
    """What was found."""
    return [of.texts[place] for place in found]
