"""The command `xunhuo eval moments`."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.console import clear_errors
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from configs.settings import VIDEOS, Settings
from retrieval.errors import InputError

if TYPE_CHECKING:
    from eval.moments.content import ContentScores
    from eval.moments.evidence import EvidenceScores
    from eval.moments.links import LinkedVideo, LinkResult
    from eval.moments.search import SearchResult
    from eval.moments.summary import Robustness
    from retrieval.engine import Engine

_BATCH = 2048
_HITS = 20


def moments_command(
    linked: Annotated[
        Path | None, typer.Option(help="JSONL: id, kind, basket, segments, gold; links are compared with it.")
    ] = None,
    evidence: Annotated[
        Path | None,
        typer.Option(help="JSONL: query, product_id, video_id, best; needs --linked and its videos served."),
    ] = None,
    queries: Annotated[
        Path | None,
        typer.Option(help="JSONL: qid, query, row, first_segment, last_segment, kind; needs --transcripts."),
    ] = None,
    transcripts: Annotated[
        Path | None, typer.Option(help="JSONL: title, caption, asr with | between segments.")
    ] = None,
    among: Annotated[list[Path] | None, typer.Option(help="More transcripts, to be told apart; repeatable.")] = None,
    content: Annotated[
        Path | None, typer.Option(help="Queries of who wants to watch, qid<TAB>query; needs --content-qrels.")
    ] = None,
    content_qrels: Annotated[Path | None, typer.Option(help="TREC judgments of videos for them.")] = None,
    errors: Annotated[bool, typer.Option("--errors", help="Search damaged transcripts, too: 5, 10 and 20 %.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Of errors and intervals.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Folder for summary.json.")] = None,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Measure what is said in videos: links to products, search inside transcripts, moments beside products.

    Examples:

      xunhuo eval moments --linked linked.jsonl --evidence evidence.jsonl

      xunhuo eval moments --queries asked.jsonl --transcripts asr.jsonl.gz --among captions.jsonl.gz --errors --json
    """
    with clear_errors():
        from rich.console import Console

        from eval.moments.links import read_linked
        from eval.moments.summary import MomentsSummary, moments_tables
        from eval.store import to_json, write_files
        from retrieval.wiring import open_engine

        if not (linked or queries or content):
            raise InputError(
                "there is nothing to measure", field="--linked", hint="give --linked, --queries or --content"
            )
        if content and not content_qrels:
            raise InputError("its judgments are missing", field="--content", hint="give --content-qrels, too")
        if evidence and not linked:
            raise InputError("the times of its videos are not known", field="--evidence", hint="give --linked, too")
        if queries and not transcripts:
            raise InputError("the transcripts are missing", field="--queries", hint="give --transcripts, too")
        settings, console = settings_of(config, overrides, data_dir), Console(stderr=True)
        videos = read_linked(linked) if linked else []
        with closing(open_engine(settings)) as engine:
            with console.status("linking"):
                links = _links(engine, videos, seed) if linked else None
            with console.status("asking for products"):
                beside = _evidence(engine, evidence, videos, seed) if evidence else None
            with console.status("asking for videos"):
                watched = _content(engine, content, content_qrels, seed) if content and content_qrels else None
            about = {"generation": str(engine.generation), "encoder": settings.encoder.name}
            with console.status("asking inside transcripts"):
                found: Sequence[tuple[float, SearchResult]] = ()
                if queries and transcripts:
                    found = _search(settings, engine, queries, [transcripts, *(among or [])], seed, errors=errors)
        summary = MomentsSummary(links, found[0][1] if found else None, _robust(found), beside, watched, about)
        text = to_json(MomentsSummary, summary)
        if out is not None:
            write_files(out, {"summary.json": text})
        if as_json:
            typer.echo(text, nl=False)
            return
        for table in moments_tables(summary):
            Console().print(table)


def _links(engine: Engine, videos: Sequence[LinkedVideo], seed: int) -> LinkResult:
    """Links by the catalogue that is served."""
    from dataclasses import replace

    import numpy as np
    import orjson

    from eval.moments.links import evaluate_links
    from indexer.sources.records import Product
    from indexer.videos.links.linker import Linker
    from indexer.videos.links.shelf import Shelf
    from indexer.videos.links.weights import load_weights

    reader, weights = engine.serving.reader, load_weights()
    with closing(Shelf()) as shelf:
        for start in range(0, reader.rows, _BATCH):
            for source in reader.sources(np.arange(start, min(start + _BATCH, reader.rows))):
                shelf.add(Product.model_validate(orjson.loads(source)))
        shelf.finish()
        # Calibration is seen where what is not shown is linked, too.
        linker = Linker(shelf, replace(weights, shown=0.0))
        return evaluate_links(videos, linker.link, at=weights.shown, seed=seed)


