"""The attachments that a rebuild learns: from the records as they go by, query logs, and searches and clicks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from indexer.documents.analysed import Analysed, record_of
from indexer.learning.learner import Learner
from indexer.learning.suggestion_learner import SuggestionLearner
from indexer.learning.thing_learner import ThingLearner
from indexer.learning.word_learner import WordLearner
from indexer.sources.lines import read_lines
from indexer.sources.records import Event, Product
from indexer.sources.rejects import Reject, RejectLog
from retrieval.analysis.normalize import normalize
from retrieval.protocols import Encoder
from retrieval.suggest.table import ATTACHMENT as SUGGEST
from retrieval.types import FloatArray
from retrieval.understanding.spelling.counts import ContextLearner
from retrieval.understanding.spelling.tables import SpellingTables

_WISHES = frozenset({"click", "cart", "order"})
"""Types of events that say: this is what was meant by the query."""
MAX_QUERY_BYTES = 4096


class AttachmentLearner:
    """Feeds the learners. `remember` keeps the category of every product, which only clicks need."""

    def __init__(self, learner: Learner, *, remember: bool) -> None:
        self._learner, self._remember = learner, remember
        self._words = WordLearner()
        self._things = ThingLearner()
        self._suggestions = SuggestionLearner(learner.cut)
        self._context = ContextLearner()
        self._categories: dict[str, tuple[str, ...]] = {}

    def products(self, batch: Sequence[Analysed], vectors: FloatArray | None = None) -> None:
        """Products that were indexed, with their vectors (n, dim), where there is an encoder."""
        self._words.add(each.indexed.forward for each in batch)
        self._suggestions.products(batch)
        if vectors is not None:
            self._things.add((each.words for each in batch), vectors)
        for each in batch:
            self._learner.add(record_of(each.product), (each.title, each.words))
            self._context.add(each.title)
            if self._remember and each.product.category:
                self._categories[each.product.id] = each.product.category

    def withheld(self, product: Product) -> None:
        """One that is off the shelf or banned, and not indexed."""
        self._learner.add_withheld(product.title, product.sales_30d or 0)

    def event(self, event: Event) -> None:
        """A search, and a click after it."""
        if not event.query:
            return
        if event.type == "search":
            self._asked(event.query, 1)
        elif event.type in _WISHES and event.item_id and (category := self._categories.get(event.item_id)):
            self._learner.add_click(event.query, category)

    def queries(self, paths: Sequence[Path], log: RejectLog, progress: Callable[[int], None]) -> None:
        """Lines of ``query`` or ``query<TAB>count``; a line that is neither is rejected.

        Raises:
            InputError: a file cannot be read.
        """
        for path in paths:
            for line in read_lines(path, max_line_bytes=MAX_QUERY_BYTES, progress=progress):
                if isinstance(line, Reject):
                    log.add(line)
                    continue
                number, text = line
                try:
                    query, _, count = text.decode("utf-8").strip("\r\n").partition("\t")
                    times = int(count) if count else 1
                    if not query.isprintable():
                        raise ValueError("a control character")
                except ValueError:
                    log.add(
                        Reject(str(path), number, None, "bad_query", "not query<TAB>count in UTF-8", repr(text[:80]))
                    )
                    continue
                if query.strip() and times > 0:
                    self._asked(query, times)
                    self._suggestions.query(query, times)
                    log.accepted += 1

    def _asked(self, query: str, times: int) -> None:
        self._learner.add_query(query, times)
        self._context.add(normalize(query), times)

    def attachments(self, encoder: Encoder | None = None, *, rows_kept: bool = True) -> Mapping[str, bytes]:
        """What is kept with the generation.

        Args:
            encoder: the one that made the vectors.
            rows_kept: whether the products stand at the rows at which they came (`retrieval.protocols.IndexReader`).
        """
        with ThreadPoolExecutor(1) as beside:  # most of it is work of libraries that let others work
            words = beside.submit(lambda: self._words.finish().to_bytes())
            knowledge = self._learner.finish()
            things = self._things.finish(knowledge.products, self._learner.headness, encoder) if encoder else None
            return {
                **({"things": things.to_bytes()} if things else {}),
                SUGGEST: self._suggestions.finish(knowledge, rows_kept=rows_kept).to_bytes(),
                "knowledge": knowledge.to_bytes(),
                "spelling": SpellingTables.learned(knowledge, self._context.finish()).to_bytes(),
                "words": words.result(),
            }
