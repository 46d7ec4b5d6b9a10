"""The demo mall as a whole.

1. The same seed gives the same bytes, also in another process with another hash seed and locale; another seed differs.
2. There is as much of everything as promised, and the summary says so.
3. A smaller scale makes a smaller mall in which every kind still has a product.
4. Every row is accepted by the readers that real feeds go through.
5. A scale out of range and a clock without a time zone are refused, naming the field.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from demo.generate import generate
from demo.vocabulary import Vocabulary
from indexer.sources.limits import Limits
from indexer.sources.readers import read_events, read_products, read_videos
from indexer.sources.rejects import RejectLog
from retrieval.errors import InputError
from tests.unit.demo.conftest import WrittenMall

FILES = {
    "products.jsonl",
    "videos.jsonl",
    "shoppers.jsonl",
    "events.jsonl",
    "recommended.json",
    "queries.tsv",
    "qrels",
    "personal.jsonl",
    "personal.qrels",
    "linked.jsonl",
    "evidence.jsonl",
    "guides.tsv",
    "guides.qrels",
}
SMALL = 0.05


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_same_seed_same_bytes_in_another_process(tmp_path: Path) -> None:
    generate(tmp_path / "here", scale=SMALL)
    script = f"from pathlib import Path; from demo.generate import generate; generate(Path('there'), scale={SMALL})"
    root = Path(__file__).parents[3]
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "12345",
        "LC_ALL": "C",
        "TZ": "America/Lima",
        "PYTHONPATH": str(root),
    }
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment, check=True)
    assert digests(tmp_path / "here") == digests(tmp_path / "there")
    assert set(digests(tmp_path / "here")) == FILES


def test_another_seed_differs_in_every_file(tmp_path: Path) -> None:
    generate(tmp_path / "one", seed=1, scale=SMALL)
    generate(tmp_path / "two", seed=2, scale=SMALL)
    one, two = digests(tmp_path / "one"), digests(tmp_path / "two")
    assert [name for name in FILES if one[name] == two[name]] == []


def test_counts(mall: WrittenMall) -> None:
    assert len(mall.products) >= 3_000
    assert len({row["category"] for row in mall.products}) >= 80
    assert len({row["category"].split("/")[0] for row in mall.products}) == 12
    assert sum(row["kind"] == "video" for row in mall.videos) == 400 + len({row["category"] for row in mall.products})
    assert sum(row["kind"] == "live" for row in mall.videos) == 16
    assert len(mall.shoppers) == 500
    assert len(mall.events) == 60_000
    assert len(mall.queries) == 200


def test_summary_counts_what_was_written(mall: WrittenMall) -> None:
    said = mall.summary
    assert said.folder == mall.folder
    assert said.products == len(mall.products)
    assert said.spus == len({row["spu_id"] for row in mall.products})
    assert said.categories == len({row["category"] for row in mall.products})
    assert said.shops == len({row["shop"]["id"] for row in mall.products})
    assert said.videos + said.guides + said.livestreams == len(mall.videos)
    assert (said.shoppers, said.events) == (len(mall.shoppers), len(mall.events))
    assert (said.queries, said.judgments) == (len(mall.queries), len(mall.qrels))


def test_small_mall_keeps_every_kind(tmp_path: Path, vocabulary: Vocabulary) -> None:
    summary = generate(tmp_path, scale=SMALL)
    kinds = sum(len(category.kinds) for department in vocabulary.departments for category in department.categories)
    assert summary.spus == kinds
    assert (summary.videos, summary.shoppers, summary.events) == (400 * SMALL, 500 * SMALL, 60_000 * SMALL)


def test_readers_accept_every_row(mall: WrittenMall, tmp_path: Path) -> None:
    with RejectLog(tmp_path / "rejects.jsonl") as rejects:
        products = list(read_products([mall.folder / "products.jsonl"], limits=Limits(), rejects=rejects))
        videos = list(read_videos([mall.folder / "videos.jsonl"], limits=Limits(), rejects=rejects))
        events = list(read_events([mall.folder / "events.jsonl"], limits=Limits(), rejects=rejects))
    assert dict(rejects.counts) == {}
    assert [len(products), len(videos), len(events)] == [len(mall.products), len(mall.videos), len(mall.events)]


def test_feed_has_the_gaps_of_a_real_one(mall: WrittenMall) -> None:
    fields = set().union(*mall.products)
    for field in ("description", "brand", "list_price", "rating", "complaint_rate"):
        missing = sum(row.get(field) is None for row in mall.products)
        assert 0 < missing < len(mall.products), field
    assert all(set(row) >= {"id", "title", "category", "price", "spu_id", "status"} for row in mall.products)
    assert len(fields) == 21


def test_files_are_plain_utf8_json(mall: WrittenMall) -> None:
    raw = (mall.folder / "products.jsonl").read_bytes()
    assert raw.endswith(b"}\n")
    assert b"\r" not in raw
    assert b"\\u" not in raw
    assert json.loads(raw.split(b"\n", 1)[0])["title"] == mall.products[0]["title"]


@pytest.mark.parametrize("scale", [0.0, -1.0, 1e6, float("nan")])
def test_scale_out_of_range(tmp_path: Path, scale: float) -> None:
    with pytest.raises(InputError) as raised:
        generate(tmp_path / "out", scale=scale)
    assert raised.value.field == "scale"
    assert not (tmp_path / "out").exists()


def test_naive_clock(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        generate(tmp_path / "out", now=datetime(2026, 1, 1))
    assert raised.value.field == "now"


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("taken", "utf-8")
    with pytest.raises(InputError, match="cannot write"):
        generate(tmp_path / "out", scale=0.01)
