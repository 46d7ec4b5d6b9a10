"""`xunhuo generations`, `xunhuo encoder` and `xunhuo doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import orjson
import typer

from cli.console import account, clear_errors
from cli.gates import check_command
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from cli.terminal import print_json, print_table
from configs.settings import Settings
from retrieval.errors import CheckFailed, NotFound, NotReady
from retrieval.schema import PRODUCT

if TYPE_CHECKING:
    from indexer.generations import GenerationDesk

generations = typer.Typer(no_args_is_help=True, help="List, verify, roll back and prune index generations.")
encoder = typer.Typer(no_args_is_help=True, help="Build, describe and time the encoder.")

generations.command("check")(check_command)

Generation = Annotated[str | None, typer.Argument(help="Name of a generation; else the one being served.")]


@generations.command("list")
def list_command(
    as_json: AsJson = False, config: ConfigFiles = None, overrides: Overrides = None, data_dir: DataDir = None
) -> None:
    """All finished generations, oldest first; the one being served is marked."""
    with clear_errors():
        from retrieval.wiring.places import make_backend

        backend = make_backend(settings_of(config, overrides, data_dir))
        serving = backend.current()
        rows = [
            {
                "generation": m.generation,
                "serving": m.generation == serving,
                "documents": m.documents,
                "encoder": m.encoder,
                "vectors": m.collections[PRODUCT.kind].vectors.get("kind"),
                "bytes": sum(int(f["bytes"]) for f in m.files.values()),
                "created_at": m.created_at,
                "forced": m.details.get("gates", {}).get("forced", {}).get("by"),
            }
            for m in backend.manifests()
        ]
        print_json(rows) if as_json else print_table(rows)


@generations.command("verify")
def verify_command(
    generation: Generation = None,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Compare the files of a generation with its manifest. Exit code 3 when something is wrong."""
    with clear_errors():
        from retrieval.wiring.places import make_backend

        backend = make_backend(settings_of(config, overrides, data_dir))
        name = generation or serving_name(backend.current())
        if problems := backend.verify(name):
            raise CheckFailed(
                f"{name} is damaged:\n  " + "\n  ".join(problems),
                hint="roll back (xunhuo generations rollback) or rebuild",
            )
        typer.echo(f"{name} is whole")


