"""Features of (query, title) pairs:

1. Each lies in its documented range, for any query and titles, and does not depend on the other documents.
2. `words`: 1 where every term stands, by synonym or amount too; a word near in the space counts its cosine, a word
   that is not there at all less; the pieces of an unknown word count `PARTLY`, but those of a foreign word or a number
   nothing.
3. What costs more to miss counts more.
4. `characters` and `codes` are shares by rarity, and fall back on `words` where the query has none of them.
5. A run stands in a title however it is spaced: cheezit in Cheez It.
6. `usage` and `likelihood` are how far the language of the query falls short of the usual, 0 where nothing is known.
7. `kin` is 1 for a title with the last character of the thing (before a bare 子); `modesty` falls with every term that
   must not be missed, and is at least -1.
8. `length` is 0 at 30 characters and falls on both sides; `lexical` and `meaning` are (value − centre) / unit.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ranking.coverage import PARTLY
from retrieval.ranking.features import FEATURES, USUAL_LIKELIHOOD, USUAL_USAGE, Pairs, measure
from retrieval.ranking.setting import Setting
from retrieval.ranking.wanted import wanted
from retrieval.ranking.word_space import WordSpace
from retrieval.understanding.plan import Language
from tests.title_index import built_in_analyzer
from tests.unit.retrieval.ranking.shop import channel, rows, space


def values(
    query: str, *titles: str, costs: Mapping[str, float] | None = None, known: WordSpace | None = None
) -> dict[str, np.ndarray]:
    setting = Setting(costs or {})
    return measure(Pairs.of(built_in_analyzer().query(query), setting, rows(*titles), known or space(), {}), FEATURES)


texts = st.text(alphabet="铁锅毛衣5g mateX-1手机女9.", max_size=12)


@given(texts, st.lists(texts, min_size=1, max_size=4))
def test_range_and_independence(query: str, titles: list[str]) -> None:
    together = values(query, *titles)
    for name, found in together.items():
        feature = FEATURES[name]
        assert found.shape == (len(titles),)
        assert (found >= feature.low).all()
        assert (found <= feature.high + 1e-6).all()
        alone = [float(values(query, title)[name][0]) for title in titles]
        assert found.tolist() == pytest.approx(alone, abs=1e-6)


def test_words_that_stand() -> None:
    found = values("铁锅 500ml", "大铁锅 0.5L", "铁锅 1L", "毛衣 500ml")["words"]
    assert found[0] == pytest.approx(1)
    assert found[1] < 1
    assert found[2] < 1


def test_words_that_are_near() -> None:
    near, far = values("铁锅", "家用炒锅", "宽松毛衣")["words"]
    assert far < 0.5 < near <= 1


def test_pieces_of_unknown_words() -> None:
    found = values("绊脚绳", "绊脚的东西", known=WordSpace.empty())["words"]
    assert 0 < found[0] <= PARTLY
    assert values("ppoppo 802071", "oppo pop 80 12071", known=WordSpace.empty())["words"].tolist() == [0.0]
    assert values("195-50r13c", "195-50 r13", known=WordSpace.empty())["words"][0] > 0


def test_kin_and_modesty() -> None:
    assert values("铁锅", "不粘炒锅", "毛衣")["kin"].tolist() == [1.0, 0.0]
    assert values("椅子", "折叠椅", "盒子")["kin"].tolist() == [1.0, 0.0]
    assert values("", "毛衣")["kin"].tolist() == [1.0]
    few, more = values("毛衣", "a", "b")["modesty"], values("毛衣 红色 羊毛", "a", "b")["modesty"]
    assert -1 <= more[0] < few[0] < 0
    assert few[0] == few[1]
    assert values("毛衣 红色", "a", costs={"毛衣": 1.0, "红色": 0.05})["modesty"] == few[:1]


def test_costs() -> None:
    title, costs = "铁锅", {"铁锅": 1.0, "女": 0.01}
    assert values("铁锅 女", title, costs=costs)["words"][0] > values("铁锅 女", title)["words"][0]


def test_characters_and_codes() -> None:
    found = values("铁锅 mate60", "铁 mate60", "锅 mate", known=WordSpace.empty())
    assert found["characters"].tolist() == pytest.approx([0.5, 0.5])
    assert found["codes"].tolist() == pytest.approx([1, 1 / 3])  # mate60, mate, 60
    words_only = values("铁锅", "铁锅", "手机")
    assert words_only["codes"].tolist() == words_only["words"].tolist()
    codes_only = values("mate60", "mate60", "手机")
    assert codes_only["characters"].tolist() == codes_only["words"].tolist()


def test_runs_however_spaced() -> None:
    found = values("cheezit", "Cheez It 饼干", "cheez_it", "cheese 饼干")
    assert found["words"][:2].tolist() == [1, 1]
    assert found["codes"].tolist() == [1, 1, 0]


def test_length() -> None:
    found = values("锅", "锅" * 30, "锅" * 60, "锅", "锅" * 150)["length"]
    assert found.tolist() == pytest.approx([0, -0.5, -29 / 60, -1])


def test_channels() -> None:
    asked = built_in_analyzer().query("锅")
    channels = {"lexical": channel([8.0, 2.0], unit=8.0), "semantic": channel([0.5, 0.1], unit=0.1)}
    found = measure(Pairs.of(asked, Setting(), rows("锅", "毛衣"), space(), channels), ("lexical", "meaning", "cosine"))
    assert found["lexical"].tolist() == [1, 0.25]
    assert found["meaning"].tolist() == pytest.approx([5, 1])
    assert found["cosine"].tolist() == pytest.approx([0.5, 0.1])


def test_known() -> None:
    asked = [wanted(built_in_analyzer().query(q), {}, space()).known for q in ("铁锅", "绊脚绳", "x99", "锅")]
    assert asked == [True, False, False, False]


def test_language() -> None:
    query, documents = built_in_analyzer().query("铁锅"), rows("铁锅", "毛衣")
    for language, expected in (
        (Language(USUAL_USAGE - 2, USUAL_LIKELIHOOD - 3), (-2, -3)),
        (Language(USUAL_USAGE + 2, USUAL_LIKELIHOOD + 3), (0, 0)),
        (Language(), (0, 0)),
    ):
        pairs = Pairs.of(query, Setting(language=language), documents, space(), {})
        found = measure(pairs, ("usage", "likelihood"))
        assert [values.tolist() for values in found.values()] == [[value] * 2 for value in expected]
