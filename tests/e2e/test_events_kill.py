"""Ingestion that is killed (SIGKILL) twenty times, at any moment.

1. Every event that was acknowledged is there, once.
2. The call that was under way is there whole or not at all; sent again, it counts once.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.interest.sqlite_store import SqliteEventStore

ROOT = Path(__file__).parents[2]
KILLS, BATCH, SEED = 20, 50, 20_260_101

# Shoppers of each call's own: of one who does more than the store keeps, the oldest acts become counters.
# What the route does with a body; a line is written once the answer would be sent.
_SERVICE = f"""
import json, sys
from pathlib import Path
from api.gate import Gate
from api.interest import Shoppers
from api.options import ApiOptions
from retrieval.interest.sqlite_store import SqliteEventStore
shoppers = Shoppers(SqliteEventStore(Path(sys.argv[1])), ApiOptions(), Gate(1, 1, print))
for number in range(int(sys.argv[2]), 10**9):
    events = [
        {{"id": f"e{{number}}.{{n}}", "ts": number, "type": "click", "user_id": f"u{{number}}.{{n % 7}}",
          "item_id": "p" * 200}}
        for n in range({BATCH})
    ]
    answer = shoppers.keep(json.dumps({{"events": events}}).encode())
    print(number, answer["accepted"], answer["duplicates"], flush=True)
"""


@pytest.mark.slow
def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:  # 1, 2
    path, rng = tmp_path / "events.db", random.Random(SEED)
    following, acknowledged = 0, 0
    for _ in range(KILLS):
        command = [sys.executable, "-c", _SERVICE, str(path), str(following)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as service:
            assert service.stdout is not None
            lines = [service.stdout.readline()]
            try:
                service.wait(rng.random() * 0.2)
            except subprocess.TimeoutExpired:
                service.kill()
            lines += service.stdout.read().splitlines()
        assert service.returncode == -signal.SIGKILL
        answers = [tuple(map(int, line.split())) for line in lines if len(line.split()) == 3]
        # The first call is the one that was under way at the kill before: whole, or not at all.
        assert answers[0][1:] in ((BATCH, 0), (0, BATCH))
        assert {answer[1:] for answer in answers[1:]} <= {(BATCH, 0)}
        acknowledged, following = answers[-1][0] + 1, answers[-1][0] + 1
        store = SqliteEventStore(path)
        found = [event.id for event in store.scan()]
        store.close()
        assert len(found) == len(set(found))
        assert {f"e{number}.{n}" for number in range(acknowledged) for n in range(BATCH)} <= set(found)
        assert len(found) in (acknowledged * BATCH, (acknowledged + 1) * BATCH)
    assert acknowledged > 5 * KILLS
