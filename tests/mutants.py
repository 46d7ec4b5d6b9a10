"""``make mutants ROOM=retrieval/fusion``: which small changes of the code do the tests of its room not see?

mutmut makes the changes, one at a time: another operator, a number one higher, an argument left out, None for a value.
What the type checker refuses is seen without a test. A room is judged by its own tests alone, since those are what
whoever works there runs; what only a test of the whole service sees is missing from the room. How long a room takes,
and which survivors are accepted, says docs/testing.md.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
UNIT = "tests/unit/retrieval"
ROOMS = {
    "retrieval/fusion": (f"{UNIT}/test_fusers.py",),
    "retrieval/cursor.py": (f"{UNIT}/test_cursor.py",),
    "retrieval/request.py": (f"{UNIT}/test_request.py",),
    "retrieval/serving/once.py": (f"{UNIT}/serving/test_once.py",),
    "retrieval/generations.py": (f"{UNIT}/test_generations.py",),
    "retrieval/serving/opened.py": (f"{UNIT}/test_engine.py", f"{UNIT}/test_live_dictionaries.py"),
    "retrieval/engine.py": (f"{UNIT}/test_engine.py", f"{UNIT}/test_live_dictionaries.py", f"{UNIT}/lists"),
    "retrieval/recall": (f"{UNIT}/recall", f"{UNIT}/lists/test_select.py"),
    "retrieval/lists": (f"{UNIT}/lists",),
    "retrieval/ranking": (f"{UNIT}/ranking",),
    "retrieval/understanding": (f"{UNIT}/understanding",),
    "indexer/checks": ("tests/unit/indexer/checks",),
    "eval/measures.py": ("tests/unit/eval/test_measures.py",),
    "eval/statistics.py": ("tests/unit/eval/test_statistics.py",),
    "eval/slices.py": ("tests/unit/eval/test_slices.py",),
    "eval/summary.py": ("tests/unit/eval/test_run.py",),
    "eval/compare.py": ("tests/unit/eval/test_compare.py",),
}
"""Room → its tests. A folder or a file below a room is judged by the tests of the room."""

LINKED = ("api", "cli", "configs", "demo", "eval", "indexer", "retrieval", "xunhuo", "tests")
SEEN = frozenset({"killed", "caught by type check", "timeout"})


def main(room: str = "", again: str = "", *some: str) -> None:
    """Runs the mutants of `room`, a path below one of `ROOMS`, and prints the survivors and the share that was seen.

    Args:
        again: when not empty, only what survived the last run is tried.
        some: the tests that judge instead of all those of the room: the quick ones, say.
    """
    room = room.rstrip("/")
    tests = some or next((tests for name, tests in ROOMS.items() if f"{room}/".startswith(f"{name}/")), ())
    if not tests:
        sys.exit(f"ROOM={room} is none of the core; name one of these, or a path below it: {', '.join(ROOMS)}")
    work, begun = ROOT / "mutants" / room.replace("/", "."), time.monotonic()
    if not again:
        shutil.rmtree(work, ignore_errors=True)
    _lay_out(work, room, tests)
    survivors = _unseen(_verdicts(work)) if again else ()
    # Which test runs which function may have changed with the tests.
    (work / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)
    _mutmut(work, "run", *survivors)
    verdicts = _verdicts(work)
    for name in _unseen(verdicts):
        print(f"\n{verdicts[name]}: {_mutmut(work, 'show', name)}")
    counts = Counter(verdicts.values())
    share = sum(counts[verdict] for verdict in SEEN) / max(1, len(verdicts))
    print(f"\n{len(verdicts)} mutants, {share:.1%} seen, {time.monotonic() - begun:.0f} s: {dict(counts)}")


def _lay_out(work: Path, room: str, tests: tuple[str, ...]) -> None:
    """A folder that looks to mutmut like the project, with a configuration for this room."""
    work.mkdir(parents=True, exist_ok=True)
    for name in LINKED:
        if not (work / name).is_symlink():
            (work / name).symlink_to(ROOT / name)
    settings = {
        "source_paths": [name for name in LINKED if name != "tests"],
        "only_mutate": [room if room.endswith(".py") else f"{room}/*"],
        "pytest_add_cli_args_test_selection": tests,
        "type_check_command": ["mypy", "--output=json", "--no-warn-unused-ignores", room],
    }
    own = "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())
    project = (ROOT / "pyproject.toml").read_text()
    (work / "pyproject.toml").write_text(project.replace("[tool.mutmut]\n", f"[tool.mutmut]\n{own}"))


def _mutmut(work: Path, *command: str) -> str:
    """What it prints, which of a long run is a page of spinning wheels."""
    tools = Path(sys.executable).parent
    path = os.environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([tools / "mutmut", *command], cwd=work, capture_output=True, text=True, env=path)
    if done.returncode:
        sys.exit(f"mutmut {command[0]} did not get to its end:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def _verdicts(work: Path) -> dict[str, str]:
    """Mutant → what became of it."""
    lines = _mutmut(work, "results", "--all", "true").splitlines()
    return {name.strip(): verdict for name, _, verdict in (line.rpartition(": ") for line in lines) if name}


def _unseen(verdicts: dict[str, str]) -> list[str]:
    return [name for name, verdict in verdicts.items() if verdict not in SEEN]


if __name__ == "__main__":
    main(*sys.argv[1:])
