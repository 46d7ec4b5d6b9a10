"""Settings → what learns from a catalogue."""

from __future__ import annotations

from configs.settings import Settings
from indexer.learning.learner import Learner
from retrieval.analysis.analyzer import Analyzer
from retrieval.understanding.reading.entity_lexicon import load_entity_lexicon
from retrieval.wiring import make_analyzer
from retrieval.wiring.places import dictionaries_of


def make_learner(settings: Settings, analyzer: Analyzer | None = None) -> Learner | None:
    """What learns from a catalogue that `analyzer` (else that of now) cuts; None where queries are not understood."""
    if not settings.understanding.enabled:
        return None
    cutting = analyzer or make_analyzer(settings)
    with dictionaries_of(settings).assembled() as folders:
        return Learner(cutting.segmenter, cutting.quantities, load_entity_lexicon(folders.entities))
