"""A video → what the index gets of it.

1. A moment ends where another product begins; what lies within another piece is left out.
2. A video that names nothing may show anything; one that names things, only those.
3. What is known, from when to when, is given; the rest is a basket.
"""

from __future__ import annotations

from typing import Any

from indexer.sources.records import Video
from indexer.videos.make import split
from indexer.videos.nouns import Cut, Link, Reason, Said
from indexer.videos.shown import basket_of, given_in


def said(*words: str) -> list[Said]:
    return [Said(float(place), place + 1.0, text, text) for place, text in enumerate(words)]


def link(id: str, first: int, last: int) -> Link:
    return Link(id, first, last, (first, last), 1.0, (Reason.GIVEN,))


def test_a_moment_ends_with_its_product() -> None:  # 1
    five = said("a", "b", "c", "d", "e")
    assert split([Cut(0, 4)], five, []) == [Cut(0, 4)]
    assert split([Cut(0, 4)], five, [link("p", 1, 2), link("q", 3, 3)]) == [Cut(0, 0), Cut(1, 2), Cut(3, 3), Cut(4, 4)]
    assert split([Cut(0, 2), Cut(2, 4)], five, [link("p", 0, 2)]) == [Cut(0, 2), Cut(3, 4)]


def test_a_piece_without_a_word() -> None:  # 1
    assert split([Cut(0, 2)], said("a", "", "c"), [link("p", 1, 1)]) == [Cut(0, 0), Cut(2, 2)]


def video(*products: dict[str, Any]) -> Video:
    return Video.model_validate({"id": "v", "products": list(products)})


def test_what_it_may_show() -> None:  # 2
    assert basket_of(video()) is None
    assert basket_of(video({"product_id": "p"}, {"product_id": "q", "start": 1, "end": 2})) == ("p", "q")


def test_what_is_given() -> None:  # 3
    assert given_in(video({"product_id": "p"}, {"product_id": "q", "start": 1, "end": 2})) == (("q", 1.0, 2.0),)
