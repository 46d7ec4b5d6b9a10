"""The command `xunhuo eval pairs`. The libraries of measurement are imported when it runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.console import clear_errors
from cli.options import AsJson, ConfigFiles, DataDir, Overrides, settings_of

if TYPE_CHECKING:
    from configs.settings import Settings
    from eval.pairs import FeaturesOf


def pairs_command(
    pairs: Annotated[Path, typer.Argument(help='JSON lines {"query", "title", "label": 0 or 1}.')],
    fit: Annotated[str | None, typer.Option(help="Learn `relevance` from these features, joined by commas.")] = None,
    folds: Annotated[int, typer.Option(min=2, help="Folds of the cross-validation of --fit.")] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the folds.")] = 0,
    as_json: AsJson = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
    data_dir: DataDir = None,
) -> None:
    """AUC and log-loss of the absolute relevance on judged pairs, e.g.: xunhuo eval pairs judged.jsonl --fit cosine"""
    with clear_errors():
        import numpy as np

        from cli.terminal import print_json
        from eval.pairs import auc, log_loss, read_pairs
        from eval.pairs import fit as learn
        from retrieval.ranking.model import load_ranking
        from retrieval.ranking.relevance import probability

        settings, judged = settings_of(config, overrides, data_dir), read_pairs(pairs)
        logistic = load_ranking(settings.ranking_file).relevance
        features_of = _features(settings, logistic.names)
        values = np.stack([features_of(pair.query, pair.title) for pair in judged])
        named = {name: values[:, i] for i, name in enumerate(logistic.names)}
        chances, good = probability(logistic, named, len(judged)), np.array([pair.good for pair in judged])
        found: dict[str, object] = {
            "pairs": len(judged), "good": int(good.sum()), "auc": round(auc(chances, good), 4),
            "log_loss": round(log_loss(chances, good), 4),
        }  # fmt: skip
        if fit:
            names = tuple(name.strip() for name in fit.split(",") if name.strip())
            found["fitted"] = asdict(learn(judged, _features(settings, names), names, folds=folds, seed=seed))
        if as_json:
            print_json(found)
        else:
            for name, value in found.items():
                typer.echo(f"{name:9} {value}")


def _features(settings: Settings, names: Sequence[str]) -> FeaturesOf:
    """Of a pair, whether its title is in the catalogue or not; what the catalogue taught weighs the words."""
    import numpy as np

    from cli.generations import serving_name
    from retrieval.late.encoder import encode_titles, read_queries
    from retrieval.ranking.features.registry import FEATURES
    from retrieval.ranking.model import check_absolute
    from retrieval.ranking.relevance import pair_features
    from retrieval.ranking.setting import setting_of
    from retrieval.ranking.things import Meaning
    from retrieval.ranking.word_space import WordSpace
    from retrieval.schema import PRODUCT
    from retrieval.types import FloatArray
    from retrieval.wiring import make_encoder, make_understanding, things_of
    from retrieval.wiring.places import make_backend

    check_absolute(names, "--fit")
    backend = make_backend(settings)
    reader = backend.open(serving_name(backend.current())).collection(PRODUCT.kind)
    reads, stored = make_understanding(settings)(reader), reader.attachment("words")
    space = WordSpace.from_bytes(stored) if stored else WordSpace.empty()
    by_vectors = {"cosine", *(name for name, feature in FEATURES.items() if feature.reads_vectors)}
    encoder = make_encoder(settings, threads=1) if by_vectors.intersection(names) else None
    things = things_of(reader)

    def features_of(query: str, title: str) -> FloatArray:
        plan, cosine, meaning, tokens = reads.plan(query), 0.0, None, b""
        if encoder:
            asked, offered = read_queries(encoder, [plan.text.normalized])[0], encode_titles(encoder, [title])
            cosine, tokens = float(offered.vectors[0] @ asked.vector), offered.tokens[0]
            meaning = Meaning(things, asked, offered.vectors) if things else None
        found = pair_features(
            plan.text,
            title,
            names,
            analyzer=reads.analyzer,
            space=space,
            setting=setting_of(plan, now=0),
            cosine=cosine,
            meaning=meaning,
            tokens=tokens,
        )
        return np.array([found[name][0] for name in names], np.float32)

    return features_of
