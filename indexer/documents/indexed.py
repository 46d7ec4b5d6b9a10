"""A document → what the writer gets: its tokens, and what ranking reads of it."""

from __future__ import annotations

import orjson

from retrieval.analysis.analyzer import Analyzer
from retrieval.ranking.forward import encode_forward
from retrieval.types import Document, IndexedDocument


def indexed_document(document: Document, analyzer: Analyzer) -> IndexedDocument:
    """Analysed once here, for a rebuild and for a migration alike."""
    tokens = {field: analyzer.tokens(text) for field, text in document.text.items()}
    return IndexedDocument(document, tokens, encode_forward(orjson.loads(document.source), analyzer, document.numbers))
