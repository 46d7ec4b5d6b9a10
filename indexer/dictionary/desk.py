"""What people ask about dictionaries, on the command line or over HTTP: which there are, what an edit would change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from indexer.dictionary.preview import SHOWN, Bounds, Preview, Search, preview
from retrieval.analysis.lexicon import ATTACHMENT, load_lexicon
from retrieval.dictionaries.files import FILES
from retrieval.dictionaries.versions import Dictionaries
from retrieval.engine import Engine
from retrieval.errors import LexiconError, NotReady
from retrieval.protocols import IndexReader
from retrieval.request import SearchRequest
from retrieval.serving.understandings import MakeUnderstanding


@dataclass(frozen=True, slots=True)
class DictionaryView:
    """One dictionary.

    Attributes:
        version: the one in force; 0 is the file of the settings.
        versions: how many there are beside that file.
        pending: user words or units were edited since the served generation was built (`xunhuo dictionary apply`).
    """

    name: str
    file: str
    version: int
    versions: int
    pending: bool


class Desk:
    """Safe to share between threads."""

    def __init__(
        self, store: Dictionaries, served: Callable[[], AbstractContextManager[IndexReader]],
        make_understanding: Callable[[Mapping[str, str] | None], MakeUnderstanding], engine: Callable[[], Engine],
        bounds: Bounds,
    ) -> None:  # fmt: skip
        """`served` lends the generation that is served, or raises NotReady; that of a running engine is open already.
        `make_understanding` is given changes (name → text); `engine` is asked for at a preview."""
        self.store = store
        self._served, self._make_understanding = served, make_understanding
        self._engine, self._bounds = engine, bounds

    def overview(self) -> list[DictionaryView]:
        """All dictionaries."""
        pending = self._pending()
        return [
            DictionaryView(
                name, of.file, self.store.current(name), len(self.store.versions(name)) - 1, of.indexed and pending
            )
            for name, of in FILES.items()
        ]

    def preview(self, name: str, text: str) -> Preview:
        """What `text` as this dictionary would change in the generation that is served.

        Raises:
            NotFound: there is no such dictionary.
            LexiconError: a line of `text` cannot be read.
            NotReady: no generation is published yet.
        """
        self.store.check(name, text)
        lines = self.store.diff(name, text)
        engine = self._engine()
        reader = engine.serving.reader
        before, after = self._make_understanding(None)(reader), self._make_understanding({name: text})(reader)
        other = engine.trying(lambda _: after)
        return preview(lines, reader, before, after, (_first_hits(engine), _first_hits(other)), self._bounds)

    def _pending(self) -> bool:
        try:
            with self._served() as reader:
                kept = reader.attachment(ATTACHMENT)
        except NotReady:
            return False
        if kept is None:
            return False
        try:
            with self.store.assembled() as folders:
                lexicon = load_lexicon(folders.lexicon)
        except LexiconError:  # a file of the settings, edited by hand
            return True
        return lexicon.of_index(kept).checksum != lexicon.checksum


def _first_hits(engine: Engine) -> Search:
    def hits(query: str) -> dict[str, str]:
        found = engine.search(SearchRequest(query, size=SHOWN)).hits
        return {hit.id: str(hit.source.get("title") or hit.id) for hit in found}

    return hits
