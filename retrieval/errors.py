"""Every error a caller may meet: what went wrong, where, and what to do about it.

`api.errors` maps these classes to HTTP and `xunhuo` maps them to exit codes; each mapping is one table.
"""

from __future__ import annotations


class XunhuoError(Exception):
    """Base of all expected errors.

    Args:
        message: what is wrong, in one sentence that names the thing.
        field: the request field, settings key or file position it concerns, if any.
        hint: what to do about it, if we know.
    """

    code = "error"

    def __init__(self, message: str, *, field: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.hint = hint

    def __str__(self) -> str:
        where = f" ({self.field})" if self.field else ""
        hint = f"\n  → {self.hint}" if self.hint else ""
        return f"{self.message}{where}{hint}"


class InvalidRequest(XunhuoError):
    """A search request that cannot be understood; the field is named."""

    code = "invalid_request"


class NotFound(XunhuoError):
    """No such product, generation or page."""

    code = "not_found"


class CursorExpired(XunhuoError):
    """A cursor whose frozen result list is no longer held."""

    code = "cursor_expired"


class SettingsError(XunhuoError):
    """A setting that is unknown, out of range or whose file is missing."""

    code = "settings"


class InputError(XunhuoError):
    """An input file that cannot be read at all, or too many bad rows in it."""

    code = "input"


class LexiconError(XunhuoError):
    """A line of a lexicon file that cannot be read; the file and line are named."""

    code = "lexicon"


class RuleError(XunhuoError):
    """Merchandising rules that cannot be read; all that is wrong is named."""

    code = "rules"


class VersionConflict(XunhuoError):
    """An edit of a version that is no longer in force: somebody else was faster."""

    code = "version_conflict"


class StateConflict(XunhuoError):
    """A state of a livestream that comes too late, or cannot follow the state that it is in."""

    code = "state_conflict"


class GenerationError(XunhuoError):
    """A generation that is missing, damaged, of another format or built with another analyzer or encoder."""

    code = "generation"


class CheckFailed(XunhuoError):
    """A check before publish did not pass; the old generation goes on serving."""

    code = "check_failed"


class EncoderError(XunhuoError):
    """An encoder that cannot be built or loaded."""

    code = "encoder"


class NotReady(XunhuoError):
    """The service has no generation to serve yet."""

    code = "not_ready"


class DeadlineExceeded(XunhuoError):
    """Nothing could be answered within the request's time."""

    code = "deadline_exceeded"


class StorageError(XunhuoError):
    """What people did could not be kept or read: a full disk, a damaged file, one that others hold on to."""

    code = "storage"


class OverlayLost(StorageError):
    """What was laid over a generation is not there any more. It follows from the journal: who forgets what it knew of
    the generation (`retrieval.changes.seen.Changes.forget`) and asks again has it made anew."""
