"""The shapes of what is answered about dictionaries."""

from __future__ import annotations

from typing import Any

from api.understood_schema import Shape


class DictionaryEntry(Shape):
    """One dictionary; `pending`: edited since the served generation was built, and waiting for its next one."""

    name: str
    file: str
    version: int
    versions: int
    pending: bool


class DictionariesAnswer(Shape):
    """All dictionaries; `editable`: this service takes edits."""

    dictionaries: list[DictionaryEntry]
    editable: bool
    request_id: str


class VersionAnswer(Shape):
    """A version; 0 is the file of the settings."""

    number: int
    created_at: str | None
    bytes: int


class DictionaryAnswer(Shape):
    """One dictionary, whole; `version` is its entity tag."""

    name: str
    version: int
    text: str
    versions: list[VersionAnswer]
    request_id: str


class QueryChangeAnswer(Shape):
    """A query whose plan changes: the parts that differ, and hits that leave and enter its first ten."""

    query: str
    count: int
    before: dict[str, Any]
    after: dict[str, Any]
    gone: list[str] | None
    come: list[str] | None


class PreviewAnswer(Shape):
    """What an edit would change.

    Of the `known` queries of the log `matching` have a piece of an edited line, and `compared` were read twice.
    `titles` are those of the hits that leave and enter. `documents` change tokens, among `documents_read` that contain
    an edited word; `changed` are the titles of the first of them.
    """

    name: str
    lines: list[str]
    known: int
    matching: int
    compared: int
    queries: list[QueryChangeAnswer]
    titles: dict[str, str]
    documents: int
    documents_read: int
    changed: dict[str, str]
    request_id: str
