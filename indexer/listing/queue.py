"""The listings that somebody should look at, and what was decided about them.

What a rebuild found stands beside its rejects (`listing.jsonl`), what was decided in the journal
(`indexer.listing.verdicts`). Where the title or the rules change, the listing comes back. What is right is demoted no
more, from the decision on; what is wrong is taken down by hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

from indexer.listing.finding import Decision, Finding, decided
from indexer.listing.verdicts import Looked, Verdict, Verdicts
from retrieval.changes.journal import Journal
from retrieval.errors import NotFound


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
        again: has a product checked and written again, by who decided (`indexer.changes.opening.rechecking`).
    """

    def __init__(
        self, journal: Journal, rejects: Path, again: Callable[[str, str], None] = lambda id, by: None
    ) -> None:
        self._verdicts, self._rejects, self._again = Verdicts(journal), rejects, again

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
        """Keeps what was decided about a listing, which is then demoted, or not, by it.

        Raises NotFound, NotReady, StorageError.
        """
        listing = next((each for each in self._listings(generation) if each.id == id), None)
        if listing is None:
            raise NotFound(f"nothing was found in {id[:80]}", field="id", hint="xunhuo listing shows what was")
        rules = {one.rule for one in listing.findings}
        looked = self._verdicts.add(id, listing.title, rules, verdict, by=by, note=note)
        if Decision.DEMOTE in {one.decision for one in listing.findings}:
            self._again(id, by)
        return replace(listing, looked=looked)

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
        looked = self._verdicts.looked()
        return [
            Listing(
                id, title, decided(findings) or Decision.FLAG, tuple(findings),
                looked.get((id, title, frozenset(one.rule for one in findings))),
            )
            for (id, title), findings in found.items()
        ]  # fmt: skip
