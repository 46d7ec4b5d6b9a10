"""What speech recognisers write → segments of one form: `start` and `end` in seconds, `text`, `confidence` in [0, 1].

    Whisper, WhisperX, faster-whisper  segments: [{start, end, text, avg_logprob, no_speech_prob}]    seconds
    whisper.cpp                        transcription: [{offsets: {from, to}, text}]                    milliseconds
    Transformers                       chunks: [{timestamp: [from, to], text}]                         seconds
    FunASR                             sentence_info: [{start, end, text, timestamp: [[from, to], …]}] milliseconds
    Paraformer of DashScope            sentences: [{begin_time, end_time, text}]                       milliseconds
    Volcengine                         utterances: [{start_time, end_time, text}]                      milliseconds
    whoever has no times               segments: [text, …]

The unit is told by the name of the list or of the times, never by how large a number is. Times under a name that says
nothing of their unit are refused; so is speech as slow as only milliseconds taken for seconds make it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic_core import PydanticCustomError

Fields = Mapping[str, Any]

LISTS = ("segments", "transcription", "chunks", "sentence_info", "sentences", "utterances")
"""Fields of a record in which segments may stand; the first that is there is read."""
_MILLISECONDS = {"sentence_info": ("start", "end"), "utterances": ("start_time", "end_time")}
"""List → names of the times in it."""
_ANY_UNIT = ("start_time", "end_time", "startTime", "endTime", "begin", "from", "to", "time", "ts", "offset")

_SLOWEST = 60.0
"""Seconds a character: Chinese is spoken at about 0.2, so milliseconds give 200; a lone 嗯 over music gives 30."""
_TELLING = 3
"""Segments from which such a speed is taken for a wrong unit."""


def with_segments(fields: Fields) -> Fields:
    """A record whose segments stand in `segments`, whatever list they came in. Everything else is left as it is."""
    name = next((name for name in LISTS if fields.get(name)), None)
    if name in (None, "segments") or not isinstance(fields[name], list):
        return fields
    others = {field: value for field, value in fields.items() if field != name}
    return others | {"segments": [_in_list(item, name) for item in fields[name]]}


def as_segment(given: object) -> object:
    """One segment; what is none is left as it is, for the record to refuse."""
    if isinstance(given, str):
        return {"text": given}
    if not isinstance(given, dict):
        return given
    if "text" not in given and (names := [name for name, value in given.items() if _is_speech(name, value)]):
        raise PydanticCustomError("missing_field", "has no text, but {names}", {"names": ", ".join(names)})
    text = {"text": "" if given["text"] is None else given["text"]} if "text" in given else {}
    return given | text | _times(given) | _confidence(given)


def check_speed(spoken: Iterable[tuple[float, int]]) -> None:
    """Refuses milliseconds that were written as seconds.

    Args:
        spoken: seconds and characters of each segment.
    """
    pairs = list(spoken)
    seconds, characters = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    if len(pairs) >= _TELLING and seconds > _SLOWEST * characters > 0:
        message = "{characters} characters in {seconds} seconds: times are in seconds, not in milliseconds"
        raise PydanticCustomError("out_of_range", message, {"characters": characters, "seconds": round(seconds)})


def _is_speech(name: str, value: object) -> bool:
    return isinstance(value, str) and name not in ("start", "end") and bool(value.strip())


def _in_list(item: object, name: str) -> object:
    if not isinstance(item, dict) or name not in _MILLISECONDS:
        return item
    times = _MILLISECONDS[name]
    others = {key: value for key, value in item.items() if key not in times}
    return others | _in_seconds(*(item.get(time) for time in times))


def _times(item: Fields) -> dict[str, Any]:
    """Seconds; empty where they are under their own names, or missing."""
    if "start" in item or "end" in item:
        return {}
    match item:
        case {"offsets": {"from": start, "to": end}} | {"begin_time": start, "end_time": end}:
            return _in_seconds(start, end)
        case {"timestamp": [[start, _], *_, [_, end]]} | {"timestamp": [[start, end]]}:
            return _in_seconds(start, end)
        case {"timestamp": [start, end]}:
            return {"start": start, "end": end}
    if names := [name for name in _ANY_UNIT if item.get(name) is not None]:
        message = "{names} may be of any unit: write start and end, in seconds"
        raise PydanticCustomError("wrong_type", message, {"names": ", ".join(names)})
    return {}


def _in_seconds(*milliseconds: object) -> dict[str, Any]:
    # What is no number is left to the record, which says so.
    seconds = (each / 1000 if isinstance(each, int | float) else each for each in milliseconds)
    return dict(zip(("start", "end"), seconds, strict=True))


def _confidence(item: Fields) -> dict[str, Any]:
    """As it is, or of Whisper the mean probability of a token times that of there being speech at all."""
    match item:
        case {"confidence": float() | int() | str()}:
            return {}
        case {"conf": given}:
            return {"confidence": given}
        case {"avg_logprob": float() | int() as logprob, **others}:
            silence = others.get("no_speech_prob")
            spoken = 1.0 - silence if isinstance(silence, float) and 0 <= silence <= 1 else 1.0
            return {"confidence": math.exp(min(logprob, 0.0)) * spoken}
    return {}
