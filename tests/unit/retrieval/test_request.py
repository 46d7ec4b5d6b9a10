"""What is asked:

1. The list of a request is what decides it: the query cut at the bound, filters, order, channels, reading; the rest of
   the request does not change it.
2. The words of a list are all but filters, order and channels.
3. A lone surrogate in a query or an id, as a terminal may hand over, is replaced; in a filter it is refused.
4. What does not exist is refused, naming the field, the name and what there is. Prices reach as far as a column does.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrieval.errors import InvalidRequest
from retrieval.request import MAX_FEN, ListRequest, SearchRequest, check_names, list_request
from retrieval.schema import PRODUCT
from retrieval.types import CHANNELS, EVERYTHING, Filters, Sort

FILTERS = Filters({"brand": ("花田",)}, price=(100, None))
ASKED = SearchRequest(
    "红色连衣裙", FILTERS, Sort.SALES, channels=("lexical",), facets=("brand",), understand=False, ignore=("price:0-3",)
)


def test_the_list_of_a_request() -> None:  # 1
    listed = ListRequest("红色连衣裙", FILTERS, Sort.SALES, ("lexical",), understand=False, ignore=("price:0-3",))
    assert list_request(ASKED, 5) == list_request(ASKED, 99) == listed
    assert list_request(ASKED, 4) == replace(listed, query="红色连衣")
    plain = SearchRequest("裙", size=3, cursor="x", facets=PRODUCT.facets, explain=True, timeout_ms=1.0)
    assert list_request(plain, 9) == ListRequest("裙")


def test_words() -> None:  # 2
    assert list_request(ASKED, 9).words == ListRequest("红色连衣裙", understand=False, ignore=("price:0-3",))
    assert ListRequest("裙").words == ListRequest("裙", EVERYTHING, Sort.RELEVANCE, CHANNELS, understand=True)


def test_lone_surrogates() -> None:  # 3
    asked = list_request(SearchRequest("红\ud800裙", ignore=("a\udfff",)), 9)
    assert (asked.query, asked.ignore) == ("红?裙", ("a?",))
    for filters in (Filters({"brand": ("好", "x\ud800")}), Filters({"brand": ("\udfff",)})):
        _refused("filters.brand", "surrogates", filters=filters)
    _refused("filters.without", "surrogates", filters=Filters(without=("塑\udb00",)))
    check_names(CHANNELS, (), Filters({"brand": ("\ud7ff\ue000😀",)}, without=("塑料",)))


def test_what_does_not_exist() -> None:  # 4
    _refused("channels", ", ".join(CHANNELS), "'video'", channels=("lexical", "video"))
    _refused("channels", ", ".join(CHANNELS), "no channel", channels=())
    _refused("facets", ", ".join(PRODUCT.facets), "'colour'", facets=("brand", "colour"))
    _refused("filters", ", ".join(PRODUCT.keywords), "'price'", filters=Filters({"brand": ("a",), "price": ("1",)}))
    for bounds in ((MAX_FEN + 1, None), (None, -MAX_FEN - 1)):
        _refused("filters.price", str(MAX_FEN), filters=Filters(price=bounds))
    check_names(
        ("semantic",), PRODUCT.facets, Filters(dict.fromkeys(PRODUCT.keywords, ("a",)), price=(-MAX_FEN, MAX_FEN))
    )


def _refused(field: str, hint: str, message: str = "", **given: object) -> None:
    with pytest.raises(InvalidRequest) as caught:
        list_request(SearchRequest("裙", **given), 9)  # type: ignore[arg-type]
    assert caught.value.field == field
    assert hint in str(caught.value.hint)
    assert message in caught.value.message
