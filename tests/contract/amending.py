"""A generation made out of another one: what changes is what was replaced, and nothing else."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from retrieval.errors import NotFound
from retrieval.protocols import Amender, Backend
from retrieval.schema import PRODUCT
from retrieval.types import IndexedDocument
from tests.contract import world
from tests.contract.world import IDS, NO_FILTER, ROWS, asking, direction

TEA = IDS.index("p02")


def cut_anew() -> IndexedDocument:
    """「龙井 绿茶」, cut as one word."""
    old = world.document(ROWS[TEA])
    return dataclasses.replace(old, tokens={**old.tokens, "title": ["龙井绿茶"]}, forward=b"cut anew")


class Amending:
    """Needs a fixture `backend`, empty in every test."""

    def test_only_what_is_replaced_changes(self, backend: Backend) -> None:
        old = world.build(backend).generation
        before = world.everything(backend.open(old).collection(PRODUCT.kind))
        with backend.amend(old, analyzer="other") as amender:
            amender.replace(PRODUCT.kind, TEA, cut_anew())
            manifest = amender.finish({"amended": 1})
        assert (backend.current(), [m.generation for m in backend.manifests()]) == (old, [old, manifest.generation])
        assert (manifest.analyzer, manifest.encoder) == ("other", world.ENCODER)
        assert (manifest.documents, manifest.details) == (len(ROWS), {"note": "the world", "amended": 1})
        assert (backend.verify(old), backend.verify(manifest.generation)) == ([], [])
        backend.publish(manifest.generation)
        was, now, rows = (
            backend.open(old).collection(PRODUCT.kind),
            backend.open(manifest.generation).collection(PRODUCT.kind),
            np.arange(len(ROWS)),
        )
        assert world.ids(was.lexical(asking("绿茶"), NO_FILTER, 12)) == ["p11", "p02"]
        assert world.ids(now.lexical(asking("绿茶"), NO_FILTER, 12)) == ["p11"]
        assert world.ids(now.lexical(asking("龙井绿茶"), NO_FILTER, 12)) == ["p02"]
        assert world.ids(now.lexical(asking("红色"), NO_FILTER, 12)) == world.ids(
            was.lexical(asking("红色"), NO_FILTER, 12)
        )
        assert [row for row in rows.tolist() if now.forward(rows)[row] != was.forward(rows)[row]] == [TEA]
        assert now.sources(rows) == was.sources(rows)
        assert now.facets(PRODUCT.facets, rows) == was.facets(PRODUCT.facets, rows)
        assert now.vectors(rows) == pytest.approx(was.vectors(rows), abs=1e-3)
        assert world.ids(now.semantic(direction(105), NO_FILTER, 1)) == ["p02"]
        assert now.check_vectors() == []
        assert world.everything(was) == before

    def test_attachments_go_along(self, backend: Backend) -> None:
        with backend.create(analyzer="a", encoder=None, dim=0) as writer:
            writer.collection(PRODUCT.kind).add([world.document(row) for row in ROWS], None)
            writer.attach("kept", b"as it was")
            writer.attach("changed", b"old")
            old = writer.finish({}, None).generation
        with backend.amend(old, analyzer="b") as amender:
            amender.attach("changed", b"new")
            new = amender.finish({}).generation
        found = {name: [backend.open(g).attachment(name) for g in (old, new)] for name in ("kept", "changed", "none")}
        assert found == {"kept": [b"as it was"] * 2, "changed": [b"old", b"new"], "none": [None, None]}

    def test_amended_again_and_the_first_deleted(self, backend: Backend) -> None:
        names = [world.build(backend).generation]
        for place in range(2):
            with backend.amend(names[-1], analyzer=f"a{place}") as amender:
                amender.replace(PRODUCT.kind, TEA, cut_anew() if place == 0 else world.document(ROWS[TEA]))
                names.append(amender.finish({}).generation)
        backend.publish(names[-1])
        for name in names[:2]:
            backend.delete(name)
        assert [m.generation for m in backend.manifests()] == names[2:]
        found = backend.open(names[2]).collection(PRODUCT.kind).lexical(asking("绿茶"), NO_FILTER, 12)
        assert sorted(world.ids(found)) == ["p02", "p11"]

    def test_leaving_without_finish_leaves_nothing(self, backend: Backend) -> None:
        old = world.build(backend).generation
        amender = backend.amend(old, analyzer="other")
        with pytest.raises(RuntimeError, match="stopped"), amender:
            _stop(amender)
        assert [m.generation for m in backend.manifests()] == [backend.current()] == [old]

    def test_nothing_to_amend(self, backend: Backend) -> None:
        with pytest.raises(NotFound):
            backend.amend("g20200101T000000.000Z-0000", analyzer="a")


def _stop(amender: Amender) -> None:
    amender.replace(PRODUCT.kind, TEA, cut_anew())
    raise RuntimeError("stopped")
