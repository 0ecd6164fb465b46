"""``groundswell hubs``: the hubs there are, checking a hub file, tagging headlines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from groundswell.cli.arguments import Hub
from groundswell.cli.options import AsJson, Day, Db, Documents, Output, day
from groundswell.cli.output import apart, print_json, print_table, print_written, progress, write_lines

if TYPE_CHECKING:
    from groundswell.pages.models import HubCard

app = typer.Typer(no_args_is_help=True, help="Hubs: list and show them, write and check a hub file, tag headlines.")


@app.command("list")
def list_hubs(as_of: Day = None, db: Db = None, as_json: AsJson = False) -> None:
    """List the hubs: how many stories each holds, and how its claims stand. Example: groundswell hubs list --json"""
    when = day(as_of) if as_of else None
    from groundswell.app import Groundswell
    from groundswell.hubs.file.load import load_hubs
    from groundswell.model import Verdict
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    with Groundswell.open(settings.db, load_hubs(settings.hubs)) as groundswell:
        cards = groundswell.index_page(when).cards
    if as_json:
        print_json({"hubs": [_card_json(card) for card in cards]})
    else:
        print_table("Hubs", ("slug", "title", "stories", "claims", "verdicts"), map(_card_row, cards))
        if any(map(_demonstrated, cards)):
            print("The stories are demonstration headlines, until real articles come.")
        if {verdict for card in cards for verdict, _ in card.verdicts} <= {Verdict.NOT_MEASURED}:
            print("This store holds no verdict yet: groundswell up evaluates the claims, and again whenever data come.")


@app.command()
def show(hub: Hub, as_of: Day = None, db: Db = None, as_json: AsJson = False) -> None:
    """Show a hub: its thesis, its claims and how they stand, its instruments and rules.

    The verdicts are those recorded last, or as of a past day. Example: groundswell hubs show small-caps
    """
    when = day(as_of) if as_of else None
    from groundswell.app import Groundswell, find_hub
    from groundswell.hubs.file.load import load_hubs
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    hubs = load_hubs(settings.hubs)
    spec = find_hub(hubs, hub)  # an unknown one is told before a store is made
    with Groundswell.open(settings.db, hubs) as groundswell:
        verdicts = {one.id: one.verdict.value for one in groundswell.claims(hub, when)}
    if as_json:
        print_json(json.loads(spec.model_dump_json()) | {"verdicts": verdicts})  # an open bound of a range is null
        return
    print(f"{spec.title} ({spec.slug})\n{spec.summary}\n")
    print("\n\n".join(" ".join(paragraph.split()) for paragraph in spec.thesis), end="\n\n")
    measured = {claim.id: claim.measure.estimand if claim.measure else "not measured" for claim in spec.claims}
    print_table(
        "Claims",
        ("claim", "side", "verdict", "by", "text"),
        [(c.id, c.side, verdicts[c.id], measured[c.id], c.text) for c in spec.claims],
    )
    print_table("Instruments", ("symbol", "name", "role"), [(i.symbol, i.name, i.role) for i in spec.instruments])
    if spec.related:
        print(f"Related hubs: {', '.join(spec.related)}")


@app.command()
def new(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="Its permanent name: small letters, digits, hyphens.")],
    title: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The name readers see. \\[default: the slug]")
    ] = None,
    folder: Annotated[Path, typer.Option(metavar="DIR", help="Where to write the file.")] = Path(),
) -> None:
    """Write a commented hub file to start from; it passes the check as it stands.

    Example: groundswell hubs new water --title "Water"
    """
    from groundswell.errors import UsageError
    from groundswell.hubs.file.scaffold import write_skeleton

    text = write_skeleton(slug, title or slug.replace("-", " ").capitalize())
    path = folder / f"{slug}.toml"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{path} exists already; choose another slug, or move it away") from None
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}; name a folder with --folder") from None
    print(f"{path} is written. Change it, then: groundswell hubs check {path}")


@app.command()
def check(file: Annotated[Path, typer.Argument(metavar="FILE", help="A hub file (TOML).")]) -> None:
    """Check a hub file and explain each mistake by line and field. Example: groundswell hubs check my-hub.toml"""
    from groundswell.hubs.file.load import load_hub

    hub = load_hub(file)
    measured = sum(claim.measure is not None for claim in hub.claims)
    print(
        f"{file} is a good hub file: {hub.slug}, {len(hub.claims)} claims ({measured} measured), "
        f"{len(hub.tests)} headline tests hold."
    )


@app.command()
def tag(documents: Documents, output: Output) -> None:
    """Tell which hubs each headline belongs to, and why. Example: groundswell hubs tag docs.jsonl -o tags.jsonl"""
    from groundswell.feeds.jsonl import read_stream
    from groundswell.hubs.file.load import load_hubs
    from groundswell.hubs.tagging.tagger import Tagger
    from groundswell.settings import load_settings

    apart(output, documents)
    tagger = Tagger(load_hubs(load_settings().hubs))

    def rows() -> Iterator[dict[str, Any]]:
        with progress("headlines") as advance:
            for entry in read_stream(documents):
                tags = tagger.tag(entry.title, entry.text)
                yield {
                    "id": entry.guid,
                    "hubs": [found.hub for found in tags],
                    "why": {found.hub: list(found.reasons) for found in tags},
                }
                advance(1)

    count = write_lines(output, rows())
    print_written(output, f"Headlines tagged into {output}: {count:,}.")


def _demonstrated(card: HubCard) -> bool:
    """Whether its stories are demonstration headlines: a store holds either those or real ones."""
    return card.latest is not None and card.latest.demonstration


def _card_json(card: HubCard) -> dict[str, Any]:
    hub = card.hub
    return {
        "slug": hub.slug,
        "title": hub.title,
        "summary": hub.summary,
        "claims": len(hub.claims),
        "stories": card.story_count,
        "demonstration": _demonstrated(card),
        "verdicts": dict(card.verdicts),
    }


def _card_row(card: HubCard) -> tuple[str, ...]:
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in card.verdicts)
    return card.hub.slug, card.hub.title, f"{card.story_count:,}", str(len(card.hub.claims)), verdicts
