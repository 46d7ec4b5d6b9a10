"""Model numbers:

1. A run gives itself, its joined form, its parts at marks, and its parts where letters meet digits; nothing twice.
2. A run ends at Han characters, spaces and double marks; single marks join.
3. A query finds a model however either side wrote its marks, whole and in every part.
"""

from __future__ import annotations

import pytest

from retrieval.analysis import alphanumerics
from tests.title_index import built_in_analyzer


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("z62", ["z62", "z", "62"]),
        ("i5-11400f", ["i5-11400f", "i511400f", "i5", "11400f", "i", "5", "11400", "f"]),
        ("ccc100-n2-h3", ["ccc100-n2-h3", "ccc100n2h3", "ccc100", "n2", "h3", "ccc", "100", "n", "2", "h", "3"]),
        ("usb3.0", ["usb3.0", "usb", "3.0"]),
        ("4.55mm", ["4.55mm", "4.55", "mm"]),
        ("v1.a", ["v1.a", "v1a", "v1", "a", "v", "1"]),
        ("225/55r18", ["225/55r18", "22555r18", "225", "55r18", "55", "r", "18", "2255518"]),
        ("30x40cm", ["30x40cm", "30", "x", "40", "cm", "3040"]),
        ("a", ["a"]),
        ("2026", ["2026"]),
        ("café", ["café"]),
    ],
)
def test_variants(run: str, expected: list[str]) -> None:
    assert list(alphanumerics.variants(run)) == expected


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("适用i5-11400f主机", ["i5-11400f"]),
        ("t恤a4纸", ["t", "a4"]),
        ("a_b c", ["a_b", "c"]),
        ("a--b -c- d/e", ["a", "b", "c", "d/e"]),
        ("花", []),
    ],
)
def test_runs(text: str, runs: list[str]) -> None:
    assert alphanumerics.RUN.findall(text) == runs


@pytest.mark.parametrize(
    ("title", "queries"),
    [
        (
            "Intel i5-11400F 处理器",
            ["i5-11400F", "i511400f", "I5", "11400f", "11400", "i5 11400f", "ｉ５－１１４００Ｆ"],
        ),
        ("游戏手柄 ccc100-n2-h3", ["ccc100-n2-h3", "ccc100n2h3", "ccc100", "n2-h3", "n2", "h3", "CCC"]),
        ("镜头 尼康 Z62", ["z62", "Z62", "62", "Z-62"]),
        ("镜头 尼康 Z-62", ["z62", "z 62", "z-62"]),
        ("内存 8GB+256GB", ["8gb+256gb", "8GB 256GB", "256gb"]),
        ("胶带 3mm-10mm", ["3mm-10mm", "3mm", "10MM"]),
    ],
)
def test_models_are_found_whole_and_in_parts(title: str, queries: list[str]) -> None:
    analyzer = built_in_analyzer()
    tokens = set(analyzer.tokens(title))
    for query in queries:
        terms = analyzer.query(query).terms
        assert terms, query
        for term in terms:
            assert any(tokens.issuperset(way) for way in term.alternatives), (query, term)
    assert not any(tokens.issuperset(way) for way in analyzer.query("x99-q7").terms[0].alternatives)
