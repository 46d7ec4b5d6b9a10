"""Writes the golden files from a real cluster: ``XUNHUO_OPENSEARCH_URL=… python -m tests.golden.opensearch.record``.

Only to be run when a request changes on purpose; the difference in the files is then what the change does.
"""

from __future__ import annotations

from pathlib import Path

import orjson

from retrieval.backends.opensearch import requests, responses
from retrieval.backends.opensearch.client import Cluster, ClusterOptions
from retrieval.schema import PRODUCT
from tests import opensearch
from tests.contract import world
from tests.golden.opensearch.questions import INDEX, QUESTIONS

HERE = Path(__file__).parent


def main() -> None:
    backend = opensearch.backend_at(HERE)
    reader = backend.open(world.build(backend).generation).collection(PRODUCT.kind)
    cluster = Cluster(ClusterOptions((opensearch.URL,)))
    body = requests.multi(reader._view.index, QUESTIONS.values())
    answers = cluster.call("POST", "/_msearch", params={"filter_path": responses.FILTER_PATH}, body=body)["responses"]
    for name, answer in zip(QUESTIONS, answers, strict=True):
        write(f"{name}.request.json", QUESTIONS[name])
        write(f"{name}.response.json", answer)
    write("index.json", INDEX)
    opensearch.sweep()


def write(name: str, value: object) -> None:
    (HERE / name).write_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n")


if __name__ == "__main__":
    main()
