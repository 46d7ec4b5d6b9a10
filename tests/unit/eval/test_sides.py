"""The page that shows two runs side by side.

1. The most different queries come first: by the primary measure, up or down, then by places, then by qid.
2. A place differs by its document or by its side of the divider; a shorter list lacks the rest.
3. A hit says how it moved; the divider stands once, above the first that is near.
4. The page loads nothing, and runs no script but the one it names by its hash; whatever comes from outside is escaped.
5. Every card can be found by qid and query, and by how B compares and whether there is an answer.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html import unescape

import pytest

from eval.compare import Comparison, Pair, compare
from eval.sides import different_places, kinds_of, most_different_first, rows_of, sides_page
from eval.store import StoredRun
from tests.unit.eval import world
from tests.unit.eval.graded.pages import page
from tests.unit.eval.test_report import Checker

NDCG = "nDCG@10"


def comparison() -> Comparison:
    a, b = world.run(name="<i>first</i>"), world.run(world.blind_to_p1, "second")
    return compare(StoredRun(a.summary, a.outcomes), StoredRun(b.summary, b.outcomes))


def pair(qid: str, a: float, b: float, line: str = "21") -> Pair:
    return Pair(page("21", qid=qid, ndcg=a), page(line, qid=qid, ndcg=b))


def test_order() -> None:  # 1
    pairs = [pair("b", 0.5, 0.5), pair("a", 0.5, 0.5), pair("c", 0.5, 0.5, "2|1"), pair("d", 0.5, 0.7), pair("e", 1, 0)]
    assert [one.a.qid for one in most_different_first(pairs, NDCG)] == ["e", "d", "c", "a", "b"]


@pytest.mark.parametrize(("line", "n"), [("21", 0), ("2|1", 1), ("|21", 2), ("2", 1), ("2103", 2), ("", 2)])
def test_places(line: str, n: int) -> None:  # 2
    assert different_places(pair("q", 0, 0, line)) == n


def test_moves_and_divider() -> None:  # 3
    a = page("3210")
    turned = [replace(a.top[place], rank=rank) for rank, place in enumerate((2, 0, 3, 1), start=1)]
    other = replace(turned[2], id="other")
    b = replace(a, top=(turned[0], turned[1], replace(other, near=True), replace(turned[3], near=True)))
    assert [(row.move, row.divided) for row in rows_of(b, a)] == [
        ("↑2", False), ("↓1", False), ("new", True), ("↓2", False)
    ]  # fmt: skip
    assert [row.divided for row in rows_of(page("|32"), a)] == [True, False]
    text = sides_page(replace(comparison(), pairs=(Pair(page("3|1"), page("|31")),)))
    assert text.count('class="divider"') == 2
    assert (text.count("相近"), text.count("没有完全符合的")) == (1, 1)


def test_self_contained() -> None:  # 4
    evil = '"><script src="https://x">&</script>'
    found = comparison()
    [first, *rest] = found.pairs
    top = (replace(first.a.top[0], title=evil), *first.a.top[1:])
    text = sides_page(replace(found, pairs=(Pair(replace(first.a, query=evil, top=top), first.b), *rest)))
    checker = Checker()
    checker.feed(text)
    assert (checker.loads, checker.open) == ([("script", None)], [])
    [script] = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    said = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{said}'\"" in text
    assert unescape(text).count(evil) == 3
    assert "<i>" not in text
    for shown in (query.text for query in world.QUERIES if query.qid in ("q2", "q3", "q5")):
        assert shown in checker.text


def test_kinds() -> None:  # 5
    assert kinds_of(pair("q", 0.5, 0.7), NDCG, 2) == ("better", "answered")
    assert kinds_of(pair("q", 0.5, 0.3), NDCG, 3) == ("worse", "unanswered")
    assert kinds_of(pair("q", 0.5, 0.5), NDCG, 2) == ("same", "answered")
    assert kinds_of(pair("q", 0.5, 0.5, "2|1"), NDCG, 2) == ("even", "answered")
    text = sides_page(comparison(), answer=2)
    assert 'data-search="q2 红色鞋" data-kinds="worse answered"' in text
    assert 'data-search="q5 i5-11400f" data-kinds="same unanswered"' in text
