"""Without keys a service is for its own machine: who comes from elsewhere, or through another, is told how to go on.

An address alone proves little. A page of the web can make a browser on this machine ask (a name that is bound to
127.0.0.1, DNS rebinding): its `Host` or `Origin` tells. So can a proxy for whoever reaches it: it says so in a header.
"""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from api.errors import Forbidden

HINT = "Create keys (xunhuo keys create shop --role admin): with them a service answers to whoever shows one."
FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


def check_local(scope: Scope, headers: Headers, origins: Collection[str]) -> None:
    """Passes what was asked on this machine, by no page of elsewhere but those of `origins`. Raises Forbidden."""
    if not is_loopback(client_of(scope)):
        raise _refused("This service has no keys, so it answers to its own machine alone.", "authorization")
    if given := next((name for name in FORWARDED if name in headers), ""):
        raise _refused("This came through a proxy, and without keys whoever reaches that would get in.", given)
    if not is_loopback(_host_of(f"//{headers.get('host', '')}")):
        raise _refused("Without keys this service is called localhost or 127.0.0.1, and nothing else.", "host")
    origin = headers.get("origin")
    if origin is not None and not {"*", origin} & set(origins) and not is_loopback(_host_of(origin)):
        raise _refused("Without keys no page of another origin may ask, unless api.cors_origins names it.", "origin")


def client_of(scope: Scope) -> str:
    """The address of who asks; "" where it is not known. Behind a trusted proxy the server has put it right."""
    client: tuple[str, int] | None = scope.get("client")
    return client[0] if client else ""


def is_loopback(host: str) -> bool:
    """Whether a name or address is that of this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _refused(message: str, field: str) -> Forbidden:
    return Forbidden(message, field=field, hint=HINT)
