"""Which documents an edit of user words or units changes, found by the index: those that contain such a word.

The characters of a word stand together in a document only where its bigrams are among the tokens, so the index that is
served finds the candidates without reading the catalogue; comparing what the analyzer makes of them decides.

The segmenter weighs words by their share of all frequencies. So a new word can, seldom, shift a cut in a text that does
not contain it: 1 title of 40,000 for one word of the usual frequency, 4 for ten. Those keep their tokens until the
next rebuild; as terms are matched by characters, they are found all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from indexer.documents.analysed import Analysed, tokens_of
from indexer.migrate import SCHEMAS, again, documents
from retrieval.analysis.analyzer import Analyzer, grams
from retrieval.analysis.lexicon import Lexicon
from retrieval.protocols import IndexReader
from retrieval.schema import PRODUCT
from retrieval.types import Filters, IndexedDocument, IntArray, LexicalQuery

_BATCH = 1024
_WORDS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Compared:
    """A document that contains an edited word, in its new form; `changes` where that is another than the old one."""

    row: int
    document: Analysed
    changes: bool


def edited_words(old: Lexicon, new: Lexicon) -> tuple[str, ...]:
    """User words and names of units that only one of the two has, or has otherwise; sorted."""
    words = {word for word, _ in set(old.user_words) ^ set(new.user_words)}
    units = {name for name in old.units.keys() | new.units.keys() if old.units.get(name) != new.units.get(name)}
    return tuple(sorted(words | units))


def affected(reader: IndexReader, old: Analyzer, new: Analyzer, most: int | None = None) -> Iterator[Compared]:
    """The documents that contain an edited word, in order of row; about 0.5 ms each.

    Args:
        old: what made the tokens of `reader`.
        most: no more documents than these, None for all.
    """
    rows = _containing(reader, edited_words(old.lexicon, new.lexicon), reader.rows if most is None else most)
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        for row, document, forward in zip(
            batch.tolist(), documents(reader, new, batch), reader.forward(batch), strict=True
        ):
            indexed = document.indexed
            before = tokens_of(indexed.document, old)
            yield Compared(row, document, before != indexed.tokens or forward != indexed.forward)


def affected_speech(
    reader: IndexReader, kind: str, old: Analyzer, new: Analyzer
) -> Iterator[tuple[int, IndexedDocument]]:  # fmt: skip
    """Rows of moments or videos whose tokens change, with their new documents."""
    fields = SCHEMAS[kind].text
    rows = _containing(reader, edited_words(old.lexicon, new.lexicon), reader.rows, fields)
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        for row, indexed in zip(batch.tolist(), again(kind, reader.sources(batch), new), strict=True):
            if {field: old.tokens(text) for field, text in indexed.document.text.items()} != indexed.tokens:
                yield row, indexed


def _containing(
    reader: IndexReader, words: tuple[str, ...], most: int, fields: Sequence[str] = PRODUCT.text
) -> IntArray:  # fmt: skip
    found: set[int] = set()
    for start in range(0, len(words), _WORDS_AT_ONCE):
        ways = tuple(tuple(grams(word)) for word in words[start : start + _WORDS_AT_ONCE])
        scored = {tokens[0]: 1.0 for tokens in ways}
        query = LexicalQuery(scored, dict.fromkeys(fields, 1.0), (ways,), need=1)
        found.update(reader.lexical(query, Filters(), min(most, reader.rows)).rows.tolist())
    return np.array(sorted(found)[:most], np.int64)
