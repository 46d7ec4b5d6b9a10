"""What breaks between a sound feed and a finished generation: the writer, the encoder, the dictionary, the disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from retrieval.analysis.analyzer import Analyzer
from retrieval.types import FloatArray, IndexedDocument
from tests.unit.indexer.conftest import Watched

Batch = tuple[list[IndexedDocument], FloatArray]


def documents(change: Callable[[list[IndexedDocument]], list[IndexedDocument]]) -> Callable[[Batch], Batch]:
    return lambda batch: (change(batch[0]), batch[1])


def vectors(change: Callable[[FloatArray], FloatArray]) -> Callable[[Batch], Batch]:
    return lambda batch: (batch[0], change(batch[1].copy()))


def other_columns(given: list[IndexedDocument]) -> list[IndexedDocument]:
    moved = [*given[1:], given[0]]
    return [
        replace(one, document=replace(one.document, numbers=other.document.numbers, keywords=other.document.keywords))
        for one, other in zip(given, moved, strict=True)
    ]


def other_records(given: list[IndexedDocument]) -> list[IndexedDocument]:
    moved = [*given[1:], given[0]]
    return [
        replace(one, document=replace(one.document, source=other.document.source))
        for one, other in zip(given, moved, strict=True)
    ]


def other_forward(given: list[IndexedDocument]) -> list[IndexedDocument]:
    moved = [*given[1:], given[0]]
    return [replace(one, forward=other.forward) for one, other in zip(given, moved, strict=True)]


def no_bigrams(given: list[IndexedDocument]) -> list[IndexedDocument]:
    return [
        replace(one, tokens={name: [t for t in tokens if len(t) == 1] for name, tokens in one.tokens.items()})
        for one in given
    ]


def cut_short(given: FloatArray) -> FloatArray:
    """Only the first half of each vector, made of unit length again."""
    given[:, given.shape[1] // 2 :] = 0
    return np.asarray(given / np.maximum(np.linalg.norm(given, axis=1, keepdims=True), 1e-6), np.float32)


def one_direction(given: FloatArray) -> FloatArray:
    return np.tile(given[:1], (len(given), 1))


def with_nan(given: FloatArray) -> FloatArray:
    given[3] = np.nan
    return given


def with_zero(given: FloatArray) -> FloatArray:
    given[3] = 0
    return given


class Turned(Watched):
    """Another model under the same name: its dimensions are in another order."""

    def __init__(self, of: Watched, fingerprint: str | None = None) -> None:
        super().__init__(of._encoder)
        self.fingerprint = fingerprint or of.fingerprint

    def spoil(self, vectors: FloatArray) -> FloatArray:
        return np.ascontiguousarray(vectors[:, ::-1])


class Letters:
    """A dictionary without words."""

    kind = "rust"

    def __init__(self, name: str) -> None:
        self.name = name

    def cut(self, text: str) -> list[str]:
        return list(text)

    def inner_words(self, word: str) -> list[str]:
        return []

    def knows(self, word: str) -> bool:
        return False


class Pairs(Letters):
    """Another dictionary: it cuts after every second character."""

    def cut(self, text: str) -> list[str]:
        return [text[place : place + 2] for place in range(0, len(text), 2)]


def cutting_by(kind: type[Letters]) -> Callable[[Analyzer], Analyzer]:
    """An analyzer with the name and fingerprint of the right one."""
    return lambda right: Analyzer(kind(right.segmenter.name), right.lexicon)


def truncate(name: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[: len(data) // 2])

    return change
