"""Real indexes over a few documents, and the question whether a query's match condition holds for one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import orjson

from configs.settings import LEXICON
from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.lexicon import Lexicon, load_lexicon
from retrieval.analysis.segment import open_segmenter
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.protocols import Encoder, IndexReader
from retrieval.schema import PRODUCT
from retrieval.types import Document, Filters, IndexedDocument, LexicalQuery

TEXTS = Path(__file__).with_name("data") / "texts.txt"
"""Product titles, an empty line, and queries, one a line; written for these tests."""


def read_titles() -> list[str]:
    return TEXTS.read_text(encoding="utf-8").split("\n\n")[0].splitlines()


def read_texts() -> list[str]:
    """Titles and queries."""
    return [text for text in TEXTS.read_text(encoding="utf-8").splitlines() if text]


def make_analyzer(lexicon: Lexicon, *, segmenter: str = "auto") -> Analyzer:
    return Analyzer(open_segmenter(segmenter, lexicon.user_words), lexicon)


@cache
def built_in_analyzer() -> Analyzer:
    """The analyzer with the built-in lexicon; it cannot change, so all tests of a process share it."""
    return make_analyzer(load_lexicon(LEXICON))


def title_documents(titles: Iterable[str]) -> list[Document]:
    """Document i has title i and, so that a filter can single it out, the label i."""
    return [
        Document(
            id=str(row),
            text={"title": title},
            keywords={"labels": (str(row),)},
            numbers={},
            embedded_text=title,
            source=orjson.dumps({"id": str(row), "title": title}),
        )
        for row, title in enumerate(titles)
    ]


def build_backend(
    folder: Path, documents: Sequence[Document], analyzer: Analyzer, encoder: Encoder | None = None
) -> EmbeddedBackend:
    """A backend in `folder` with one published generation; row i is document i."""
    backend = EmbeddedBackend(folder)
    indexed = [IndexedDocument(d, {name: analyzer.tokens(text) for name, text in d.text.items()}) for d in documents]
    vectors = encoder.encode_documents([d.embedded_text for d in documents]) if encoder else None
    with backend.create(
        analyzer=analyzer.fingerprint,
        encoder=encoder.fingerprint if encoder else None,
        dim=encoder.dim if encoder else 0,
    ) as writer:
        writer.collection(PRODUCT.kind).add(indexed, vectors)
        generation = writer.finish({}, None).generation
    backend.publish(generation)
    return backend


def title_reader(folder: Path, titles: Iterable[str], analyzer: Analyzer) -> IndexReader:
    """A reader over titles; row i is title i."""
    backend = build_backend(folder, title_documents(titles), analyzer)
    return backend.open(backend.current() or "").collection(PRODUCT.kind)


def is_found(reader: IndexReader, analyzer: Analyzer, row: int, query: str) -> bool:
    """Whether title `row` satisfies every required term of `query`: the lexical channel's condition for “all words”."""
    text = analyzer.query(query)
    terms = tuple(term.alternatives for term in text.required)
    asked = LexicalQuery(text.weights, {"title": 1.0}, terms, len(terms))
    only = Filters({"labels": (str(row),)})
    return bool(terms) and reader.lexical(asked, only, 1).rows.tolist() == [row]
