"""Reads the queries of shoppers; a bad line stops the run and is named, as in `eval.inputs`."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from eval.inputs import numbered_lines
from eval.personal.types import ShopperQuery
from indexer.sources.json_text import BadValueError, parse_json
from indexer.sources.problems import first_problem
from indexer.sources.records import Record
from indexer.sources.scalars import Id, Text, Time
from retrieval.errors import InputError

NO_BAND = "no band"
_HINT = '{"qid": "1", "query": "…", "user_id": "u1", "session_id": "s1", "ts": "2024-05-30T11:24:14Z", "band": "vague"}'


class _Row(Record):
    qid: Id
    query: Text
    ts: Time
    user_id: Id = ""
    session_id: Id = ""
    band: Text = NO_BAND


def read_shopper_queries(path: Path) -> tuple[ShopperQuery, ...]:
    """Queries in file order, from JSONL lines; a name that ends in ``.gz`` is unpacked. Other fields are passed over.

    Raises:
        InputError: a file that cannot be read, a line that cannot be understood, a qid that stands twice or has white
            space, a query of nobody, no query at all.
    """
    queries: dict[str, ShopperQuery] = {}
    for where, line in numbered_lines(path):
        query = _read(where, line)
        if len(query.qid.split()) != 1:
            raise InputError(f"the qid {query.qid!r} has white space", field=where, hint="qrels could not name it")
        if not (query.user_id or query.session_id):
            raise InputError(f"nobody asks query {query.qid!r}", field=where, hint="give a user_id or a session_id")
        if queries.setdefault(query.qid, query) is not query:
            raise InputError(f"the qid {query.qid!r} is given twice", field=where, hint="give every query its own qid")
    if not queries:
        raise InputError("there is no query in this file", field=str(path), hint=f"a line is: {_HINT}")
    return tuple(queries.values())


def _read(where: str, line: str) -> ShopperQuery:
    try:
        row = _Row.model_validate(parse_json(line.encode()))
    except BadValueError as problem:
        raise InputError(problem.message, field=where, hint=f"a line is: {_HINT}") from None
    except ValidationError as errors:
        name, _, message = first_problem(errors)
        text = f"{name}: {message}" if name else message
        raise InputError(text, field=where, hint=f"a line is: {_HINT}") from None
    return ShopperQuery(row.qid, row.query, row.user_id, row.session_id, row.ts.timestamp(), row.band)
