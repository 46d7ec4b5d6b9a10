"""Where speech and the text of a product run along each other: the longest stretches that sound the same.

A stretch weighs what its pairs are worth, the rarer in the catalogue the more; pairs that only sound like the product's
count less, and two syllables that only sound like it hardly anything, since in every minute some do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.videos.links.shelf import Known, Shelf, pairs_at
from indexer.videos.links.sounds import UNITS, is_long_number, units

SOUND = 0.8
"""What a pair that only sounds the same counts beside one that is the same, in a stretch of three units or more."""
SOUND_ALONE = 0.25
"""The same where the stretch is only this pair."""
_PLACES = 1 << 16


@dataclass(frozen=True, slots=True)
class Match:
    """Characters `start` to `end` of a folded segment sound like those from `at` of the text of product `product`.

    Attributes:
        product: its number in the basket.
        weight: nats, ≥ 0.
    """

    product: int
    start: int
    end: int
    at: int
    weight: float


class Basket:
    """Some products by the pairs of units of their texts."""

    def __init__(self, products: Sequence[Known], shelf: Shelf) -> None:
        self.products = products
        self.texts = [_text(product) for product in products]
        self._sounds: list[list[float]] = []
        self._chars: list[list[float]] = []
        self._places: dict[int, list[int]] = {}
        self._numbers: dict[str, list[tuple[int, int, float]]] = {}
        for number, text in enumerate(self.texts):
            pairs = pairs_at(units(text))
            self._sounds.append(shelf.pair_rarity(pairs).tolist())
            self._chars.append(shelf.char_rarity(text).tolist())
            for at, pair in enumerate(pairs.tolist()):
                if pair:
                    self._places.setdefault(pair, []).append(number * _PLACES + at)
            for at, char in enumerate(text):
                if is_long_number(char):
                    self._numbers.setdefault(char, []).append((number, at, shelf.number_rarity(char)))

    def matches(self, folded: str) -> list[Match]:
        """The heaviest matches of each product that do not overlap in the segment."""
        found: dict[int, list[Match]] = {}
        for number, start, end, at in self._stretches(folded):
            found.setdefault(number, []).append(self._match(folded, number, start, end, at))
        for i, char in enumerate(folded):
            for number, at, weight in self._numbers.get(char, ()):
                found.setdefault(number, []).append(Match(number, i, i + 1, at, weight))
        return [match for each in found.values() for match in _apart(each)]

    def nicknames(self, folded: str, pattern: re.Pattern[str], weight: float) -> list[Match]:
        """What is called by one character of its name: 裙子 is a 连衣裙."""
        found = []
        for called in pattern.finditer(folded):
            for number, text in enumerate(self.texts):
                at = text.find(called.group())
                if at >= 0 and folded[called.start() : called.end() + 1] not in text:
                    found.append(Match(number, called.start(), called.end(), at, weight))
        return found

    def _stretches(self, folded: str) -> list[tuple[int, int, int, int]]:
        heard = units(folded).tolist()
        open_: dict[int, int] = {}
        done = []
        for i in range(len(heard)):
            pair = heard[i] * UNITS + heard[i + 1] if i + 1 < len(heard) and heard[i] and heard[i + 1] else 0
            places = self._places.get(pair, ()) if pair else ()
            going = {place: open_.pop(place - 1, i) for place in places}
            for place, start in open_.items():
                number, last = divmod(place, _PLACES)
                done.append((number, start, i + 1, last - (i - 1 - start)))
            open_ = going
        return done

    def _match(self, folded: str, number: int, start: int, end: int, at: int) -> Match:
        text, sounds, chars = self.texts[number], self._sounds[number], self._chars[number]
        length = end - start
        total = 0.0
        same = [folded[start + i] == text[at + i] for i in range(length)]
        alone = SOUND_ALONE if length == 2 else SOUND
        for i in range(length - 1):
            if same[i] and same[i + 1]:
                total += chars[at + i]
            else:
                total += alone * sounds[at + i]
        # n units have n − 1 pairs, of which each shares a unit with the next: a word of n counts n/2 pairs.
        return Match(number, start, end, at, total * length / (2 * (length - 1)))


def _apart(matches: list[Match]) -> list[Match]:
    kept: list[Match] = []
    for match in sorted(matches, key=lambda m: (-m.weight, m.start, m.at)):
        if all(match.end <= other.start or match.start >= other.end for other in kept):
            kept.append(match)
    return kept


def _text(product: Known) -> str:
    parts = [product.title]
    parts += [part for part in (product.brand, product.category) if part and part not in product.title]
    return " ".join([*parts, product.attributes]).rstrip()
