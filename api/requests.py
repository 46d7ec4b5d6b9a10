"""From what a caller asked to what the engine is asked: both ways in meet here, so GET and POST cannot differ."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from starlette.datastructures import QueryParams

from api.options import ApiOptions
from api.schemas import REPEATABLE, FilterBody, PriceRange, SearchBody, SearchParams
from retrieval.analysis.analyzer import grams
from retrieval.analysis.normalize import normalize
from retrieval.errors import InvalidRequest
from retrieval.request import CameFrom, SearchRequest
from retrieval.types import FacetOrder, Filters, Sort

FEN_PER_YUAN = 100
PARAMETERS = {
    "query": "q",
    "filters.price": "price_min",
    "filters.labels": "label",
    "filters.services": "service",
    "filters.attributes": "attr",
}
"""Field of the body → URL parameter, where the names differ in more than the prefix ``filters.``."""


_SAME = {"sort", "size", "cursor", "facets", "facet_order", "explain", "near", "channels", "kinds", "timeout_ms",
         "understand", "ignore", "user_id", "session_id", "personalize", "carry_over"}  # fmt: skip
"""What a URL and a body write alike."""


def to_search_request(body: SearchBody, options: ApiOptions) -> SearchRequest:
    """What the engine is asked.

    Raises:
        InvalidRequest: what one field alone does not show: bounds of this service, the order of prices.
    """
    size = size_of(body.size, options)
    timeout_ms = options.request_timeout_ms if body.timeout_ms is None else body.timeout_ms
    _at_most(timeout_ms, options.request_timeout_ms, "timeout_ms")
    return SearchRequest(
        query=body.query,
        filters=_to_filters(body.filters, options.max_filter_values),
        sort=Sort(body.sort),
        size=size,
        cursor=body.cursor,
        facets=tuple(dict.fromkeys(body.facets)),
        facet_order=FacetOrder(body.facet_order),
        explain=body.explain,
        near=body.near,
        channels=tuple(dict.fromkeys(body.channels)),
        kinds=tuple(dict.fromkeys(body.kinds)),
        timeout_ms=timeout_ms,
        understand=body.understand,
        ignore=tuple(dict.fromkeys(body.ignore)),
        user_id=body.user_id,
        session_id=body.session_id,
        personalize=body.personalize,
        came_from=CameFrom(**body.came_from.model_dump()) if body.came_from else None,
        carry_over=body.carry_over,
    )


def size_of(given: int | None, options: ApiOptions) -> int:
    """How many are asked for. Raises InvalidRequest."""
    size = options.default_page_size if given is None else given
    _at_most(size, options.max_page_size, "size")
    return size


def params_to_body(params: SearchParams) -> SearchBody:
    """The POST body that says the same.

    Raises:
        InvalidRequest: an ``attr`` without a name or a value.
    """
    return SearchBody(
        query=params.q,
        filters=FilterBody(
            price=PriceRange(min=params.price_min, max=params.price_max),
            brand=params.brand,
            category=params.category,
            shop=params.shop,
            labels=params.label,
            services=params.service,
            quality=params.quality,
            attributes=_parse_attributes(params.attr),
            in_stock=params.in_stock,
            without=params.without,
        ),
        came_from=params.came_from,
        **params.model_dump(include=_SAME),
    )


def given_in(address: QueryParams) -> dict[str, str | list[str]]:
    """What an address gives, as `SearchParams` takes it: the last of what stands once, all of what may be repeated
    (`REPEATABLE`)."""
    return {name: address.getlist(name) if name in REPEATABLE else text for name, text in address.items()}


def check_given_once(given: QueryParams) -> None:
    """Raises InvalidRequest when a parameter that has one value stands several times in the URL."""
    names = [name for name, _ in given.multi_items() if name not in REPEATABLE]
    for name in names:
        if names.count(name) > 1:
            raise InvalidRequest(f"{name} is given more than once.", field=name, hint="Give it once.")


def in_parameter_names(error: InvalidRequest) -> InvalidRequest:
    """The same error with its field named as in a URL."""
    field = error.field or "q"
    return InvalidRequest(error.message, field=PARAMETERS.get(field, field.removeprefix("filters.")), hint=error.hint)


def filters_in_request_form(filters: Filters) -> dict[str, Any]:
    """Filters as POST takes them; only what was asked is there."""
    form: dict[str, Any] = {name: list(values) for name, values in filters.keywords.items() if name != "attributes"}
    attributes: dict[str, list[str]] = {}
    for pair in filters.keywords.get("attributes", ()):
        name, _, value = pair.partition("=")
        attributes.setdefault(name, []).append(value)
    if attributes:
        form["attributes"] = attributes
    low, high = filters.price
    bounds = {"min": low, "max": high}
    if price := {name: fen / FEN_PER_YUAN for name, fen in bounds.items() if fen is not None}:
        form["price"] = price
    if filters.in_stock:
        form["in_stock"] = True
    if filters.without:
        form["without"] = list(filters.without)
    return form


def _at_most(value: float, bound: float, field: str) -> None:
    if value > bound:
        raise InvalidRequest(f"{field} must be at most {bound:g}.", field=field, hint=f"Ask for {bound:g} or less.")


def _to_filters(body: FilterBody, max_values: int) -> Filters:
    given: Mapping[str, list[str]] = {
        "brand": body.brand,
        "category": body.category,
        "shop": body.shop,
        "labels": body.labels,
        "services": body.services,
        "quality": body.quality,
        "without": body.without,
        "attributes": [_pair(name, value) for name, values in body.attributes.items() for value in values],
    }
    largest = max(given, key=lambda name: len(given[name]))
    if sum(map(len, given.values())) > max_values:
        message = f"A request may filter by {max_values} values, all fields together."
        raise InvalidRequest(message, field=f"filters.{largest}", hint="Ask with fewer values, in several requests.")
    keywords = {name: tuple(dict.fromkeys(v)) for name, v in given.items() if v and name != "without"}
    words = (" ".join(normalize(word).split()) for word in body.without)
    without = tuple(dict.fromkeys(word for word in words if any(grams(word))))
    return Filters(keywords, _to_fen(body.price or PriceRange()), body.in_stock, without)


def _to_fen(price: PriceRange) -> tuple[int | None, int | None]:
    if price.min is not None and price.max is not None and price.min > price.max:
        message = f"The lowest price {price.min:g} is above the highest {price.max:g}."
        raise InvalidRequest(message, field="filters.price", hint="Swap the two.")
    # The shortest decimal of a float is what the caller typed; its binary value is a little beside it.
    low = None if price.min is None else math.ceil(Decimal(repr(price.min)) * FEN_PER_YUAN)
    high = None if price.max is None else math.floor(Decimal(repr(price.max)) * FEN_PER_YUAN)
    return low, high


def _pair(name: str, value: str) -> str:
    if "=" in name:
        message = "The name of an attribute cannot contain '='."
        raise InvalidRequest(message, field="filters.attributes", hint='Send {"颜色": ["红"]}.')
    return f"{name}={value}"


def _parse_attributes(texts: list[str]) -> dict[str, list[str]]:
    attributes: dict[str, list[str]] = {}
    for text in texts:
        name, _, value = text.partition("=" if "=" in text else ":")
        if not name or not value:
            raise InvalidRequest("attr needs a name and a value.", field="attr", hint="Write attr=颜色=红.")
        attributes.setdefault(name, []).append(value)
    return attributes
