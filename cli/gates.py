"""The checks before publication, as the settings have them, and `xunhuo generations check`."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from cli.console import clear_errors
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from cli.terminal import print_json, print_table
from configs.settings import Settings
from indexer.checks.context import Bounds, Gates, Judge
from indexer.checks.gate import GateReport
from indexer.publish import Force
from retrieval.errors import NotFound
from retrieval.schema import PRODUCT


def gates_of(settings: Settings, *, allow_shrink: bool = False) -> Gates:
    """The bounds of section ``gates``."""
    bounds = settings.gates.model_dump(exclude={"judged_queries", "judged_qrels"})
    return Gates(**(bounds | {"category_ratio": 0.0} if allow_shrink else bounds))


def force_of(why: str | None) -> Force | None:
    """Who publishes whatever the checks say, and why; None: nobody does."""
    return Force(getpass.getuser(), datetime.now(UTC).isoformat(timespec="seconds"), why) if why else None


def judge_of(settings: Settings) -> Judge | None:
    """What asks the judged queries of two generations; None where the settings name none."""
    if settings.gates.judged_queries is None or settings.gates.judged_qrels is None:
        return None
    from eval.gate import drop_between
    from eval.inputs import read_qrels, read_queries
    from eval.types import Found, SearchFunction
    from indexer.checks.context import Drop
    from retrieval.request import SearchRequest
    from retrieval.wiring import open_engine

    queries, qrels = read_queries(settings.gates.judged_queries), read_qrels(settings.gates.judged_qrels)

    def search_in(generation: str) -> SearchFunction:
        engine = open_engine(settings, generation=generation)

        def search(query: str, depth: int) -> Sequence[Found]:
            return [Found(hit.id, hit.score) for hit in engine.search(SearchRequest(query=query, size=depth)).hits]

        return search

    def judge(served: str, generation: str) -> Drop:
        return drop_between(search_in(served), search_in(generation), queries, qrels)

    return judge


def check_command(
    generation: Annotated[str, typer.Argument(help="Name of a finished generation.")],
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Ask every check before publication of a generation, against the served one. Exit code 3: something is wrong."""
    with clear_errors():
        from indexer.publish import examined, served_by
        from retrieval.wiring import analyzer_of_generation, make_encoder
        from retrieval.wiring.places import make_backend

        settings = settings_of(config, overrides, data_dir)
        backend, index = make_backend(settings), settings.index
        if generation not in [manifest.generation for manifest in backend.manifests()]:
            raise NotFound(f"there is no generation {generation}", hint="xunhuo generations list names them")
        bounds = Bounds(index.min_count_ratio, index.gold_samples, index.gold_share, gates_of(settings))
        with closing(backend.open(generation)) as opened:
            analyzer = analyzer_of_generation(settings, opened.collection(PRODUCT.kind))
        found = examined(
            backend, generation, analyzer, served_by(backend), bounds,
            encoder=make_encoder(settings, threads=1), judge=judge_of(settings),
        )  # fmt: skip
        print_json(asdict(found)) if as_json else print_gates(found)
        if found.failed:
            raise typer.Exit(3)


def print_gates(found: GateReport) -> None:
    """A row for each check that was asked."""
    print_table(
        [
            {"check": name, "passes": not problems, "seconds": found.seconds.get(name), "found": "; ".join(problems)}
            for name, problems in found.found.items()
        ]
    )
