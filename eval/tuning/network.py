"""e5 in torch, as far as it is learned: the lower layers run once for each text, the upper ones with changes of low
rank (LoRA; Hu et al., 2022), as `retrieval.encoders.e5_graph` writes them for service.

A change is a pair of matrices, up (out, rank) and down (rank, in), under the name of what it changes (`l11.q.w`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import torch
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from retrieval.encoders.e5_weights import BLOCK, E5Weights
from retrieval.types import FloatArray, IntArray

Tensor: TypeAlias = Any
Changes: TypeAlias = Mapping[str, tuple[Tensor, Tensor]]

PARTS = ("q", "k", "v", "ao", "fi", "fo")
"""The matrices of a layer: of its attention, what leaves it, and the two of its hidden layer."""
_BATCH = 128
"""Texts that run through the lower layers together."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer as it is before it learns: part → matrix (out, in) and bias, and gain and shift of both norms."""

    number: int
    linear: Mapping[str, tuple[Tensor, Tensor]]
    norms: Mapping[str, tuple[Tensor, Tensor]]
    heads: int
    epsilon: float

    def change_of(self, part: str) -> str:
        """What a change of this part is called."""
        return f"l{self.number}.{part}.w"

    def __call__(self, states: Tensor, mask: Tensor, changes: Changes) -> Tensor:
        """Of states (texts, tokens, hidden); mask (texts, 1, 1, tokens): which tokens there are."""

        def linear(part: str, entering: Tensor) -> Tensor:
            left = functional.linear(entering, *self.linear[part])
            change = changes.get(self.change_of(part))
            if change is None:
                return left
            up, down = change
            return left + functional.linear(functional.linear(entering, down), up)

        def norm(part: str, entering: Tensor) -> Tensor:
            return functional.layer_norm(entering, entering.shape[-1:], *self.norms[part], self.epsilon)

        texts, tokens, hidden = states.shape
        parted = [linear(p, states).view(texts, tokens, self.heads, -1).transpose(1, 2) for p in ("q", "k", "v")]
        context = functional.scaled_dot_product_attention(*parted, attn_mask=mask)
        states = norm("aln", states + linear("ao", context.transpose(1, 2).reshape(texts, tokens, hidden)))
        return norm("oln", states + linear("fo", functional.gelu(linear("fi", states))))


@dataclass(frozen=True, slots=True)
class Texts:
    """What the lower layers made of n texts.

    Attributes:
        states: (tokens of all texts, hidden), float16.
        starts: (n + 1,), where each begins.
    """

    states: Tensor
    starts: IntArray

    def batch(self, places: Sequence[int] | IntArray) -> tuple[Tensor, Tensor]:
        """Of some: states (texts, tokens, hidden), filled up with zeros, and how many tokens each has, (texts,)."""
        rows = [self.states[self.starts[place] : self.starts[place + 1]].float() for place in places]
        return pad_sequence(rows, batch_first=True), torch.tensor([len(row) for row in rows])


def layer_of(weights: E5Weights, number: int) -> Layer:
    """A layer of e5, with what its weights are tuned with."""
    hidden, inner = weights.hidden, weights.inner
    shapes = {"fi": (inner, hidden), "fo": (hidden, inner)}

    def tensor(name: str, *shape: int) -> Tensor:
        return torch.from_numpy(weights.tensor(f"l{number}.{name}", *shape).copy())

    linear = {}
    for part in PARTS:
        shape = shapes.get(part, (hidden, hidden))
        linear[part] = tensor(f"{part}.w", *shape), tensor(f"{part}.b", shape[0])
    norms = {part: (tensor(f"{part}.w", hidden), tensor(f"{part}.b", hidden)) for part in ("aln", "oln")}
    return Layer(number, linear, norms, weights.heads, weights.epsilon)


def lowered(weights: E5Weights, rows: IntArray, ids: Sequence[IntArray], layers: int) -> Texts:
    """Runs texts through the lowest `layers`, which do not learn.

    Args:
        rows: of the vocabulary that are kept (`e5_vocabulary.kept_rows`).
        ids: the tokens of each text.
    """
    table, positions = _embeddings(weights, rows)
    gain, shift = (torch.from_numpy(weights.tensor(f"emb.ln.{part}", weights.hidden).copy()) for part in "wb")
    network = [layer_of(weights, number) for number in range(layers)]
    starts = np.concatenate(([0], np.cumsum([len(one) for one in ids]))).astype(np.int64)
    states = torch.zeros(int(starts[-1]), weights.hidden, dtype=torch.float16)
    order = np.argsort([len(one) for one in ids], kind="stable")
    with torch.no_grad():
        for first in range(0, len(order), _BATCH):
            places = order[first : first + _BATCH].tolist()
            padded = pad_sequence([torch.from_numpy(ids[place]) for place in places], batch_first=True)
            counts = torch.tensor([len(ids[place]) for place in places])
            entering = table[padded] + positions[: padded.shape[1]]
            found = functional.layer_norm(entering, (weights.hidden,), gain, shift, weights.epsilon)
            for layer in network:
                found = layer(found, there(found, counts)[:, None, None], {})
            for place, row in zip(places, found, strict=True):
                states[starts[place] : starts[place + 1]] = row[: len(ids[place])]
    return Texts(states, starts)


def raised(network: Sequence[Layer], states: Tensor, counts: Tensor, changes: Changes) -> Tensor:
    """Through the upper layers.

    Args:
        states: (texts, tokens, hidden), and what is returned.
        counts: (texts,), how many of them are tokens of each.
    """
    mask = there(states, counts)[:, None, None]
    for layer in network:
        states = layer(states, mask, changes)
    return states


def mean(states: Tensor, counts: Tensor) -> Tensor:
    """The vectors of texts, (texts, hidden), of unit norm."""
    kept = there(states, counts)[:, :, None].float()
    return functional.normalize((states * kept).sum(1), dim=1)


def there(states: Tensor, counts: Tensor) -> Tensor:
    """Which tokens are no filling, (texts, tokens)."""
    return torch.arange(states.shape[1])[None] < counts[:, None]


def _embeddings(weights: E5Weights, rows: IntArray) -> tuple[Tensor, Tensor]:
    """Of the kept words, (rows, hidden), and of places, (positions, hidden)."""
    values, scales = weights.blocks("emb.word")
    blocks = weights.hidden // BLOCK
    kept = values.reshape(-1, blocks, BLOCK)[rows] * scales.reshape(-1, blocks, 1)[rows].astype(np.float32)
    words: FloatArray = kept.reshape(len(rows), weights.hidden).astype(np.float32)
    places = weights.tensor("emb.pos", weights.positions, weights.hidden)
    places = places + weights.tensor("emb.type", -1, weights.hidden)[0]
    return torch.from_numpy(words), torch.from_numpy(places)
