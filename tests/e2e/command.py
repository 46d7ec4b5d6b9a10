"""The `xunhuo` command, in this process or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import typer.testing

from xunhuo.__main__ import app

PATIENCE_S = 120
TERMINAL = {"COLUMNS": "200", "NO_COLOR": "1"}
HASHING = ("--set", "encoder.name=hashing", "--set", "encoder.options={dim: 32}")
"""The encoder that needs no files, as in `tests.world.settings`."""

# All commands are made once, not at every call of one: that takes longer than most of them.
typer.testing._get_command = cache(typer.main.get_command)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return orjson.loads(self.out)

    def failed_clearly(self, code: int) -> str:
        """Asserts the exit code and one clear message without a traceback; returns the message."""
        assert self.code == code, (self.out, self.err)
        assert self.err.count("Error: ") == 1, self.err
        for unclear in ("Traceback", "panicked", "Exception ignored", "__", "site-packages"):
            assert unclear not in self.err, self.err
        return self.err[self.err.index("Error: ") + 7 :]


Xunhuo = Callable[..., Ended]
"""`invoke` with the options of one data folder."""


def invoke(*arguments: str | Path) -> Ended:
    """The command inside this process; an exception that it does not expect fails the test."""
    result = typer.testing.CliRunner(env=TERMINAL).invoke(app, list(map(str, arguments)))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ended(result.exit_code, result.stdout, result.stderr)


def start(*arguments: str | Path, **how: Any) -> subprocess.Popen[str]:
    """Starts `xunhuo` with these arguments."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XUNHUO_")}
    return subprocess.Popen(
        [sys.executable, "-m", "xunhuo", *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env=environment | TERMINAL, **how,
    )  # fmt: skip


def run(*arguments: str | Path, before: Callable[[], None] | None = None, cwd: Path | None = None) -> Ended:
    """Runs it to its end; `before` is called in the new process, before the command."""
    with start(*arguments, preexec_fn=before, cwd=cwd) as process:
        out, err = process.communicate(timeout=PATIENCE_S)
    return Ended(process.returncode, out, err)
