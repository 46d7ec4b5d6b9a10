"""The best way to cut a query into known words, patterns and the words between them.

A query is a path over its characters. Each edge is a known word, a pattern (amount, count, model number) or, where
nothing is known, a word of the segmenter. The path of the greatest sum wins (Viterbi, at most 128 positions):

    score = length^1.3 · confidence    of a known word or pattern;    0.15 · length    of an unknown word

so a long word beats its parts, and any known word beats none. Latin letters and digits count half a character.
Rewarding edges that the segmenter cuts too was tried; on real queries and titles it changed nothing (within 1 point).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from retrieval.analysis.normalize import HAN
from retrieval.analysis.quantities import Quantities
from retrieval.understanding.kinds import Kind, Source
from retrieval.understanding.reading.vocabulary import Known, Vocabulary

LENGTH_POWER = 1.3
UNKNOWN = 0.15
"""What a character of an unknown word scores."""

AMOUNT_KINDS: Mapping[str, Kind] = {"ml": Kind.CAPACITY, "gb": Kind.CAPACITY, "mm": Kind.SIZE, "inch": Kind.SIZE}
"""Base unit → kind of an amount; other units make specifications."""

_SINGLE = {Kind.AUDIENCE, Kind.COLOR, Kind.SEASON}
"""Single characters of these kinds (女, 黑) need the segmenter to cut on one side only: 防晒|女大|码."""

_PURPOSE = {Kind.FUNCTION, Kind.SCENE}

_NUMBER = r"(?:\d{1,6}(?:\.\d{1,3})?|[一二两三四五六七八九十百千]{1,3})"
_MEASURES = (
    "片装|只装|个装|支装|包装|瓶装|袋装|卷装|件套|周岁|个月|毫安|平方|英寸|合一|片|只|个|支|枚|粒|颗|盒|包|瓶|袋|箱|罐|桶|卷|张|套|件|双|对|"
    "条|根|把|台|节|层|门|头|路|位|孔|叶|骨|轮|档|级|段|代|码|号|岁|匹|度|人|格|键|轴|股|芯|核|倍|斤|寸|升|页|册|本|色|面|米|厘|开|钻|阶|期|世|道"
)
_COUNT = re.compile(rf"(?<![a-z0-9.一二两三四五六七八九十百千])({_NUMBER})({_MEASURES})")
_RUN = re.compile(r"[a-z0-9][a-z0-9+.#%&/_-]*")
_MODEL = re.compile(r"[a-z]{0,3}\d[a-z0-9+.-]*")
_HAN = re.compile(rf"[{HAN}]")
_HAN_RUN = re.compile(rf"[{HAN}]+\Z")
_PATTERN_CONFIDENCE = 0.8
_LONGEST_NAME = 4


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the query and what it may be; no readings where nothing is known of it."""

    start: int
    end: int
    text: str
    readings: Mapping[Kind, Known]


def cut(text: str, words: Sequence[str], vocabulary: Vocabulary, quantities: Quantities) -> list[Span]:
    """The spans of normalised `text`, left to right, blanks left out.

    Args:
        words: the segmenter's cut of `text`; joined they are `text`.
    """
    bounds = [0, *accumulate(map(len, words))]
    cuts = frozenset(bounds)
    edges: list[list[tuple[int, float, Mapping[Kind, Known]]]] = [[] for _ in text]
    for start, end, readings in _known(text, vocabulary, quantities):
        sides = (start in cuts or _in_run(text, start)) + (end in cuts or _in_run(text, end))
        if end - start == 1 and sides < (1 if _SINGLE & readings.keys() else 2):
            continue
        score = _length(text, start, end) ** LENGTH_POWER * max(known.confidence for known in readings.values())
        edges[start].append((end, score, readings))
    best = [0.0, *[float("-inf")] * len(text)]
    origin: list[tuple[int, Mapping[Kind, Known]]] = [(0, {})] * (len(text) + 1)
    for at in range(len(text)):
        word_end = bounds[bisect_right(bounds, at)]
        unknown: tuple[int, float, Mapping[Kind, Known]] = (word_end, UNKNOWN * (word_end - at), {})
        for end, score, readings in (*edges[at], unknown, (at + 1, 0.0, {})):
            if best[at] + score > best[end]:
                best[end] = best[at] + score
                origin[end] = (at, readings)
    spans: list[Span] = []
    end = len(text)
    while end > 0:
        start, readings = origin[end]
        if not text[start:end].isspace():
            spans.append(Span(start, end, text[start:end], readings))
        end = start
    return spans[::-1]


