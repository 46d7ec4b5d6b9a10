"""Product nouns:

1. A word with a known last character is one, once it is heard often enough; no brand and no word of another kind is.
2. A word that ends queries is one whatever its last character; one that mostly stands inside is not.
3. A word and the single character behind it that belong together are one.
4. The names in category leaves are.
"""

from __future__ import annotations

from collections import Counter

from retrieval.understanding.kinds import Kind
from retrieval.understanding.reading.entity_lexicon import EntityLexicon
from retrieval.understanding.reading.nouns import LEAST_USES, NounMiner

LEXICON = EntityLexicon(
    words={"防水": {Kind.FUNCTION: "防水"}, "手工皂": {Kind.STYLE: "手工皂"}},
    cues={"suffixes": frozenset({"杯", "膜", "皂"})},
)


def mined(titles: list[list[str]], queries: list[list[str]], brands: frozenset[str] = frozenset()) -> dict[str, int]:
    miner, seen = NounMiner(LEXICON), Counter[str]()
    for title in titles:
        miner.add_title(title)
        seen.update(set(title))
    for query in queries:
        miner.add_query(query)
    return miner.nouns(seen, brands, ["厨具/砂锅/炖锅"])


def test_last_character() -> None:
    titles = [["漱口杯", "云杉杯", "手工皂", "蓝"]] * LEAST_USES + [["稀奇杯"]] * (LEAST_USES - 1)
    assert mined(titles, [], frozenset({"云杉杯"})) == {"漱口杯": LEAST_USES, "炖锅": 1}


def test_ends_of_queries() -> None:
    queries = [["大", "指环"]] * 20 + [["卡通", "指环"]] * 5
    found = mined([], queries)
    assert found["指环"] == 20 + 5
    assert "卡通" not in found


def test_word_with_its_last_character() -> None:
    titles = [["键盘", "膜"], ["键盘", "膜"], ["键盘", "膜"], ["防水", "膜"], ["防水", "膜"], ["防水", "膜"]]
    found = mined([*titles, *[[f"别的{n}"] for n in range(50)]], [])
    assert found["键盘膜"] == 3
    assert "防水膜" not in found


def test_category_leaves() -> None:
    assert mined([], []) == {"炖锅": 1}
