"""Tokens of shoppers:

1. One that the shop signed, for this audience and in its time, names its shopper; clocks may differ by the leeway.
2. Every other is 401, says what is wrong, and quotes nothing: another secret, algorithm or audience, expired, not yet,
   a claim that is missing or none.
3. A JWKS file: each key reads its own algorithm alone; the public key is never taken for a secret (RS/HS confusion).
4. A JWKS file that changes is read anew; one that breaks leaves the keys as they were.
5. A secret that is short, a file that is none, a secret key in it, two keys of one id, an algorithm that is not ours
   keep the service from starting, without anything of the key in the message.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, OKPAlgorithm

from api.auth.tokens import KeySetFile, Tokens, with_secret
from api.errors import Unauthorized
from retrieval.errors import SettingsError
from tests.unit.api.auth.keyed import SECRET, token

FAR = 4_000_000_000
CURVE, EDWARDS = ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate()


def reader(leeway: float = 5) -> Tokens:
    return Tokens(with_secret(SECRET, "secret"), audience="xunhuo", leeway=leeway)


def ago(seconds: float) -> int:
    return int(time.time() - seconds)


@pytest.mark.parametrize("claims", [{}, {"aud": ["other", "xunhuo"]}, {"exp": ago(60)}, {"nbf": ago(-3600)}])
def test_a_good_one(claims: dict[str, Any]) -> None:  # 1
    assert reader(leeway=7200).shopper_of(token("用户/1", **claims)) == "用户/1"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (token("u1", b"another secret of thirty-two byt"), "cannot be verified"),
        (jwt.encode({"sub": "u1", "aud": "xunhuo", "exp": FAR}, "", "none"), "cannot be verified"),
        (token("u1", aud="shop"), "another audience"),
        (token("u1", aud=None), "lacks aud"),
        (token("u1", exp=None), "lacks exp"),
        (token(None), "lacks sub"),
        (token(""), "cannot be verified"),
        (token("u1", exp=ago(3600)), "has expired"),
        (token("u1", nbf=ago(-3600)), "cannot be verified"),
        (token("u1", exp="soon"), "cannot be verified"),
        (token("u1")[:-2], "cannot be verified"),
        ("", "cannot be verified"),
        ("a.b.c", "cannot be verified"),
        ("ü", "cannot be verified"),
        ("a" * 9_000, "cannot be verified"),
    ],
)
def test_bad_ones(given: str, says: str) -> None:  # 2
    with pytest.raises(Unauthorized, match=says) as refused:
        reader().shopper_of(given)
    assert not given or given not in str(refused.value)
    assert refused.value.field == "x-shopper-token"


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm(algorithm: str) -> None:  # 2
    long = SECRET + SECRET
    tokens = Tokens(with_secret(long, "secret"), audience="xunhuo", leeway=5)
    assert tokens.shopper_of(token("u1", long)) == "u1"
    with pytest.raises(Unauthorized):
        tokens.shopper_of(token("u1", long, algorithm))


def key_set(file: Path, *names: str, **more: Any) -> Path:
    known = {
        "curve": json.loads(ECAlgorithm.to_jwk(CURVE.public_key())),
        "edwards": json.loads(OKPAlgorithm.to_jwk(EDWARDS.public_key())),
    }
    file.write_text(json.dumps({"keys": [known[name] | {"kid": name} | more for name in names]}))
    return file


def signed(kid: str | None, key: Any, algorithm: str) -> str:
    headers = {"kid": kid} if kid else {}
    return jwt.encode({"sub": "u1", "aud": "xunhuo", "exp": FAR}, key, algorithm, headers)


def test_public_keys(tmp_path: Path) -> None:  # 3
    tokens = Tokens(KeySetFile(key_set(tmp_path / "k.json", "curve", "edwards")), audience="xunhuo", leeway=5)
    assert tokens.shopper_of(signed("curve", CURVE, "ES256")) == tokens.shopper_of(signed("edwards", EDWARDS, "EdDSA"))
    # The library does not sign with a public key, but anybody else can: any bytes serve as a secret.
    public = CURVE.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    for given in (
        signed("curve", public, "HS256"), signed("edwards", CURVE, "ES256"), signed("nobody", CURVE, "ES256"),
        signed(None, CURVE, "ES256"), signed("curve", "", "none"),
    ):  # fmt: skip
        with pytest.raises(Unauthorized):
            tokens.shopper_of(given)
    alone = Tokens(KeySetFile(key_set(tmp_path / "one.json", "curve")), audience="xunhuo", leeway=5)
    assert alone.shopper_of(signed(None, CURVE, "ES256")) == "u1"


def test_a_file_that_changes(tmp_path: Path) -> None:  # 4
    file = key_set(tmp_path / "k.json", "curve")
    tokens = Tokens(KeySetFile(file), audience="xunhuo", leeway=5)
    key_set(file, "edwards")
    os.utime(file, ns=(1, 1))
    assert tokens.shopper_of(signed("edwards", EDWARDS, "EdDSA")) == "u1"
    with pytest.raises(Unauthorized):
        tokens.shopper_of(signed("curve", CURVE, "ES256"))
    for broken in (lambda: file.write_text("{"), file.unlink):
        broken()
        assert tokens.shopper_of(signed("edwards", EDWARDS, "EdDSA")) == "u1"


def test_what_cannot_verify(tmp_path: Path) -> None:  # 5
    with pytest.raises(SettingsError, match="has 31 bytes"):
        with_secret(b"s" * 31, "secret")
    private = json.dumps({"keys": [json.loads(ECAlgorithm.to_jwk(CURVE)) | {"kid": "a"}]})
    shared = json.dumps({"keys": [{"kty": "oct", "kid": "a", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA"}]})
    file = tmp_path / "k.json"
    for text in ("", "{}", "[]", '{"keys": []}', '{"keys": [{"kty": "RSA"}]}', '{"keys": [1]}', private, shared):
        file.write_text(text)
        with pytest.raises(SettingsError) as refused:
            KeySetFile(file)
        assert refused.value.field == "auth.shopper_jwks_file"
        assert "c2Vj" not in str(refused.value)
    with pytest.raises(SettingsError, match="two of one kid"):
        KeySetFile(key_set(file, "curve", "edwards", kid="same"))
    with pytest.raises(SettingsError):
        KeySetFile(key_set(file, "curve", alg="none"))
    with pytest.raises(SettingsError, match="cannot be read"):
        KeySetFile(tmp_path / "nowhere.json")
