"""Settings → take-downs: on top of the changes that a process sees, and where they are said."""

from __future__ import annotations

from configs.settings import Settings
from retrieval.changes.journal import Journal
from retrieval.changes.products import ProductChanges
from retrieval.engine import Engine
from retrieval.protocols import IndexReader
from retrieval.schema import MOMENT, PRODUCT, VIDEO
from retrieval.takedowns.changed import WithTakeDowns
from retrieval.takedowns.desk import TakeDownDesk
from retrieval.takedowns.marks import KINDS
from retrieval.takedowns.takedowns import TakeDowns
from retrieval.wiring.changes import open_changes
from retrieval.wiring.places import make_backend


def with_takedowns(products: ProductChanges) -> WithTakeDowns:
    """What became of a catalogue, and what of it may not be seen: both say the same journal."""
    return WithTakeDowns(products, TakeDowns(products.journal))


def takedown_desk(journal: Journal, engine: Engine) -> TakeDownDesk:
    """Where take-downs are said beside an engine that serves, and reads the same journal."""

    def looks() -> dict[str, IndexReader]:
        if engine.generation is None:
            return {}
        opened = engine.serving
        said = {MOMENT.kind: opened.said.moments, VIDEO.kind: opened.said.videos} if opened.said else {}
        return {PRODUCT.kind: opened.reader, **said}

    # Looking makes what is made once an epoch: whoever asks next waits for nothing.
    return TakeDownDesk(TakeDowns(journal), looks, seen=looks)


def lone_takedown_desk(settings: Settings) -> TakeDownDesk:
    """The same where nothing serves: a generation is opened only for a dry run."""
    backend = make_backend(settings)
    changes = with_takedowns(open_changes(settings, backend=backend))

    def looks() -> dict[str, IndexReader]:
        if (name := backend.current()) is None:
            return {}
        generation = backend.open(name)
        return {
            kind: changes.since_built(kind, generation.collection(kind), changes.epoch())
            for kind in generation.manifest.collections
            if kind in KINDS
        }

    return TakeDownDesk(changes.takedowns, looks)
