"""The example deployments of examples/opensearch fit the code, as far as can be told without Docker or Kubernetes:

1. They are YAML; services, volumes, secrets and config maps that are named are defined, and every mount has its volume.
2. Every setting in an environment or a config map is one of the schema and chooses the cluster.
3. Every `xunhuo` command in them exists with its options; probes ask paths that the service answers.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from configs.settings import NOT_SETTINGS, Settings, load_settings
from tests.unit.api import tiny_engine
from xunhuo.__main__ import app

FOLDER = Path(__file__).parents[2] / "examples" / "opensearch"
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
OBJECTS: list[dict[str, Any]] = list(yaml.safe_load_all((FOLDER / "kubernetes.yaml").read_text(encoding="utf-8")))
NAMED = {(entry["kind"], entry["metadata"]["name"]): entry for entry in OBJECTS}
OURS = [service for service in COMPOSE["services"].values() if service["image"].startswith("python:")]


def pods() -> Iterator[dict[str, Any]]:
    for entry in OBJECTS:
        spec = entry.get("spec", {})
        template = spec.get("jobTemplate", {}).get("spec", spec).get("template")
        if template:
            yield template["spec"]


def containers() -> Iterator[dict[str, Any]]:
    for pod in pods():
        yield from pod["containers"]


def commands() -> list[list[str]]:
    """What follows ``xunhuo`` in every command line."""
    lines = [shlex.split(service["command"])[-1] for service in OURS]
    said = [shlex.split(line)[1:] for text in lines for line in re.findall(r"xunhuo [^&]+", text)]
    return said + [container["args"][1:] for container in containers()]


def settings_of(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, *files: Path) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return load_settings(files)


def test_compose_is_whole() -> None:  # 1
    named = {name for service in COMPOSE["services"].values() for name in service.get("depends_on", {})}
    assert named <= set(COMPOSE["services"])
    mounted = {volume.split(":")[0] for service in COMPOSE["services"].values() for volume in service["volumes"]}
    assert {name for name in mounted if not name.startswith(".")} == set(COMPOSE["volumes"])
    assert COMPOSE["services"]["opensearch"]["healthcheck"]["test"]
    assert len(OURS) == 2


def test_kubernetes_is_whole() -> None:  # 1
    assert all(entry["apiVersion"] and entry["metadata"]["name"] for entry in OBJECTS)
    for pod in pods():
        volumes = {volume["name"] for volume in pod["volumes"]}
        assert {mount["name"] for container in pod["containers"] for mount in container["volumeMounts"]} <= volumes
        used = [v["configMap"]["name"] for v in pod["volumes"] if "configMap" in v]
        assert all(("ConfigMap", name) in NAMED for name in used)
        secrets = [source["secretRef"]["name"] for container in pod["containers"] for source in container["envFrom"]]
        assert secrets
        assert all(("Secret", name) in NAMED for name in secrets)
    deployment, service = NAMED["Deployment", "xunhuo"]["spec"], NAMED["Service", "xunhuo"]["spec"]
    labels = deployment["template"]["metadata"]["labels"]
    assert deployment["selector"]["matchLabels"] == labels == service["selector"]
    ports = [port["containerPort"] for c in deployment["template"]["spec"]["containers"] for port in c["ports"]]
    assert [port["targetPort"] for port in service["ports"]] == ports


@pytest.mark.parametrize("service", OURS, ids=lambda service: service["command"][-12:])
def test_compose_settings(service: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:  # 2
    settings = settings_of(service["environment"], monkeypatch)
    assert (settings.backend.name, settings.opensearch.urls) == ("opensearch", ("http://opensearch:9200",))


def test_kubernetes_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # 2
    overlay = tmp_path / "opensearch.yaml"
    overlay.write_text(NAMED["ConfigMap", "xunhuo"]["data"][overlay.name], encoding="utf-8")
    assert set(NAMED["Secret", "xunhuo-opensearch"]["stringData"]) <= set(NOT_SETTINGS)
    for container in containers():
        environment = {entry["name"]: entry["value"] for entry in container["env"]}
        mounts = [mount["mountPath"] for mount in container["volumeMounts"]]
        with monkeypatch.context() as patch:
            settings = settings_of(environment, patch, overlay)
        assert (settings.backend.name, str(settings.data_dir) in mounts) == ("opensearch", True)
        assert str(Path(str(settings.opensearch.ca_file)).parent) in mounts
        assert Path(container["args"][container["args"].index("--config") + 1]).name == overlay.name


@pytest.mark.parametrize("words", commands(), ids=lambda words: words[0])
def test_commands(words: list[str]) -> None:  # 3
    command = typer.main.get_command(app)
    with command.make_context("xunhuo", list(words), resilient_parsing=True) as context:
        name, found, rest = command.resolve_command(context, list(words))  # type: ignore[attr-defined]
        assert found.name == name == words[0]
        options = {option for parameter in found.params for option in parameter.opts}
        assert {word for word in rest if word.startswith("--")} <= options


def test_probes() -> None:  # 3
    probes = [
        c[name]["httpGet"]["path"] for c in containers() for name in ("readinessProbe", "livenessProbe") if name in c
    ]
    assert len(probes) == 2
    with tiny_engine.serving(tiny_engine.TinyEngine()) as client:
        assert [client.get(path).status_code for path in probes] == [200, 200]
