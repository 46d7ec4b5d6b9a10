"""Which generations are open: the one being served, and the last few, in which cursors go on.

A new generation is swapped in between two requests. One that is no longer kept is closed when the last request that
uses it lets go of it; a cursor into it opens it again while it is still on disk.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from retrieval.deadline import Deadline
from retrieval.errors import CursorExpired, NotFound, NotReady
from retrieval.generations import check_readable
from retrieval.protocols import Backend, IndexReader
from retrieval.schema import PRODUCT

_KEPT = 3


class Readers:
    """Thread-safe. `encoder` is the fingerprint of who reads, None: not compared; the analyzer comes with a mind."""

    def __init__(self, backend: Backend, *, encoder: str | None) -> None:
        self._backend, self._encoder = backend, encoder
        self._open: OrderedDict[str, IndexReader] = OrderedDict()
        self._lock = Lock()
        self.serving: str | None = None

    def refresh(self, prepare: Callable[[IndexReader], object] | None = None) -> bool:
        """Serves the published generation from now on; False when it is served already.

        Args:
            prepare: what has to be done with a reader before anybody waits for it.

        Raises:
            GenerationError: it cannot be read; the old one goes on serving.
        """
        name = self._backend.current()
        if name is None or name == self.serving:
            return False
        reader = self._opened(name)
        if prepare:
            prepare(reader)
        with self._lock:
            self._open[name] = reader
            self._open.move_to_end(name)
            self.serving = name
            while len(self._open) > _KEPT:
                self._open.popitem(last=False)
        return True

    def current(self) -> str:
        """The name of the generation being served.

        Raises:
            NotReady: there is none yet.
        """
        if self.serving is None:
            raise NotReady("no generation is published yet", hint="run xunhuo rebuild, or xunhuo demo")
        return self.serving

    def of(self, generation: str, deadline: Deadline | None = None) -> IndexReader:
        """The reader of a generation, opened again where it was let go.

        Raises:
            CursorExpired: it is gone.
        """
        with self._lock:
            reader = self._open.get(generation)
        if reader is not None:
            return reader
        try:
            reader = self._opened(generation, deadline)
        except NotFound:
            raise CursorExpired(
                f"generation {generation} of this cursor is gone", field="cursor", hint="search again"
            ) from None
        with self._lock:
            self._open[generation] = reader
            self._open.move_to_end(generation, last=False)
        return reader

    def close(self) -> None:
        """Closes them all."""
        with self._lock:
            for reader in self._open.values():
                reader.close()

    def _opened(self, generation: str, deadline: Deadline | None = None) -> IndexReader:
        reader = self._backend.open(generation, deadline).collection(PRODUCT.kind)
        check_readable(reader.manifest, analyzer=None, encoder=self._encoder)
        return reader
