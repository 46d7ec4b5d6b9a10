"""`xunhuo rebuild` and `xunhuo migrate`, and the building half of `xunhuo demo`."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console

from cli.console import clear_errors
from cli.gates import force_of, gates_of, judge_of
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from cli.progress import RichObserver
from configs.settings import VIDEOS, Settings
from indexer.rebuild import RebuildPlan, rebuild
from indexer.report import RebuildReport
from indexer.sources.limits import Limits

DEMO_SEED = 20_260_101


def rebuild_command(
    products: Annotated[
        list[Path], typer.Option("--products", help="JSONL, JSON, CSV (.gz, too) or Parquet; repeatable.")
    ],
    videos: Annotated[
        list[Path] | None,
        typer.Option("--videos", help="The same; .srt or .vtt named by the video's id; a folder of these; repeatable."),
    ] = None,
    events: Annotated[
        list[Path] | None, typer.Option("--events", help="Kept; searches and clicks teach; repeatable.")
    ] = None,
    queries: Annotated[
        list[Path] | None, typer.Option("--queries", help="Query log, a line: query, or query TAB count; repeatable.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read, check and encode; publish nothing.")] = False,
    allow_shrink: Annotated[
        bool, typer.Option("--allow-shrink", help="Publish however many fewer products there are than are served.")
    ] = False,
    force: Annotated[
        str | None,
        typer.Option("--force", metavar="REASON", help="Publish whatever the checks say; who, when and why is kept."),
    ] = None,
    as_of: Annotated[
        str,
        typer.Option(
            "--as-of",
            help="Live changes from then on are laid over the files, earlier ones are in them: file (when the oldest "
            "products file was last written), now, a position, or a time.",
        ),
    ] = "file",
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Build a new index generation from files, check it, and publish it in one switch.

    Examples:

      xunhuo rebuild --products shop.jsonl.gz

      xunhuo rebuild --products a.csv --products b.parquet --dry-run --json

      xunhuo rebuild --products shop.jsonl --set encoder.name=none
    """
    with clear_errors():
        settings = settings_of(config, overrides, data_dir)
        report = run_rebuild(
            settings, products, videos or (), events or (), queries or (), dry_run=dry_run, allow_shrink=allow_shrink,
            force=force, as_of=as_of,
        )  # fmt: skip
        if as_json:
            sys.stdout.buffer.write(orjson.dumps(asdict(report), option=orjson.OPT_INDENT_2) + b"\n")
        else:
            _print(report)


class BackendName(StrEnum):
    """Where generations can live."""

    EMBEDDED = "embedded"
    OPENSEARCH = "opensearch"


