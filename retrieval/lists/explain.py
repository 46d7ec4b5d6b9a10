"""Every part of a hit's score, and what placed it, so that whoever asks “why is this here?” can add it up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retrieval.answer import ScoreParts
from retrieval.fusion.fusers import Fuser
from retrieval.lists.arrange import Arranged
from retrieval.lists.score import Scored
from retrieval.protocols import IndexReader
from retrieval.recall.matches import Matches
from retrieval.types import FloatArray


def explain(
    reader: IndexReader, matches: Matches, arranged: Arranged, places: Sequence[int], fuser: Fuser
) -> list[ScoreParts]:
    """The parts of the scores at `places` of the list."""
    scored = arranged.list
    by_field = _field_scores(reader, matches, scored, places)
    return [
        ScoreParts(
            score=float(scored.scores[place]),
            channels={
                name: {
                    "rank": int(channel.ranks[place]) or None,
                    "value": float(channel.values[place]),
                    "centre": channel.scale[0],
                    "unit": channel.scale[1],
                    "contribution": float(scored.contributions[name][place]),
                }
                for name, channel in scored.channels.items()
            },
            fields={field: float(scores[i]) for field, scores in by_field.items() if scores[i]},
            features={name: float(parts[place]) for name, parts in scored.features.items()},
            formula="sum of weight · feature" if scored.looked_at[place] else fuser.formula,
            placed=arranged.why(place),
        )
        for i, place in enumerate(places)
    ]


def _field_scores(
    reader: IndexReader, matches: Matches, scored: Scored, places: Sequence[int]
) -> dict[str, FloatArray]:
    """Field → its part of the BM25 score at each place; 0 for what words did not recall."""
    if matches.lexical is None or "lexical" not in scored.channels:
        return {}
    query, rows = matches.lexical.query, scored.rows[list(places)]
    recalled = scored.channels["lexical"].ranks[list(places)] > 0
    return {
        field: reader.lexical_scores(replace(query, fields={field: weight}), rows) * recalled
        for field, weight in query.fields.items()
    }
