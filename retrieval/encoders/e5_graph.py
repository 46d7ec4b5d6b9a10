"""Writes multilingual-e5-small as an ONNX graph: token ids in, unit vectors out.

The network is a post-norm BERT encoder (Devlin et al., 2018): embeddings, then for each layer

    a = LN(x + Attention(x)·W_o),   x = LN(a + GELU(a·W_i)·W_f),

then the mean over all tokens and the Euclidean norm. There is no padding mask: the encoder only ever runs texts of one
length together, which makes padding, its cost and its influence on the numbers disappear.

How a Linear layer is computed is left to a `Numerics` (see e5_quantize.py): one description gives the float32 graph
that calibrates and the int8 graph that serves. The embedding table stays in the 4-bit blocks it came in.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

from retrieval.encoders.e5_weights import BLOCK, E5Weights
from retrieval.types import FloatArray, IntArray

MICROSOFT = "com.microsoft"
_OPSETS = (("", 23), (MICROSOFT, 1))
_IR_VERSION = 11


class Numerics(Protocol):
    """How the graph computes `x·W + b`. A site names the activation that enters, e.g. ``3.in``."""

    def smoothing(self, site: str, weight: FloatArray) -> FloatArray | None:
        """Divisor for each channel of the activation at `site` (and factor for the rows of `weight`), or None."""

    def enter(self, graph: Graph, activation: str, site: str, smoothing: FloatArray | None) -> str:
        """Prepares an activation once for all the Linear layers that read it."""

    def linear(self, graph: Graph, entered: str, weight: FloatArray, bias: FloatArray, name: str) -> str:
        """`weight` is (in, out), already multiplied by the smoothing."""


class Graph:
    """Nodes and constants in the making; every method returns the name of the value it adds."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []
        self.observed: list[str] = []

    def constant(self, name: str, value: npt.ArrayLike) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, operator: str, inputs: list[str], name: str, *, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, domain=domain, **attributes))
        return name


def encoder_graph(
    weights: E5Weights, rows: IntArray, numerics: Numerics, projection: FloatArray | None = None
) -> ModelProto:
    """The whole network over the kept vocabulary rows.

    Input `ids` int64 (batch, tokens), all of one length and at most `weights.positions` tokens; output `vectors`
    float32 (batch, hidden), unit norm; with a `projection` (hidden, width) `tokens` float32 (batch, tokens, width),
    what it makes of each; after them, the values that `numerics` put into `graph.observed`.
    """
    graph = Graph()
    tokens = tokens_of(graph, weights, rows, numerics, layers=weights.layers)
    mean = graph.add("ReduceMean", [tokens, token_axis(graph)], "mean", keepdims=0)
    graph.add("LpNormalization", [mean], "vectors", axis=-1, p=2)
    outputs = [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", weights.hidden])]
    if projection is not None:
        graph.add("MatMul", [tokens, graph.constant("projection", projection)], "tokens")
        outputs.append(helper.make_tensor_value_info("tokens", TensorProto.FLOAT, None))
    return model_of(graph, "multilingual-e5-small", [], outputs)


def tokens_of(graph: Graph, weights: E5Weights, rows: IntArray, numerics: Numerics, *, layers: int) -> str:
    """The lowest `layers` of the network: of the input `ids`, what each token has become, (batch, tokens, hidden)."""
    total = _embeddings(graph, weights, rows)
    norm = "emb.ln"
    for layer in range(layers):
        total = _layer(graph, weights, numerics, layer, total, norm)
        norm = f"l{layer}.oln"
    return _layer_norm(graph, weights, total, norm, None)


def token_axis(graph: Graph) -> str:
    """The axis of the tokens, for means over them."""
    return graph.constant("token_axis", np.array([1], np.int64))


def model_of(graph: Graph, name: str, inputs: list[ValueInfoProto], outputs: list[ValueInfoProto]) -> ModelProto:
    """A graph as a model: its inputs are `ids` and what is given, its outputs what is given and what is observed."""
    outputs = outputs + [helper.make_tensor_value_info(each, TensorProto.FLOAT, None) for each in graph.observed]
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "tokens"])
    body = helper.make_graph(graph.nodes, name, [ids, *inputs], outputs, graph.constants)
    opsets = [helper.make_opsetid(domain, version) for domain, version in _OPSETS]
    return helper.make_model(body, opset_imports=opsets, ir_version=_IR_VERSION)


