"""What is wrong with what the encoder says of a few judged lists: the loss that it learns from.

Of each list with an answer, with gains g_i = 2^grade − 1 and shares g_i / Σ g, the listwise softmax (ListNet; Cao et
al. 2007) of three scores: the rest of ranking + a · cosine, so that the vectors learn what words do not see; the cosine
alone, over all titles of the lists; and what tokens say. Of each title the logistic loss of two logits against how
probable a grade makes an answer: the rest of the relevance + k · (cosine − middle) + c, and what tokens say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

from eval.tuning.judged import JudgedList
from eval.tuning.network import Changes, Layer, Tensor, Texts, mean, raised
from eval.tuning.tokens import Late, head, numbers

ANSWERS = (0.02, 0.1, 0.75, 0.95)
"""How probably a title of each grade is an answer: judges are not always of one mind."""
_BESIDE, _ALONE, _TOKENS = 0.7, 0.25, 0.4
"""What the three listwise losses weigh: beside the rest, the cosine alone, and tokens."""
_RELEVANCE, _ANSWERED = 0.7, 1.5
"""What the two logistic ones weigh: beside the rest, and tokens, whose logit is to be read as one."""
MIDDLE = "middle"
SCALES = {"a": 18.5, "alone": 80.0, "k": 40.0}
"""Where the factors of cosines begin: their logarithms are learned, and with them c; the middle is measured once."""


@dataclass(frozen=True, slots=True)
class Model:
    """All that speaks: the upper layers with their changes, what makes tokens, and the scales of the loss."""

    network: Sequence[Layer]
    changes: Changes
    late: Late
    scales: Mapping[str, Tensor]


@dataclass(frozen=True, slots=True)
class Said:
    """Of a few lists with t titles in all.

    Attributes:
        of: (t,), the place of the list of each title.
        products: (lists, t), cosines of every query with every title.
        cosines, tokens: (t,), of the title's own query, and what its tokens say.
    """

    of: Tensor
    products: Tensor
    cosines: Tensor
    tokens: Tensor


def said(model: Model, lists: Sequence[JudgedList], queries: Texts, titles: Texts, of: Mapping[str, int]) -> Said:
    """What the encoder says; `of`: text → its place among `queries` or `titles`."""
    own = torch.tensor(np.repeat(np.arange(len(lists)), [len(one.titles) for one in lists]))
    asked = _upper(model, queries, [of[f"q{one.query}"] for one in lists])
    offered = _upper(model, titles, [of[f"t{title}"] for one in lists for title in one.titles])
    products = mean(*asked) @ mean(*offered).T
    cosines = products[own, torch.arange(len(own))]
    return Said(own, products, cosines, head(model.late, read(model.late, asked, offered, own, cosines)))


def read(
    late: Late, asked: tuple[Tensor, Tensor], offered: tuple[Tensor, Tensor], own: Tensor, cosines: Tensor
) -> Tensor:
    """f of every title with its own query."""
    return numbers(late, (asked[0][own], asked[1][own]), offered, cosines)


def lesson(model: Model, lists: Sequence[JudgedList], heard: Said) -> Tensor:
    """The loss, a number."""
    scales = model.scales
    grades = torch.from_numpy(np.concatenate([one.grades for one in lists]))
    order, relevance = (
        torch.from_numpy(np.concatenate([getattr(one, name) for one in lists])) for name in ("order", "relevance")
    )
    beside = order + scales["a"].exp() * heard.cosines
    alone = heard.products * scales["alone"].exp()
    titles = [title for one in lists for title in one.titles]
    listwise = torch.zeros(())
    answered = 0
    for place, one in enumerate(lists):
        if not one.answered:
            continue
        answered += 1
        mine = heard.of == place
        gains = 2.0 ** grades[mine] - 1
        shares = gains / gains.sum()
        listwise = listwise - (shares * functional.log_softmax(beside[mine], 0)).sum() * _BESIDE
        again = torch.tensor([title in one.titles for title in titles]) & ~mine
        spread = functional.log_softmax(alone[place].masked_fill(again, -torch.inf), 0)
        listwise = listwise - (shares * spread[mine]).sum() * _ALONE
        listwise = listwise - (shares * functional.log_softmax(heard.tokens[mine], 0)).sum() * _TOKENS
    answers = torch.tensor(ANSWERS)[grades]
    logit = relevance + scales["k"].exp() * (heard.cosines - scales[MIDDLE]) + scales["c"]
    logistic = functional.binary_cross_entropy_with_logits
    loss = logistic(logit, answers) * _RELEVANCE + logistic(heard.tokens, answers) * _ANSWERED
    return loss + listwise / max(answered, 1)


def _upper(model: Model, texts: Texts, places: Sequence[int]) -> tuple[Tensor, Tensor]:
    states, counts = texts.batch(places)
    return raised(model.network, states, counts, model.changes), counts
