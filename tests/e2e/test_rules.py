"""Merchandising rules from a file to the shopper, by command and over HTTP, on one shop:

1. `xunhuo rules` checks, previews, publishes, lists, shows and exports; a running service follows at once.
2. A bad file is told whole and nothing is kept; products that are not there are only noted.
3. Over HTTP the same, in the described shapes; publishing needs If-Match, and the second of two is told.
4. What rules say stands in the answer of a search: banner, redirect, rewritten query, pins; explained, their names.
5. History says who changed what; an older version comes back as a new one, and a preview keeps nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.answer_schema import ErrorAnswer, SearchAnswer
from api.app import create_app
from api.options import ApiOptions
from api.rules_schema import CheckedAnswer, RuleHistoryAnswer, RuleSetAnswer, RulesPreviewAnswer
from indexer.rules.desk import RuleDesk
from retrieval.rules.book import RuleBook
from retrieval.wiring import open_engine
from retrieval.wiring.places import open_journal
from tests import world
from tests.e2e.command import HASHING, Ended, invoke

ADMIN = "/v1/admin/rules"
ROWS = world.products(80)
CUPS = [row["id"] for row in ROWS if "保温" in row["title"]]
TEA = next(row["id"] for row in ROWS if "茶" in row["title"] and row.get("stock"))
FILE = f"""
rules:
  - id: cups
    name: 保温杯 首位
    when: {{query: 保温杯}}
    pin: {{id: {TEA}, at: 2}}
    hide: {{ids: [{CUPS[0]}, nobody]}}
    banner: {{id: b1, text: 新年好, link: /new-year}}
  - id: written
    when: {{query: 杯子保温}}
    rewrite: 保温杯
  - {{id: late, from: 2999-01-01 00:00, when: {{query: 炒锅}}, redirect: {{channel: 厨房}}}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data_dir = tmp_path_factory.mktemp("shop") / "data"
    world.publish(data_dir, ROWS)
    (data_dir / "rules.yaml").write_text(FILE, encoding="utf-8")
    return data_dir


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    settings = world.settings(folder)
    engine = open_engine(settings)
    desk = RuleDesk(
        RuleBook(open_journal(settings)), lambda: engine.serving.reader, lambda: engine, most_rules=9, most_queries=3
    )
    app = create_app(engine, options=ApiOptions(request_timeout_ms=60_000), close_engine=True, rules=desk)
    with TestClient(app, raise_server_exceptions=False) as running:
        yield running


@pytest.fixture(autouse=True)
def no_rules(folder: Path) -> None:
    """Each test begins without any in force, whatever the history."""
    from indexer.rules.publish import rollback

    with closing(open_journal(world.settings(folder))) as journal:
        rollback(RuleBook(journal), 0, by="test", note="", now=0.0)


def rules(folder: Path, *arguments: str | Path) -> Ended:
    return invoke("rules", *arguments, "--data-dir", folder, *HASHING)


def search(client: TestClient, query: str, **more: Any) -> SearchAnswer:
    found = client.post("/v1/search", json={"query": query, "size": 5, **more})
    return SearchAnswer.model_validate(found.json())


def test_commands(client: TestClient, folder: Path) -> None:  # 1, 4, 5
    file = folder / "rules.yaml"
    before = search(client, "保温杯")
    assert before.rules is None
    assert "3 rules can be published" in rules(folder, "validate", file).out
    looked = rules(folder, "preview", file, "--json").json
    assert [(each["query"], each["after"]["held"]) for each in looked["queries"]] == [
        ("保温杯", ["cups"]), ("炒锅", []), ("杯子保温", ["cups", "written"]),
    ]  # fmt: skip
    assert looked["silent"] == ["late"]
    assert [(one["before"], one["after"]) for one in looked["queries"][0]["moved"] if one["id"] == TEA] == [(None, 2)]
    later = rules(folder, "preview", file, "--at", "2999-06-01", "--json").json
    assert later["queries"][1]["after"]["redirect"] == "厨房"
    assert search(client, "保温杯").hits == before.hits  # a preview keeps nothing
    said = rules(folder, "publish", file, "--note", "年货节")
    assert "is in force: 3 rules" in said.out
    assert "there is no product nobody" in said.err
    after = search(client, "保温杯", explain=True)
    assert (after.hits[1].id, after.hits[1].pinned) == (TEA, True)
    assert after.hits[1].explain is not None
    assert [(one.rule, one.name, one.action) for one in after.hits[1].explain.rules] == [("cups", "保温杯 首位", "pin")]
    assert after.total == before.total  # one is hidden, and one is pinned that was no match
    assert after.rules is not None
    assert [(b.id, b.text, b.link) for b in after.rules.banners] == [("b1", "新年好", "/new-year")]
    assert [rule.id for rule in after.rules.held] == ["cups"]
    written = search(client, "杯子保温")
    assert written.rules is not None
    assert (written.rules.rewritten, written.rules.held) == ("保温杯", [])
    assert [hit.id for hit in written.hits] == [hit.id for hit in after.hits]
    as_typed = search(client, "杯子保温", ignore=["rewrite"])
    assert as_typed.rules is not None
    assert (as_typed.rules.rewritten, as_typed.query.text) == (None, "杯子保温")
    assert [row["id"] for row in rules(folder, "list", "--json").json] == ["cups", "late", "written"]
    assert "rewrite: 保温杯" in rules(folder, "show", "written").out
    last = rules(folder, "history", "--json").json[-1]
    assert (last["note"], last["new"], last["by"]) == ("年货节", ["cups", "written", "late"], "xunhuo rules")
    (folder / "again.yaml").write_text(rules(folder, "export").out, encoding="utf-8")
    assert f"version {last['version']} of" in rules(folder, "publish", folder / "again.yaml").out
    assert "is in force" in rules(folder, "rollback", "0").out
    assert search(client, "保温杯").rules is None


def test_bad_files(client: TestClient, folder: Path) -> None:  # 2
    file, known = folder / "bad.yaml", len(rules(folder, "history", "--json").json)
    file.write_text("rules: [{id: a, pin: {id: p, at: 0}}, {id: b, when: {query: 茶}}]", encoding="utf-8")
    for command in ("validate", "publish"):
        said = rules(folder, command, file).failed_clearly(2)
        assert "a: pin[0].at: " in said
        assert "b: it does nothing" in said
    assert len(rules(folder, "history", "--json").json) == known
    assert "there is no rule none" in rules(folder, "show", "none").failed_clearly(4)
    assert "there is no version 999" in rules(folder, "rollback", "999").failed_clearly(4)


def failure(answer: Any) -> tuple[int, str]:
    error = ErrorAnswer.model_validate(answer.json()).error
    assert error.hint
    return answer.status_code, error.code


def test_over_http(client: TestClient) -> None:  # 3, 5
    empty = client.get(ADMIN)
    assert RuleSetAnswer.model_validate(empty.json()).document == {"rules": []}
    tag = empty.headers["ETag"]
    checked = CheckedAnswer.model_validate(client.post(f"{ADMIN}/validate", json={"rules": FILE}).json())
    assert (checked.rules, checked.publishable, [p.fatal for p in checked.problems]) == (3, True, [False])
    body = {"rules": {"rules": [{"id": "x", "when": {"phrase": "保温杯"}, "bury": {"ids": CUPS[:2]}}]}, "note": "why"}
    looked = client.post(f"{ADMIN}/preview", json={"rules": body["rules"], "queries": ["保温杯", "红茶"]})
    found = RulesPreviewAnswer.model_validate(looked.json())
    assert [(each.after.held, bool(each.moved)) for each in found.queries] == [(["x"], True), ([], False)]
    many = {"rules": FILE, "queries": ["a", "b", "c", "d"]}
    assert failure(client.post(f"{ADMIN}/preview", json=many)) == (400, "invalid_request")
    assert failure(client.post(f"{ADMIN}/publish", json=body)) == (428, "precondition_required")
    done = client.post(f"{ADMIN}/publish", json=body, headers={"If-Match": tag})
    published = RuleSetAnswer.model_validate(done.json())
    assert published.version is not None
    assert (published.version.note, published.version.rules) == ("why", 1)
    assert done.headers["ETag"] != tag
    late = client.post(f"{ADMIN}/publish", json={"rules": FILE}, headers={"If-Match": tag})
    assert failure(late) == (412, "version_conflict")
    bad = client.post(f"{ADMIN}/publish", json={"rules": {"rules": [{"id": "y"}]}}, headers={"If-Match": "*"})
    assert failure(bad) == (400, "rules")
    history = RuleHistoryAnswer.model_validate(client.get(f"{ADMIN}/history").json())
    assert history.versions[-1] == published.version
    one = client.get(f"{ADMIN}/versions/{published.version.number}").json()
    assert one["document"] == body["rules"]
    assert failure(client.get(f"{ADMIN}/versions/999")) == (404, "not_found")
    back = client.post(f"{ADMIN}/rollback", json={"version": 0}, headers={"If-Match": done.headers["ETag"]})
    assert back.json()["version"]["restored"] == 0
    assert failure(client.post(f"{ADMIN}/rollback", json={"version": 999}, headers={"If-Match": "*"}))[0] == 404
