"""Which generations are open: the one being served, and the last few, in which cursors go on.

A generation is opened, and what is made once for it is made, aside: searches of the served one wait for nothing. It is
then swapped in between two requests. One that is no longer kept is closed when the last request that uses it lets go
of it; a cursor into it opens it again while it is still on disk.

What changed since a generation was built is seen by epochs (`retrieval.changes.seen`): a reader at another epoch shares
all that was made for its generation.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from retrieval.changes.seen import Changes, Unchanged
from retrieval.deadline import Deadline
from retrieval.errors import CursorExpired, NotFound, NotReady, XunhuoError
from retrieval.generations import check_readable
from retrieval.protocols import Backend, IndexReader
from retrieval.ranking.stage import MakeStages, Stages
from retrieval.schema import MOMENT, PRODUCT, VIDEO
from retrieval.serving.once import Once
from retrieval.spoken.said import Said, said_in
from retrieval.types import FloatArray, IntArray

KEPT = 3
_EPOCHS_KEPT = 8
"""Of all generations: the present one, and those in which cursors go on. Others are made again."""
_TURN_SECONDS = 0.0005
"""For so long a thread keeps the interpreter while a generation is prepared, instead of ten times as long."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A generation at one epoch, with what is made once for it.

    Attributes:
        reader: of its products.
        stages: what ranks its candidates closely; None where nothing does.
        background: vectors of its background sample (`retrieval.recall.semantic`), shape (n, dim); n = 0 without any.
        said: in its videos; None where there are none.
    """

    reader: IndexReader
    stages: Stages | None
    background: FloatArray
    said: Said | None = None

    @property
    def reads_vectors(self) -> bool:
        """Whether ranking reads the vectors of candidates, where the query has one."""
        return self.stages is not None and self.stages.full.reads_vectors

    def close(self) -> None:
        """Gives back what its readers hold."""
        self.reader.close()
        if self.said:
            self.said.close()


class OpenGenerations:
    """Thread-safe."""

    def __init__(
        self, backend: Backend, *, encoder: str | None, stages: MakeStages,
        background: Callable[[IndexReader], FloatArray], changes: Changes | None = None,
    ) -> None:  # fmt: skip
        """`encoder` is the fingerprint of who reads, None: not compared; the analyzer comes with the understanding."""
        self.changes = changes or Unchanged()
        self._backend, self._encoder = backend, encoder
        self._stages, self._background = stages, background
        self._open: Once[str, Opened] = Once(KEPT)
        self._at: Once[tuple[str, int], Opened] = Once(_EPOCHS_KEPT)
        self.serving: str | None = None

    def refresh(self, prepare: Callable[[Opened], object]) -> bool:
        """Serves the published generation from now on; False when it is served already.

        Args:
            prepare: what else has to be done before anybody waits for it.

        Raises:
            GenerationError: it cannot be read; the old one goes on serving.
        """
        name = self._backend.current()
        if name is None or name == self.serving:
            return False
        with giving_way():
            prepare(self.of(name))
        self.serving = name
        return True

    def current(self) -> str:
        """The name of the generation being served.

        Raises:
            NotReady: there is none yet.
        """
        if self.serving is None:
            raise NotReady("no generation is published yet", hint="run xunhuo rebuild, or xunhuo demo")
        return self.serving

    def of(self, generation: str, deadline: Deadline | None = None, epoch: int | None = None) -> Opened:
        """A generation at an epoch, the present one unless told otherwise; opened again where it was let go.

        Raises:
            CursorExpired: it is gone.
        """
        try:
            built = self._opened(generation, deadline)
        except NotFound:
            raise _gone(generation) from None
        present = self.changes.epoch()
        wanted = present if epoch is None else min(epoch, present)
        try:
            return self._at.of((generation, wanted), lambda: self._changed(built, wanted))
        except (XunhuoError, OSError, ValueError):
            # Its files are mapped, but what lies over them was deleted with it: it is not damaged, it is no more.
            if generation not in {manifest.generation for manifest in self._backend.manifests()}:
                raise _gone(generation) from None
            raise

    def taken_down(self, opened: Opened) -> IntArray:
        """Rows of its products that may not be shown now; at the present epoch they are gone already."""
        if opened.reader.snapshot.epoch == self.changes.epoch():
            return np.empty(0, np.int64)
        return self.changes.taken_down(PRODUCT.kind, opened.reader)

    def forget(self) -> None:
        """Looks anew at what lies over generations: it was lost, and follows from the journal."""
        self.changes.forget()
        self._at.clear()

    def close(self) -> None:
        """Closes them all."""
        for opened in self._open.made():
            opened.close()

    def _opened(self, name: str, deadline: Deadline | None) -> Opened:
        def make() -> Opened:
            generation = self._backend.open(name, deadline)
            reader = generation.collection(PRODUCT.kind)
            check_readable(reader.manifest, analyzer=None, encoder=self._encoder)
            return Opened(
                reader, self._stages(reader), self._background(reader), said_in(generation, reader, self._background)
            )

        return self._open.of(name, make)

    def _changed(self, built: Opened, epoch: int) -> Opened:
        def changed(kind: str, reader: IndexReader) -> IndexReader:
            return self.changes.since_built(kind, reader, epoch)

        products, said = changed(PRODUCT.kind, built.reader), built.said
        if said:
            moments, videos = changed(MOMENT.kind, said.moments), changed(VIDEO.kind, said.videos)
            said = replace(said, moments=moments, videos=videos, products=products)
        return replace(built, reader=products, said=said)


def _gone(generation: str) -> CursorExpired:
    return CursorExpired(f"generation {generation} of this cursor is gone", field="cursor", hint="search again")


@contextmanager
def giving_way() -> Iterator[None]:
    """Lets searches have the interpreter sooner: each of their many calls outside it waits a turn to come back."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)
