"""`xunhuo train-ranker --interest`, on a small demo mall:

1. Worths are learned from a file of events, the rest of the weights stays, and a search reads the file.
2. What cannot be learned from is an error that says why.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from configs.settings import INTEREST
from retrieval.profiles.weights import load_interest
from tests.e2e.command import Xunhuo

BASE = INTEREST / "weights.yaml"


def test_learn(xunhuo: Xunhuo, mall: Path, tmp_path: Path) -> None:  # 1
    out = tmp_path / "mine.yaml"
    learn = ("train-ranker", "--interest", "--base", BASE, "--out", out)
    ended = xunhuo(*learn, "--events", mall / "events.jsonl", "--folds", "2")
    assert ended.code == 0, ended.err
    assert "clicked lists" in ended.out
    before, after = (yaml.safe_load(path.read_text("utf-8")) for path in (BASE, out))
    assert {name: after[name] for name in after if name != "score"} == {n: before[n] for n in before if n != "score"}
    assert after["score"].keys() == before["score"].keys()
    assert load_interest(out).score.category == after["score"]["category"]
    found = xunhuo("search", "保温杯", "--user", "u0001", "--set", f"interest.weights={out}", "--json")
    assert found.code == 0


def test_too_little(xunhuo: Xunhuo, mall: Path, tmp_path: Path) -> None:  # 2
    learn = ("train-ranker", "--interest", "--base", BASE, "--out", tmp_path / "mine.yaml")
    assert "too few" in xunhuo(*learn).failed_clearly(2)
    message = xunhuo(*learn, "--queries", mall / "queries.tsv", "--qrels", mall / "qrels").failed_clearly(2)
    assert "events alone" in message
    assert not (tmp_path / "mine.yaml").exists()
