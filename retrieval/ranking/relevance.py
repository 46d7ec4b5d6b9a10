"""An absolute score: how probable it is that a document answers, whatever else the list holds.

    P = 1 / (1 + exp -(bias + Σ weight · feature))

with weights learned from judged pairs (`retrieval.ranking.train.fit_logistic`; Platt 1999, “Probabilistic Outputs for
Support Vector Machines”). No min-max: the best of a hopeless list is still hopeless. The same query and title give the
same number in any catalogue that taught the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from retrieval.analysis.analyzer import Analyzer, QueryText
from retrieval.ranking.features.pairs import Pairs
from retrieval.ranking.features.registry import measure
from retrieval.ranking.forward import ForwardRows, encode_forward, with_tokens
from retrieval.ranking.model import Logistic
from retrieval.ranking.setting import Setting
from retrieval.ranking.things import Meaning
from retrieval.ranking.word_space import WordSpace
from retrieval.types import FloatArray


def probability(logistic: Logistic, features: Mapping[str, FloatArray], size: int) -> FloatArray:
    """Of feature → values (size,), all those that `logistic` names: probabilities, shape (size,), in [0, 1]."""
    logits = np.full(size, logistic.bias, np.float64)
    for name, weight in zip(logistic.names, logistic.weights, strict=True):
        logits += weight * features[name]
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -60.0, 60.0))), np.float32)


def pair_features(
    text: QueryText, title: str, names: Iterable[str], *, analyzer: Analyzer, space: WordSpace,
    setting: Setting, cosine: float = 0.0, meaning: Meaning | None = None, tokens: bytes = b"",
) -> dict[str, FloatArray]:  # fmt: skip
    """Feature → value, shape (1,), of a query and a title that need not be in the catalogue.

    Args:
        names: features that do not compare with a catalogue (`Feature.absolute`).
        setting: what the query says besides (`retrieval.ranking.setting`); an empty one weighs all words alike.
        cosine: of the vectors of query and title; 0 without an encoder.
        meaning: these vectors; None without an encoder.
        tokens: those of the title, where the encoder keeps them.
    """
    rows = ForwardRows.decode([with_tokens(encode_forward({"title": title}, analyzer), tokens)])
    pairs = replace(Pairs.of(text, setting, rows, space, {}, meaning), cosine=np.array([cosine], np.float32))
    return measure(pairs, names)
