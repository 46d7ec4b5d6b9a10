"""Channels:

1. The tree has what is in stock and not sensitive, most demand first, two levels deep; as many as there are.
2. The page of a category has the way from the root, what is below it, counts over all that passes, and its own feed.
3. What is sensitive has its page where it was chosen; what is sold out has an empty one.
4. There is no page of what is not there: the error says what was meant.
5. What the crowd liked counts beside what was sold.
6. However many rows are counted, the counts are those of one count.
7. What came, went or was taken down since is counted at once, and what is kept is not that of another snapshot.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import NotFound
from retrieval.mall import counting
from retrieval.mall.answer import FeedRequest
from retrieval.mall.channels import Channels
from retrieval.mall.mall import Mall
from retrieval.mall.pages import Channel, ChannelsAnswer
from retrieval.types import EVERYTHING
from tests import world
from tests.unit.retrieval.mall.kiosk import ROWS, forbids
from tests.unit.retrieval.mall.shop import NOW, did, open_mall


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kiosk")
    world.publish(folder, ROWS)
    return folder


@pytest.fixture(scope="module")
def mall(data_dir: Path) -> Mall:
    return open_mall(data_dir, forbids=forbids, explore=0.0)


def page(mall: Mall, category: str = "") -> ChannelsAnswer:
    return mall.channels(FeedRequest(category=category, now=NOW))


def counts(channels: tuple[Channel, ...]) -> list[tuple[str, int]]:
    return [(each.category, each.count) for each in channels]


def test_the_tree(mall: Mall) -> None:  # 1
    found = page(mall)
    assert counts(found.channels) == [("厨具", 4), ("茶", 1), ("女装", 3)]
    assert counts(found.channels[0].channels) == [("厨具/锅", 2), ("厨具/杯", 2)]
    assert (found.counted.total, found.counted.facets, found.feed, found.path) == (8, {}, None, ())


def test_a_page(mall: Mall) -> None:  # 2
    found = page(mall, " 厨具 / 杯/")
    assert (found.category, found.path, found.channels) == ("厨具/杯", ("厨具", "厨具/杯"), ())
    assert found.counted.total == 2
    assert [(one.value, one.count) for one in found.counted.facets["brand"]] == [("恒温", 2)]
    assert tuple(found.counted.facets) == counting.FACETS
    assert found.feed is not None
    assert {hit.id for hit in found.feed.hits} == {"cup1", "cup2"}
    assert counts(page(mall, "厨具").channels) == [("厨具/锅", 2), ("厨具/杯", 2)]
    small = mall.channels(FeedRequest(category="厨具", size=1, now=NOW)).feed
    assert small is not None
    rest = mall.feed(FeedRequest(cursor=small.next_cursor, now=NOW))
    assert {hit.id for hit in (*small.hits, *rest.hits)} == {"cup1", "cup2", "pot1", "pot2"}


def test_chosen_and_sold_out(mall: Mall) -> None:  # 3
    chosen, empty = page(mall, "成人"), page(mall, "家具")
    assert chosen.feed is not None
    assert empty.feed is not None
    assert (chosen.counted.total, [hit.id for hit in chosen.feed.hits]) == (1, ["adult1"])
    assert (empty.counted.total, empty.feed.hits, empty.channels) == (0, (), ())


@pytest.mark.parametrize(
    ("category", "hint"),
    [
        ("裙", "Did you mean 女装/裙?"),
        ("女装/裙子", "Did you mean 女装/裙?"),
        ("数码", "GET /v1/mall/channels"),
        ("成", "GET"),
    ],
)
def test_not_there(mall: Mall, category: str, hint: str) -> None:  # 4
    with pytest.raises(NotFound, match=category) as told:
        page(mall, category)
    assert told.value.field == "category"
    assert str(told.value.hint).startswith(hint)


def test_the_crowd(data_dir: Path) -> None:  # 5
    crowd = [did(1, f"u{k}", f"dress{n}") for k in range(50) for n in (1, 2, 3)]
    found = page(open_mall(data_dir, events=crowd, forbids=forbids))
    assert [each.category for each in found.channels] == ["厨具", "女装", "茶"]


def test_many(mall: Mall, monkeypatch: pytest.MonkeyPatch) -> None:  # 6
    reader = mall._generations.serving.reader
    rows, names = reader.rows_passing(EVERYTHING), ("category", "price", "brand")
    whole = counting.counted(reader, names, rows)
    monkeypatch.setattr(counting, "_AT_ONCE", 2)
    assert {name: set(values) for name, values in counting.counted(reader, names, rows).items()} == {
        name: set(values) for name, values in whole.items()
    }
    assert counting.counted(reader, ("price",), rows)["price"] == whole["price"]


def test_another_snapshot(mall: Mall) -> None:  # 7
    reader, channels = mall._generations.serving.reader, Channels(mall._options.facets)
    place = mall._place(reader)
    assert channels.hall(reader, place, "厨具").counted.total == 4
    later = reader.without(np.array([reader.row_of("cup1")]), epoch=1)
    assert channels.hall(later, place, "厨具").counted.total == 3
