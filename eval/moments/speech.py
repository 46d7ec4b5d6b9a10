"""Transcripts of known-item search → an index of their moments among others, made and asked as a service does it.

A file of transcripts has one a line; what it is called is its line, since half of real ones have no id::

    {"title": …, "caption": …, "asr": "segment|segment|…", "ocr": "text on the screen|…"}          without times, or
    {"title": …, "segments": [{"start": s, "end": s, "text": …, "confidence": p}, …], "screen": […]}

Distractors are moments that answer nothing: a line ``{"text": …}`` is a video of one segment, any other a transcript.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from eval.inputs import numbered_lines
from eval.moments.noise import Noise
from eval.moments.search import AskSpeech, FoundPlace, Starts, video_id_of
from indexer.documents.moment import MomentText, moment_document, moment_text
from indexer.videos.amounts import Amounts
from indexer.videos.clean import Cleaner
from indexer.videos.cut import Cutter, times_of
from indexer.videos.heard import Heard
from retrieval.analysis.analyzer import Analyzer
from retrieval.errors import InputError
from retrieval.protocols import Backend, Encoder, IndexReader
from retrieval.recall.semantic import background_of
from retrieval.schema import MOMENT
from retrieval.spoken.common import Common
from retrieval.types import FloatArray
from retrieval.videos.find import FindOptions, find_moments

_BATCH = 512


@dataclass(frozen=True, slots=True)
class SpokenSegment:
    """As a recogniser gave it; times in seconds."""

    text: str
    start: float | None = None
    end: float | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """A video: `title` with its caption, `screen` what can be read on it."""

    id: str
    title: str
    segments: tuple[SpokenSegment, ...]
    screen: tuple[str, ...] = ()

    def damaged(self, noise: Noise) -> Transcript:
        """With errors in what is said."""
        segments = (replace(s, text=noise.damaged(s.text, f"{self.id}:{i}")) for i, s in enumerate(self.segments))
        return replace(self, segments=tuple(segments))


@dataclass(frozen=True, slots=True)
class Makers:
    """What makes moments of a transcript. Without `heard` nothing is heard again."""

    cleaner: Cleaner
    cutter: Cutter
    analyzer: Analyzer
    heard: Heard | None = None


@dataclass(frozen=True, slots=True)
class SpeechIndex:
    """Moments in a generation, and where each is: `places` by the number in its record."""

    reader: IndexReader
    places: tuple[FoundPlace, ...]

    def asked_by(
        self, analyzer: Analyzer, encode: Callable[[str], FloatArray] | None, options: FindOptions
    ) -> AskSpeech:
        """Asks it; `encode` gives the unit vector (dim,) of a normalised query, None asks by words alone."""
        common = Common.of(background_of(self.reader))

        def ask(query: str) -> Sequence[FoundPlace]:
            text = analyzer.query(query)
            vector = encode(text.normalized) if encode else None
            found = find_moments(self.reader, text, vector, common, options)
            return [self.places[orjson.loads(source)["place"]] for source in self.reader.sources(found.rows)]

        return ask


def read_transcripts(path: Path, prefix: str = "") -> tuple[Transcript, ...]:
    """The transcripts of a file, or the distractors; `prefix` tells the videos of one file from those of another.

    Raises:
        InputError: a line that is none, or none at all.
    """
    found = []
    for number, (where, line) in enumerate(numbered_lines(path)):
        try:
            found.append(_transcript(prefix + video_id_of(number), json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as why:
            raise InputError(
                f"this is no transcript: {why}", field=where, hint="expected asr, segments or text"
            ) from None
    if not found:
        raise InputError("there is no transcript in this file", field=str(path), hint="one JSON object a line")
    return tuple(found)


def starts_of(transcripts: Iterable[Transcript], cleaner: Cleaner) -> Starts:
    """Video → start of each segment in seconds, as the cutter takes them."""
    return {one.id: [start for start, _ in times_of(cleaner.cleaned(one.segments))] for one in transcripts}


def index_speech(
    backend: Backend, transcripts: Iterable[Transcript], makers: Makers, encoder: Encoder | None,
    encode: Callable[[Sequence[str]], FloatArray] | None = None,
) -> SpeechIndex:  # fmt: skip
    """A generation of the moments of all transcripts, published nowhere.

    Args:
        encode: texts → vectors instead of the encoder's, from a memory for instance.
    """
    encode = encode or (encoder.encode_documents if encoder else None)
    places: list[FoundPlace] = []
    name, dim = (encoder.name, encoder.dim) if encoder else (None, 0)
    with backend.create(analyzer=makers.analyzer.fingerprint, encoder=name, dim=dim, kinds=(MOMENT.kind,)) as writer:
        moments, amounts = writer.collection(MOMENT.kind), Amounts(makers.analyzer.lexicon.units)
        made = [(text, place) for transcript in transcripts for text, place in _moments(transcript, makers, amounts)]
        for start in range(0, len(made), _BATCH):
            batch = made[start : start + _BATCH]
            documents = [
                moment_document(
                    f"{place.video}:{start + i}", text, makers.analyzer, {"video": (place.video,)},
                    {"start": round(place.start * 1000)}, orjson.dumps({"place": start + i}),
                )
                for i, (text, place) in enumerate(batch)
            ]  # fmt: skip
            places.extend(place for _, place in batch)
            moments.add(documents, encode([text.embedded for text, _ in batch]) if encode else None)
        manifest = writer.finish({}, None)
    return SpeechIndex(backend.open(manifest.generation).collection(MOMENT.kind), tuple(places))


def _moments(transcript: Transcript, makers: Makers, amounts: Amounts) -> Iterator[tuple[MomentText, FoundPlace]]:
    said = makers.cleaner.cleaned(transcript.segments)
    also = (transcript.title, *transcript.screen)
    alternatives = makers.heard.alternatives(said, also) if makers.heard else ()
    times = times_of(said)
    for cut in makers.cutter.cut(said):
        text = moment_text(said, cut, alternatives, transcript.title, amounts)
        yield text, FoundPlace(transcript.id, cut.first, cut.last, times[cut.first][0])


def _transcript(video: str, row: dict[str, Any]) -> Transcript:
    title = " ".join(text for text in (row.get("title"), row.get("caption")) if text)
    if "text" in row:
        return Transcript(video, title, (SpokenSegment(row["text"]),))
    if "asr" in row:
        screen = tuple((row.get("ocr") or "").split("|"))
        return Transcript(video, title, tuple(map(SpokenSegment, _split(row["asr"]))), screen)
    segments = (SpokenSegment(s["text"], s.get("start"), s.get("end"), s.get("confidence")) for s in row["segments"])
    return Transcript(video, title, tuple(segments), tuple(row.get("screen") or ()))


def _split(asr: str | None) -> list[str]:
    return asr.split("|") if asr else []
