"""Ranking on the real catalogue, without an encoder:

1. Forward rows take ≤ 300 bytes a document on average, and the words of 20,000 titles are learned.
2. 铁锅 is nearer to 炒锅, and 毛衣 to 针织衫, than to each other.
3. The absolute score tells judged pairs (titles that are in no catalogue) apart: AUC ≥ 0.68.
4. For 100 random texts of Latin letters, of 2,000 titles none reaches the floor in ≥ 98 %.
"""

from __future__ import annotations

import random
import string
from pathlib import Path

import numpy as np
import orjson
import pytest
from scipy.stats import rankdata

from configs.settings import LEXICON
from indexer.learning.word_learner import WordLearner
from retrieval.ranking.features.pairs import Pairs
from retrieval.ranking.features.registry import measure
from retrieval.ranking.forward import ForwardRows, encode_forward, word_hash
from retrieval.ranking.model import load_ranking
from retrieval.ranking.relevance import pair_features, probability
from retrieval.ranking.setting import Setting
from retrieval.ranking.word_space import WordSpace
from tests.real.catalogue import drawn, real_titles
from tests.title_index import built_in_analyzer

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

TITLES = 20_000
MODEL = load_ranking(LEXICON.parent / "ranking" / "none.yaml")


@pytest.fixture(scope="module")
def forward(real_data: Path) -> list[bytes]:
    return [
        encode_forward({"title": title}, built_in_analyzer()) for title in drawn(real_titles(real_data), TITLES, seed=1)
    ]


@pytest.fixture(scope="module")
def space(forward: list[bytes]) -> WordSpace:
    learner = WordLearner()
    learner.add(forward)
    return learner.finish()


def test_rows_are_short(forward: list[bytes]) -> None:
    assert np.mean([len(row) for row in forward]) <= 300


def test_neighbours(space: WordSpace) -> None:
    words = space.find(np.array([word_hash(w) for w in ("铁锅", "炒锅", "毛衣", "针织衫")], np.uint32))
    cosines = space.cosines(words, words)
    assert min(cosines[0, 1], cosines[2, 3]) > max(cosines[0, 2], cosines[0, 3])


def test_absolute_score(real_data: Path, space: WordSpace) -> None:
    lines = (real_data / "relevance" / "ecomqa_relevance_dev.jsonl").read_bytes().splitlines()
    pairs = [orjson.loads(line) for line in lines]
    labels = np.array([pair["label"] for pair in pairs], bool)
    analyzer, logistic = built_in_analyzer(), MODEL.relevance

    def score(query: str, title: str) -> float:
        text = analyzer.query(query)
        features = pair_features(text, title, logistic.names, analyzer=analyzer, space=space, setting=Setting())
        return float(probability(logistic, features, 1)[0])

    scores = [score(pair["query"], pair["title"]) for pair in pairs]
    good, bad = labels.sum(), (~labels).sum()
    auc = (rankdata(scores)[labels].sum() - good * (good + 1) / 2) / (good * bad)
    assert auc >= 0.68


def test_random_letters_have_no_answer(forward: list[bytes], space: WordSpace) -> None:
    rng = random.Random(2)
    rows = ForwardRows.decode(forward[:2_000])
    answered = 0
    for _ in range(100):
        text = built_in_analyzer().query("".join(rng.choices(string.ascii_lowercase, k=rng.randint(5, 12))))
        pairs = Pairs.of(text, Setting(), rows, space, {})
        grounds = probability(MODEL.floor, measure(pairs, MODEL.floor.names), pairs.size)
        answered += bool(grounds.max() >= MODEL.least)
    assert answered <= 2
