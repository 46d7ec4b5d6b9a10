"""One evaluation from the first step to the last: ask, measure, look at each query, take the means."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from eval.graded.summary import answer_grade, graded_of
from eval.inputs import qrels_checksum, queries_checksum
from eval.measures import EXPONENTIAL, NEEDED_DEPTH, PRIMARY, condensed, measures_for, score
from eval.slices import slices_of
from eval.summary import by_slice, coverage_of, latency_of, overall
from eval.types import (
    Answer,
    Evaluation,
    Found,
    Outcome,
    Qrels,
    Query,
    SearchFunction,
    ShownDocument,
    Summary,
    TitleOf,
    Tokenize,
)
from retrieval.errors import InputError, InvalidRequest

SHOWN = 10
"""Results kept per query for the reports."""


def evaluate(
    search: SearchFunction,
    queries: Sequence[Query],
    qrels: Qrels,
    *,
    depth: int = 100,
    answer: int | None = None,
    tokenize: Tokenize | None = None,
    title_of: TitleOf | None = None,
    name: str = "run",
    about: Mapping[str, str] | None = None,
    seed: int = 0,
    resamples: int = 2000,
    clock: Callable[[], float] = time.perf_counter,
    watched: Callable[[Sequence[Query]], Iterable[Query]] = iter,
) -> Evaluation:
    """Ask every query one after another and measure the answers against the judgments.

    Args:
        search: what is evaluated.
        queries: the queries, each qid once.
        qrels: the judgments; queries without any are asked and listed, but no mean counts them.
        depth: how many documents are asked for, at least 100 (R@100).
        answer: the lowest grade that is an answer; None: 2 where there are grades above 1, else nothing is said of it.
        tokenize: the tokens of a query, for the slices by token count.
        title_of: titles, for the reports and for the slice that shares no character with its gold title.
        name, about: what the reports call this run and say of it.
        seed, resamples: of the bootstrap intervals.
        clock: seconds, for the latency of a search call.
        watched: gives the queries one by one; a progress bar, say.

    Raises:
        InputError: no query is judged, depth is too small, a query is refused, or a document comes back twice
            or under an id that a TREC run cannot hold.
    """
    if depth < NEEDED_DEPTH:
        raise InputError(
            f"depth {depth} cannot give R@{NEEDED_DEPTH}", field="depth", hint=f"use {NEEDED_DEPTH} or more"
        )
    if not any(query.qid in qrels for query in queries):
        raise InputError(
            "no query has a judgment", field="qrels", hint="the qids of queries and qrels must be the same"
        )

    graded_from, names = answer_grade(qrels, answer), measures_for(qrels)
    answers = tuple(ask(search, query, depth, clock) for query in watched(queries))
    measured = score(answers, qrels, names)
    bare = _condensed(answers, qrels, names) if graded_from else {}
    titles = title_of or (lambda doc_id: None)
    outcomes = tuple(
        replace(
            look_at(query, one, qrels.get(query.qid, {}), measured.get(query.qid, {}), tokenize, titles, graded_from),
            condensed=bare.get(query.qid, {}),
        )
        for query, one in zip(queries, answers, strict=True)
    )
    summary = Summary(
        name=name,
        about=dict(about or {}),
        depth=depth,
        seed=seed,
        resamples=resamples,
        queries_sha256=queries_checksum(queries),
        qrels_sha256=qrels_checksum(qrels),
        coverage=coverage_of(queries, qrels, answers),
        measures=overall(outcomes, seed=seed, resamples=resamples),
        slices=by_slice(outcomes, seed=seed, resamples=resamples),
        latency=latency_of(answers),
        graded=graded_of(outcomes, graded_from, seed=seed, resamples=resamples) if graded_from else None,
    )
    return Evaluation(summary, outcomes, answers)


def ask(search: SearchFunction, query: Query, depth: int, clock: Callable[[], float]) -> Answer:
    """The ranking the search gives, checked, and the time the call took."""
    start = clock()
    try:
        found = [Found(*hit) for hit in search(query.text, depth)][:depth]
    except InvalidRequest as error:
        raise InputError(
            f"query {query.qid!r} was refused: {error.message}", field=error.field, hint=error.hint
        ) from error
    latency_ms = round((clock() - start) * 1000, 3)
    seen: set[str] = set()
    for doc_id in (one.id for one in found):
        if doc_id in seen:
            raise InputError(f"the search gave document {doc_id!r} twice for query {query.qid!r}", field="search")
        if len(doc_id.split()) != 1 or doc_id != doc_id.strip():
            raise InputError(f"the document id {doc_id!r} is empty or has white space", field="search")
        seen.add(doc_id)
    ranking = tuple((one.id, float(one.score)) for one in found)
    return Answer(query.qid, ranking, latency_ms, {one.id: one for one in found})


def look_at(
    query: Query,
    answer: Answer,
    grades: Mapping[str, int],
    measures: dict[str, float],
    tokenize: Tokenize | None,
    title_of: TitleOf,
    graded_from: int | None = None,
) -> Outcome:
    """One query with its measures, its slices, its relevant documents (best grade first) and its first results."""
    ranks = {doc_id: rank for rank, (doc_id, _) in enumerate(answer.ranking, start=1)}
    scores = dict(answer.ranking)

    def shown(doc_id: str) -> ShownDocument:
        said = answer.found.get(doc_id, Found(doc_id, 0.0))
        known = (title_of(doc_id), grades.get(doc_id), ranks.get(doc_id), scores.get(doc_id))
        return ShownDocument(doc_id, *known, said.relevance, said.near)

    relevant = tuple(shown(i) for i in sorted((i for i in grades if grades[i] >= 1), key=lambda i: (-grades[i], i)))
    gold_titles = [document.title for document in relevant if document.title]
    answered = max(grades.values()) >= graded_from if grades and graded_from else None
    return Outcome(
        qid=query.qid,
        query=query.text,
        measures=measures,
        slices=slices_of(query, gold_titles, tokenize, answered),
        retrieved=len(answer.ranking),
        first_relevant=min((document.rank for document in relevant if document.rank), default=None),
        relevant=relevant,
        top=tuple(shown(doc_id) for doc_id, _ in answer.ranking[:SHOWN]),
        latency_ms=answer.latency_ms,
    )


def _condensed(answers: Sequence[Answer], qrels: Qrels, names: Sequence[str]) -> dict[str, dict[str, float]]:
    """The measures of order without what nobody judged."""
    kept = [name for name in names if name in (EXPONENTIAL, PRIMARY)]
    return score([condensed(answer, qrels.get(answer.qid, {})) for answer in answers], qrels, kept)
