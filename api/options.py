"""The bounds of the service as plain values, so that a test or another program can build one without settings."""

from __future__ import annotations

from dataclasses import dataclass

from api.placements import Placement


@dataclass(frozen=True, slots=True)
class ApiOptions:
    """What one app accepts and how long it takes. docs/api.md tells callers the same.

    Attributes:
        max_body_bytes: longer bodies are refused (413), however they are sent.
        max_page_size: largest ``size``.
        default_page_size: ``size`` when the caller gives none.
        max_filter_values: most filter values of one request, all fields together.
        refresh_seconds: how often a newly published generation is looked for.
        request_timeout_ms: budget of a search, waiting included; a caller may ask for less.
        max_concurrency: searches that run at once.
        max_waiting: searches that wait for one of those to end; more are turned away at once (503).
        image_hosts: the page shows pictures of products that lie on these hosts.
        max_wait_ms: who is expected to wait longer is turned away; hurry_ms: who so long is answered cheaply.
        cors_origins: pages of these origins may call the service from a browser; ``*`` is any.
        max_batch, max_batch_bytes: events of one call, and bytes of its body.
        keep_days: events that are this much older than the newest one become counters.
        learn_seconds: how often the mall learns from what shoppers did.
        suggest_seconds: how often it is looked at what they ask now.
        edit_dictionaries: edits of dictionaries are taken, from whom `api.auth` lets.
        accept_states: states of livestreams are taken, from whom `api.auth` lets.
        compact_minutes: how often it is looked whether live changes are to be built in; 0: never.
        max_changes, max_changes_bytes: changes of products of one call, and bytes of its body.
        max_rule_bytes: of a set of merchandising rules that is sent.
        placements: paid placements, at most `sponsored` of which stand beside an answer.
        log_queries: the log says what was searched.
        ahead_seconds: a state may lie so far ahead of our clock.
    """

    max_body_bytes: int = 65_536
    max_page_size: int = 100
    default_page_size: int = 20
    max_filter_values: int = 100
    refresh_seconds: float = 1.0
    request_timeout_ms: float = 1_000.0
    max_concurrency: int = 8
    max_waiting: int = 16
    max_wait_ms: float = 60_000.0
    hurry_ms: float = 60_000.0
    cors_origins: tuple[str, ...] = ()
    image_hosts: tuple[str, ...] = ()
    max_batch: int = 1_000
    max_batch_bytes: int = 1_000_000
    keep_days: int = 400
    learn_seconds: float = 600.0
    suggest_seconds: float = 30.0
    edit_dictionaries: bool = False
    accept_states: bool = False
    max_rule_bytes: int = 4_000_000
    ahead_seconds: float = 10.0
    log_queries: bool = False
    placements: tuple[Placement, ...] = ()
    sponsored: int = 3
    compact_minutes: float = 0.0
    max_changes: int = 1_000
    max_changes_bytes: int = 5_000_000
