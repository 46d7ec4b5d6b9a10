"""Evidence of a segment for the products of a basket:

1. Words after 比 and the like, and words of another time, count a fraction of what they do when they are shown.
2. A segment that needs three products to explain it is a list; one whose words all belong to one product is none.
3. Words of any talk are not heard; a hesitation inside of a word is no obstacle.
4. The same words twice in a segment count once; at its beginning they count as what it is about.
5. A price counts for the product that has it, one that is only about it less.
"""

from __future__ import annotations

import pytest

from indexer.videos.links.evidence import COMPARED, NOT_NOW, PRICE, Evidence, gather
from indexer.videos.links.matches import Basket
from indexer.videos.links.weights import load_weights
from tests.unit.indexer.videos.links.world import shelf

IDS = ("dress", "trousers", "clip", "knives")


def heard(*texts: str) -> Evidence:
    return gather(Basket(shelf().of(IDS), shelf()), texts, load_weights().cues)


@pytest.mark.parametrize(
    ("text", "share"), [("比加绒运动裤好", COMPARED), ("不像加绒运动裤", COMPARED), ("明天的加绒运动裤", NOT_NOW)]
)
def test_what_is_compared_or_comes_later_counts_a_fraction(text: str, share: float) -> None:
    trousers = heard("加绒运动裤", text).heard[:, 1]
    assert trousers[1] == pytest.approx(share * trousers[0])
    assert trousers[1] < trousers[0] / 3 + 0.01


def test_a_list_needs_three_products() -> None:
    texts = ("针织连衣裙，加绒运动裤，蝴蝶结抓夹", "恒源祥，针织连衣裙，半高领", "针织连衣裙配蝴蝶结抓夹")
    assert heard(*texts).lists.tolist() == [1.0, 0.0, 0.0]


def test_words_of_any_talk_are_not_heard() -> None:
    product = shelf().of(["dress"])[0]
    talkative = Basket([type(product)("p", "我们大家现在都有了针织")], shelf())
    found = gather(talkative, ["我们大家现在都有了", "针织"], load_weights().cues)
    assert found.heard[0, 0] == 0
    assert found.heard[1, 0] > 0


def test_a_hesitation_is_no_obstacle() -> None:
    plain, hesitant = heard("蝴蝶结抓夹", "蝴蝶嗯结啊抓夹").heard[:, 2]
    assert hesitant == plain


def test_the_same_words_count_once_and_most_at_the_beginning() -> None:
    found = heard("蝴蝶结", "蝴蝶结蝴蝶结", "今天的天气真好，蝴蝶结")
    assert found.heard[1, 2] == found.heard[0, 2] == found.heard[2, 2]
    assert (found.head[:, 2] > 0).tolist() == [True, True, False]


def test_a_price_counts_for_what_has_it() -> None:
    found = heard("到手两百九十九块", "两百九十九", "两百多块钱", "八百块")
    knives = found.heard[:, IDS.index("knives")].tolist()
    assert knives[0] > knives[1] > knives[2] > knives[3] == 0
    assert {mention.text for mention in found.mentions[IDS.index("knives")]} == {PRICE}
    assert found.prices.tolist() == [1.0, 1.0, 1.0, 1.0]
