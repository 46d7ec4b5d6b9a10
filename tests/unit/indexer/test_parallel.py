"""Analysis in processes:

1. What comes back is what one process makes, batch by batch in order, whatever the number of processes.
2. Processes start only after the first batches, and end when nobody asks for more, in the middle of the work, too.
3. User words and units of the analyzer count in the processes; one that would cut in another way says so.
4. An error in a process reaches who asked.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator

import pytest

from indexer.documents import parallel
from indexer.documents.analysed import Analysed, analysed
from indexer.documents.parallel import analysed_batches
from indexer.sources.records import Product
from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.lexicon import Lexicon
from retrieval.analysis.segment import open_segmenter
from retrieval.errors import GenerationError
from tests import world

PRODUCTS = [Product.model_validate(row) for row in world.products(90)]
WORDS = (("特级龙井茶", 20_000),)


@pytest.fixture
def own() -> Analyzer:
    """Of a shop with a word of its own."""
    return Analyzer(open_segmenter("auto", WORDS), Lexicon(user_words=WORDS))


def batches(size: int = 10) -> Iterator[list[Product]]:
    yield from (PRODUCTS[start : start + size] for start in range(0, len(PRODUCTS), size))


def test_the_same_in_order(own: Analyzer) -> None:  # 1, 3
    expected = [[analysed(product, own) for product in batch] for batch in batches()]
    for processes in (0, 1, 2):
        assert list(map(plain, analysed_batches(batches(), own, processes))) == list(map(plain, expected))


def plain(batch: list[Analysed]) -> list[object]:
    return [(each.product, each.indexed, each.title, list(each.words)) for each in batch]


def test_they_come_late_and_go(own: Analyzer) -> None:  # 2
    found = analysed_batches(batches(), own, 2)
    for _ in range(2):
        next(found)
    assert multiprocessing.active_children() == []
    next(found)
    assert multiprocessing.active_children() != []
    found.close()
    assert multiprocessing.active_children() == []
    assert sum(map(len, analysed_batches(iter([PRODUCTS]), own, 2))) == 90


def test_another_analyzer(own: Analyzer, monkeypatch: pytest.MonkeyPatch) -> None:  # 3
    monkeypatch.setattr(own, "fingerprint", "v0-other")
    with pytest.raises(Exception, match=r"terminated abruptly|in another way"):
        list(analysed_batches(batches(), own, 2))
    with pytest.raises(GenerationError, match="in another way"):
        parallel._start(own.lexicon.indexed(), own.segmenter.kind, "v0-other")


def test_an_error(own: Analyzer) -> None:  # 4
    broken = [*batches(), [Product.model_construct(id="x")]]
    with pytest.raises(AttributeError):
        list(analysed_batches(iter(broken), own, 2))
