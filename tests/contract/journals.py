"""What every journal must do; `JournalContract.open_journal` says where one lives.

1. Changes come back as they were appended, every field, at positions 1, 2, 3 …, and survive the journal being closed.
2. A key that is known, from this call, an earlier one or another journal over the same place, is kept once.
3. Entries are read behind a position, up to a limit, of some kinds; in order, whatever calls they came with.
4. Of calls that arrive at once in several threads and journals each is kept whole, and positions have no gap.
5. What another journal appends is counted after `seen_after`, read at once, and in the head at once.
6. An empty journal is asked, closed and closed again without being written; nothing appended is nothing.
7. A key that is too long is refused with its whole call.
8. An entry that is not what was written is not read; said is which.
"""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.changes.journal import Change, Journal
from retrieval.errors import StorageError


class JournalContract:
    """Inherited by the tests of every journal."""

    @classmethod
    @abstractmethod
    def open_journal(cls, place: Path) -> Journal:
        """A journal over this place; opened again it is the same journal."""

    @classmethod
    @abstractmethod
    def damage(cls, place: Path, position: int) -> None:
        """Changes a byte of the body of an entry that was appended alone."""

    @pytest.fixture
    def journal(self, tmp_path: Path) -> Iterator[Journal]:
        opened = self.open_journal(tmp_path)
        yield opened
        opened.close()

    @pytest.fixture
    def other(self, tmp_path: Path) -> Iterator[Journal]:
        opened = self.open_journal(tmp_path)
        yield opened
        opened.close()

    def test_changes_come_back(self, journal: Journal, tmp_path: Path) -> None:  # 1
        first = [
            Change("upsert", "商品:1/ü", '{"title":"红色"}'.encode(), "k1", "门店", 1_714_521_600.25),
            Change("delete", "p2", b""),
        ]
        assert journal.append(first) == [1, 2]
        assert journal.append(second := [Change("rules", "r", b"\x00\xff" * 3, at=0.1)]) == [3]
        assert journal.position() == 3
        journal.close()
        again = self.open_journal(tmp_path)
        entries = again.read()
        assert [entry.position for entry in entries] == [1, 2, 3]
        assert [entry.change for entry in entries] == first + second
        assert again.append(numbered(1)) == [4]
        again.close()

    def test_a_known_key(self, journal: Journal, other: Journal) -> None:  # 2
        a, b, c = (Change("patch", name, name.encode(), key=name) for name in "abc")
        assert journal.append([a, b, a]) == [1, 2, 1]
        assert other.append([replace(b, body=b"other"), c, Change("patch", "d", b"")]) == [2, 3, 4]
        assert journal.append([c, a]) == [3, 1]
        assert [entry.change.target for entry in journal.read()] == [*"abcd"]
        known = journal.known(["b", "c", "x", ""])
        assert {key: (entry.position, entry.change) for key, entry in known.items()} == {"b": (2, b), "c": (3, c)}

    def test_reading(self, journal: Journal) -> None:  # 3
        kinds = ["upsert", "patch", "patch", "take_down", "upsert", "patch", "restore"]
        changes = [Change(kind, str(place), b"") for place, kind in enumerate(kinds, 1)]
        for start, end in ((0, 1), (1, 4), (4, 5), (5, 7)):
            journal.append(changes[start:end])
        for after in range(8):
            for limit in (1, 2, 3, 10):
                assert positions(journal, after, limit) == list(range(after + 1, 8))[:limit]
        assert positions(journal, kinds=["patch"]) == [2, 3, 6]
        assert positions(journal, 2, 2, ["patch", "restore"]) == [3, 6]
        assert positions(journal, 4, kinds=["take_down"]) == positions(journal, kinds=["delete"]) == []

    def test_all_at_once(self, journal: Journal, other: Journal) -> None:  # 4
        journals = (journal, other)

        def append(call: int) -> list[int]:
            changes = [Change("upsert", f"{call}.{place}", b"", f"{call}.{place}") for place in range(call % 3 + 1)]
            return journals[call % 2].append(changes)

        with ThreadPoolExecutor(4) as pool:
            said = dict(enumerate(pool.map(append, range(20))))
        kept = {entry.change.target: entry.position for entry in other.read()}
        assert sorted(kept.values()) == list(range(1, len(kept) + 1))
        assert len(kept) == sum(call % 3 + 1 for call in range(20))
        for call, places in said.items():
            assert places == list(range(places[0], places[0] + call % 3 + 1))
            assert places == [kept[f"{call}.{place}"] for place in range(len(places))]

    def test_what_another_appends(self, journal: Journal, other: Journal) -> None:  # 5
        assert (journal.position(), other.position()) == (0, 0)
        journal.append(numbered(2))
        assert (journal.position(), positions(other), journal.head()) == (2, [1, 2], 2)
        time.sleep(other.seen_after)
        assert other.position() == 2
        other.append(numbered(1))
        assert (journal.head(), journal.position()) == (3, 3)

    def test_an_empty_journal(self, journal: Journal, other: Journal) -> None:  # 6
        assert (journal.position(), journal.read(), journal.known(["k"])) == (0, [], {})
        assert (journal.append([]), other.position(), other.read()) == ([], 0, [])
        journal.close()
        journal.close()

    def test_a_key_that_is_too_long(self, journal: Journal) -> None:  # 7
        with pytest.raises(StorageError, match="128"):
            journal.append([*numbered(1), Change("patch", "p", b"", key="k" * 129)])
        assert journal.append([Change("patch", "p", b"", key="k" * 128)]) == [1]

    def test_a_damaged_entry(self, journal: Journal, tmp_path: Path) -> None:  # 8
        for change in numbered(3):
            journal.append([change])
        self.damage(tmp_path, 2)
        assert positions(journal, limit=1) == [1]
        assert positions(journal, 2) == [3]
        with pytest.raises(StorageError, match="entry 2 of the journal is damaged"):
            journal.read()


def numbered(count: int) -> list[Change]:
    """Changes without a key."""
    return [Change("patch", f"p{number}", f'{{"stock":{number}}}'.encode()) for number in range(count)]


def positions(journal: Journal, after: int = 0, limit: int = 100, kinds: Sequence[str] = ()) -> list[int]:
    """Of what is read."""
    return [entry.position for entry in journal.read(after, limit, kinds)]
