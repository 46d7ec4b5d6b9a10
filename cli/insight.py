"""`xunhuo fields` and `xunhuo unanswered`: what the events of shoppers say to operators, as the desk shows it."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from cli.console import clear_errors
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from cli.terminal import print_json, print_table
from configs.settings import Settings

if TYPE_CHECKING:
    from retrieval.protocols import IndexReader

Days = Annotated[int, typer.Option("--days", min=1, help="How far back.")]


def fields_command(
    days: Days = 28,
    csv: Annotated[bool, typer.Option("--csv", help="Print both tables as CSV.")] = False,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """What search, mall, videos and livestreams each bring, and the ways between them; docs/desk.md says how it counts.

    Example: xunhuo fields --days 7 --csv
    """
    with clear_errors():
        from indexer.insight.fields import by_field
        from indexer.insight.fields_csv import as_csv
        from retrieval.wiring.places import open_events

        settings = settings_of(config, overrides, data_dir)
        least = settings.mall.least_quality
        with closing(open_events(settings)) as store:
            found = by_field(store, lambda: _products(settings), now=time.time(), days=days, least_quality=least)
        if as_json:
            print_json(asdict(found))
        elif csv:
            typer.echo(as_csv(found), nl=False)
        else:
            rows = [asdict(row) for row in found.fields]
            names = [name for name in rows[0] if name != "field"]
            print_table([{"brings": name, **{row["field"]: row[name] for row in rows}} for name in names])
            ways = [asdict(way) for way in found.ways if way.moves or way.origin != way.target]
            print_table(ways) if ways else typer.echo("nobody went from one field to another")


def unanswered_command(
    days: Days = 7,
    least: Annotated[int, typer.Option("--least", min=2, help="Distinct shoppers who asked.")] = 2,
    share: Annotated[float, typer.Option("--share", min=0, max=1, help="At most so many of them chose.")] = 0.1,
    most: Annotated[int, typer.Option("--most", min=1, help="Queries that are looked at.")] = 50,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Queries that lead to nothing, with what the autopsy says, e.g.: xunhuo unanswered --days 30"""
    with clear_errors():
        from api.routes.insight import unanswered_answer
        from indexer.insight.unanswered import Bounds, unanswered
        from retrieval.wiring import open_engine
        from retrieval.wiring.places import open_events

        settings = settings_of(config, overrides, data_dir)
        bounds = Bounds(max(least, settings.mall.least_shoppers), share, most)
        with closing(open_events(settings)) as store, closing(open_engine(settings)) as engine:
            found = unanswered(store, engine.search, now=time.time(), days=days, bounds=bounds)
        if as_json:
            print_json(list(map(unanswered_answer, found)))
            return
        rows = [
            {
                "query": each.query, "why": each.why, "shoppers": each.shoppers, "chose": each.chose,
                "finds": each.total, "near": each.near, "says": "；".join(cause.text for cause in each.causes),
                "try": " ".join(filter(None, (each.corrected, *each.suggestions[:3]))),
            }
            for each in found
        ]  # fmt: skip
        print_table(rows) if rows else typer.echo("no query leads to nothing")


def _products(settings: Settings) -> IndexReader | None:
    from retrieval.schema import PRODUCT
    from retrieval.wiring.places import make_backend

    backend = make_backend(settings)
    name = backend.current()
    return backend.open(name).collection(PRODUCT.kind) if name else None
