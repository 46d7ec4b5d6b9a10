"""A key of the service: what is kept of one, and what is told once.

What is told is ``xh_<id>_<secret>``; what is kept is its SHA-256. A slow hash, as for passwords, would win nothing: a
secret is 256 bits of the system's random source, so there is no list to guess from, and guessing them all never ends.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256

from retrieval.errors import InvalidRequest, StateConflict

TEXT = re.compile(r"xh_([0-9a-z]{12})_([0-9A-Za-z_-]{43})")
"""A key as it is told; the prefix is for scanners that look for secrets in what people publish."""
ORIGIN = re.compile(r"https?://[^/\s?#@]+")
MAX_NAME_CHARS = 64
_ID_CHARS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Role(StrEnum):
    """What a key is for; `api.auth.table` says which routes each may ask."""

    SEARCH = "search"
    EVENTS = "events"
    INDEXER = "indexer"
    OPERATOR = "operator"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key. Times are seconds since 1970.

    Attributes:
        origins: pages that may use it in a browser, ``https://shop.example``; none: it is for servers and this page.
        digest: of what was told, 64 hexadecimal digits.
        expires: from then on it opens nothing; None: never.
        before: the digest that a rotation replaced, which holds until `before_until`; "" where there is none.
        revoked: when it was taken back.
        used: when it was last used, to an hour or so; None: not yet.
    """

    id: str
    name: str
    role: Role
    created: float
    digest: str = field(repr=False)
    expires: float | None = None
    origins: tuple[str, ...] = ()
    before: str = field(default="", repr=False)
    before_until: float = 0.0
    revoked: float | None = None
    used: float | None = None

    def holds(self, now: float) -> bool:
        """Whether it opens anything at `now`."""
        return self.revoked is None and (self.expires is None or now < self.expires)

    def is_told(self, text: str, now: float) -> bool:
        """Whether `text` is this key, or the one it replaced as long as that holds."""
        given = digest_of(text)
        # Both are compared, whichever it is: the time that it takes says nothing.
        new, old = hmac.compare_digest(given, self.digest), hmac.compare_digest(given, self.before)
        return new or (old and now < self.before_until)

    def rotated(self, text: str, now: float, overlap: float) -> Key:
        """The key told as `text` from now on (`told`); the secret before it holds for `overlap` seconds more.

        Raises:
            StateConflict: it was taken back.
        """
        if self.revoked is not None:
            raise StateConflict(f"{self.id} was revoked.", field="id", hint="Create another key.")
        return replace(self, digest=digest_of(text), before=self.digest, before_until=now + overlap)

    def taken_back(self, now: float) -> Key:
        """The key, revoked: at `now`, or when it already was."""
        return self if self.revoked is not None else replace(self, revoked=now)


def new_key(
    name: str, role: Role, now: float, *, expires: float | None = None, origins: tuple[str, ...] = ()
) -> tuple[Key, str]:
    """A key, and what is told of it once.

    Raises:
        InvalidRequest: the name, an origin or the expiry cannot be.
    """
    if not 1 <= len(name) <= MAX_NAME_CHARS or not name.isprintable() or name != name.strip():
        hint = f"Give it 1 to {MAX_NAME_CHARS} characters that say who uses it, e.g. shop-server."
        raise InvalidRequest("A key needs a name.", field="name", hint=hint)
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            hint = "Write scheme://host[:port] and nothing after it, e.g. https://shop.example."
            raise InvalidRequest(f"{origin[:80]!r} is no origin.", field="origin", hint=hint)
    if expires is not None and expires <= now:
        raise InvalidRequest("It would be expired already.", field="expires", hint="Give it some days, e.g. 365.")
    id = "".join(secrets.choice(_ID_CHARS) for _ in range(12))
    text = told(id)
    return Key(id, name, role, now, digest_of(text), expires, origins), text


def digest_of(text: str) -> str:
    """What is kept of a key that is told."""
    return sha256(text.encode()).hexdigest()


def told(id: str) -> str:
    """A key of this id with a new secret."""
    return f"xh_{id}_{secrets.token_urlsafe(32)}"
