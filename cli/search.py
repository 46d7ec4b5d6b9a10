"""`xunhuo search` and `xunhuo understand`: asking from a terminal; their JSON is that of the HTTP API."""

from __future__ import annotations

from contextlib import closing
from enum import StrEnum
from typing import Annotated
from uuid import uuid4

import typer

from cli.console import clear_errors
from cli.generations import serving_name
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from cli.terminal import print_hits, print_json, print_plan
from retrieval.errors import NotFound
from retrieval.request import SearchRequest
from retrieval.schema import PRODUCT
from retrieval.types import Sort


class Kind(StrEnum):
    """What a page may show (`retrieval.request.SHOWN`)."""

    PRODUCT = "product"
    VIDEO = "video"
    LIVE = "live"


Words = Annotated[list[str], typer.Argument(metavar="QUERY", help="What a shopper would type; blanks need no quotes.")]
Ignore = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="ID", help="A constraint that is not meant, or correction; repeatable."),
]


def search_command(
    words: Words,
    size: Annotated[int, typer.Option(min=1, max=1000, help="Hits to show.")] = 10,
    sort: Annotated[Sort, typer.Option(help="Order of the hits.")] = Sort.RELEVANCE,
    explain: Annotated[bool, typer.Option("--explain", help="Show the parts of every score.")] = False,
    ignore: Ignore = None,
    user: Annotated[
        str, typer.Option("--user", help="Who asks: the order bends to what is known of this shopper.")
    ] = "",
    session: Annotated[str, typer.Option("--session", help="The visit, where it is known.")] = "",
    personal: Annotated[bool, typer.Option("--personal/--no-personal", help="Read the shopper's profile.")] = True,
    kinds: Annotated[
        list[Kind] | None, typer.Option("--kind", help="What to show: product, video, live; repeatable.")
    ] = None,
    near: Annotated[bool, typer.Option("--near/--no-near", help="Show what stands under the divider.")] = True,
    understand: Annotated[bool, typer.Option("--understand/--no-understand", help="Read wishes in the words.")] = True,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Search the published generation.

    Examples:

      xunhuo search 送妈妈的保温杯 100元以内 --size 5 --explain

      xunhuo search 跑鞋怎么选 --kind product --kind video --kind live
    """
    with clear_errors():
        from retrieval.wiring import open_engine
        from retrieval.wiring.interest import open_profiles
        from retrieval.wiring.places import open_events

        settings = settings_of(config, overrides, data_dir)
        asked = SearchRequest(
            " ".join(words), size=size, sort=sort, explain=explain, near=near, understand=understand,
            ignore=tuple(ignore or ()), user_id=user, session_id=session, personalize=personal,
            kinds=tuple(dict.fromkeys(kinds or ("product",))),
        )  # fmt: skip
        with closing(open_events(settings)) as store:
            taste = open_profiles(settings, store) if user or session else None
            with closing(open_engine(settings, taste)) as engine:
                if taste:
                    taste.learn_intervals(engine.serving.reader)
                response = engine.search(asked)
        if as_json:
            from api.answers import search_answer

            print_json(search_answer(response, request_id=uuid4().hex))
        else:
            print_hits(response)


def understand_command(
    words: Words,
    ignore: Ignore = None,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Show how a query is read, without searching, e.g.: xunhuo understand 送妈妈的保温杯100元以内"""
    with clear_errors():
        from retrieval.wiring import make_understanding
        from retrieval.wiring.places import make_backend

        settings = settings_of(config, overrides, data_dir)
        if not settings.understanding.enabled:
            raise NotFound("understanding is switched off", field="understanding.enabled", hint="set it to true")
        backend = make_backend(settings)
        reader = backend.open(serving_name(backend.current())).collection(PRODUCT.kind)
        plan = make_understanding(settings)(reader).plan(" ".join(words), ignore or ())
        reader.close()
        if as_json:
            from api.understood import understood_answer
            from retrieval.understanding.plan import Understood

            print_json(understood_answer(Understood(plan, applied=tuple(one.id for one in plan.constraints))))
        else:
            print_plan(plan)
