"""A generation of each format that is still read, written once and kept: today's code must answer the same from it.

1. It opens, is whole and says what it is.
2. Ten requests (words, amounts, synonyms, filters, orders, facets) give the ids, scores and counts of the day it was
   written. When this fails on purpose, `python -m tests.golden.make_generation` freezes a new one. One whose tokens
   are of an older analyzer opens, but is not served, which says why.
3. Opening and searching changes none of its files.
4. User words can be applied to it: what comes out is of the same format.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.errors import GenerationError
from retrieval.generations import FORMAT_VERSION, READABLE
from retrieval.schema import PRODUCT
from retrieval.types import Document, Filters, IndexedDocument, LexicalQuery
from tests.golden.make_generation import ANSWERS, FROZEN, HERE, REQUESTS, answers

LARGEST = 400_000


@pytest.fixture(scope="module", params=sorted(READABLE))
def version(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="module")
def kept(version: int) -> Path:
    return HERE / f"generation-v{version}"


@pytest.fixture(scope="module")
def expected() -> list[dict[str, Any]]:
    answered: list[dict[str, Any]] = orjson.loads(ANSWERS.read_bytes())
    return answered


@pytest.fixture(scope="module")
def frozen(kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy to work on."""
    return Path(shutil.copytree(kept, tmp_path_factory.mktemp("golden") / "data"))


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    return answers(Path(shutil.copytree(FROZEN, tmp_path_factory.mktemp("given") / "data")))


@pytest.mark.parametrize("older", sorted(READABLE - {FORMAT_VERSION}))
def test_tokens_of_an_older_analyzer(older: int, tmp_path: Path) -> None:  # 2
    copy = Path(shutil.copytree(HERE / f"generation-v{older}", tmp_path / "data"))
    with pytest.raises(GenerationError, match="analyzer v1-"):
        answers(copy)


def test_it_is_readable(frozen: Path, version: int) -> None:  # 1
    backend = EmbeddedBackend(frozen)
    (manifest,) = backend.manifests()
    assert backend.current() == manifest.generation
    assert manifest.format_version == version
    assert (manifest.documents, manifest.dim, manifest.encoder) == (30, 16, "hashing-v1-16")
    assert backend.verify(manifest.generation) == []
    assert sum(path.stat().st_size for path in frozen.rglob("*") if path.is_file()) < LARGEST


@pytest.mark.parametrize("n", range(len(REQUESTS)), ids=[request.query for request in REQUESTS])
def test_it_answers_the_same(given: list[dict[str, Any]], expected: list[dict[str, Any]], n: int) -> None:  # 2
    right, answered = dict(expected[n]), dict(given[n])
    assert right["query"] == REQUESTS[n].query
    assert answered.pop("scores") == pytest.approx(right.pop("scores"), abs=1e-4)
    assert answered == right


def test_the_answers_show_something(expected: list[dict[str, Any]]) -> None:  # 2
    assert len(expected) == 10
    assert all(entry["ids"] for entry in expected)
    assert {entry["match"] for entry in expected} >= {"all", "any", "nearest"}
    assert sum(bool(entry["facets"]) for entry in expected) >= 5


def test_reading_changes_nothing(kept: Path, frozen: Path) -> None:  # 3
    backend = EmbeddedBackend(frozen)
    products = backend.open(str(backend.current())).collection(PRODUCT.kind)
    assert len(products.lexical(LexicalQuery({"色": 1.0}, {"title": 1.0}, (), 0), Filters(), 5).rows) == 5

    def content(folder: Path) -> dict[str, bytes]:
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and not path.name.endswith(".lock")
        }

    assert content(frozen) == content(kept)


def test_it_can_be_amended(frozen: Path) -> None:  # 4
    backend = EmbeddedBackend(frozen)
    old = str(backend.current())
    products = backend.open(old).collection(PRODUCT.kind)
    document = Document("x", {"title": "新 词"}, {}, {}, "", products.sources(np.array([3]))[0])
    with backend.amend(old, analyzer="other") as amender:
        amender.replace(PRODUCT.kind, 3, IndexedDocument(document, {"title": ["新词"]}, b"new"))
        new = amender.finish({}).generation
    assert backend.verify(new) == []
    changed, asked = backend.open(new).collection(PRODUCT.kind), LexicalQuery({"新词": 1.0}, {"title": 1.0}, (), 0)
    assert changed.lexical(asked, Filters(), 5).rows.tolist() == [3]
    assert changed.forward(np.arange(30)) == [
        b"new" if row == 3 else f for row, f in enumerate(products.forward(np.arange(30)))
    ]
    assert (changed.manifest.format_version, changed.rows) == (products.manifest.format_version, 30)