def _embeddings(graph: Graph, weights: E5Weights, rows: IntArray) -> str:
    values, scales = weights.blocks("emb.word")
    width = weights.hidden // BLOCK
    table = values.reshape(-1, weights.hidden)[rows].view(np.uint8)
    packed = (table[:, 0::2] & 0x0F) | (table[:, 1::2] << 4)
    graph.constants.append(
        TensorProto(
            name="words", data_type=TensorProto.INT4, dims=[len(rows), weights.hidden], raw_data=packed.tobytes()
        )
    )
    graph.constant("word_scales", scales.reshape(-1, width)[rows])
    words = graph.add(
        "GatherBlockQuantized",
        ["words", "ids", "word_scales"],
        "words_half",
        domain=MICROSOFT,
        gather_axis=0,
        quantize_axis=1,
        block_size=BLOCK,
    )
    words = graph.add("Cast", [words], "words_float", to=TensorProto.FLOAT)
    first_type = weights.tensor("emb.type", -1, weights.hidden)[0]
    graph.constant("positions", weights.tensor("emb.pos", weights.positions, weights.hidden) + first_type)
    length = graph.add("Shape", ["ids"], "length", start=1, end=2)
    zero = graph.constant("zero", np.array([0], np.int64))
    positions = graph.add("Slice", ["positions", zero, length, zero], "text_positions")
    return graph.add("Add", [words, positions], "embeddings")


def _layer(graph: Graph, weights: E5Weights, numerics: Numerics, layer: int, total: str, norm: str) -> str:
    """One layer, from the sum before its first norm to the sum before the next layer's first norm."""
    hidden, inner = weights.hidden, weights.inner
    name = f"l{layer}"

    def weight(part: str, outputs: int, inputs: int) -> FloatArray:
        return weights.tensor(f"{name}.{part}.w", outputs, inputs).T

    def linear(entered: str, part: str, matrix: FloatArray, smoothing: FloatArray | None) -> str:
        scaled = matrix if smoothing is None else matrix * smoothing[:, None]
        bias = weights.tensor(f"{name}.{part}.b", matrix.shape[1])
        return numerics.linear(graph, entered, scaled, bias, f"{name}.{part}")

    heads = {part: weight(part, hidden, hidden) for part in "qkv"}
    smoothing = numerics.smoothing(f"{layer}.in", np.concatenate(list(heads.values()), axis=1))
    tokens = _layer_norm(graph, weights, total, norm, smoothing)
    entered = numerics.enter(graph, tokens, f"{layer}.in", smoothing)
    projected = [linear(entered, part, matrix, smoothing) for part, matrix in heads.items()]
    count = weights.heads
    context = graph.add("Attention", projected, f"{name}.context", q_num_heads=count, kv_num_heads=count)
    entered = numerics.enter(graph, context, f"{layer}.context", None)
    attended = linear(entered, "ao", weight("ao", hidden, hidden), None)
    total = graph.add("Add", [attended, _unsmoothed(graph, tokens, smoothing)], f"{name}.attended")

    widen = weight("fi", inner, hidden)
    smoothing = numerics.smoothing(f"{layer}.middle", widen)
    tokens = _layer_norm(graph, weights, total, f"{name}.aln", smoothing)
    wide = linear(numerics.enter(graph, tokens, f"{layer}.middle", smoothing), "fi", widen, smoothing)
    active = graph.add("Gelu", [wide], f"{name}.gelu")
    residual = _unsmoothed(graph, tokens, smoothing)
    narrow = weight("fo", hidden, inner)
    smoothing = numerics.smoothing(f"{layer}.active", narrow)
    if smoothing is not None:
        active = graph.add("Mul", [active, graph.constant(f"{name}.gelu.factor", 1 / smoothing)], f"{name}.smooth")
    entered = numerics.enter(graph, active, f"{layer}.active", smoothing)
    return graph.add("Add", [linear(entered, "fo", narrow, smoothing), residual], f"{name}.total")


def _layer_norm(graph: Graph, weights: E5Weights, total: str, name: str, smoothing: FloatArray | None) -> str:
    """LN whose gain and shift carry the smoothing, so that smoothing its output costs nothing."""
    divisor = np.float32(1) if smoothing is None else smoothing
    gain = graph.constant(f"{name}.gain", weights.tensor(f"{name}.w", weights.hidden) / divisor)
    shift = graph.constant(f"{name}.shift", weights.tensor(f"{name}.b", weights.hidden) / divisor)
    return graph.add("LayerNormalization", [total, gain, shift], f"{name}.out", axis=-1, epsilon=weights.epsilon)


def _unsmoothed(graph: Graph, tokens: str, smoothing: FloatArray | None) -> str:
    if smoothing is None:
        return tokens
    return graph.add("Mul", [tokens, graph.constant(f"{tokens}.factor", smoothing)], f"{tokens}.plain")
