"""Is everything here that a service needs? Each finding says what was looked at and, if it fails, what to do."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass

from cli.doctor_changes import look_at_changes
from cli.doctor_cluster import look_at_cluster
from cli.doctor_keys import look_at_keys, look_at_secrets
from cli.doctor_settings import look_at_clock, look_at_settings
from configs.settings import Settings
from retrieval.errors import SettingsError, XunhuoError
from retrieval.late.encoder import read_queries
from retrieval.ranking.features.late_interaction import FEATURE
from retrieval.ranking.model import load_ranking
from retrieval.schema import PRODUCT
from retrieval.wiring import make_analyzer, make_encoder
from retrieval.wiring.places import make_backend

_FREE_BYTES = 1 << 30
_TOKENS = FEATURE.name


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    ok: bool
    detail: str


def examine(settings: Settings) -> list[Finding]:
    """All findings; never raises for what it looks for."""
    looks: dict[str, Callable[[Settings], str]] = {
        "python": _python,
        "settings": look_at_settings,
        "analyzer": _analyzer,
        "encoder": _encoder,
        "generation": _generation,
        "changes": look_at_changes,
        "keys": look_at_keys,
        "secrets": look_at_secrets,
        "disk": _disk,
        "clock": look_at_clock,
    }
    if settings.backend.name == "opensearch":
        looks["cluster"] = look_at_cluster
    findings = []
    for what, look in looks.items():
        try:
            findings.append(Finding(what, True, look(settings)))
        except (XunhuoError, OSError, ImportError) as why:
            findings.append(Finding(what, False, str(why)))
    return findings


def _python(_: Settings) -> str:
    return sys.version.split()[0]


def _analyzer(settings: Settings) -> str:
    analyzer = make_analyzer(settings)
    return f"{analyzer.fingerprint}, 保温杯500ml → {' '.join(t.text for t in analyzer.query('保温杯500ml').terms)}"


def _encoder(settings: Settings) -> str:
    encoder = make_encoder(settings, threads=1)
    keeps = encoder is not None and read_queries(encoder, ["保温杯"])[0].tokens is not None
    if not keeps and settings.ranking.enabled and _TOKENS in load_ranking(settings.ranking_file).names:
        name = settings.encoder.name
        message = f"{settings.ranking_file.name} weighs {_TOKENS}, but the encoder {name} keeps no tokens as it is set."
        raise SettingsError(message, field="ranking.weights", hint="learn weights for it: docs/relevance.md")
    if encoder is None:
        return "none: words only"
    return f"{encoder.name}, {encoder.dim} dimensions, {encoder.fingerprint}{', tokens' if keeps else ''}"


def _generation(settings: Settings) -> str:
    backend = make_backend(settings)
    current = backend.current()
    if current is None:
        return f"none published yet in {settings.data_dir}: run xunhuo rebuild, or xunhuo demo"
    reader = backend.open(current).collection(PRODUCT.kind)
    return f"{current}, {reader.documents:,} documents"


def _disk(settings: Settings) -> str:
    folder = next(p for p in (settings.data_dir.absolute(), *settings.data_dir.absolute().parents) if p.exists())
    free = shutil.disk_usage(folder).free
    if free < _FREE_BYTES:
        raise OSError(f"{free / 1e9:.1f} GB free in {folder}: a rebuild of a million products needs about 4 GB")
    return f"{free / 1e9:.0f} GB free"
