"""The commands that keep an installation in order.

1. generations list | verify | rollback | prune: what is there, is it whole, serve an older one, delete the oldest.
2. encoder info | build | bench.
3. doctor finds what is missing and ends with 4.
4. demo builds the demo mall, and a search finds something in it.
5. migrate says what is missing: a served generation, or the cluster.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from retrieval.backends.embedded.backend import EmbeddedBackend
from tests.e2e.command import HASHING, Xunhuo, invoke

COUNT = 200


def test_generations(xunhuo: Xunhuo, shop: Path, backend: EmbeddedBackend, tmp_path: Path) -> None:  # 1
    assert xunhuo("generations", "list").code == 0
    names = [xunhuo("rebuild", "--products", shop, "--json").json["generation"] for _ in range(4)]
    listed: list[dict[str, Any]] = xunhuo("generations", "list", "--json").json
    assert [(entry["generation"], entry["serving"]) for entry in listed] == [(n, n == names[3]) for n in names]
    assert all(entry["documents"] == COUNT and entry["bytes"] > 10_000 for entry in listed)
    assert all(name in xunhuo("generations", "list").out for name in names)
    assert xunhuo("generations", "verify").out == f"{names[3]} is whole\n"
    assert xunhuo("generations", "verify", names[0]).out == f"{names[0]} is whole\n"
    assert xunhuo("generations", "rollback").out == f"serving {names[2]} (was {names[3]})\n"
    assert xunhuo("generations", "rollback", names[0]).out == f"serving {names[0]} (was {names[2]})\n"
    assert "there is no generation before" in xunhuo("generations", "rollback").failed_clearly(4)
    assert "there is no generation gone" in xunhuo("generations", "rollback", "gone").failed_clearly(4)
    assert backend.current() == names[0]
    # The one being served is kept, however old.
    assert xunhuo("generations", "prune", "--keep", "1", "--dry-run").out == (
        f"would delete {names[1]}\nwould delete {names[2]}\n"
    )
    assert len(backend.manifests()) == 4
    assert xunhuo("generations", "prune", "--keep", "2").out == f"deleted {names[1]}\n"
    assert xunhuo("generations", "prune", "--set", "index.keep=1").out == f"deleted {names[2]}\n"
    assert [manifest.generation for manifest in backend.manifests()] == [names[0], names[3]]
    price = tmp_path / "data" / "generations" / names[0] / "product" / "columns" / "price.npy"
    price.write_bytes(price.read_bytes()[:-1])
    damaged = xunhuo("generations", "verify").failed_clearly(3)
    assert "product/columns/price.npy has changed" in damaged
    assert "roll back" in damaged


def test_encoder(xunhuo: Xunhuo, shop: Path, tmp_path: Path) -> None:  # 2
    about = xunhuo("encoder", "info", "--json").json
    assert (about["name"], about["dim"], about["fingerprint"]) == ("hashing", 32, "hashing-v1-32")
    assert "hashing-v1-32" in xunhuo("encoder", "info").out
    assert "hashing is ready" in xunhuo("encoder", "build").err
    texts = tmp_path / "texts.txt"
    texts.write_text("红色连衣裙\n\n保温杯\n", encoding="utf-8")
    measured = xunhuo("encoder", "bench", "--texts", texts, "--seconds", "0.1", "--json").json
    assert 0 < measured["query_ms_p50"] <= measured["query_ms_p99"]
    assert measured["titles_per_second"] > 0
    xunhuo("rebuild", "--products", shop)
    assert "hashing" in xunhuo("encoder", "bench", "--seconds", "0.1").out


def test_doctor(xunhuo: Xunhuo, shop: Path, tmp_path: Path) -> None:  # 3
    before = xunhuo("doctor")
    assert before.code == 0
    assert "ok   generation: none published yet" in before.out
    told = xunhuo("rebuild", "--products", shop, "--json").json
    assert f"ok   generation: {told['generation']}, 200 documents" in xunhuo("doctor").out
    (tmp_path / "data" / "generations" / told["generation"] / "product" / "lexical" / "meta.json").write_text("{")
    sick = xunhuo("doctor", "--set", f"analysis.lexicon_dir={tmp_path / 'none'}")
    assert sick.code == 4
    assert "FAIL generation: " in sick.out
    assert "FAIL analyzer: there is no lexicon folder" in sick.out
    assert "ok   python" in sick.out


@pytest.mark.slow
def test_demo(tmp_path: Path) -> None:  # 4
    ended = invoke("demo", "--build-only", "--seed", "5", "--data-dir", tmp_path, *HASHING)
    assert ended.code == 0, ended.err
    said = ended.out + ended.err
    assert f"search 保温杯 --data-dir {tmp_path}" in said
    assert f"eval run --queries {tmp_path}" in said
    assert EmbeddedBackend(tmp_path).current() is not None
    assert invoke("search", "保温杯", "--data-dir", tmp_path, *HASHING, "--json").json["hits"]


def test_migrate(xunhuo: Xunhuo, built_shop: Path, tmp_path: Path) -> None:  # 5
    nowhere = ("--set", "opensearch.urls=[http://127.0.0.1:9]", "--set", "opensearch.attempts=1")
    migrate = ("migrate", "--to", "opensearch", "--dry-run", *nowhere)
    assert "there is no generation to migrate" in xunhuo(*migrate).failed_clearly(4)
    shutil.copytree(built_shop, tmp_path / "data", dirs_exist_ok=True)
    assert "the search cluster cannot be reached" in xunhuo(*migrate).failed_clearly(4)
