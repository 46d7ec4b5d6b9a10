"""What a service looks at when it starts:

1. Without keys it listens on this machine alone; with any, also one that was revoked, wherever it likes.
2. Tokens of shoppers are verified in one way at most; a secret from the environment is one, and stands in no settings.
3. The page's key must open something, and no more than the role search does.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from api.auth.start import check_start, make_access, page_key, tokens_of
from configs.settings import Settings, load_settings
from retrieval.errors import SettingsError
from retrieval.keys.key import Role, new_key, told
from retrieval.wiring.places import open_keys
from tests.unit.api.auth.keyed import SECRET, token


def settings_of(folder: Path, *overrides: str) -> Settings:
    return load_settings(data_dir=folder, overrides=list(overrides))


def add(settings: Settings, role: Role, revoked: bool = False) -> str:
    key, text = new_key("k", role, time.time())
    store = open_keys(settings)
    store.add(key.taken_back(time.time()) if revoked else key)
    store.close()
    return text


def test_where_it_listens(tmp_path: Path) -> None:  # 1
    settings = settings_of(tmp_path)
    for address in ("127.0.0.1", "127.9.9.9", "::1"):
        check_start(address, address, settings)
    for address in ("0.0.0.0", "::", "192.168.1.7"):
        with pytest.raises(SettingsError, match=f"whoever reaches {address} ") as refused:
            check_start(address, address, settings)
        assert "--new-admin-key" in str(refused.value.hint)
    assert not settings.keys_file.exists()
    add(settings, Role.SEARCH, revoked=True)
    check_start("0.0.0.0", "0.0.0.0", settings)


def test_how_tokens_are_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # 2
    assert tokens_of(settings_of(tmp_path)) is None
    file = tmp_path / "secret"
    file.write_bytes(SECRET + b"\n")
    from_file = settings_of(tmp_path, f"auth.shopper_secret_file={file}")
    tokens = tokens_of(from_file)
    assert tokens
    assert tokens.shopper_of(token("u1")) == "u1"
    monkeypatch.setenv("XUNHUO_SHOPPER_SECRET", SECRET.decode())
    settings = settings_of(tmp_path)
    assert SECRET.decode() not in settings.model_dump_json()
    tokens = tokens_of(settings)
    assert tokens
    assert tokens.shopper_of(token("u1")) == "u1"
    with pytest.raises(SettingsError, match=r"auth\.shopper_secret_file and XUNHUO_SHOPPER_SECRET"):
        tokens_of(from_file)
    monkeypatch.setenv("XUNHUO_SHOPPER_SECRET", "short")
    with pytest.raises(SettingsError, match="has 5 bytes"):
        check_start("127.0.0.1", "127.0.0.1", settings)


def test_the_key_of_the_page(tmp_path: Path) -> None:  # 3
    file = tmp_path / "page.key"
    settings = settings_of(tmp_path, f"auth.page_key_file={file}")

    def found() -> str:
        access = make_access(settings, 1)
        try:
            return page_key(settings, access)
        finally:
            access.ring.close()

    for text, says in (
        (None, "cannot be read"), (told("0123456789ab"), "opens nothing"),
        (add(settings, Role.ADMIN), "the role admin"), (add(settings, Role.SEARCH, revoked=True), "was revoked"),
    ):  # fmt: skip
        if text:
            file.write_text(text)
        with pytest.raises(SettingsError, match=says) as refused:
            found()
        assert refused.value.field == "auth.page_key_file"
        assert not text or text not in str(refused.value)
    text = add(settings, Role.SEARCH)
    file.write_text(text + "\n")
    assert found() == text
    assert page_key(settings_of(tmp_path), make_access(settings_of(tmp_path), 1)) == ""
