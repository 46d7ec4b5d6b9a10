"""A list as plain HTML, for browsers that run no script: what GET /?q= answers inside the page's <noscript>.

The same parameters as of GET /v1/search, read by the same schema, so that an address means the same with and without
scripts. Nobody's: it reads no shopper. What goes wrong is said in the list's place, since the page itself is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader
from pydantic import ValidationError
from starlette.datastructures import QueryParams

from api.requests import check_given_once, given_in, params_to_body, to_search_request
from api.schemas import SearchParams
from api.service import Service
from retrieval.answer import Hit, SearchResponse
from retrieval.errors import XunhuoError

PLACE = b"<!-- the list -->"
"""Where the page has room for it."""
SIZE = 24
NOT_SHOWN = {"user_id", "session_id", "came_from", "size", "facets", "kinds", "explain"}
"""What the list of everybody does without."""
UNREAD, LOCKED = "这样的条件没法找，改一改网址再试。", "这个服务要出示密钥才能搜索，接口在 /v1/search。"
FAILED = "现在没有找成，过一会儿再试一次。"


async def plain_list(service: Service, asked: QueryParams, *, may: bool) -> bytes:
    """What stands in the place of the list, in UTF-8; `may`: whether who asks may search."""
    if not may:
        return drawn("plain.html", problem=LOCKED)
    try:
        check_given_once(asked)
        kept = {name: value for name, value in given_in(asked).items() if name not in NOT_SHOWN}
        params = SearchParams.model_validate({**kept, "size": min(SIZE, service.options.max_page_size)})
        request = to_search_request(params_to_body(params), service.options)
    except (ValidationError, XunhuoError):
        return drawn("plain.html", problem=UNREAD)
    try:
        found = await service.search(request)
    except XunhuoError:
        return drawn("plain.html", problem=FAILED)
    rest = [(name, text) for name, text in asked.multi_items() if name not in {*NOT_SHOWN, "cursor"}]
    more = urlencode([*rest, ("cursor", found.next_cursor)]) if found.next_cursor else ""
    hits = [_shown(hit, found) for hit in found.hits]
    count, further = _count(found), "cursor" in asked
    return drawn("plain.html", query=found.query.text, count=count, hits=hits, next=more, further=further)


def _shown(hit: Hit, found: SearchResponse) -> dict[str, str]:
    record = hit.source
    shop = (record.get("shop") or {}).get("name")
    first_near = hit.near and hit.rank == found.total.value + 1
    return {
        "address": urlencode({"item": hit.id}),
        "title": str(record.get("title") or hit.id),
        "price": price_of(record),
        "about": " · ".join(str(part) for part in (shop, *(record.get("services") or ())) if part),
        "divider": str(found.divider or "") if first_near else "",
    }


def _count(found: SearchResponse) -> str:
    total = f"{found.total.value}{'+' if found.total.relation == 'gte' else ''} 件"
    return f"{total}，另有 {found.near} 件相近" if found.near else total


def price_of(record: Mapping[str, Any]) -> str:
    """The price of a record as it is shown."""
    price = record.get("price")
    return f"¥{price:.2f}".rstrip("0").rstrip(".") if isinstance(price, int | float) else "暂无价格"


def drawn(template: str, **values: Any) -> bytes:
    """A template of the page without scripts, in UTF-8; what it is not given is empty."""
    return _templates().get_template(template).render(values).encode()


@cache
def _templates() -> Environment:
    return Environment(loader=PackageLoader("api"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
