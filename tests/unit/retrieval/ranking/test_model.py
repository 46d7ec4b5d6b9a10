"""Files of weights:

1. Every built-in file is read, and asks only for features that exist, of which more is better.
2. An unknown feature, a relative one under a probability, a negative weight, a share above 1, a missing part and a file
   that is none are refused; the error names the file and the place.
3. An old name of a feature is told the new one.
4. The names are all features that any part needs, each once; a weight of 0 needs none.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from configs.settings import LEXICON
from retrieval.errors import SettingsError
from retrieval.ranking.features.registry import FEATURES
from retrieval.ranking.model import load_ranking

BUILT_IN = sorted((LEXICON.parent / "ranking").glob("*.yaml"))
GOOD = """
order: {term_coverage: 5, bm25: 1}
relevance: {bias: -2, weights: {term_coverage: 4}}
floor: {bias: -6, weights: {character_coverage: 8}, least: 0.2, codes: 0.3, unknown: 0.6, strict: 0.8}
"""


@pytest.mark.parametrize("path", BUILT_IN, ids=lambda path: path.stem)
def test_built_in(path: Path) -> None:
    model = load_ranking(path)
    assert set(model.names) <= set(FEATURES)
    assert model.least <= model.codes <= model.unknown <= model.strict


def test_there_is_one_for_each_kind_of_encoder() -> None:
    assert [path.stem for path in BUILT_IN] == ["e5", "none", "other", "use"]


def test_good(tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text(GOOD, encoding="utf-8")
    model = load_ranking(tmp_path / "w.yaml")
    assert dict(model.order) == {"term_coverage": 5, "bm25": 1}
    assert model.names == ("term_coverage", "character_coverage", "bm25")
    assert (model.relevance.names, model.relevance.weights, model.relevance.bias) == (("term_coverage",), (4,), -2)
    assert (model.least, model.codes, model.unknown, model.strict) == (0.2, 0.3, 0.6, 0.8)


@pytest.mark.parametrize(
    ("good", "bad", "named"),
    [
        ("term_coverage: 5", "luck: 5", "luck"),
        ("weights: {term_coverage: 4}", "weights: {bm25: 4}", "bm25"),
        ("term_coverage: 5", "term_coverage: -5", "order.term_coverage"),
        ("least: 0.2", "least: 1.2", "floor.least"),
        ("bias: -2, ", "", "relevance.bias"),
        ("term_coverage: 5", "term_coverage: .nan", "order.term_coverage"),
        ("order: {", "order: [", "cannot be read"),
    ],
)
def test_bad(tmp_path: Path, good: str, bad: str, named: str) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(GOOD.replace(good, bad), encoding="utf-8")
    with pytest.raises(SettingsError, match=named) as caught:
        load_ranking(path)
    assert str(caught.value.field).startswith(str(path))


def test_weights_of_0_are_not_measured(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    zeros = GOOD.replace("bm25: 1", "bm25: 0").replace("{term_coverage: 4}", "{term_coverage: 4, cosine: 0.0}")
    path.write_text(zeros, encoding="utf-8")
    assert load_ranking(path).names == ("term_coverage", "character_coverage")


def test_old_names(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(GOOD.replace("character_coverage", "kin"), encoding="utf-8")
    with pytest.raises(SettingsError, match="kin is no feature") as caught:
        load_ranking(path)
    assert caught.value.hint == "kin is called head_character now"


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_ranking(tmp_path / "none.yaml")
