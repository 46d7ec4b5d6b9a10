"""Tokens of shoppers: signed by the shop, short-lived, and read with one algorithm that the key decides.

What a token says of its own algorithm is not believed (RFC 8725): a secret reads HS256 alone, and a key of a JWKS file
its own asymmetric algorithm alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

import jwt
import orjson

from api.errors import Unauthorized
from retrieval.errors import SettingsError

LEAST_SECRET_BYTES = 32
"""As long as the digest that HS256 makes (RFC 7518, 3.2)."""
ASYMMETRIC = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
HINT = "Send X-Shopper-Token with a token that the shop signed for this shopper: sub, aud, exp."

log = logging.getLogger("xunhuo.keys")
KeyOf = Callable[[str], tuple[jwt.PyJWK | bytes, str]]
"""Token → what verifies it, and the only algorithm. Raises jwt.PyJWTError."""


class Tokens:
    """Reads tokens.

    Args:
        leeway: seconds that the clocks of shop and service may differ.
    """

    def __init__(self, key_of: KeyOf, *, audience: str, leeway: float) -> None:
        self._key_of, self._audience, self._leeway = key_of, audience, leeway

    def shopper_of(self, token: str) -> str:
        """The id of the shopper (``sub``). Raises Unauthorized."""
        try:
            key, algorithm = self._key_of(token)
            claims = jwt.decode(
                token, key, algorithms=[algorithm], audience=self._audience, leeway=self._leeway,
                options={"require": ["exp", "aud", "sub"], "enforce_minimum_key_length": True},
            )  # fmt: skip
            shopper = claims["sub"]
            if not isinstance(shopper, str) or not shopper:
                raise jwt.InvalidTokenError
        # What the library says may quote the token or the key, so nothing of it is passed on.
        except jwt.ExpiredSignatureError:
            raise _refused("has expired") from None
        except jwt.InvalidAudienceError:
            raise _refused("is for another audience") from None
        except jwt.MissingRequiredClaimError as lacking:
            raise _refused(f"lacks {lacking.claim}") from None
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
            raise _refused("cannot be verified") from None
        return shopper


def with_secret(secret: bytes, where: str) -> KeyOf:
    """Verifies HS256. Raises SettingsError where the secret is too short."""
    if len(secret) < LEAST_SECRET_BYTES:
        hint = f"Use {LEAST_SECRET_BYTES} random bytes or more, e.g. openssl rand -hex 32."
        message = f"The secret for tokens of shoppers has {len(secret)} bytes."
        raise SettingsError(message, field=where, hint=hint)
    return lambda _: (secret, "HS256")


class KeySetFile:
    """Verifies with the public keys of a JWKS file (RFC 7517), which is read anew when it changes."""

    def __init__(self, file: Path) -> None:
        """Raises SettingsError: there is no such file, or a key in it cannot be used."""
        self._file = file
        self._state = self._stated()
        self._keys = read_key_set(file)

    def __call__(self, token: str) -> tuple[jwt.PyJWK, str]:
        self._follow()
        id = jwt.get_unverified_header(token).get("kid")
        key = next(iter(self._keys.values())) if id is None and len(self._keys) == 1 else self._keys.get(str(id))
        if key is None:
            raise jwt.InvalidKeyError
        return key, key.algorithm_name

    def _follow(self) -> None:
        state = self._stated()
        if state == self._state:
            return
        self._state = state
        try:
            self._keys = read_key_set(self._file)
        except SettingsError as problem:
            log.error("keys for tokens of shoppers stay as they were: %s", problem.message)

    def _stated(self) -> tuple[int, int] | None:
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size


def read_key_set(file: Path) -> Mapping[str, jwt.PyJWK]:
    """Id → public key. Raises SettingsError."""
    where = "auth.shopper_jwks_file"
    try:
        found = orjson.loads(file.read_bytes())["keys"]
        keys = {str(each.get("kid", "")): jwt.PyJWK(each) for each in found if each.get("alg") != "none"}
    except OSError as why:
        raise SettingsError(f"{file} cannot be read: {why.strerror}.", field=where, hint="Name a JWKS file.") from None
    except (ValueError, KeyError, TypeError, AttributeError, jwt.PyJWTError):
        hint = 'It is {"keys": [{"kty": "RSA", "kid": …, "n": …, "e": …}, …]}.'
        raise SettingsError(f"{file} is no JWKS file that can be used.", field=where, hint=hint) from None
    for each in found:
        if "d" in each or each.get("kty") == "oct":
            hint = "Keep it with who signs; the service needs public keys alone."
            raise SettingsError(f"{file} holds a secret key.", field=where, hint=hint)
    if not keys or len(keys) < len(found) or {key.algorithm_name for key in keys.values()} - ASYMMETRIC:
        hint = f"Give each key a kid of its own, and one of {', '.join(sorted(ASYMMETRIC))}."
        raise SettingsError(f"{file} has no keys, two of one kid, or another algorithm.", field=where, hint=hint)
    return keys


def _refused(what: str) -> Unauthorized:
    return Unauthorized(f"The token of the shopper {what}.", field="x-shopper-token", hint=HINT)
