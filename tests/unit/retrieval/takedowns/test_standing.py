"""What stands taken down, as the journal says:

1. The last word about a target counts; a take-down goes into the journal and comes back as it was.
2. A position that was passed can be asked for again, and what is written elsewhere is seen at the next look.
3. What has expired is restored by an entry, once for all who notice; a take-down that was renewed stands.
4. What expired and cannot be written down stays taken down, and the answer does not wait for it.
5. An older copy of the journal in its place takes back what it does not say.
6. Queries and words are known in every form; a Latin word is none inside another; a brand is not offered.
7. However a query or a word is written, it is one target, and an entry of before that knew two is read as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.changes.journal import Change
from retrieval.changes.seen import Unchanged
from retrieval.changes.sqlite_journal import SqliteJournal
from retrieval.errors import StorageError
from retrieval.takedowns.changed import WithTakeDowns
from retrieval.takedowns.desk import TakeDownDesk
from retrieval.takedowns.standing import NOTHING, Standing
from retrieval.takedowns.takedown import EXPIRY, Kind, Reason, TakeDown, restoring
from retrieval.takedowns.takedowns import TakeDowns

CUP = TakeDown(Kind.PRODUCT, "p1", Reason.RECALL, "杯盖会炸", "小王", 10.0, None, show_notice=False)


class Clock:
    """Stands still until it is set."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    made = SqliteJournal(tmp_path / "journal.db")
    yield made
    made.close()


def test_the_last_word_counts(journal: SqliteJournal) -> None:  # 1
    follows = TakeDowns(journal)
    assert follows.standing().takedowns == {}
    journal.append([CUP.change("k"), TakeDown(Kind.SHOP, "s1").change()])
    standing = follows.standing()
    assert (standing.position, set(standing.takedowns)) == (2, {"product:p1", "shop:s1"})
    kept = standing.takedowns["product:p1"]
    assert kept == TakeDown(Kind.PRODUCT, "p1", Reason.RECALL, "杯盖会炸", "小王", 10.0, None, False, position=1)
    journal.append([TakeDown(Kind.PRODUCT, "p1", Reason.LAW).change(), restoring("shop:s1", "", "小李", 11.0)])
    assert {t: each.reason for t, each in follows.standing().takedowns.items()} == {"product:p1": Reason.LAW}
    assert [each.value for each in standing.of(Kind.SHOP, Kind.WORD)] == ["s1"]


@pytest.mark.parametrize("kind", [Kind.QUERY, Kind.WORD])
def test_one_target(journal: SqliteJournal, kind: Kind) -> None:  # 7
    follows = TakeDowns(journal)
    journal.append([TakeDown(kind, value).change() for value in ("红 色", "红色", "紅色", "红-色")])
    assert set(follows.standing().takedowns) == {f"{kind}:红色"}
    journal.append([restoring(f"{kind}:红 色", "", "小李", 1.0)])
    assert follows.standing().takedowns == {}
    old = TakeDown(kind, "红 色").change()
    journal.append([replace(old, target=f"{kind}:红 色"), restoring(f"{kind}:红色", "", "小李", 1.0)])
    assert follows.standing().takedowns == {}
    desk = TakeDownDesk(follows)
    desk.add([TakeDown(kind, "红 色")], "小王")
    assert desk.restore([f"{kind}:红 色 "], "小王") == [f"{kind}:红色"]
    assert len(desk.history(f"{kind}:红色")) == len(desk.history(f"{kind}:红 色")) == 9


def test_an_earlier_position(journal: SqliteJournal) -> None:  # 2
    follows, elsewhere = TakeDowns(journal), TakeDowns(journal)
    journal.append([CUP.change(), Change("upsert", "p9", b"{}"), restoring("product:p1", "", "", 1.0)])
    assert [set(each.standing(e).takedowns) for each in (follows, elsewhere) for e in (0, 1, 2, 3, 9)] == 2 * [
        set(), {"product:p1"}, {"product:p1"}, set(), set(),
    ]  # fmt: skip
    assert follows.standing(2) is follows.standing(2)
    assert follows.standing().position == 3


def test_a_position_without_take_downs_changes_nothing(journal: SqliteJournal) -> None:  # 2
    journal.append([CUP.change()])
    follows = TakeDowns(journal)
    before = follows.standing()
    journal.append([Change("patch", "p1", b"{}"), restoring("shop:unheard", "", "", 1.0)])
    assert follows.standing() is before


