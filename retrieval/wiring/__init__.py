"""Settings → parts: the one place where retrieval reads configuration."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from threadpoolctl import threadpool_limits

from configs.settings import RANKING, Settings
from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.lexicon import ATTACHMENT, Lexicon, load_lexicon
from retrieval.analysis.segment import open_segmenter
from retrieval.changes.products import ProductChanges
from retrieval.dictionaries.files import FILES
from retrieval.dictionaries.ruleset import load_ruleset, speller_of, understander
from retrieval.dictionaries.watch import Watch
from retrieval.encoders import open_encoder
from retrieval.encoders.caching import QueryCache
from retrieval.encoders.pairs import open_pair_reader
from retrieval.engine import Engine
from retrieval.generations import check_readable
from retrieval.interest.taste import Taste
from retrieval.lists.second import SecondLook, SecondOptions
from retrieval.live.view import Rooms
from retrieval.profiles.profiles import Profiles
from retrieval.protocols import Encoder, IndexReader
from retrieval.ranking.model import load_ranking
from retrieval.ranking.ranker import AdditiveRanker
from retrieval.ranking.second_weights import load_second_weights
from retrieval.ranking.stage import MakeStages, RankingStage, Stages, no_stages
from retrieval.ranking.things import Things
from retrieval.ranking.trees import load_trees
from retrieval.ranking.word_space import WordSpace
from retrieval.recall.semantic import background_of
from retrieval.rules.book import RuleBook
from retrieval.serving.pinned import pinned
from retrieval.serving.understandings import MakeUnderstanding, Understanding, WordsOnly
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.spelling.tables import SpellingTables
from retrieval.wiring.changes import open_changes
from retrieval.wiring.interest import make_vocabulary
from retrieval.wiring.options import engine_options, make_fuser_of
from retrieval.wiring.places import dictionaries_of, encoder_cache, make_backend
from retrieval.wiring.takedowns import with_takedowns


def make_analyzer(settings: Settings) -> Analyzer:
    """The analyzer with the shop's lexicon as it is now."""
    with dictionaries_of(settings).assembled() as folders:
        return analyzer_of(settings, load_lexicon(folders.lexicon))


def analyzer_of(settings: Settings, lexicon: Lexicon) -> Analyzer:
    """The analyzer with this lexicon."""
    segmenter = open_segmenter(settings.analysis.segmenter, lexicon.user_words)
    return Analyzer(segmenter, lexicon, bigram_weight=settings.analysis.bigram_weight)


def analyzer_of_generation(settings: Settings, reader: IndexReader) -> Analyzer:
    """The analyzer that cut the documents of a generation.

    Raises:
        GenerationError: the generation does not hold its words, and the words are others by now.
    """
    with dictionaries_of(settings).assembled() as folders:
        lexicon = load_lexicon(folders.lexicon)
    kept = reader.attachment(ATTACHMENT)
    analyzer = analyzer_of(settings, lexicon.of_index(kept) if kept else lexicon)
    check_readable(reader.manifest, analyzer=analyzer.fingerprint, encoder=None)
    return analyzer


def make_encoder(settings: Settings, *, threads: int) -> Encoder | None:
    """The configured encoder, None for ``none``."""
    if settings.encoder.name == "none":
        return None
    return open_encoder(
        settings.encoder.name, options=settings.encoder.options, cache_dir=encoder_cache(settings), threads=threads
    )


def make_understanding(settings: Settings, changes: Mapping[str, str] | None = None) -> MakeUnderstanding:
    """What reads queries, to be made for each generation, with the dictionaries as they are now.

    User words and units are those that the generation was built with: edited ones count from the generation on that
    has them (`xunhuo dictionary apply`, or a rebuild).

    Args:
        changes: dictionaries to try out, name → text; user words and units among them count at once.
    """
    with dictionaries_of(settings).assembled(changes) as folders:
        rules = load_ruleset(folders)
    tried = any(FILES[name].indexed for name in changes or ())
    analyzers: dict[str, Analyzer] = {}

    def analyzer_for(reader: IndexReader) -> Analyzer:
        kept = None if tried else reader.attachment(ATTACHMENT)
        lexicon = rules.lexicon.of_index(kept) if kept else rules.lexicon
        if lexicon.checksum not in analyzers:
            analyzers[lexicon.checksum] = analyzer_of(settings, lexicon)
        analyzer = analyzers[lexicon.checksum]
        check_readable(reader.manifest, analyzer=None if tried else analyzer.fingerprint, encoder=None)
        return analyzer

    def make(reader: IndexReader) -> Understanding:
        analyzer = analyzer_for(reader)
        if not settings.understanding.enabled:
            return WordsOnly(analyzer)
        stored = reader.attachment("knowledge")
        knowledge = Knowledge.from_bytes(stored) if stored else Knowledge()
        kept = reader.attachment("spelling")
        tables = SpellingTables.from_bytes(kept, knowledge) if kept else None
        speller = speller_of(rules, knowledge, tables) if tables and settings.understanding.spelling else None
        return understander(rules, analyzer, knowledge, speller=speller, context=tables.context if tables else None)

    return make


