"""The seams between HTTP and search: what the service needs of an engine, a mall, suggestions, videos, and
dictionaries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol

from indexer.dictionary.desk import DictionaryView
from indexer.dictionary.preview import Preview
from retrieval.answer import Product, SearchResponse
from retrieval.dictionaries.versions import Dictionaries
from retrieval.mall.answer import AlsoAnswer, FeedAnswer, FeedRequest, RelatedAnswer, SimilarAnswer
from retrieval.mall.pages import (
    CampaignAnswer,
    CampaignRequest,
    CampaignsAnswer,
    CampaignsRequest,
    ChannelsAnswer,
    ShopAnswer,
    ShopRequest,
)
from retrieval.request import SearchRequest
from retrieval.suggest.answer import HotAnswer, LookedUp, ShadeAnswer, SuggestAnswer, SuggestRequest
from retrieval.videos.videos import AfterAnswer, MomentsAnswer
from retrieval.videos.watching import Watched


class SearchEngine(Protocol):
    """An engine is safe to call from several threads; its calls block and a running search keeps its generation."""

    @property
    def generation(self) -> str | None:
        """The generation that serves, None before the first is published."""

    def search(self, request: SearchRequest) -> SearchResponse:
        """One page. Raises InvalidRequest, CursorExpired, NotReady."""

    def ahead(self, *requests: SearchRequest) -> None:
        """Has begun meanwhile what searches need that wait for a thread. Does not block, and never raises."""

    def remembered(self, request: SearchRequest) -> SearchResponse | None:
        """The same page where nothing of it has to be made, None where something has. Raises as `search`."""

    def product(self, document_id: str, timeout_ms: float | None = None, /) -> Product:
        """The record as it came, and the generation it was read from. Raises NotFound, NotReady, DeadlineExceeded."""

    def beside(
        self, request: SearchRequest, document_ids: Sequence[str], timeout_ms: float | None = None, /
    ) -> Mapping[str, Product]:
        """Id → record of what may stand beside the answer to a search. Raises as `search`, and DeadlineExceeded."""

    def refresh(self) -> bool:
        """Opens the newest published generation if it changed and swaps it in; True when it did."""

    def status(self) -> Mapping[str, Any]:
        """Facts for people: JSON values only."""

    def close(self) -> None:
        """Frees what the engine holds."""


class MallDesk(Protocol):
    """What is asked of the mall; safe between threads, and its calls block."""

    def feed(self, request: FeedRequest) -> FeedAnswer:
        """One page. Raises InvalidRequest, CursorExpired, NotReady, DeadlineExceeded."""

    def channels(self, request: FeedRequest) -> ChannelsAnswer:
        """The channels, or the page of one. Raises NotFound, NotReady, DeadlineExceeded."""

    def shop(self, request: ShopRequest) -> ShopAnswer:
        """The page of a shop. Raises NotFound, NotReady, DeadlineExceeded."""

    def campaigns(self, request: CampaignsRequest) -> CampaignsAnswer:
        """Those that run. Raises NotReady, DeadlineExceeded."""

    def campaign(self, request: CampaignRequest) -> CampaignAnswer:
        """A page of one. Raises NotFound, NotReady, DeadlineExceeded."""

    def similar(self, id: str, size: int, timeout_ms: float | None = None) -> SimilarAnswer:
        """Things like a thing. Raises NotFound, NotReady, DeadlineExceeded."""

    def also(self, id: str, size: int, timeout_ms: float | None = None) -> AlsoAnswer:
        """What goes with a thing. Raises NotFound, NotReady, DeadlineExceeded."""

    def related(self, query: str, size: int) -> RelatedAnswer:
        """Queries that go with a query. Raises NotReady."""

    def refresh(self, every: float = 0.0) -> bool:
        """Learns when that was last done `every` seconds ago. Raises NotReady, StorageError."""


class SuggestDesk(Protocol):
    """What is asked of suggestions; safe between threads, and its calls block."""

    def suggest(self, request: SuggestRequest) -> SuggestAnswer:
        """Completions of what was typed. Raises NotReady."""

    def looked_up(self) -> LookedUp:
        """What was searched beside the requests since this was last asked."""

    def hot(self, size: int) -> HotAnswer:
        """What many ask now. Raises NotReady."""

    def shade(self, request: SuggestRequest) -> ShadeAnswer:
        """What a shopper may want to ask next. Raises NotReady."""

    def refresh(self, every: float = 0.0) -> bool:
        """Looks at what is asked when that was last done `every` seconds ago. Raises NotReady, StorageError."""


class VideoDesk(Protocol):
    """What is asked of videos; safe between threads, and its calls block."""

    def watch(self, id: str, timeout_ms: float | None = None, /) -> Watched:
        """A video. Raises NotFound, NotReady, DeadlineExceeded."""

    def moments(self, product: str, size: int, timeout_ms: float | None = None, /) -> MomentsAnswer:
        """Where a product is shown. Raises NotFound, NotReady, DeadlineExceeded."""

    def queries(self, id: str, size: int, timeout_ms: float | None = None, /) -> AfterAnswer:
        """What to search after a video. Raises NotFound, NotReady, DeadlineExceeded."""

    def withheld(self) -> Collection[str]:
        """Ids of videos and livestreams that may not be seen."""

    def sold(self, product: str, /) -> bool:
        """Whether a product is there to be seen."""


class DictionaryDesk(Protocol):
    """What is asked about dictionaries; safe between threads, and its calls block."""

    @property
    def store(self) -> Dictionaries:
        """Where they are kept."""

    def overview(self) -> list[DictionaryView]:
        """All of them."""

    def preview(self, name: str, text: str) -> Preview:
        """What `text` would change. Raises NotFound, LexiconError, NotReady."""
