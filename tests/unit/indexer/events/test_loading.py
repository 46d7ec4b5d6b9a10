"""Events of files into the store.

1. Files and the API give the same: any events, in any order, in any split into files and calls, some by one way and
   some by the other, some twice, give the same events of every shopper.
2. A row that is no event is rejected with its line, its field and its reason; the others are kept.
3. A rebuild keeps the events that it learns from; rows that only teach are counted and not rejected.
4. A dry run keeps nothing and says what would be kept.
5. Without consent an event is not kept, and that is counted.
6. What is older than so many days before the newest event becomes counters, whatever the clock says.
7. What estimates from the log need (place, policy, propensity) is exported as it came, and loads again the same.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.gate import Gate
from api.interest import Shoppers
from api.options import ApiOptions
from indexer.events.loading import BATCH, EventKeeper, Kept, load_events
from indexer.sources.limits import Limits
from indexer.sources.readers import read_events
from indexer.sources.rejects import RejectLog
from retrieval.interest.keeping import prune_old
from retrieval.interest.rights import export
from retrieval.interest.sqlite_store import SqliteEventStore
from retrieval.interest.store import Choices
from tests import world

NOW = 2_000_000_000.0
CLICK: dict[str, Any] = {"ts": 1_714_521_600, "type": "click", "user_id": "u1", "item_id": "p1"}
WHO = [("u1", ""), ("u1", "s1"), ("u2", "s1"), ("", "s1"), ("", "s2")]


def load(store: SqliteEventStore | None, path: Path) -> tuple[Kept, RejectLog]:
    log = RejectLog(path.with_suffix(".rejects"))
    with log:
        return load_events([path], store, now=NOW, limits=Limits(), rejects=log), log


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[tuple[bool, list[dict[str, Any]]]]]:
    """Events, and the same in parts, each by a file (True) or a call."""
    fields = st.fixed_dictionaries(
        {"ts": st.integers(0, 30), "type": st.sampled_from(["click", "order", "search"]),
         "item_id": st.sampled_from(["p1", "p2"])},
        optional={"user_id": st.sampled_from(["u1", "u2"]), "query": st.text(max_size=3)},
    )  # fmt: skip
    events = [event | {"session_id": draw(st.sampled_from(["s1", "s2"]))} for event in draw(st.lists(fields))]
    for number, event in enumerate(events):
        if draw(st.booleans()):
            event["id"] = f"e{number}"
    shuffled = draw(
        st.permutations(events + draw(st.lists(st.sampled_from(events), max_size=5) if events else st.just([])))
    )
    parts = []
    while shuffled:
        size = draw(st.integers(1, len(shuffled)))
        parts.append((draw(st.booleans()), shuffled[:size]))
        shuffled = shuffled[size:]
    return events, parts


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(delivered=deliveries())
def test_files_and_calls_give_the_same(delivered: tuple[Any, Any]) -> None:  # 1
    events, parts = delivered
    states = []
    with tempfile.TemporaryDirectory() as folder:
        for turn, given_parts in enumerate(([(False, events)], parts)):
            with closing(SqliteEventStore(Path(folder) / f"{turn}.db")) as store:
                shoppers = Shoppers(store, ApiOptions(), Gate(1, 1, lambda _: None), now=lambda: NOW)
                for number, (by_file, part) in enumerate(given_parts):
                    if by_file:
                        load(store, world.write(Path(folder) / f"{turn}-{number}.jsonl", part))
                    else:
                        shoppers.keep(json.dumps({"events": part}, ensure_ascii=False).encode("utf-8", "replace"))
                states.append([store.of_user(*who) for who in WHO])
    assert states[0] == states[1]


def test_rejects(tmp_path: Path) -> None:  # 2
    path = world.write(tmp_path / "events.jsonl", [CLICK, CLICK | {"type": "bought"}, CLICK | {"ts": 9}])
    with closing(SqliteEventStore(tmp_path / "events.db")) as store:
        kept, log = load(store, path)
        assert kept == Kept(accepted=2)
        assert log.counts == {"invalid_choice": 1}
        [reject] = [orjson.loads(line) for line in path.with_suffix(".rejects").read_bytes().splitlines()]
        assert (reject["line"], reject["field"], reject["reason"]) == (2, "type", "invalid_choice")
        assert load(store, path)[0] == Kept(duplicates=2)


def test_what_only_teaches(tmp_path: Path) -> None:  # 3
    rows = [CLICK | {"ts": n} for n in range(BATCH + 5)] + [
        {"ts": 1, "type": "click", "item_id": "p"},
        CLICK | {"ts": 9e9},
    ]
    path = world.write(tmp_path / "events.jsonl", rows)
    with closing(SqliteEventStore(tmp_path / "events.db")) as store:
        keeper = EventKeeper(store, NOW)
        log = RejectLog()
        for record in read_events([path], limits=Limits(), rejects=log):
            keeper.add(record)
        assert len([*store.scan()]) == BATCH
        keeper.finish()
        assert keeper.kept == Kept(BATCH + 6, 0, 1, {"missing_field": 1})
        assert (log.accepted, log.total) == (BATCH + 7, 0)
        assert len([*store.scan()]) == BATCH + 6


def test_a_dry_run(tmp_path: Path) -> None:  # 4
    path = world.write(tmp_path / "events.jsonl", [CLICK, CLICK | {"ts": 9}])
    assert load(None, path)[0] == Kept(accepted=2)


def test_without_consent(tmp_path: Path) -> None:  # 5
    path = world.write(tmp_path / "events.jsonl", [CLICK, CLICK | {"user_id": "u2"}])
    with closing(SqliteEventStore(tmp_path / "events.db")) as store:
        store.choose("u1", Choices(consent=False))
        assert load(store, path)[0] == Kept(accepted=1, not_kept={"no_consent": 1})


def test_days_before_the_newest(tmp_path: Path) -> None:  # 6
    day = 86_400
    path = world.write(tmp_path / "events.jsonl", [CLICK | {"ts": n * day} for n in range(10)])
    with closing(SqliteEventStore(tmp_path / "events.db")) as store:
        assert prune_old(store, 3) == 0
        load(store, path)
        assert prune_old(store, 3) == 6
        assert [event.ts for event in store.scan()] == [n * day for n in (6, 7, 8, 9)]


def test_what_estimates_need_is_exported(tmp_path: Path) -> None:  # 7
    first = CLICK | {"id": "e1", "type": "impression", "position": 0, "policy": "draft:A", "propensity": 0.125}
    plain = CLICK | {"id": "e2", "position": 3}
    with closing(SqliteEventStore(tmp_path / "a.db")) as store, closing(SqliteEventStore(tmp_path / "b.db")) as again:
        load(store, world.write(tmp_path / "in.jsonl", [first, plain]))
        lines = [orjson.loads(line) for line in export(store, "u1")]
        assert {name: lines[1][name] for name in first} == first
        assert not {"policy", "propensity"} & set(lines[2])
        load(again, world.write(tmp_path / "out.jsonl", lines))
        assert again.of_user("u1") == store.of_user("u1")
        assert [event.position for event in again.of_user("u1")] == [0, 3]
