"""Suggestions over a million entries: how long a keystroke takes, how large the table is, and how soon it is made.

Entries are made of three words, drawn from a few thousand, asked as often as Zipf's law has it; each is typed in
characters, in full pinyin, by initials, and with a slip. A keystroke is what `GET /v1/suggest` does besides HTTP.

python -m benchmarks.suggest [--entries 1000000] [--typed 2000]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.table import print_rows
from retrieval.analysis.segment import open_segmenter
from retrieval.protocols import IndexReader
from retrieval.suggest.choose import LOOKED_AT, Weights, fitting, listed, ranked
from retrieval.suggest.entry import Entry, Kind
from retrieval.suggest.keys import INITIALS, PINYIN, Keys
from retrieval.suggest.shopper import NOBODY
from retrieval.suggest.table import Table
from retrieval.types import Filters, IntArray
from retrieval.understanding.spelling.pinyin import Readings, spellings

ROWS = 1_000_000
STYLES = "法式 复古 简约 加厚 便携 儿童 男士 女士 中老年 学生 家用 户外 车载 办公 智能 迷你 大号 透明 防水 静音 日系"
COLOURS = "红色 白色 黑色 蓝色 绿色 粉色 灰色 米色 棕色 紫色 银色 金色 纯棉 真丝 羊毛 不锈钢 玻璃 陶瓷 实木 硅胶 亚麻"
THINGS = (
    "保温杯 连衣裙 手机壳 充电宝 蓝牙耳机 运动鞋 双肩包 四件套 电饭煲 台灯 书桌 洗面奶 口红 面膜 奶瓶 帐篷 雨伞 行李箱"
)


class Shelf:
    """A reader of a million documents that are all there."""

    rows = ROWS

    def passing(self, filters: Filters, rows: IntArray) -> IntArray:
        return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--typed", type=int, default=2_000)
    given = parser.parse_args()
    keys, started = Keys(open_segmenter("auto", ()).cut, spellings), time.perf_counter()
    made = Table.of(_entries(given.entries), keys, Readings.general())
    stored = made.to_bytes()
    seconds = time.perf_counter() - started
    with TemporaryDirectory() as folder:
        file = Path(folder) / "suggest"
        file.write_bytes(stored)
        table = Table.from_bytes(np.memmap(file, np.uint8, "r").data)
        print_rows(
            [{"entries": len(made), "keys": len(made.keys.ends), "MB": len(stored) // 10**6, "s": round(seconds)}]
        )
        print_rows([{"typed": name, **_times(table, typed)} for name, typed in _typed(table, keys, given.typed)])


def _entries(count: int) -> Iterator[Entry]:
    rng = np.random.default_rng(1)
    words = [words.split() for words in (STYLES, COLOURS, THINGS)]
    for number in range(count):
        rest, thing = divmod(number, len(words[2]))
        rest, colour = divmod(rest, len(words[1]))
        rest, style = divmod(rest, len(words[0]))
        text = f"{words[0][style]}{words[1][colour]}{words[2][thing]}{rest or ''}"
        yield Entry(text, Kind.QUERY, float(rng.zipf(1.6)), 0.9, 9, tuple(rng.integers(0, ROWS, 4).tolist()))


def _typed(table: Table, keys: Keys, count: int) -> Iterator[tuple[str, list[str]]]:
    rng = np.random.default_rng(2)
    texts = [table.texts[int(place)] for place in rng.integers(0, len(table), count)]
    ways = [keys.of(text) for text in texts]
    full = [way[1].removeprefix(PINYIN) for way in ways]
    short = [way[-1].removeprefix(INITIALS) for way in ways]

    def cut(whole: list[str], spoil: Callable[[str], str] = str) -> list[str]:
        return [spoil(each[: int(rng.integers(1, min(len(each), 14) + 1))]) for each in whole]

    yield "characters", cut(texts)
    yield "full pinyin", cut(full)
    yield "initials", cut(short)
    yield "pinyin and characters", [f"{pinyin[:3]}{text[1:3]}" for pinyin, text in zip(full, texts, strict=True)]
    yield "letters, one slip", cut(full, lambda typed: f"{typed[:2]}v{typed[2:]}")
    yield "characters, one slip", [f"{text[0]}鑫{text[2:5]}" for text in texts]


def _times(table: Table, typed: list[str]) -> dict[str, float]:
    reader: IndexReader = Shelf()  # type: ignore[assignment]
    weights, spent, worked, lines = Weights(0.5, 3.0, 1), list[float](), list[float](), 0
    for each in typed:
        started, working = time.perf_counter(), time.thread_time()
        best = ranked(fitting([table], each), NOBODY, weights)
        lines += len(listed(best[:LOOKED_AT], reader, lambda _: False, NOBODY, 10, 1))
        spent.append((time.perf_counter() - started) * 1000)
        worked.append((time.thread_time() - working) * 1000)
    times = {"ms": spent, "CPU ms": worked}
    return {"lines": round(lines / len(typed), 1)} | {
        f"{name} p{q}": round(float(np.percentile(each, q)), 2) for name, each in times.items() for q in (50, 99)
    }


if __name__ == "__main__":
    main()
