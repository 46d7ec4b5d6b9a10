"""The served generation follows an edit of user words or units: the documents whose tokens change are indexed again.

Nothing is encoded, and vectors, columns and records are shared with the old generation. What the shop adds as a word is
known as one at once: in how many titles it stands and which categories have it. The old generation goes on serving
until the new one is whole, checked and published; whoever is killed before leaves it serving.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, nullcontext
from dataclasses import dataclass, field

from indexer.checks.context import Bounds, Gates
from indexer.dictionary.affected import affected, affected_speech, edited_words
from indexer.documents.analysed import Analysed, record_of
from indexer.learning.learner import Learner
from indexer.learning.relearn import relearned, teach_queries
from indexer.publish import publish_checked
from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.lexicon import ATTACHMENT
from retrieval.errors import NotReady
from retrieval.protocols import Backend, IndexReader
from retrieval.schema import PRODUCT
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.spelling.tables import SpellingTables


@dataclass(frozen=True, slots=True)
class ApplyPlan:
    """Plain values: the bounds of the checks, as for a rebuild."""

    min_count_ratio: float = 0.8
    gold_samples: int = 50
    gold_share: float = 0.9
    dry_run: bool = False
    gates: Gates = field(default_factory=Gates)

    @property
    def bounds(self) -> Bounds:
        """What the checks ask for."""
        return Bounds(self.min_count_ratio, self.gold_samples, self.gold_share, self.gates)


@dataclass(frozen=True, slots=True)
class ApplyReport:
    """What was done.

    Attributes:
        generation: the new one; None in a dry run, and where nothing was edited since the last one.
        documents: in the index.
        words: that were edited.
        read: documents that contain one of them.
        changed: ids of those whose tokens change, in order of row.
        amended: documents that were indexed again since the last rebuild; the statistics of BM25 count them twice.
    """

    generation: str | None
    documents: int
    words: tuple[str, ...]
    read: int
    changed: tuple[str, ...]
    amended: int


def apply_words(
    plan: ApplyPlan, backend: Backend, old_of: Callable[[IndexReader], Analyzer], new: Analyzer,
    learner_of: Callable[[Analyzer], Learner | None], advance: Callable[[int], None] = lambda documents: None,
) -> ApplyReport:  # fmt: skip
    """Publishes a generation with the tokens of `new`, unless the served one has them already.

    Args:
        old_of: the analyzer that a generation was built with.
        learner_of: what learns from titles that an analyzer cuts, None where queries are not understood.
        advance: told of every document that was read.

    Raises:
        NotReady: nothing is published yet.
        GenerationError: somebody else is building, or the backend refuses a document.
        CheckFailed: the generation is not fit to be published; the old one goes on serving.
    """
    with backend.building(), ExitStack() as stack:
        if (name := backend.current()) is None:
            raise NotReady("no generation is published yet", hint="run xunhuo rebuild, or xunhuo demo")
        generation = stack.enter_context(closing(backend.open(name)))
        reader = generation.collection(PRODUCT.kind)
        old = old_of(reader)
        words = edited_words(old.lexicon, new.lexicon)
        cut_before, cut_now = learner_of(old), learner_of(new)
        lesson = Lesson(cut_before, cut_now) if cut_before and cut_now else None
        ids: list[str] = []
        read = 0

        def report(generation: str | None) -> ApplyReport:
            before = int(reader.manifest.details.get("amended", 0))
            return ApplyReport(generation, reader.documents, words, read, tuple(ids), before + len(ids))

        if old.fingerprint == new.fingerprint:
            return report(None)
        with nullcontext() if plan.dry_run else backend.amend(name, analyzer=new.fingerprint) as amender:
            for compared in affected(reader, old, new):
                read += 1
                if compared.changes:
                    ids.append(compared.document.product.id)
                    if amender:
                        amender.replace(PRODUCT.kind, compared.row, compared.document.indexed)
                if lesson:
                    lesson.add(compared.document)
                advance(1)
            if not amender:
                return report(None)
            for kind in (kind for kind in reader.manifest.collections if kind != PRODUCT.kind):
                for row, indexed in affected_speech(generation.collection(kind), kind, old, new):
                    amender.replace(kind, row, indexed)
            amender.attach(ATTACHMENT, new.lexicon.indexed())
            if lesson and (stored := reader.attachment("knowledge")):
                known = Knowledge.from_bytes(stored)
                learned = lesson.learned(known, words)
                amender.attach("knowledge", learned.to_bytes())
                if kept := reader.attachment("spelling"):
                    context = SpellingTables.from_bytes(kept, known).context
                    amender.attach("spelling", SpellingTables.learned(learned, context).to_bytes())
            details = {"amended_from": name, "amended": report(None).amended}
            manifest = amender.finish(details)
        publish_checked(backend, manifest.generation, new, reader.manifest, plan.bounds)
        return report(manifest.generation)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What documents teach, cut as before and as they are now."""

    before: Learner
    after: Learner

    def add(self, document: Analysed) -> None:
        """One document, as it is cut now."""
        record = record_of(document.product)
        self.before.add(record)
        self.after.add(record, (document.title, document.words))

    def learned(self, known: Knowledge, words: Sequence[str]) -> Knowledge:
        """`known`, with the documents cut anew; `words` are the edited ones."""
        for learner in (self.before, self.after):
            teach_queries(learner, known, words)
        return relearned(known, self.before.finish(), self.after.finish())
