"""Vectors and tokens of changed documents.

1. A product whose title is what it was keeps both: nothing is encoded, whatever else of it changes.
2. A new title is encoded, each once; documents, vectors and tokens stand in the order of what was given.
3. A generation without vectors leaves the documents as they are, and asks no encoder.
4. An encoder that keeps no tokens: the same vectors, and rows as they were.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.changes.vectors import Vectors
from indexer.documents.analysed import analysed
from indexer.sources.records import Product
from retrieval.protocols import Encoder
from retrieval.ranking.forward import title_tokens, with_tokens
from retrieval.types import IndexedDocument
from tests import live_shop
from tests.live_shop import LiveShop, row
from tests.token_encoder import TokenHashing, tokens_of

OLD, NEW = "保温杯 first", "保温杯 second"


def made(*rows: live_shop.Row) -> list[IndexedDocument]:
    return [analysed(Product.model_validate(each), live_shop.analyzer()).indexed for each in rows]


def never() -> Encoder | None:
    raise AssertionError("nothing is to be encoded")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> LiveShop:
    shop = LiveShop.of(tmp_path_factory.mktemp("shop"), encoder=TokenHashing())
    shop.build([row(number) for number in range(3)])
    return shop


def test_the_same_title(shop: LiveShop) -> None:  # 1
    vectors = Vectors(16, never)
    vectors.learn(shop.now(), [None, 1])
    given = made(row(1, brand="山风", price=3.5), row(9, category=["杯"]))
    documents, found = vectors.of(given)
    assert found is not None
    assert found.tolist() == np.repeat(shop.now().vectors(np.array([1])), 2, axis=0).tolist()
    assert [title_tokens(each.forward) for each in documents] == [tokens_of(OLD)] * 2
    assert [with_tokens(each.forward, b"") for each in documents] == [each.forward for each in given]
    assert [each.document for each in documents] == [each.document for each in given]


def test_new_titles(shop: LiveShop) -> None:  # 2
    encoder = TokenHashing()
    vectors = Vectors(16, lambda: encoder)
    vectors.learn(shop.now(), [0])
    given = made(row(5, "second"), row(1), row(6, "third"), row(0, "second"))
    for _ in range(2):
        documents, found = vectors.of(given)
        assert found is not None
        titles = [each.document.embedded_text for each in given]
        assert found.shape == (4, 16)
        assert found.dtype == np.float32
        assert np.allclose(found, encoder.encode_documents(titles), atol=1e-3)
        assert [title_tokens(each.forward) for each in documents] == [tokens_of(title) for title in titles]
    assert encoder.asked == [NEW, "保温杯 third"]
    nothing, none = vectors.of([])
    assert (len(nothing), none is not None and none.shape) == (0, (0, 16))


def test_without_vectors(shop: LiveShop) -> None:  # 3
    vectors, given = Vectors(0, never), made(row(1), row(5, "second"))
    vectors.learn(shop.now(), [0, 1])
    documents, found = vectors.of(given)
    assert (documents, found) == (given, None)


def test_an_encoder_without_tokens(tmp_path: Path) -> None:  # 4
    shop = LiveShop.of(tmp_path)
    shop.build([row(0)])
    vectors, given = Vectors(16, lambda: live_shop.ENCODER), made(row(0), row(5, "second"))
    vectors.learn(shop.now(), [0])
    documents, found = vectors.of(given)
    assert found is not None
    assert np.allclose(found, live_shop.ENCODER.encode_documents([OLD, NEW]), atol=1e-3)
    assert [each.forward for each in documents] == [each.forward for each in given]
