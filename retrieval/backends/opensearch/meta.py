"""What stands in ``_meta`` of an index: its state, and the manifest of a finished one as the text that was written.

An index without a manifest is being built, or its builder was killed: its plan says who may go on with it, its owner
who does. One with the manifest of another generation is a clone that is being amended, or was. A deleted one keeps
answering those who have it open for a while, and nobody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson

from retrieval.backends.opensearch.mapping import MAPPING_VERSION
from retrieval.errors import GenerationError
from retrieval.generations import Manifest, read_manifest


def plan_of(body: Mapping[str, Any], analyzer: str, encoder: str | None) -> str:
    """A digest of what an index is built as and with: with the same, a document becomes the same."""
    plan = orjson.dumps([MAPPING_VERSION, body, analyzer, encoder], option=orjson.OPT_SORT_KEYS)
    return sha256(plan).hexdigest()[:32]


def building(plan: str, owner: str) -> dict[str, Any]:
    return {"xunhuo": {"state": "building", "mapping": MAPPING_VERSION, "plan": plan, "owner": owner}}


def finished(manifest: Manifest) -> dict[str, Any]:
    text = manifest.to_json().decode("utf-8")
    return {
        "xunhuo": {"state": "finished", "mapping": MAPPING_VERSION, "generation": manifest.generation, "manifest": text}
    }


def tail(generation: str) -> dict[str, Any]:
    """Of an index of what was appended to a generation."""
    return {"xunhuo": {"state": "tail", "mapping": MAPPING_VERSION, "generation": generation}}


def deleted(meta: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    return {"xunhuo": {**_of(meta), "state": "deleted", "deleted_at": now.timestamp()}}


def state(meta: Mapping[str, Any], generation: str | None) -> str:
    """``building``, ``finished`` or ``deleted``; ``cloned`` from another, ``foreign`` for one that is none of ours."""
    if _of(meta).get("generation", generation) != generation:
        return "cloned"
    return str(_of(meta).get("state", "foreign"))


def plan(meta: Mapping[str, Any]) -> str:
    """The plan of one that is being built."""
    return str(_of(meta).get("plan"))


def owner(meta: Mapping[str, Any]) -> str:
    """Who builds one that is being built."""
    return str(_of(meta).get("owner"))


def deleted_at(meta: Mapping[str, Any]) -> float:
    """Epoch seconds."""
    return float(_of(meta).get("deleted_at", 0.0))


def manifest_of(meta: Mapping[str, Any], index: str) -> Manifest:
    """The manifest.

    Raises:
        GenerationError: it is damaged, or the index has fields of another version.
    """
    version = _of(meta).get("mapping")
    if version != MAPPING_VERSION:
        raise GenerationError(
            f"{index} has mapping version {version}; this version reads {MAPPING_VERSION}",
            hint="rebuild with this version: xunhuo rebuild",
        )
    return read_manifest(str(_of(meta).get("manifest", "")).encode(), index)


def _of(meta: Mapping[str, Any]) -> Mapping[str, Any]:
    ours = meta.get("xunhuo")
    return ours if isinstance(ours, Mapping) else {}
