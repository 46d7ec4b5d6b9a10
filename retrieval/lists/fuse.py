"""Every candidate's score in every channel, and their fused score: what orders a list before anybody looks closely."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.fusion.fusers import ChannelScores, Fuser
from retrieval.lists.select import Selection
from retrieval.protocols import IndexReader
from retrieval.recall.matches import ChannelMatch, Matches
from retrieval.types import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Fused:
    """Scores of the candidates of a selection, in the order of its rows. All arrays have shape (n,).

    Attributes:
        channels: channel → raw scores and ranks.
        contributions: channel → its part of each score.
        scores: their sum.
    """

    channels: dict[str, ChannelScores]
    contributions: dict[str, FloatArray]
    scores: FloatArray


def fuse(reader: IndexReader, matches: Matches, selection: Selection, fuser: Fuser) -> Fused:
    """Scores every candidate in each channel, whichever recalled it."""
    channels = {name: _channel(reader, found, selection, name) for name, found in matches.found.items()}
    contributions = fuser(channels)
    scores = np.zeros(len(selection.rows), np.float32)
    for part in contributions.values():
        scores += part
    return Fused(channels, contributions, scores)


def _channel(reader: IndexReader, match: ChannelMatch, selection: Selection, name: str) -> ChannelScores:
    """What the channel did not recall scores nothing, unless it is worth asking for (`ChannelMatch.measure`)."""
    rows, chosen, asked = selection.rows, selection.chosen[name], selection.measured
    values = np.full(len(rows), match.scale[0], np.float32)
    if len(asked) and (known := match.measure(reader, asked)) is not None:
        values[np.searchsorted(rows, asked)] = known
    places = np.searchsorted(rows, chosen.rows)
    values[places] = chosen.scores
    return ChannelScores(values, _ranks(len(rows), places), match.scale)


def _ranks(size: int, places: IntArray) -> IntArray:
    ranks = np.zeros(size, np.int64)
    ranks[places] = np.arange(1, len(places) + 1)
    return ranks
