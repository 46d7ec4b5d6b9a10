"""What a generation suggests: queries of the log, and names of its catalogue, each with documents that answer it.

What no title answers in every word is not suggested. What shoppers asked comes from the store of events while it serves
(`retrieval.suggest.asked`): a deleted shopper does not live on in a generation.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.documents.analysed import Analysed
from indexer.learning.title_words import TitleWords, WordRows
from retrieval.mall.log import asked_as, private
from retrieval.ranking.forward import ForwardRows, word_hash
from retrieval.suggest.entry import WITNESSES, Entry, Kind
from retrieval.suggest.keys import Cut, Keys
from retrieval.suggest.table import Table
from retrieval.types import FloatArray, IntArray
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.spelling.pinyin import Readings, spellings

MOST_QUERIES, MOST = 500_000, 1_000_000
"""Queries that are counted, and entries that are kept, by demand."""
LOGGED = 0.25
"""Searches of today that a line of a log stands for: of another time, or other shoppers (docs/suggest.md)."""
UNASKED = 0.1
"""Searches that stand for one document of what nobody asked for; of n documents this times √n."""
LEAST_CHARS = 2
SHOP_LEAST = 3
"""Products of one kind in a shop that is suggested."""
_SORTED = 64
"""More documents than so many are not put in order for the best."""
SURE, SURE_LEAST, SURE_SHARE = 0.8, 3, 0.05
"""Share of those of its documents whose category is known that are of one, how many, and the share of all where that is
sure: a few of many may be what is least meant."""


class SuggestionLearner:
    """Fed with what is indexed, in the order of the rows, and with the lines of query logs."""

    def __init__(self, cut: Cut) -> None:
        """`cut` gives the words of a normalised text, as titles are cut."""
        self._cut = cut
        self._titles = TitleWords()
        self._queries: Counter[str] = Counter()
        self._quality, self._sales = array("f"), array("f")
        self._categories, self._shops = _Names(), _Names()

    def products(self, batch: Sequence[Analysed]) -> None:
        """The next documents."""
        rows = ForwardRows.decode([each.indexed.forward for each in batch])
        self._quality.extend(rows.quality.tolist())
        for each in batch:
            self._titles.add(_said(each.words))
            self._sales.append(each.product.sales_30d or 0)
            self._categories.add("/".join(each.product.category))
            self._shops.add((each.product.shop and each.product.shop.name) or "")

    def query(self, text: str, times: int) -> None:
        """A line of a log."""
        query = asked_as(text)
        if query and not private(query):
            self._queries[query] += times
            if len(self._queries) > 2 * MOST_QUERIES:
                self._queries = Counter(dict(self._queries.most_common(MOST_QUERIES)))

    def finish(self, knowledge: Knowledge, *, rows_kept: bool = True) -> Table:
        """The entries.

        Args:
            rows_kept: whether the rows are still numbered as they came; else no document can be named, and entries are
                offered when a search has found something (`retrieval.suggest.suggester`).
        """
        quality = np.array(self._quality, np.float32)
        shelf = _Shelf(
            self._titles.finish(), quality, np.log1p(np.array(self._sales, np.float32)) + quality, self._categories,
            self._shops,
        )  # fmt: skip
        found: dict[str, Entry] = {}
        for text, kind in self._texts(knowledge):
            if text not in found and (one := self._entry(text, kind, shelf)):
                found.setdefault(one.text, one)
        for shop in _shops(shelf, knowledge):
            found.setdefault(shop.text, shop)
        best = sorted(found.values(), key=lambda one: (-one.demand, one.text))[:MOST]
        if not rows_kept:
            best = [Entry(o.text, o.kind, o.demand, o.quality, o.found, (), o.asks, o.shop) for o in best]
        return Table.of(best, Keys(self._cut, spellings), Readings.general())

    def _texts(self, knowledge: Knowledge) -> Iterator[tuple[str, Kind]]:
        """What is looked up, names of the catalogue first."""
        yield from ((path.rpartition("/")[2], Kind.CATEGORY) for path in knowledge.categories)
        yield from ((name, Kind.BRAND) for name in knowledge.brands)
        yield from ((noun, Kind.PRODUCT) for noun in knowledge.products)
        nouns = knowledge.products
        yield from ((p, Kind.PRODUCT) for p in knowledge.phrases if any(p[i:] in nouns for i in range(2, len(p) - 1)))
        yield from ((query, Kind.QUERY) for query in self._queries)

    def _entry(self, given: str, kind: Kind, shelf: _Shelf) -> Entry | None:
        text = asked_as(given)
        rows = shelf.titles.of(_said(self._cut(text)))
        if not len(rows) or len(text) < LEAST_CHARS:
            return None
        demand = LOGGED * self._queries.get(text, 0) + UNASKED * math.sqrt(len(rows))
        best, (category, inside) = shelf.best(rows), shelf.category_of(rows, text)
        quality = shelf.quality_of(best, len(rows))
        return Entry(text, kind, demand, quality, len(rows), best, category=category, inside=inside)


class _Names:
    """A name for each row, "" where there is none."""

    def __init__(self) -> None:
        self.all = [""]
        self.of_rows = array("I")
        self._numbers = {"": 0}

    def add(self, name: str) -> None:
        if name not in self._numbers:
            self._numbers[name] = len(self.all)
            self.all.append(name)
        self.of_rows.append(self._numbers[name])


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What is known of the documents, shape (rows,); the best sold are worth most, of equal ones the better."""

    titles: WordRows
    quality: FloatArray
    worth: FloatArray
    categories: _Names
    shops: _Names

    def best(self, rows: IntArray) -> tuple[int, ...]:
        """Those worth most."""
        worth = -self.worth[rows]
        if len(rows) > _SORTED:
            least = np.partition(worth, WITNESSES)[WITNESSES]
            rows, worth = rows[worth <= least], worth[worth <= least]
        return tuple(rows[np.argsort(worth, kind="stable")[:WITNESSES]].tolist())

    def quality_of(self, best: Sequence[int], found: int) -> float:
        """Mean quality of the best; a single document is half a result."""
        return float(self.quality[list(best)].mean()) * found / (found + 1)

    def category_of(self, rows: IntArray, text: str) -> tuple[str, int]:
        """The category of nearly all of them, and the best of it; for what is called as its category the one above."""
        numbers = np.frombuffer(self.categories.of_rows, np.uint32)[rows]
        known = numbers[numbers > 0]
        values, counts = np.unique(known, return_counts=True)
        if not len(known) or counts.max() < max(SURE_LEAST, SURE * len(known), SURE_SHARE * len(rows)):
            return "", -1
        number = int(values[counts.argmax()])
        path = self.categories.all[number]
        above, _, leaf = path.rpartition("/")
        path = above if asked_as(leaf) == text else path
        return (path, self.best(rows[numbers == number])[0]) if path else ("", -1)


