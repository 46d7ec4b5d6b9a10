"""Freezes a generation in today's format, with the answers it gives: ``python -m tests.golden.make_generation``.

Only to be run when the format or the tokens change on purpose (`retrieval.generations.FORMAT_VERSION`,
`retrieval.analysis.analyzer.VERSION`, the segmenter's version): what it wrote before must stay readable otherwise. It
has a lexicon, settings and products of its own, so that tuning the shop's does not touch it.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import chdir
from pathlib import Path
from typing import Any

import orjson

from indexer.rebuild import RebuildPlan, rebuild
from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.lexicon import load_lexicon
from retrieval.analysis.segment import open_segmenter
from retrieval.backends.embedded.backend import EmbeddedBackend
from retrieval.encoders import open_encoder
from retrieval.engine import Engine
from retrieval.fusion.fusers import make_fuser
from retrieval.generations import FORMAT_VERSION
from retrieval.interest.bound import BoundOptions
from retrieval.interest.carry_over import CarryOptions
from retrieval.interest.kept import KeepOptions
from retrieval.lists.arrange import ArrangeOptions
from retrieval.lists.facets import FacetBounds
from retrieval.lists.lists import ListOptions
from retrieval.lists.personal import PersonalOptions
from retrieval.lists.ruling import RuleOptions
from retrieval.lists.select import SelectOptions
from retrieval.live.lift import LiftOptions
from retrieval.options import EngineOptions
from retrieval.protocols import Encoder
from retrieval.recall.lexical import LexicalOptions
from retrieval.request import SearchRequest
from retrieval.serving.understandings import words_only
from retrieval.types import Filters, Sort
from retrieval.videos.find import FindOptions
from retrieval.videos.options import VideoOptions
from tests import world

HERE = Path(__file__).parent
FROZEN, ANSWERS = HERE / f"generation-v{FORMAT_VERSION}", HERE / f"answers-v{FORMAT_VERSION}.json"
FIELDS = {"title": 1.0, "brand": 0.6, "category": 0.5, "attributes": 0.3, "description": 0.15}
TANTIVY_LOCKS = "*/lexical/.tantivy-*.lock"

REQUESTS = (
    SearchRequest("白色保温杯", facets=("category", "price")),
    SearchRequest("500ML水杯", facets=("attributes",)),
    SearchRequest("送妈妈的连衣裙", facets=("brand", "services")),
    SearchRequest("耳机", sort=Sort.PRICE_ASC),
    SearchRequest("四件套 加厚", sort=Sort.SALES),
    SearchRequest("茶", filters=Filters({"category": ("食品",)}, (None, 100_000))),
    SearchRequest("红色", filters=Filters({"attributes": ("颜色=红色",)}), facets=("labels",)),
    SearchRequest("nord", filters=Filters(in_stock=True), sort=Sort.NEWEST, facets=("shop",)),
    SearchRequest("没有这种东西", sort=Sort.PRICE_DESC),
    SearchRequest("衬衫", channels=("lexical",)),
)


def make_analyzer() -> Analyzer:
    lexicon = load_lexicon(HERE / "lexicon")
    return Analyzer(open_segmenter("auto", lexicon.user_words), lexicon)


def make_encoder() -> Encoder:
    return open_encoder("hashing", options={"dim": 16}, cache_dir=HERE, threads=1)


def answers(data_dir: Path) -> list[dict[str, Any]]:
    """What an engine over `data_dir` answers to `REQUESTS`: ids in order, scores, totals, facets."""
    options = EngineOptions(
        lexical=LexicalOptions(FIELDS, depth=100, enough=3, most=0.75, floor=0.25),
        lists=ListOptions(
            SelectOptions(depth=100, measured=200, nearest=5, sorted_floor=0.6, closely=100),
            ArrangeOptions(collapse=False, spread_window=0, spread_most=0, divider=0.0), relax_below=0,
        ),
        personal=PersonalOptions(
            BoundOptions(0, 1.0, 1.0), KeepOptions(0, 1), CarryOptions(60.0, 0), fade=1.0, weight=0.0, depth=0
        ),
        rules=RuleOptions(0.0, 1.0, pin_in_stock=True),
        videos=VideoOptions(
            FindOptions({}, depth=1, meaning=0.0, floor=0.0, near=0.0), surely=1.0, beside=0, said=1, cards=1,
            in_card=1, least=0.0, after=1, equal=0.0, quote_chars=1,
        ),
        lift=LiftOptions(0, 1.0), kept=0, pages=0, facets=FacetBounds(50, 50), threads=1,
    )  # fmt: skip
    fuser = make_fuser("weighted", weights={"lexical": 1.0, "semantic": 0.2}, k=60)
    engine = Engine(EmbeddedBackend(data_dir), make_encoder(), fuser, options, words_only(make_analyzer()))
    given = []
    for request in REQUESTS:
        answer = engine.search(request)
        given.append(
            {
                "query": request.query,
                "match": answer.query.match,
                "total": answer.total.value,
                "ids": [hit.id for hit in answer.hits],
                "scores": [round(hit.score, 6) for hit in answer.hits],
                "facets": {name: {v.value: v.count for v in values} for name, values in answer.facets.items()},
            }
        )
    engine.close()
    return given


def main() -> None:
    """Writes `FROZEN` and `ANSWERS` anew."""
    shutil.rmtree(FROZEN, ignore_errors=True)
    with tempfile.TemporaryDirectory() as scratch, chdir(HERE):  # the manifest names its input: no path of this machine
        plan = RebuildPlan((Path("products.jsonl"),), rejects_dir=Path(scratch), cache_dir=Path(scratch))
        report = rebuild(plan, EmbeddedBackend(FROZEN), make_analyzer(), make_encoder(), world.Quiet())
    (FROZEN / "build.lock").unlink()
    ANSWERS.write_bytes(orjson.dumps(answers(FROZEN), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    for lock in FROZEN.glob(f"generations/*/{TANTIVY_LOCKS}"):
        lock.unlink()
    size = sum(path.stat().st_size for path in FROZEN.rglob("*") if path.is_file())
    print(f"{report.generation}: {report.documents} documents, {size:,} bytes in {FROZEN.name}")


if __name__ == "__main__":
    main()
