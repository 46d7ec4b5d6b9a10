"""What `xunhuo doctor` says of keys and secrets:

1. No keys are fine, and told; so are those that hold, by role, and which of them ended or soon will.
2. Where no key holds any more nobody can call, which is a failure.
3. A secret that others can read is a failure, and says the command that mends it; so is a file that is missing.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from cli.doctor_keys import look_at_keys, look_at_secrets
from configs.settings import Settings, load_settings
from retrieval.errors import SettingsError
from retrieval.keys.key import Role, new_key
from retrieval.wiring.places import open_keys

DAY = 86_400.0


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path)


def test_keys(settings: Settings) -> None:  # 1, 2
    assert "none: the service answers to its own machine alone" in look_at_keys(settings)
    store, now = open_keys(settings), time.time()
    lives = {"a year": 365, "a week": 7, "over": 0.5}
    keys = {
        name: new_key(name, Role.ADMIN, now - DAY, expires=now + (days - 1) * DAY)[0] for name, days in lives.items()
    }
    for key in keys.values():
        store.add(key)
    ids = {name: f"{key.id} ({name})" for name, key in keys.items()}
    assert look_at_keys(settings) == (
        f"2 hold (0 search, 0 events, 0 indexer, 0 operator, 2 admin); expired: {ids['over']}; "
        f"ends within two weeks: {ids['a week']}"
    )
    for key in keys.values():
        store.change(key.id, lambda key: key.taken_back(now))
    with pytest.raises(SettingsError, match="nobody can call"):
        look_at_keys(settings)
    store.close()


def test_secrets(settings: Settings, tmp_path: Path) -> None:  # 3
    assert "not taken; 0 files" in look_at_secrets(settings)
    file = tmp_path / "secret"
    asked = load_settings(data_dir=tmp_path, overrides=[f"auth.shopper_secret_file={file}"])
    with pytest.raises(SettingsError, match="cannot be read"):
        look_at_secrets(asked)
    file.write_text("x" * 40)
    for mode, who in ((0o644, "everybody"), (0o640, "its group")):
        file.chmod(mode)
        with pytest.raises(SettingsError, match=f"can be read by {who}") as refused:
            look_at_secrets(asked)
        assert refused.value.hint == f"chmod 600 {file}"
    file.chmod(0o600)
    assert "verified; 1 files" in look_at_secrets(asked)
