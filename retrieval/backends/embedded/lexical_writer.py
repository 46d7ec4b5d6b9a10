"""What of a document goes into tantivy: an inverted index over tokens we made, and filters as terms.

A document has one index field per searched field, with its term frequencies; one field ``match`` with the tokens of all
of them, which says cheaply whether a term is anywhere in the document; and one field ``filter`` of exact values.
tantivy's own tokenizer only splits at the spaces we put between tokens.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tantivy

from retrieval.backends.common.tokens import distinct, field_texts
from retrieval.backends.common.values import SOLD_OUT
from retrieval.schema import Schema
from retrieval.types import IndexedDocument

HEAP_BYTES = 128_000_000
SPLIT = "\x1f"
"""Between the name of a filter and its value."""
IN_STOCK = f"stock{SPLIT}in"


class LexicalWriter:
    """Writes documents in order of row; everything is on disk after `finish`."""

    def __init__(self, folder: Path, schema: Schema) -> None:
        folder.mkdir(parents=True)
        self._fields = schema.text
        builder = tantivy.SchemaBuilder()
        for field in schema.text:
            builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
        builder.add_text_field("match", tokenizer_name="whitespace", index_option="basic")
        builder.add_text_field("filter", tokenizer_name="raw", index_option="basic")
        builder.add_integer_field("row", indexed=True, fast=True)
        builder.add_integer_field("price", indexed=True, fast=True)
        # One thread: the same documents give the same segments.
        with writing():
            self._writer = tantivy.Index(builder.build(), path=str(folder)).writer(HEAP_BYTES, 1)

    def add(self, row: int, indexed: IndexedDocument) -> None:
        tokens, numbers = indexed.tokens, indexed.document.numbers
        document = tantivy.Document()
        document.add_integer("row", row)
        for field, text in field_texts(self._fields, tokens).items():
            document.add_text(field, text)
        document.add_text("match", distinct(tokens))
        for name, values in indexed.document.keywords.items():
            for value in values:
                document.add_text("filter", name + SPLIT + value)
        if numbers.get("stock") != SOLD_OUT:
            document.add_text("filter", IN_STOCK)
        if (price := numbers.get("price")) is not None:
            document.add_integer("price", price)
        with writing():
            self._writer.add_document(document)

    def finish(self) -> None:
        with writing():
            self._writer.commit()
            self._writer.wait_merging_threads()

    def close(self) -> None:
        """Ends tantivy's threads, which would go on writing into a folder that is being taken away."""
        vars(self).pop("_writer", None)


class LexicalAmender(LexicalWriter):
    """Writes into an index that is there. `heap_bytes`: what it may hold in memory, ≥ 15 MB."""

    def __init__(self, folder: Path, schema: Schema, heap_bytes: int = HEAP_BYTES) -> None:
        self._fields = schema.text
        with writing():
            self._writer = tantivy.Index.open(str(folder)).writer(heap_bytes, 1)

    def remove(self, row: int) -> None:
        """Takes the document of `row` out, as it was added before."""
        # Only for signed fields: a term of an unsigned one would be of another type and delete nothing.
        with writing():
            self._writer.delete_documents_by_term("row", row)


@contextmanager
def writing() -> Iterator[None]:
    """What tantivy says of a full disk, as ValueError or as a panic (a BaseException), becomes an OSError."""
    try:
        yield
    except BaseException as why:
        if isinstance(why, ValueError) or type(why).__name__ == "PanicException":
            raise OSError(f"the text index cannot be written: {why}") from None
        raise
