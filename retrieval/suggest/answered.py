"""Which queries surely find something above the divider: what titles of the generation say, and what a search found.

Whatever is offered unasked, while somebody types or beside a query, asks here first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from retrieval.protocols import IndexReader
from retrieval.serving.once import Once
from retrieval.suggest.entry import Entry, Kind
from retrieval.suggest.found import Found, Search
from retrieval.suggest.table import ATTACHMENT, Table
from retrieval.types import EVERYTHING

_KEPT = 3
UNSURE, DOUBTFUL = 2, 12
"""Entries of at most so few titles are not offered before a search has found something, and are looked up in any case:
of the latter one in two hundred finds nothing above the divider, of others one in a few thousand."""
_LEAST_CLICKED, _CLICKED = 0.8, 0.4
"""What a query keeps of its quality after which nobody chose anything, and what it gains by those who do, up to all."""
_QUALITY = 0.94
"""Of offers of which nothing is said (`retrieval.ranking.quality`)."""


class Answered:
    """Thread-safe. What is wanted is looked up beside the requests, and what is doubtful in any case."""

    def __init__(self, search: Search) -> None:
        self.found = Found(search)
        self._tables: Once[str, Table | None] = Once(_KEPT)
        self._looked: dict[str, int] = {}

    def table(self, reader: IndexReader) -> Table | None:
        """What the generation taught; None of one that was built before suggestions were."""

        def read() -> Table | None:
            stored = reader.attachment(ATTACHMENT)
            return Table.from_bytes(stored) if stored else None

        return self._tables.of(reader.snapshot.generation, read)

    def entry(self, reader: IndexReader, query: str, demand: float = 0.0, clicked: float = 0.5) -> Entry | None:
        """Of a query that is asked, where it is known to find something.

        Args:
            demand: beside that which the generation knows of.
            clicked: share of those who asked that chose something.
        """
        one, usual = self._learned(reader, query), min(1.0, _LEAST_CLICKED + _CLICKED * clicked)
        if one and one.rows:
            return Entry(
                one.text, one.kind, one.demand + demand, one.quality * usual, one.found, one.rows, one.asks, one.shop,
                one.category, one.inside,
            )  # fmt: skip
        rows = self.found.known(reader, query)
        return Entry(query, Kind.QUERY, demand, _QUALITY * usual, len(rows), rows) if rows else None

    def sure(self, reader: IndexReader, one: Entry) -> bool:
        """Whether an entry surely finds something: titles say so, and no search that was made says otherwise; of one or
        two titles, a search has found something."""
        rows = None if one.shop else self.found.known(reader, one.text)
        return bool(one.shop) or one.found > UNSURE if rows is None else bool(rows)

    def want(self, reader: IndexReader, entries: Iterable[Entry]) -> None:
        """Has those looked up of which no search has said anything."""
        self.found.want([one.text for one in entries if not one.shop and self.found.known(reader, one.text) is None])

    def finds(self, reader: IndexReader, query: str) -> bool:
        """Whether a query surely finds something that is there now; wanted where that is not known."""
        if self.found.known(reader, query) is None:
            self.found.want([query])
        one = self.entry(reader, query)
        if one is None or not self.sure(reader, one):
            return False
        rows = np.array(sorted(row for row in one.rows if row < reader.rows), np.int64)
        return bool(len(reader.passing(EVERYTHING, rows)))

    def unknown(self, reader: IndexReader, asked: tuple[str, ...]) -> Iterator[str]:
        """Queries of which it must be asked what they find: those that are wanted, those of the `asked` that no title
        says or that are doubtful, then all that are, those of most demand first."""
        yield from self.found.wanted()
        for text in asked:
            one = self._learned(reader, text)
            if one is None or not one.rows or (one.found <= DOUBTFUL and not one.shop):
                yield text
        table, name = self.table(reader), reader.snapshot.generation
        self._looked = {name: self._looked.get(name, 0)}
        while table is not None and (place := self._looked[name]) < len(table):
            if (one := table[place]).rows and one.found <= DOUBTFUL and not one.shop:
                yield one.text
            self._looked[name] = place + 1

    def _learned(self, reader: IndexReader, query: str) -> Entry | None:
        table = self.table(reader)
        place = table.texts.find(query) if table is not None else -1
        return table[place] if table is not None and place >= 0 else None
