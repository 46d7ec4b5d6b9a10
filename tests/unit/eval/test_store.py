"""The run folder.

1. A run written and read back is the same run; written twice it is the same bytes.
2. `run.trec` holds every answer in order, with strictly falling scores.
3. A folder that is not a run is refused, with the file and the line.
4. A line separator inside a title does not break a line.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from eval.report import run_report
from eval.store import PER_QUERY, SUMMARY, read_run, run_files, write_files
from retrieval.errors import InputError
from tests.unit.eval import world


def files() -> dict[str, str]:
    evaluation = world.run()
    return run_files(evaluation, run_report(evaluation.summary, evaluation.outcomes))


def test_round_trip(tmp_path: Path) -> None:  # 1
    write_files(tmp_path / "new" / "folder", files())
    stored, evaluation = read_run(tmp_path / "new" / "folder"), world.run()
    assert (stored.summary, stored.outcomes) == (evaluation.summary, evaluation.outcomes)
    assert files() == files()


def test_trec_run() -> None:  # 2
    evaluation = world.run(name="tiny run")
    rows = [line.split() for line in run_files(evaluation, "")["run.trec"].splitlines()]
    assert {row[5] for row in rows} == {"tiny_run"}
    for answer in evaluation.answers:
        mine = [row for row in rows if row[0] == answer.qid]
        assert [row[2] for row in mine] == [doc_id for doc_id, _ in answer.ranking]
        assert [int(row[3]) for row in mine] == list(range(1, len(mine) + 1))
        assert [int(row[4]) for row in mine] == list(range(len(mine), 0, -1))


def test_damaged_folders(tmp_path: Path) -> None:  # 3
    with pytest.raises(InputError, match="cannot be read"):
        read_run(tmp_path)
    write_files(tmp_path, files())
    lines = (tmp_path / PER_QUERY).read_text(encoding="utf-8").split("\n")
    (tmp_path / PER_QUERY).write_text("\n".join([lines[0], '{"qid": 1}', *lines[2:]]), encoding="utf-8")
    with pytest.raises(InputError, match="qid: Input should be a valid string") as caught:
        read_run(tmp_path)
    assert caught.value.field == f"{tmp_path / PER_QUERY}:2"
    (tmp_path / SUMMARY).write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="Invalid JSON"):
        read_run(tmp_path)
    with pytest.raises(InputError, match="cannot be written"):
        write_files(tmp_path / SUMMARY, {})


def test_line_separators(tmp_path: Path) -> None:  # 4
    evaluation = world.run()
    odd = replace(evaluation.outcomes[0], query="红\u2028裙\u0085")
    write_files(tmp_path, run_files(replace(evaluation, outcomes=(odd, *evaluation.outcomes[1:])), ""))
    assert read_run(tmp_path).outcomes[0] == odd
