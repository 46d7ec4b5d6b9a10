"""What a caller may ask.

1. A GET and a POST that say the same ask the engine the same.
2. Yuan become fen without a rounding error, and never let in a price outside the range.
3. Every wrong field is named, in the words of the way it came in.
4. Defaults and bounds are those of the options.
5. Filters given back can be sent again and mean the same.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.options import ApiOptions
from api.requests import filters_in_request_form, to_search_request
from api.schemas import ChannelName, FacetName, SearchBody, SortName
from retrieval.errors import InvalidRequest
from retrieval.request import SearchRequest
from retrieval.schema import PRODUCT
from retrieval.types import CHANNELS, Filters, Sort
from tests.unit.api.tiny_engine import TinyEngine, serving

OPTIONS = ApiOptions()


def ask(body: dict[str, Any], options: ApiOptions = OPTIONS) -> SearchRequest:
    return to_search_request(SearchBody.model_validate(body), options)


def test_names_are_those_of_the_engine() -> None:
    assert get_args(FacetName) == PRODUCT.facets or set(get_args(FacetName)) == set(PRODUCT.facets)
    assert set(get_args(ChannelName)) == set(CHANNELS)
    assert set(get_args(SortName)) == {sort.value for sort in Sort}


def test_get_and_post_ask_the_same() -> None:
    url = (
        "/v1/search?q=保温杯&price_min=50&price_max=200.5&brand=希禾&brand=沐野&category=家居/水具&shop=甲"
        "&label=国货&service=包邮&attr=颜色=红&attr=颜色:蓝&attr=比例=1:2&attr=式=a=b&in_stock=true&sort=sales&size=7"
        "&facets=brand,price&facets=shop&explain=true&near=false&channels=lexical&timeout_ms=500"
        "&without=塑料&without=ＰＶＣ&understand=false&ignore=price:7-13&ignore=correction"
    )
    body = {
        "query": "保温杯",
        "filters": {
            "price": {"min": 50, "max": 200.5},
            "brand": ["希禾", "沐野"],
            "category": ["家居/水具"],
            "shop": ["甲"],
            "labels": ["国货"],
            "services": ["包邮"],
            "attributes": {"颜色": ["红", "蓝"], "比例": ["1:2"], "式": ["a=b"]},
            "in_stock": True,
            "without": ["塑料", "ＰＶＣ"],
        },
        "sort": "sales",
        "size": 7,
        "facets": ["brand", "price", "shop"],
        "explain": True,
        "near": False,
        "channels": ["lexical"],
        "timeout_ms": 500,
        "understand": False,
        "ignore": ["price:7-13", "correction"],
    }
    engine = TinyEngine()
    with serving(engine) as client:
        assert client.get(url).status_code == 200
        assert client.post("/v1/search", json=body).status_code == 200
    got, posted = engine.asked
    # The time spent waiting for a thread is taken off each budget.
    assert all(each.timeout_ms is not None and 0 < each.timeout_ms <= 500 for each in (got, posted))
    for name in SearchRequest.__dataclass_fields__.keys() - {"timeout_ms"}:
        assert getattr(got, name) == getattr(posted, name), name
    assert got.filters.keywords["attributes"] == ("颜色=红", "颜色=蓝", "比例=1:2", "式=a=b")
    assert got.filters.price == (5_000, 20_050)
    assert got.filters.without == ("塑料", "pvc")
    assert (got.understand, got.ignore, got.near) == (False, ("price:7-13", "correction"), False)


def test_queries_are_understood_unless_it_is_refused() -> None:
    assert (ask({}).understand, ask({}).ignore) == (True, ())
    assert ask({"ignore": ["a", "b", "a"]}).ignore == ("a", "b")
    # A word without letters would exclude everything or nothing.
    assert ask({"filters": {"without": ["！", "-", "&", " 塑料 "]}}).filters.without == ("塑料",)


def test_all_facets_by_one_word() -> None:
    engine = TinyEngine()
    with serving(engine) as client:
        client.get("/v1/search?q=杯&facets=all")
    assert set(engine.asked[0].facets) == set(PRODUCT.facets)


@given(st.integers(0, 10**9))
def test_a_price_in_cents_is_exact(fen: int) -> None:
    yuan = fen / 100
    assert ask({"filters": {"price": {"min": yuan, "max": yuan}}}).filters.price == (fen, fen)


@given(st.floats(0, 1e6), st.integers(0, 10**8))
def test_no_price_outside_the_range_passes(bound: float, fen: int) -> None:
    low = ask({"filters": {"price": {"min": bound}}}).filters.price[0]
    high = ask({"filters": {"price": {"max": bound}}}).filters.price[1]
    assert low is not None
    assert high is not None
    assert (fen >= low) == (Decimal(fen) / 100 >= Decimal(repr(bound)))
    assert (fen <= high) == (Decimal(fen) / 100 <= Decimal(repr(bound)))


@pytest.mark.parametrize(
    ("url", "field"),
    [
        ("?colour=红", "colour"),
        ("?q=a&q=b", "q"),
        ("?size=-1", "size"),
        ("?size=101", "size"),
        ("?size=ten", "size"),
        ("?sort=best", "sort"),
        ("?price_min=9&price_max=1", "price_min"),
        ("?price_min=nan", "price_min"),
        ("?price_max=inf", "price_max"),
        ("?price_max=-1", "price_max"),
        ("?price_max=10000000001", "price_max"),
        ("?price_min=1e300", "price_min"),
        ("?attr=红", "attr"),
        ("?attr==红", "attr"),
        ("?brand=", "brand[0]"),
        ("?facets=colour", "facets[0]"),
        ("?channels=", "channels[0]"),
        ("?in_stock=maybe", "in_stock"),
        ("?understand=maybe", "understand"),
        ("?understand=true&understand=false", "understand"),
        ("?without=", "without[0]"),
        ("?ignore=", "ignore[0]"),
        ("?ignore=" + "&ignore=".join("a" * 51), "ignore"),
        ("?timeout_ms=0", "timeout_ms"),
        ("?timeout_ms=1001", "timeout_ms"),
        ("?q=%FF", "q"),
        ("?q=%00", "q"),
        ("?label=" + "&label=".join("a" * 101), "label"),
    ],
)
def test_a_wrong_parameter_is_named(url: str, field: str) -> None:
    with serving(TinyEngine()) as client:
        answer = client.get("/v1/search" + url)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"colour": "red"}', "colour"),
        (b'{"filters": {"colour": ["red"]}}', "filters.colour"),
        (b'{"filters": {"price": {"least": 1}}}', "filters.price.least"),
        (b'{"filters": {"price": {"min": 9, "max": 1}}}', "filters.price"),
        (b'{"filters": {"price": {"min": "9"}}}', "filters.price.min"),
        (b'{"filters": {"brand": "a"}}', "filters.brand"),
        (b'{"filters": {"brand": ["a", 1]}}', "filters.brand[1]"),
        (b'{"filters": {"attributes": {"a=b": ["c"]}}}', "filters.attributes"),
        (b'{"filters": null}', "filters"),
        (b'{"query": 1}', "query"),
        (b'{"query": "\\u0000"}', "query"),
        (b'{"query": "\\ud800"}', "body"),
        (b'{"query": "\xff"}', "body"),
        (b'{"size": 1.5}', "size"),
        (b'{"size": true}', "size"),
        (b'{"size": 101}', "size"),
        (b'{"timeout_ms": NaN}', "body"),
        (b'{"timeout_ms": 1e400}', "body"),
        (b'{"channels": []}', "channels"),
        (b'{"explain": 1}', "explain"),
        (b'{"understand": "no"}', "understand"),
        (b'{"ignore": "price:7-13"}', "ignore"),
        (b'{"filters": {"without": "\xe5\xa1\x91"}}', "filters.without"),
        (b"[]", "body"),
        (b"", "body"),
        (b'{"query":', "body"),
        (b'{"filters":' * 3_000 + b"1" + b"}" * 3_000, "body"),
        (b"[" * 60_000, "body"),
    ],
)
def test_a_wrong_field_is_named(body: bytes, field: str) -> None:
    with serving(TinyEngine()) as client:
        answer = client.post("/v1/search", content=body, headers={"content-type": "application/json"})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["field"]) == (400, "invalid_request", field)
    assert error["hint"]


def test_a_near_miss_is_suggested() -> None:
    with serving(TinyEngine()) as client:
        answer = client.post("/v1/search", json={"filters": {"brands": ["希禾"]}})
    assert answer.json()["error"]["hint"] == "Did you mean brand?"


def test_defaults_and_bounds_are_the_options() -> None:
    options = ApiOptions(default_page_size=5, max_page_size=6, request_timeout_ms=50, max_filter_values=2)
    assert (ask({}, options).size, ask({}, options).timeout_ms) == (5, 50)
    assert ask({"size": 6}, options).size == 6
    assert ask({"filters": {"brand": ["a"], "shop": ["b"]}}, options).filters.keywords
    for wrong, field in (({"size": 7}, "size"), ({"filters": {"brand": ["a", "b"], "shop": ["c"]}}, "filters.brand")):
        with pytest.raises(InvalidRequest) as caught:
            ask(wrong, options)
        assert caught.value.field == field


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=5)
names = words.filter(lambda name: "=" not in name)
values = st.lists(words, min_size=1, max_size=3, unique=True)
prices = st.none() | st.integers(0, 10**9)


@given(
    st.dictionaries(st.sampled_from(["brand", "category", "shop", "labels", "services"]), values, max_size=5),
    st.dictionaries(names, values, max_size=3),
    prices,
    prices,
    st.booleans(),
    st.lists(st.sampled_from(["塑料", "pvc", "米 奇"]), unique=True),
)
def test_filters_given_back_can_be_sent_again(
    keywords: dict[str, list[str]], attributes: dict[str, list[str]], low: int | None, high: int | None, stock: bool,
    without: list[str],
) -> None:  # fmt: skip
    if low is not None and high is not None:
        low, high = sorted((low, high))
    pairs = tuple(f"{name}={value}" for name, given_values in attributes.items() for value in given_values)
    given_keywords = {name: tuple(given_values) for name, given_values in keywords.items()}
    filters = Filters(given_keywords | ({"attributes": pairs} if pairs else {}), (low, high), stock, tuple(without))
    assert ask({"filters": filters_in_request_form(filters)}).filters == filters
