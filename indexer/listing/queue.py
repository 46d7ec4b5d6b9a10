"""The listings that somebody should look at, and what was decided about them.

What a rebuild found stands beside its rejects (`listing.jsonl`); what an operator decided is an entry of the journal,
with who, when and why. A decision is about one title and the rules that found it: where either changes, the listing
comes back. It changes no list by itself: what is wrong is taken down, and what is right is pardoned in the word lists.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import orjson

from indexer.listing.finding import Decision, Finding, decided
from retrieval.changes.journal import Change, Journal
from retrieval.errors import NotFound

KIND = "listing_verdict"
"""Of entries of the journal."""
_AT_ONCE = 10_000


class Verdict(StrEnum):
    """What was decided about a listing."""

    RIGHT = "right"
    """There is nothing wrong with it."""
    WRONG = "wrong"
    """The finding is true; the seller is told, or it is taken down."""


@dataclass(frozen=True, slots=True)
class Looked:
    """Somebody decided; `at`: seconds since 1970."""

    verdict: Verdict
    by: str
    at: float
    note: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A product with findings.

    Attributes:
        decision: the strictest of its findings.
        looked: what was decided about this title and these rules; None: nobody looked.
    """

    id: str
    title: str
    decision: Decision
    findings: tuple[Finding, ...]
    looked: Looked | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the queue.

    Attributes:
        generation: whose findings they are.
        total: of those that were asked for; open: of all, those that nobody looked at.
        rules: rule → products, of all.
    """

    generation: str
    listings: tuple[Listing, ...]
    total: int
    open: int
    rules: Mapping[str, int]


class ListingQueue:
    """Safe to share between threads.

    Args:
        rejects: the folder in which rebuilds leave what they found.
    """

    def __init__(self, journal: Journal, rejects: Path) -> None:
        self._journal, self._rejects = journal, rejects

    def page(
        self, generation: str | None, *, rule: str = "", decision: Decision | None = None, looked: bool | None = False,
        most: int = 50,
    ) -> Page:  # fmt: skip
        """The first of the queue, the strictest before.

        Args:
            generation: that is served.
            looked: False: only what nobody decided about; True: only the rest; None: all.

        Raises:
            NotFound: nothing was kept of this generation.
            StorageError: the journal cannot be read.
        """
        listings = self._listings(generation)
        chosen = [
            each for each in listings
            if (not rule or rule in {one.rule for one in each.findings}) and decision in (None, each.decision)
            and looked in (None, each.looked is not None)
        ]  # fmt: skip
        chosen.sort(key=lambda each: [*Decision].index(each.decision))
        rules = Counter(rule for each in listings for rule in {one.rule for one in each.findings})
        still = sum(each.looked is None for each in listings)
        return Page(str(generation), tuple(chosen[:most]), len(chosen), still, dict(rules.most_common()))

    def decide(self, generation: str | None, id: str, verdict: Verdict, *, by: str, note: str = "") -> Listing:
        """Keeps what was decided about a listing. Raises NotFound, StorageError."""
        listing = next((each for each in self._listings(generation) if each.id == id), None)
        if listing is None:
            raise NotFound(f"nothing was found in {id[:80]}", field="id", hint="xunhuo listing shows what was")
        rules = sorted({one.rule for one in listing.findings})
        body = orjson.dumps({"verdict": verdict, "note": note, "title": listing.title, "rules": rules})
        looked = Looked(verdict, by, time.time(), note)
        self._journal.append([Change(KIND, id, body, by=by, at=looked.at)])
        return Listing(listing.id, listing.title, listing.decision, listing.findings, looked)

    def _listings(self, generation: str | None) -> list[Listing]:
        path = self._rejects / str(generation) / "listing.jsonl"
        if generation is None or not path.is_file():
            hint = "rebuild on this machine with listing.enabled"
            raise NotFound(f"there are no findings of {generation}", field="generation", hint=hint)
        found: dict[tuple[str, str], list[Finding]] = {}
        for line in path.read_bytes().splitlines():
            row = orjson.loads(line)
            one = Finding(row["rule"], Decision(row["decision"]), row["matched"], row["message"])
            found.setdefault((row["id"], row["title"]), []).append(one)
        looked = dict(self._looked())
        return [
            Listing(
                id, title, decided(findings) or Decision.FLAG, tuple(findings),
                looked.get((id, title, frozenset(one.rule for one in findings))),
            )
            for (id, title), findings in found.items()
        ]  # fmt: skip

    def _looked(self) -> Iterator[tuple[tuple[str, str, frozenset[str]], Looked]]:
        """Product, title and rules → what was decided, the newest last."""
        read = 0
        while entries := self._journal.read(read, _AT_ONCE, (KIND,)):
            read = entries[-1].position
            for change in (entry.change for entry in entries):
                body = orjson.loads(change.body)
                looked = Looked(Verdict(body["verdict"]), change.by, change.at, body["note"])
                yield (change.target, body["title"], frozenset(body["rules"])), looked
