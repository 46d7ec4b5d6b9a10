"""Every part of a hit's score, so that whoever asks “why is this here?” can add it up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from retrieval.fusion.fusers import Fuser
from retrieval.protocols import IndexReader
from retrieval.results import Matches, ResultList
from retrieval.types import FloatArray, ScoreParts


def explain(
    reader: IndexReader, matches: Matches, results: ResultList, places: Sequence[int], fuser: Fuser
) -> list[ScoreParts]:
    """The parts of the scores at `places` of the list."""
    by_field = _field_scores(reader, matches, results, places)
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


def _field_scores(
    reader: IndexReader, matches: Matches, results: ResultList, places: Sequence[int]
) -> dict[str, FloatArray]:
    """Field → its part of the BM25 score at each place; 0 for what words did not recall."""
    if matches.lexical is None or "lexical" not in results.channels:
        return {}
    query, rows = matches.lexical.query, results.rows[list(places)]
    recalled = results.channels["lexical"].ranks[list(places)] > 0
    return {
        field: reader.lexical_scores(replace(query, fields={field: weight}), rows) * recalled
        for field, weight in query.fields.items()
    }
