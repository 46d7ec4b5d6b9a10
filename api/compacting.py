"""Has live changes built into a generation of their own while the service runs, in a process of low priority."""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import anyio
from anyio import to_thread

log = logging.getLogger("xunhuo.compact")

_NICE = 10


async def compact_now_and_then(compact: Callable[[], None], minutes: float) -> None:
    """Runs until it is cancelled; what cannot be done now is done later."""
    while True:
        await anyio.sleep(60 * minutes)
        try:
            await to_thread.run_sync(compact, abandon_on_cancel=True)
        except OSError as error:
            log.warning("changes are not compacted for now: %s", error)


def compact_aside(settings_json: str) -> None:
    """`xunhuo compact --if-due` with these settings; where another worker is at it, nothing is done."""
    with tempfile.TemporaryDirectory(prefix="xunhuo-compact-") as folder:
        file = Path(folder) / "settings.yaml"
        file.write_text(settings_json, "utf-8")  # JSON is YAML
        command = ["nice", "-n", str(_NICE), sys.executable, "-m", "xunhuo", "compact", "--if-due"]
        done = subprocess.run([*command, "--config", str(file)], capture_output=True, text=True, check=False)
    said = (done.stdout or done.stderr).strip().splitlines()
    (log.info if done.returncode == 0 else log.warning)("%s", said[-1] if said else "compaction ended")
