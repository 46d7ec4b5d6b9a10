"""What hosts say: lines chosen for a product, filled with its facts, and timed as they are spoken.

Hosts seldom read out the title. They name the thing as people do (``Kind.say``), tell what is wrong with others, show
it, say the price in words, and ask for the order; in livestreams they also chat, answer and say things again.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from demo.entries import SLOT, Speech
from demo.nouns import Product, Segment
from demo.prices import spoken_number, spoken_price
from demo.randomness import around

COLOUR_AXES = ("颜色", "色号", "香型")
SIZE_AXES = ("尺码", "身高", "内长", "尺寸")
AMOUNT_AXES = ("规格", "净含量")
UNSPOKEN = ("型号", "风格", "适用")
NOT_ASKING = ("家用", "儿童", "宝宝", "新生儿", "男童", "女童", "猫", "狗")
"""Audiences that do not shop themselves."""
RETURNS = "七天无理由退货"


@dataclass(frozen=True, slots=True)
class Manner:
    """How one host talks and is transcribed: characters per second, longest pause in seconds, share of the lines with
    a commonly misheard word that are misheard, with commas or not."""

    pace: float
    pause: float
    misheard: float
    punctuated: bool


def draw_manner(rng: random.Random, *, live: bool) -> Manner:
    """Chinese is spoken at 4 to 5.6 characters a second, with longer pauses when live; most transcripts have commas."""
    pause = 2.4 if live else 0.8
    return Manner(around(4.0, 5.6, rng), pause, rng.choice((0.0, 0.1, 0.3)), rng.random() < 0.65)


class Script:
    """The lines of one video in order; no line is taken twice while there are fresh ones."""

    def __init__(self, speech: Speech, rng: random.Random) -> None:
        self.lines: list[str] = []
        self._speech = speech
        self._rng = rng
        self._said: set[str] = set()

    def say(
        self, lines: Iterable[str], count: int, product: Product | None = None, others: Mapping[str, str] | None = None
    ) -> None:
        """Add up to ``count`` of ``lines`` that are fresh and whose slots the product, and ``others``, can fill."""
        words = (spoken_words(product, self._rng) if product else {}) | dict(others or {})
        pool = [line for line in lines if sayable(line, words)]
        for line in self._rng.sample(pool, len(pool)):
            if count <= 0:
                return
            if line not in self._said:
                self._said.add(line)
                self.lines.append(fill(line, words))
                count -= 1
        # All said: from now on they may be said again.
        self._said.difference_update(pool)

    def present(self, product: Product, *, thorough: bool) -> int:
        """Show a product: pain, name, what is special, price. ``thorough`` as in a livestream, else in a few lines.

        Returns the number of the line that names it.
        """
        chance, spu = self._rng.random, product.spu
        category, kind = spu.category, spu.kind
        shown = category.show if kind.show is None else kind.show
        if thorough or chance() < 0.6:
            self.say(category.pain if kind.pain is None else kind.pain, 1)
        named = len(self.lines)
        self.say(self._speech.intros, 1, product)
        first = len(self.lines)
        self.say(kind.talk, len(kind.talk))
        self.say(shown, len(shown) if thorough else self._rng.randint(1, 2))
        self.say(self._speech.facts, 1 if thorough or chance() < 0.3 else 0, product)
        special = self.lines[first:]
        self.say(self._speech.uses, 1 if thorough or chance() < 0.4 else 0, product)
        if thorough or chance() < 0.4:
            colours = any(axis in category.axes_of(kind) for axis in COLOUR_AXES)
            self.say(self._speech.variants if colours else self._speech.ranges, 1, product)
        if thorough:
            self._sell(product, special)
        elif chance() < 0.75:
            self.say(self._speech.prices, 1, product)
        return named

    def _sell(self, product: Product, special: Sequence[str]) -> None:
        """The back and forth of a livestream after a product was shown; ``special`` is what may be said again."""
        draw, speech = self._rng.randint, self._speech
        self.say(speech.chatter, draw(0, 2))
        self.say(speech.answers, draw(1, 3), product)
        if special and self._rng.random() < 0.7:
            self.say(speech.again, 1)
            self.lines.extend(self._rng.sample(special, min(len(special), 2)))
        self.say(speech.prices, draw(1, 2), product)
        self.say(speech.countdown, draw(1, 2))
        self.say(speech.aftersale, draw(0, 1), product)


def spoken_words(product: Product, rng: random.Random) -> dict[str, str | None]:
    """The words for the slots of a line about ``product``; None where there is nothing to say."""
    kind, axes = product.spu.kind, product.spu.category.axes_of(product.spu.kind)
    who = [name for name in product.spu.who if name not in NOT_ASKING]
    facts = {name: value for name, value in product.spu.facts.items() if name not in UNSPOKEN}
    attribute = rng.choice(list(facts)) if facts else None
    axis = next((name for name in COLOUR_AXES if name in axes), next(iter(axes), None))
    # 色号 carry a number that nobody says: "#01 枫叶红".
    values = [value.split()[-1] for value in axes.get(axis or "", {})]
    saved = None if product.list_price is None else product.list_price - product.price
    return {
        "name": rng.choice(kind.say if rng.random() < 0.75 else kind.noun),
        "brand": product.spu.brand,
        "price": spoken_price(product.price),
        "list_price": None if product.list_price is None else spoken_price(product.list_price),
        "save": spoken_price(saved) if saved and saved >= 5 else None,
        "values": " ".join(values[:4]) if len(values) > 1 else None,
        "value": product.variant.get(axis or "", "").split()[-1] if axis and product.variant.get(axis) else None,
        "count": spoken_number(len(values)) if 2 < len(values) <= 4 else None,
        "first": values[0] if len(values) > 1 else None,
        "last": values[-1] if len(values) > 1 else None,
        "who": rng.choice(who) if who else None,
        "gift": rng.choice(kind.gift) if kind.gift else None,
        "use": rng.choice(kind.use) if kind.use else None,
        "attribute": attribute,
        "fact": facts[attribute] if attribute else None,
        "便宜": "" if product.price < 60 else None,
        "可退": "" if RETURNS in product.spu.department.services else None,
        "有色": "" if axis in COLOUR_AXES else None,
        "分量": "" if axis in AMOUNT_AXES else None,
        "有码": "" if any(name in axes for name in SIZE_AXES) else None,
    }


def sayable(line: str, words: Mapping[str, str | None]) -> bool:
    """Whether there are words for every slot of the line."""
    return all(words.get(match[2]) is not None for match in SLOT.finditer(line))


def fill(line: str, words: Mapping[str, str | None]) -> str:
    """The line with its slots replaced."""
    return SLOT.sub(lambda match: words.get(match[2]) or "", line)


def transcribe(
    lines: Sequence[str], manner: Manner, misheard: Mapping[str, str], rng: random.Random
) -> tuple[Segment, ...]:
    """One segment per line, one after the other from second 0, with the slips of automatic transcription.

    A line takes its length over the host's pace, and a pause follows; times are in hundredths of seconds.
    """
    segments: list[Segment] = []
    now = 0.3
    for line in lines:
        end = now + len(line.replace(" ", "")) / manner.pace
        text = line
        if rng.random() < manner.misheard:
            text = next((text.replace(said, wrote, 1) for said, wrote in misheard.items() if said in text), text)
        if manner.punctuated:
            text = text.replace(" ", "，") + "。"
        segments.append(Segment(round(now, 2), round(end, 2), text))
        now = end + manner.pause * rng.random()
    return tuple(segments)
