"""docs/quickstart.md, typed literally into a shell in an empty folder.

1. Every block succeeds, one after the other, and nothing is left out.
2. What it says of the answers is so, but for the divider, which needs the real encoder: two cups before the lid, the
   moment; the service has what changed.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.log_scan import SCAN

ROOT = Path(__file__).parents[2]
PATIENCE_S = 240
SETTINGS = {"XUNHUO_ENCODER__NAME": "hashing", "XUNHUO_API__REFRESH_SECONDS": "0.1"}
"""The encoder that is made in no time: the guide is about the commands."""


def test_it_is_as_the_guide_says(tmp_path: Path) -> None:
    guide = (ROOT / "docs/quickstart.md").read_text("utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", guide, re.DOTALL)
    assert len(blocks) == len(re.findall(r"^## [2-8]", guide, re.MULTILINE)) == 7
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
    script = "\n".join(["set -euo pipefail", "trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT", *blocks]).replace(
        "8000", port
    )
    commands = tmp_path / "bin"
    commands.mkdir()
    command = commands / "xunhuo"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m xunhuo "$@"\n')
    command.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("XUNHUO_")}
    environment |= {**SETTINGS, "PATH": f"{commands}:{environment['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=PATIENCE_S,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr  # 1
    SCAN.look_at((tmp_path / "shop" / "service.log").read_text("utf-8"), queries=False)

    def hits(file: str) -> dict[str, Any]:
        return {hit["id"]: hit for hit in json.loads((tmp_path / "shop" / file).read_text("utf-8"))["hits"]}

    explained, changed = hits("explained.json"), hits("changed.json")
    assert [*explained] == ["p1", "p2", "p3"]  # 2
    assert [moment["video_id"] for moment in explained["p1"]["moments"]] == ["v1"]
    assert set(hits("answer.json")) >= {"p1", "p2"}
    assert changed["p1"]["price"] == 59
    assert "p9" in changed
    assert "p3" not in changed
