"""Reads queries, judgments and titles; a bad line stops the run and is named, since it would bend every mean."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from eval.types import Qrels, Query
from retrieval.errors import InputError

_GRADE = re.compile(r"-?[0-9]{1,3}")  # trec_eval keeps a counter for every grade up to the highest


def read_queries(path: Path) -> tuple[Query, ...]:
    """Queries in file order, from ``qid<TAB>query`` lines, or from ``.jsonl`` lines ``{"qid": …, "query": …}``.

    Blank lines are skipped, and so is a line that says again what one before it said; a name that ends in ``.gz`` is
    unpacked.

    Raises:
        InputError: a file that cannot be read, a line that cannot be understood, a qid with two queries, no query
            at all.
    """
    queries: dict[str, Query] = {}
    for where, line in numbered_lines(path):
        qid, text = _json_fields(where, line, "qid", "query") if _is_jsonl(path) else _two_columns(where, line, "query")
        if len(qid.split()) != 1 or qid != qid.strip():
            raise InputError(
                f"the qid {qid!r} is empty or has white space", field=where, hint="qrels could not name it"
            )
        if not text.strip():
            raise InputError(f"query {qid!r} is empty", field=where, hint="remove the line or give the query")
        query = Query(qid, text.strip())
        if queries.setdefault(qid, query) != query:
            raise InputError(
                f"the qid {qid!r} is given twice, for {queries[qid].text!r} and {query.text!r}",
                field=where,
                hint="give every query its own qid",
            )
    if not queries:
        raise InputError("there is no query in this file", field=str(path), hint="expected lines qid<TAB>query")
    return tuple(queries.values())


def read_qrels(path: Path) -> Qrels:
    """Judgments from TREC lines ``qid iteration docid grade``, split at white space.

    A grade below 0 says that somebody looked and found spam; it gains nothing, as 0 does. A judgment may stand twice.

    Raises:
        InputError: a file that cannot be read, a line without four fields, a grade that is no whole number of at most
            3 digits, a document with two grades for one query, no judgment at all.
    """
    qrels: dict[str, dict[str, int]] = {}
    for where, line in numbered_lines(path):
        fields = line.split()
        if len(fields) != 4:
            raise InputError(
                f"expected 4 fields, found {len(fields)}", field=where, hint="a line is: qid iteration docid grade"
            )
        qid, _, doc_id, grade = fields
        if not _GRADE.fullmatch(grade):
            hint = "write 0, 1, 2, … (below 0 is spam and counts as 0)"
            raise InputError(f"the grade {grade!r} is no small whole number", field=where, hint=hint)
        said = qrels.setdefault(qid, {}).setdefault(doc_id, int(grade))
        if said != int(grade):
            raise InputError(
                f"document {doc_id!r} is judged twice for query {qid!r}, {said} and {int(grade)}",
                field=where,
                hint="keep one line",
            )
    if not qrels:
        raise InputError(
            "there is no judgment in this file", field=str(path), hint="a line is: qid iteration docid grade"
        )
    return qrels


def read_titles(path: Path) -> dict[str, str]:
    """Titles by document id, from ``docid<TAB>title`` lines or ``.jsonl`` lines ``{"id": …, "title": …}`` (or .gz).

    Raises:
        InputError: a file that cannot be read or a line that cannot be understood.
    """
    jsonl = _is_jsonl(path)
    return dict(
        _json_fields(where, line, "id", "title") if jsonl else _two_columns(where, line, "title")
        for where, line in numbered_lines(path)
    )


def queries_checksum(queries: Iterable[Query]) -> str:
    """SHA-256 of what is asked, whatever the file format and the order of its lines."""
    return _checksum((query.qid, query.text) for query in queries)


def qrels_checksum(qrels: Qrels) -> str:
    """SHA-256 of the judgments, whatever the order of the lines."""
    return _checksum((qid, doc_id, grade) for qid, grades in qrels.items() for doc_id, grade in grades.items())


def _checksum(rows: Iterable[tuple[str | int, ...]]) -> str:
    lines = sorted(json.dumps(row, ensure_ascii=False) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _is_jsonl(path: Path) -> bool:
    return path.name.removesuffix(".gz").endswith((".jsonl", ".json"))


def numbered_lines(path: Path) -> Iterator[tuple[str, str]]:
    """(``file:line``, text without its line end) of every line that is not blank."""
    number = 0
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                line = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
                if line.strip():
                    yield f"{path}:{number}", line
    except UnicodeDecodeError:
        raise InputError("this line is not UTF-8", field=f"{path}:{number}", hint="save the file as UTF-8") from None
    except (OSError, EOFError) as error:
        raise InputError(f"the file cannot be read: {error}", field=str(path), hint="check the path") from error


def _two_columns(where: str, line: str, name: str) -> tuple[str, str]:
    fields = line.split("\t")
    if len(fields) != 2:
        raise InputError(
            f"expected 2 columns with one tab between them, found {len(fields)}", field=where, hint=f"id<TAB>{name}"
        )
    return fields[0], fields[1]


def _json_fields(where: str, line: str, key: str, name: str) -> tuple[str, str]:
    try:
        row: Any = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"this line is no JSON: {error.msg}", field=where, hint="one object a line") from None
    if not isinstance(row, dict) or not isinstance(row.get(key), str | int) or not isinstance(row.get(name), str):
        raise InputError(
            f"expected an object with {key!r} and {name!r}", field=where, hint=f'{{"{key}": "1", "{name}": "…"}}'
        )
    try:
        row[name].encode()
    except UnicodeEncodeError:
        raise InputError(f"{name!r} holds half a surrogate pair", field=where, hint="save the text as UTF-8") from None
    return str(row[key]), row[name]
