"""The files of entity words:

1. Names joined by = are one thing, shown by the first; _ is a blank; all are normalised; # starts a comment. Each
   of them knows the others.
2. * makes a shape: what an unknown word that ends or starts so may be; the longest decides.
3. Cue files are read as sets.
4. A missing folder, an unknown file, a line that is not UTF-8, an empty or too long name: errors with file and line.
5. The built-in words load; each kind has some, and 的 is noise.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.errors import LexiconError
from retrieval.understanding.kinds import Kind
from retrieval.understanding.reading.entity_lexicon import CUE_FILES, KIND_FILES, LONGEST, load_entity_lexicon
from tests.unit.retrieval.understanding.mall import words


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def test_names_and_blanks(tmp_path: Path) -> None:
    lexicon = load_entity_lexicon(written(tmp_path, brands="# 牌子\n新百倫=New_Balance=NB 甲牌 # 尾注\n"))
    assert lexicon.words["new balance"] == {Kind.BRAND: "新百伦"}
    assert lexicon.of(Kind.BRAND) == {"新百伦", "new balance", "nb", "甲牌"}
    assert lexicon.also_called({Kind.BRAND})["nb"] == ("新百伦", "new balance")
    assert lexicon.also_called({Kind.BRAND}).keys() == {"新百伦", "new balance", "nb"}
    assert lexicon.also_called({Kind.COLOR}) == {}


def test_shapes(tmp_path: Path) -> None:
    lexicon = load_entity_lexicon(written(tmp_path, functions="防*", colors="*色", styles="*风格 *格"))
    assert lexicon.shape("防鼠") is Kind.FUNCTION
    assert lexicon.shape("雾紫色") is Kind.COLOR
    assert lexicon.shape("侘寂风格") is Kind.STYLE
    assert lexicon.shape("防") is None
    assert lexicon.words == {}


def test_cues(tmp_path: Path) -> None:
    lexicon = load_entity_lexicon(written(tmp_path, suffixes="杯 壶\n锅"))
    assert lexicon.cue("suffixes") == {"杯", "壶", "锅"}
    assert lexicon.cue("gifts") == frozenset()


def test_missing_folder_and_unknown_file(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="no folder"):
        load_entity_lexicon(tmp_path / "none")
    with pytest.raises(LexiconError, match=r"colours\.txt") as error:
        load_entity_lexicon(written(tmp_path, colours="红"))
    assert "colors" in (error.value.hint or "")


@pytest.mark.parametrize("line", ["好 =甲", "好\n坏 ＊＊", "长" * (LONGEST + 1)])
def test_bad_names_name_their_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(LexiconError) as error:
        load_entity_lexicon(written(tmp_path, colors=f"\n{line}"))
    assert error.value.field == f"colors.txt:{2 + line.count(chr(10))}"


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "colors.txt").write_bytes("红\n".encode() + b"\xff\n")
    with pytest.raises(LexiconError) as error:
        load_entity_lexicon(tmp_path)
    assert error.value.field == "colors.txt:2"


def test_built_in_words() -> None:
    lexicon = words()
    assert all(lexicon.of(kind) for kind in KIND_FILES.values())
    assert all(lexicon.cue(name) for name in CUE_FILES)
    assert Kind.NOISE in lexicon.words["的"]
