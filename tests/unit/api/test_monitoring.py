"""What an operator is given to watch a service with:

1. The dashboard is one that Grafana loads: every panel has a title, a description, a place of its own and queries.
2. Every metric that the dashboard or an alert names is one that a service exposes, with the labels that are named.
3. Every metric that a service exposes is on the dashboard, but for those that others are read with.
4. Every alert says what is wrong, how bad that is, and what to do first; commands in it exist.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.unit.api.tiny_engine import TinyEngine, serving
from xunhuo.__main__ import app

FOLDER = Path(__file__).parents[3] / "examples" / "monitoring"
DASHBOARD: dict[str, Any] = json.loads((FOLDER / "grafana.json").read_text("utf-8"))
ALERTS: list[dict[str, Any]] = yaml.safe_load((FOLDER / "alerts.yaml").read_text("utf-8"))["groups"][0]["rules"]
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
NAME = re.compile(r"\bxunhuo_[a-z_]+")
SELECTED = re.compile(r"\b(xunhuo_[a-z_]+)\{([^}]*)\}")
GIVEN_BY_PROMETHEUS = {"job", "instance", "le"}


@pytest.fixture(scope="module")
def exposed() -> dict[str, set[str]]:
    """Name of a sample → the labels that it may have."""
    found: dict[str, set[str]] = {}
    with serving(TinyEngine(), max_concurrency=1, max_waiting=0) as client:
        client.get("/v1/search?q=杯")
        text = client.get("/metrics").text
    for family in text_string_to_metric_families(text):
        if family.name.endswith("_created"):
            continue
        suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}.get(family.type, ("",))
        labels = {name for sample in family.samples for name in sample.labels}
        found |= {family.name + suffix: labels for suffix in suffixes}
    return found


def test_the_dashboard_is_one() -> None:  # 1
    panels = DASHBOARD["panels"]
    assert {"title", "uid", "schemaVersion", "templating", "time"} <= DASHBOARD.keys()
    assert [panel["id"] for panel in panels] == list(range(1, len(panels) + 1))
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}
    assert len(places) == len(panels)
    variables = {variable["name"] for variable in DASHBOARD["templating"]["list"]}
    for panel in panels:
        assert panel["title"]
        assert panel["description"]
        assert panel["targets"]
        named = set(re.findall(r"\$\{?(\w+)", json.dumps(panel))) - {"__rate_interval"}
        assert named <= variables


@pytest.mark.parametrize("query", [*QUERIES, *(rule["expr"] for rule in ALERTS)])
def test_what_is_named_is_there(query: str, exposed: dict[str, set[str]]) -> None:  # 2
    assert query.count("(") == query.count(")")
    names = set(NAME.findall(query))
    assert names - exposed.keys() == set()
    for name, selectors in SELECTED.findall(query):
        labels = set(re.findall(r"(\w+)=", selectors)) - GIVEN_BY_PROMETHEUS
        assert labels <= exposed[name] or not exposed[name], name


def test_what_is_there_is_shown(exposed: dict[str, set[str]]) -> None:  # 3
    shown = {re.sub(r"_(bucket|count|sum|total)$", "", name) for query in QUERIES for name in NAME.findall(query)}
    assert {re.sub(r"_(bucket|count|sum|total)$", "", name) for name in exposed} - shown == set()


@pytest.mark.parametrize("rule", ALERTS, ids=[rule["alert"] for rule in ALERTS])
def test_an_alert_says_what_to_do(rule: dict[str, Any]) -> None:  # 4
    assert re.fullmatch(r"Xunhuo[A-Z]\w+", rule["alert"])
    assert re.fullmatch(r"\d+[mh]", rule["for"])
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"].keys() == {"summary", "action"}
    assert all(len(text) > 20 for text in rule["annotations"].values())
    commands = typer.main.get_command(app)
    for command in re.findall(r"`xunhuo (\w+)", rule["annotations"]["action"]):
        assert command in commands.commands  # type: ignore[attr-defined]
