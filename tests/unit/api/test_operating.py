"""What the desk asks, over HTTP:

1. Every route answers in the described shape, and says who did it.
2. What is not there is 404, what somebody else was faster with 409, what makes no sense 400 with its field.
3. Files come as what they are: CSV, judgments, a report that is kept and not shown.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.insight_schema import FieldsAnswer, UnansweredListAnswer
from api.judging_schema import SetsAnswer, TaskAnswer
from api.operating import Operating
from api.operating_schema import GenerationsAnswer, QueueAnswer, VerdictAnswer
from api.options import ApiOptions
from api.routes.insight import Insight
from api.routes.reports import ReportsAnswer
from indexer.generations import GenerationDesk
from indexer.judging.desk import JudgingDesk
from indexer.listing.queue import ListingQueue
from indexer.reports import Reports
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.changes.sqlite_journal import SqliteJournal
from retrieval.interest.event import EventType, ShopperEvent
from retrieval.interest.sqlite_store import SqliteEventStore
from tests.unit.api.tiny_engine import TinyEngine

ADMIN = "/v1/admin"
FINDING = {
    "id": "p1",
    "title": "最好的杯子",
    "rule": "absolute_words",
    "decision": "flag",
    "matched": "最好",
    "message": "…",
}
GATES = {"against": "g1", "found": {"counts": ["too few"]}, "seconds": {"counts": 0.1}}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """Over what a rebuild, an evaluation and two shoppers left."""
    engine, backend = TinyEngine(), EmbeddedBackend(tmp_path)
    journal, events = SqliteJournal(tmp_path / "journal.db"), SqliteEventStore(tmp_path / "events.db")
    rejects, reports = tmp_path / "rejects", tmp_path / "reports"
    for path, content in (
        (rejects / "g1" / "listing.jsonl", FINDING), (rejects / "g2" / "gates.json", GATES),
        (reports / "base" / "summary.json", {"name": "base"}),
    ):  # fmt: skip
        path.parent.mkdir(parents=True)
        path.write_bytes(orjson.dumps(content))
    for user in ("u1", "u2"):
        events.add([ShopperEvent(user, time.time() - 60, EventType.SEARCH, user, query="飞行汽车", surface="search")])
    operating = Operating(
        GenerationDesk(backend, lambda: backend, journal, rejects), ListingQueue(journal, rejects),
        Insight(events, lambda: None, engine.search, 2, 0.8), JudgingDesk(journal, engine.search), Reports(reports),
        lambda: engine.generation,
    )  # fmt: skip
    app = create_app(engine, options=ApiOptions(request_timeout_ms=60_000), operating=operating)
    with TestClient(app, raise_server_exceptions=False) as running:
        yield running
    journal.close()


def test_generations_and_listing(client: TestClient) -> None:  # 1, 2
    [refused] = GenerationsAnswer.model_validate(client.get(f"{ADMIN}/generations").json()).generations
    assert (refused.generation, refused.refused, refused.failed) == ("g2", True, {"counts": ["too few"]})
    for name in ("g2", "g9"):
        assert client.post(f"{ADMIN}/generations/serve", json={"generation": name}).status_code == 404
    found = QueueAnswer.model_validate(client.get(f"{ADMIN}/listing").json())
    assert ([each.id for each in found.listings], found.open, found.generation) == (["p1"], 1, "g1")
    said = client.post(f"{ADMIN}/listing/verdict", json={"id": "p1", "verdict": "right", "note": "书名"})
    looked = VerdictAnswer.model_validate(said.json()).listing.looked
    assert looked
    assert (looked.verdict, looked.by, looked.note) == ("right", "api", "书名")
    assert client.get(f"{ADMIN}/listing").json()["total"] == 0
    assert client.get(f"{ADMIN}/listing?state=looked").json()["total"] == 1
    wrong = client.post(f"{ADMIN}/listing/verdict", json={"id": "p1", "verdict": "maybe"})
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (400, "verdict")
    assert client.post(f"{ADMIN}/listing/verdict", json={"id": "p9", "verdict": "right"}).status_code == 404


def test_insight_and_reports(client: TestClient) -> None:  # 1, 2, 3
    fields = FieldsAnswer.model_validate(client.get(f"{ADMIN}/fields?days=2").json()).fields
    assert {row.field: row.shoppers for row in fields if row.shoppers} == {"search": 2}
    csv = client.get(f"{ADMIN}/fields/csv?days=2")
    assert csv.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert csv.text.startswith("field,shoppers,")
    assert client.get(f"{ADMIN}/fields?days=0").status_code == 400
    [query] = UnansweredListAnswer.model_validate(client.get(f"{ADMIN}/queries/unanswered").json()).queries
    assert (query.query, query.why, query.shoppers, query.total) == ("飞行汽车", "nothing", 2, 0)
    [report] = ReportsAnswer.model_validate(client.get(f"{ADMIN}/reports").json()).reports
    assert (report.name, report.kind, report.files) == ("base", "run", ["summary.json"])
    kept = client.get(f"{ADMIN}/reports/base/summary.json")
    assert (kept.json(), kept.headers["Content-Disposition"]) == ({"name": "base"}, "attachment")
    assert client.get(f"{ADMIN}/reports/base/other.json").status_code == 404


def test_judging(client: TestClient) -> None:  # 1, 2, 3
    body = {"name": "cups", "queries": ["杯"], "depth": 5}
    [made] = SetsAnswer.model_validate(client.post(f"{ADMIN}/judging", json=body).json()).sets
    assert (made.size, made.by, made.agreement) == (1, "api", None)
    assert client.post(f"{ADMIN}/judging", json=body | {"queries": ["汉服"]}).status_code == 409
    nobody = client.get(f"{ADMIN}/judging/cups/next")
    assert (nobody.status_code, nobody.json()["error"]["field"]) == (400, "judge")
    for judge, grade in (("小王", 3), ("小李", 1)):
        task = TaskAnswer.model_validate(client.get(f"{ADMIN}/judging/cups/next", params={"judge": judge}).json())
        assert task.topic
        assert (task.topic.documents[0].id, task.given, task.disputed) == ("p1", {}, [])
        said = {"judge": judge, "qid": task.topic.qid, "grades": {"p1": grade}}
        done = TaskAnswer.model_validate(client.post(f"{ADMIN}/judging/cups/grades", json=said).json())
        assert (done.topic, done.done) == (None, 1)
    assert [each.grades for each in done.disputed] == [[3, 1]]
    [both] = SetsAnswer.model_validate(client.get(f"{ADMIN}/judging").json()).sets
    assert both.agreement
    assert (both.finished, both.judges, both.agreement.same) == (True, {"小王": 1, "小李": 1}, 0.0)
    assert client.get(f"{ADMIN}/judging/cups/export").text == "cups-1 0 p1 1\n"
    assert client.get(f"{ADMIN}/judging/cups/export?file=queries").text == "cups-1\t杯\n"
    assert client.get(f"{ADMIN}/judging/cups/next?judge=third").status_code == 409
    assert client.get(f"{ADMIN}/judging/bowls/next?judge=x").status_code == 404
