"""Every part of a hit's score, and what placed it, so that whoever asks “why is this here?” can add it up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retrieval.answer import InterestPart, PersonalParts, ScoreParts
from retrieval.fusion.fusers import Fuser
from retrieval.interest.wording import strongest_reason
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
            features=scored.parts(place),
            formula="sum of weight · feature" if scored.looked_at[place] else fuser.formula,
            placed=arranged.why(place),
            personal=_personal(arranged, place),
            rules=scored.effects.get(int(scored.rows[place]), ()),
        )
        for i, place in enumerate(places)
    ]


def because_of(arranged: Arranged, place: int) -> str | None:
    """A sentence for the shopper from the strongest interest, where the hit stands further in front for it."""
    liking = arranged.liking
    if liking is None or place >= len(liking.parts) or arranged.neutral_place(place) <= place:
        return None
    return strongest_reason(liking.interests, liking.parts[place])


def _personal(arranged: Arranged, place: int) -> PersonalParts | None:
    liking = arranged.liking
    if liking is None or place >= len(liking.parts):
        return None
    parts = [
        InterestPart(interest.dimension, interest.value, float(part))
        for interest, part in zip(liking.interests, liking.parts[place], strict=True)
        if part
    ]
    strongest = sorted(parts, key=lambda part: (-abs(part.contribution), part.dimension, part.value))
    return PersonalParts(float(liking.scores[place]), tuple(strongest))


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
