"""Matches of speech and a product:

1. The longest stretch that is written the same is one match with its place in the text.
2. What only sounds the same counts less; two such syllables hardly anything.
3. Matches of one product do not overlap in the segment; the heavier stays.
4. A long number matches by itself, a nickname by one character of the text.
"""

from __future__ import annotations

import re

from indexer.videos.links.matches import Basket, Match
from indexer.videos.links.sounds import fold
from tests.unit.indexer.videos.links.world import shelf


def heard(text: str, *ids: str) -> list[Match]:
    return Basket(shelf().of(ids), shelf()).matches(fold(text))


def test_the_longest_stretch_is_one_match() -> None:
    (match,) = heard("这个针织连衣裙好", "dress")
    assert (match.start, match.end) == (2, 7)
    assert match.at == "恒源祥针织连衣裙".index("针织")


def test_what_sounds_the_same_counts_less() -> None:
    (written,), (sounding,) = heard("优宜达", "clip"), heard("友谊达", "clip")
    assert 0.5 * written.weight < sounding.weight < written.weight
    (pair,), (alone,) = heard("浪莎", "trousers"), heard("浪纱", "trousers")
    assert alone.weight < 0.4 * pair.weight


def test_matches_do_not_overlap() -> None:
    # 烘干菜刀 and 刀架 share 刀
    assert [(match.start, match.end) for match in heard("烘干菜刀架", "knives")] == [(0, 4)]


def test_a_long_number_matches_by_itself() -> None:
    (match,) = heard("就是七零二", "recorder")
    assert match.end - match.start == 1


def test_a_nickname_is_a_character_of_the_text() -> None:
    basket = Basket(shelf().of(["dress", "clip"]), shelf())
    called = basket.nicknames("裙子好看", re.compile("[一-龥](?=子)"), 4.0)
    assert [(match.product, match.weight) for match in called] == [(0, 4.0)]
