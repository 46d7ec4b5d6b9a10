"""What `xunhuo doctor` says of keys and of the files that hold secrets."""

from __future__ import annotations

import stat
import time
from contextlib import closing
from pathlib import Path

from configs.settings import Settings
from retrieval.errors import SettingsError
from retrieval.keys.key import Role

SOON_S = 14 * 86_400.0
"""A key that ends within two weeks is told."""


def look_at_keys(settings: Settings) -> str:
    """How many keys hold. Raises SettingsError where none does any more, StorageError, NotReady."""
    from retrieval.wiring.places import open_keys

    with closing(open_keys(settings)) as store:
        keys = store.all()
    if not keys:
        return "none: the service answers to its own machine alone (xunhuo keys create)"
    now = time.time()
    holding = [key for key in keys if key.holds(now)]
    if not holding:
        raise SettingsError("Every key is expired or revoked: nobody can call.", hint="xunhuo keys create")
    roles = ", ".join(f"{sum(key.role is role for key in holding)} {role}" for role in Role)
    expired = [key for key in keys if key.revoked is None and not key.holds(now)]
    soon = [key for key in holding if key.expires is not None and key.expires - now < SOON_S]
    told = [
        f"{what}: {', '.join(f'{key.id} ({key.name})' for key in found)}"
        for what, found in (("expired", expired), ("ends within two weeks", soon))
        if found
    ]
    return "; ".join([f"{len(holding)} hold ({roles})", *told])


def look_at_secrets(settings: Settings) -> str:
    """Which files hold secrets. Raises SettingsError where one is missing, or others may read it."""
    from api.auth.start import tokens_of

    auth = settings.auth
    files = [file for file in (auth.shopper_secret_file, settings.keys_file) if file and file.exists()]
    for file in files:
        if open_to := _open_to(file):
            raise SettingsError(f"{file} can be read by {open_to}.", hint=f"chmod 600 {file}")
    tokens = tokens_of(settings)
    return f"tokens of shoppers are {'verified' if tokens else 'not taken'}; {len(files)} files, closed to others"


def _open_to(file: Path) -> str:
    mode = file.stat().st_mode
    return "everybody" if mode & stat.S_IROTH else "its group" if mode & stat.S_IRGRP else ""