def _evidence(engine: Engine, file: Path, videos: Sequence[LinkedVideo], seed: int) -> EvidenceScores:
    """By what is served."""
    import numpy as np

    from eval.moments.evidence import evaluate_evidence, read_evidence
    from retrieval.request import SHOWN, SearchRequest
    from retrieval.types import Filters

    said = engine.serving.said
    if said is None:
        raise InputError("no videos are served", field="--evidence", hint="rebuild with --videos")
    rows = np.arange(said.moments.rows)
    return evaluate_evidence(
        read_evidence(file, videos),
        lambda query: engine.search(SearchRequest(query, size=_HITS, kinds=SHOWN)),
        lambda product: len(said.moments.passing(Filters({"product": (product,)}), rows)) > 0,
        seed=seed,
    )


def _content(engine: Engine, queries: Path, qrels: Path, seed: int) -> ContentScores:
    """By what is served."""
    from eval.inputs import read_qrels, read_queries
    from eval.moments.content import evaluate_content
    from retrieval.request import SHOWN, SearchRequest

    return evaluate_content(
        read_queries(queries), read_qrels(qrels),
        lambda query: engine.search(SearchRequest(query, size=_HITS, kinds=SHOWN)), seed=seed,
    )  # fmt: skip


def _search(
    settings: Settings, engine: Engine, queries: Path, files: Sequence[Path], seed: int, *, errors: bool
) -> list[tuple[float, SearchResult]]:
    """Share of damaged characters → what was found, in an index of its own."""
    from eval.moments.noise import RATES, Noise
    from eval.moments.search import measure_search, read_spoken_queries
    from eval.moments.speech import Makers, index_speech, read_transcripts, starts_of
    from indexer.vector_cache import VectorCache
    from indexer.videos.clean import Cleaner
    from indexer.videos.cut import Cutter
    from indexer.videos.heard import Heard
    from indexer.videos.phrases import load_phrases
    from retrieval.analysis.segment import general_frequencies
    from retrieval.understanding.spelling.pinyin import Homophones
    from retrieval.wiring import make_encoder
    from retrieval.wiring.options import video_options
    from retrieval.wiring.places import encoder_cache, folder_backend

    asked = read_spoken_queries(queries)
    read = [read_transcripts(file, "" if not number else f"{number}:") for number, file in enumerate(files)]
    mine, others = read[0], [one for transcripts in read[1:] for one in transcripts]
    understanding = engine.understanding
    analyzer, phrases = understanding.analyzer, load_phrases(VIDEOS)
    heard = Heard.of(understanding.knowledge, general_frequencies(), analyzer.segmenter.cut)
    makers = Makers(Cleaner(phrases), Cutter(phrases), analyzer, heard)
    encoder, options = make_encoder(settings, threads=settings.encoder.threads), video_options(settings).find
    encode = (lambda text: encoder.encode_queries([text])[0]) if encoder else None
    pool = [char for one in mine for segment in one.segments for char in segment.text]
    found = []
    for rate in RATES if errors else RATES[:1]:
        noise = Noise(rate, Homophones(pool).same, pool, seed=seed)
        damaged = [one.damaged(noise) for one in mine] if rate else mine
        with tempfile.TemporaryDirectory() as folder:
            backend = folder_backend(Path(folder))
            if encoder is None:
                index = index_speech(backend, [*damaged, *others], makers, None)
            else:
                with VectorCache(encoder_cache(settings), encoder) as cache:
                    index = index_speech(
                        backend, [*damaged, *others], makers, encoder, lambda texts: cache.encode(texts).vectors
                    )
            asks = index.asked_by(analyzer, encode, options)
            found.append((rate, measure_search(asked, asks, starts_of(damaged, makers.cleaner), seed=seed)))
    return found


def _robust(found: Sequence[tuple[float, SearchResult]]) -> tuple[Robustness, ...]:
    from eval.moments.search import relative_loss
    from eval.moments.summary import Robustness

    return tuple(
        Robustness(
            rate, one.slices["all"].video.first_10, one.slices["all"].moment.first_10,
            relative_loss(found[0][1], one, moment=False), relative_loss(found[0][1], one),
        )
        for rate, one in found[1:]
    )  # fmt: skip
