"""What operators did, counted:

1. Every route on which an operator changes something, and a shopper and an indexer may not, is an act or a look.
2. What was done is counted by kind; what was refused, and what is only looked at, is not.
"""

from __future__ import annotations

from api.acts import ACTS, LOOKS
from api.auth.table import LINES, Cell
from api.metrics import Metrics
from retrieval.keys.key import Role


def test_every_act_has_its_kind() -> None:  # 1
    theirs = {
        (method, path)
        for (method, path), line in LINES.items()
        if method != "GET"
        and (line.of(Role.OPERATOR), line.of(Role.SEARCH), line.of(Role.INDEXER)) == (Cell.YES, Cell.NO, Cell.NO)
    }
    assert theirs == ACTS.keys() | LOOKS
    assert not ACTS.keys() & LOOKS


def test_what_was_done() -> None:  # 2
    metrics = Metrics()
    for (method, path), status in [
        *((each, 200) for each in [*ACTS, *LOOKS]),
        (("PUT", "/v1/dictionaries/{name}"), 412),
    ]:
        metrics.observe_request(method, path, status, 0.0)
    counted = [
        line for line in metrics.exposition().decode().splitlines() if line.startswith("xunhuo_desk_acts_total{")
    ]
    assert len(counted) == len(set(ACTS.values()))
    assert 'xunhuo_desk_acts_total{act="dictionary_edited"} 1.0' in counted
    assert 'xunhuo_desk_acts_total{act="restored"} 2.0' in counted
