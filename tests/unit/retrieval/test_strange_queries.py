"""What an engine answers to queries that ask for nothing, or are no proper text:

1. Empty and punctuation-only queries have a defined empty answer: no hits, a total of exactly 0, match ``none``, no
   next page; also under a filter, in every order and with facets.
2. Single characters, other scripts, widths and units find what they name.
3. Lone surrogates, control characters and very long queries are answered, and their next page can be asked for.
4. A cursor whose generation is unknown has expired, whatever it is called; a damaged one is an InvalidRequest.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from configs.settings import load_settings
from retrieval.answer import Total
from retrieval.cursor import encode_cursor
from retrieval.encoders import open_encoder
from retrieval.engine import Engine
from retrieval.errors import CursorExpired, InvalidRequest
from retrieval.fusion.fusers import make_fuser
from retrieval.request import ListRequest, PageRequest, SearchRequest
from retrieval.serving.understandings import words_only
from retrieval.snapshot import Snapshot
from retrieval.types import Filters, Sort
from retrieval.wiring.options import engine_options
from tests.title_index import build_backend, built_in_analyzer, read_titles, title_documents

EMPTY = ["", " ", "\t\n", "\u3000", "！？。…", "-", "+-/_.%&#", "🌸💕", "\u200b", "\ud800", "\x00"]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("texts")
    analyzer = built_in_analyzer()
    encoder = open_encoder("hashing", options={}, cache_dir=folder, threads=1)
    backend = build_backend(folder / "data", title_documents(read_titles()), analyzer, encoder)
    fuser = make_fuser("weighted", weights={"lexical": 1.0, "semantic": 0.2}, k=60)
    engine = Engine(backend, encoder, fuser, engine_options(load_settings()), words_only(analyzer))
    yield engine
    engine.close()


def titles(engine: Engine, query: str, size: int = 20) -> list[str]:
    return [hit.source["title"] for hit in engine.search(SearchRequest(query, size=size)).hits]


@pytest.mark.parametrize("filters", [Filters(), Filters({"labels": ("1",)})], ids=["all", "filtered"])
@pytest.mark.parametrize("sort", [Sort.RELEVANCE, Sort.SALES])
def test_nothing_asked(engine: Engine, filters: Filters, sort: Sort) -> None:
    for query in EMPTY:
        answer = engine.search(SearchRequest(query, filters, sort, facets=("labels", "price"), explain=True))
        assert answer.hits == ()
        assert answer.total == Total(0, "eq")
        assert (answer.query.match, answer.query.tokens) == ("none", ())
        assert answer.facets == {"labels": (), "price": ()}
        assert answer.next_cursor is None
        assert answer.degraded == ()


@pytest.mark.parametrize("character", ["花", "包", "杯", "茶"])
def test_one_character(engine: Engine, character: str) -> None:
    holders = {title for title in read_titles() if character in title}
    found = engine.search(SearchRequest(character, size=100, channels=("lexical",)))
    assert found.query.tokens == (character,)
    assert found.hits
    assert {hit.source["title"] for hit in found.hits} <= holders


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("24口", "交换机24口千兆机架式 TL-SG1024DT 非网管"),
        ("0.5升 玻璃杯", "玻璃杯带盖耐热高硼硅泡茶杯 0.5L 两只装"),
        ("500毫升 玻璃杯", "玻璃杯带盖耐热高硼硅泡茶杯 0.5L 两只装"),
        ("ccc100n2h3", "游戏手柄 PC/Steam/Switch 霍尔摇杆 ccc100-n2-h3"),
        ("尼康z62", "单反镜头 尼康 Z62 24-70mm f/4 S 套机"),
        ("智能指纹锁", "門鎖智能指紋鎖家用防盜門電子鎖"),
        ("電飯煲", "电饭煲4L智能预约IH加热柴火饭 F-40FY18"),
        ("ＵＳＢ分线器", "ＵＳＢ３．０分线器 四口 １．２米"),
        ("iphone 15 pro max 手机壳", "手机壳iPhone 15 Pro Max磁吸透明防摔 MagSafe"),
        ("T恤 logo", "定制T恤印logo工作服 班服 文化衫"),
    ],
)
def test_what_is_named_comes_first(engine: Engine, query: str, title: str) -> None:
    assert title in titles(engine, query, size=3)


@pytest.mark.parametrize("query", ["家用\ud800", "\x00家用", "家用" * 5_000, "家用 " + "🌸" * 300])
def test_no_proper_text(engine: Engine, query: str) -> None:
    first = engine.search(SearchRequest(query, size=2))
    assert len(first.hits) == 2
    second = engine.search(SearchRequest("", size=2, cursor=first.next_cursor))
    assert [hit.rank for hit in second.hits] == [3, 4]
    assert (second.query, second.total) == (first.query, first.total)
    first.query.text.encode("utf-8")


@pytest.mark.parametrize("generation", ["", ".", "..", "../x", "a/b", "g1", "\x00", "g" * 64, "\u202e"])
def test_a_cursor_of_an_unknown_generation(engine: Engine, generation: str) -> None:
    cursor = encode_cursor(PageRequest(Snapshot(generation), ListRequest("家用", channels=("lexical",))))
    with pytest.raises(CursorExpired):
        engine.search(SearchRequest("", cursor=cursor))


def test_a_damaged_cursor(engine: Engine) -> None:
    name = engine.generation or ""
    for cursor in ("x", encode_cursor(PageRequest(Snapshot(name * 9), ListRequest("")))):
        with pytest.raises(InvalidRequest):
            engine.search(SearchRequest("家用", cursor=cursor))
