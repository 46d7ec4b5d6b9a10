"""The shelf:

1. It gives back what it knows of the ids that came, in the order asked, folded; of two with one id the last counts.
2. What is near is what shares most: the best first, nothing below the least, no more than asked;
   what more titles have than may be read is left out.
3. A pair in few titles is rarer than one in many; what all titles have is worth nothing.
4. A shelf of nothing answers nothing.
"""

from __future__ import annotations

import pytest

from indexer.videos.links.shelf import Known, Shelf, pairs_at
from indexer.videos.links.sounds import fold, units
from tests.unit.indexer.videos.links.world import PRODUCTS, shelf


def of(*titles: str) -> Shelf:
    filled = Shelf()
    for number, title in enumerate(titles):
        filled.add_known(Known(f"p{number}", title))
    filled.finish()
    return filled


def test_it_knows_what_came() -> None:
    clip, gone = shelf().of(["clip", "unknown", "gone"])
    assert (clip.product_id, clip.brand, clip.price, clip.withheld) == ("clip", "优宜达", 9.9, False)
    assert gone.withheld
    assert shelf().of(["recorder"])[0].title == fold("科大讯飞SR702离线录音笔语音转文字星空灰")


def test_the_last_of_one_id_counts() -> None:
    filled = Shelf()
    filled.add_known(Known("a", "旧的标题"))
    filled.add_known(Known("a", "新的标题"))
    filled.finish()
    assert [known.title for known in filled.of(["a"])] == ["新的标题"]


def test_near_is_what_shares_most() -> None:
    found = shelf().near(units(fold("友谊达的蝴蝶结爪家")), most=3)
    assert shelf().row(found[0][0]).product_id == "clip"
    assert [nats for _, nats in found] == sorted((nats for _, nats in found), reverse=True)
    assert len(shelf().near(units(fold("智能消毒刀架")), most=1)) == 1
    assert shelf().near(units(fold("智能消毒刀架")), most=5, least=1000.0) == []


def test_what_many_titles_have_is_read_last(monkeypatch: pytest.MonkeyPatch) -> None:
    filled = of(*(f"围巾{chr(0x4E00 + i)}" for i in range(9)), "手套")
    assert len(filled.near(units("围巾，手套"), most=20)) == 10
    monkeypatch.setattr("indexer.videos.links.shelf.MOST_POSTINGS", 5)
    assert [filled.row(row).title for row, _ in filled.near(units("围巾，手套"), most=20)] == ["手套"]


def test_rarity() -> None:
    filled = of("红色围巾", "红色手套", "红色帽子")
    common, rare = filled.pair_rarity(pairs_at(units("红色围巾")))[[0, 2]]
    assert common == pytest.approx(0.0)
    assert rare > common
    large = of(*(f"围巾{chr(0x4E00 + i)}" for i in range(40)))
    assert large.char_rarity("围巾")[0] == pytest.approx(0.0)


def test_nothing_knows_nothing() -> None:
    empty = of()
    assert empty.of(["a"]) == []
    assert empty.near(units("围巾"), most=3) == []


def test_every_product_finds_itself() -> None:
    for product_id, fields in PRODUCTS.items():
        ((row, _), *_) = shelf().near(units(fold(str(fields["title"]))), most=1)
        assert shelf().row(row).product_id == product_id
