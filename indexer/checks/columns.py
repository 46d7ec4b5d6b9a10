"""What is filtered, sorted and counted is what the records say: columns of other rows make every facet a lie."""

from __future__ import annotations

from collections import Counter

from indexer.checks.context import CheckContext
from indexer.checks.sample import Record
from indexer.documents.product import product_document
from indexer.sources.records import Product
from retrieval.schema import PRODUCT
from retrieval.types import MISSING, Document

_COUNTED = ("brand", "category", "shop", "labels")


def columns(context: CheckContext) -> list[str]:
    """Of the sampled rows, every number is that of its record, and brands, categories and shops count the same."""
    rows, documents = context.sample.rows, [_document(record) for record in context.sample.records]
    problems = []
    for sort, (name, sign) in PRODUCT.sorts.items():
        keys = context.reader.sort_keys(sort, rows).tolist()
        wanted = [_key(document.numbers.get(name), sign) for document in documents]
        if wrong := [document.id for document, key, right in zip(documents, keys, wanted, strict=True) if key != right]:
            problems.append(
                f"column {name} disagrees with {len(wrong):,} of {len(rows):,} records, e.g. {', '.join(wrong[:5])}"
            )
    found = context.reader.facets(_COUNTED, rows)
    for name in _COUNTED:
        counted = {value.value: value.count for value in found[name]}
        told = Counter(value for document in documents for value in dict.fromkeys(document.keywords.get(name, ())))
        if counted != told:
            odd = max(sorted(counted.keys() | told.keys()), key=lambda v: abs(counted.get(v, 0) - told[v]))
            problems.append(
                f"column {name} disagrees with the records: {odd} stands {counted.get(odd, 0):,} times there, and "
                f"{told[odd]:,} times in the records"
            )
    return list(dict.fromkeys(problems))


def _document(record: Record) -> Document:
    return product_document(Product.model_validate(record))


def _key(value: int | None, sign: int) -> int:
    return MISSING if value is None else sign * value
