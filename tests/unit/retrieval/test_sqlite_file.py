"""A SQLite file that processes share.

1. It is made by the first write: until then there is nothing to read, and no file.
2. What a block wrote is there for every other connection when it ends, and none of it when it raises.
3. A file of another format, or one that is no database, is refused in words of what lies in it: which file, which
   setting, what to do.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.errors import StorageError
from retrieval.sqlite_file import Layout, SqliteFile

SCHEMA = "CREATE TABLE cups(name TEXT); INSERT INTO cups VALUES ('first')"
LAYOUT = Layout("cups", "shop.cups", SCHEMA, 3, "buy new ones")


def cups(file: SqliteFile) -> list[str] | None:
    with file.reading() as db:
        return [name for (name,) in db.execute("SELECT name FROM cups ORDER BY name")] if db else None


def test_it_is_made_by_the_first_write(tmp_path: Path) -> None:  # 1
    path = tmp_path / "shelf" / "cups.db"
    file = SqliteFile(path, LAYOUT)
    assert cups(file) is None
    assert not path.exists()
    with file.writing():
        pass
    assert cups(file) == ["first"]
    assert path.stat().st_mode & 0o077 == 0
    file.close()
    file.close()


def test_all_or_nothing(tmp_path: Path) -> None:  # 2
    file, other = (SqliteFile(tmp_path / "cups.db", LAYOUT) for _ in range(2))
    with file.writing() as db:
        db.execute("INSERT INTO cups VALUES ('second')")
        assert cups(other) == ["first"]
    assert cups(other) == ["first", "second"]
    with pytest.raises(StorageError, match="no such table"), file.writing() as db:
        db.execute("INSERT INTO cups VALUES ('third')").connection.execute("INSERT INTO plates VALUES (1)")
    assert cups(other) == cups(file) == ["first", "second"]
    file.close()
    other.close()


def test_what_is_refused(tmp_path: Path) -> None:  # 3
    path = tmp_path / "cups.db"
    newer = SqliteFile(path, Layout("cups", "shop.cups", SCHEMA, 4, ""))
    with newer.writing():
        pass
    newer.close()
    file = SqliteFile(path, LAYOUT)
    with pytest.raises(StorageError, match=r"cups.db has format 4; this version reads 3") as refused:
        cups(file)
    assert refused.value.field == "shop.cups"
    path.write_bytes(b"no database " * 1_000)
    with pytest.raises(StorageError, match=r"the cups in .*cups.db cannot be kept or read") as refused, file.writing():
        pass
    assert refused.value.hint == "it is damaged: buy new ones"
