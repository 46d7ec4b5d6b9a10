"""What an edit would change, before it is in force: plans and first hits of real queries, and tokens of documents.

The queries are those of the log that the served generation was taught (`Knowledge.queries`), the most frequent first.
An entry can only speak where a piece of its line stands in a query, so only such queries are read twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from indexer.dictionary.affected import affected
from retrieval.analysis.normalize import normalize
from retrieval.protocols import IndexReader
from retrieval.serving.understandings import Understanding
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import Plan

SHOWN = 10
_BETWEEN = re.compile(r"[\t =,|*_]+")
Search = Callable[[str], Mapping[str, str]]
"""A query → id → title of its first `SHOWN` hits, the best first."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a preview looks.

    Attributes:
        queries: most queries that are read twice.
        searched: of those whose plan changes, so many are searched twice.
        documents: most documents that are compared.
    """

    queries: int = 2000
    searched: int = 50
    documents: int = 2000


@dataclass(frozen=True, slots=True)
class QueryChange:
    """A query whose plan changes.

    Attributes:
        count: how often it was asked.
        before, after: the parts of the plan that differ.
        gone, come: hits that leave and enter the first `SHOWN`; None where it was not searched.
    """

    query: str
    count: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    gone: tuple[str, ...] | None = None
    come: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What an edit would change.

    Attributes:
        lines: of the file: ``-`` and ``+``.
        known: queries in the log; `matching`: those with a piece of an edited line; `compared`: those read twice.
        queries: whose plan changes, the most frequent first.
        titles: id → title of the hits that leave and enter.
        documents: whose tokens change, among the first `documents_read` that contain an edited word.
        changed: id → title of the first `SHOWN` of those.
    """

    lines: tuple[str, ...]
    known: int
    matching: int
    compared: int
    queries: tuple[QueryChange, ...]
    titles: Mapping[str, str]
    documents: int
    documents_read: int
    changed: Mapping[str, str]


def preview(
    lines: Sequence[str],
    reader: IndexReader,
    before: Understanding,
    after: Understanding,
    search: tuple[Search, Search],
    bounds: Bounds,
) -> Preview:  # fmt: skip
    """Compares two ways to read queries over one generation.

    Args:
        lines: the edited lines.
        search: with the dictionaries as they are, and as they would be.
    """
    stored = reader.attachment("knowledge")
    log = Knowledge.from_bytes(stored).queries if stored else {}
    pieces = pieces_of(lines)
    matching = [query for query in log if any(piece in query for piece in pieces)]
    compared = matching[: bounds.queries]
    changes: list[QueryChange] = []
    titles: dict[str, str] = {}
    for query in compared:
        old, new = parts_of(before.plan(query)), parts_of(after.plan(query))
        if differing := [name for name in old if old[name] != new[name]]:
            was, is_ = ({name: parts[name] for name in differing} for parts in (old, new))
            gone, come = _moved(query, search) if len(changes) < bounds.searched else (None, None)
            titles |= (gone or {}) | (come or {})
            ids = tuple(None if each is None else tuple(each) for each in (gone, come))
            changes.append(QueryChange(query, log[query], was, is_, *ids))
    documents = list(islice(affected(reader, before.analyzer, after.analyzer), bounds.documents))
    changed = [each.document.product for each in documents if each.changes]
    return Preview(
        lines=tuple(lines),
        known=len(log),
        matching=len(matching),
        compared=len(compared),
        queries=tuple(changes),
        titles=titles,
        documents=len(changed),
        documents_read=len(documents),
        changed={each.id: each.title for each in changed[:SHOWN]},
    )


def pieces_of(lines: Sequence[str]) -> frozenset[str]:
    """The texts between the marks of edited lines, normalised; a comment has none."""
    return frozenset(piece for line in lines for piece in _pieces(line[1:].split("#", 1)[0]))


def parts_of(plan: Plan) -> dict[str, Any]:
    """What a preview compares of a plan, as JSON values."""
    correction = plan.correction
    return {
        "tokens": [term.text for term in plan.text.terms],
        "optional": [term.text for term in plan.text.terms if term.optional],
        "scored": {token: round(weight, 4) for token, weight in plan.text.weights.items()},
        "weights": {term: round(weight, 4) for term, weight in plan.term_weights.items()},
        "rewrite": plan.rewrite and plan.rewrite.text,
        "correction": correction and {"text": correction.text, "action": correction.action},
        "constraints": [constraint.label for constraint in plan.constraints],
        "entities": [f"{entity.kind.value}: {entity.value}" for entity in plan.entities],
        "categories": {guess.category: round(guess.probability, 3) for guess in plan.categories},
        "intent": plan.intent and plan.intent.kind,
    }


def _pieces(text: str) -> Iterator[str]:
    for part in _BETWEEN.split(text):
        # A number is a weight or a factor, unless it is all that there is to look for.
        if (piece := " ".join(normalize(part).split())) and not re.fullmatch(r"\d+(\.\d+)?", piece):
            yield piece


def _moved(query: str, search: tuple[Search, Search]) -> tuple[dict[str, str], dict[str, str]]:
    old, new = (one(query) for one in search)
    leave, enter = ({id: one[id] for id in one if id not in other} for one, other in ((old, new), (new, old)))
    return leave, enter
