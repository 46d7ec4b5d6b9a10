"""The door to onnxruntime: one place that opens a session, with the settings that were measured to be the fastest.

One thread a session: callers run several batches of the same session at once, which on two cores is faster than one
batch on two threads, and leaves the other cores to the other requests. Only the basic graph rewrites are asked for: the
graph is written with fused operators already, and the extended rewrites turn Add + LayerNormalization into a
SkipLayerNormalization that takes several times as long on the CPU. Memory is taken as it is needed: an arena keeps
twice what a query needs, in every worker, and gains nothing that can be measured.
"""

from __future__ import annotations

from pathlib import Path

import onnxruntime

from retrieval.errors import EncoderError

_ERRORS_ONLY = 3
_TESTED = "onnxruntime>=1.25"
"""Older releases lack a CPU kernel for an operator of the graph."""


def open_session(model: bytes | Path) -> onnxruntime.InferenceSession:
    """A session on one thread, safe to call from several.

    Raises:
        EncoderError: onnxruntime cannot load the model.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = _ERRORS_ONLY
    source = model if isinstance(model, bytes) else str(model)
    try:
        return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own classes derive from Exception and from nothing narrower
        message = f"onnxruntime {onnxruntime.__version__} cannot load the model: {error}"
        raise EncoderError(message, hint=f'pip install "{_TESTED}"') from error
