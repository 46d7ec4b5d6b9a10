"""What spelling errors cost:

1. The answer is the document a query was cut from, or the first hit of the clean query; each way of asking counts where
   it is among the hits, and a clean query without hits is left out.
2. What is lost is named, with what was done about its spelling; changed clean queries are counted by what was done.
"""

from __future__ import annotations

from eval.planted import Planted
from eval.typos import Asked, KindOfTypo, Missed, measure_typos

PLANTED = [
    Planted("保温杯", "保文杯", "pinyin", None),
    Planted("不粘锅", "不沾锅", "pinyin", None),
    Planted("连衣裙", "衣连裙", "swap", "p9"),
    Planted("四件套", "四件", "missing", "p3"),
    Planted("玻璃", "玻", "missing", None),
]
ANSWERS = {
    ("保温杯", True): Asked(("p1", "p2")),
    ("保文杯", True): Asked(("p1",), "replace", "保温杯"),
    ("保文杯", False): Asked(()),
    ("不粘锅", True): Asked(("p4",), "both", "不沾锅"),
    ("不沾锅", True): Asked(("p5",), "suggest", "不粘锅"),
    ("不沾锅", False): Asked(("p4",)),
    ("连衣裙", True): Asked(("p8",)),
    ("衣连裙", True): Asked(("p9",)),
    ("衣连裙", False): Asked(()),
    ("四件套", True): Asked(("p2", "p3"), "replace", "四件"),
    ("四件", True): Asked(("p3",)),
    ("四件", False): Asked(("p3",)),
    ("玻璃", True): Asked((), "suggest", "波璃"),
}


def test_measures() -> None:
    found = measure_typos(PLANTED, lambda text, corrects: ANSWERS[text, corrects])
    assert found.all == KindOfTypo("all", 4, clean=3, typed=2, corrected=3, ratio=1.0)  # 1
    assert found.kinds == (
        KindOfTypo("pinyin", 2, clean=2, typed=1, corrected=1, ratio=0.5),
        KindOfTypo("swap", 1, clean=0, typed=0, corrected=1, ratio=None),
        KindOfTypo("missing", 1, clean=1, typed=1, corrected=1, ratio=1.0),
    )
    assert found.unanswered == 1
    assert found.missed == (Missed("pinyin", "不粘锅", "不沾锅", "suggest", "不粘锅"),)  # 2
    assert (found.clean_queries, found.replaced, found.both, found.suggested) == (5, 1, 1, 1)


def test_nothing_planted() -> None:
    assert measure_typos([], lambda text, corrects: Asked(())).all == KindOfTypo("all", 0, 0, 0, 0, None)
