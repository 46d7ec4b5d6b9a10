"""`xunhuo channel`, `shop` and `campaign`: the pages of the mall in a terminal; their JSON is that of the API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from cli.console import clear_errors
from cli.mall import Personal, Session, Size, User, opened
from cli.options import AsJson, ConfigFiles, DataDir, Overrides
from cli.terminal import print_json, print_shown

if TYPE_CHECKING:
    from retrieval.mall.pages import Channel


def channel_command(
    category: Annotated[str, typer.Argument(help="A path from the root, e.g. 女装/裙装; none: all channels.")] = "",
    user: User = "",
    session: Session = "",
    personal: Personal = True,
    size: Size = 20,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Show the channels of the mall, or the page of one, e.g.: xunhuo channel 女装/裙装"""
    with clear_errors(), opened(config, overrides, data_dir) as mall:
        from api.mall_page_answers import channels_answer
        from retrieval.mall.answer import FeedRequest

        found = mall.channels(FeedRequest(user, session, category, size=size, personalize=personal))
        if as_json:
            print_json(channels_answer(found, request_id=uuid4().hex))
            return
        typer.echo(f"{' › '.join(each.rsplit('/', 1)[-1] for each in found.path) or '全部'}  {found.counted.total:,}")
        _print_channels(found.channels)
        if found.feed:
            print_shown(found.feed.hits)


def shop_command(
    id: Annotated[str, typer.Argument(help="id or name of a shop.")],
    category: Annotated[str, typer.Option("--category", help="One of its categories, a path from the root.")] = "",
    user: User = "",
    session: Session = "",
    personal: Personal = True,
    size: Size = 5,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Show the page of a shop, e.g.: xunhuo shop s0001"""
    with clear_errors(), opened(config, overrides, data_dir) as mall:
        from api.mall_page_answers import shop_answer
        from retrieval.mall.pages import ShopRequest

        found = mall.shop(ShopRequest(id, category, user, session, size, personal))
        if as_json:
            print_json(shop_answer(found, request_id=uuid4().hex))
            return
        typer.echo(f"{found.shop.name or found.shop.id}  {found.shop.kind or ''}  {found.total:,}")
        _print_channels(found.channels)
        for title, hits in (("best sellers", found.best), ("newest", found.newest), ("bought again", found.again)):
            typer.echo(title)
            print_shown(hits)


def campaign_command(
    id: Annotated[str, typer.Argument(help="id of a campaign; none: those that run.")] = "",
    category: Annotated[str, typer.Option("--category", help="Of its goods, a path from the root.")] = "",
    offset: Annotated[int, typer.Option("--offset", min=0, help="Goods before the first.")] = 0,
    user: User = "",
    session: Session = "",
    personal: Personal = True,
    size: Size = 20,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Show the campaigns that run, or the page of one, e.g.: xunhuo campaign double11"""
    with clear_errors(), opened(config, overrides, data_dir) as mall:
        from api.mall_page_answers import campaign_answer, campaigns_answer
        from retrieval.mall.pages import CampaignRequest, CampaignsRequest

        if not id:
            running = mall.campaigns(CampaignsRequest(user, session, personal))
            if as_json:
                print_json(campaigns_answer(running, request_id=uuid4().hex))
            for one in () if as_json else running.campaigns:
                typer.echo(f"{one.campaign.id}  {one.campaign.name}  {one.campaign.label}  {one.total:,}")
            return
        found = mall.campaign(CampaignRequest(id, category, offset, size))
        if as_json:
            print_json(campaign_answer(found, request_id=uuid4().hex))
            return
        typer.echo(f"{found.campaign.name}  {found.campaign.label}  {found.counted.total:,}")
        print_shown(found.hits)


def _print_channels(channels: Iterable[Channel], indent: str = "  ") -> None:
    for each in channels:
        typer.echo(f"{indent}{each.category.rsplit('/', 1)[-1]}  {each.count:,}")
        _print_channels(each.channels, f"{indent}  ")
