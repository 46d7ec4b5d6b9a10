"""What is looked at when a service starts: whether it may listen there, and how it knows who asks."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

from api.auth.access import Access
from api.auth.limits import Limits, PerMinute
from api.auth.local import is_loopback
from api.auth.ring import Keyring
from api.auth.tokens import KeySetFile, Tokens, with_secret
from api.errors import Unauthorized
from configs.settings import SHOPPER_SECRET, Settings
from retrieval.errors import SettingsError
from retrieval.keys.key import Role
from retrieval.wiring.places import open_keys


def check_start(address: str, host: str, settings: Settings) -> None:
    """Passes an address of this machine alone, or one of a service that has keys.

    Args:
        address: that is listened on; host: how it was named.

    Raises:
        SettingsError: whoever reaches that address would get in, or what the settings say of tokens cannot be.
    """
    tokens_of(settings)
    if is_loopback(address):
        return
    with closing(open_keys(settings)) as store:
        if not store.all():
            message = f"There are no keys, so whoever reaches {host} could read, change and delete everything."
            hint = (
                "Create one (xunhuo keys create shop --role admin), start with --new-admin-key, or listen on 127.0.0.1."
            )
            raise SettingsError(message, field="host", hint=hint)


def make_access(settings: Settings, workers: int) -> Access:
    """Who may come in, as the settings say. Raises SettingsError."""
    auth = settings.auth
    bounds = PerMinute(auth.key_per_minute, auth.address_per_minute, auth.failed_per_minute)
    ring = Keyring(open_keys(settings), seconds=auth.refresh_ms / 1000)
    return Access(ring, Limits(bounds, workers=workers), tokens_of(settings), settings.api.cors_origins)


def tokens_of(settings: Settings) -> Tokens | None:
    """What reads tokens of shoppers; None where nothing says how. Raises SettingsError."""
    auth, secret = settings.auth, os.environ.get(SHOPPER_SECRET, "").strip()
    ways = {"auth.shopper_secret_file": auth.shopper_secret_file, "auth.shopper_jwks_file": auth.shopper_jwks_file}
    given = [name for name, file in ways.items() if file] + ([SHOPPER_SECRET] if secret else [])
    if not given:
        return None
    if len(given) > 1:
        hint = "Keep one of them."
        raise SettingsError(f"Tokens of shoppers are verified in one way, not by {' and '.join(given)}.", hint=hint)
    if auth.shopper_jwks_file:
        key_of = KeySetFile(auth.shopper_jwks_file)
        return Tokens(key_of, audience=auth.shopper_audience, leeway=auth.leeway_seconds)
    text = read_secret(auth.shopper_secret_file, "auth.shopper_secret_file") if auth.shopper_secret_file else secret
    return Tokens(with_secret(text.encode(), given[0]), audience=auth.shopper_audience, leeway=auth.leeway_seconds)


def page_key(settings: Settings, access: Access) -> str:
    """The key that the page asks with; "" where the settings name none.

    Raises:
        SettingsError: it opens nothing, or too much.
        StorageError, NotReady: keys cannot be read.
    """
    file, where = settings.auth.page_key_file, "auth.page_key_file"
    if file is None:
        return ""
    text = read_secret(file, where)
    access.ring.look()
    try:
        key = access.ring.key_of(text)
    except Unauthorized as why:
        hint = "Create one with xunhuo keys create page --role search, and write it there."
        raise SettingsError(f"The key in {file} opens nothing: {why.message}", field=where, hint=hint) from None
    if key.role is not Role.SEARCH:
        hint = "Everybody can read what is in a page: use a key of the role search."
        raise SettingsError(f"The key in {file} is of the role {key.role}.", field=where, hint=hint)
    return text


def read_secret(file: Path, where: str) -> str:
    """The one line of a file. Raises SettingsError."""
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        hint = "Name a file of one line that this service may read."
        raise SettingsError(f"{file} cannot be read.", field=where, hint=hint) from None
