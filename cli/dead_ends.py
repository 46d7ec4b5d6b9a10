"""The command `xunhuo eval dead-ends`."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from cli.console import clear_errors
from cli.opening import opened_mall
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from cli.suggest_eval import finds
from retrieval.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.dead_ends import DeadEnds
    from eval.suggest import Line
    from retrieval.mall.mall import Mall
    from retrieval.suggest.suggester import Suggester

_SIZE = 10
_AT_ONCE, _TYPED_AT_ONCE = 20, 100
"""Queries that are asked what goes with them, and beginnings that are typed, before what is not known is looked up."""
_ROUNDS = 2
"""What takes the place of a dead end is looked up in the second."""


def dead_ends_command(
    typed: Annotated[int, typer.Option(min=1, help="Beginnings of entries that are typed.")] = 20_000,
    searched: Annotated[int, typer.Option(min=1, help="Lines that are searched, drawn from all.")] = 10_000,
    related: Annotated[int, typer.Option(min=0, help="Entries that are asked what goes with them.")] = 200,
    show: Annotated[int, typer.Option(min=0, help="Dead ends to print.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the choice.")] = 0,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Search for completions and for queries that go with a query, as they are offered: does each find anything?

    Beginnings of entries of the generation are typed in characters, in pinyin and by initials: as a service opens, and
    once it has looked up what was shown.

      xunhuo eval dead-ends --searched 10000
    """
    settings = settings_of(config, [*(overrides or ()), "suggest.searches=10000"], data_dir)
    with clear_errors(), opened_mall(settings) as (engine, mall, suggester):
        from functools import partial

        from rich.console import Console
        from rich.progress import track

        from cli.terminal import print_json
        from eval.dead_ends import beginnings, dead_ends, drawn
        from retrieval.request import SearchRequest
        from retrieval.suggest.table import ATTACHMENT, Table

        def ahead(queries: Sequence[str]) -> None:
            engine.ahead(*map(SearchRequest, queries))

        stored = engine.serving.reader.attachment(ATTACHMENT)
        if not stored:
            raise NotFound("the generation suggests nothing", hint="rebuild (xunhuo rebuild)")
        table, stderr = Table.from_bytes(stored), Console(stderr=True)
        texts = [table.texts[place] for place in range(len(table))]
        asked = list(beginnings(texts, table.read, typed, seed))
        offered = {
            "as it opens": _completions(suggester, asked),
            "later": _later(suggester, asked),
            "related": _related(mall, suggester, drawn(texts, related, seed)),
        }
        found = {
            name: dead_ends(
                lists, ahead, partial(finds, engine), searched, seed,
                partial(track, description=name, console=stderr),
            )
            for name, lists in offered.items()
        }  # fmt: skip
        if as_json:
            print_json({name: asdict(each) for name, each in found.items()})
        else:
            _print(found, show)


def _completions(suggester: Suggester, typed: Sequence[str]) -> Iterator[Sequence[Line]]:
    from eval.suggest import Line
    from retrieval.suggest.answer import SuggestRequest

    for text in typed:
        shown = suggester.suggest(SuggestRequest(text, size=_SIZE, personalize=False)).suggestions
        yield [Line(one.query, one.category, one.shop) for one in shown]


def _later(suggester: Suggester, typed: Sequence[str]) -> Iterator[Sequence[Line]]:
    """Once what was shown, and what is doubtful, is looked up, as a service does every few seconds."""
    for _ in range(_ROUNDS):
        for start in range(0, len(typed), _TYPED_AT_ONCE):
            deque(_completions(suggester, typed[start : start + _TYPED_AT_ONCE]), 0)
            suggester.refresh()
    yield from _completions(suggester, typed)


def _related(mall: Mall, suggester: Suggester, queries: Sequence[str]) -> Iterator[Sequence[Line]]:
    """As they are offered once those that were wanted are looked up."""
    from eval.suggest import Line

    for start in range(0, len(queries), _AT_ONCE):
        some = queries[start : start + _AT_ONCE]
        for query in some:
            mall.related(query, _SIZE)
        suggester.refresh()
        yield from ([Line(one.query) for one in mall.related(query, _SIZE).related] for query in some)


def _print(found: Mapping[str, DeadEnds], show: int) -> None:
    for name, each in found.items():
        told = f"{each.asked:,} asked, {each.shown:,} different lines shown, {each.searched:,} searched"
        typer.echo(f"{name}: {told}, {len(each.dead):,} find nothing")
        for line in each.dead[:show]:
            typer.echo(f"  {line.query} {line.category}{line.shop}")
