"""How what was typed finds entries:

1. By characters, full pinyin and initials, whether there are spaces or not; the worthiest first.
2. By any mixture of them; the characters in it must be in the entry at their place.
3. A slip is forgiven: characters that sound alike, letters the wrong way round, wrong, too many or missing, and a
   character that is wrong, too many or missing. What fits as it is typed is found without that.
4. Whatever is typed, nothing raises, and what is found begins with it in one of these ways.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.suggest.fits import fits
from retrieval.suggest.keys import squeezed
from retrieval.suggest.typed import FULL, MIXED, SHORT, SLIP, TEXT, entries_of, forgiven
from tests.unit.retrieval.suggest.shop import TEXTS, entry, table, texts

TABLE = table()
CUPS, DRESS = ["保温杯", "保温杯 女"], ["连衣裙"]


@pytest.mark.parametrize(
    ("typed", "wanted", "fit"),
    [
        ("保", CUPS, TEXT), ("保温杯女", CUPS[1:], TEXT), ("苹果手", ["苹果 手机壳"], TEXT),
        ("iph", ["iphone 15 手机壳"], TEXT),
        ("b", CUPS, FULL), ("baow", CUPS, FULL), ("baowenbei", CUPS, FULL), ("changqun", ["长裙"], FULL),
        ("bwb", CUPS, SHORT), ("lyq", DRESS, SHORT), ("pgsjk", ["苹果 手机壳"], SHORT),
    ],
)  # fmt: skip
def test_one_way(typed: str, wanted: list[str], fit: float) -> None:  # 1
    found = entries_of(TABLE, typed)
    assert texts(TABLE, found) == wanted
    assert set(found.values()) == {fit}


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("bao温", CUPS), ("保wen", CUPS), ("保wb", CUPS), ("b温b", CUPS), ("baowb", CUPS), ("bwenb", CUPS),
        ("bao稳", []), ("ertongb", ["儿童保温杯"]), ("etbao", ["儿童保温杯"]), ("lianyq", DRESS),
        ("法shi", ["法式连衣裙"]),
        ("shi法", []),
    ],
)  # fmt: skip
def test_mixtures(typed: str, wanted: list[str]) -> None:  # 2
    found = entries_of(TABLE, typed)
    assert texts(TABLE, found) == wanted
    assert set(found.values()) <= {MIXED, FULL}


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("宝温杯", CUPS), ("baowne", CUPS), ("baownbei", CUPS), ("baoowen", CUPS),
        ("buowenb", CUPS), ("ipohne", [TEXTS[5]]),
        ("cangqun", ["长裙"]), ("连衣群", DRESS), ("法式裙", ["法式连衣裙"]), ("法连衣裙", ["法式连衣裙"]),
        ("法式的连衣裙", ["法式连衣裙"]), ("法国连衣", ["法式连衣裙"]),
    ],
)  # fmt: skip
def test_slips(typed: str, wanted: list[str]) -> None:  # 3
    assert entries_of(TABLE, typed) == {}
    found = forgiven(TABLE, typed)
    assert texts(TABLE, found) == wanted
    assert set(found.values()) <= {SLIP}


@given(st.text(st.sampled_from("bao温杯wenlyq连15 iph女"), min_size=1, max_size=9))
def test_anything(typed: str) -> None:  # 4
    bare = squeezed(typed)
    for place, fit in (entries_of(TABLE, bare) if bare else {}).items():
        text = "".join(TABLE.texts[place].split())
        assert fit == TEXT or fits(bare, text, TABLE.read), text
    if bare:
        forgiven(TABLE, bare)


def test_many() -> None:  # 1
    crowded = table(*(entry(f"杯子{chr(0x4E00 + n)}", float(n % 977), n) for n in range(5_000)))
    for typed in ("杯", "b", "bz"):
        best = [crowded[place].demand for place in entries_of(crowded, typed)]
        assert best == sorted(best, reverse=True)
        assert best[:5] == [976.0] * 5
