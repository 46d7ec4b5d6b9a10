"""Videos: how long hours of speech take on their way into the index, and in how much memory.

reading    records from JSONL, checked
moments    cleaned and cut, too
links      and linked, too, to the demo mall's products; these three on one core
rebuild    the whole way with the demo mall's products, words only; first without the videos, whose seconds then are
           taken off

The speech is that of the demo mall, made in parts with a seed each, so that one part stands in memory at a time. Each
row is a process of its own, so that its peak memory is its own.

python -m benchmarks.moments [--hours 1000] [--only reading]
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import orjson

from benchmarks.rebuild import run_rebuild
from benchmarks.table import print_rows
from configs.settings import DEFAULTS
from demo.generate import NOW, SEED
from demo.products import make_products
from demo.records import product_row, video_row
from demo.shops import ShopBook
from demo.spus import make_spus
from demo.told import told
from demo.videos import make_videos
from demo.vocabulary import load_vocabulary
from indexer.sources.limits import Limits
from indexer.sources.readers import read_products, read_videos
from indexer.sources.records import Video
from indexer.sources.rejects import RejectLog
from indexer.videos.clean import Cleaner
from indexer.videos.cut import Cutter
from indexer.videos.links.linker import Linker
from indexer.videos.links.shelf import Shelf
from indexer.videos.links.weights import load_weights
from indexer.videos.phrases import load_phrases

STAGES = ("reading", "moments", "links", "rebuild")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=1000.0, help="of speech, in short videos and livestreams")
    parser.add_argument("--only", choices=STAGES, action="append")
    parser.add_argument("--set", dest="overrides", action="append", default=["encoder.name=none"])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print_rows(measure(Path(folder), given.hours, given.only or STAGES, given.overrides))


def measure(folder: Path, hours: float, wanted: Sequence[str], overrides: list[str]) -> list[dict[str, Any]]:
    """One row a stage."""
    products, videos = folder / "products.jsonl", folder / "videos.jsonl"
    rows = [_alone("made", write_mall, products, videos, hours)]
    if "reading" in wanted:
        rows.append(_alone("reading", read, videos))
    if "moments" in wanted:
        rows.append(_alone("moments", cut, videos))
    if "links" in wanted:
        rows.append(_alone("links", link, products, videos))
    if "rebuild" in wanted:
        rows.append(run_rebuild("rebuild without", products, folder / "without", overrides))
        rows.append(run_rebuild("rebuild", products, folder / "with", overrides, videos))
    without = next((row for row in rows if row["what"] == "rebuild without"), {})
    for row in (row for row in rows[1:] if row is not without):
        for clock in ("seconds", "CPU s"):
            spent = row[clock] - (without[clock] if row["what"] == "rebuild" else 0.0)
            row[f"{clock}, 1,000 h"] = round(spent * 1000 / rows[0]["hours"])
    return rows


def write_mall(products: Path, videos: Path, hours: float) -> dict[str, Any]:
    """Writes the demo mall's products, and videos about them with so many hours of speech or a little more."""
    vocabulary = load_vocabulary()
    spus = make_spus(vocabulary, ShopBook(SEED, vocabulary.shop_words), seed=SEED, scale=1.0, now=NOW)
    shelf = make_products(spus, seed=SEED, now=NOW)
    products.write_bytes(b"".join(orjson.dumps(product_row(each, seed=SEED)) + b"\n" for each in shelf))
    made, written = 0.0, 0
    with videos.open("wb") as file:
        for part in count():
            batch = make_videos(vocabulary, shelf, seed=SEED + part, scale=1.0, now=NOW)
            named = told(batch, shelf, seed=SEED + part)
            for video in batch:
                file.write(orjson.dumps(video_row(video, named[video.id]) | {"id": f"{part}-{video.id}"}) + b"\n")
                made, written = made + video.seconds / 3600, written + 1
                if made >= hours:
                    return {"hours": round(made, 1), "videos": written}
    raise AssertionError("there is always another part")


def read(videos: Path) -> dict[str, Any]:
    """Reads the videos."""
    return {"segments": sum(len(video.segments) for video in _read(videos))}


def cut(videos: Path) -> dict[str, Any]:
    """Reads, cleans and cuts them."""
    phrases = load_phrases(DEFAULTS.parent / "videos")
    cleaner, cutter = Cleaner(phrases), Cutter(phrases)
    return {"moments": sum(len(cutter.cut(cleaner.cleaned(video.segments))) for video in _read(videos))}


def link(products: Path, videos: Path) -> dict[str, Any]:
    """Reads, cleans, cuts and links them."""
    shelf = Shelf()
    for product in read_products([products], limits=Limits(), rejects=RejectLog()):
        shelf.add(product)
    shelf.finish()
    phrases = load_phrases(DEFAULTS.parent / "videos")
    cleaner, cutter, linker = Cleaner(phrases), Cutter(phrases), Linker(shelf, load_weights())
    links = 0
    for video in _read(videos):
        said = cleaner.cleaned(video.segments)
        cutter.cut(said)
        given = [
            (each.product_id, each.start, each.end)
            for each in video.products
            if each.start is not None and each.end is not None
        ]
        links += len(linker.link(said, [each.product_id for each in video.products] or None, given))
    return {"links": links}


def _read(videos: Path) -> Iterator[Video]:
    return read_videos([videos], limits=Limits(), rejects=RejectLog())


def _alone(what: str, stage: Callable[..., dict[str, Any]], *arguments: object) -> dict[str, Any]:
    """What a stage counted, its seconds and its peak memory, in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return {"what": what} | pool.submit(_timed, stage, arguments).result()


def _timed(stage: Callable[..., dict[str, Any]], arguments: tuple[object, ...]) -> dict[str, Any]:
    started, busy = time.perf_counter(), time.process_time()
    counted = stage(*arguments)
    seconds, busy = (round(each, 1) for each in (time.perf_counter() - started, time.process_time() - busy))
    return counted | {
        "seconds": seconds,
        "CPU s": busy,
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    main()
