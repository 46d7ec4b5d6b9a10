"""What recognisers write:

1. Each known form gives the same two segments, in seconds.
2. Texts alone, and segments without times, keep their order, empty ones their place; one without a start is enough to
   keep a video in the order of its file.
3. Confidence: as given under both names; of Whisper the probability of its tokens times that of speech.
4. Times that may be of any unit, and milliseconds written as seconds, are refused; slow speech is not.
5. A segment without a text, or that is none, is refused with its place.
6. What comes out can be read again.
7. Products may be ids alone; the screen may be one text.
"""

from __future__ import annotations

import math
from typing import Any

import pytest

from indexer.sources.records import Video
from tests.unit.indexer.sources.helpers import reason_of, spoken

SAID = [(0.5, 2.0, "这个充电宝"), (2.0, 3.25, "两万毫安")]


def video(**fields: Any) -> Video:
    made = Video.model_validate({"id": "v", **fields})
    assert Video.model_validate(made.source()) == made  # 6
    return made


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("segments", lambda a, b: {"start": a / 1000, "end": b / 1000, "id": 0, "tokens": [1, 2]}),
        ("segments", lambda a, b: {"start": str(a / 1000), "end": str(b / 1000)}),
        ("segments", lambda a, b: {"timestamp": [[a, a + 9], [a + 9, b]]}),
        ("transcription", lambda a, b: {"timestamps": {"from": "…", "to": "…"}, "offsets": {"from": a, "to": b}}),
        ("chunks", lambda a, b: {"timestamp": [a / 1000, b / 1000]}),
        ("sentence_info", lambda a, b: {"start": a, "end": b, "timestamp": [[a, b]], "spk": 0}),
        ("sentences", lambda a, b: {"begin_time": a, "end_time": b, "sentence_id": 1}),
        ("utterances", lambda a, b: {"start_time": a, "end_time": b, "definite": True}),
    ],
)
def test_forms(name: str, form: Any) -> None:  # 1
    made = video(**{name: [{**form(500, 2000), "text": " 这个充电宝"}, {**form(2000, 3250), "text": "两万毫安"}]})
    assert spoken(made) == SAID
    assert name == "segments" or name not in (made.model_extra or {})


def test_without_times() -> None:  # 2
    assert spoken(video(segments=["乙", "", "甲"])) == [(None, None, "乙"), (None, None, ""), (None, None, "甲")]
    late, none, early = {"start": 9, "end": 10, "text": "乙"}, {"text": "？"}, {"start": 1, "end": None, "text": "甲"}
    assert [text for _, _, text in spoken(video(segments=[late, none, early]))] == ["乙", "？", "甲"]
    assert spoken(video(segments=[late, early])) == [(1.0, None, "甲"), (9.0, 10.0, "乙")]
    assert [text for _, _, text in spoken(video(segments=[late, {"end": 3, "text": "甲"}]))] == ["乙", "甲"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, None),
        ({"confidence": 0.25, "avg_logprob": -0.1}, 0.25),
        ({"confidence": None, "conf": "0.5"}, 0.5),
        ({"avg_logprob": math.log(0.5)}, 0.5),
        ({"avg_logprob": math.log(0.5), "no_speech_prob": 0.8}, 0.1),
        ({"avg_logprob": 0.01, "no_speech_prob": 0}, 1.0),
        ({"no_speech_prob": 0.8}, None),
    ],
)
def test_confidence(given: dict[str, Any], expected: float | None) -> None:  # 3
    [segment] = video(segments=[{"text": "", "speaker": "甲", **given}]).segments
    assert segment.confidence == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("segments", "at"),
    [
        ([{"start_time": 1, "end_time": 2, "text": "好"}], ("segments.0", "wrong_type")),
        ([{"text": "好"}, {"ts": 12, "text": "好"}], ("segments.1", "wrong_type")),
        (
            [{"start": n * 900, "end": n * 900 + 900, "text": "这个充电宝"} for n in range(3)],
            ("segments", "out_of_range"),
        ),
        ([{"text": "好", "confidence": 95}], ("segments.0.confidence", "out_of_range")),
        ([{"start": 1, "end": 2, "txt": "好"}], ("segments.0", "missing_field")),
        ([{"text": "好"}, 5], ("segments.1", "model_type")),
        ("好", ("segments", "tuple_type")),
        ({"0": "好"}, ("segments", "tuple_type")),
    ],
)
def test_refused(segments: object, at: tuple[str, str]) -> None:  # 4, 5
    assert reason_of(Video, id="v", segments=segments) == at


def test_slow_speech() -> None:  # 4
    slow = [{"start": n * 30, "end": n * 30 + 30, "text": "嗯"} for n in range(5)]
    assert len(video(segments=slow).segments) == 5


def test_products_and_screen() -> None:  # 7
    made = video(products=["p1", 2, {"product_id": "p3", "start": 1, "end": 2}], screen="限时九十九")
    assert [(shown.product_id, shown.start) for shown in made.products] == [("p1", None), ("2", None), ("p3", 1.0)]
    assert made.screen == ("限时九十九",)
