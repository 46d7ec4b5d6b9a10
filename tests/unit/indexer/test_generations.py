"""What operators ask about generations, over two of a small mall:

1. All are told, the newest first, with what the checks said; of one that was refused what they found is left.
2. Another one is served by whoever says so; that is in the history, the newest first.
3. Who looked at another served generation than the one that is, is told, and nothing changes.
4. One that is not there, or was refused, is not served; before the oldest there is none.
"""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from indexer.generations import GenerationDesk
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.changes.sqlite_journal import SqliteJournal
from retrieval.errors import NotFound, VersionConflict
from tests import world


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generations")
    for _ in range(2):
        world.publish(folder, world.products(40))
    return folder


@pytest.fixture
def desk(data: Path, tmp_path: Path) -> GenerationDesk:
    """The newer of the two is served."""
    backend = EmbeddedBackend(data)
    backend.publish(backend.manifests()[-1].generation)
    refused = tmp_path / "rejects" / "g30"
    refused.mkdir(parents=True)
    told = {"against": "g1", "found": {"counts": ["too few"], "integrity": []}, "seconds": {"counts": 0.5}}
    (refused / "gates.json").write_bytes(orjson.dumps(told))
    fine = tmp_path / "rejects" / "g31"  # published, and pruned since
    fine.mkdir()
    (fine / "gates.json").write_bytes(orjson.dumps(told | {"found": {"counts": []}}))
    return GenerationDesk(backend, lambda: backend, SqliteJournal(tmp_path / "journal.db"), tmp_path / "rejects")


def test_all(desk: GenerationDesk) -> None:  # 1
    refused, newer, older = desk.all()
    assert (refused.generation, refused.refused, refused.serving) == ("g30", True, False)
    assert (refused.failed, refused.passed, refused.against) == ({"counts": ["too few"]}, ("integrity",), "g1")
    assert newer.generation > older.generation
    assert [one.serving for one in (newer, older)] == [True, False]
    assert newer.documents["product"] == 40
    assert (newer.failed, newer.against, older.against) == ({}, older.generation, None)
    assert {"counts", "gold"} <= set(newer.passed)
    assert desk.one(older.generation) == older


def test_switches(desk: GenerationDesk) -> None:  # 2, 3, 4
    _, newer, older = (one.generation for one in desk.all())
    assert desk.before() == older
    with pytest.raises(VersionConflict, match=f"{newer} is served, not {older}"):
        desk.serve(newer, by="小王", expected=older)
    made = desk.serve(older, by="小王", note="相关性下降", expected=newer)
    assert (made.generation, made.was, made.by, made.note) == (older, newer, "小王", "相关性下降")
    assert [one.serving for one in desk.all()] == [False, False, True]
    back = desk.serve(newer, by="小李")
    assert desk.history() == [back, made]
    with pytest.raises(NotFound, match="g30 was refused"):
        desk.serve("g30", by="小王")
    with pytest.raises(NotFound, match="no generation g9"):
        desk.serve("g9", by="小王")
    desk.serve(older, by="小王")
    with pytest.raises(NotFound, match=f"no generation before {older}"):
        desk.before()
