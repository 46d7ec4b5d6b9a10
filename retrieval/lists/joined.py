"""Candidates beside others: what an operator puts into a list that no channel found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from retrieval.fusion.fusers import ChannelScores
from retrieval.lists.score import Scored
from retrieval.types import IntArray


def joined(one: Scored, other: Scored) -> Scored:
    """Both, the other behind; they are scored by the same channels and features."""
    at = [np.full(len(of.rows), -1) if of.parts_at is None else of.parts_at for of in (one, other)]
    return replace(
        one,
        rows=np.concatenate([one.rows, other.rows]),
        scores=np.concatenate([one.scores, other.scores]),
        contributions={
            name: np.concatenate([part, other.contributions[name]]) for name, part in one.contributions.items()
        },
        channels={name: _channels(channel, other.channels[name]) for name, channel in one.channels.items()},
        relevance=np.concatenate([one.relevance, other.relevance]),
        groups=np.concatenate([one.groups, other.groups]),
        shops=np.concatenate([one.shops, other.shops]),
        brands=np.concatenate([one.brands, other.brands]),
        parts_at=None if one.parts_at is None and other.parts_at is None else np.concatenate(at),
        effects={**one.effects, **other.effects},
    )


def unmatched(beside: Scored, rows: IntArray) -> Scored:
    """Rows that no channel recalled, to be joined to others: nobody looked at them, and nothing is in their scores."""
    size = len(rows)
    channels = {
        name: ChannelScores(np.full(size, channel.scale[0], np.float32), np.zeros(size, np.int64), channel.scale)
        for name, channel in beside.channels.items()
    }
    return replace(
        beside,
        rows=rows,
        scores=np.zeros(size, np.float32),
        contributions={name: np.zeros(size, np.float32) for name in beside.contributions},
        channels=channels,
        relevance=np.full(size, np.nan, np.float32),
        groups=np.zeros(size, np.uint64),
        shops=np.zeros(size, np.uint32),
        brands=np.zeros(size, np.uint32),
        parts_at=None if beside.parts_at is None else np.full(size, -1),
        effects={},
    )


def _channels(one: ChannelScores, other: ChannelScores) -> ChannelScores:
    values, ranks = (one.values, other.values), (one.ranks, other.ranks)
    return ChannelScores(np.concatenate(values), np.concatenate(ranks), one.scale)
