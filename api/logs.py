"""How a service writes its log: one line an entry, as text or as JSON, and nothing in it that a person typed.

The message of an exception that nobody expected may hold anything that was asked, so of such a one its kind and where
it was raised are written, and what it says only where queries may be logged.
"""

from __future__ import annotations

import logging
import time
import traceback
from types import TracebackType
from typing import Any

import orjson

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class _Formatter(logging.Formatter):
    """Of both kinds; `told`: exceptions may say what they say."""

    def __init__(self, fmt: str | None = None, *, told: bool = False) -> None:
        super().__init__(fmt)
        self._told = told

    def formatException(self, ei: _Raised) -> str:  # noqa: N802
        if self._told or ei[1] is None:
            return super().formatException(ei)
        return "\n".join(_where(ei[1]))


class TextFormatter(_Formatter):
    """For people."""


class JsonFormatter(_Formatter):
    """For machines: ``{time, level, logger, message, exception}``."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": moment_of(record.created), "level": record.levelname, "logger": record.name,
            "message": record.getMessage(),
        }  # fmt: skip
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(line).decode()


def moment_of(seconds: float) -> str:
    """Seconds since 1970 as people and machines write a time: in UTC, to the millisecond."""
    milliseconds = int(seconds * 1000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(milliseconds // 1000)) + f".{milliseconds % 1000:03d}Z"


def logging_of(form: str, *, queries: bool) -> dict[str, Any]:
    """The configuration of `logging` for a service: `form` is ``text`` or ``json``."""
    text = "%(asctime)s %(levelname)s %(name)s %(message)s"
    formatters: dict[str, dict[str, Any]] = {
        "text": {"()": TextFormatter, "fmt": text}, "json": {"()": JsonFormatter},
    }  # fmt: skip
    told = formatters[form] | {"told": queries}
    handler = {"class": "logging.StreamHandler", "stream": "ext://sys.stderr"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": told, "bare": {"format": "%(message)s"}},
        "handlers": {name: handler | {"formatter": name} for name in ("line", "bare")},
        "loggers": {
            "uvicorn": {"handlers": ["line"], "level": "INFO", "propagate": False},
            "xunhuo": {"handlers": ["line"], "level": "INFO", "propagate": False},
            # One JSON object a line, nothing before it.
            "xunhuo.access": {"handlers": ["bare"], "level": "INFO", "propagate": False},
        },
    }


def _where(error: BaseException) -> list[str]:
    """Kinds of an exception and of those that it came from, each with the lines that it was raised at."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = _where(before) if before else []
    frames = "".join(traceback.format_tb(error.__traceback__)).rstrip()
    return [*lines, "Traceback (most recent call last):", frames, type(error).__qualname__]