def migrate_command(
    to: Annotated[BackendName, typer.Option("--to", help="Where to; the served generation of the other is read.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Ask both ends and say what would go; feed nothing.")
    ] = False,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Feed the generation that one backend serves into the other, without encoding it again, and publish it there.

    Examples:

      xunhuo migrate --to opensearch --config configs/opensearch.yaml --dry-run

      xunhuo migrate --to embedded --config configs/opensearch.yaml --json
    """
    with clear_errors():
        from cli.terminal import print_json
        from indexer.changes.moving import move
        from indexer.changes.opening import open_catch_up
        from indexer.migrate import migratable
        from indexer.rules.publish import carry as carry_rules
        from retrieval.rules.book import RuleBook
        from retrieval.takedowns.carry import carry
        from retrieval.takedowns.takedowns import TakeDowns
        from retrieval.wiring import make_analyzer
        from retrieval.wiring.changes import open_changes
        from retrieval.wiring.places import make_backend, open_journal

        settings, started = settings_of(config, overrides, data_dir), time.monotonic()
        other = next(name for name in BackendName if name is not to)
        source, target, analyzer = make_backend(settings, other), make_backend(settings, to), make_analyzer(settings)
        with closing(migratable(source, analyzer)) as reader:
            manifest = reader.manifest
        found = {
            "source": manifest.generation, "documents": manifest.documents, "encoder": manifest.encoder,
            "dim": manifest.dim, "to": to.value, "replaces": target.current(), "takedowns": None, "rules": None,
            "generation": None,
        }  # fmt: skip
        if not dry_run:
            journals = closing(open_journal(settings, other)), closing(open_journal(settings, to))
            with RichObserver() as observer, journals[0] as old, journals[1] as new:
                # Before anything is served there, so that nothing is, that should not be.
                found["takedowns"] = carry(TakeDowns(old).standing(), TakeDowns(new).standing(), new)
                found["rules"] = carry_rules(RuleBook(old), RuleBook(new))
                changes = open_changes(settings, old, source)
                open_catch_up(settings, changes, source)
                found["generation"] = move(source, target, analyzer, changes, new, observer).generation
        found["seconds"] = round(time.monotonic() - started, 1)
        if as_json:
            print_json(found)
        else:
            _print_migration(found)


def run_rebuild(
    settings: Settings, products: Sequence[Path], videos: Sequence[Path] = (), events: Sequence[Path] = (),
    queries: Sequence[Path] = (), *, dry_run: bool = False, allow_shrink: bool = False, force: str | None = None,
    as_of: str = "file",
) -> RebuildReport:  # fmt: skip
    """A rebuild as the settings say, with progress on the terminal."""
    from indexer.changes.as_of import position_as_of
    from indexer.changes.opening import settling_backend
    from indexer.events.loading import EventKeeper
    from indexer.learning.opening import make_learner
    from indexer.listing.opening import open_listing
    from indexer.videos.speech import Speech
    from retrieval.wiring import make_analyzer, make_encoder
    from retrieval.wiring.places import encoder_cache, open_events, open_journal

    plan = RebuildPlan(
        products=products,
        videos=videos,
        events=events,
        queries=queries,
        limits=Limits(settings.input.max_title_chars, settings.input.max_line_bytes),
        max_reject_share=settings.input.max_reject_share,
        min_rows_for_share=settings.input.min_rows_for_share,
        batch=settings.index.batch,
        processes=settings.index.processes,
        min_count_ratio=0.0 if allow_shrink else settings.index.min_count_ratio,
        gold_samples=settings.index.gold_samples,
        gold_share=settings.index.gold_share,
        gates=gates_of(settings, allow_shrink=allow_shrink),
        force=force_of(force),
        rejects_dir=settings.data_dir / "rejects",
        cache_dir=encoder_cache(settings),
        settings=settings.model_dump(mode="json", include={"analysis", "encoder", "index"}),
        dry_run=dry_run,
        position=position_as_of(open_journal(settings), as_of, products),
    )
    with closing(open_events(settings)) as store, RichObserver() as observer:
        observer.stage("encoder", 0)
        encoder = make_encoder(settings, threads=settings.encoder.threads)
        learner = make_learner(settings)
        keeper = EventKeeper(None if dry_run else store, time.time()) if events else None
        speech = Speech(VIDEOS) if videos else None
        analyzer = make_analyzer(settings)
        backend, judge = settling_backend(settings), judge_of(settings)
        listing = open_listing(settings, backend, now=time.time(), segmenter=analyzer.segmenter)
        return rebuild(plan, backend, analyzer, encoder, observer, learner, keeper, speech, judge, listing)


def _print_migration(found: dict[str, Any]) -> None:
    vectors = f"with vectors ({found['encoder']}, {found['dim']} dimensions)" if found["dim"] else "without vectors"
    what = f"{found['documents']:,} documents of {found['source']} {vectors}"
    serving = f"which serves {found['replaces']}" if found["replaces"] else "which serves nothing yet"
    if found["generation"]:
        typer.echo(f"published {found['generation']} in {found['to']}: {what}, in {found['seconds']} s")
    else:
        typer.echo(f"dry run: {what} would go to {found['to']}, {serving}")


def _print(report: RebuildReport) -> None:
    console = Console()
    title = f"published {report.generation}" if report.generation else "dry run: nothing was published"
    console.print(f"{title}: {report.documents:,} documents in {sum(report.seconds.values()):.1f} s", highlight=False)
    console.print(
        f"  encoded {report.encoded:,}, reused {report.reused:,} vectors; {report.withheld:,} withheld (off, banned)"
    )
    if report.gates and report.gates.failed:
        for name, problems in report.gates.failed.items():
            console.print(f"  forced, although check {name}: {problems[0]}", markup=False, highlight=False)
    for rule, decisions in report.listing.items():
        said = ", ".join(f"{count:,} {decision}" for decision, count in decisions.items())
        console.print(f"  listings: {rule}: {said}", highlight=False)
    for kind, accepted in report.accepted.items():
        console.print(f"  {kind}: {accepted:,} accepted, {report.rejected[kind]:,} rejected", highlight=False)
    if report.accepted.get("events"):
        kept = report.events
        others = sum(kept.not_kept.values())
        console.print(
            f"    {kept.accepted:,} kept, {kept.duplicates:,} were known, {others:,} only taught", highlight=False
        )
    if (speech := report.speech).videos:
        console.print(
            f"    {speech.moments:,} moments in {speech.videos:,} videos, {speech.unlinked:,} of them surely show no "
            f"product; {speech.withheld:,} videos withheld",
            highlight=False,
        )
    for reason, count in report.reasons.items():
        console.print(f"    {reason}: {count:,}")
    for file, encoding in report.encodings.items():
        if encoding != "utf-8":
            console.print(f"  {file} is in {encoding}", markup=False, highlight=False, soft_wrap=True)
    if report.reasons and report.rejects_dir:
        console.print(f"  see {report.rejects_dir}", markup=False, highlight=False, soft_wrap=True)
