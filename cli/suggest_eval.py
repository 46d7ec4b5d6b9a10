"""The command `xunhuo eval suggest`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from cli.console import clear_errors
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from retrieval.errors import InputError

if TYPE_CHECKING:
    from eval.suggest import Line, SuggestSummary, Typing
    from retrieval.engine import Engine
    from retrieval.interest.event import EventType, ShopperEvent
    from retrieval.interest.store import EventStore
    from retrieval.suggest.suggester import Suggester

_DAY_S = 86_400.0


def suggest_eval_command(
    days: Annotated[float, typer.Option(min=0.01, help="Searches of so many last days are held out.")] = 3.0,
    count: Annotated[int, typer.Option(min=1, help="Held-out searches to type again.")] = 300,
    searched: Annotated[int, typer.Option(min=0, help="Lines to search for, to find dead ends.")] = 1_000,
    show: Annotated[int, typer.Option(min=0, help="Dead ends to print.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the choice.")] = 0,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Type the last searches of the event store again: how soon are they suggested, and does each line find anything?

    Compared are suggestions for who typed, for anybody, and the most frequent queries that begin so: of all, and of
    those that several shoppers asked, since a query of one alone is shown to nobody else.

      xunhuo eval suggest --days 3 --count 300 --searched 10000
    """
    with clear_errors():
        import numpy as np

        from cli.terminal import print_json
        from eval.suggest import by_frequency, measure_suggest
        from retrieval.suggest.answer import SuggestRequest
        from retrieval.wiring import open_engine
        from retrieval.wiring.interest import open_profiles
        from retrieval.wiring.mall import make_mall, make_suggester
        from retrieval.wiring.places import open_events

        settings = settings_of(config, [*(overrides or ()), "suggest.searches=10000"], data_dir)
        store = open_events(settings)
        until = store.newest() - days * _DAY_S
        held = _searches(store, until)
        if not held:
            raise InputError("nobody searched in that time", field="days", hint="load events: xunhuo events")
        chosen = np.sort(np.random.default_rng(seed).permutation(len(held))[:count])
        engine, before = open_engine(settings), cast("EventStore", _Before(store, until))
        profiles = open_profiles(settings, store)
        mall = make_mall(settings, engine, before, profiles)
        suggester = make_suggester(settings, engine, mall, before, profiles)
        mall.refresh()
        for n in chosen:  # as whoever opens the page does
            suggester.shade(SuggestRequest("", held[n].user_id, held[n].session_id, now=held[n].ts))
        suggester.refresh()
        asked, several = _searches(before, 0.0), settings.mall.least_shoppers
        ways = {
            "own": lambda typed, one: _ask(suggester, typed, one, personal=True),
            "anybody": lambda typed, one: _ask(suggester, typed, one, personal=False),
            "most frequent": by_frequency(asked),
            f"of {several} or more": by_frequency(asked, several),
        }
        summary = measure_suggest([held[n] for n in chosen], ways, lambda line: finds(engine, line), searched)
        engine.close()
        store.close()
        if as_json:
            print_json({"days": days, "seed": seed, **asdict(summary)})
        else:
            _print(summary, show)


@dataclass(frozen=True, slots=True)
class _Before:
    """A store as it was before a time, as far as a scan sees it."""

    store: EventStore
    until: float

    def newest(self) -> float:
        return self.until

    def scan(
        self, *, since: float = 0.0, until: float | None = None, types: Collection[EventType] = ()
    ) -> Iterator[ShopperEvent]:
        return self.store.scan(since=since, until=self.until, types=types)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


def _searches(store: EventStore, since: float) -> Sequence[Typing]:
    from eval.suggest import Typing
    from retrieval.interest.event import EventType
    from retrieval.mall.log import asked_as

    found = store.scan(since=since, types={EventType.SEARCH})
    typed = (Typing(asked_as(each.query), each.user_id, each.session_id, each.ts) for each in found)
    return [one for one in typed if one.query]


def _ask(suggester: Suggester, typed: str, one: Typing, *, personal: bool) -> list[Line]:
    from eval.suggest import DEPTH, Line
    from retrieval.suggest.answer import SuggestRequest

    asked = SuggestRequest(typed, one.user_id, one.session_id, DEPTH, personal, one.ts)
    return [Line(line.query, line.category, line.shop) for line in suggester.suggest(asked).suggestions]


def finds(engine: Engine, line: Line) -> bool:
    """Whether a line has a result above the divider."""
    from retrieval.request import SearchRequest
    from retrieval.types import Filters

    named = {"category": line.category, "shop": line.shop}
    filters = Filters({name: (value,) for name, value in named.items() if value})
    return engine.search(SearchRequest(line.query, filters=filters, size=1, personalize=False)).total.value > 0


def _print(summary: SuggestSummary, show: int) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(width=max(100, Console().width))
    numbers = [str(size) for size in range(1, len(summary.keystrokes))] + [f"{len(summary.keystrokes)}+"]
    table = Table("MRR", "all", *numbers, "seen", "typed", box=box.SIMPLE)
    for way in summary.ways:
        shares = (way.mrr, *way.by_keystroke, way.seen, way.typed)
        table.add_row(way.name, *(f"{share:.3f}" for share in shares))
    left = f"{summary.unanswered} that find nothing are left out"
    console.print(f"{summary.queries} held-out searches, by the number of characters typed; {left}", highlight=False)
    console.print(table)
    console.print(f"dead ends: {len(summary.dead)} of {summary.lines} lines", highlight=False)
    for line in summary.dead[:show]:
        console.print(f"  {line.query} {line.category}{line.shop}", markup=False, highlight=False)
