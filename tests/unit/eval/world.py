"""A world small enough to check by eye: five products, five queries, a search that counts shared characters."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from eval.run import evaluate
from eval.types import Evaluation, Query, SearchFunction

TITLES = {
    "p1": "红色连衣裙",
    "p2": "蓝色连衣裙",
    "p3": "红色运动鞋",
    "p4": "i5-11400F处理器",
    "p5": "无糖可乐",
}

QUERIES = (
    Query("q1", "红色连衣裙"),  # p1 (5 shared), p2 (4), p3 (2)
    Query("q2", "红色鞋"),  # p3 (3), p1 (2), p2 (1)
    Query("q3", "CPU"),  # nothing shared: no result
    Query("q4", "可乐"),  # not judged
    Query("q5", "i5-11400f"),  # p4 only
)

QRELS = {
    "q1": {"p2": 1},
    "q2": {"p3": 2, "p1": 1},
    "q3": {"p4": 1},
    "q5": {"p4": 1, "p5": 0},
    "q9": {"p1": 1},
}


def shared_characters(query: str, depth: int) -> list[tuple[str, float]]:
    """Ids by the number of distinct characters shared with the title, equal numbers in order of id."""
    wanted = set(query.lower())
    scored = [(doc_id, float(len(wanted & set(title.lower())))) for doc_id, title in TITLES.items()]
    return sorted((pair for pair in scored if pair[1]), key=lambda pair: (-pair[1], pair[0]))[:depth]


def blind_to_p1(query: str, depth: int) -> list[tuple[str, float]]:
    """The same search, but it never finds p1."""
    return [pair for pair in shared_characters(query, depth) if pair[0] != "p1"]


def steady_clock() -> Iterator[float]:
    """Seconds that pass a millisecond at a time."""
    return (tick / 1000 for tick in count())


def run(search: SearchFunction = shared_characters, name: str = "tiny") -> Evaluation:
    """The world evaluated, every call taking one millisecond."""
    return evaluate(
        search,
        QUERIES,
        QRELS,
        tokenize=lambda text: text.split("-"),
        title_of=TITLES.get,
        name=name,
        about={"channels": "characters"},
        clock=steady_clock().__next__,
    )
