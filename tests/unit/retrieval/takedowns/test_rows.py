"""Which rows stand taken down, in a small shop with videos:

1. Each kind of take-down hits what it names and nothing else, of products, videos and moments.
2. A generation whose documents carry no marks gives the same rows.
3. What is written later is gone where it falls under something that stands, whenever that was said; a row that is gone
   for another reason is counted all the same.
4. Each take-down is looked up once, and each later row is read once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import orjson
import pytest

from retrieval.protocols import GenerationReader, IndexReader
from retrieval.schema import MOMENT, PRODUCT, VIDEO
from retrieval.takedowns.rows import GoneRows
from retrieval.takedowns.standing import Standing
from retrieval.takedowns.takedown import Kind, TakeDown
from retrieval.types import Filters, IntArray
from retrieval.wiring.places import make_backend
from tests import spoken, world
from tests.world import Row

EACH: Mapping[str, tuple[TakeDown, str, str, str]] = {
    "product": (TakeDown(Kind.PRODUCT, "cup"), "cup", "", ""),
    "spu": (TakeDown(Kind.SPU, "u1"), "cup pot", "", ""),
    "shop by id": (TakeDown(Kind.SHOP, "s1"), "cup sock", "", ""),
    "shop by name": (TakeDown(Kind.SHOP, "竹间小店"), "sock", "", ""),
    "brand in another form": (TakeDown(Kind.BRAND, "ＪＩＮＲＵＮ"), "shoe", "", ""),
    "brand in pieces": (TakeDown(Kind.BRAND, "Jin  Run"), "shoe", "", ""),
    "brand of several names": (TakeDown(Kind.BRAND, "晋 跑（没有）"), "shoe", "", ""),
    "brand that is none": (TakeDown(Kind.BRAND, "保温杯"), "", "", ""),
    "video": (TakeDown(Kind.VIDEO, "v1"), "", "v1", "v1"),
    "creator by id": (TakeDown(Kind.CREATOR, "c2"), "", "v2 l1", ""),
    "creator by name": (TakeDown(Kind.CREATOR, "小周"), "", "v1", ""),
    "word of titles": (TakeDown(Kind.WORD, "保温"), "cup", "", "v1"),
    "word of a video": (TakeDown(Kind.WORD, "好物"), "", "v3", "v3"),
    "word in latin letters": (TakeDown(Kind.WORD, "500ML"), "cup", "", ""),
    "half a latin word": (TakeDown(Kind.WORD, "00ml"), "", "", ""),
    "query": (TakeDown(Kind.QUERY, "保温杯"), "", "", ""),
    "nobody's": (TakeDown(Kind.SHOP, "s9"), "", "", ""),
}
"""What is taken down → products, videos, and videos of moments that go."""

MORE: Mapping[str, Row] = {
    "cup": {"spu_id": "u1", "shop": {"id": "s1", "name": "希禾旗舰店"}},
    "pot": {"spu_id": "u1", "shop": {"name": "山风店"}},
    "sock": {"shop": {"id": "s1", "name": "竹间小店"}},
    "shoe": {"brand": "晋跑/JinRun"},
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GenerationReader]:
    data = tmp_path_factory.mktemp("shop")
    settings = world.settings(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spoken, "PRODUCTS", [{**row, **MORE.get(row["id"], {})} for row in spoken.PRODUCTS])
        spoken.build(data, settings)
    backend = make_backend(settings)
    opened = backend.open(str(backend.current()))
    yield opened
    opened.close()


def standing(*takedowns: TakeDown, position: int = 1) -> Standing:
    return Standing(position, {each.target: each for each in takedowns})


def named(reader: IndexReader, rows: IntArray, name: str = "id") -> set[str]:
    return {orjson.loads(source)[name] for source in reader.sources(rows)}


@pytest.mark.parametrize("takedown", EACH.values(), ids=EACH)
@pytest.mark.parametrize("marked", [True, False])
def test_each_kind(shop: GenerationReader, takedown: tuple[TakeDown, str, str, str], marked: bool) -> None:  # 1, 2
    said, *expected = takedown
    found = []
    for kind, name in ((PRODUCT.kind, "id"), (VIDEO.kind, "id"), (MOMENT.kind, "video_id")):
        reader = shop.collection(kind)
        built = reader if marked else Unmarked(reader).reader
        rows = GoneRows().of(kind, built, built, standing(said))
        assert np.array_equal(rows, np.unique(rows))
        found.append(named(reader, rows, name))
    assert found == [set(ids.split()) for ids in expected]


def test_marks_are_in_the_index(shop: GenerationReader) -> None:  # 2
    assert shop.manifest.collections[PRODUCT.kind].marked
    with pytest.raises(AssertionError, match="no marks"):
        Unmarked(shop.collection(PRODUCT.kind)).rows_passing(Filters({"marks": ("shop:s1",)}))


def test_what_is_written_later(shop: GenerationReader) -> None:  # 3
    built, gone = shop.collection(PRODUCT.kind), GoneRows()
    wholly = standing(TakeDown(Kind.SHOP, "s1"), TakeDown(Kind.WORD, "杯"), TakeDown(Kind.PRODUCT, "new"))
    first = gone.of(PRODUCT.kind, built, built, wholly)
    assert named(built, first) == {"cup", "sock"}
    tail = Later(built, [
        {"id": "x", "title": "不相干", "shop": {"id": "s2"}}, {"id": "y", "title": "水杯"},
        {"id": "new", "title": "新"}, {"id": "z", "title": "袜子", "shop": "s1"},
    ])  # fmt: skip
    assert set(gone.of(PRODUCT.kind, built, tail.up_to(2), wholly)) == {*first, 6}
    assert set(gone.of(PRODUCT.kind, built, tail.up_to(4), wholly)) == {*first, 6, 7, 8}
    brand = standing(TakeDown(Kind.SPU, "u7"), TakeDown(Kind.WORD, "不相干"), position=2)
    assert set(gone.of(PRODUCT.kind, built, tail.up_to(4), brand)) == {5}
    assert set(gone.of(PRODUCT.kind, built, tail.up_to(1), wholly)) == set(first)
    assert tail.read == [5, 6, 7, 8]  # 4


def test_each_is_looked_up_once(shop: GenerationReader) -> None:  # 4
    built, gone = Unmarked(shop.collection(PRODUCT.kind), marked=True), GoneRows()
    one, two = TakeDown(Kind.SHOP, "s1"), TakeDown(Kind.SPU, "u1")
    for position in (1, 2):
        gone.of(PRODUCT.kind, built.reader, built.reader, standing(one, position=position))
    assert named(built.reader, gone.of(PRODUCT.kind, built.reader, built.reader, standing(one, two, position=3))) == {
        "cup", "pot", "sock",
    }  # fmt: skip
    assert built.asked == [("shop:s1",), ("spu:u1",)]
    assert named(built.reader, gone.again(PRODUCT.kind, built.reader, standing(two, position=4))) == {"cup", "pot"}


class Unmarked:
    """A reader of an older generation; with `marked` it only tells what it was asked."""

    def __init__(self, reader: IndexReader, *, marked: bool = False) -> None:
        self._reader, self._marked, self.asked = reader, marked, list[tuple[str, ...]]()
        collections = {k: replace(c, marked=marked) for k, c in reader.manifest.collections.items()}
        self.manifest = SimpleNamespace(generation=reader.manifest.generation, collections=collections)

    @property
    def reader(self) -> IndexReader:
        return cast(IndexReader, self)

    def rows_passing(self, filters: Filters) -> IntArray:
        if marks := filters.keywords.get("marks"):
            assert self._marked, "there are no marks"
            self.asked.append(tuple(marks))
        return self._reader.rows_passing(filters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)


class Later:
    """A generation and records behind it; it notes which rows are read."""

    def __init__(self, built: IndexReader, records: list[dict[str, Any]]) -> None:
        self._built, self._records, self.read = built, records, list[int]()
        self.rows, self.manifest = built.rows, built.manifest

    def up_to(self, count: int) -> IndexReader:
        other = Later(self._built, self._records)
        other.read, other.rows = self.read, self._built.rows + count
        return cast(IndexReader, other)

    def sources(self, rows: IntArray) -> list[bytes]:
        self.read += rows.tolist()
        return [orjson.dumps(self._records[row - self._built.rows]) for row in rows.tolist()]


def test_step_by_step_as_at_once(shop: GenerationReader) -> None:  # 3, 4
    built, gone, rng = shop.collection(PRODUCT.kind), GoneRows(), np.random.default_rng(4)
    tail = Later(built, [{"id": f"n{n}", "title": f"水{'杯' * (n % 2)}{n}", "shop": f"s{n % 3}"} for n in range(8)])
    every = [TakeDown(Kind.SHOP, "s1"), TakeDown(Kind.WORD, "杯"), TakeDown(Kind.PRODUCT, "n3"), EACH["spu"][0],
             TakeDown(Kind.PRODUCT, "pot"), TakeDown(Kind.SHOP, "s2"), TakeDown(Kind.WORD, "水0")]  # fmt: skip
    stood = {position: [each for each in every if rng.random() < 0.5] for position in range(1, 30)}
    for position in (*range(1, 30), 3, 29, 7, 28):
        now, what = tail.up_to(min(8, position // 3)), standing(*stood[position], position=position)
        afresh = GoneRows().of(PRODUCT.kind, built, now, what).tolist()
        assert gone.of(PRODUCT.kind, built, now, what).tolist() == afresh
        assert gone.hit(PRODUCT.kind, now, stood[position]).tolist() == afresh
