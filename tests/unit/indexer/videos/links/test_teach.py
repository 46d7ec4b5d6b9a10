"""What videos with times teach:

1. A host whose words say little is linked after others of the kind were given with times, not before.
2. A video without times, or with times for some of its products only, teaches nothing; nor does no video at all.
3. No more is learned from than the bounds say.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from indexer.sources.records import Segment, Video
from indexer.videos.links import teach
from indexer.videos.links.linker import Linker
from indexer.videos.links.teach import taught_by
from indexer.videos.links.weights import load_weights
from indexer.videos.nouns import Said
from tests.unit.indexer.videos.links.world import linker, say, shelf

BASKET = ("trousers", "clip", "dress")


def as_said(segments: Sequence[Segment]) -> tuple[Said, ...]:
    return tuple(Said(each.start, each.end, each.text, each.text) for each in segments)


def shown(number: int, product: str, *lines: str, times: bool = True, also: Sequence[str] = ()) -> Video:
    """A greeting, the lines about the product, a farewell; four seconds each."""
    said = ("大家好", *lines, "走了走了")
    return Video.model_validate(
        {
            "id": f"v{number}",
            "segments": [{"start": 4.0 * i, "end": 4.0 * i + 4, "text": line} for i, line in enumerate(said)],
            "products": [
                {"product_id": product} | ({"start": 4.0, "end": 4.0 * len(lines) + 4} if times else {}),
                *({"product_id": each} for each in also),
            ],
        }
    )


LINES = (
    ("trousers", "秋冬穿着暖", "看裤脚", "蹲下"),
    ("clip", "大号的", "一夹", "转圈"),
    ("dress", "秋冬女款", "来转身"),
)
KNOWN = [shown(number, *LINES[number % len(LINES)]) for number in range(15)]


def test_what_is_given_teaches_the_rest() -> None:
    said = say("大家好", "灰色的", "走两步", "跳一跳", "走了走了")
    assert linker().link(said, BASKET) == ()
    links = Linker(shelf(), taught_by(KNOWN, as_said, shelf(), load_weights())).link(said, BASKET)
    assert [link.product_id for link in links] == ["trousers"]


@pytest.mark.parametrize(
    "videos", [[], [shown(0, *LINES[0], times=False)], [shown(0, *LINES[0], also=["fan"])]], ids=["none", "no", "some"]
)
def test_without_times_for_all_nothing_is_taught(videos: list[Video]) -> None:
    before = load_weights()
    assert taught_by(videos, as_said, shelf(), before) is before


def test_no_more_is_learned_from_than_the_bounds_say(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counting(segments: Sequence[Segment]) -> tuple[Said, ...]:
        asked.append(len(segments))
        return as_said(segments)

    monkeypatch.setattr(teach, "MOST_SEGMENTS", 9)
    taught_by(KNOWN, counting, shelf(), load_weights())
    assert asked == [5, 5]
    monkeypatch.setattr(teach, "MOST_VIDEOS", 1)
    taught_by(KNOWN, counting, shelf(), load_weights())
    assert asked == [5, 5, 5]