def test_what_has_expired(journal: SqliteJournal) -> None:  # 3
    clock = Clock()
    first, second = (TakeDowns(journal, clock=clock) for _ in range(2))
    journal.append(
        [TakeDown(Kind.WORD, "圣诞", until=200.0).change(), TakeDown(Kind.BRAND, "甲", until=200.0).change()]
    )
    assert len(first.standing().takedowns) == len(second.standing().takedowns) == 2
    journal.append([TakeDown(Kind.BRAND, "甲", until=300.0).change()])  # renewed, nobody has looked yet
    clock.now = 200.0
    assert [set(each.standing().takedowns) for each in (first, second, first)] == 3 * [{"brand:甲"}]
    expiry = journal.read(3)
    assert [(e.change.kind, e.change.key, e.change.by) for e in expiry] == [("restore", "expire:1", EXPIRY)]
    journal.append([TakeDown(Kind.WORD, "圣诞").change()])
    late = Standing().after([*journal.read()[:3], *journal.read(4), *expiry])  # the expiry is told late
    assert set(late.takedowns) == {"brand:甲", "word:圣诞"}


def test_an_expiry_that_cannot_be_written(journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch) -> None:  # 4
    clock = Clock()
    journal.append([TakeDown(Kind.PRODUCT, "p1", until=50.0).change()])
    tried = []

    def full(changes: object) -> list[int]:
        tried.append(changes)
        raise StorageError("the disk is full")

    monkeypatch.setattr(journal, "append", full)
    follows = TakeDowns(journal, clock=clock)
    assert [set(follows.standing().takedowns) for _ in range(3)] == 3 * [{"product:p1"}]
    assert len(tried) == 1


def test_an_older_copy_of_the_journal(tmp_path: Path) -> None:  # 5
    older, newer = SqliteJournal(tmp_path / "older.db"), SqliteJournal(tmp_path / "newer.db")
    older.append([TakeDown(Kind.SHOP, "s1").change()])
    newer.append([TakeDown(Kind.SHOP, "s1").change(), CUP.change()])
    follows = TakeDowns(newer)
    assert len(follows.standing().takedowns) == 2
    follows.journal = older
    assert set(follows.standing().takedowns) == {"shop:s1"}
    older.close()
    newer.close()


def banning(**values: str) -> Standing:
    """Each kind with its values, spaces between them."""
    made = [TakeDown(Kind(kind), value) for kind, of_kind in values.items() for value in of_kind.split("|")]
    return Standing(1, {each.target: each for each in made})


@pytest.mark.parametrize(
    ("query", "banned"),
    [
        ("减肥药", "减肥药"), ("正品减肥藥 包邮", "减肥药"), ("减 肥 药", "减肥药"), ("减·肥·药", "减肥药"),
        ("减 肥", None), ("AV", "av"), ("ａｖ 棒", "av"), ("看av", "av"), ("java 教程", None), ("avs", None),
        ("怎么 买 枪", "怎么  买枪"), ("怎么买枪", "怎么  买枪"), ("怎么买枪套", None), ("Coca-Cola", "coca cola"),
        ("coca  cola 可乐", "coca cola"), ("", None),
    ],
)  # fmt: skip
def test_queries_and_words(query: str, banned: str | None) -> None:  # 6
    standing = banning(word="减肥药|av|coca cola", query="怎么  买枪|买枪")
    found = standing.bans(query)
    assert (found.value if found else None) == banned


def test_what_may_not_be_offered() -> None:  # 6
    standing = banning(word="弹弓", query="买枪", brand="山寨/Shanzhai")
    texts = ("弹弓", "钢珠弹弓", "买枪", "买枪支架", "山寨手机", "shanzhai 手机", "山", "手机")
    assert [standing.unsayable(text) for text in texts] == [True, True, True, False, True, True, False, False]
    assert standing.bans("山寨手机") is None
    assert not NOTHING.unsayable("")


def test_many_texts(journal: SqliteJournal) -> None:  # 6
    bans = WithTakeDowns(Unchanged(), TakeDowns(journal))
    texts = ("弹弓", "手机", "钢珠弹弓")
    assert bans.unsayable_of(texts) == frozenset()
    journal.append([TakeDown(Kind.WORD, "弹弓").change()])
    assert bans.unsayable_of(texts) == {"弹弓", "钢珠弹弓"} == {text for text in texts if bans.unsayable(text)}
