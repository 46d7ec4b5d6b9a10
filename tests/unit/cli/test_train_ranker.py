"""Which features `train-ranker` and `eval ablate` learn: those that are named, each once; without a name those that
order in the file of weights and that judgments of words teach."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.train_ranker import names_of
from configs.settings import RANKING
from retrieval.errors import InputError, SettingsError
from retrieval.ranking.model import load_ranking


def test_features() -> None:
    base = RANKING / "e5.yaml"
    assert names_of(" cosine,bm25, cosine,", base) == ("cosine", "bm25")
    names = names_of(None, base)
    assert {"late_interaction", "thing", "contradiction", "bm25"} <= set(names)
    assert set(load_ranking(base).order) - set(names) >= {"popularity", "quality", "freshness", "price_fit", "wish_fit"}


def test_nothing_to_learn(tmp_path: Path) -> None:
    weights = (RANKING / "none.yaml").read_text(encoding="utf-8")
    file = tmp_path / "prices.yaml"
    file.write_text(
        re.sub(r"order:.*?\nrelevance:", "order: {price_fit: 1}\nrelevance:", weights, flags=re.S), encoding="utf-8"
    )
    with pytest.raises(InputError, match="nothing in these weights"):
        names_of(None, file)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        names_of(None, tmp_path / "none.yaml")
