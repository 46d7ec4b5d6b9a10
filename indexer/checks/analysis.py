"""The index was cut by the analyzer that will read queries, into words that a dictionary knows.

Three looks, since each alone is blind: what stands in the index is what the analyzer makes of the records now; the
words of an unchanged title are those of the served generation; and words are longer than characters, which is all that
can be asked for where nothing is served yet.
"""

from __future__ import annotations

import re

import numpy as np

from indexer.checks.context import ENOUGH, CheckContext, reaches
from indexer.checks.sample import Pairs, Sample, spaced
from indexer.documents.analysed import analysed
from indexer.sources.records import Product
from retrieval.protocols import IndexReader
from retrieval.ranking.forward import ForwardRows, with_tokens
from retrieval.schema import PRODUCT
from retrieval.types import IndexedDocument, IntArray, LexicalQuery

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_SHARE = 0.9
"""Of the looked at products; a record that a backend rounds may differ."""
_TOKENS = 60
"""Tokens of a product that are looked up."""


def analysis(context: CheckContext) -> list[str]:
    """The analyzer, the index, what ranking reads and the dictionary agree."""
    made = context.reader.manifest.analyzer
    if made != context.analyzer.fingerprint:
        return [f"the generation was built with analyzer {made}, this is {context.analyzer.fingerprint}"]
    return [*_cut_as_now(context), *_same_words(context), *_long_words(context)]


def _cut_as_now(context: CheckContext) -> list[str]:
    """A document has every token of the record, and what ranking reads is made of the record."""
    reader, sample = context.reader, context.sample
    places = spaced(len(sample), context.gates.analysed)
    made = [analysed(Product.model_validate(sample.records[place]), context.analyzer).indexed for place in places]
    ids = [each.document.id for each in made]
    worded = [each for each in made if any(each.tokens.values())]
    counts = reader.lexical_counts([_having_all(each) for each in worded], 1)
    lost = [each.document.id for each, count in zip(worded, counts, strict=True) if not count]
    stored = reader.forward(sample.rows[places])
    other = [id for id, each, row in zip(ids, made, stored, strict=True) if each.forward != with_tokens(row, b"")]
    kinds = {
        "are indexed without words that the analyzer finds in them": lost,
        "are ranked by other words or numbers than their records have": other,
    }
    return [
        f"{len(found)} of {len(places)} products {what}, e.g. {', '.join(found[:5])}"
        for what, found in kinds.items()
        if not reaches(len(places) - len(found), _SHARE, len(places))
    ]


def _having_all(indexed: IndexedDocument) -> LexicalQuery:
    tokens = list(dict.fromkeys(token for tokens in indexed.tokens.values() for token in tokens))[:_TOKENS]
    return LexicalQuery(dict.fromkeys(tokens, 1.0), dict.fromkeys(PRODUCT.text, 1.0), ((tuple(tokens),),), 1)


def _same_words(context: CheckContext) -> list[str]:
    """The median share of words that an unchanged title has in both generations (Jaccard)."""
    pairs = context.pairs.of_one_title()
    if context.served is None or len(pairs) < ENOUGH:
        return []
    median = float(np.median(_overlaps(pairs, context.reader, context.served)))
    if median >= context.gates.same_words:
        return []
    return [
        f"unchanged titles share {median:.0%} of their words with the published generation (median of "
        f"{len(pairs):,}); at least {context.gates.same_words:.0%} are asked for (gates.same_words): another "
        "dictionary?"
    ]


def _overlaps(pairs: Pairs, reader: IndexReader, served: IndexReader) -> list[float]:
    now, before = _words(reader, pairs.now.rows), _words(served, pairs.before.rows)
    return [len(one & two) / max(1, len(one | two)) for one, two in zip(now, before, strict=True)]


def _words(reader: IndexReader, rows: IntArray) -> list[set[int]]:
    forward = ForwardRows.decode(reader.forward(rows))
    return [
        set(forward.words[start:end].tolist())
        for start, end in zip(forward.starts[:-1].tolist(), forward.starts[1:].tolist(), strict=True)
    ]


def _long_words(context: CheckContext) -> list[str]:
    """Mean characters of a Chinese word in titles, as the segmenter cuts them."""
    words = _han_words(context.sample, context)
    if len(words) < ENOUGH:
        return []
    mean = sum(map(len, words)) / len(words)
    if mean >= context.gates.word_chars:
        return []
    return [
        f"Chinese words of titles have {mean:.2f} characters on average; at least {context.gates.word_chars:g} are "
        "asked for (gates.word_chars): the dictionary of the segmenter is broken or gone"
    ]


def _han_words(sample: Sample, context: CheckContext) -> list[str]:
    places = spaced(len(sample), 4 * context.gates.analysed)
    cut = (context.analyzer.segmenter.cut(str(sample.records[place]["title"])) for place in places.tolist())
    return [word for words in cut for word in words if _HAN.fullmatch(word)]
