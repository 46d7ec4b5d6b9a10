"""The seams: each a small Protocol whose docstring is the contract its suite in tests/contract asserts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from retrieval.deadline import Deadline
from retrieval.generations import Manifest
from retrieval.snapshot import Snapshot
from retrieval.types import (
    Buffer,
    Candidates,
    FacetValue,
    Filters,
    FloatArray,
    IndexedDocument,
    IntArray,
    LexicalQuery,
    Sort,
)


class Encoder(Protocol):
    """Turns texts into unit vectors. The same text gives the same vector, alone or in any batch (to 1e-3 cosine).

    Empty input gives shape (0, dim); an empty text still gives a unit vector. Safe to call from several threads.
    """

    @property
    def name(self) -> str:
        """Short name shown in tables and manifests, e.g. ``e5``."""

    @property
    def dim(self) -> int:
        """Width of a vector."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same text may give another vector: weights, prefixes, truncation, library version."""

    def encode_documents(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of indexed texts, shape (len(texts), dim), in the order given."""

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Vectors of queries, shape (len(texts), dim), in the order given."""


class PairReader(Protocol):
    """Reads a query and titles together (a cross-encoder). Safe to call from several threads."""

    @property
    def name(self) -> str:
        """Short name, e.g. ``e5``."""

    def read(self, query: str, titles: Sequence[str], until: Deadline) -> FloatArray | None:
        """How well each title answers, shape (len(titles),), higher is better, in any range. The same pair gives the
        same number, whatever else is read. None: the time is up, and what was read by then is dropped."""


class IndexReader(Protocol):
    """The documents of one kind in one generation, pinned: nothing that happens later changes its answers.

    Safe between threads. Row numbers are 0 … rows-1 in the order in which documents were added, but that the last ones
    take the places of refused ones. Some may be gone (`without`). **A row that is gone passes no filter, the empty one
    included**: it is in no list, no count and no facet, and no id leads to it. Of a row that is named its record,
    vector and columns can still be read.

    Lists are ordered by score, then by id; which of several equal scores at the cut are kept is up to the backend, but
    always the same. Filters, and what is gone, are applied before a list is cut, in both channels.
    """

    @property
    def manifest(self) -> Manifest:
        """What its generation is and was built with."""

    @property
    def snapshot(self) -> Snapshot:
        """What is pinned."""

    @property
    def rows(self) -> int:
        """A bound: every row number is below it."""

    @property
    def documents(self) -> int:
        """How many rows are not gone."""

    def without(self, rows: IntArray, *, epoch: int) -> IndexReader:
        """This reader at a later epoch, at which `rows` are gone, too. They share what they hold."""

    def lexical(
        self, query: LexicalQuery, filters: Filters, depth: int, sort: Sort = Sort.RELEVANCE, floor: float = 0.0
    ) -> Candidates:
        """The `depth` rows of the highest BM25 score that is at least `floor`. A query without weights recalls nothing.

        For another sort the `depth` rows that come first by it among all that match and reach the floor, in that order
        (missing values last, ties by id), with their scores.
        """

    def lexical_counts(self, queries: Sequence[LexicalQuery], up_to: int) -> Iterator[int]:
        """How many documents have the terms that each query needs (one or more), in any field; at most `up_to`.

        All are counted at once, or each when wanted.
        """

    def lexical_scores(self, query: LexicalQuery, rows: IntArray) -> FloatArray:
        """BM25 scores of `rows` as `lexical` gives them (whatever `need` says); 0 where no token matches."""

    def semantic(self, vector: FloatArray, filters: Filters, depth: int) -> Candidates:
        """The `depth` rows of the highest cosine with the unit `vector` (dim,); exact when few rows pass the filter.

        Recalls nothing in a generation without vectors.
        """

    def semantic_scores(self, vector: FloatArray, rows: IntArray) -> FloatArray:
        """Cosines of `rows`."""

    def vectors(self, rows: IntArray) -> FloatArray:
        """The vectors as they are stored, shape (len(rows), dim); unit norm to half precision."""

    def passing(self, filters: Filters, rows: IntArray) -> IntArray:
        """Those of `rows` that pass, in the order given."""

    def rows_passing(self, filters: Filters) -> IntArray:
        """All rows that pass, ascending; of `retrieval.schema.MARKS`, too."""

    def by_id(self, rows: IntArray) -> IntArray:
        """Shape (len(rows),): numbers in [0, 2**32) that order `rows` as their ids do (code points)."""

    def sort_keys(self, sort: Sort, rows: IntArray) -> IntArray:
        """Shape (len(rows),): higher comes first; a missing value is `MISSING`, and so last. Not for relevance."""

    def facets(self, names: Sequence[str], rows: IntArray) -> Mapping[str, tuple[FacetValue, ...]]:
        """Facet → its values among `rows` with their counts.

        Most frequent first, equal counts by value; bands keep their order.
        """

    def sources(self, rows: IntArray) -> list[bytes]:
        """The records as JSON."""

    def forward(self, rows: IntArray) -> list[bytes]:
        """What ranking reads of `rows`, as it was given with each document."""

    def attachment(self, name: str) -> Buffer | None:
        """What was attached under `name` when the generation was built; None when nothing was."""

    def check_vectors(self) -> list[str]:
        """What is wrong with the vectors (not finite, not of unit length); empty when all is well."""

    def row_of(self, document_id: str) -> int | None:
        """The row of a document, None when it is not there."""

    def rows_of(self, document_ids: Sequence[str]) -> list[int | None]:
        """`row_of` of each, asked together."""

    def close(self) -> None:
        """Gives back what it holds; idempotent."""


class GenerationReader(Protocol):
    """A finished generation, open and pinned. Safe between threads."""

    @property
    def manifest(self) -> Manifest:
        """What it is and was built with."""

    def collection(self, kind: str) -> IndexReader:
        """Its documents of one kind; always the same reader.

        Raises:
            NotFound: it holds none of this kind.
        """

    def attachment(self, name: str) -> Buffer | None:
        """What was attached under `name` when it was built; None when nothing was."""

    def close(self) -> None:
        """Gives back what it and its collections hold; idempotent."""


class IndexWriter(Protocol):
    """The documents of one kind in a generation that is being built."""

    def add(self, documents: Sequence[IndexedDocument], vectors: FloatArray | None) -> None:
        """Appends documents; `vectors` of shape (len(documents), dim), None in a generation without vectors."""


class GenerationWriter(Protocol):
    """A generation being built aside; nothing of it can be seen before it is published.

    Used as a context manager: leaving it without `finish` takes everything away again.
    """

    @property
    def generation(self) -> str:
        """Its name."""

    def __enter__(self) -> GenerationWriter: ...

    def __exit__(self, *exc: object) -> None: ...

    def collection(self, kind: str) -> IndexWriter:
        """Takes the documents of one kind, out of those the backend knows the schema of."""

    def attach(self, name: str, data: Buffer) -> None:
        """Keeps bytes with the generation, under a name of letters; before `finish`."""

    def finish(self, details: Mapping[str, object], probes: FloatArray | None) -> Manifest:
        """Completes the generation; `details` go into the manifest, `probes` are query vectors to tune recall on."""


class Amender(Protocol):
    """A generation aside that has other tokens than another for some documents. Used as a context manager.

    Leaving it without `finish` takes everything away again.
    """

    def __enter__(self) -> Amender: ...

    def __exit__(self, *exc: object) -> None: ...

    def replace(self, kind: str, row: int, indexed: IndexedDocument) -> None:
        """The document of `row` with other tokens; nothing else of it may differ. Each row once."""

    def attach(self, name: str, data: Buffer) -> None:
        """Keeps bytes with the generation, instead of what the other has under `name`."""

    def finish(self, details: Mapping[str, object]) -> Manifest:
        """Completes it; `details` come on top of those of the other."""


class Backend(Protocol):
    """Where generations live. Names sort in the order of their creation. It knows the schemas of its kinds."""

    def building(self) -> AbstractContextManager[None]:
        """Held while a generation is built: one builder at a time. Takes away what a killed builder left.

        Raises GenerationError when somebody else is building.
        """

    def create(self, *, analyzer: str, encoder: str | None, dim: int, kinds: Sequence[str] = ()) -> GenerationWriter:
        """Starts a generation aside, with an empty collection of the first kind that it knows, and of each of `kinds`.

        `analyzer`, `encoder` are fingerprints.
        """

    def amend(self, generation: str, *, analyzer: str) -> Amender:
        """Starts a generation aside that shares all with `generation` but the documents that are replaced.

        Rows, records, vectors and columns stay. `analyzer` is the fingerprint of what makes the tokens.
        """

    def publish(self, generation: str) -> None:
        """Makes a finished generation the current one with all its collections, in one atomic switch."""

    def current(self, deadline: Deadline | None = None) -> str | None:
        """The name of the published generation, None before the first. Nothing is waited for after `deadline`."""

    def open(self, generation: str, deadline: Deadline | None = None) -> GenerationReader:
        """A finished generation, published or not. Nothing is waited for after `deadline`."""

    def manifests(self) -> list[Manifest]:
        """All finished generations that can be read, oldest first."""

    def verify(self, generation: str) -> list[str]:
        """What is wrong with it (checksums, counts, files); empty when all is well."""

    def annotate(self, generation: str, details: Mapping[str, object]) -> None:
        """Adds to the details in the manifest of a finished generation; nothing else of it changes."""

    def delete(self, generation: str) -> None:
        """Removes a generation that is not current."""
