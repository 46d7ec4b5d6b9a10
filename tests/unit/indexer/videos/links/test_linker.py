"""Links:

1. What is given with times is linked there, surely, and nowhere else; nothing else is in those segments.
2. With a basket the brand and the thing that are said link its product, with the reasons, the heaviest first.
3. A brand that the recogniser wrote with other characters of the same sound is linked all the same.
4. A model is linked however its number is written: 七零二 is 702.
5. A product goes on until another begins, through segments that say nothing of it; small talk at the end is not of it.
6. A product that comes back has two links.
7. What is only compared with, or announced for later, is not linked.
8. Without a basket the product is found in the whole catalogue; where nothing is named, nothing is.
9. Two that differ in what is not said make each other less sure than one alone, and what is not sure is not shown.
10. A withheld product is linked as any other, and the shelf says that it is withheld.
11. A price that is said tells apart two that are called the same.
12. A list that is read out links none of what it names.
13. Words of any talk that a title happens to have link nothing.
14. What was made up over silence is not heard.
15. Ids that nobody knows, an empty transcript and an empty basket give no links; the same question the same answer.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.sources.records import Product
from indexer.videos.links.linker import Linker
from indexer.videos.links.shelf import Shelf
from indexer.videos.links.weights import load_weights
from indexer.videos.nouns import Link, Mark, Reason
from tests.unit.indexer.videos.links.world import CHAT, CLIP, DRESS, KNIVES, TROUSERS, linker, say, shelf

BASKET = ("dress", "trousers", "clip", "fan")


def spans(links: tuple[Link, ...]) -> list[tuple[str, int, int]]:
    return [(link.product_id, link.first, link.last) for link in links]


def test_given_times_come_first() -> None:
    links = linker().link(say(*DRESS, *CHAT), BASKET, given=[("fan", 0.0, 8.0)])
    assert links[0] == Link("fan", 0, 1, (0, 0), 1.0, (Reason.GIVEN,))
    assert all(link.first > 1 for link in links[1:])


def test_brand_and_thing_link_a_product_of_the_basket() -> None:
    (link,) = linker().link(say(*CHAT, *DRESS), BASKET)
    assert (link.product_id, link.first) == ("dress", len(CHAT))
    assert link.reasons[0] is Reason.BASKET
    assert {Reason.BRAND, Reason.THING} <= set(link.reasons)
    assert link.confidence > 0.9


def test_a_brand_written_by_its_sound_is_linked() -> None:
    heard = [line.replace("优宜达", "友谊达").replace("抓夹", "爪家") for line in CLIP]
    assert [link.product_id for link in linker().link(say(*CHAT, *heard), BASKET)] == ["clip"]


@pytest.mark.parametrize("written", ["SR七零二", "sr702", "SR 702"])
def test_a_model_is_linked_however_its_number_is_written(written: str) -> None:
    said = say(*CHAT, f"科大讯飞的录音笔{written}", "离线转写语音转文字不用联网", "星空灰好看")
    (link,) = linker().link(said, ("recorder", "fan"))
    assert link.product_id == "recorder"
    assert Reason.MODEL in link.reasons


def test_a_product_ends_where_another_begins() -> None:
    links = linker().link(say(*DRESS, *TROUSERS, *CLIP), BASKET)
    assert spans(links) == [("dress", 0, 2), ("trousers", 3, 5), ("clip", 6, 8)]


def test_small_talk_after_it_does_not_belong_to_it() -> None:
    talk = ("谢谢老板送的礼物", "哈哈等一下我妈来了", "好了今天就到这里拜拜", "晚安明天见")
    (link,) = linker().link(say(*DRESS, *talk), BASKET)
    assert link.product_id == "dress"
    assert link.last < len(DRESS) + 1


def test_a_product_that_comes_back_has_two_links() -> None:
    back = ("连衣裙有人问恒源祥的针织会不会扎", "半高领不勒脖子")
    links = linker().link(say(*DRESS, *TROUSERS, *back), BASKET)
    assert [link.product_id for link in links] == ["dress", "trousers", "dress"]


@pytest.mark.parametrize(
    "line", ["比那个浪莎的加绒运动裤好", "不像浪莎的运动裤", "明天讲浪莎的加绒运动裤", "今天没有浪莎运动裤"]
)
def test_what_is_compared_with_or_comes_later_is_no_link(line: str) -> None:
    links = linker().link(say(*DRESS, line, *CHAT), BASKET)
    assert "trousers" not in {link.product_id for link in links}


def test_without_a_basket_it_is_found_in_the_catalogue() -> None:
    (link,) = linker().link(say(*CHAT, *KNIVES, "这个刀架我妈也买了"))
    assert link.product_id == "knives"
    assert Reason.BASKET not in link.reasons
    assert linker().link(say(*CHAT)) == ()


def test_a_twin_lowers_the_confidence() -> None:
    every = Linker(shelf(), replace(load_weights(), shown=0.0))
    said = say(*CHAT, "德生的A九插卡音箱", "老年人收音机插卡音箱", "播放器充电的")
    (alone,) = every.link(said, ("radio_white", "fan"))
    twins = every.link(said, ("radio_white", "radio_brown", "fan"))
    assert max(link.confidence for link in twins) < alone.confidence - 0.2
    assert linker().link(said, ("radio_white", "radio_brown", "fan")) == ()  # too unsure to be shown


def test_a_given_product_is_linked_only_where_it_is_given() -> None:
    links = linker().link(say(*DRESS, *CHAT, *TROUSERS), BASKET, given=[("trousers", 0.0, 4.0)])
    assert [(link.first, link.last) for link in links if link.product_id == "trousers"] == [(0, 0)]


def test_segments_that_say_nothing_of_it_carry_the_product() -> None:
    said = say("第一件恒源祥的针织连衣裙", "这个颜色我最喜欢", "它洗完平铺晾", "半高领的连衣裙")
    (link,) = linker().link(said, BASKET)
    assert (link.first, link.last) == (0, 3)
    assert link.reasons[-1] is Reason.CARRIED
    assert Reason.CARRIED not in linker().link(say(*DRESS[:1]), BASKET)[0].reasons


def test_a_withheld_product_is_linked_and_flagged() -> None:
    said = say(*CHAT, "好太太的壁挂晾衣架", "隐形伸缩的晒衣架贴在墙上", "阳台晾衣架推回去就没了")
    (link,) = linker().link(said, ("gone", "fan"))
    assert link.product_id == "gone"
    assert [known.withheld for known in shelf().of(["gone", "fan"])] == [True, False]


@pytest.mark.parametrize(("price", "product"), [("一百二十九", "radio_white"), ("一百五十九块", "radio_brown")])
def test_a_price_tells_apart_what_is_called_the_same(price: str, product: str) -> None:
    said = say(*CHAT, "德生的A九插卡音箱", f"老年人收音机插卡音箱到手{price}", "播放器充电的")
    links = linker().link(said, ("radio_white", "radio_brown", "fan"))
    assert {link.product_id for link in links} == {product}
    assert Reason.PRICE in links[0].reasons


def test_a_list_that_is_read_out_links_nothing() -> None:
    listed = "今天三样，针织连衣裙，加绒运动裤，蝴蝶结抓夹"
    assert linker().link(say(*CHAT, listed, *CHAT), BASKET) == ()
    links = linker().link(say(*CHAT, listed, *DRESS), BASKET)
    assert [(link.product_id, link.first) for link in links] == [("dress", len(CHAT) + 1)]


def test_words_of_any_talk_link_nothing() -> None:
    talkative = Shelf()
    talkative.add(Product(id="diary", title="买了就觉得这个真的好了我们大家现在都有了"))
    talkative.finish()
    said = say("我们大家现在都有了", "买了就觉得这个真的好了", "我们大家现在都有了")
    assert Linker(talkative, load_weights()).link(said, ["diary"]) == ()


def test_what_was_made_up_is_not_heard() -> None:
    said = say(*CHAT, *DRESS)
    doubtful = tuple(replace(each, words="", marks=frozenset({Mark.DOUBTFUL})) for each in said)
    assert linker().link(said, BASKET) != ()
    assert linker().link(doubtful, BASKET) == ()


def test_nothing_gives_nothing_and_the_same_gives_the_same() -> None:
    assert linker().link(say(*DRESS), ["unknown"]) == ()
    assert linker().link(say(*DRESS), []) == ()
    assert linker().link((), BASKET) == ()
    said = say(*DRESS, *TROUSERS)
    assert linker().link(said, BASKET) == linker().link(said, BASKET)
