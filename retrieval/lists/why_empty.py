"""What an empty list is asked for its autopsy: hits under other filters, and words that no document has."""

from __future__ import annotations

from collections.abc import Callable

from retrieval.errors import DeadlineExceeded
from retrieval.lists.relax import Answer
from retrieval.protocols import IndexReader
from retrieval.recall.matches import Matches
from retrieval.types import Filters, LexicalQuery
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import Autopsy, Plan
from retrieval.understanding.ways_out.autopsy import autopsy

_TERMS_LOOKED_UP = 8


def why_empty(
    reader: IndexReader, plan: Plan, matches: Matches, answer: Answer, chosen: Filters, knowledge: Knowledge,
    late: tuple[str, ...], hits_under: Callable[[Filters], int],
) -> Autopsy:  # fmt: skip
    """Why the list of a request is empty.

    Args:
        chosen: filters of the caller.
        late: channels that did not answer.
        hits_under: counts the list under other filters; raises DeadlineExceeded when no time is left.
    """

    def counts(filters: Filters) -> int | None:
        try:
            return hits_under(filters)
        except DeadlineExceeded:
            return None

    scored = answer.arranged.list
    nearest = (scored.denied, scored.best) if scored.denied and scored.best is not None else None
    unknown = _unknown(reader, plan, matches, knowledge)
    return autopsy(plan, chosen, knowledge, counts, unknown=unknown, failed=late, nearest=nearest)


def _unknown(reader: IndexReader, plan: Plan, matches: Matches, knowledge: Knowledge) -> tuple[str, ...]:
    """Terms of the query that no document has; none where the words were not searched."""
    if matches.lexical is None:
        return ()
    terms = [term for term in plan.text.required if term.text not in knowledge.words][:_TERMS_LOOKED_UP]
    try:
        found = list(reader.lexical_counts([LexicalQuery({}, {}, (term.alternatives,), 1) for term in terms], 1))
    except DeadlineExceeded:
        return ()
    return tuple(term.text for term, count in zip(terms, found, strict=True) if not count)