def _shops(shelf: _Shelf, knowledge: Knowledge) -> Iterator[Entry]:
    """Shops by name; taken, one finds in it what it has most of."""
    nouns = {word_hash(noun): noun for noun in knowledge.products}
    numbers = np.frombuffer(shelf.shops.of_rows, np.uint32)
    order = np.argsort(numbers, kind="stable")
    bounds = np.searchsorted(numbers[order], np.arange(len(shelf.shops.all) + 1))
    for number, name in enumerate(shelf.shops.all):
        rows, text = order[bounds[number] : bounds[number + 1]], asked_as(name)
        if number == 0 or len(rows) < SHOP_LEAST or len(text) < LEAST_CHARS:
            continue
        said = Counter(word for row in rows.tolist() for word in shelf.titles.words_of(row).tolist() if word in nouns)
        if said and max(said.values()) >= SHOP_LEAST:
            noun = max(said, key=lambda word: (said[word], nouns[word]))
            having = np.array([row for row in rows.tolist() if noun in shelf.titles.words_of(row)], np.int64)
            demand = UNASKED * math.sqrt(len(rows))
            best = shelf.best(having)
            yield Entry(
                text, Kind.SHOP, demand, shelf.quality_of(best, len(having)), len(having), best, nouns[noun], name
            )


def _said(words: Sequence[str]) -> list[str]:
    """Without spaces and marks."""
    return [word for word in words if any(map(str.isalnum, word))]
