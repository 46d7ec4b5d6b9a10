"""What may become of a question."""

from __future__ import annotations

import msgspec


class ServiceError(Exception):
    """Whatever went wrong; the text says what, where, and what to do."""


class Unreachable(ServiceError):
    """Nobody answered: no connection, or one that broke off. `arrived`: the question may have reached the service."""

    def __init__(self, message: str, *, arrived: bool) -> None:
        super().__init__(message)
        self.arrived = arrived


class DeadlineExceeded(ServiceError):
    """The time that was allowed is over."""


class Unreadable(ServiceError):
    """An answer that is none of this API: another server, a proxy, or a version that does not fit."""


class Refused(ServiceError):
    """The service said no.

    `status` is that of HTTP, `code` and `field` as in docs/api.md; `retry_after` is in seconds, None: not said.
    """

    def __init__(self, status: int, detail: Detail, retry_after: float | None) -> None:
        super().__init__(detail.sentence(status))
        self.status, self.retry_after = status, retry_after
        self.code, self.message, self.field = detail.code, detail.message, detail.field
        self.hint, self.request_id = detail.hint, detail.request_id


class Detail(msgspec.Struct, frozen=True):
    """The error of an answer, as the service words it."""

    code: str
    message: str
    field: str | None = None
    hint: str | None = None
    request_id: str = ""

    def sentence(self, status: int) -> str:
        """For whoever reads a traceback."""
        where = f" ({self.field})" if self.field else ""
        what_now = f"\n  → {self.hint}" if self.hint else ""
        return f"{status} {self.code}{where}: {self.message} [{self.request_id}]{what_now}"
