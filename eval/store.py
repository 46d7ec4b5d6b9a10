"""The run folder: what `eval run --out` leaves for a person, for TREC tools and for `eval compare`.

- ``run.trec``: ``qid Q0 docid rank score tag``. The score is n − rank + 1, so that a tool that sorts by score
  finds this order again; the scores of the search itself are in ``per_query.jsonl``.
- ``per_query.jsonl``: one ``Outcome`` a line. ``summary.json``: the ``Summary``. ``report.html``: both, to look at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from eval.types import Evaluation, Outcome, Summary
from retrieval.errors import InputError

SUMMARY = "summary.json"
PER_QUERY = "per_query.jsonl"
RUN = "run.trec"
REPORT = "report.html"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run read back from its folder."""

    summary: Summary
    outcomes: tuple[Outcome, ...]


def run_files(evaluation: Evaluation, report: str) -> dict[str, str]:
    """The four files of a run folder, name → text."""
    outcome = TypeAdapter(Outcome)
    return {
        RUN: _trec(evaluation),
        PER_QUERY: "".join(outcome.dump_json(one).decode() + "\n" for one in evaluation.outcomes),
        SUMMARY: to_json(Summary, evaluation.summary),
        REPORT: report,
    }


def to_json(noun: type[T], value: T) -> str:
    """Indented JSON of a dataclass, with a line end."""
    return TypeAdapter(noun).dump_json(value, indent=2).decode() + "\n"


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write texts into a folder, which is made if need be; files of the same name are replaced.

    Raises:
        InputError: the folder cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"the folder cannot be written: {error}", field=str(folder), hint="choose another") from error


def read_run(folder: Path) -> StoredRun:
    """The summary and the queries of a run folder.

    Raises:
        InputError: a file is missing or is not what `eval run --out` writes; the line is named.
    """
    summary = _parse(TypeAdapter(Summary), _read(folder / SUMMARY), str(folder / SUMMARY))
    adapter = TypeAdapter(Outcome)
    lines = _read(folder / PER_QUERY).removesuffix("\n").split("\n")  # a title may hold other line separators
    outcomes = (_parse(adapter, line, f"{folder / PER_QUERY}:{n}") for n, line in enumerate(lines, start=1))
    return StoredRun(summary, tuple(outcomes))


def _trec(evaluation: Evaluation) -> str:
    tag = "_".join(evaluation.summary.name.split()) or "run"
    return "".join(
        f"{answer.qid} Q0 {doc_id} {rank} {len(answer.ranking) - rank + 1} {tag}\n"
        for answer in evaluation.answers
        for rank, (doc_id, _) in enumerate(answer.ranking, start=1)
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"the file cannot be read: {error}", field=str(path), hint="expected a folder written by `eval run --out`"
        ) from error


def _parse(adapter: TypeAdapter[T], text: str, where: str) -> T:
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "text"
        raise InputError(
            f"this is not what `eval run --out` writes: {place}: {first['msg']}", field=where, hint="run it again"
        ) from None
