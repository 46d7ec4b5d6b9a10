"""Settings → what knows shoppers: their profiles, over the store of events of this process."""

from __future__ import annotations

from configs.settings import Settings
from retrieval.interest.store import EventStore
from retrieval.profiles.profiles import Profiles
from retrieval.profiles.vocabulary import Vocabulary, load_sensitive
from retrieval.profiles.weights import load_interest
from retrieval.understanding.reading.entity_lexicon import load_entity_lexicon
from retrieval.wiring.places import dictionaries_of


def open_profiles(settings: Settings, store: EventStore) -> Profiles:
    """The profiles of those whose events are in `store`, which stays the caller's to close."""
    weights = load_interest(settings.interest_weights)
    return Profiles(store, make_vocabulary(settings), weights, kept=settings.interest.profiles_kept)


def make_vocabulary(settings: Settings) -> Vocabulary:
    """What titles are read with, from the dictionaries as they are now."""
    with dictionaries_of(settings).assembled() as folders:
        lexicon = load_entity_lexicon(folders.entities)
    return Vocabulary.of(lexicon, load_sensitive(settings.sensitive_file))
