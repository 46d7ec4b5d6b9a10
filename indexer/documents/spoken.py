"""Records of moments and videos → the documents that the indexes need: at a rebuild, and again from what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from indexer.documents.moment import MomentText, moment_document
from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.normalize import normalize
from retrieval.schema import MARKS, MOMENT, VIDEO
from retrieval.spoken.moment import Moment, MomentRow
from retrieval.takedowns.marks import marks_of
from retrieval.types import Document, IndexedDocument


def moment_of(record: Mapping[str, Any], analyzer: Analyzer) -> IndexedDocument:
    """A record of `retrieval.spoken.moment`, with what is searched of it: said, heard, published_at."""
    moment = Moment.of(record)
    text = MomentText(record["said"], record["heard"], moment.title)
    row = MomentRow(moment.video_id, moment.kind, normalize(f"{text.said} {text.heard}"), moment.products)
    numbers = {"start": _ms(moment.start), "end": _ms(moment.end), "published_at": record["published_at"]}
    keywords = {"video": (moment.video_id,), "kind": (moment.kind,), "product": tuple(p.id for p in moment.products)}
    keywords[MARKS] = marks_of(MOMENT.kind, record)
    given = {name: value for name, value in numbers.items() if value is not None}
    return moment_document(moment.id, text, analyzer, keywords, given, orjson.dumps(record), row.encode())


def video_of(record: Mapping[str, Any], analyzer: Analyzer) -> IndexedDocument:
    """A video as a whole."""
    creator = record["creator"] or {}
    text = {"title": record["title"], "creator": creator.get("name") or ""}
    written = {name: value for name, value in text.items() if value}
    products = tuple(dict.fromkeys(link["id"] for link in record["products"]))
    numbers = {} if record["published_ts"] is None else {"published_at": record["published_ts"]}
    keywords = {"kind": (record["kind"],), "product": products, MARKS: marks_of(VIDEO.kind, record)}
    document = Document(record["id"], written, keywords, numbers, "", orjson.dumps(record))
    return IndexedDocument(document, {name: analyzer.tokens(value) for name, value in written.items()})


def _ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)
