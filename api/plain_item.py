"""A product as plain HTML, for browsers that run no script: what GET /?item= answers inside the page's <noscript>.

Nobody's: it reads no shopper. One that is not there, or not any more, is a 404, as everywhere; a product that was taken
down is told from one that never was by nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from api.errors import status_of
from api.plain import FAILED, LOCKED, drawn, price_of
from api.protocols import MallDesk, VideoDesk
from api.service import Service
from retrieval.deadline import Deadline
from retrieval.errors import NotFound, XunhuoError
from retrieval.mall.answer import Shown

T = TypeVar("T")
MOST = 8
"""Things like it, things with it, and moments."""
GONE = "没有这件商品：也许已经下架，也许网址不对。"


@dataclass(frozen=True, slots=True)
class PlainItem:
    """What stands in the place of the product, in UTF-8, under which title, and the status of the answer."""

    status: int
    title: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Beside:
    """Who knows what goes with a product; what is None knows nothing.

    Attributes:
        hosts: that pictures may be shown from.
    """

    mall: MallDesk | None = None
    videos: VideoDesk | None = None
    hosts: Collection[str] = ()


async def plain_item(service: Service, beside: Beside, id: str, *, may: bool) -> PlainItem:
    """The product of an id; `may`: whether who asks may see it."""
    if not may:
        return PlainItem(200, "", drawn("plain.html", problem=LOCKED))
    try:
        return await service.within(lambda left_ms: _read(service, beside, id, Deadline.after_ms(left_ms)))
    except NotFound:
        return PlainItem(404, "没有这件商品", drawn("plain.html", problem=GONE))
    except XunhuoError as error:
        return PlainItem(status_of(error)[0], "", drawn("plain.html", problem=FAILED))


def _read(service: Service, beside: Beside, id: str, deadline: Deadline) -> PlainItem:
    def left() -> float | None:
        seconds = deadline.remaining()
        return None if seconds is None else seconds * 1000

    def known(ask: Callable[[], T]) -> T | None:
        # What goes with it is no reason to keep the product back.
        with suppress(XunhuoError):
            return ask()
        return None

    record, mall, videos = service.engine.product(id, left()).record, beside.mall, beside.videos
    said = known(lambda: videos.moments(id, MOST, left())) if videos else None
    similar = known(lambda: mall.similar(id, MOST, left())) if mall else None
    also = known(lambda: mall.also(id, MOST, left())) if mall else None
    together = [found for found in (also.viewed, also.bought) if found.by == "events"] if also else []
    rows = [
        ("相似的", similar.found.hits if similar else ()),
        *(("看了、买了它的人也选", found.hits) for found in together),
    ]
    return PlainItem(
        200,
        str(record.get("title") or id),
        drawn(
            "plain_item.html",
            **_facts(record, id, beside.hosts),
            said=[("".join(part.text for part in one.quote), one.creator or one.title) for one in said.moments]
            if said
            else [],
            rows=[(name, [_linked(hit) for hit in hits]) for name, hits in rows if hits],
        ),
    )


def _facts(record: Mapping[str, Any], id: str, hosts: Collection[str]) -> dict[str, Any]:
    path, shop = _path(record.get("category")), (record.get("shop") or {}).get("name")
    leaf = path[-1] if path else str(record.get("title") or "")
    pairs = [(str(name), "、".join(map(str, _many(value)))) for name, value in (record.get("attributes") or {}).items()]
    return {
        "title": str(record.get("title") or id),
        "price": price_of(record),
        "picture": _picture(record, hosts),
        "shop": shop or "",
        "in_shop": urlencode({"q": leaf, "shop": shop}) if shop and leaf else "",
        "brand": record.get("brand") or "",
        "leaf": path[-1] if path else "",
        "in_category": urlencode({"q": leaf, "category": "/".join(path)}) if path else "",
        "tags": [str(one) for one in (*(record.get("labels") or ()), *(record.get("services") or ()))],
        "sold_out": record.get("stock") == 0,
        "description": record.get("description") or "",
        "facts": pairs,
    }


def _linked(hit: Shown) -> dict[str, str]:
    return {
        "address": urlencode({"item": hit.id}),
        "title": str(hit.record.get("title") or hit.id),
        "price": price_of(hit.record),
    }


def _path(category: str | Sequence[str] | None) -> list[str]:
    return [step for step in "/".join(_many(category or [])).split("/") if step]


def _many(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _picture(record: Mapping[str, Any], hosts: Collection[str]) -> str:
    """The first picture that lies where pictures may be shown from, "" without one."""
    for one in record.get("images") or ():
        url = urlsplit(str(one))
        if url.scheme == "https" and url.netloc in hosts:
            return str(one)
    return ""
