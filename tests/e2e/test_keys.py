"""Keys from the command to the service:

1. A key is printed once, alone on stdout; no list, file or other output holds its secret, and the file is its owner's.
2. Rotated, revoked and expired keys are listed as what they are; what cannot be done is told with its exit code.
3. Without keys the service does not start on another address, and says what to do.
4. With `--new-admin-key` it does, and prints that key once; it is let in, nobody else is, also not on this machine, and
   the command that is run again makes none. Revoked, it opens nothing a second later.
5. Nothing that the service writes holds a key or token, wherever they were put.
"""

from __future__ import annotations

import re
import time
from pathlib import Path

import httpx2
import pytest

from retrieval.keys.key import TEXT
from tests.e2e.command import PATIENCE_S, Xunhuo, invoke, start

WORDS = ("--set", "encoder.name=none")
TOKEN = f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1MSJ9.{'s' * 43}"


def test_commands(xunhuo: Xunhuo, tmp_path: Path) -> None:  # 1, 2
    made = xunhuo("keys", "create", "店铺", "--role", "events", "--origin", "https://a.example")
    first = made.out.strip()
    shape = TEXT.fullmatch(first)
    assert shape
    assert first not in made.err
    ended = xunhuo("keys", "create", "old", "--role", "search", "--days", "0", "--json").json
    assert (ended["role"], ended["expires"], bool(TEXT.fullmatch(ended["key"]))) == ("search", None, True)
    second = xunhuo("keys", "rotate", shape[1], "--overlap", "1").out.strip()
    assert (second != first, second[:15]) == (True, first[:15])
    assert xunhuo("keys", "revoke", ended["id"], "--json").json["state"] == "revoked"
    listed = xunhuo("keys", "list", "--json")
    assert [(key["name"], key["state"], key["origins"]) for key in listed.json["keys"]] == [
        ("店铺", "holds", ["https://a.example"]), ("old", "revoked", []),
    ]  # fmt: skip
    assert listed.json["keys"][0]["before_until"]
    files = list((tmp_path / "data" / "keys").iterdir())
    kept = b"".join(file.read_bytes() for file in files)
    for text in (first, second, ended["key"]):
        assert text[16:].encode() not in kept
        assert text[16:] not in listed.out + xunhuo("keys", "list").out
    assert {file.stat().st_mode & 0o077 for file in files} == {0}
    assert "was revoked" in xunhuo("keys", "rotate", ended["id"]).failed_clearly(2)
    assert "no key nobody" in xunhuo("keys", "revoke", "nobody").failed_clearly(4)
    assert "search, events, indexer" in xunhuo("keys", "create", "k", "--role", "boss").failed_clearly(2)
    assert "is no origin" in xunhuo("keys", "create", "k", "--role", "search", "--origin", "a").failed_clearly(2)


def test_a_service_for_others(tmp_path: Path) -> None:  # 3, 4, 5
    folder = ("--data-dir", tmp_path / "data", *WORDS)
    serve = ("serve", "--host", "0.0.0.0", "--port", "0", *folder)
    refused = invoke(*serve).failed_clearly(2)
    assert "There are no keys" in refused
    assert "--new-admin-key" in refused
    with start(*serve, "--new-admin-key") as process:
        assert process.stderr
        assert process.stdout
        try:
            key = process.stdout.readline().strip()
            written = ""
            while not (found := re.search(r"listening on http://0\.0\.0\.0:(\d+)", written)):
                written += process.stderr.readline()
            with httpx2.Client(base_url=f"http://127.0.0.1:{found[1]}", timeout=PATIENCE_S) as client:
                shown = {"Authorization": f"Bearer {key}"}
                assert client.get("/v1/live", headers=shown).status_code == 200
                assert client.get("/v1/live").status_code == 401
                assert client.get("/v1/live", headers={"Authorization": f"Bearer {key[:-1]}"}).status_code == 401
                assert client.get(f"/v1/live?key={key}", headers=shown).status_code == 400
                assert client.get(f"/v1/products/{key}?t={TOKEN}").status_code == 400
                assert client.post("/v1/search", headers=shown, json={"query": key}).status_code == 503
                assert client.get("/v1/live", headers={**shown, "X-Shopper-Token": TOKEN}).status_code == 401
                assert client.get("/v1/live", headers={**shown, "X-Request-ID": key}).headers["X-Request-ID"] != key
                assert "there is an admin key already" in again(tmp_path)
                invoke("keys", "revoke", key[3:15], "--data-dir", tmp_path / "data")
                revoked = asked = time.monotonic()
                while client.get("/v1/live", headers=shown).status_code == 200:
                    assert asked - revoked < 1.5
                    asked = time.monotonic()
        finally:
            process.terminate()
        out, err = process.communicate(timeout=PATIENCE_S)
    written += err
    assert written.count('"status":401') >= 3
    for secret in (key, key[16:], key[16:-1], TOKEN):
        assert secret not in written + out


def again(tmp_path: Path) -> str:
    """What making the first admin key says the second time."""
    from cli.serve import make_admin_key
    from configs.settings import load_settings

    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("typer.echo", lambda text, **_: said.append(text))
        make_admin_key(load_settings(data_dir=tmp_path / "data"))
    return "".join(said)
