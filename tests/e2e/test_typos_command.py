"""`xunhuo eval typos`:

1. Without queries it cuts them from the titles of the served catalogue; the same seed gives the same numbers, and a
   table says what JSON says.
2. Given queries are damaged in the kinds that were asked for, characters by the given table of look-alikes.
3. What cannot be measured is an error that says what to do.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.command import Xunhuo


@pytest.fixture
def served(published: Xunhuo) -> Xunhuo:
    return lambda *arguments: published("eval", "typos", *arguments)


def test_titles(served: Xunhuo) -> None:  # 1
    found = served("--count", "40", "--seed", "3", "--json").json
    assert [(one["kind"], one["queries"]) for one in found["kinds"]] == [
        (kind, 10) for kind in ("pinyin", "shape", "swap", "missing")
    ]
    assert found["all"]["queries"] == found["clean_queries"] == 40
    assert found["all"]["clean"] >= 10
    assert found["all"]["corrected"] == sum(one["corrected"] for one in found["kinds"])
    assert served("--count", "40", "--seed", "3", "--json").json == found
    assert served("--count", "40", "--seed", "4", "--json").json["missed"] != found["missed"]
    shown = served("--count", "40", "--seed", "3", "--show", "1").out
    assert f"{found['all']['ratio']:.3f}" in shown
    assert shown.count("lost: ") == min(1, len(found["missed"]))


def test_queries(served: Xunhuo, tmp_path: Path) -> None:  # 2
    (tmp_path / "q.tsv").write_text("1\t白色保温杯\n2\t法式连衣裙\n3\t白色 保温杯\n", encoding="utf-8")
    (tmp_path / "alike.txt").write_text("温 显\n裙 杯\n\n锅 杯\n", encoding="utf-8")
    options = ("--queries", tmp_path / "q.tsv", "--kinds", "shape", "--alike", tmp_path / "alike.txt", "--json")
    found = served(*options, "--count", "2").json
    assert (found["all"]["queries"], found["all"]["clean"], found["kinds"][0]["kind"]) == (2, 2, "shape")
    assert {lost["typed"] for lost in found["missed"]} <= {"白色保显杯", "法式连衣杯", "白色 保显杯"}
    (tmp_path / "alike.txt").write_text("锅 杯\n", encoding="utf-8")  # of no character of the queries
    assert "only 0 of 2 errors could be planted" in served(*options, "--count", "2").failed_clearly(2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--kinds", "pinyin,shapes"), "shapes is no kind of error"),
        (("--kinds", ","), "nothing is no kind of error"),
        (("--count", "9999", "--queries", "q.tsv"), "of 9999 errors could be planted in 1 queries"),
        (("--queries", "none.tsv"), "none.tsv"),
        (("--alike", "none.txt"), "none.txt cannot be read"),
    ],
)
def test_errors(served: Xunhuo, tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:  # 3
    (tmp_path / "q.tsv").write_text("1\t白色保温杯\n", encoding="utf-8")
    given = [tmp_path / one if one.endswith((".tsv", ".txt")) else one for one in arguments]
    assert message in served(*given).failed_clearly(2)


def test_nothing_served(xunhuo: Xunhuo) -> None:  # 3
    assert "no generation is published yet" in xunhuo("eval", "typos").failed_clearly(4)
