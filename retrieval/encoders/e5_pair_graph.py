"""Writes the graph that reads a query and a title together: the lower layers of e5, and a small head on top.

    z = W₂·GELU(W₁·[8·q∘t; 2·(q - t); s] + b₁) + b₂

q and t are the means of the tokens of the query and of the title, s is the first token. Every token has seen all
others, of either side, in each layer.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from onnx import ModelProto, TensorProto, helper

from retrieval.encoders.e5_graph import Graph, Numerics, model_of, token_axis, tokens_of
from retrieval.encoders.e5_weights import E5Weights
from retrieval.types import FloatArray, IntArray

_ALIKE, _APART = 8.0, 2.0
"""The factors of the head: they bring its three parts to one size."""


def pair_graph(
    weights: E5Weights, rows: IntArray, numerics: Numerics, head: Mapping[str, FloatArray], layers: int
) -> ModelProto:
    """Inputs `ids` int64 (batch, tokens), pairs of one query, all of one length, and `split` int64 (1,): the tokens of
    the query, `<s>` and `</s>` with it. Output `scores` float32 (batch, 1)."""
    graph = Graph()
    tokens = tokens_of(graph, weights, rows, numerics, layers=layers)
    axis = token_axis(graph)
    zero, one = graph.constant("begin", np.array([0], np.int64)), graph.constant("second", np.array([1], np.int64))
    last = graph.add("Shape", ["ids"], "last", start=1, end=2)

    def mean(begin: str, end: str, name: str) -> str:
        part = graph.add("Slice", [tokens, begin, end, axis], f"{name}.tokens")
        return graph.add("ReduceMean", [part, axis], name, keepdims=0)

    query, title, first = mean(zero, "split", "query"), mean("split", last, "title"), mean(zero, one, "first")
    alike = graph.add(
        "Mul", [graph.add("Mul", [query, title], "product"), _number(graph, "alike.factor", _ALIKE)], "alike"
    )
    apart = graph.add(
        "Mul", [graph.add("Sub", [query, title], "difference"), _number(graph, "apart.factor", _APART)], "apart"
    )
    read = graph.add("Concat", [alike, apart, first], "read", axis=1)
    wide = graph.add("Gelu", [_linear(graph, read, head, "h1")], "head.gelu")
    graph.add("Identity", [_linear(graph, wide, head, "h2")], "scores")
    split = helper.make_tensor_value_info("split", TensorProto.INT64, [1])
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["batch", 1])
    return model_of(graph, "multilingual-e5-small, pairs", [split], [scores])


def _number(graph: Graph, name: str, value: float) -> str:
    return graph.constant(name, np.float32(value))


def _linear(graph: Graph, entering: str, head: Mapping[str, FloatArray], name: str) -> str:
    weight = graph.constant(f"{name}.weight", head[f"{name}.w"].T)
    return graph.add("Gemm", [entering, weight, graph.constant(f"{name}.bias", head[f"{name}.b"])], f"{name}.out")
