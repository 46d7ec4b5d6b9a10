"""The commands, over files, with the tiny search in the engine's place.

1. `run` prints tables, or JSON that is summary.json; with --out it writes the four files.
2. `compare` does the same for two such folders and writes comparison.json, report.html and sides.html.
3. Two runs write the same bytes apart from times.
4. Bad files, folders and options end with exit code 2 and one message that names the place.
5. Importing the commands loads none of the measuring libraries.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli import evaluation as cli
from tests.unit.eval import world


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    opened = {
        cli.Channel.ALL: cli.OpenedSearch(world.shared_characters, list, world.TITLES.get, {"channels": "all"}),
        cli.Channel.SEMANTIC: cli.OpenedSearch(world.blind_to_p1, None, None, {"channels": "semantic"}),
    }
    monkeypatch.setattr(cli, "_open_search", lambda config, overrides, data_dir, channel: opened[channel])
    lines = [f"{query.qid}\t{query.text}\n" for query in world.QUERIES]
    (tmp_path / "tiny.tsv").write_text("".join(lines), encoding="utf-8")
    rows = [f"{qid} 0 {doc} {grade}\n" for qid, grades in world.QRELS.items() for doc, grade in grades.items()]
    (tmp_path / "tiny.qrels").write_text("".join(rows), encoding="utf-8")
    return tmp_path


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def run(folder: Path, *more: object) -> Result:
    return call("run", "--queries", folder / "tiny.tsv", "--qrels", folder / "tiny.qrels", *more)


def test_run(folder: Path) -> None:  # 1
    shown = run(folder)
    assert shown.exit_code == 0
    for text in ("4 judged of 5", "nDCG@10", "0.658", "model number (tiny)", "not in the means: q4"):
        assert text in shown.stdout
    result = run(folder, "--out", folder / "a", "--json")
    assert result.exit_code == 0
    assert result.stdout == (folder / "a" / "summary.json").read_text(encoding="utf-8")
    assert json.loads(result.stdout)["name"] == "tiny"
    assert {path.name for path in (folder / "a").iterdir()} == {
        "run.trec",
        "per_query.jsonl",
        "summary.json",
        "report.html",
    }


def test_titles_file(folder: Path) -> None:  # 1
    (folder / "titles.tsv").write_text("p4\t处理器\n", encoding="utf-8")
    result = run(folder, "--titles", folder / "titles.tsv", "--json")
    slices = {(one["group"], one["label"]): one["n"] for one in json.loads(result.stdout)["slices"]}
    assert slices["gold title", "no shared character"] == 2  # q3 and q5 have no character of 处理器
    assert ("gold title", "shares characters") not in slices


def test_compare(folder: Path) -> None:  # 2
    assert run(folder, "--out", folder / "a").exit_code == 0
    assert run(folder, "--out", folder / "b", "--channel", "semantic", "--name", "other").exit_code == 0
    shown = call("compare", folder / "a", folder / "b")
    assert shown.exit_code == 0
    for text in ("A: tiny", "B: other", "Δ = B − A", "Holm p", "1/2/1"):
        assert text in shown.stdout
    result = call("compare", folder / "a", folder / "b", "--json", "--out", folder / "c")
    assert result.stdout == (folder / "c" / "comparison.json").read_text(encoding="utf-8")
    assert json.loads(result.stdout)["about_b"] == {"channels": "semantic"}
    assert "other against tiny" in (folder / "c" / "report.html").read_text(encoding="utf-8")


def test_grades(folder: Path) -> None:  # 1, 2
    shown = run(folder, "--out", folder / "a")
    for text in (
        "Answer: graded 2 or more. 1 queries have one among what was judged, 3 none",
        "nDCG_exp@10 (condensed)",
        "judged@10",
    ):
        assert text in shown.stdout
    graded = json.loads(run(folder, "--answer", "1", "--json", "--out", folder / "b").stdout)["graded"]
    assert (graded["answer"], graded["answered"], graded["unanswered"]) == (1, 4, 0)
    assert graded["rows"][0]["measure"] == "nDCG_exp@10"
    assert set(graded["rows"][0]) == {"part", "measure", "answered", "unanswered", "every"}
    refused = call("compare", folder / "a", folder / "b")
    assert (refused.exit_code, "another grade is an answer" in refused.stderr) == (2, True)
    assert run(folder, "--answer", "3").exit_code == 2
    shown = call("compare", folder / "b", folder / "b", "--out", folder / "c")
    assert "judged@10" in shown.stdout
    assert "of the difference leaves out 0" in shown.stdout
    assert "Side by side: tiny against tiny" in (folder / "c" / "sides.html").read_text(encoding="utf-8")


def test_same_bytes(folder: Path) -> None:  # 3
    for name in ("a", "b"):
        assert run(folder, "--out", folder / name).exit_code == 0
    times = re.compile(r'("(?:latency|p50|p99)_ms": ?)[\d.]+|latency p50 .*? ms, p99 .*? ms|<td>\d+\.\d</td></tr>')
    for name in ("run.trec", "per_query.jsonl", "summary.json", "report.html"):
        a, b = (times.sub("", (folder / part / name).read_text(encoding="utf-8")) for part in ("a", "b"))
        assert a == b


def test_errors(folder: Path) -> None:  # 4
    (folder / "bad.tsv").write_text("q1\t红色\nq2\n", encoding="utf-8")
    assert run(folder, "--out", folder / "a").exit_code == 0
    (folder / "a" / "per_query.jsonl").unlink()
    wrong = {
        f"{folder / 'bad.tsv'}:2": ("run", "--queries", folder / "bad.tsv", "--qrels", folder / "tiny.qrels"),
        "cannot be read": ("run", "--queries", folder / "tiny.tsv", "--qrels", folder / "absent"),
        "depth 5 cannot": ("run", "--queries", folder / "tiny.tsv", "--qrels", folder / "tiny.qrels", "--depth", "5"),
        "per_query.jsonl": ("compare", folder / "a", folder / "a"),
        "summary.json": ("compare", folder / "nothing", folder / "a"),
    }
    for message, arguments in wrong.items():
        result = call(*arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("Error: ")
        assert message in result.stderr
        assert "Traceback" not in result.stderr
    assert call("run", "--queries", "x").exit_code == 2
    assert run(folder, "--channel", "psychic").exit_code == 2


def test_import_is_light() -> None:  # 5
    code = "import sys, cli.evaluation; print({'scipy', 'ir_measures', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
