"""What a search over any backend says of videos, through the engine.

1. A hit carries the moments that show it, with a quote, best for the query first; a thing that nobody shows has none.
2. What is said finds a thing whose title lacks the words, lifts it by a part that is explained, and no filter lets it
   pass that it does not pass itself.
3. A moment that shows something withheld, or of a withheld video, is nowhere; what goes later takes its moments along.
4. Only products: hits alone. More kinds: cards of videos and a layout; who wants to watch gets videos first.
5. A page further on has no cards; a page of videos alone has no hits.
6. Without videos nothing changes.
7. Speech that is late or fails is left out, and the page says so.
7. A word that nobody says has no cards, however near something is; a video that shows only what a filter leaves out
   has none, either.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from configs.settings import Settings
from retrieval.engine import Engine
from retrieval.errors import DeadlineExceeded, InvalidRequest
from retrieval.request import SearchRequest
from retrieval.spoken.cards import BlockKind
from retrieval.spoken.moment import decode_rows
from retrieval.types import Filters, Sort
from retrieval.videos.watching import moments_of
from retrieval.wiring import open_engine
from retrieval.wiring.options import video_options
from tests import spoken

ALL = ("product", "video", "live")


class SpokenContract:
    """Inherited by the tests of every backend."""

    @classmethod
    @abstractmethod
    def settings_of(cls, place: Path) -> Settings:
        """Where generations live."""

    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
        data = tmp_path_factory.mktemp("spoken")
        settings = cls.settings_of(data)
        spoken.build(data, settings)
        made = open_engine(settings)
        yield made
        made.close()

    def test_a_hit_carries_its_moments(self, engine: Engine) -> None:  # 1
        cup = engine.search(SearchRequest("保温杯 露营")).hits[0]
        assert cup.id == "cup"
        best = cup.moments[0]
        assert (best.video_id, best.title, best.creator, best.kind) == ("v1", "冬天喝热水", "小周", "video")
        assert "".join(fragment.text for fragment in best.quote) == "杯盖可以当小碗，露营也带着。"
        assert [fragment.text for fragment in best.quote if fragment.match] == ["露营"]
        assert (best.start, best.at, best.end, best.confidence) == (16, 16, 26, 1.0)
        sock = engine.search(SearchRequest("中筒袜")).hits[0]
        assert (sock.id, sock.moments) == ("sock", ())

    def test_what_is_said_finds_a_thing(self, engine: Engine) -> None:  # 2
        found = engine.search(SearchRequest("马拉松 弹簧", explain=True))
        assert [hit.id for hit in found.hits] == ["shoe"]
        parts = found.hits[0].explain
        assert parts is not None
        assert parts.features["spoken"] == pytest.approx(2.0)
        assert sum(parts.features.values()) == pytest.approx(parts.score, abs=1e-4)
        assert parts.channels["moments"]["rank"] == 1
        assert engine.search(SearchRequest("马拉松 弹簧", Filters(price=(None, 10_000)))).hits == ()
        assert [hit.id for hit in engine.search(SearchRequest("马拉松 弹簧", Filters(price=(None, 30_000)))).hits] == [
            "shoe"
        ]
        assert engine.search(SearchRequest("马拉松 弹簧", channels=("lexical", "semantic"))).hits == ()

    def test_every_word_must_be_said_in_one_moment(self, engine: Engine) -> None:  # 2
        assert "cup" not in [hit.id for hit in engine.search(SearchRequest("烫嘴 中午", channels=("moments",))).hits]

    def test_what_is_withheld_is_nowhere(self, engine: Engine) -> None:  # 3
        for query in ("加湿器 听不见声音", "袜子 一百块三打"):
            cards = engine.search(SearchRequest(query, kinds=ALL)).videos
            quotes = ["".join(f.text for f in moment.quote) for card in cards for moment in card.moments]
            assert not [quote for quote in quotes if "加湿器" in quote or "一百块" in quote]
        mask = engine.search(SearchRequest("面膜 睡前", kinds=ALL))
        assert [moment.video_id for moment in mask.hits[0].moments] == ["v3"]

    def test_what_goes_takes_its_moments_along(self, engine: Engine) -> None:  # 3
        said = engine.serving.said
        assert said is not None
        rows = decode_rows(said.moments.forward(np.arange(said.moments.rows)))
        open_before = said.gate.open(rows)
        cup = said.products.row_of("cup")
        assert cup is not None
        without = replace(said, products=said.products.without(np.array([cup]), epoch=1)).gate.open(rows)
        shows_cup = np.array([any(product.id == "cup" for product in row.products) for row in rows])
        assert open_before[shows_cup].all()
        assert shows_cup.any()
        assert (without == (open_before & ~shows_cup)).all()
        v1 = said.videos.row_of("v1")
        assert v1 is not None
        off = replace(said, videos=said.videos.without(np.array([v1]), epoch=1)).gate.open(rows)
        assert (off == (open_before & np.array([row.video_id != "v1" for row in rows]))).all()

    def test_where_a_product_is_shown(self, engine: Engine) -> None:  # 1
        said, analyzer = engine.serving.said, engine.understanding.analyzer
        assert said is not None
        options = video_options(self.settings_of(Path("nowhere")))
        assert {moment.video_id for moment in moments_of(said, analyzer, "cup", 9, options)} == {"v1"}
        assert len(moments_of(said, analyzer, "cup", 1, options)) == 1
        assert moments_of(said, analyzer, "sock", 9, options) == ()

    def test_speech_that_fails_takes_no_product_along(
        self, engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:  # 7
        def late(*asked: object) -> None:
            raise DeadlineExceeded("too late", field="timeout_ms", hint="")

        monkeypatch.setattr("retrieval.videos.beside.evidence", late)
        page = engine.search(SearchRequest("保温杯", kinds=ALL))
        assert ([hit.id for hit in page.hits], page.videos) == (["cup"], ())
        assert page.degraded == ("moments",)

    def test_what_is_served_are_products(self, engine: Engine) -> None:  # 6
        """Shares of the catalogue are counted by it."""
        assert engine.status()["documents"] == 5
        assert engine.serving.reader.manifest.documents > 5

    def test_a_page_of_products_alone(self, engine: Engine) -> None:  # 4
        page = engine.search(SearchRequest("跑鞋"))
        assert (page.videos, page.blocks) == ((), ())

    def test_who_wants_to_watch_gets_videos_first(self, engine: Engine) -> None:  # 4
        page = engine.search(SearchRequest("跑鞋怎么选", kinds=ALL))
        assert page.blocks[0].kind is BlockKind.VIDEOS
        assert page.videos[0].id == "v2"
        assert {id for block in page.blocks if block.kind is BlockKind.VIDEOS for id in block.ids} == {
            c.id for c in page.videos
        }
        named = engine.search(SearchRequest("晋跑 跑鞋", kinds=ALL))
        assert [block.kind for block in named.blocks] == [BlockKind.PRODUCTS, BlockKind.VIDEOS]
        assert named.blocks[0].ids == tuple(hit.id for hit in named.hits)

    def test_kinds_choose_cards(self, engine: Engine) -> None:  # 4
        assert {card.kind for card in engine.search(SearchRequest("跑鞋", kinds=("product", "live"))).videos} == {
            "live"
        }
        with pytest.raises(InvalidRequest, match="kinds"):
            engine.search(SearchRequest("跑鞋", kinds=("product", "shop")))

    def test_other_pages(self, engine: Engine) -> None:  # 5
        first = engine.search(SearchRequest("保温杯 焖烧壶 跑鞋", kinds=ALL, size=1))
        assert first.next_cursor
        second = engine.search(SearchRequest("", cursor=first.next_cursor, kinds=ALL, size=1))
        assert (second.videos, second.blocks) == ((), ())
        alone = engine.search(SearchRequest("跑鞋怎么选", kinds=("video",)))
        assert (alone.hits, alone.next_cursor) == ((), None)
        assert [block.kind for block in alone.blocks] == [BlockKind.VIDEOS]

    def test_an_order_by_price_stays(self, engine: Engine) -> None:  # 2
        found = engine.search(SearchRequest("保温杯", sort=Sort.PRICE_ASC))
        assert [hit.id for hit in found.hits] == ["cup"]

    def test_cards_that_have_nothing_to_do_with_it(self, engine: Engine) -> None:  # 7
        assert engine.search(SearchRequest("挖掘机", kinds=ALL)).videos == ()
        cheap = SearchRequest("弹簧 马拉松", kinds=ALL, filters=Filters(price=(None, 100_00)))
        assert "l1" in {card.id for card in engine.search(replace(cheap, filters=Filters())).videos}
        assert "l1" not in {card.id for card in engine.search(cheap).videos}

    def test_without_videos(self, tmp_path: Path) -> None:  # 6
        settings = self.settings_of(tmp_path)
        spoken.build(tmp_path, settings, videos=False)
        engine = open_engine(settings)
        page = engine.search(SearchRequest("保温杯", kinds=ALL))
        assert [hit.id for hit in page.hits] == ["cup"]
        assert (page.hits[0].moments, page.videos, page.blocks) == ((), (), ())
        assert list(engine.serving.reader.manifest.collections) == ["product"]
        engine.close()
