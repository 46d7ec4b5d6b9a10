"""From the settings and the served generation to what the rules know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from types import MappingProxyType

from configs.settings import Settings
from indexer.listing.brushed import BrushingBounds, brushed
from indexer.listing.context import Bounds, ListingContext
from indexer.listing.levels import ATTACHMENT, Levels
from indexer.listing.verdicts import Verdicts
from indexer.listing.words import read_categories, read_words
from retrieval.analysis.segment import Segmenter
from retrieval.protocols import Backend
from retrieval.understanding.kinds import Kind
from retrieval.understanding.reading.entity_lexicon import EntityLexicon, load_entity_lexicon
from retrieval.wiring import make_analyzer
from retrieval.wiring.places import dictionaries_of, open_events, open_journal

_LONG_ENOUGH = 2
"""Characters of a brand that is looked for in titles."""
_DAY = 86_400


def open_listing(
    settings: Settings,
    backend: Backend,
    *,
    now: float | None = None,
    segmenter: Segmenter | None = None,
    verdicts: Verdicts | None = None,
) -> ListingContext | None:
    """The word lists, known brands, the price levels of the served generation, orders up to `now`, and decisions.

    None where the check is switched off. Without `now` nothing is said of orders; `segmenter` is one that is there.
    `verdicts` are asked at each listing; without them those of now are read.

    Raises:
        LexiconError: a word list cannot be read.
        StorageError: what was decided cannot be read.
    """
    chosen = settings.listing
    if not chosen.enabled:
        return None
    with dictionaries_of(settings).assembled() as folders:
        brands = brands_of(load_entity_lexicon(folders.entities))
    words = read_words(settings.listing_rules / "listing_words.tsv")
    return ListingContext(
        words=words,
        categories=read_categories(settings.listing_rules / "listing_categories.tsv"),
        brands=brands,
        own_names=tuple(sorted(name for name in brands if any(rule.matched(name) for rule in words.rules))),
        cut=(segmenter or make_analyzer(settings).segmenter).cut,
        levels=_levels(backend),
        brushed=_brushed(settings, now) if now is not None else MappingProxyType({}),
        right=verdicts.right if verdicts else _right(settings),
        bounds=Bounds(
            chosen.list_price_ratio, chosen.bait_price, chosen.repeated, chosen.brands, chosen.counterfeit_ratio,
            chosen.least_quality,
        ),
    )  # fmt: skip


def brands_of(entities: EntityLexicon) -> Mapping[str, str]:
    """What a brand is called → its name; without words that may be something else."""
    return {
        word: kinds[Kind.BRAND] for word, kinds in entities.words.items()
        if set(kinds) == {Kind.BRAND} and len(word) >= _LONG_ENOUGH
    }  # fmt: skip


def _right(settings: Settings) -> Callable[[], Mapping[tuple[str, str], frozenset[str]]]:
    with closing(open_journal(settings)) as journal:
        found = Verdicts(journal).right()
    return lambda: found


def _levels(backend: Backend) -> Levels:
    served = backend.current()
    if served is None:
        return Levels()
    with closing(backend.open(served)) as generation:
        stored = generation.attachment(ATTACHMENT)
        return Levels.from_bytes(stored) if stored else Levels()


def _brushed(settings: Settings, now: float) -> Mapping[str, str]:
    bounds = BrushingBounds(settings.listing.brushing_days, settings.listing.brushing_orders)
    with closing(open_events(settings)) as store:
        return brushed(store.scan(since=now - _DAY * bounds.days, until=now), bounds, now=now)
