"""The features there are:

1. Each lies in its documented range, for any query, titles, offers and channels, and does not depend on the other
   documents.
2. Each tells documents, or queries, apart: none is constant.
3. Each has a file of its name, and a row in docs/relevance.md.
4. Of the offer judgments of words teach nothing; no probability stands on what compares with the catalogue.
5. An old name is told the new one, another unknown one those that there are.
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ranking.features.registry import FEATURES, hint_for
from retrieval.ranking.forward import encode_forward, with_tokens
from retrieval.ranking.setting import Setting
from retrieval.types import FloatArray
from retrieval.understanding.kinds import Kind
from retrieval.understanding.plan import Language
from tests.title_index import built_in_analyzer
from tests.unit.retrieval.ranking.shop import channel, meaning, title_tokens, values

DOCS = Path(__file__).parents[5] / "docs" / "relevance.md"
NOW = 1_700_000_000

texts = st.text(alphabet="铁锅毛衣5g mateX-1手机女9.", max_size=12)
tokens = st.lists(st.integers(0, 2), max_size=2).map(lambda axes: title_tokens(*axes))
documents = st.builds(
    lambda tokens, title, brand, leaf, rating, *numbers: with_tokens(
        encode_forward(
            {"title": title, "brand": brand, "category": [leaf], "rating": rating, "reviews": 9},
            built_in_analyzer(),
            dict(zip(("sales_30d", "price", "created_at"), numbers, strict=True)),
        ),
        tokens,
    ),
    tokens, texts, texts, st.sampled_from(["炒锅", "毛衣", ""]), st.floats(-1, 6),
    st.integers(-1, 2**33), st.integers(-1, 2**33), st.integers(-1, 2**33),
)  # fmt: skip
settings = st.builds(
    Setting,
    costs=st.dictionaries(st.sampled_from(["铁锅", "毛衣", "手机"]), st.floats(0.01, 1)),
    kinds=st.dictionaries(st.sampled_from(["铁锅", "毛衣", "手机", "女", "5g"]), st.sampled_from(Kind)),
    categories=st.dictionaries(st.sampled_from(["炒锅", "毛衣"]), st.floats(0, 1)),
    category_entropy=st.floats(0, 1),
    price=st.tuples(st.none() | st.integers(0, 2**33), st.none() | st.integers(0, 2**33)),
    language=st.builds(Language, st.none() | st.floats(-6, 6), st.none() | st.floats(-20, 0)),
    now=st.just(NOW),
)


@given(texts, settings, st.lists(documents, min_size=1, max_size=4), st.lists(st.floats(-1, 1), min_size=4, max_size=4))
def test_range_and_independence(query: str, setting: Setting, rows: list[bytes], scores: list[float]) -> None:
    def of(first: int, last: int) -> dict[str, FloatArray]:
        found = scores[first:last]
        return values(
            query, *rows[first:last], setting=setting,
            channels={"lexical": channel(found, unit=0.5), "semantic": channel(found, unit=0.02)},
            meaning=meaning(found, "锅", "手机"),
        )  # fmt: skip

    together, alone = of(0, len(rows)), [of(i, i + 1) for i in range(len(rows))]
    for name, found in together.items():
        feature = FEATURES[name]
        assert found.shape == (len(rows),)
        assert (found >= feature.low).all()
        assert (found <= feature.high + 1e-6).all()
        assert found.tolist() == pytest.approx([float(one[name][0]) for one in alone], abs=1e-6)


def test_none_is_constant() -> None:
    setting = Setting(
        kinds={"铁锅": Kind.PRODUCT, "荣耀": Kind.BRAND, "x90": Kind.MODEL, "红色": Kind.COLOR, "500ml": Kind.CAPACITY,
               "女": Kind.AUDIENCE},
        categories={"炒锅": 1.0, "毛衣": 0.1}, category_entropy=0.1, price=(100, 200), now=NOW,
        language=Language(-3.0, -11.0),
    )  # fmt: skip
    good, bad = (
        with_tokens(
            encode_forward(
                record, built_in_analyzer(), dict(zip(("sales_30d", "price", "created_at"), numbers, strict=True))
            ),
            title_tokens(axis),
        )
        for record, numbers, axis in (
            (
                {"title": "荣耀 x90 红色 铁锅 500ml 女", "category": ["炒锅"], "rating": 5, "reviews": 99},
                (99, 150, NOW),
                0,
            ),
            ({"title": "裙 男 配件", "category": ["毛衣"], "rating": 1, "reviews": 99}, (0, 900, 0), 1),
        )
    )
    channels = {"lexical": channel([1.0, 0.0]), "semantic": channel([0.9, 0.1]), "moments": channel([0.8, 0.0])}
    near = meaning([0.9, 0.1], "锅")
    asked = "荣耀 x90 红色 铁锅 500ml 女"
    found = values(asked, good, bad, setting=setting, channels=channels, meaning=near, wishes=(("铁锅",),))
    easy = values("锅", good, bad)
    of_query = [name for name in FEATURES if name.startswith("query_")]
    assert [name for name in of_query if not found[name][0] < easy[name][0] <= 0] == []
    assert [name for name in FEATURES if name not in of_query and not found[name][0] > found[name][1]] == []


def test_files_and_docs() -> None:
    for name, feature in FEATURES.items():
        assert importlib.import_module(f"retrieval.ranking.features.{name}").FEATURE is feature
        assert feature.low < feature.high
    table = DOCS.read_text(encoding="utf-8").split("## Features")[1].split("## Measured")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert sorted(re.findall("`(.+?)`", "".join(rows))) == sorted(FEATURES)


def test_what_teaches_and_what_is_absolute() -> None:
    offer = {"category_fit", "popularity", "quality", "freshness", "price_fit", "wish_fit"}
    assert {name for name, feature in FEATURES.items() if not feature.taught_by_words} == offer | {"spoken"}
    assert {name for name, feature in FEATURES.items() if not feature.absolute} == {"bm25", "cosine_deviation"}


def test_hints() -> None:
    assert hint_for(["kin", "words"], FEATURES) == "kin is called head_character now; words is called term_coverage now"
    assert hint_for(["luck"], ["cosine", "bm25"]) == "features are bm25, cosine"
    assert hint_for(["lexical"], ["cosine"]) == "features are cosine"  # its new name may not stand here either
    formerly = [feature.formerly for feature in FEATURES.values() if feature.formerly]
    assert len(set(formerly)) == len(formerly)
    assert not set(formerly) & set(FEATURES)


def test_dtype() -> None:
    assert {found.dtype for found in values("铁锅", "毛衣").values()} == {np.dtype(np.float32)}


def test_the_page_names_them() -> None:
    named = (
        (DOCS.parents[1] / "api" / "web" / "names.js")
        .read_text(encoding="utf-8")
        .split("FEATURES = {")[1]
        .split("}")[0]
    )
    assert sorted(FEATURES.keys() - set(re.findall(r"(\w+): ", named))) == []
