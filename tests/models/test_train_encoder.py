"""Teaching e5 with torch, from its real weights.

1. What torch computes is what serves: vectors of the published model and of the trade tuning, and what tokens say.
2. A few steps on judged lists teach what no model knows (which colour a code word of these lists means): the loss
   falls, and the tuning that is written tells answers from the rest as it serves, for things that were not taught.
3. What a beginning changed below the layers that learn is in the file as it was; a lower rank than that of the
   beginning is an error, and so is a damaged beginning. What is no number is not written over a file.
4. The command on a published generation: a dry run writes nothing, and what is held out teaches nothing; its JSON says
   what it learned from, and what the tunings before and after are worth on the queries that it names; the file is one
   that the encoder takes. It can begin from nothing and change every layer.
5. The loss is the one that is described, with what the rest of ranking says in it; a title that stands in two lists is
   no counterexample of itself.
6. Untaught tokens keep most of what states in the last layer are.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from cli import train_encoder
from configs.settings import Settings
from eval.tuning.judged import JudgedList
from eval.tuning.measure import measured
from retrieval.encoders.e5 import load
from retrieval.encoders.e5_build import ensure_built
from retrieval.encoders.e5_calibration import PASSAGE_PREFIX, PASSAGES, QUERIES, QUERY_PREFIX
from retrieval.encoders.e5_tuning import TRADE_FILE
from retrieval.encoders.e5_vocabulary import E5Tokenizer, kept_rows
from retrieval.encoders.e5_weights import E5Weights, locate_weights, read_weights
from retrieval.errors import EncoderError, InputError
from retrieval.late.titles import TitleTokens
from tests import world
from tests.encoder_cache import encoder_cache_dir
from xunhuo.__main__ import app

torch = pytest.importorskip("torch", reason='needs the extra: pip install "xunhuo[models]"')

pytestmark = pytest.mark.models

CODES = {"甲款": "红色", "乙款": "黑色", "丙款": "白色", "丁款": "蓝色"}
TAUGHT = ("手机壳", "保温杯", "台灯", "雨伞", "拖鞋", "键盘", "枕头", "水壶", "书包", "围巾", "耳机", "帽子")
OTHERS = ("毛巾", "手套", "闹钟", "地毯")


def judged(things: tuple[str, ...]) -> list[JudgedList]:
    """Of each thing and code: the thing in every colour, and another thing in the right one."""
    lists = []
    for thing, (code, colour) in product(things, CODES.items()):
        other = things[(things.index(thing) + 1) % len(things)]
        titles = (*(f"新款{each}{thing}家用" for each in CODES.values()), f"新款{colour}{other}家用")
        grades = np.array([3 if colour in title and thing in title else int(thing in title) for title in titles])
        nothing = np.zeros(len(titles), np.float32)
        lists.append(JudgedList(f"{code} {thing}", titles, grades, nothing, nothing))
    return lists


@pytest.fixture(scope="module")
def cache(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return encoder_cache_dir(pytestconfig, tmp_path_factory)


@pytest.fixture(scope="module")
def weights() -> E5Weights:
    return read_weights(locate_weights())


def tokenizers(cache: Path) -> tuple[E5Tokenizer, E5Tokenizer]:
    from eval.tuning.learn import tokenizers_of

    folder = ensure_built(cache, tuning=None).folder
    return tokenizers_of(lambda most: E5Tokenizer(folder, max_tokens=most))


@pytest.mark.parametrize("tuning", ["none", "trade"])
def test_torch_says_what_serves(cache: Path, weights: E5Weights, tuning: str) -> None:  # 1
    from eval.tuning.network import layer_of, lowered, mean, raised
    from eval.tuning.store import begin
    from eval.tuning.tokens import head, numbers

    encoder = load({"tuning": tuning}, cache_dir=cache, threads=2)
    beginning, under = begin(TRADE_FILE if tuning == "trade" else None, weights, 10, 16)
    changes = {name: tuple(map(torch.from_numpy, pair)) for name, pair in beginning.changes.items()}
    rows, sides = kept_rows(weights.pieces), []
    queries, titles = [text for text in QUERIES if text.strip()][:8], PASSAGES[:8]
    read = zip(tokenizers(cache), (QUERY_PREFIX, PASSAGE_PREFIX), (queries, titles), strict=True)
    for tokenizer, prefix, texts in read:
        low = lowered(under, rows, tokenizer.encode(prefix, texts), 10)
        states, counts = low.batch(range(len(texts)))
        sides.append((raised([layer_of(under, number) for number in (10, 11)], states, counts, changes), counts))
    asked, offered = encoder.read_queries(queries), encoder.encode_titles(titles)
    vectors = [mean(*side).numpy() for side in sides]
    assert (np.einsum("nd,nd->n", vectors[0], np.stack([one.vector for one in asked])) > 0.985).all()
    assert (np.einsum("nd,nd->n", vectors[1], offered.vectors) > 0.985).all()
    if tuning == "none":
        assert not beginning.late
        return
    late = {name: torch.from_numpy(np.array(value)) for name, value in beginning.late.items()}
    pairs = np.array(list(product(range(8), range(8))))
    own, its = torch.from_numpy(pairs[:, 0]), torch.from_numpy(pairs[:, 1])
    near = torch.from_numpy((vectors[0] @ vectors[1].T).ravel())
    (q, nq), (t, nt) = sides
    z = head(late, numbers(late, (q[own], nq[own]), (t[its], nt[its]), near)).numpy()
    stored = TitleTokens.decode(offered.tokens)
    served = np.stack([one.tokens.read(stored, offered.vectors @ one.vector) for one in asked if one.tokens]).ravel()
    assert np.corrcoef(z, served)[0, 1] > 0.98
    assert np.abs(z - served).mean() < 0.4


def test_it_learns(cache: Path, weights: E5Weights, tmp_path: Path) -> None:  # 2
    from eval.tuning.learn import Course, learn
    from eval.tuning.store import begin, save

    course = Course(layers=3, rank=8, rounds=10, rate=0.002, seed=0)
    beginning, under = begin(None, weights, weights.layers - course.layers, course.rank)
    losses: list[tuple[int, int, float]] = []
    lists = judged(TAUGHT)
    tuning = learn(lists, under, tokenizers(cache), beginning, course, lambda *told: losses.append(told))
    assert [told[:2] for told in losses] == [(step, 60) for step in range(1, 61)]
    assert losses[-1][2] < 0.8 * losses[0][2]
    save(tmp_path / "mine.npz", tuning, beginning)
    before = measured(load({"tuning": "none"}, cache_dir=cache, threads=2), judged(OTHERS))
    after = measured(load({"tuning": str(tmp_path / "mine.npz")}, cache_dir=tmp_path, threads=2), judged(OTHERS))
    assert before.tokens is None
    assert after.tokens is not None
    assert after.cosine.auc > before.cosine.auc + 0.1
    assert after.tokens.auc > before.cosine.auc + 0.1


def test_what_it_begins_with_stays(weights: E5Weights, tmp_path: Path) -> None:  # 3
    from eval.tuning.network import layer_of
    from eval.tuning.store import Tuning, begin, save

    beginning, under = begin(TRADE_FILE, weights, 11, 16)
    top = {name: tuple(map(torch.from_numpy, pair)) for name, pair in beginning.changes.items() if name[:3] == "l11"}
    changed = {name: (up * 2, down) for name, (up, down) in top.items()}
    late = {name: torch.from_numpy(np.array(value)) for name, value in beginning.late.items()}
    save(tmp_path / "mine.npz", Tuning(changed, late, torch.randn(50, 64)), beginning)
    with np.load(TRADE_FILE) as old, np.load(tmp_path / "mine.npz") as new:
        for name in (name for name in old.files if name.endswith(("up", "down"))):
            factor = 2 if name.startswith("l11") and name.endswith("up") else 1
            np.testing.assert_array_equal(new[name], old[name] * factor)
    merged = layer_of(under, 10).linear["q"][0] - layer_of(weights, 10).linear["q"][0]
    up, down = beginning.changes["l10.q.w"]
    np.testing.assert_allclose(merged.numpy(), up @ down, atol=1e-5)
    assert "l11.q.w" not in under.changes
    with pytest.raises(InputError, match="rank 16"):
        begin(TRADE_FILE, weights, 11, 8)
    (tmp_path / "cut.npz").write_bytes(TRADE_FILE.read_bytes()[:5000])
    with pytest.raises(EncoderError, match="damaged"):
        begin(tmp_path / "cut.npz", weights, 11, 16)
    before = (tmp_path / "mine.npz").read_bytes()
    with pytest.raises(InputError, match="no number"):
        save(
            tmp_path / "mine.npz",
            Tuning(
                {**changed, "l11.q.w": (changed["l11.q.w"][0] * torch.nan, changed["l11.q.w"][1])},
                late,
                torch.randn(50, 64),
            ),
            beginning,
        )
    assert (tmp_path / "mine.npz").read_bytes() == before


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # 4
    lists = judged(OTHERS)
    titles = list(dict.fromkeys(title for one in lists for title in one.titles))
    ids = {title: f"p{place}" for place, title in enumerate(titles)}
    plain = zip(world.products(len(titles)), titles, strict=True)
    file = world.write(tmp_path / "p.jsonl", [{**row, "id": ids[title], "title": title} for row, title in plain])
    runner, data = CliRunner(), ["--data-dir", str(tmp_path / "data")]
    built = runner.invoke(app, ["rebuild", "--products", str(file), *data])
    assert built.exit_code == 0, built.output
    queries, qrels, out = (tmp_path / name for name in ("q.tsv", "q.qrels", "mine.npz"))
    queries.write_text("".join(f"q{i}\t{one.query.split()[1]} {i}\n" for i, one in enumerate(lists)), encoding="utf-8")
    told = [f"q{i} 0 {ids[t]} {g}" for i, one in enumerate(lists) for t, g in zip(one.titles, one.grades, strict=True)]
    qrels.write_text("\n".join(told), encoding="utf-8")
    command = ["train-encoder", "--queries", str(queries), "--qrels", str(qrels), "--out", str(out), "--layers", "1"]
    command += ["--held-out", "0.4", "--json", *data]
    dry = runner.invoke(app, [*command, "--dry-run"])
    assert dry.exit_code == 0, dry.output
    assert not out.exists()
    taught: list[str] = []
    learn = train_encoder._learn

    def spy(settings: Settings, lists: list[JudgedList], *rest: Any) -> None:
        taught.extend(one.query for one in lists)
        learn(settings, lists, *rest)

    monkeypatch.setattr(train_encoder, "_learn", spy)
    done = runner.invoke(app, command)
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    held = said["held_out"]
    assert len(taught) == said["taught"]
    assert not set(taught) & set(held)
    assert said["taught"] + len(held) == said["queries"] == json.loads(dry.stdout)["queries"] > 4
    kept = [replace(one, query=f"{one.query.split()[1]} {i}") for i, one in enumerate(lists)]
    shipped = measured(load({}, cache_dir=tmp_path, threads=1), [one for one in kept if one.query in held])
    assert said["before"]["cosine"] == pytest.approx(asdict(shipped.cosine), abs=1e-3)
    mine = load({"tuning": str(out)}, cache_dir=tmp_path, threads=1)
    served = measured(mine, [one for one in kept if one.query in held])
    assert served.tokens is not None
    assert said["after"]["tokens"] == pytest.approx(asdict(served.tokens), abs=1e-3)
    other = [*command, "--begin", "none", "--layers", "12", "--rank", "4", "--out", str(tmp_path / "whole.npz")]
    whole = runner.invoke(app, [part for part in other if part != "--json"])
    assert whole.exit_code == 0, whole.output
    assert "tokens  AUC     before –" in whole.output
    with np.load(tmp_path / "whole.npz") as stored:
        assert {f"l{layer}.fo.w.up" for layer in range(12)} <= set(stored.files)


def test_the_loss() -> None:  # 5
    from eval.tuning.lesson import ANSWERS, MIDDLE, Model, Said, lesson

    def softmax(scores: np.ndarray) -> np.ndarray:
        return np.asarray(np.exp(scores) / np.exp(scores).sum())

    def logistic(logits: np.ndarray, grades: np.ndarray) -> float:
        y = np.array(ANSWERS)[grades]
        return float(np.mean(np.logaddexp(0, logits) - y * logits))

    order, relevance = (np.array(value, np.float32) for value in ([1, 0, 2], [0, -1, 1]))
    first = JudgedList("a", ("x", "y", "z"), np.array([3, 0, 2]), order, relevance)
    second = JudgedList("b", ("x", "w"), np.array([1, 0]), order[:2], relevance[:2])
    products = np.array([[0.9, 0.5, 0.7, 0.9, 0.3], [0.2, 0.1, 0.4, 0.6, 0.8]], np.float32)
    tokens = np.array([1.0, -1.0, 0.5, 0.0, -2.0], np.float32)
    cosines = np.concatenate([products[0, :3], products[1, 3:]])
    scales = {name: torch.tensor(np.log(value)) for name, value in {"a": 2.0, "alone": 3.0, "k": 4.0}.items()}
    model = Model((), {}, {}, {**scales, "c": torch.tensor(0.3), MIDDLE: torch.tensor(0.5)})
    heard = Said(torch.tensor([0, 0, 0, 1, 1]), *map(torch.from_numpy, (products, cosines, tokens)))
    shares, grades = np.array([7, 0, 3]) / 10, np.array([3, 0, 2, 1, 0])
    expected = -0.7 * shares @ np.log(softmax(first.order + 2 * cosines[:3]))
    expected -= 0.25 * shares @ np.log(softmax(3 * products[0, [0, 1, 2, 4]])[:3])  # x of the second list is its own
    expected -= 0.4 * shares @ np.log(softmax(tokens[:3]))
    said = np.concatenate([first.relevance, second.relevance])
    expected += 0.7 * logistic(said + 4 * (cosines - 0.5) + 0.3, grades) + 1.5 * logistic(tokens, grades)
    assert float(lesson(model, [first, second], heard)) == pytest.approx(expected, abs=1e-4)


def test_untaught_tokens(cache: Path, weights: E5Weights) -> None:  # 6
    from eval.tuning.learn import last
    from eval.tuning.network import layer_of, lowered
    from eval.tuning.tokens import untaught

    ids = tokenizers(cache)[1].encode(PASSAGE_PREFIX, PASSAGES)
    low = lowered(weights, kept_rows(weights.pieces), ids, 9)
    states = last([layer_of(weights, number) for number in (9, 10, 11)], {}, low)
    unit = torch.nn.functional.normalize(states, dim=1)
    kept = (unit @ untaught(states)["projection"][:, :64]).square().sum() / unit.square().sum()
    assert float(kept) > 0.9
