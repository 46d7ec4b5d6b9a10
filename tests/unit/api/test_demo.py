"""Whom the page may be tried out as.

1. The shoppers that lie beside the demo mall are answered as they lie there.
2. Where there is no demo mall, or its file cannot be read, there is no such route.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.options import ApiOptions
from api.routes.demo import FILE, demo_shoppers
from tests.unit.api.tiny_engine import TinyEngine

SIX = '[{"id": "u0007", "name": "户外玩家", "likes": ["帐篷天幕"]}]'


@pytest.mark.parametrize(("lies", "status"), [(SIX, 200), (None, 404), ("[", 404), ("[]", 404)])
def test_the_demo_mall(tmp_path: Path, lies: str | None, status: int) -> None:
    if lies is not None:
        (tmp_path / FILE).parent.mkdir()
        (tmp_path / FILE).write_text(lies, "utf-8")
    app = create_app(TinyEngine(), options=ApiOptions(), demo=demo_shoppers(tmp_path))
    with TestClient(app) as client:
        answer = client.get("/v1/demo/shoppers")
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["shoppers"] == [{"id": "u0007", "name": "户外玩家", "likes": ["帐篷天幕"]}]