def make_stages(settings: Settings) -> MakeStages:
    """What ranks the best candidates of a generation."""
    if not settings.ranking.enabled:
        return no_stages
    chosen = settings.ranking
    models = [load_ranking(path) for path in (settings.ranking_file, RANKING / "none.yaml")]
    trees = load_trees(chosen.trees) if chosen.trees else None

    def make(reader: IndexReader) -> Stages | None:
        stored = reader.attachment("words")
        if not stored:
            return None
        space = WordSpace.from_bytes(stored)
        things = things_of(reader)
        full = RankingStage(models[0], trees or AdditiveRanker(models[0].order), space, things)
        words = RankingStage(models[1], AdditiveRanker(models[1].order), space)
        now = int(datetime.fromisoformat(reader.manifest.created_at).timestamp())
        return Stages(full, words, now)

    return make


def make_second_look(settings: Settings) -> SecondLook | None:
    """What reads the best once more; None where nothing does."""
    chosen = settings.ranking
    if chosen.second_stage == "none" or not chosen.enabled:
        return None
    weights = load_second_weights(settings.second_stage_file)
    options, cache = chosen.second_stage_options, encoder_cache(settings)
    reader = open_pair_reader(chosen.second_stage, options=options, cache_dir=cache)
    return SecondLook(reader, weights, SecondOptions(chosen.second_stage_depth, settings.search.lists_kept))


def things_of(reader: IndexReader) -> Things | None:
    """Those of a generation; one that was built before they were learned has only the middle of its titles."""
    if reader.manifest.encoder is None:
        return None
    stored = reader.attachment("things")
    return Things.from_bytes(stored) if stored else Things.unlearned(background_of(reader))


def open_engine(
    settings: Settings, taste: Taste | None = None, rooms: Rooms | None = None, changes: ProductChanges | None = None,
    generation: str | None = None,
) -> Engine:  # fmt: skip
    """An engine over the published generation, or over none yet; without a `taste` every list is everybody's, and
    without `rooms` nothing is on air. `changes`: where the process has them already. With a `generation` it is over
    that one, whichever is published.

    Keeps numpy to one thread in this process: products of a few hundred vectors are done before a second thread wakes,
    and its waiting costs as much processor time as all the rest of a search.
    """
    threadpool_limits(1, user_api="blas")
    encoder, backend = make_encoder(settings, threads=1), make_backend(settings)
    seen = with_takedowns(changes or open_changes(settings, backend=backend))
    return Engine(
        pinned(backend, generation) if generation else backend,
        QueryCache(encoder, settings.encoder.query_cache) if encoder else None,
        make_fuser_of(settings),
        engine_options(settings),
        make_understanding(settings),
        make_stages(settings),
        rules=RuleBook(seen.takedowns.journal),
        taste=taste,
        rooms=rooms,
        changes=seen,
        bans=seen,
        second=make_second_look(settings),
    )


def open_live(
    settings: Settings, profiles: Profiles | None = None, rooms: Rooms | None = None,
    changes: ProductChanges | None = None,
) -> tuple[Engine, Watch]:  # fmt: skip
    """An engine, and what makes it and the profiles follow the dictionaries."""
    state = dictionaries_of(settings).state
    opened: list[Engine] = []

    def read() -> None:
        opened[0].use(make_understanding(settings))
        if profiles:
            profiles.use(make_vocabulary(settings))

    watch = Watch(state, read)
    opened.append(open_engine(settings, profiles, rooms, changes))
    return opened[0], watch
