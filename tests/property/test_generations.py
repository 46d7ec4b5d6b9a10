"""An engine and the generations it meets.

1. A cursor goes on in its own generation: after the next one is published, after its reader was closed, and as long as
   a reader is open even after its deletion; after that it is expired, with a hint.
2. A generation that cannot be served (damaged, other encoder, other analyzer) is refused, and the old one goes on.
3. While five generations are switched in under eight searching threads, nothing fails and no answer mixes two.
4. Before the first generation an engine is not ready; it takes the first one up without being opened again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from retrieval.answer import Product, SearchResponse
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.engine import Engine
from retrieval.errors import CursorExpired, GenerationError, NotReady
from retrieval.request import SearchRequest
from retrieval.wiring import make_stages, make_understanding
from retrieval.wiring.options import engine_options, make_fuser_of
from retrieval.wiring.places import make_backend
from tests import world

KEPT_OPEN = 3
PAUSE_S = 0.005


def marked(marker: int, count: int = 60) -> list[world.Row]:
    """The mall with the number of its generation in every id, brand and title."""
    return [
        {**row, "id": f"{marker}:{row['id']}", "brand": f"牌{marker}", "title": f"{row['title']} 第{marker}代"}
        for row in world.products(count)
    ]


def open_engine(folder: Path, *overrides: str) -> Engine:
    settings = world.settings(folder, *overrides)
    return Engine(
        make_backend(settings), world.encoder_of(settings), make_fuser_of(settings),
        engine_options(settings), make_understanding(settings), make_stages(settings),
    )  # fmt: skip


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    world.publish(tmp_path, marked(1))
    engine = open_engine(tmp_path)
    yield engine
    engine.close()


def marker_of(answer: SearchResponse) -> str:
    """The one marker of all that an answer shows."""
    markers = {hit.id.split(":")[0] for hit in answer.hits}
    markers |= {value.value.removeprefix("牌") for value in answer.facets.get("brand", ())}
    assert len(markers) == 1, markers
    return markers.pop()


def test_a_cursor_goes_on_in_its_generation(engine: Engine, tmp_path: Path) -> None:  # 1
    asked = SearchRequest("白色 保温杯", size=5, facets=("brand",))
    first = engine.search(asked)
    rest = engine.search(SearchRequest("", cursor=first.next_cursor, size=1000))
    assert [hit.rank for hit in rest.hits] == list(range(6, first.total.value + first.near + 1))
    for marker in range(2, 3 + KEPT_OPEN):
        world.publish(tmp_path, marked(marker))
        assert engine.refresh()
        assert not engine.refresh()
        assert marker_of(engine.search(asked)) == str(marker)
        # At the end the reader of the first generation was closed and is opened again.
        resumed = engine.search(SearchRequest("", cursor=first.next_cursor, size=1000))
        assert (resumed.hits, resumed.total, resumed.generation) == (rest.hits, rest.total, first.generation)
        assert marker_of(resumed) == "1"
    backend = EmbeddedBackend(tmp_path)
    backend.delete(first.generation)
    assert engine.search(SearchRequest("", cursor=first.next_cursor, size=1000)).hits == rest.hits
    for marker in range(9, 9 + KEPT_OPEN):  # by then others were asked for later than what was opened for the cursor
        world.publish(tmp_path, marked(marker))
        engine.refresh()
    with pytest.raises(CursorExpired, match=first.generation) as expired:
        engine.search(SearchRequest("", cursor=first.next_cursor))
    assert (expired.value.field, expired.value.hint) == ("cursor", "search again")


def test_a_generation_that_cannot_be_served(
    engine: Engine, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:  # 2
    serving = engine.generation
    damaged = str(world.publish(tmp_path, marked(2)).generation)
    (tmp_path / "generations" / damaged / "product" / "lexical" / "meta.json").write_bytes(b"{")
    with pytest.raises(GenerationError, match=damaged):
        engine.refresh()
    assert marker_of(engine.search(SearchRequest("保温杯"))) == "1"
    assert engine.generation == serving
    world.publish(tmp_path, marked(3))
    assert engine.refresh()
    assert marker_of(engine.search(SearchRequest("保温杯"))) == "3"
    with pytest.raises(GenerationError, match="built with encoder hashing-v1-32, this is hashing-v1-64") as refused:
        open_engine(tmp_path, "encoder.options={dim: 64}")
    assert "encoder.name" in str(refused.value.hint)
    lexicon = tmp_path_factory.mktemp("lexicon")
    (lexicon / "user_words.txt").write_text("第三代\n", encoding="utf-8")
    # A generation keeps the words that it was cut with, so other ones do not make it unreadable.
    other = open_engine(tmp_path, f"analysis.lexicon_dir={lexicon}")
    assert marker_of(other.search(SearchRequest("保温杯"))) == "3"
    other.close()


@pytest.mark.slow
def test_switching_under_load(engine: Engine, tmp_path: Path) -> None:  # 3
    done, failures, seen = Event(), list[BaseException](), set[tuple[str, str]]()
    queries = [row["title"][:6] for row in world.products(40)]

    def shop(turn: int) -> None:
        try:
            while not done.wait(PAUSE_S):
                turn += 1
                answer = engine.search(SearchRequest(queries[turn % 40], size=7, facets=("brand",), explain=True))
                while True:
                    seen.add((answer.generation, marker_of(answer)))
                    if not answer.next_cursor or turn % 3:
                        break
                    answer = engine.search(SearchRequest("", cursor=answer.next_cursor, size=60))
        except BaseException as failure:  # a thread's failure must reach the test
            failures.append(failure)

    threads = [Thread(target=shop, args=(turn,)) for turn in range(8)]
    for thread in threads:
        thread.start()
    expected = {(str(engine.generation), "1")}
    for marker in range(2, 7):
        expected.add((str(world.publish(tmp_path, marked(marker)).generation), str(marker)))
        assert engine.refresh()
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert seen <= expected
    assert len(seen) >= 3  # they did search while the switches happened


def test_before_the_first_generation(tmp_path: Path) -> None:  # 4
    engine = open_engine(tmp_path)
    assert (engine.generation, engine.status()) == (None, {"generation": None})
    for call in (lambda: engine.search(SearchRequest("保温杯")), lambda: engine.product("p1")):
        with pytest.raises(NotReady) as early:
            call()
        assert "xunhuo rebuild" in str(early.value.hint)
    assert not engine.refresh()
    world.publish(tmp_path, marked(1))
    assert engine.refresh()
    answer = engine.search(SearchRequest("保温杯"))
    assert marker_of(answer) == "1"
    assert engine.product(answer.hits[0].id) == Product(answer.generation, answer.hits[0].source)
    assert engine.status()["documents"] == 60
    engine.close()
