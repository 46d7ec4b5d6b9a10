"""`xunhuo takedown`, in this process:

1. What is added is listed, as the API shows it, by whom the machine says; restored, it is gone; the history has both.
2. The same key adds nothing more; what makes no sense fails with the field, and keeps nothing.
3. Where nothing serves a dry run hits nothing.
4. A catalogue that moves takes its take-downs along, once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
from typer.testing import CliRunner

from cli.takedown import app
from retrieval.changes.sqlite_journal import SqliteJournal
from retrieval.takedowns.carry import carry
from retrieval.takedowns.takedown import Kind, TakeDown
from retrieval.takedowns.takedowns import TakeDowns


def run(place: Path, *words: str) -> Any:
    done = CliRunner().invoke(app, [*words, "--json", "--data-dir", str(place)])
    return orjson.loads(done.stdout) if done.exit_code == 0 else (done.exit_code, done.output)


def test_add_and_restore(tmp_path: Path) -> None:  # 1, 2, 3
    asked = ("add", "shop", "s1", "s2", "--reason", "fraud", "--note", "刷单", "--silent", "--key", "k")
    added = run(tmp_path, *asked)
    assert [(e["target"], e["reason"], e["note"], e["show_notice"]) for e in added] == [
        ("shop:s1", "fraud", "刷单", False), ("shop:s2", "fraud", "刷单", False),
    ]  # fmt: skip
    assert all(each["operator"] for each in added)
    assert run(tmp_path, *asked) == added
    assert "used for something else" in run(tmp_path, *asked[:-3], "--key", "k")[1]
    assert run(tmp_path, "check", "shop", "s1") == [{"target": "shop:s1", "hits": {}, "samples": {}, "stands": True}]
    assert run(tmp_path, "restore", "shop:s2", "--note", "查清") == {"restored": ["shop:s2"]}
    assert run(tmp_path, "list", "--kind", "shop") == added[:1]
    assert [e["action"] for e in run(tmp_path, "history", "shop:s2")] == ["restore", "take_down"]
    for words in (("add", "thing", "x"), ("add", "word", "！"), ("restore", "shop:s2"), ("list", "--kind", "thing")):
        code, said = run(tmp_path, *words)
        assert code == 2 or "not taken down" in said
    assert len(run(tmp_path, "history")) == 3


def test_a_catalogue_moves(tmp_path: Path) -> None:  # 4
    old, new = SqliteJournal(tmp_path / "old.db"), SqliteJournal(tmp_path / "new.db")
    old.append([TakeDown(Kind.WORD, "迷药", operator="小王", since=7.0).change(), TakeDown(Kind.SHOP, "s1").change()])
    new.append([TakeDown(Kind.SHOP, "s1", operator="小李").change()])
    here, there = TakeDowns(old), TakeDowns(new)
    assert [carry(here.standing(), there.standing(), new) for _ in range(2)] == [1, 0]
    moved = there.standing().takedowns
    assert (moved["word:迷药"].operator, moved["word:迷药"].since, moved["shop:s1"].operator) == ("小王", 7.0, "小李")
    old.close()
    new.close()
