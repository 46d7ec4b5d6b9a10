"""A product → all that is made of its text, cut once: what the writer gets, what ranking reads, what learning counts.

The record stays typed on the way; it becomes JSON once, in the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from indexer.documents.product import product_document
from indexer.sources.records import Product
from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.labels import label_token
from retrieval.analysis.normalize import normalize
from retrieval.ranking.forward import encode_forward, with_tokens
from retrieval.types import Document, IndexedDocument


@dataclass(frozen=True, slots=True)
class Analysed:
    """A product ready to be written and learned from.

    Attributes:
        title: in its normal form.
        words: those of the title, in order.
    """

    product: Product
    indexed: IndexedDocument
    title: str
    words: Sequence[str]


def analysed(product: Product, analyzer: Analyzer) -> Analysed:
    """For a rebuild, a migration and an edit of words alike."""
    document = product_document(product)
    # One right after the other: the caches of the analyzer hold the last texts, so a title is cut once for all three.
    tokens = tokens_of(document, analyzer)
    forward = encode_forward(record_of(product), analyzer, document.numbers)
    title = normalize(product.title)
    return Analysed(product, IndexedDocument(document, tokens, forward), title, analyzer.segmenter.cut(title))


def with_title_tokens(documents: Sequence[IndexedDocument], tokens: Iterable[bytes]) -> list[IndexedDocument]:
    """The documents with the tokens of their titles (`retrieval.late`) in what ranking reads of them."""
    return [
        replace(each, forward=with_tokens(each.forward, found)) for each, found in zip(documents, tokens, strict=True)
    ]


def tokens_of(document: Document, analyzer: Analyzer) -> dict[str, list[str]]:
    """Searched field → tokens of a product. A label counts as said by the title of what carries it."""
    tokens = {field: analyzer.tokens(text) for field, text in document.text.items()}
    carried = [token for label in document.keywords.get("labels", ()) if (token := label_token(label))]
    return {**tokens, "title": [*tokens.get("title", ()), *carried]} if carried else tokens


def record_of(product: Product) -> dict[str, Any]:
    """The fields that ranking and learning read, as they stand in the record."""
    shop = product.shop
    return {
        "title": product.title,
        "brand": product.brand,
        "category": product.category,
        "attributes": product.attributes,
        "shop": {"id": shop.id, "name": shop.name} if shop else None,
        "rating": product.rating,
        "reviews": product.reviews,
        "spu_id": product.spu_id,
        "return_rate": product.return_rate,
        "complaint_rate": product.complaint_rate,
        "fulfilment_rate": product.fulfilment_rate,
        "sales_30d": product.sales_30d,
        "services": product.services,
        "labels": product.labels,
        "listing": (product.model_extra or {}).get("listing"),
    }
