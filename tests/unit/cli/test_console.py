"""How a command ends that finds nothing to search:

1. With 4 and one message; where the demo mall was built, the message holds a command that works.
2. The command is named as it was called, unless a folder of PATH holds it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import typer

from cli.console import DEMO, called, clear_errors
from cli.generations import serving_name
from retrieval.errors import NotReady


def fail(error: Exception | None) -> None:
    if error:
        raise error
    serving_name(None)


def message(capsys: pytest.CaptureFixture[str], error: Exception | None) -> str:
    with pytest.raises(typer.Exit) as caught, clear_errors():
        fail(error)
    assert caught.value.exit_code == 4
    return capsys.readouterr().err


@pytest.mark.parametrize("error", [None, NotReady("no generation is published yet")])
def test_the_demo_is_shown(
    error: Exception | None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:  # 1
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [".venv/bin/xunhuo", "search", "保温杯"])
    assert "--data-dir" not in message(capsys, error)
    (tmp_path / DEMO).mkdir(parents=True)
    assert "--data-dir" not in message(capsys, error)
    (tmp_path / DEMO / "CURRENT").write_text("g1")
    said = message(capsys, error)
    assert said.startswith("Error: no generation is published yet")
    assert ".venv/bin/xunhuo search … --data-dir data/demo" in said


def test_the_command_as_it_was_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # 2
    command = tmp_path / "xunhuo"
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(command)])
    monkeypatch.setenv("PATH", "")
    assert called() == str(command)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert called() == "xunhuo"
