"""What stands taken down at one position of the journal: the fold of its entries, one value that never changes.

The last word about a target counts: taken down again, it stands with the newer reason; restored, it does not stand. An
expiry ends only the take-down that expired, so one that was renewed in the meantime stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from retrieval.analysis.brand_field import brand_names
from retrieval.changes.journal import Entry
from retrieval.takedowns.takedown import RESTORE, TAKE_DOWN, Kind, TakeDown, said_in, same_target
from retrieval.takedowns.words import Words, squeezed


@dataclass(frozen=True, eq=False)
class Standing:
    """Immutable; two with the same position say the same.

    Attributes:
        position: of the last entry that changed anything, 0 without any.
        takedowns: target → what stands.
    """

    position: int = 0
    takedowns: Mapping[str, TakeDown] = field(default_factory=lambda: MappingProxyType({}))

    def after(self, entries: Iterable[Entry]) -> Standing:
        """With these entries, which follow in the journal; itself where they change nothing."""
        found, position = dict(self.takedowns), self.position
        for entry in entries:
            target = same_target(entry.change.target)
            if entry.change.kind == TAKE_DOWN:
                found[target] = TakeDown.of(entry)
            elif entry.change.kind == RESTORE and _ends(entry, found.get(target)):
                del found[target]
            else:
                continue
            position = entry.position
        return self if position == self.position else Standing(position, MappingProxyType(found))

    def of(self, *kinds: Kind) -> tuple[TakeDown, ...]:
        """Those of these kinds."""
        return tuple(each for each in self.takedowns.values() if each.kind in kinds)

    def expired(self, now: float) -> tuple[TakeDown, ...]:
        """Those whose time is over at `now`, seconds since 1970."""
        if now < self._first_end:
            return ()
        return tuple(each for each in self.takedowns.values() if each.until is not None and each.until <= now)

    def bans(self, query: str) -> TakeDown | None:
        """What forbids to answer this query, in whatever form it is written; None where nothing does."""
        if not self.takedowns:
            return None
        text = squeezed(query)
        exact = self._queries.get(text)
        if exact is None and (word := self.words.found(text)) is not None:
            exact = self._by_word[word]
        return exact

    def unsayable(self, text: str) -> bool:
        """Whether a text may not be offered to anybody: it would be banned as a query, or names a banned brand."""
        if not self.takedowns:
            return False
        return self.bans(text) is not None or self._brands.found(squeezed(text)) is not None

    @cached_property
    def words(self) -> Words:
        """Those taken down."""
        return Words(each.value for each in self.of(Kind.WORD))

    @cached_property
    def _by_word(self) -> Mapping[str, TakeDown]:
        return {squeezed(each.value): each for each in self.of(Kind.WORD)}

    @cached_property
    def _queries(self) -> Mapping[str, TakeDown]:
        return {squeezed(each.value): each for each in self.of(Kind.QUERY)}

    @cached_property
    def _brands(self) -> Words:
        return Words(name for each in self.of(Kind.BRAND) for name in (each.value, *brand_names(each.value)))

    @cached_property
    def _first_end(self) -> float:
        ends = (each.until for each in self.takedowns.values() if each.until is not None)
        return min(ends, default=float("inf"))


NOTHING = Standing()


def _ends(entry: Entry, standing: TakeDown | None) -> bool:
    expired = said_in(entry).get("expired")
    return standing is not None and expired in (None, standing.position)
