"""What an encoder is worth on judged lists, as it serves: int8, tokens of half a byte a number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from eval.pairs import auc
from eval.tuning.judged import ANSWER, JudgedList
from retrieval.late.encoder import TokenEncoder
from retrieval.late.titles import TitleTokens
from retrieval.ranking.train import ndcg
from retrieval.types import FloatArray


@dataclass(frozen=True, slots=True)
class Worth:
    """Of one score. ndcg: mean nDCG@10 of the judged titles of queries with an answer, gain 2^grade − 1, in [0, 1];
    auc: of answers against the rest, all lists together."""

    ndcg: float
    auc: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What cosines are worth, and tokens; None where the encoder keeps none."""

    cosine: Worth
    tokens: Worth | None


def measured(
    encoder: TokenEncoder,
    lists: Sequence[JudgedList],
    watch: Callable[[Sequence[JudgedList]], Iterable[JudgedList]] = iter,
) -> Measured:
    """Orders the titles of each list by what the encoder says; `watch` sees how far it is."""
    cosines, tokens, kept = [], [], True
    for one in watch(lists):
        asked = encoder.read_queries([one.query])[0]
        offered = encoder.encode_titles(one.titles)
        near = offered.vectors @ asked.vector
        cosines.append(near)
        kept = kept and asked.tokens is not None
        if asked.tokens:
            tokens.append(asked.tokens.read(TitleTokens.decode(offered.tokens), near))
    return Measured(_worth(cosines, lists), _worth(tokens, lists) if kept else None)


def _worth(scores: Sequence[FloatArray], lists: Sequence[JudgedList]) -> Worth:
    pairs = list(zip(scores, lists, strict=True))
    found = [ndcg(score, 2.0**one.grades - 1) for score, one in pairs if one.answered]
    good = np.concatenate([one.grades for one in lists]) >= ANSWER
    return Worth(round(float(np.mean(found)), 4), round(auc(np.concatenate(scores), good), 4))
