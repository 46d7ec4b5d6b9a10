"""Texts by their hash:

1. A table holds its texts in their order; each is found at its place, nothing else is, alone or many at once; after
   it was stored, too.
2. Inside a text exactly the known texts are found, each with where it stands, as looking every piece up would.
3. The texts that contain a piece are found among the first ones, in order; a piece that only two neighbours make
   together is in none.
4. Hashes of many texts are those of each; a long text counts with its first 257 characters.
"""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.analysis.packed import pack, unpack
from retrieval.analysis.text_table import LONGEST, TextTable, hash_of, hashes_of

WORDS = st.text(alphabet="保温杯水ab\ud800𠀀", max_size=6)


@given(st.lists(WORDS, unique=True), st.lists(WORDS, max_size=40))
def test_texts_are_found(texts: list[str], others: list[str]) -> None:  # 1
    table = TextTable.of(texts)
    for each in (table, TextTable.of_arrays(unpack(pack(table.arrays())))):
        assert list(each) == [each[place] for place in range(len(each))] == texts
        expected = [texts.index(text) if text in texts else -1 for text in (*texts, *others)]
        assert [each.find(text) for text in (*texts, *others)] == expected
        assert each.places_of(hashes_of((*texts, *others))).tolist() == expected


@given(st.sets(WORDS.filter(bool)), st.text(alphabet="保温杯水ab𠀀", max_size=12))
def test_inside(words: set[str], text: str) -> None:  # 2
    texts = sorted(words)
    pieces = [(start, end) for start in range(len(text)) for end in range(start + 1, len(text) + 1)]
    expected = [(start, end, texts.index(text[start:end])) for start, end in pieces if text[start:end] in words]
    assert list(TextTable.of(texts).inside(text)) == expected


@given(st.lists(WORDS, unique=True), WORDS.filter(bool), st.integers(0, 9))
@example(["保温", "杯水", "", "水温杯"], "温杯", 4)
def test_holding(texts: list[str], piece: str, first: int) -> None:  # 3
    assert list(TextTable.of(texts).holding(piece, first)) == [i for i, t in enumerate(texts[:first]) if piece in t]


@given(st.lists(st.text(max_size=9)))
def test_hashes(texts: list[str]) -> None:  # 4
    assert hashes_of(texts).tolist() == [hash_of(text) for text in texts]


def test_long_texts() -> None:  # 4
    long = "水" * (LONGEST + 1)
    assert hashes_of([long + "杯", long]).tolist() == [hash_of(long)] * 2
    assert hash_of(long[1:] + "杯") != hash_of(long)
    assert list(TextTable.of(["杯"]).inside("水" * 127 + "杯")) == [(127, 128, 0)]
