"""The one command. `xunhuo --help` lists what it does."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import generations as retrieval
from cli.changes import apply_command, compact_command
from cli.console import DEMO, called, clear_errors
from cli.dictionary import app as dictionary
from cli.evaluation import app as evaluation
from cli.events import events_command
from cli.insight import fields_command, unanswered_command
from cli.interests import interests_command
from cli.judging import app as judging
from cli.keys import app as keys
from cli.listing import listing_command, review_command
from cli.live import app as live
from cli.mall import feed_command, related_command, similar_command
from cli.mall_pages import campaign_command, channel_command, shop_command
from cli.options import ConfigFiles, Overrides, settings_of
from cli.rebuild import DEMO_SEED, migrate_command, rebuild_command, run_rebuild
from cli.rules import app as rules
from cli.search import search_command, understand_command
from cli.serve import serve, serve_command
from cli.suggest import suggest_command
from cli.takedown import app as takedown
from cli.train_encoder import train_encoder_command
from cli.train_ranker import train_ranker_command
from cli.users import app as users
from cli.videos import moments_of_command, video_command

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    help="寻货 Xunhuo: people find goods. Rebuild indexes, serve a search endpoint, judge relevance.",
    epilog="Exit codes: 0 done, 2 bad usage or input, 3 a check failed, 4 not there, 5 the machine refused.",
)
app.command("rebuild")(rebuild_command)
app.command("events")(events_command)
app.command("migrate")(migrate_command)
app.command("listing")(listing_command)
app.command("review")(review_command)
app.command("apply")(apply_command)
app.command("compact")(compact_command)
app.command("serve")(serve_command)
app.command("search")(search_command)
app.command("fields")(fields_command)
app.command("unanswered")(unanswered_command)
app.command("interests")(interests_command)
app.command("understand")(understand_command)
app.command("feed")(feed_command)
app.command("channel")(channel_command)
app.command("shop")(shop_command)
app.command("campaign")(campaign_command)
app.command("similar")(similar_command)
app.command("related")(related_command)
app.command("suggest")(suggest_command)
app.command("video")(video_command)
app.command("moments")(moments_of_command)
app.command("train-encoder")(train_encoder_command)
app.command("train-ranker")(train_ranker_command)
app.command("doctor")(retrieval.doctor_command)
app.add_typer(evaluation, name="eval")
app.add_typer(dictionary, name="dictionary")
app.add_typer(rules, name="rules")
app.add_typer(users, name="users")
app.add_typer(keys, name="keys")
app.add_typer(judging, name="judging")
app.add_typer(live, name="live")
app.add_typer(takedown, name="takedown")
app.add_typer(retrieval.generations, name="generations")
app.add_typer(retrieval.encoder, name="encoder")


@app.command("demo")
def demo_command(
    data_dir: Annotated[Path, typer.Option("--data-dir", help="Folder of the demo mall.")] = DEMO,
    seed: Annotated[int, typer.Option(help="Same seed, same mall.")] = DEMO_SEED,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; else api.port.")] = None,
    build_only: Annotated[bool, typer.Option("--build-only", help="Build the mall and do not serve it.")] = False,
    config: ConfigFiles = None,
    overrides: Overrides = None,
) -> None:
    """Make the demo mall, build its index and serve it with a search page."""
    with clear_errors():
        from cli.airing import on_the_air
        from demo.generate import generate, midnight

        settings = settings_of(config, ["live.accept_states=true", *(overrides or ())], data_dir)
        mall = data_dir / "mall"
        typer.echo(f"making the demo mall in {mall}", err=True)
        generate(mall, seed=seed, until=midnight())
        run_rebuild(settings, [mall / "products.jsonl"], [mall / "videos.jsonl"], [mall / "events.jsonl"])
        judged = f"--queries {mall}/queries.tsv --qrels {mall}/qrels --data-dir {data_dir}"
        shoppers = f"--queries {mall}/personal.jsonl --qrels {mall}/personal.qrels --data-dir {data_dir}"
        spoken = f"--linked {mall}/linked.jsonl --evidence {mall}/evidence.jsonl --data-dir {data_dir}"
        typer.echo(f"search it:  {called()} search 保温杯 --data-dir {data_dir}", err=True)
        typer.echo(f"judge it:   {called()} eval run {judged}", err=True)
        typer.echo(f"its videos: {called()} eval moments {spoken}", err=True)
        typer.echo(f"for whom:   {called()} eval personal {shoppers}", err=True)
        if not build_only:
            with on_the_air(settings, mall) as aired:
                typer.echo(
                    f"on air:     {' '.join(each.video_id for each in aired)}, simulated; see /v1/live", err=True
                )
                serve(settings, None, port, None)


def main() -> None:
    """Entry point of the `xunhuo` command."""
    app()


if __name__ == "__main__":
    main()
