"""The command `xunhuo eval typos`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.console import clear_errors
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of
from retrieval.errors import InputError

if TYPE_CHECKING:
    from configs.settings import Settings
    from eval.typos import Asked, TypoSummary
    from retrieval.engine import Engine

_TITLES = 20_000
"""Most titles that queries are cut from."""
_DRAWN = 2
"""Pieces of titles for each error: not every piece has a place for every kind."""
_LEAST_SEEN = 5
"""A character of fewer titles is nobody's slip."""


def typos_command(
    queries: Annotated[
        Path | None, typer.Option(help="Lines qid<TAB>query; else pieces of the catalogue's own titles.")
    ] = None,
    count: Annotated[int, typer.Option(min=1, max=100_000, help="Errors to plant.")] = 400,
    kinds: Annotated[
        str, typer.Option(help="Of pinyin, near_pinyin, shape, swap, missing, extra; joined by commas.")
    ] = "pinyin,shape,swap,missing",
    alike: Annotated[
        Path | None,
        typer.Option(help="Look-alikes, a line: a character, then those it is taken for; else the built-in ones."),
    ] = None,
    show: Annotated[int, typer.Option(min=0, help="Lost queries to print.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the queries and the errors.")] = 0,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """Plant one spelling error into each query: how much is lost, and is a clean query ever changed?

    The built-in look-alikes are those that corrections know, too; --alike gives others.

    Examples:

      xunhuo eval typos --count 1000

      xunhuo eval typos --queries dev.queries.tsv --kinds swap,missing --json
    """
    with clear_errors():
        from rich.console import Console
        from rich.progress import track

        from cli.terminal import print_json
        from eval.inputs import read_queries
        from eval.planted import plant, title_queries
        from eval.typos import measure_typos
        from retrieval.analysis.normalize import normalize
        from retrieval.wiring import make_analyzer, open_engine

        settings, named = settings_of(config, overrides, data_dir), _kinds(kinds)
        titles = _titles(settings, seed)
        try:
            if queries:
                texts = [" ".join(normalize(query.text).split()) for query in read_queries(queries)]
                asked: list[tuple[str | None, str]] = [(None, text) for text in dict.fromkeys(texts)]
            else:
                asked = [*title_queries(titles, make_analyzer(settings).segmenter.cut, _DRAWN * count, seed)]
            planted = plant(asked, _alike([title for _, title in titles], alike), count, seed, named)
        except ValueError as why:
            raise InputError(str(why), field="count", hint="ask for fewer, or give more queries") from None
        engine = open_engine(settings)
        try:
            watched = track(planted, "asking", console=Console(stderr=True))
            summary = measure_typos(watched, lambda text, corrects: _ask(engine, text, corrects))
        finally:
            engine.close()
        if as_json:
            print_json({"seed": seed, **asdict(summary)})
        else:
            _print(summary, show)


def _kinds(text: str) -> tuple[str, ...]:
    from retrieval.understanding.spelling.weights import KINDS

    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if unknown := [name for name in names if name not in KINDS] or (["nothing"] if not names else []):
        raise InputError(f"{unknown[0]} is no kind of error", field="kinds", hint=f"there are: {', '.join(KINDS)}")
    return names


def _titles(settings: Settings, seed: int) -> list[tuple[str, str]]:
    """(id, title) of the served products, of a large catalogue some drawn by chance."""
    import numpy as np
    import orjson

    from cli.generations import serving_name
    from retrieval.schema import PRODUCT
    from retrieval.wiring.places import make_backend

    backend = make_backend(settings)
    reader = backend.open(serving_name(backend.current())).collection(PRODUCT.kind)
    rows = np.sort(np.random.default_rng(seed).permutation(reader.rows)[:_TITLES])
    products = [orjson.loads(source) for source in reader.sources(rows)]
    reader.close()
    return [(str(product["id"]), str(product["title"])) for product in products]


def _alike(titles: Sequence[str], table: Path | None) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """What characters of these titles are mistaken for, by sound and by shape."""
    import re
    from collections import Counter

    from retrieval.analysis.normalize import HAN, normalize
    from retrieval.understanding.spelling.pinyin import Homophones
    from retrieval.understanding.spelling.shapes import LookAlikes

    counts = Counter(char for title in titles for char in re.findall(f"[{HAN}]", normalize(title)))
    pool = [char for char, count in counts.items() if count >= _LEAST_SEEN]
    sounds, looks = Homophones(pool), LookAlikes(pool)
    shapes = _shapes(table, frozenset(pool)) if table else {char: looks.of(char) for char in pool}
    same, near = ({char: of(char) for char in pool} for of in (sounds.same, sounds.near))
    return {"pinyin": same, "near_pinyin": near, "shape": shapes}


def _shapes(table: Path, pool: frozenset[str]) -> dict[str, Sequence[str]]:
    try:
        lines = table.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as why:
        raise InputError(f"{table} cannot be read: {why}", hint="give lines of characters in UTF-8") from None
    groups = (line.split() for line in lines)
    return {first: kept for first, *others in filter(None, groups) if (kept := [o for o in others if o in pool])}


def _ask(engine: Engine, text: str, corrects: bool) -> Asked:
    from eval.typos import DEPTH, Asked
    from retrieval.request import SearchRequest

    response = engine.search(SearchRequest(text, size=DEPTH, ignore=() if corrects else ("correction",)))
    if response.degraded:
        raise InputError(f"the search answered {text!r} without {', '.join(response.degraded)}", field="channel")
    correction = response.understood.plan.correction if response.understood else None
    ids = tuple(hit.id for hit in response.hits)
    return Asked(ids, correction.action, correction.text) if correction else Asked(ids)


def _print(summary: TypoSummary, show: int) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table("error", "queries", "clean", "as typed", "corrected", "÷ clean", box=box.SIMPLE)
    for one in (*summary.kinds, summary.all):
        shares = [f"{n / one.queries:.3f}" if one.queries else "–" for n in (one.clean, one.typed, one.corrected)]
        table.add_row(one.kind, str(one.queries), *shares, "–" if one.ratio is None else f"{one.ratio:.3f}")
    console = Console()
    console.print("R@10 of what the clean query is about", highlight=False)
    console.print(table)
    console.print(
        f"of {summary.clean_queries} clean queries {summary.replaced} are replaced, {summary.both} searched in both "
        f"spellings, {summary.suggested} get a proposal; {summary.unanswered} find nothing and are left out",
        highlight=False, soft_wrap=True,
    )  # fmt: skip
    for lost in summary.missed[:show]:
        read = f"read as {lost.read_as} ({lost.action})" if lost.read_as else "left as it is"
        console.print(f"  lost: {lost.typed} for {lost.clean}, {read}", markup=False, highlight=False, soft_wrap=True)
