"""Products keep their ids: under new ones the same catalogue has no links, events, orders and take-downs any more."""

from __future__ import annotations

import numpy as np

from indexer.checks.context import ENOUGH, CheckContext, reaches, surely_fewer
from indexer.checks.sample import Record, read, spaced
from retrieval.schema import PRODUCT
from retrieval.types import Filters, LexicalQuery

_LOOKED_AT = 10
"""Best hits of a title among which the same product would be under another id."""
_TITLE_CHARS = 40


def ids(context: CheckContext) -> list[str]:
    """Most of what is served is there by its id still, or most of what is there was served; and little of it is there
    under another id."""
    served, gates = context.before.records, context.gates
    if len(served) < ENOUGH or len(context.sample) < ENOUGH:
        return []
    found = context.reader.rows_of([str(record["id"]) for record in served])
    lost = [record for record, row in zip(served, found, strict=True) if row is None]
    strange = surely_fewer(len(context.pairs), gates.kept_ids * len(context.sample))
    if strange and surely_fewer(len(served) - len(lost), gates.kept_ids * len(served)):
        return [
            f"{len(lost):,} of {len(served):,} sampled products of the published generation are not there under their "
            f"ids, e.g. {lost[0]['id']}; at least {gates.kept_ids:.0%} must be (gates.kept_ids)"
        ]
    if reaches(len(served) - len(lost), 1 - gates.renamed_ids, len(served)):
        return []
    asked = [lost[place] for place in spaced(len(lost), context.gates.analysed).tolist()]
    renamed = [(one, other) for one in asked if (other := _again(context, one))]
    share = len(lost) / len(served) * len(renamed) / len(asked)
    if share <= gates.renamed_ids:
        return []
    (one, other), *_ = renamed
    return [
        f"about {share:.0%} of the products of the published generation are there under another id, e.g. {one['id']} "
        f"as {other['id']}; at most {gates.renamed_ids:.0%} may be (gates.renamed_ids)"
    ]


def _again(context: CheckContext, record: Record) -> Record | None:
    """A product of the new generation with this title that was not served."""
    query = context.analyzer.query(str(record["title"])[:_TITLE_CHARS])
    asked = LexicalQuery(query.weights, dict.fromkeys(PRODUCT.text, 1.0), (), 0)
    hits = read(context.reader, np.asarray(context.reader.lexical(asked, Filters(), _LOOKED_AT).rows))
    same = [hit for hit in hits if hit["title"] == record["title"]]
    known = context.served.rows_of([str(hit["id"]) for hit in same]) if context.served else []
    return next((hit for hit, row in zip(same, known, strict=True) if row is None), None)
