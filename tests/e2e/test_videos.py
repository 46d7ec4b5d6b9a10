"""`xunhuo video`, `moments`, `search --kind` and `eval moments`.

1. --json has the shape of the API; tables show times, quotes and what is shown.
2. What is not there ends with 4, what cannot be asked with 2; one clear message.
3. An evaluation links, asks and says so, as JSON and as tables; without its files it says what is missing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from api.answer_schema import SearchAnswer
from api.video_schema import AfterAnswerShape, MomentsAnswerShape, VideoAnswer
from eval.moments.summary import MomentsSummary
from tests import spoken, world
from tests.e2e.command import HASHING, Ended, Xunhuo, invoke

SEGMENTS = [
    {"start": 0, "end": 8, "text": "今天说希禾的316不锈钢保温杯"},
    {"start": 8, "end": 16, "text": "希禾这个保温杯五百毫升白色的"},
    {"start": 16, "end": 24, "text": "这个杯子早上装水晚上还烫"},
]
GOLD: list[world.Row] = [{"product_id": "cup", "ranges": [[0, 24]], "best": [0, 1]}]
LINKED: world.Row = {"id": "w1", "kind": "video", "basket": ["cup", "sock"], "segments": SEGMENTS, "gold": GOLD}
ASKED: world.Row = {"query": "希禾 保温杯", "product_id": "cup", "video_id": "w1", "best": [0, 1]}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("videos")


@pytest.fixture(scope="module")
def xunhuo(place: Path) -> Xunhuo:
    shop = world.write(place / "shop.jsonl", spoken.PRODUCTS)
    rows = [*spoken.VIDEO_ROWS, {"id": "w1", "segments": SEGMENTS, "products": ["cup", "sock"]}]
    clips = world.write(place / "clips.jsonl", rows)

    def called(*arguments: Any) -> Ended:
        return invoke(*map(str, arguments), "--data-dir", place / "data", *HASHING)

    built = called("rebuild", "--products", shop, "--videos", clips)
    assert built.code == 0, built.err
    assert "moments in 5 videos" in built.out
    return called


def test_a_search_with_videos(xunhuo: Xunhuo) -> None:  # 1
    asked = xunhuo("search", "跑鞋怎么选", "--kind", "product", "--kind", "video", "--json")
    page = SearchAnswer.model_validate_json(asked.out)
    assert page.videos[0].id == "v2"
    shown = xunhuo("search", "跑鞋怎么选", "--kind", "product", "--kind", "video").out
    assert "跑鞋怎么选" in shown
    assert "视频" in shown
    assert "▶ v1" in xunhuo("search", "焖烧壶").out
    assert xunhuo("search", "跑鞋", "--kind", "shop").code == 2


def test_a_video(xunhuo: Xunhuo) -> None:  # 1, 2
    assert VideoAnswer.model_validate_json(xunhuo("video", "v1", "--json").out).title == "冬天喝热水"
    shown = xunhuo("video", "v1").out
    assert "0:06" in shown
    assert "cup" in shown
    after = AfterAnswerShape.model_validate_json(xunhuo("video", "v1", "--queries", "--json").out)
    assert after.queries
    assert after.queries[0].query in xunhuo("video", "v1", "--queries").out
    missing = xunhuo("video", "v4")
    assert (missing.code, "v4" in missing.err) == (4, True)


def test_moments_of_a_product(xunhuo: Xunhuo) -> None:  # 1, 2
    found = MomentsAnswerShape.model_validate_json(xunhuo("moments", "cup", "--json").out)
    assert {moment.video_id for moment in found.moments} == {"v1", "w1"}
    assert "w1" in xunhuo("moments", "cup").out
    assert "nobody" in xunhuo("moments", "sock").out
    assert xunhuo("moments", "gone").code == 4


def test_an_evaluation(xunhuo: Xunhuo, place: Path) -> None:  # 3
    from pydantic import TypeAdapter

    from eval.moments.summary import MomentsSummary

    linked, asked = world.write(place / "linked.jsonl", [LINKED]), world.write(place / "asked.jsonl", [ASKED])
    out = place / "out"
    done = xunhuo("eval", "moments", "--linked", linked, "--evidence", asked, "--out", out, "--json")
    assert done.code == 0, done.err
    summary = TypeAdapter(MomentsSummary).validate_json(done.out)
    assert (out / "summary.json").read_text() == done.out
    assert summary.links
    assert (summary.links.slices["heard"].recall.mean, summary.links.slices["heard"].precision.mean) == (1.0, 1.0)
    assert summary.evidence
    assert (summary.evidence.queries, summary.evidence.indexed, summary.evidence.hits) == (1, 1, 1)
    assert summary.evidence.carried
    assert summary.evidence.carried.mean == 1.0
    assert "heard/basket" in xunhuo("eval", "moments", "--linked", linked).out


def test_who_wants_to_watch(xunhuo: Xunhuo, place: Path) -> None:  # 3
    queries, qrels = place / "guides.tsv", place / "guides.qrels"
    queries.write_text("g1\t跑鞋怎么选\ng2\t保温杯怎么选\ng3\t没有判断的\n")
    qrels.write_text("g1 0 v2 3\ng2 0 v9 3\n")
    done = xunhuo("eval", "moments", "--content", queries, "--content-qrels", qrels, "--json")
    assert done.code == 0, done.err
    content = TypeAdapter(MomentsSummary).validate_json(done.out).content
    assert content
    assert (content.queries, content.first.mean, content.first_3.mean) == (2, 0.5, 0.5)
    assert "queries to watch" in xunhuo("eval", "moments", "--content", queries, "--content-qrels", qrels).out


def test_a_search_inside_transcripts(xunhuo: Xunhuo, place: Path) -> None:  # 3
    spoken_rows = [{"title": "水", "asr": "早上装的水|晚上还烫嘴"}, {"title": "鞋", "asr": "踩下去像弹簧|马拉松都能穿"}]
    queries = [
        {"qid": "q1", "query": "马拉松", "row": 1, "first_segment": 1, "last_segment": 1, "kind": "keyword", "note": ""}
    ]
    asr, asked = world.write(place / "asr.jsonl", spoken_rows), world.write(place / "queries.jsonl", queries)
    done = xunhuo("eval", "moments", "--queries", asked, "--transcripts", asr, "--errors", "--json")
    assert done.code == 0, done.err
    assert '"robustness"' in done.out
    table = xunhuo("eval", "moments", "--queries", asked, "--transcripts", asr).out
    assert "1.000" in table


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--linked"),
        (["--content", "x.tsv"], "--content-qrels"),
        (["--evidence", "x.jsonl"], "--linked"),
        (["--queries", "x.jsonl"], "--transcripts"),
    ],
)
def test_what_is_missing(xunhuo: Xunhuo, arguments: list[str], said: str) -> None:  # 3
    done = xunhuo("eval", "moments", *arguments)
    assert done.code == 2
    assert said in done.err
