"""Suggestions over whatever generation serves: what its catalogue taught, and what is asked right now on top.

What shoppers ask is looked at aside, every few seconds, and swapped in between two requests. A query that no generation
knows is offered once a search has found something above the divider; it is never searched while somebody types.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from retrieval.answer import SearchResponse
from retrieval.errors import XunhuoError
from retrieval.interest.store import EventStore
from retrieval.interest.taste import Taste
from retrieval.mall.mall import Generations, Mall
from retrieval.protocols import IndexReader
from retrieval.request import SearchRequest
from retrieval.serving.opened import giving_way
from retrieval.suggest.answer import (
    HotAnswer,
    HotQuery,
    LookedUp,
    ShadeAnswer,
    SuggestAnswer,
    Suggestion,
    SuggestRequest,
)
from retrieval.suggest.answered import Answered
from retrieval.suggest.asked import Asked
from retrieval.suggest.choose import LOOKED_AT, Weights, fitting, listed, ranked
from retrieval.suggest.entry import Entry
from retrieval.suggest.fits import fits
from retrieval.suggest.following import Following
from retrieval.suggest.hot import hottest
from retrieval.suggest.keys import LONGEST, Keys, spelled_by, squeezed
from retrieval.suggest.options import SuggestOptions
from retrieval.suggest.shade import shade_words
from retrieval.suggest.shopper import NOBODY, Shopper, read_shopper
from retrieval.suggest.table import Table
from retrieval.takedowns.bans import Bans, NoBans
from retrieval.understanding.spelling.pinyin import Readings


class Searching(Generations, Protocol):
    """What serves the generations, and searches them: a `retrieval.engine.Engine`."""

    def search(self, request: SearchRequest) -> SearchResponse:
        """One page."""


@dataclass(frozen=True, slots=True)
class Now:
    """What is asked now, of one generation.

    Attributes:
        table: queries that find something; None before the first look.
        hot: what may be on the hot list, the hottest first.
    """

    generation: str = ""
    table: Table | None = None
    hot: tuple[HotQuery, ...] = ()


class Suggester:
    """Thread-safe. Without a `store` nothing is known of what is asked now, without a `taste` of shoppers.

    `forbids` says what is nobody's business: it is completed where it was typed, and never offered unasked.
    """

    def __init__(
        self, engine: Searching, mall: Mall, options: SuggestOptions, store: EventStore | None = None,
        taste: Taste | None = None, bans: Bans | None = None, forbids: Callable[[str], bool] = lambda _: False,
        clock: Callable[[], float] = time.monotonic, answered: Answered | None = None,
    ) -> None:  # fmt: skip
        """`answered` knows what finds something; shared with whoever else offers queries."""
        self._engine, self._mall, self._options, self._taste = engine, mall, options, taste
        self._bans, self._forbids, self._clock = bans or NoBans(), forbids, clock
        self._weights = Weights(options.interest, options.own, options.scoped)
        self._following = Following(store, options.asked, options.learn_seconds, clock) if store else None
        self._answered = answered or Answered(engine.search)
        self._now, self._asked, self._looked_at = Now(), Asked.nothing(), -1e18

    def suggest(self, request: SuggestRequest) -> SuggestAnswer:
        """What somebody who typed so far may want to ask. Raises NotReady."""
        started, reader = time.perf_counter(), self._engine.serving.reader
        typed = squeezed(request.q)[:LONGEST]
        lines: tuple[Suggestion, ...] = ()
        if typed:
            shopper = self._shopper(request, reader)
            best = ranked(self._entries(reader, typed, shopper), shopper, self._weights)
            self._answered.want(reader, (one for one, _ in best[: request.size]))
            sure = [each for each in best[:LOOKED_AT] if self._answered.sure(reader, each[0])]
            lines = listed(sure, reader, self._unsaid(typed), shopper, request.size, self._options.scoped)
        return SuggestAnswer(request.q, lines, reader.snapshot.generation, _since(started))

    def looked_up(self) -> LookedUp:
        """What was searched beside the requests since this was last asked."""
        return self._answered.found.looked_up()

    def hot(self, size: int) -> HotAnswer:
        """What many ask now, more than usual. Raises NotReady."""
        started, reader = time.perf_counter(), self._engine.serving.reader
        return HotAnswer(tuple(self._hot(reader))[:size], reader.snapshot.generation, _since(started))

    def shade(self, request: SuggestRequest) -> ShadeAnswer:
        """What may stand in the empty box of this shopper; `q` rests. Raises NotReady."""
        started, reader = time.perf_counter(), self._engine.serving.reader
        hot = [one.query for one in self._hot(reader)]
        shopper = self._shopper(request, reader)
        found = shade_words(
            shopper, lambda query: self._mall.related(query, request.size).related, self._named(reader), hot
        )
        shown = (one for one in found if self._offered(reader, one.query))
        words = tuple(one for one, _ in zip(shown, range(request.size), strict=False))
        return ShadeAnswer(words, reader.snapshot.generation, _since(started))

    def refresh(self, every: float = 0.0) -> bool:
        """Looks at what is asked when that was last done `every` seconds ago, or for another generation; True then.

        Raises:
            NotReady, StorageError: nothing has changed then.
        """
        reader = self._engine.serving.reader
        due = self._clock() - self._looked_at >= every
        if not due and self._now.generation == reader.snapshot.generation:
            return False
        self._looked_at = self._clock()
        with giving_way():
            self._answered.table(reader)
            if self._following:
                self._asked = self._following.look()
            unknown = self._answered.unknown(reader, self._asked.texts)
            self._answered.found.look(reader, unknown, self._options.searches)
            self._now = self._made(reader, self._asked)
        return True

    def _entries(self, reader: IndexReader, typed: str, shopper: Shopper) -> dict[str, tuple[Entry, float]]:
        """Text → an entry that fits, and how well; what is asked now is known better there."""
        now = self._now if self._now.generation == reader.snapshot.generation else Now()
        read = self._readings(reader).of
        begun = (query for query in shopper.asked if fits(typed, "".join(query.split()), read))
        own = [one for query in begun if (one := self._answered.entry(reader, query))]
        return fitting([table for table in (now.table, self._answered.table(reader)) if table is not None], typed, own)

    def _made(self, reader: IndexReader, asked: Asked) -> Now:
        entries = [
            one
            for text, demand, clicked in zip(asked.texts, asked.demand.tolist(), asked.clicked.tolist(), strict=True)
            if (one := self._answered.entry(reader, text, demand, clicked))
        ]
        readings, reading = self._readings(reader), self._engine.reading(reader)
        keys = Keys(reading.analyzer.segmenter.cut, spelled_by(readings))
        hot = hottest(asked, self._options.asked, self._mall.fit)
        return Now(reader.snapshot.generation, Table.of(entries, keys, readings), hot)

    def _hot(self, reader: IndexReader) -> Iterator[HotQuery]:
        return (one for one in self._now.hot if self._offered(reader, one.query))

    def _offered(self, reader: IndexReader, query: str) -> bool:
        """Whether a query may be offered unasked: it finds something that is there, and nothing speaks against it."""
        one = self._answered.entry(reader, query)
        self._answered.want(reader, (one,) if one else ())
        if one is None or self._forbids(query) or not self._answered.sure(reader, one):
            return False
        return bool(listed([(one, 1.0)], reader, self._unsaid(""), NOBODY, 1, 0))

    def _unsaid(self, typed: str) -> Callable[[str], bool]:
        """Which texts may not be offered to who typed this."""
        begun = bool(typed) and self._forbids(typed)

        def unsaid(text: str) -> bool:
            if not text:
                return False
            return self._bans.unsayable(text) or self._bans.ban(text) is not None or (not begun and self._forbids(text))

        return unsaid

    def _shopper(self, request: SuggestRequest, reader: IndexReader) -> Shopper:
        """Nobody where the store of events cannot be read: typing goes on."""
        if self._taste is None or not request.personalize or not (request.user_id or request.session_id):
            return NOBODY
        now = time.time() if request.now is None else request.now
        try:
            shopper = read_shopper(self._taste, request.user_id, request.session_id, reader, now)
        except XunhuoError:
            return NOBODY
        self._answered.found.want(query for query in shopper.asked if self._answered.entry(reader, query) is None)
        return shopper

    def _readings(self, reader: IndexReader) -> Readings:
        table = self._answered.table(reader)
        return table.readings if table is not None else Readings.general()

    def _named(self, reader: IndexReader) -> Callable[[str], bool]:
        """Whether a text names something of the catalogue."""
        table = self._answered.table(reader)
        return lambda text: table is not None and table.texts.find(text) >= 0


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