def joined(spans: Sequence[Span], suffixes: Collection[str]) -> list[Span]:
    """`spans` with neighbours made one where together they are one thing.

    * Unknown Han words, one of them a single character (七|丹): a name that the segmenter does not know.
    * What a thing does or where, before a single character of `suffixes` (报警|器): a product noun.
    * A number before a material (999|纯金, 304|不锈钢).
    * An unknown foreign word before another one, or before an unknown Han word (adc|达芬奇): one name.
    """
    result: list[Span] = []
    for span in spans:
        last = result[-1] if result else None
        readings = _joint(last, span, suffixes) if last else None
        if last and readings is not None:
            text = last.text + " " * (span.start - last.end) + span.text
            result[-1] = Span(last.start, span.end, text, {k: replace(r, value=text) for k, r in readings.items()})
        else:
            result.append(span)
    return result


def _joint(left: Span, right: Span, suffixes: Collection[str]) -> Mapping[Kind, Known] | None:
    """The readings of two neighbours as one, None where they stay two."""
    if is_foreign(left) and (
        is_foreign(right) or (not right.readings and left.end == right.start and len(right.text) > 1)
    ):
        return left.readings
    if left.end != right.start:
        return None
    if _PURPOSE & left.readings.keys() and not right.readings and right.text in suffixes:
        return _pattern(Kind.PRODUCT, "", _PATTERN_CONFIDENCE)
    if left.text.isdigit() and Kind.MATERIAL in right.readings:
        return {Kind.MATERIAL: right.readings[Kind.MATERIAL]}
    han = not (left.readings or right.readings) and _HAN_RUN.match(left.text) and _HAN_RUN.match(right.text)
    if han and min(len(left.text), len(right.text)) == 1 and len(left.text) + len(right.text) <= _LONGEST_NAME:
        return {}
    return None


def is_foreign(span: Span) -> bool:
    """Whether it is an unknown word of letters."""
    known = span.readings.get(Kind.BRAND)
    return known is not None and known.source == Source.PATTERN


def _known(
    text: str, vocabulary: Vocabulary, quantities: Quantities
) -> Iterator[tuple[int, int, Mapping[Kind, Known]]]:
    for match in vocabulary.matches(text):
        yield match.start, match.end, match.readings
    for amount in quantities.find(text):
        kind = AMOUNT_KINDS.get(amount.token[1:].split(":")[0], Kind.SPECIFICATION)
        yield amount.start, amount.end, _pattern(kind, text[amount.start : amount.end], 0.95)
    for count in _COUNT.finditer(text):
        yield count.start(), count.end(), _pattern(Kind.SPECIFICATION, count.group(), _PATTERN_CONFIDENCE)
    for run in _RUN.finditer(text):
        yield from _run_pieces(run.start(), run.group())


def _run_pieces(offset: int, run: str) -> Iterator[tuple[int, int, Mapping[Kind, Known]]]:
    """A run of letters and digits, and its ends that may be a model: iqoo|z8x, mate|60+."""
    kind = (
        (Kind.MODEL if any(map(str.isalpha, run)) else Kind.SPECIFICATION) if any(map(str.isdigit, run)) else Kind.BRAND
    )
    if len(run) > 1:
        yield offset, offset + len(run), _pattern(kind, run, 0.4 if kind is Kind.BRAND else 0.5)
    for at in range(1, len(run)):
        if _MODEL.fullmatch(run, at):
            yield offset + at, offset + len(run), _pattern(Kind.MODEL, run[at:], 0.5)


def _pattern(kind: Kind, value: str, confidence: float) -> Mapping[Kind, Known]:
    return {kind: Known(kind, value, Source.PATTERN, confidence)}


def _in_run(text: str, at: int) -> bool:
    """Whether `at` is inside a run of letters and digits, which the segmenter knows nothing about."""
    return 0 < at < len(text) and text[at - 1 : at + 1].isascii() and text[at - 1 : at + 1].isalnum()


def _length(text: str, start: int, end: int) -> float:
    return sum(1.0 if _HAN.match(char) else 0.5 for char in text[start:end])
