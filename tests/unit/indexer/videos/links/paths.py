"""What a path through a chain is worth, written out as its definition says."""

from __future__ import annotations

from indexer.videos.links.chain import NOTHING, Scores


def path_score(scores: Scores, path: list[int]) -> float:
    """The logarithm of the weight of one path."""
    total, before = 0.0, NOTHING
    for t, state in enumerate(path):
        if state == NOTHING:
            total += scores.outside[t] + (scores.leave[t] if before != NOTHING else 0.0)
        else:
            total += scores.during[t, state]
            if state != before:
                total += scores.enter[t, state] + (scores.switch[t] if before != NOTHING else 0.0)
        before = state
    return float(total)
