"""Files of weights:

1. Every built-in file is read, and asks only for features that exist, of which more is better.
2. An unknown feature, a relative one under a probability, a negative weight, a share above 1, a missing part and a file
   that is none are refused; the error names the file and the place.
3. The names are all features that any part needs, each once.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from configs.settings import LEXICON
from retrieval.errors import SettingsError
from retrieval.ranking.features import FEATURES
from retrieval.ranking.model import load_ranking

BUILT_IN = sorted((LEXICON.parent / "ranking").glob("*.yaml"))
GOOD = """
order: {words: 5, lexical: 1}
relevance: {bias: -2, weights: {words: 4}}
floor: {bias: -6, weights: {characters: 8}, least: 0.2, codes: 0.3, unknown: 0.6, strict: 0.8}
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
    assert dict(model.order) == {"words": 5, "lexical": 1}
    assert model.names == ("words", "characters", "lexical")
    assert (model.relevance.names, model.relevance.weights, model.relevance.bias) == (("words",), (4,), -2)
    assert (model.least, model.codes, model.unknown, model.strict) == (0.2, 0.3, 0.6, 0.8)


@pytest.mark.parametrize(
    ("good", "bad", "named"),
    [
        ("words: 5", "luck: 5", "luck"),
        ("weights: {words: 4}", "weights: {lexical: 4}", "lexical"),
        ("words: 5", "words: -5", "order.words"),
        ("least: 0.2", "least: 1.2", "floor.least"),
        ("bias: -2, ", "", "relevance.bias"),
        ("words: 5", "words: .nan", "order.words"),
        ("order: {", "order: [", "cannot be read"),
    ],
)
def test_bad(tmp_path: Path, good: str, bad: str, named: str) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(GOOD.replace(good, bad), encoding="utf-8")
    with pytest.raises(SettingsError, match=named) as caught:
        load_ranking(path)
    assert str(caught.value.field).startswith(str(path))


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_ranking(tmp_path / "none.yaml")
