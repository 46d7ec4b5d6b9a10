"""What could be searched instead:

1. Queries that hold the product come first, the more often asked before the others; the query itself never.
2. Without a known product, what shares two neighbouring characters comes first, the last two before the others.
3. Whatever is asked, something popular is offered; nothing where nothing was learned.
4. What names nothing that is sold is never offered, however often it is asked, nor is the same text twice.
"""

from __future__ import annotations

from configs.settings import LEXICON
from retrieval.analysis.analyzer import Analyzer
from retrieval.analysis.lexicon import load_lexicon
from retrieval.understanding.kinds import Kind, Source
from retrieval.understanding.knowledge import Knowledge
from retrieval.understanding.plan import Entity, Plan
from retrieval.understanding.ways_out.suggestions import LONGEST, OFFERED, suggestions
from tests.unit.retrieval.understanding import mall

ANALYZER = Analyzer(mall.segmenter(), load_lexicon(LEXICON))
ASKED = {"保温杯": 9, "asdf": 8, "红色连衣裙": 7, "儿童保温杯": 5, "怎么退款": 4, "保温杯大容量": 3}
KNOWLEDGE = mall.learned(queries=ASKED)


def offered(query: str, *entities: Entity, knowledge: Knowledge = KNOWLEDGE) -> tuple[str, ...]:
    return suggestions(Plan(query, ANALYZER.query(query), entities=entities), knowledge)


def test_the_product_first() -> None:  # 1
    cup = Entity(Kind.PRODUCT, "保温杯", 2, 5, 1.0, 1.0, Source.CATALOGUE)
    assert offered("金色保温杯", cup)[:3] == ("保温杯", "儿童保温杯", "保温杯大容量")
    assert "保温杯" not in offered("保温杯", Entity(Kind.PRODUCT, "保温杯", 0, 3, 1.0, 1.0, Source.CATALOGUE))


def test_shared_characters() -> None:  # 2
    first, *others = offered("保温长衣裙")
    assert first == "红色连衣裙"
    assert others.index("连衣裙") < others.index("保温杯")


def test_always_something_popular() -> None:  # 3
    assert offered("zzz")[0] == "保温杯"
    assert len(offered("zzz")) <= OFFERED
    assert offered("zzz", knowledge=Knowledge()) == ()


def test_only_what_is_sold() -> None:  # 4
    for query in ("asdfg", "退款", "保温杯"):
        texts = offered(query)
        assert not {"asdf", "怎么退款"} & set(texts)
        assert len(texts) == len(set(texts))
        assert all(len(text) <= LONGEST for text in texts)
