"""An app that asks for keys: one of each role, tokens of shoppers, and time in the hands of the test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
from starlette.testclient import TestClient

from api.auth.access import Access
from api.auth.limits import Limits, PerMinute
from api.auth.ring import Keyring
from api.auth.tokens import Tokens, with_secret
from retrieval.keys.key import Key, Role, new_key
from retrieval.keys.sqlite_store import SqliteKeyStore
from tests.unit.api.auth.whole import whole_app

SECRET = b"a secret of the shop of 32 bytes"
BASE = "http://127.0.0.1:8000"


@dataclass(slots=True)
class Clock:
    """Seconds since 1970 and of a clock that never goes back, at once."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(slots=True)
class Keyed:
    """The app as callers see it; `told`: role → key."""

    client: TestClient
    store: SqliteKeyStore
    clock: Clock
    told: dict[Role, str] = field(default_factory=dict)
    keys: dict[Role, Key] = field(default_factory=dict)

    def at(self, address: str) -> TestClient:
        """A caller at this address, of the same app."""
        return TestClient(self.client.app, BASE, raise_server_exceptions=False, client=(address, 50_000))

    def ask(self, role: Role | None, method: str, path: str, shopper: str = "", **given: Any) -> Any:
        """An answer; with the key of a role, and the token of a shopper."""
        headers: dict[str, str] = dict(given.pop("headers", {}))
        if role:
            headers["Authorization"] = f"Bearer {self.told[role]}"
        if shopper:
            headers["X-Shopper-Token"] = token(shopper)
        return self.client.request(method, path, headers=headers, **given)


def token(shopper: Any, secret: bytes = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    """As the shop signs one; a claim that is None is left out."""
    given: Mapping[str, Any] = {"sub": shopper, "aud": "xunhuo", "exp": 4_000_000_000, **claims}
    return jwt.encode({name: value for name, value in given.items() if value is not None}, secret, algorithm)


@contextmanager
def keyed(
    folder: Path, *, roles: tuple[Role, ...] = (*Role,), tokens: bool = True, bounds: PerMinute | None = None,
    origins: tuple[str, ...] = (), log_queries: bool = False,
) -> Iterator[Keyed]:  # fmt: skip
    """A client of the whole app with a key of each of `roles`, on this machine."""
    clock, store = Clock(), SqliteKeyStore(folder / "keys.db")
    ring = Keyring(store, now=clock, clock=clock, seconds=3600)
    reader = Tokens(with_secret(SECRET, "secret"), audience="xunhuo", leeway=5) if tokens else None
    access = Access(ring, Limits(bounds or PerMinute()), reader, origins)
    made = {role: new_key(role.value, role, clock(), expires=clock() + 1000) for role in roles}
    for key, _ in made.values():
        store.add(key)
    app = whole_app(folder, access=access, cors_origins=origins, log_queries=log_queries)
    with TestClient(app, BASE, raise_server_exceptions=False, client=("127.0.0.1", 50_000)) as running:
        yield Keyed(
            running, store, clock, {role: text for role, (_, text) in made.items()},
            {role: key for role, (key, _) in made.items()},
        )  # fmt: skip
