"""The int8 numbers, on graphs of one Linear layer that can be checked against the formula.

1. In float32 the layer is x·W + b, and the activation that enters it is observed.
2. Calibration keeps each channel's extremes over all texts.
3. In int8 the layer is off by no more than the rounding allows: half a step of x times Σ|W| plus half a step of W
   times Σ|x|.
4. Smoothing leaves x·W as it is, and makes an outlier channel cost far less.
"""

from __future__ import annotations

import numpy as np
import pytest
from onnx import TensorProto, helper

from retrieval.encoders.e5_graph import Graph, Numerics
from retrieval.encoders.e5_quantize import MARGIN, ChannelRange, FloatNumerics, Int8Numerics, calibrate
from retrieval.encoders.onnx_session import open_session
from retrieval.types import FloatArray

CHANNELS, OUTPUTS = 64, 16


def layer(numerics: Numerics, site: str, weight: FloatArray, bias: FloatArray) -> bytes:
    """A model of one Linear layer, with the smoothing that `numerics` asks for."""
    graph = Graph()
    smoothing = numerics.smoothing(site, weight)
    activation = "x"
    if smoothing is not None:
        activation = graph.add("Div", ["x", graph.constant("divisor", smoothing)], "smooth")
        weight = weight * smoothing[:, None]
    numerics.linear(graph, numerics.enter(graph, activation, site, smoothing), weight, bias, "linear")
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("linear.out", *graph.observed)]
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, None, len(weight)])]
    body = helper.make_graph(graph.nodes, "layer", inputs, outputs, graph.constants)
    opsets = [helper.make_opsetid("", 23), helper.make_opsetid("com.microsoft", 1)]
    return bytes(helper.make_model(body, opset_imports=opsets, ir_version=11).SerializeToString())


def run(model: bytes, x: FloatArray) -> FloatArray:
    result: FloatArray = open_session(model).run(None, {"x": x[None]})[0][0]
    return result


@pytest.fixture
def numbers() -> tuple[FloatArray, FloatArray, FloatArray]:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, CHANNELS)).astype(np.float32)
    weight = rng.normal(size=(CHANNELS, OUTPUTS)).astype(np.float32)
    return x, weight, rng.normal(size=OUTPUTS).astype(np.float32)


def ranges(x: FloatArray, site: str) -> dict[str, ChannelRange]:
    return {site: ChannelRange(x.min(axis=0), x.max(axis=0))}


def test_float_layer(numbers: tuple[FloatArray, FloatArray, FloatArray]) -> None:
    x, weight, bias = numbers
    numerics = FloatNumerics()
    model = layer(numerics, "0.context", weight, bias)
    np.testing.assert_allclose(run(model, x), x @ weight + bias, atol=1e-4)
    assert numerics.sites == ["0.context"]


def test_calibration_keeps_the_extremes() -> None:
    graph = Graph()
    numerics = FloatNumerics()
    table = graph.constant("table", np.array([[0, 5], [-1, 2], [3, -4]], np.float32))
    rows = graph.add("Gather", [table, "ids"], "rows")
    numerics.enter(graph, graph.add("Identity", [rows], "same"), "0.in", None)
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("rows", *graph.observed)]
    inputs = [helper.make_tensor_value_info("ids", TensorProto.INT64, [None, None])]
    body = helper.make_graph(graph.nodes, "gather", inputs, outputs, graph.constants)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", 23)], ir_version=11).SerializeToString()
    found = calibrate(model, numerics.sites, [np.array([0, 1], np.int64), np.array([2], np.int64)])
    assert found["0.in"].low.tolist() == [-1, -4]
    assert found["0.in"].high.tolist() == [3, 5]


def test_int8_error_is_within_the_rounding(numbers: tuple[FloatArray, FloatArray, FloatArray]) -> None:
    x, weight, bias = numbers
    got = run(layer(Int8Numerics(ranges(x, "0.context")), "0.context", weight, bias), x)
    step_x = MARGIN * (x.max() - x.min()) / 255
    step_w = np.abs(weight).max(axis=0) / 127
    off_x = np.abs(weight).sum(axis=0)[None, :] * step_x  # half a step for the value and half for the zero point
    off_w = (np.abs(x) + step_x).sum(axis=1)[:, None] * step_w[None, :] / 2
    error = np.abs(got - (x @ weight + bias))
    assert (error <= off_x + off_w).all()
    assert error.mean() > 0


def test_smoothing_tames_an_outlier(numbers: tuple[FloatArray, FloatArray, FloatArray]) -> None:
    x, weight, bias = numbers
    x[:, 5] *= 60
    errors = {}
    for site in ("0.context", "0.middle"):  # the first is not smoothed, the second is
        got = run(layer(Int8Numerics(ranges(x, site)), site, weight, bias), x)
        errors[site] = float(np.abs(got - (x @ weight + bias)).mean())
    assert errors["0.middle"] < errors["0.context"] / 3


def test_smoothing_divides_the_outlier_most(numbers: tuple[FloatArray, FloatArray, FloatArray]) -> None:
    x, weight, _bias = numbers
    x[:, 5] *= 60
    numerics = Int8Numerics(ranges(x, "0.active"))
    smoothing = numerics.smoothing("0.active", weight)
    assert smoothing is not None
    assert int(smoothing.argmax()) == 5
    np.testing.assert_allclose(np.log(smoothing).mean(), 0, atol=1e-5)
    np.testing.assert_allclose((x / smoothing) @ (smoothing[:, None] * weight), x @ weight, rtol=1e-3, atol=1e-2)
    assert numerics.smoothing("0.context", weight) is None
