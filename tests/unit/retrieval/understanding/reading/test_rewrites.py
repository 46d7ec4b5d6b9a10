"""Rewrites of queries:

1. A rule for a query speaks where the whole of it reads so; one for a phrase wherever it stands, the longest first.
2. Both sides are normalised; letters and digits must not go on at the edges of a phrase; rules work once.
3. A line that cannot be read names file, line and what is wrong; an absent file has no rules.
4. In a plan: conditions are read first, the spelling of a rewritten query is left alone, and `rewrite` switches it off.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.analysis.analyzer import MAX_QUERY_CHARS
from retrieval.errors import LexiconError
from retrieval.understanding.kinds import CorrectionAction, CorrectionKind
from retrieval.understanding.plan import Correction, Rewriting
from retrieval.understanding.reading.rewrites import PHRASE, Rewrite, Rewrites, load_rewrites
from retrieval.understanding.understand import REWRITE
from tests.unit.retrieval.understanding.test_understand import understander


def rules(tmp_path: Path, text: str) -> Rewrites:
    path = tmp_path / "rewrites.tsv"
    path.write_text(text, encoding="utf-8")
    return Rewrites(load_rewrites(path))


def test_whole_queries(tmp_path: Path) -> None:  # 1
    found = rules(tmp_path, "# 奶茶\n秋天第一杯奶茶\t奶茶\n")
    assert found.apply("秋天第一杯奶茶") == Rewriting("奶茶", ("秋天第一杯奶茶",))
    assert found.apply("秋天第一杯奶茶杯") is None
    assert found.apply("") is None


def test_phrases(tmp_path: Path) -> None:  # 1
    found = rules(tmp_path, "双十一\t双11\tphrase\n双十一大促\t促销\tphrase\n")
    assert found.apply("双十一大促 双十一手机") == Rewriting("促销 双11手机", ("双十一大促", "双十一"))
    assert found.apply("双十") is None


def test_normalised_and_once(tmp_path: Path) -> None:  # 2
    found = rules(tmp_path, "ＰＳ５  手柄\tPlayStation5 手柄\nps\tphotoshop\tphrase\na\tb\tphrase\nb\ta\tphrase\n")
    assert found.apply("ps5 手柄") == Rewriting("playstation5 手柄", ("ps5 手柄",))
    assert found.apply("ps5") is None
    assert found.apply("学ps") == Rewriting("学photoshop", ("ps",))
    assert found.apply("a b") == Rewriting("b a", ("a", "b"))


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("只有一列", "2 to 3 tab-separated columns expected, 1 found"),
        ("a\tb\tc\td", "2 to 3 tab-separated columns expected, 4 found"),
        ("a\tb\twords", "“words” is neither query nor phrase"),
        ("，\tb", "“，” has no letter, digit or Han character"),
        ("a\t！", "“！” has no letter, digit or Han character"),
        ("Ａ\ta", "“a” is rewritten to itself"),
        ("好\t坏", "“好” is rewritten already"),
        (f"{'长' * 129}\ta", "is longer than a query"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, line: str, what: str) -> None:  # 3
    with pytest.raises(LexiconError, match=what) as caught:
        rules(tmp_path, f"好\t更好\n\n{line}\n")
    assert caught.value.field == "rewrites.tsv:3"


def test_strange_files(tmp_path: Path) -> None:  # 3
    assert load_rewrites(tmp_path / "absent.tsv") == ()
    (tmp_path / "rewrites.tsv").write_bytes(b"\xef\xbb\xbfa\tb\n\xff\xfe\n")
    with pytest.raises(LexiconError, match="not UTF-8") as caught:
        load_rewrites(tmp_path / "rewrites.tsv")
    assert caught.value.field == "rewrites.tsv:2"


class NeverRight:
    """Corrects whatever it is asked."""

    def expand_latin(self, normalized: str) -> tuple[Correction, ...]:
        return ()

    def correct(self, normalized: str) -> Correction | None:
        return Correction("炒锅", CorrectionKind.PINYIN, 1.0, CorrectionAction.REPLACE)


def test_in_a_plan() -> None:  # 4
    reads = replace(
        understander(NeverRight()), rewrites=Rewrites([Rewrite("焖烧神器", "焖烧杯"), Rewrite("妈咪", "妈妈", PHRASE)])
    )
    plan = reads.plan("焖烧神器 100元以内")
    assert (plan.query, plan.text.normalized) == ("焖烧神器 100元以内", "焖烧杯")
    assert (plan.rewrite, plan.correction) == (Rewriting("焖烧杯", ("焖烧神器",)), None)
    assert [c.kind for c in plan.constraints] == ["price"]
    assert reads.plan("送妈咪的保温杯").text.normalized == "送妈妈的保温杯"
    kept = reads.plan("焖烧神器", ignore=(REWRITE,))
    assert (kept.rewrite, kept.text.normalized) == (None, "炒锅")
    assert kept.correction is not None


def test_what_is_searched_is_no_longer_than_a_query() -> None:  # 1
    longer = Rewrites([Rewrite("短", "长" * 100, PHRASE)])
    found = longer.apply("短短")
    assert found is not None
    assert found.text == "长" * MAX_QUERY_CHARS
