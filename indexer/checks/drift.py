"""A vector belongs to its title: the encoder gives it now, and gave it to the same title before.

A model that was exchanged under the same name, or vectors that slipped by a row, pass every check of a vector alone;
queries, encoded by another model, would find nothing near.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from indexer.checks.context import ENOUGH, CheckContext, reaches
from indexer.checks.sample import spaced
from retrieval.late.encoder import encode_titles
from retrieval.ranking.forward import title_tokens
from retrieval.types import FloatArray

_ENCODED = 32
"""Titles that are encoded for the comparison: a quarter of a second with e5."""


def drift(context: CheckContext) -> list[str]:
    """The encoder is the one that its settings named before, and the same text has the same vector."""
    if not context.reader.manifest.dim:
        return []
    return [*_renamed(context), *_encoded_now(context), *_as_served(context)]


def _renamed(context: CheckContext) -> list[str]:
    now, before = context.reader.manifest, context.previous
    if before is None or before.encoder in (None, now.encoder):
        return []
    if _chosen(now.details) != _chosen(before.details) or _chosen(now.details) is None:
        return []
    return [
        f"the settings name the same encoder as for {before.generation}, but it is {now.encoder} now and was "
        f"{before.encoder}: its model or library was exchanged; --force says that this is meant"
    ]


def _chosen(details: Any) -> object:
    """Name and options of the encoder in the settings of a build."""
    encoder = details.get("settings", {}).get("encoder") or {}
    return (encoder.get("name"), encoder.get("options")) if encoder else None


def _encoded_now(context: CheckContext) -> list[str]:
    sample, encoder = context.sample, context.encoder
    if encoder is None or encoder.fingerprint != context.reader.manifest.encoder or not len(sample):
        return []
    places = spaced(len(sample), _ENCODED)
    titles = [str(sample.records[place]["title"]) for place in places.tolist()]
    rows = sample.rows[places]
    now, tokens = encode_titles(encoder, titles), map(title_tokens, context.reader.forward(rows))
    lost = sum(len(found) != len(stored) for found, stored in zip(now.tokens, tokens, strict=True))
    found = _differing(context, now.vectors, context.reader.vectors(rows), "the encoder gives their titles now")
    if lost:
        found = [*found, f"{lost} of {len(rows)} titles have other tokens than the encoder gives them now"]
    return found


def _as_served(context: CheckContext) -> list[str]:
    previous = context.previous
    if context.served is None or previous is None or previous.encoder != context.reader.manifest.encoder:
        return []
    pairs = context.pairs.of_one_title()
    if len(pairs) < ENOUGH:
        return []
    now, before = context.reader.vectors(pairs.now.rows), context.served.vectors(pairs.before.rows)
    return _differing(context, before, now, f"the same titles have in {previous.generation}")


def _differing(context: CheckContext, wanted: FloatArray, stored: FloatArray, what: str) -> list[str]:
    gates = context.gates
    if wanted.shape != stored.shape:
        return [f"vectors have {stored.shape[1]} dimensions, and {wanted.shape[1]} in what {what}"]
    cosines = np.einsum("ij,ij->i", wanted, stored)
    same = int((cosines >= gates.vector_cosine).sum())
    if reaches(same, gates.same_vectors, len(cosines)):
        return []
    return [
        f"{len(cosines) - same:,} of {len(cosines):,} vectors differ from what {what} (cosine {np.median(cosines):.2f} "
        f"at the median); {gates.same_vectors:.0%} must reach {gates.vector_cosine:g} (gates.same_vectors)"
    ]
