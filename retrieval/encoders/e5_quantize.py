"""Two ways to compute the Linear layers of e5: float32 for calibration, int8 for service.

Weights are int8, symmetric, one scale an output column. Activations are uint8 with one fixed scale and zero point a
site, taken from a calibration run:

    y = s_x·s_w · (q_x - z_x)·Q_w + b,   q_x = clip(round(x / s_x) + z_x, 0, 255)

Fixed rather than dynamic scales, because a dynamic scale depends on the neighbours in the batch: with fixed ones a
text gives the same vector alone and in any batch, and the pass that looks for the extremes is saved.

A few channels of the layer-norm outputs and of GELU are 10 to 60 times larger than the others at `<s>` and `</s>`, so
one scale would leave the others three bits. SmoothQuant (Xiao et al., ICML 2023) moves this spread into the weights:

    x·W = (x / s)·(s·W),   s_c = max|x_c|^α / max|W_c|^(1-α)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from retrieval.encoders.e5_graph import MICROSOFT, Graph
from retrieval.encoders.onnx_session import open_session
from retrieval.types import FloatArray

ALPHA = 0.75
MARGIN = 1.2
"""Room kept above the calibrated extremes for texts that go further."""
_FLOOR = 0.5
"""Smallest channel extreme assumed, as a share of the site's median: calibration need not have met every channel."""
_SMOOTHED = ("in", "middle", "active")
"""Sites with outlier channels; the attention context has none."""


@dataclass(frozen=True, slots=True)
class ChannelRange:
    """Extremes of one activation over the calibration texts, each float32 (channels,)."""

    low: FloatArray
    high: FloatArray


class FloatNumerics:
    """float32 throughout; every activation that enters a Linear layer is made an output of the graph."""

    def __init__(self) -> None:
        self.sites: list[str] = []

    def smoothing(self, site: str, weight: FloatArray) -> FloatArray | None:
        return None

    def enter(self, graph: Graph, activation: str, site: str, smoothing: FloatArray | None) -> str:
        self.sites.append(site)
        graph.observed.append(activation)
        return activation

    def linear(self, graph: Graph, entered: str, weight: FloatArray, bias: FloatArray, name: str) -> str:
        product = graph.add("MatMul", [entered, graph.constant(f"{name}.weight", weight)], f"{name}.product")
        return graph.add("Add", [product, graph.constant(f"{name}.bias", bias)], f"{name}.out")


class Int8Numerics:
    """int8 weights and fixed uint8 activations, from the ranges of a calibration run."""

    def __init__(self, ranges: Mapping[str, ChannelRange]) -> None:
        self._ranges = ranges

    def smoothing(self, site: str, weight: FloatArray) -> FloatArray | None:
        if site.partition(".")[2] not in _SMOOTHED:
            return None
        extreme = np.maximum(-self._ranges[site].low, self._ranges[site].high)
        extreme = np.maximum(extreme, _FLOOR * np.median(extreme))
        divisor = extreme**ALPHA / np.abs(weight).max(axis=1) ** (1 - ALPHA)
        smoothing: FloatArray = (divisor / np.exp(np.log(divisor).mean())).astype(np.float32)
        return smoothing

    def enter(self, graph: Graph, activation: str, site: str, smoothing: FloatArray | None) -> str:
        divisor = np.float32(1) if smoothing is None else smoothing
        low = min(0.0, MARGIN * float((self._ranges[site].low / divisor).min()))
        high = MARGIN * float((self._ranges[site].high / divisor).max())
        scale = (high - low) / 255
        name = f"{activation}.int8"
        graph.constant(f"{name}.scale", np.float32(scale))
        graph.constant(f"{name}.zero", np.uint8(round(-low / scale)))
        return graph.add("QuantizeLinear", [activation, f"{name}.scale", f"{name}.zero"], name)

    def linear(self, graph: Graph, entered: str, weight: FloatArray, bias: FloatArray, name: str) -> str:
        scale = np.abs(weight).max(axis=0) / 127
        graph.constant(f"{name}.weight", np.rint(weight / scale).astype(np.int8))
        graph.constant(f"{name}.scale", scale.astype(np.float32))
        graph.constant(f"{name}.zero", np.zeros(len(scale), np.int8))
        graph.constant(f"{name}.bias", bias)
        matrices = [entered, f"{name}.weight", f"{entered}.scale", f"{name}.scale"]
        zeros_and_bias = [f"{entered}.zero", f"{name}.zero", f"{name}.bias"]
        return graph.add("MatMulIntegerToFloat", matrices + zeros_and_bias, f"{name}.out", domain=MICROSOFT)


def calibrate(
    model: bytes, sites: list[str], texts: Iterable[npt.NDArray[np.int64]], **inputs: npt.NDArray[np.int64]
) -> dict[str, ChannelRange]:
    """Runs the float graph over token ids, one text at a time, and keeps each channel's extremes at every site.

    Args:
        inputs: what the graph reads besides `ids`.
    """
    session = open_session(model)
    ranges: dict[str, ChannelRange] = {}
    for ids in texts:
        activations = session.run(None, {"ids": ids[None, :], **inputs})[1:]
        for site, activation in zip(sites, activations, strict=True):
            low, high = activation.min(axis=(0, 1)), activation.max(axis=(0, 1))
            if site in ranges:
                low, high = np.minimum(low, ranges[site].low), np.maximum(high, ranges[site].high)
            ranges[site] = ChannelRange(low, high)
    return ranges
