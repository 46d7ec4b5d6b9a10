"""The analyzer's fingerprint:

1. It changes with what decides a document's tokens: user words, their frequencies, units, the version.
2. It stays with what only a query sees: stop words and synonyms; and with the order of the entries.
3. Both segmenters share it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

import pytest

from retrieval.analysis import analyzer as analyzer_module
from retrieval.analysis.lexicon import Lexicon, Synonym
from retrieval.analysis.quantities import Unit
from tests.title_index import make_analyzer

WORDS = (("马面裙", 20_000), ("鲨鱼裤", 20_000))
PLAIN = Lexicon(user_words=WORDS)


def units(**factors: str) -> Mapping[str, Unit]:
    return MappingProxyType({name: Unit(name, "ml", Decimal(factor)) for name, factor in factors.items()})


def fingerprint(lexicon: Lexicon, segmenter: str = "auto") -> str:
    return make_analyzer(lexicon, segmenter=segmenter).fingerprint


@pytest.mark.parametrize(
    "other",
    [
        Lexicon(),
        Lexicon(user_words=WORDS[:1]),
        Lexicon(user_words=(WORDS[0], ("鲨鱼裤", 19_999))),
        Lexicon(user_words=WORDS, units=units(ml="1")),
    ],
)
def test_it_changes_with_what_decides_tokens(other: Lexicon) -> None:
    assert fingerprint(other) != fingerprint(PLAIN)


def test_it_changes_with_a_factor_and_a_base() -> None:
    bases = MappingProxyType({"l": Unit("l", "l", Decimal(1000))})
    marks = {fingerprint(Lexicon(units=u)) for u in (units(l="1000"), units(l="1001"), bases)}
    assert len(marks) == 3


def test_it_changes_with_the_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(PLAIN)
    monkeypatch.setattr(analyzer_module, "VERSION", analyzer_module.VERSION + 1)
    assert fingerprint(PLAIN) != before


@pytest.mark.parametrize(
    "same",
    [
        Lexicon(user_words=WORDS, stop_words=frozenset({"的"})),
        Lexicon(user_words=WORDS, synonyms=MappingProxyType({"甲": (Synonym("甲", "乙", 0.5),)})),
        Lexicon(user_words=WORDS[::-1]),
    ],
)
def test_it_stays_with_what_only_a_query_sees(same: Lexicon) -> None:
    assert fingerprint(same) == fingerprint(PLAIN)


def test_both_segmenters_share_it() -> None:
    assert fingerprint(PLAIN, "python") == fingerprint(PLAIN, "rust")
