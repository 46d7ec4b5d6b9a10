"""Learns a tuning from judged lists, a few at a time (AdamW; Loshchilov and Hutter 2019)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from eval.tuning.judged import JudgedList
from eval.tuning.lesson import MIDDLE, SCALES, Model, lesson, read, said
from eval.tuning.network import Layer, Tensor, Texts, layer_of, lowered, mean, raised
from eval.tuning.store import Beginning, Tuning
from eval.tuning.tokens import LEARNED, untaught
from retrieval.encoders.e5_calibration import PASSAGE_PREFIX, QUERY_PREFIX
from retrieval.encoders.e5_late import AFTER, BEFORE, MOST_QUERY_TOKENS, MOST_TOKENS
from retrieval.encoders.e5_vocabulary import E5Tokenizer, kept_rows
from retrieval.encoders.e5_weights import E5Weights
from retrieval.late.titles import WIDTH

GROUP = 8
"""Lists that are looked at together."""
UNANSWERED = 0.35
"""Lists without an answer that a round takes, as a share of those with one; they teach what is none."""
_WARM, _LEAST = 30, 0.05
"""Steps in which the rate rises, a tenth of them at most, and what share of it is left at the end."""
_HEAD_RATE, _SCALE_RATE, _DECAY = 0.0004, 0.01, 0.01
_SAMPLE = 400
"""Texts and lists that are measured before and after."""

Watch = Callable[[int, int, float], None]
"""Told the step, how many there are, and the loss of late."""


@dataclass(frozen=True, slots=True)
class Course:
    """How to learn.

    Attributes:
        layers: of the upper ones, how many change.
        rank: of the changes.
        rounds: how often each list is seen.
        rate: of the changes, as it is when warm.
        seed: of the order of the lists, and of where the changes begin.
    """

    layers: int
    rank: int
    rounds: int
    rate: float
    seed: int


def learn(
    lists: Sequence[JudgedList], weights: E5Weights, tokenizers: tuple[E5Tokenizer, E5Tokenizer],
    beginning: Beginning, course: Course, watch: Watch,
) -> Tuning:  # fmt: skip
    """A tuning that says what these lists say better.

    Args:
        weights: with what the beginning adds to layers that do not change.
        tokenizers: of queries and of titles (`tokenizers_of`).
    """
    torch.manual_seed(course.seed)
    low = weights.layers - course.layers
    network = [layer_of(weights, number) for number in range(low, weights.layers)]
    queries = list(dict.fromkeys(one.query for one in lists))
    titles = list(dict.fromkeys(title for one in lists for title in one.titles))
    rows = kept_rows(weights.pieces)
    asked = lowered(weights, rows, tokenizers[0].encode(QUERY_PREFIX, queries), low)
    offered = lowered(weights, rows, tokenizers[1].encode(PASSAGE_PREFIX, titles), low)
    of = {f"q{text}": place for place, text in enumerate(queries)} | {f"t{t}": place for place, t in enumerate(titles)}
    changes = {
        layer.change_of(part): _change(layer, part, beginning, course.rank)
        for layer in network
        for part in layer.linear
    }
    model = Model(network, changes, _late(beginning, network, changes, offered), _scales())
    _settle(model, lists, asked, offered, of, fresh=not beginning.late)
    learned = [factor for pair in changes.values() for factor in pair]
    heads = [model.late[name] for name in LEARNED]
    scales = [value for name, value in model.scales.items() if name != MIDDLE]
    for number in (*learned, *heads, *scales):
        number.requires_grad_()
    rates = (course.rate, _HEAD_RATE, _SCALE_RATE)
    groups = [{"params": learned}, {"params": heads}, {"params": scales, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, weight_decay=_DECAY)
    generator = np.random.default_rng(course.seed)
    plan = [group for _ in range(course.rounds) for group in _round(lists, generator)]
    warm, late_loss = min(_WARM, max(1, len(plan) // 10)), 0.0
    for step, group in enumerate(plan):
        for settings, rate in zip(optimizer.param_groups, rates, strict=True):
            settings["lr"] = rate * min(1, (step + 1) / warm) * max(_LEAST, 1 - step / len(plan))
        loss = lesson(model, group, said(model, group, asked, offered, of))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*learned, *heads], 1.0)
        optimizer.step()
        late_loss = loss.item() if step == 0 else 0.97 * late_loss + 0.03 * loss.item()
        watch(step + 1, len(plan), late_loss)
    return Tuning(changes, model.late, _tokens_of(model, offered))


def tokenizers_of(open_tokenizer: Callable[[int], E5Tokenizer]) -> tuple[E5Tokenizer, E5Tokenizer]:
    """Of queries and of titles, each as long as its tokens are read."""
    return open_tokenizer(MOST_QUERY_TOKENS + BEFORE + AFTER), open_tokenizer(MOST_TOKENS + BEFORE + AFTER)


def _round(lists: Sequence[JudgedList], generator: np.random.Generator) -> list[list[JudgedList]]:
    """Lists in groups: all that have an answer, and some of the others."""
    good, others = ([one for one in lists if one.answered is answered] for answered in (True, False))
    some = generator.permutation(len(others))[: math.ceil(UNANSWERED * len(good))]
    taken = good + [others[place] for place in some.tolist()]
    mixed = [taken[place] for place in generator.permutation(len(taken)).tolist()]
    return [mixed[first : first + GROUP] for first in range(0, len(mixed), GROUP)]


def _change(layer: Layer, part: str, beginning: Beginning, rank: int) -> tuple[Tensor, Tensor]:
    """Where a change begins: nothing is added, but what the beginning adds."""
    out, entering = layer.linear[part][0].shape
    up, down = torch.zeros(out, rank), torch.randn(rank, entering) / entering**0.5
    if begun := beginning.changes.get(layer.change_of(part)):
        have = begun[0].shape[1]
        up[:, :have], down[:have] = torch.from_numpy(begun[0]), torch.from_numpy(begun[1])
    return up, down


def _late(
    beginning: Beginning, network: Sequence[Layer], changes: Mapping[str, tuple[Tensor, Tensor]], titles: Texts
) -> dict[str, Tensor]:
    if beginning.late:
        return {name: torch.from_numpy(np.array(value)) for name, value in beginning.late.items()}
    return untaught(last(network, changes, titles))


def _scales() -> dict[str, Tensor]:
    scales = {name: torch.tensor(math.log(value)) for name, value in SCALES.items()}
    return {**scales, "c": torch.tensor(0.0), MIDDLE: torch.tensor(0.0)}


def _settle(
    model: Model, lists: Sequence[JudgedList], queries: Texts, titles: Texts, of: Mapping[str, int], *, fresh: bool
) -> None:
    """What a beginning has to know of its own numbers: the middle of the cosines, and how the numbers of a head that
    is `fresh` spread."""
    cosines, found = [], []
    with torch.no_grad():
        for one in lists[:_SAMPLE]:
            sides = []
            for texts, places in ((queries, [of[f"q{one.query}"]]), (titles, [of[f"t{t}"] for t in one.titles])):
                states, counts = texts.batch(places)
                sides.append((raised(model.network, states, counts, model.changes), counts))
            near = (mean(*sides[1]) @ mean(*sides[0]).T)[:, 0]
            own = torch.zeros(len(one.titles), dtype=torch.int64)
            cosines.append(near)
            found.append(read(model.late, sides[0], sides[1], own, near))
    model.scales[MIDDLE].fill_(torch.cat(cosines).mean())
    if fresh:
        numbers = torch.cat(found)
        model.late["head.middle"].copy_(numbers.mean(0))
        model.late["head.spread"].copy_(numbers.std(0).clamp_min(0.01))


def _tokens_of(model: Model, titles: Texts) -> Tensor:
    """Unit vectors of the tokens of some titles, (tokens, WIDTH): what the steps of stored numbers are measured on."""
    with torch.no_grad():
        tokens = last(model.network, model.changes, titles) @ model.late["projection"]
        return functional.normalize(tokens[:, :WIDTH], dim=1)


def last(network: Sequence[Layer], changes: Mapping[str, tuple[Tensor, Tensor]], titles: Texts) -> Tensor:
    """States of the tokens of some titles in the last layer, (tokens, hidden)."""
    places = dict.fromkeys(np.linspace(0, len(titles.starts) - 2, _SAMPLE).astype(int).tolist())
    with torch.no_grad():
        return torch.cat([raised(network, *titles.batch([place]), changes)[0, BEFORE:-AFTER] for place in places])
