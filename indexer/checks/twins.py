"""A file that was appended twice under new ids shows every product twice."""

from __future__ import annotations

import numpy as np

from indexer.checks.context import ENOUGH, CheckContext
from indexer.checks.sample import Record, Sample, read, spaced
from retrieval.protocols import IndexReader
from retrieval.schema import PRODUCT
from retrieval.types import Filters, LexicalQuery

_LOOKED_AT = 10
"""Best hits of a title among which its twin would be."""
_TITLE_CHARS = 40
_RISE = 0.2
"""By so much the share may be higher than in the served generation."""


def twins(context: CheckContext) -> list[str]:
    """Few products are the same as another one in all but the id, and not far more than before."""
    found, asked = _twins(context, context.reader, context.sample)
    if len(asked) < ENOUGH:
        return []
    share, most = len(found) / len(asked), context.gates.twins
    if context.served is not None and share > _RISE:
        before, of = _twins(context, context.served, context.before)
        most = min(most, len(before) / max(1, len(of)) + _RISE)
    if share <= most:
        return []
    return [
        f"{len(found)} of {len(asked)} products have a twin that is the same but for the id, e.g. "
        f"{', '.join(found[:5])}; at most {most:.0%} may (gates.twins): was a file read twice?"
    ]


def _twins(context: CheckContext, reader: IndexReader, sample: Sample) -> tuple[list[str], list[str]]:
    """Ids of products with a twin, and of all that were asked for."""
    found, asked = [], []
    for place in spaced(len(sample), context.gates.analysed).tolist():
        record = sample.records[place]
        query = context.analyzer.query(str(record["title"])[:_TITLE_CHARS])
        if not query.terms:
            continue
        asked.append(str(record["id"]))
        hits = reader.lexical(
            LexicalQuery(query.weights, dict.fromkeys(PRODUCT.text, 1.0), (), 0), Filters(), _LOOKED_AT
        )
        others = read(reader, np.asarray(hits.rows))
        if any(other["id"] != record["id"] and _rest(other) == _rest(record) for other in others):
            found.append(str(record["id"]))
    return found, asked


def _rest(record: Record) -> dict[str, object]:
    return {name: value for name, value in record.items() if name != "id"}
