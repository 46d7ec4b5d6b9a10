"""What people ask about rules, on the command line or over HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import yaml

from indexer.rules.preview import Preview, preview, queries_of
from indexer.rules.publish import publish, rollback
from retrieval.engine import Engine
from retrieval.errors import InvalidRequest, RuleError
from retrieval.protocols import IndexReader
from retrieval.rules.book import RuleBook, Version
from retrieval.rules.problems import Problem
from retrieval.rules.read import Read, products_named, read_document, read_text

_NAMED = 20
"""Problems that one message names."""


class RuleDesk:
    """Safe to share between threads."""

    def __init__(
        self, book: RuleBook, reader: Callable[[], IndexReader | None], engine: Callable[[], Engine], *,
        most_rules: int, most_queries: int,
    ) -> None:  # fmt: skip
        """`reader` is of the products that are served, None where nothing is; `engine` is asked for at a preview."""
        self.book = book
        self._reader, self._engine = reader, engine
        self._most_rules, self._most_queries = most_rules, most_queries

    def check(self, given: str | Mapping[str, Any]) -> Read:
        """Rules of a file, or of what stands in one, with all that is wrong and all that only seems so."""
        read = read_text(given) if isinstance(given, str) else read_document(given)
        problems = [*read.problems, *self._unknown(read)]
        if (many := sum(len(read.document.get(name) or ()) for name in ("rules", "campaigns"))) > self._most_rules:
            hint = f"at most {self._most_rules:,} (merchandising.most_rules)"
            problems.append(Problem("", "rules", f"these are {many:,} rules and campaigns", hint))
        return replace(read, problems=tuple(problems))

    def preview(
        self, given: str | Mapping[str, Any], queries: Sequence[str] = (), now: float | None = None
    ) -> tuple[Read, Preview]:  # fmt: skip
        """What rules would change; those that cannot be read are left out, and told.

        Args:
            queries: of which; without any those that the rules speak of.

        Raises:
            InvalidRequest: these are too many.
            NotReady: no generation is published yet.
        """
        if len(queries) > self._most_queries:
            hint = f"at most {self._most_queries:,} (merchandising.max_queries)"
            raise InvalidRequest(f"{len(queries):,} queries are too many for one preview", field="queries", hint=hint)
        read = self.check(given)
        asked = queries or queries_of(read.rules)[: self._most_queries]
        return read, preview(self._engine(), read.rules, asked, now)

    def publish(
        self, given: str | Mapping[str, Any], *, by: str, note: str = "", expected: int | None = None
    ) -> tuple[Read, Version]:  # fmt: skip
        """Puts rules in force.

        Raises:
            RuleError: they cannot be read, or only in part; nothing is kept.
            VersionConflict: another version is in force by now.
        """
        read = self.check(given)
        if not read.publishable:
            raise cannot_publish(read.problems)
        return read, publish(self.book, read.document, by=by, note=note, now=time.time(), expected=expected)

    def rollback(self, number: int, *, by: str, note: str = "", expected: int | None = None) -> Version:
        """Puts an older version in force again, 0 for no rules. Raises NotFound, VersionConflict."""
        return rollback(self.book, number, by=by, note=note, now=time.time(), expected=expected)

    def _unknown(self, read: Read) -> Iterator[Problem]:
        """Products that are named and not there: they may come, so that is no reason not to publish."""
        reader = self._reader()
        if reader is None:
            return
        named = {rule.id: sorted(products_named(rule, read.rules)) for rule in read.rules.rules}
        for campaign in read.rules.campaigns:
            named[campaign.id] = sorted({id for products in campaign.products for id in products.ids})
        ids = sorted({id for each in named.values() for id in each})
        gone = {id for id, row in zip(ids, reader.rows_of(ids), strict=True) if row is None}
        for rule, each in named.items():
            if missing := [id for id in each if id in gone]:
                said = ", ".join(missing[:5]) + (f" and {len(missing) - 5:,} more" if len(missing) > 5 else "")
                yield Problem(rule, "", f"there is no product {said}", "it does nothing until it is there", fatal=False)


def as_yaml(value: Any) -> str:
    """Rules, or one of them, as a file writes them."""
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False)


def cannot_publish(problems: Sequence[Problem]) -> RuleError:
    """All that is wrong, in one message."""
    wrong = [problem for problem in problems if problem.fatal]
    said = "".join(f"\n  {problem}" + (f" → {problem.hint}" if problem.hint else "") for problem in wrong[:_NAMED])
    said += f"\n  … and {len(wrong) - _NAMED:,} more" if len(wrong) > _NAMED else ""
    return RuleError(f"these rules cannot be published:{said}", field=wrong[0].rule or None, hint="correct them all")
