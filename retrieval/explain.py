"""Every part of a hit's score, so that whoever asks “why is this here?” can add it up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from retrieval.fusion.fusers import Fuser
from retrieval.protocols import IndexReader
from retrieval.results import Matches, ResultList
from retrieval.types import IntArray, ScoreParts


def explain(
    reader: IndexReader, matches: Matches, results: ResultList, places: Sequence[int], fuser: Fuser
) -> list[ScoreParts]:
    """The parts of the scores at `places` of the list."""
    by_field = _field_scores(reader, matches, results.rows[list(places)])
    return [
        ScoreParts(
            score=float(results.scores[place]),
            channels={
                name: {
                    "rank": int(channel.ranks[place]) or None,
                    "value": float(channel.values[place]),
                    "centre": channel.scale[0],
                    "unit": channel.scale[1],
                    "contribution": float(results.contributions[name][place]),
                }
                for name, channel in results.channels.items()
            },
            fields={field: float(scores[i]) for field, scores in by_field.items() if scores[i]},
            features={name: float(parts[place]) for name, parts in results.features.items()},
            formula=_formula(results, place, fuser),
        )
        for i, place in enumerate(places)
    ]


def _formula(results: ResultList, place: int, fuser: Fuser) -> str:
    if not results.features:
        return fuser.formula
    looked_at = results.relevance is not None and not np.isnan(results.relevance[place])
    return "sum of weight · feature" if looked_at else f"{fuser.formula}, behind what was looked at closely"


def _field_scores(reader: IndexReader, matches: Matches, rows: IntArray) -> dict[str, np.ndarray]:
    if matches.lexical is None:
        return {}
    query = matches.lexical.query
    return {
        field: reader.lexical_scores(replace(query, fields={field: weight}), rows)
        for field, weight in query.fields.items()
    }
