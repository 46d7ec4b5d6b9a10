"""The file that events are kept in (`retrieval.sqlite_file`): its tables."""

from __future__ import annotations

from retrieval.sqlite_file import Layout

_SCHEMA = """
CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE actors(
    actor INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,       -- 'u' + user_id, or 's' + session_id of what was done without a user
    version INTEGER NOT NULL,
    events INTEGER NOT NULL DEFAULT 0,
    consent INTEGER NOT NULL DEFAULT 1,
    choices TEXT NOT NULL DEFAULT '',
    kept_from REAL NOT NULL DEFAULT -1, kept_from_id TEXT NOT NULL DEFAULT ''   -- older events became counters
);
CREATE TABLE events(
    id TEXT NOT NULL, ts REAL NOT NULL, type TEXT NOT NULL, session_id TEXT NOT NULL, item_id TEXT NOT NULL,
    kind TEXT NOT NULL, query TEXT NOT NULL, position INTEGER NOT NULL, surface TEXT NOT NULL, watch_s REAL NOT NULL,
    quantity INTEGER NOT NULL, policy TEXT NOT NULL, propensity REAL NOT NULL, actor INTEGER NOT NULL,
    PRIMARY KEY (actor, ts, id)     -- the events of one shopper lie together
) WITHOUT ROWID;
CREATE UNIQUE INDEX event_by_id ON events(id);
CREATE INDEX event_by_time ON events(ts, id);
CREATE TABLE counts(
    item_id TEXT NOT NULL, kind TEXT NOT NULL, type TEXT NOT NULL, events INTEGER NOT NULL, quantity INTEGER NOT NULL,
    PRIMARY KEY (item_id, kind, type)
) WITHOUT ROWID;
INSERT INTO meta VALUES ('changes', 0), ('gone_at', 0), ('pruned_before', 0.0);
"""
EVENTS = Layout(
    "events", "interest.events_file", _SCHEMA, 1, "take it away, and load the event files again (xunhuo events)"
)
