"""A whole engine in a few lines, over records in memory: what is under test here is the HTTP layer around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from starlette.testclient import TestClient

from api.app import create_app
from api.options import ApiOptions
from retrieval.answer import Fragment, Hit, Product, QueryView, ScoreParts, SearchResponse, Total
from retrieval.errors import NotFound, NotReady
from retrieval.request import SearchRequest
from retrieval.types import FacetValue, Match
from retrieval.understanding.plan import Understood

CUP: dict[str, Any] = {
    "id": "p1",
    "title": "红色保温杯",
    "price": 89.9,
    "brand": "希禾",
    "category": ["家居", "水具"],
    "stock": 3,
}
ROBE: dict[str, Any] = {
    "id": "a/b 1",
    "title": "汉服",
    "labels": ["新品"],
    "shop": {"name": "云上汉服", "kind": "旗舰店"},
}


class TinyEngine:
    """Finds the records whose title contains the query, and understands every query as `understood`.

    `asked` holds every request, `begun` what is begun ahead of one; `before` runs in each search.
    """

    def __init__(
        self,
        *records: Mapping[str, Any],
        before: Callable[[], None] = lambda: None,
        understood: Understood | None = None,
    ) -> None:
        self.generation: str | None = "g1"
        self.asked: list[SearchRequest] = []
        self.begun: list[SearchRequest] = []
        self.refreshed = 0
        self.closed = False
        self.next_generation: str | None = None
        self._records = records or (CUP, ROBE)
        self._before = before
        self._understood = understood

    def search(self, request: SearchRequest) -> SearchResponse:
        self.asked.append(request)
        self._before()
        if self.generation is None:
            raise NotReady("no generation is published yet")
        found = [record for record in self._records if request.query in record["title"]]
        hits = tuple(_hit(record, rank, request) for rank, record in enumerate(found[: request.size], 1))
        facets = {name: (FacetValue("希禾", len(found)),) for name in request.facets}
        view = QueryView(request.query, request.query, (request.query,), Match.ALL, truncated=False)
        total = Total(len(found), "eq")
        return SearchResponse(
            view, request.filters, request.sort, hits, total, facets, None, self.generation, (), self._understood, 0.5
        )

    def ahead(self, *requests: SearchRequest) -> None:
        self.begun += requests

    def remembered(self, request: SearchRequest) -> SearchResponse | None:
        return None

    def product(self, document_id: str, timeout_ms: float | None = None, /) -> Product:
        for record in self._records:
            if record["id"] == document_id:
                return Product(str(self.generation), record)
        raise NotFound(f"there is no product {document_id}", field="id")

    def beside(
        self, request: SearchRequest, document_ids: Sequence[str], timeout_ms: float | None = None, /
    ) -> dict[str, Product]:
        return {each["id"]: Product(str(self.generation), each) for each in self._records if each["id"] in document_ids}

    def refresh(self) -> bool:
        self.refreshed += 1
        changed = self.next_generation is not None and self.next_generation != self.generation
        self.generation = self.next_generation or self.generation
        return changed

    def status(self) -> Mapping[str, Any]:
        return {"documents": len(self._records)}

    def close(self) -> None:
        self.closed = True


@contextmanager
def serving(engine: TinyEngine, **options: Any) -> Iterator[TestClient]:
    """A client of an app that runs; what the server would crash on becomes a 500, as for a real caller."""
    with TestClient(create_app(engine, options=ApiOptions(**options)), raise_server_exceptions=False) as client:
        yield client


def _hit(record: Mapping[str, Any], rank: int, request: SearchRequest) -> Hit:
    channels = {"lexical": {"rank": rank, "value": 2.0, "centre": 0.0, "unit": 2.0, "contribution": 1.0}}
    parts = ScoreParts(1.0, channels, {"title": 2.0}, "value / unit", "score") if request.explain else None
    title = (Fragment(record["title"], match=True),)
    return Hit(record["id"], "product", rank, 1.0, record, {"title": title}, parts)