@generations.command("rollback")
def rollback_command(
    generation: Annotated[str | None, typer.Argument(help="Where to; else the one before the one served.")] = None,
    note: Annotated[str, typer.Option("--note", help="Why, for the history.")] = "",
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Serve an older generation again; running services switch within a second."""
    with clear_errors(), _desk(settings_of(config, overrides, data_dir)) as desk:
        made = desk.serve(generation or desk.before(), by=account(), note=note)
        typer.echo(f"serving {made.generation} (was {made.was})")


@generations.command("show")
def show_command(
    generation: Generation = None,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """What the checks said of a generation, of one that was refused, too, e.g.: xunhuo generations show --json"""
    with clear_errors(), _desk(settings_of(config, overrides, data_dir)) as desk:
        named = generation or next((each.generation for each in desk.all() if each.serving), None)
        view = desk.one(serving_name(named))
        if as_json:
            print_json(asdict(view))
            return
        found = {name: view.failed.get(name, ()) for name in (*view.passed, *view.failed)}
        print_table([
            {"check": name, "passes": not problems, "seconds": view.seconds.get(name), "found": "; ".join(problems)}
            for name, problems in found.items()
        ])  # fmt: skip


@generations.command("history")
def history_command(
    as_json: AsJson = False, config: ConfigFiles = None, overrides: Overrides = None, data_dir: DataDir = None
) -> None:
    """Who had which generation served, the newest first; what a rebuild published by itself is in the manifests."""
    with clear_errors(), _desk(settings_of(config, overrides, data_dir)) as desk:
        rows = [
            asdict(each) | {"at": datetime.fromtimestamp(each.at, UTC).isoformat(timespec="seconds")}
            for each in desk.history()
        ]
        print_json(rows) if as_json else print_table(rows) if rows else typer.echo("nobody switched yet")


@generations.command("prune")
def prune_command(
    keep: Annotated[int | None, typer.Option(min=1, help="How many to keep; else index.keep.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Delete the oldest generations; never the one being served."""
    with clear_errors():
        from retrieval.wiring.places import make_backend

        settings = settings_of(config, overrides, data_dir)
        backend = make_backend(settings)
        names = [m.generation for m in backend.manifests()]
        for name in names[: -(keep or settings.index.keep)]:
            if name != backend.current():
                typer.echo(f"{'would delete' if dry_run else 'deleted'} {name}")
                if not dry_run:
                    backend.delete(name)


@encoder.command("build")
def build_command(config: ConfigFiles = None, overrides: Overrides = None, data_dir: DataDir = None) -> None:
    """Build the encoder's files now, so that the first rebuild need not."""
    with clear_errors():
        from retrieval.encoders.info import build
        from retrieval.wiring.places import encoder_cache

        settings = settings_of(config, overrides, data_dir)
        build(
            settings.encoder.name,
            options=settings.encoder.options,
            cache_dir=encoder_cache(settings),
            threads=settings.encoder.threads,
            progress=lambda text: typer.echo(text, err=True),
        )


@encoder.command("info")
def info_command(
    as_json: AsJson = False, config: ConfigFiles = None, overrides: Overrides = None, data_dir: DataDir = None
) -> None:
    """Name, width, fingerprint and size of the configured encoder."""
    with clear_errors():
        from retrieval.encoders.info import describe

        described = describe(_open_encoder(config, overrides, data_dir))
        print_json(described) if as_json else print_table([described])


@encoder.command("bench")
def bench_command(
    texts: Annotated[Path | None, typer.Option(help="One text a line; else the titles being served.")] = None,
    seconds: Annotated[float, typer.Option(min=0.1, max=600, help="Time for each measurement.")] = 5.0,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Milliseconds a query and titles a second of the configured encoder on this machine."""
    with clear_errors():
        from retrieval.encoders.info import bench

        lines = texts.read_text(encoding="utf-8").splitlines() if texts else _titles(config, overrides, data_dir)
        sample = [line for line in lines if line.strip()][:20_000]
        measured = bench(_open_encoder(config, overrides, data_dir), sample, [t[:10] for t in sample], seconds)
        print_json(measured) if as_json else print_table([measured])


def doctor_command(config: ConfigFiles = None, overrides: Overrides = None, data_dir: DataDir = None) -> None:
    """Check that everything needed is here: Python, libraries, settings, lexicon, encoder, generation, disk."""
    with clear_errors():
        from cli.doctor import examine

        findings = examine(settings_of(config, overrides, data_dir))
        for finding in findings:
            typer.echo(f"{'ok  ' if finding.ok else 'FAIL'} {finding.what}: {finding.detail}")
        if not all(finding.ok for finding in findings):
            raise typer.Exit(4)


@contextmanager
def _desk(settings: Settings) -> Iterator[GenerationDesk]:
    from indexer.changes.opening import settling_backend
    from indexer.generations import GenerationDesk
    from retrieval.wiring.places import make_backend, open_journal

    with closing(open_journal(settings)) as journal:
        rejects = settings.data_dir / "rejects"
        yield GenerationDesk(make_backend(settings), lambda: settling_backend(settings), journal, rejects)


def serving_name(name: str | None) -> str:
    """The generation being served. Raises NotReady when there is none."""
    if name is None:
        raise NotReady("no generation is published yet", hint="run xunhuo rebuild, or xunhuo demo")
    return name


def _open_encoder(config: list[Path] | None, overrides: list[str] | None, data_dir: Path | None) -> Any:
    from retrieval.wiring import make_encoder

    settings = settings_of(config, overrides, data_dir)
    opened = make_encoder(settings, threads=settings.encoder.threads)
    if opened is None:
        raise NotFound("encoder.name is none: this service searches words only", field="encoder.name")
    return opened


def _titles(config: list[Path] | None, overrides: list[str] | None, data_dir: Path | None) -> list[str]:
    import numpy as np

    from retrieval.wiring.places import make_backend

    backend = make_backend(settings_of(config, overrides, data_dir))
    reader = backend.open(serving_name(backend.current())).collection(PRODUCT.kind)
    rows = np.arange(min(reader.rows, 20_000))
    return [str(orjson.loads(source)["title"]) for source in reader.sources(rows)]
