"""Late interaction in torch: the numbers of `retrieval.late.query`, so that what makes them can be learned.

Its parameters carry the names that they have in a tuning (`retrieval.encoders.e5_late`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import torch
from torch.nn import functional

from eval.tuning.network import Tensor
from retrieval.encoders.e5_late import AFTER, BEFORE, COLUMNS
from retrieval.late.query import NUMBERS, SHARP
from retrieval.late.titles import WIDTH

Late: TypeAlias = Mapping[str, Tensor]

LEARNED = ("projection", "head.direct", "head.inner", "head.inner_bias", "head.outer", "head.bias")
FIXED = ("head.middle", "head.spread")
_UNITS = 16
"""Of the hidden layer of the head."""
_DIRECT = (2.0, 0.3, 0.3, 0.5, 0.5, 0.0)
"""What a head that has learned nothing gives its numbers."""
_OUT = -1e4


def untaught(rows: Tensor) -> dict[str, Tensor]:
    """A beginning: the `WIDTH` directions that hold most of tokens, which all weigh the same.

    Args:
        rows: states of tokens of titles in the last layer, (tokens, hidden).
    """
    unit = functional.normalize(rows, dim=1)
    _, directions = torch.linalg.eigh(unit.T @ unit)
    hidden = rows.shape[1]
    projection = torch.cat([directions[:, -WIDTH:], torch.zeros(hidden, COLUMNS - WIDTH)], dim=1)
    return {
        "projection": projection, "head.direct": torch.tensor(_DIRECT), "head.inner": torch.randn(NUMBERS, _UNITS) / 4,
        "head.inner_bias": torch.zeros(_UNITS), "head.outer": torch.zeros(_UNITS), "head.bias": torch.tensor(-0.5),
        "head.middle": torch.zeros(NUMBERS), "head.spread": torch.ones(NUMBERS),
    }  # fmt: skip


def numbers(late: Late, query: tuple[Tensor, Tensor], title: tuple[Tensor, Tensor], cosines: Tensor) -> Tensor:
    """f of n pairs, (n, NUMBERS), of the states of both sides and how many tokens each has."""
    asked, offered = query[0] @ late["projection"], title[0] @ late["projection"]
    said, meant = _said(query), _said(title)
    q, t = (functional.normalize(side[..., :WIDTH], dim=2) for side in (asked, offered))
    products = torch.einsum("bqd,btd->bqt", q, t)
    near = products.masked_fill(~meant[:, None], _OUT).max(2).values
    back = products.masked_fill(~said[:, :, None], _OUT).max(1).values
    w = asked[..., WIDTH].masked_fill(~said, _OUT).softmax(1)
    v = offered[..., WIDTH + 1].masked_fill(~meant, _OUT).softmax(1)
    soft = -torch.logsumexp((-SHARP * near).masked_fill(~said, _OUT), 1) / SHARP
    least = near.masked_fill(~said, -_OUT).min(1).values
    whole = functional.cosine_similarity((w[:, :, None] * q).sum(1), (v[:, :, None] * t).sum(1), dim=1)
    return torch.stack([(w * near).sum(1), soft, least, cosines, whole, (v * back).sum(1)], 1)


def head(late: Late, found: Tensor) -> Tensor:
    """Of f, (n, NUMBERS): z, (n,), the logit that the title answers."""
    f = (found - late["head.middle"]) / late["head.spread"]
    hidden = torch.tanh(f @ late["head.inner"] + late["head.inner_bias"])
    return f @ late["head.direct"] + hidden @ late["head.outer"] + late["head.bias"]


def _said(side: tuple[Tensor, Tensor]) -> Tensor:
    """Which tokens are none of `<s>`, the pieces behind it and `</s>`."""
    states, counts = side
    place = torch.arange(states.shape[1])[None]
    return (place >= BEFORE) & (place < counts[:, None] - AFTER)
