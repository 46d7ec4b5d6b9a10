"""Who comes in: by the key that is shown, or by the machine where none is asked for, and with whose token."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from starlette.datastructures import Headers
from starlette.types import Scope

from api.auth.caller import BEARER, TOKEN_HEADER, Caller
from api.auth.limits import Limits
from api.auth.local import check_local, client_of
from api.auth.ring import Keyring
from api.auth.tokens import Tokens
from api.auth.told import holds_secret
from api.errors import Forbidden, Unauthorized
from retrieval.errors import InvalidRequest
from retrieval.keys.key import Key, Role

PROBES = frozenset({"/healthz", "/readyz"})
"""Asked by machines that hold no key, from any address; they must answer while keys cannot be read, too."""
COUNTED = "/v1/"
"""What costs work lies below; files of the page and counters are not counted."""


@dataclass(frozen=True, slots=True)
class Access:
    """What decides who comes in.

    Attributes:
        tokens: reads tokens of shoppers; None: this service takes none.
        origins: pages that may call whatever the key, from the settings; ``*`` is any.
    """

    ring: Keyring
    limits: Limits
    tokens: Tokens | None = None
    origins: tuple[str, ...] = ()

    async def caller(self, scope: Scope) -> Caller:
        """Who sent a request.

        Raises:
            InvalidRequest: a key or token stands in the URL.
            Unauthorized: the key or token opens nothing.
            Forbidden: from there nobody may ask.
            RateLimited: too often.
            StorageError, NotReady: keys cannot be read.
        """
        check_url(scope)
        if scope["path"] in PROBES:
            return Caller(None)
        headers, address = Headers(scope=scope), client_of(scope)
        await self.ring.fresh()
        if not self.ring.asked_for:
            check_local(scope, headers, self.origins)
            shopper = self._shopper(headers)
            return Caller(Role.ADMIN, "", shopper, tokens=bool(self.tokens), proven=bool(self.tokens))
        key: Key | None = None
        try:
            key = self._key(headers)
            shopper = self._shopper(headers)
        except Unauthorized:
            # A good key is never shut out for what others of its address send, its own shoppers among them.
            if key is None:
                self.limits.count_failure(address)
            raise
        if key:
            self._check_origin(key, headers.get("origin"), headers.get("host", ""))
        if scope["path"].startswith(COUNTED):
            self.limits.count(key, address)
        return Caller(key.role if key else None, key.id if key else "", shopper, tokens=bool(self.tokens))

    def allows(self, origin: str) -> bool:
        """Whether a page of this origin may call with some key: browsers ask before they send it."""
        return self.ring.allows(origin)

    def _key(self, headers: Headers) -> Key | None:
        given = headers.get("authorization")
        if given is None:
            return None
        scheme, _, text = given.partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthorized("This is no key of ours.", field="authorization", hint=BEARER)
        return self.ring.key_of(text.strip())

    def _shopper(self, headers: Headers) -> str:
        given = headers.get(TOKEN_HEADER)
        if given is None:
            return ""
        if self.tokens is None:
            hint = "Set auth.shopper_secret_file or auth.shopper_jwks_file, or leave it out."
            raise Unauthorized("This service reads no tokens of shoppers.", field="x-shopper-token", hint=hint)
        return self.tokens.shopper_of(given)

    def _check_origin(self, key: Key, origin: str | None, host: str) -> None:
        if origin is None or not key.origins or {"*", origin} & {*self.origins}:
            return
        if origin not in key.origins and origin.partition("://")[2] != host:
            hint = "Use a key whose origins name it: xunhuo keys create … --origin."
            raise Forbidden(f"The key {key.id} is for pages of other origins.", field="origin", hint=hint)


def check_url(scope: Scope) -> None:
    """Raises InvalidRequest where a key or token stands in a URL: browsers, proxies and logs keep those."""
    raw = (scope.get("raw_path") or b"") + b"?" + scope["query_string"]
    if holds_secret(unquote(raw.decode("latin-1"))):
        hint = f"Send a key in Authorization: Bearer …, a token in {TOKEN_HEADER}; revoke what was in a URL."
        raise InvalidRequest("A key or token never belongs into a URL.", field="authorization", hint=hint)
