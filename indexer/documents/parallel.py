"""Products are analysed in processes beside the one that reads, writes and learns: three quarters of that work.

Batches come back in their order, so a generation is the same whatever the number of processes. A process is given its
lexicon and not its settings, which may have been edited since. Who starts small does not pay for processes: the first
batches are analysed here.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing.process import BaseProcess
from typing import TypeAlias

from indexer.documents.analysed import Analysed, analysed
from indexer.sources.records import Product
from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.lexicon import Lexicon
from retrieval.analysis.segment import open_segmenter
from retrieval.errors import GenerationError
from retrieval.types import Document, IndexedDocument

_AT_HOME = 2
"""Batches that are analysed here before processes are started, which takes each of them about a second."""
_AHEAD = 2
"""Batches that wait for a process beside those in work: bounds memory."""
_SPACE, _LINE = " ", "\n"
"""Neither stands in a token, nor a line break in a normalised text."""

_Packed: TypeAlias = tuple[tuple[object, ...], dict[str, str], bytes, str, str]
"""What travels back: strings instead of lists of strings, which take ten times as long to pack."""


def analysed_batches(
    batches: Iterator[list[Product]], analyzer: Analyzer, processes: int
) -> Generator[list[Analysed], None, None]:
    """Each batch analysed, in order; `processes` of 0 or 1: all of it here."""
    for number, batch in enumerate(batches, 1):
        yield [analysed(product, analyzer) for product in batch]
        if processes > 1 and number == _AT_HOME:
            yield from _elsewhere(batches, analyzer, processes)


def _elsewhere(batches: Iterator[list[Product]], analyzer: Analyzer, processes: int) -> Iterator[list[Analysed]]:
    kinds = multiprocessing.get_all_start_methods()
    # Never a plain fork: this process has threads of tantivy and of encoders.
    context = multiprocessing.get_context("forkserver" if "forkserver" in kinds else "spawn")
    given = (analyzer.lexicon.indexed(), analyzer.segmenter.kind, analyzer.fingerprint)
    with ProcessPoolExecutor(processes, context, _start, given) as pool:
        waiting: deque[tuple[list[Product], Future[list[_Packed]]]] = deque()
        try:
            for batch in batches:
                waiting.append((batch, pool.submit(_analyse, batch)))
                if len(waiting) > processes + _AHEAD:
                    yield _unpacked(*waiting.popleft())
            while waiting:
                yield _unpacked(*waiting.popleft())
        finally:
            for _, future in waiting:
                future.cancel()


def _start(words: bytes, segmenter: str, fingerprint: str) -> None:
    """In each process, once; `words` are what decides the tokens (`Lexicon.indexed`)."""
    global _analyzer
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that reads is interrupted, and ends the others
    parent = multiprocessing.parent_process()
    if parent:
        # Killed, it can end nobody, and nobody would tell this process that no more work comes.
        threading.Thread(target=_outlive, args=(parent,), daemon=True).start()
    lexicon = Lexicon().of_index(words)
    _analyzer = Analyzer(open_segmenter(segmenter, lexicon.user_words), lexicon)
    if _analyzer.fingerprint != fingerprint:
        raise GenerationError("an analysing process cuts words in another way", hint="set index.processes=0")


_analyzer: Analyzer


def _outlive(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _analyse(batch: Sequence[Product]) -> list[_Packed]:
    return [_packed(analysed(product, _analyzer)) for product in batch]


def _packed(one: Analysed) -> _Packed:
    document = one.indexed.document
    fields = (
        document.id, document.text, document.keywords, document.numbers, document.embedded_text, document.source,
    )  # fmt: skip
    tokens = {field: _SPACE.join(words) for field, words in one.indexed.tokens.items()}
    return fields, tokens, one.indexed.forward, one.title, _LINE.join(one.words)


def _unpacked(batch: list[Product], future: Future[list[_Packed]]) -> list[Analysed]:
    found = []
    for product, (fields, texts, forward, title, words) in zip(batch, future.result(), strict=True):
        tokens = {field: text.split(_SPACE) if text else [] for field, text in texts.items()}
        indexed = IndexedDocument(Document(*fields), tokens, forward)  # type: ignore[arg-type]  # as it was packed
        found.append(Analysed(product, indexed, title, words.split(_LINE) if words else []))
    return found
