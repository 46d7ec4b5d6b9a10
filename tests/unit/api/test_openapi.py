"""The description of the API.

1. It is a valid OpenAPI document in which every reference leads somewhere.
2. Its examples are requests that work.
3. It names the bounds of this very service and an error schema for every status above 200.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi.openapi.models import OpenAPI

from tests.unit.api.tiny_engine import TinyEngine, serving

ERROR = "#/components/schemas/ErrorAnswer"


def document(**options: Any) -> dict[str, Any]:
    with serving(TinyEngine(), **options) as client:
        answer: dict[str, Any] = client.get("/openapi.json").json()
        return answer


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for child in node.values():
            yield from references(child)
    elif isinstance(node, list):
        for child in node:
            yield from references(child)


def test_it_is_valid_and_whole() -> None:
    described = document()
    OpenAPI.model_validate(described)
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {"/v1/search", "/v1/products/{id}", "/healthz", "/readyz", "/metrics"}
    found = set(references(described))
    assert found
    assert found == {f"#/components/schemas/{name}" for name in described["components"]["schemas"]} & found


def test_the_examples_work() -> None:
    described = document()
    bodies = described["components"]["schemas"]["SearchBody"]["examples"]
    [query] = next(p for p in described["paths"]["/v1/search"]["get"]["parameters"] if p["name"] == "q")["schema"][
        "examples"
    ]
    assert query == "送妈妈的保温杯"
    with serving(TinyEngine()) as client:
        answers = [client.post("/v1/search", json=body) for body in bodies]
        answers.append(client.get("/v1/search", params={"q": query}))
    assert len(bodies) >= 2
    assert {answer.status_code for answer in answers} == {200}


def test_bounds_are_those_of_the_service() -> None:
    described = document(max_page_size=7, default_page_size=3)
    parameters = {p["name"]: p["schema"] for p in described["paths"]["/v1/search"]["get"]["parameters"]}
    for schema in (parameters["size"], described["components"]["schemas"]["SearchBody"]["properties"]["size"]):
        assert (schema["anyOf"][0]["maximum"], schema["default"]) == (7, 3)


def test_every_failure_is_described() -> None:
    for path, operations in document()["paths"].items():
        for operation in operations.values():
            failures = {status: answer for status, answer in operation["responses"].items() if status != "200"}
            schemas = {answer["content"]["application/json"]["schema"]["$ref"] for answer in failures.values()}
            assert schemas <= {ERROR}
            if path.startswith("/v1/"):
                assert {"400", "500", "503"} <= set(failures)
            assert "422" not in failures
