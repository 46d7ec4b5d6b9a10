"""Scores of links, on two videos of six segments of ten seconds whose numbers are visible by eye:

1. A product is right where the video shows it at all; one that is not sure enough is not counted as shown.
2. A segment of a link is right up to one segment beside what is known, and no further.
3. The start error is that of the nearest link that overlaps the range.
4. Calibration counts every product that was linked, however sure.
5. Slices are by way of hearing, basket and kind; of nothing shown the precision is 0, and nothing fails.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from eval.moments.links import LinkResult, evaluate_links, read_linked
from indexer.videos.nouns import Link, Said

SEGMENTS = [{"start": 10.0 * i, "end": 10.0 * i + 10, "text": f"{i}"} for i in range(6)]
ROWS = [
    {
        "id": "a",
        "kind": "live",
        "basket": ["p", "q"],
        "segments": SEGMENTS,
        "gold": [{"product_id": "p", "ranges": [[10.0, 30.0]], "best": [1, 1]}],
    },
    {"id": "b", "kind": "video", "basket": None, "segments": SEGMENTS, "gold": []},
]


def scored(tmp_path: Path, in_basket: Sequence[Link], without: Sequence[Link] = ()) -> LinkResult:
    file = tmp_path / "linked.jsonl"
    file.write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")

    def link(said: Sequence[Said], basket: Sequence[str] | None) -> Sequence[Link]:
        assert len(said) == len(SEGMENTS)
        return without if basket is None else in_basket

    return evaluate_links(read_linked(file), link, at=0.5)


def link(product: str, first: int, last: int, confidence: float = 0.9) -> Link:
    return Link(product, first, last, (first, first), confidence, ())


def test_products(tmp_path: Path) -> None:
    result = scored(tmp_path, [link("p", 1, 2), link("q", 4, 4), link("r", 5, 5, 0.3)])
    scores = result.slices["heard"]
    assert (scores.videos, scores.products, scores.shown) == (2, 1, 2)
    assert (scores.precision.mean, scores.recall.mean) == (0.5, 1.0)


@pytest.mark.parametrize(("first", "last", "right"), [(1, 2, 1.0), (0, 3, 1.0), (0, 4, 0.8), (4, 5, 0.0)])
def test_segments_within_one(tmp_path: Path, first: int, last: int, right: float) -> None:
    assert scored(tmp_path, [link("p", first, last)]).slices["heard"].segment_precision.mean == right


def test_known_segments_are_found_within_one(tmp_path: Path) -> None:
    # segments 1 and 2 are known; a link of segment 3 lies beside the second
    assert scored(tmp_path, [link("p", 3, 3)]).slices["heard"].segment_recall.mean == 0.5


def test_the_start_error_is_that_of_the_nearest_link(tmp_path: Path) -> None:
    found = scored(tmp_path, [link("p", 0, 1), link("p", 3, 4)]).slices["heard"].start_error
    assert found == (10.0, 10.0, 10.0)
    assert scored(tmp_path, [link("p", 5, 5)]).slices["heard"].start_error is None


def test_calibration_counts_every_product(tmp_path: Path) -> None:
    found = scored(tmp_path, [link("p", 1, 2, 0.8), link("q", 4, 4, 0.8), link("r", 5, 5, 0.3)])
    bins = {(each.low, each.products, each.right) for each in found.slices["heard"].calibration}
    assert bins == {(0.0, 1, 0.0), (0.75, 2, 0.5)}


def test_slices(tmp_path: Path) -> None:
    result = scored(tmp_path, [link("p", 1, 2)])
    assert set(result.slices) == {"heard", "heard/basket", "heard/open", "heard/live", "heard/video"}
    assert result.slices["heard/open"].precision.mean == 0.0
    assert result.slices["heard/basket"].precision.mean == 1.0
