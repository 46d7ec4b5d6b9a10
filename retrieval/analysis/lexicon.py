"""The words a shop adds: user words, stop words, synonyms and units, from plain UTF-8 text files.

One entry a line, ``#`` starts a comment, columns are separated by a tab. A line that cannot be read is an error that
names the file and the line; nothing is skipped in silence. A byte-order mark and spaces around an entry are accepted.

    user_words.txt   word [TAB frequency]                 语句里要整体切出来的词，可混有字母、数字和空格
    stop_words.txt   word                                 不要求出现在标题里的词
    synonyms.tsv     from TAB to [TAB weight in (0, 1]]   directed: who asks `from` also finds `to`
    units.tsv        base TAB name TAB factor             1 name = factor base
    regional.tsv     from TAB to                          港台的说法 TAB 大陆的说法，在切词之前
    kept_suffixes.txt  word                               这些词里的“子”不能省：瓜子不是西瓜
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import orjson

from retrieval.analysis.normalize import normalize
from retrieval.analysis.quantities import Unit
from retrieval.analysis.segment import WORD_FREQUENCY
from retrieval.errors import GenerationError, LexiconError
from retrieval.types import Buffer

ATTACHMENT = "lexicon"
"""Name under which a generation keeps `Lexicon.indexed`."""
_Entry = TypeVar("_Entry")
_LEAST_FACTOR, _MOST_FACTOR = Decimal("1e-12"), Decimal("1e12")


@dataclass(frozen=True, slots=True)
class Synonym:
    """Who asks for `source` also finds `target`, whose tokens count `weight` as much."""

    source: str
    target: str
    weight: float


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All entries, normalised as texts are. `checksum` covers what decides the tokens of a document."""

    user_words: tuple[tuple[str, int], ...] = ()
    stop_words: frozenset[str] = frozenset()
    synonyms: Mapping[str, tuple[Synonym, ...]] = field(default_factory=lambda: MappingProxyType({}))
    units: Mapping[str, Unit] = field(default_factory=lambda: MappingProxyType({}))
    kept_suffixes: frozenset[str] = frozenset()
    regional: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def checksum(self) -> str:
        units = sorted((u.name, u.base, str(u.factor)) for u in self.units.values())
        return sha256(repr((sorted(self.user_words), units)).encode()).hexdigest()[:16]

    def indexed(self) -> bytes:
        """What decides the tokens of a document, to be kept with an index: user words and units."""
        units = [(u.name, u.base, str(u.factor)) for u in self.units.values()]
        return orjson.dumps({"user_words": self.user_words, "units": units})

    def of_index(self, indexed: Buffer) -> Lexicon:
        """This lexicon for queries over an index: with the user words and units that its documents were cut with.

        Raises:
            GenerationError: these are no bytes of `indexed`.
        """
        try:
            content = orjson.loads(indexed)
            words = tuple((str(word), int(frequency)) for word, frequency in content["user_words"])
            units = {name: Unit(name, base, Decimal(factor)) for name, base, factor in content["units"]}
        except (ValueError, KeyError, TypeError, InvalidOperation):
            raise GenerationError(
                "the words kept with the generation are damaged", hint="rebuild (xunhuo rebuild), or roll back"
            ) from None
        return replace(self, user_words=words, units=MappingProxyType(units))


def load_lexicon(folder: Path) -> Lexicon:
    """Reads the six files of `folder`; a file that is absent is empty.

    Raises:
        LexiconError: for a missing folder or a line that cannot be read, with file and line.
    """
    if not folder.is_dir():
        raise LexiconError(f"there is no lexicon folder at {folder}", hint="set analysis.lexicon_dir to a folder")
    synonyms: dict[str, tuple[Synonym, ...]] = {}
    for s in _entries(folder / "synonyms.tsv", _synonym):
        synonyms[s.source] = (*synonyms.get(s.source, ()), s)
    return Lexicon(
        user_words=tuple(dict(_entries(folder / "user_words.txt", _user_word)).items()),
        stop_words=frozenset(_entries(folder / "stop_words.txt", _stop_word)),
        synonyms=MappingProxyType(synonyms),
        units=MappingProxyType({u.name: u for u in _entries(folder / "units.tsv", _unit)}),
        regional=MappingProxyType(dict(_entries(folder / "regional.tsv", _regional))),
        kept_suffixes=frozenset(_entries(folder / "kept_suffixes.txt", _stop_word)),
    )


def _entries(path: Path, parse: Callable[[list[str]], _Entry]) -> Iterator[_Entry]:
    if not path.is_file():
        return
    for number, raw in enumerate(path.read_bytes().split(b"\n"), start=1):
        where = f"{path.name}:{number}"
        try:
            line = raw.decode("utf-8").removeprefix("\ufeff").split("#", 1)[0].strip()
        except UnicodeDecodeError:
            raise LexiconError("this line is not UTF-8", field=where, hint="save the file as UTF-8") from None
        if not line:
            continue
        try:
            yield parse([column.strip() for column in line.split("\t")])
        except ValueError as why:
            raise LexiconError(str(why), field=where, hint=f"{path} line {number} reads: {line[:80]}") from None


def _columns(columns: list[str], least: int, most: int) -> list[str]:
    if not least <= len(columns) <= most:
        expected = str(least) if least == most else f"{least} to {most}"
        raise ValueError(f"{expected} tab-separated columns expected, {len(columns)} found")
    return columns


def _word(text: str) -> str:
    word = normalize(text).strip()
    if not word:
        raise ValueError(f"“{text}” has no letter, digit or Han character")
    return word


def _user_word(columns: list[str]) -> tuple[str, int]:
    text, *rest = _columns(columns, 1, 2)
    word = " ".join(_word(text).split())
    frequency = _number(rest[0], "frequency") if rest else Decimal(WORD_FREQUENCY)
    if not 1 <= frequency <= 10_000_000 or frequency != int(frequency):
        raise ValueError(f"frequency {frequency} is not a whole number from 1 to 10,000,000")
    return word, int(frequency)


def _stop_word(columns: list[str]) -> str:
    return _word(_columns(columns, 1, 1)[0])


def _synonym(columns: list[str]) -> Synonym:
    source, target, *rest = _columns(columns, 2, 3)
    weight = float(_number(rest[0], "weight")) if rest else 1.0
    if not 0 < weight <= 1:
        raise ValueError(f"weight {weight} is not in (0, 1]")
    if _word(source) == _word(target):
        raise ValueError(f"“{source}” is a synonym of itself")
    return Synonym(_word(source), _word(target), weight)


def _regional(columns: list[str]) -> tuple[str, str]:
    there, here = map(_word, _columns(columns, 2, 2))
    if there == here:
        raise ValueError(f"“{columns[0]}” and “{columns[1]}” are one word")
    return there, here


def _unit(columns: list[str]) -> Unit:
    base, name, factor = _columns(columns, 3, 3)
    if " " in (base_word := _word(base)):
        raise ValueError(f"“{base}” has a space or a mark inside: a base unit is one piece")
    value = _number(factor, "factor")
    if not _LEAST_FACTOR <= value <= _MOST_FACTOR:
        raise ValueError(f"factor {factor} is not from {_LEAST_FACTOR} to {_MOST_FACTOR}")
    return Unit(_word(name), base_word, value)


def _number(text: str, what: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{what} “{text}” is not a number") from None
    if not value.is_finite():
        raise ValueError(f"{what} “{text}” is not finite")
    return value
