"""Videos and livestreams of the demo mall.

1. They show existing products; every showing lies inside the video, and showings follow one another.
2. Segments run in order without overlap at the pace of speech; livestreams last 8 minutes and more.
3. While a product is shown the speech talks about it, in words its title need not have.
4. Prices are said in words that mean the product's price.
"""

from __future__ import annotations

import itertools

import pytest

from demo.prices import spoken_number, spoken_price
from demo.vocabulary import Vocabulary
from tests.unit.demo.conftest import Row, WrittenMall


def spoken(video: Row, showing: Row) -> str:
    """What is said while the product is on the screen, without commas and full stops."""
    said = [s["text"] for s in video["segments"] if showing["start"] <= s["start"] and s["end"] <= showing["end"]]
    return "".join(said).replace("，", "").replace("。", "").replace(" ", "")


def test_showings_lie_inside_and_exist(mall: WrittenMall) -> None:
    known = mall.by_id
    # A video that is off the shelf and marks no times is not judged.
    assert len(mall.shown) > 400
    for video, showings in mall.shown:
        end = video["segments"][-1]["end"]
        for showing in showings:
            assert known[showing["product_id"]]["status"] == "on"
            assert 0 <= showing["start"] < showing["end"] <= end
        for before, after in itertools.pairwise(showings):
            assert before["end"] <= after["start"]


def test_segments_run_in_order_at_the_pace_of_speech(mall: WrittenMall) -> None:
    for video in mall.videos:
        for segment in video["segments"]:
            letters = len(segment["text"].replace("，", "").replace("。", "").replace(" ", ""))
            assert 3.5 <= letters / (segment["end"] - segment["start"]) <= 6.0
        for before, after in itertools.pairwise(video["segments"]):
            assert before["end"] <= after["start"]


def test_lengths(mall: WrittenMall) -> None:
    for video, showings in mall.shown:
        seconds = video["segments"][-1]["end"]
        if video["kind"] == "live":
            assert 8 * 60 <= seconds <= 30 * 60
            assert len(showings) >= 7
        else:
            assert 8 <= seconds <= 120
            assert 1 <= len(showings) <= 3
    assert any(video["segments"][-1]["end"] > 20 * 60 for video in mall.videos)


def test_speech_talks_about_what_is_shown(mall: WrittenMall, vocabulary: Vocabulary) -> None:
    known = mall.by_id
    talk = {
        f"{department.department}/{category.name}": {
            line.replace(" ", "") for kind in category.kinds for line in kind.talk
        }
        for department in vocabulary.departments
        for category in department.categories
    }
    heard = [
        any(line in spoken(video, showing) for line in talk[known[showing["product_id"]]["category"]])
        for video, showings in mall.shown
        for showing in showings
    ]
    # A misheard word may spoil a line, hence not all.
    assert sum(heard) > 0.9 * len(heard)


def test_speech_names_things_otherwise_than_titles(mall: WrittenMall, vocabulary: Vocabulary) -> None:
    said = [name for d in vocabulary.departments for c in d.categories for kind in c.kinds for name in kind.say]
    titles = " ".join(row["title"] for row in mall.products)
    speech = " ".join(segment["text"] for video in mall.videos for segment in video["segments"])
    only_spoken = [name for name in said if name in speech and name not in titles]
    assert len(only_spoken) > 200


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"),
        (7, "七"),
        (10, "十"),
        (15, "十五"),
        (20, "二十"),
        (101, "一百零一"),
        (110, "一百一十"),
        (1_008, "一千零八"),
        (2_999, "两千九百九十九"),
        (10_500, "一万零五百"),
        (12_000, "一万两千"),
    ],
)
def test_spoken_numbers(number: int, words: str) -> None:
    assert spoken_number(number) == words


@pytest.mark.parametrize(
    ("price", "words"),
    [
        (39.9, "三十九块九"),
        (5, "五块"),
        (129, "一百二十九"),
        (100, "一百块"),
        (12.35, "十二块三毛五"),
        (8.05, "八块零毛五"),
    ],
)
def test_spoken_prices(price: float, words: str) -> None:
    assert spoken_price(price) == words


def test_prices_said_are_the_products(mall: WrittenMall) -> None:
    known = mall.by_id
    told = [
        spoken_price(known[showing["product_id"]]["price"]) in spoken(video, showing)
        for video, showings in mall.shown
        if video["kind"] == "live"
        for showing in showings
    ]
    # A host may only say what is saved, so not every showing tells the price itself.
    assert sum(told) > 0.7 * len(told)


def test_published_after_what_they_show_was_listed(mall: WrittenMall) -> None:
    known = mall.by_id
    for video in mall.videos:
        named = {each["product_id"] for each in video.get("products", []) if "start" in each}
        assert all(video["published_at"] >= known[product_id]["created_at"] for product_id in named)
        assert video["stats"]["likes"] <= video["stats"]["views"]
