"""What both backends index of a document's tokens, so that both count the same documents and the same lengths.

BM25 needs the number of documents N and their mean length. Lucene takes both over the documents that have the field,
tantivy over all of them. Where every document has every field, the two are the same numbers: a field without text is
given one token that no text has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

ABSENT = "="
"""Stands in a field without text; normalisation turns the character into a space, so no query asks for it."""


def field_texts(fields: Iterable[str], tokens: Mapping[str, list[str]]) -> dict[str, str]:
    """Each of the searched `fields` → its tokens with spaces between them."""
    return {field: " ".join(tokens.get(field, ())) or ABSENT for field in fields}


def distinct(tokens: Mapping[str, list[str]]) -> str:
    """The tokens of all fields once, with spaces between them; without `ABSENT`."""
    return " ".join(dict.fromkeys(word for words in tokens.values() for word in words))


def with_text(tokens: Mapping[str, list[str]]) -> Iterable[str]:
    """The fields that have text."""
    return (field for field, words in tokens.items() if words)
