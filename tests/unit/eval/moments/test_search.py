"""Known-item search, on answers that are counted by eye:

1. A file of queries becomes queries: the line of a video names it, `alt:` gives more places. What is no query, and a
   file of none, is named.
2. A moment is right when it overlaps with a place, or lies one segment beside it, in the right video. Videos are ranked
   by their first moments, moments one by one; what is not found has no rank.
3. Start errors are the medians over what is right and among the first ten, in seconds and in segments.
4. Kinds are counted apart, and those missed are named. The loss is a share of what was found before.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from eval.moments.search import FoundPlace, SpokenQuery, measure_search, read_spoken_queries, relative_loss
from retrieval.errors import InputError

ROW = {
    "qid": "q1",
    "query": "怎么养锅",
    "video_id": None,
    "row": 3,
    "first_segment": 4,
    "last_segment": 5,
    "kind": "question",
}
STARTS = {"v": [10.0 * place for place in range(20)]}


def query(kind: str = "keyword", *places: tuple[int, int], qid: str = "q1") -> SpokenQuery:
    return SpokenQuery(qid, qid, "v", places or ((4, 5),), kind)


def found(*moments: tuple[str, int, int]) -> list[FoundPlace]:
    return [FoundPlace(video, first, last, 10.0 * first) for video, first, last in moments]


def ranks(answer: Sequence[FoundPlace], *places: tuple[int, int]) -> tuple[float, float]:
    """1 / rank of the right video and of the right moment."""
    scores = measure_search([query("keyword", *places)], lambda _: answer, STARTS).slices["all"]
    return scores.video.mrr.mean, scores.moment.mrr.mean


def test_a_file_of_queries(tmp_path: Path) -> None:  # 1
    file = tmp_path / "queries.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in (ROW, ROW | {"qid": "q2", "note": "锅<-过；alt:7-9"})))
    first, second = read_spoken_queries(file)
    assert first == SpokenQuery("q1", "怎么养锅", "line3", ((4, 5),), "question")
    assert second.places == ((4, 5), (7, 9))
    for text, told in (("{}", "queries.jsonl:1"), ("3", "queries.jsonl:1"), ("", "no query")):
        file.write_text(text)
        with pytest.raises(InputError, match=told):
            read_spoken_queries(file)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (found(("v", 5, 9)), (1.0, 1.0)),
        (found(("v", 6, 9)), (1.0, 1.0)),  # one segment beside it
        (found(("v", 0, 3)), (1.0, 1.0)),
        (found(("v", 7, 9)), (1.0, 0.0)),
        (found(("w", 4, 5)), (0.0, 0.0)),
        (found(("w", 0, 1), ("w", 2, 3), ("v", 8, 9), ("v", 4, 5)), (0.5, 0.25)),
        ([], (0.0, 0.0)),
    ],
)
def test_what_is_right(answer: list[FoundPlace], expected: tuple[float, float]) -> None:  # 2
    assert ranks(answer) == pytest.approx(expected)


def test_another_place(tmp_path: Path) -> None:  # 2
    assert ranks(found(("v", 12, 14)), (4, 5), (15, 15)) == (1.0, 1.0)


def test_start_errors() -> None:  # 3
    answers = {"q1": found(("v", 2, 4)), "q2": found(("v", 5, 6)), "q3": found(("w", 0, 0))}
    queries = [query(qid=qid) for qid in answers]
    scores = measure_search(queries, answers.__getitem__, STARTS).slices["all"]
    assert (scores.start_error_s, scores.start_error_segments) == (15.0, 1.5)  # 20 s and 10 s
    late = found(*[("w", i, i) for i in range(10)], ("v", 4, 4))
    assert measure_search([query()], lambda _: late, STARTS).slices["all"].start_error_s is None


def test_kinds_and_losses() -> None:  # 4
    queries = [query("keyword", qid="q1"), query("paraphrase", qid="q2"), query("paraphrase", qid="q3")]
    right, wrong = found(("v", 4, 5)), found(("v", 9, 9))
    clean = measure_search(queries, lambda text: wrong if text == "q3" else right, STARTS)
    damaged = measure_search(queries, lambda text: right if text == "q1" else wrong, STARTS)
    assert {name: (s.queries, s.moment.first_10.mean) for name, s in clean.slices.items()} == {
        "all": (3, pytest.approx(2 / 3)),
        "keyword": (1, 1.0),
        "paraphrase": (2, 0.5),
    }
    assert (clean.missed, damaged.missed) == (("q3",), ("q2", "q3"))
    assert relative_loss(clean, damaged) == pytest.approx(0.5, abs=1e-5)
    assert relative_loss(clean, damaged, moment=False) == 0.0
    assert relative_loss(measure_search(queries, lambda _: wrong, STARTS), clean) == 0.0
