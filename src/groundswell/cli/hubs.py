"""``groundswell hubs``: list and show hubs, write and check a hub file, tag headlines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groundswell.cli.arguments import Hub
from groundswell.cli.claim_tables import write_share
from groundswell.cli.options import AsJson, Day, Db, Documents, Output, parse_as_of, site_of
from groundswell.cli.output import (
    print_json,
    print_table,
    print_written,
    refuse_overwriting,
    show_progress,
    write_lines,
)

if TYPE_CHECKING:
    from groundswell.hubs.spec import HubSpec
    from groundswell.model import Evaluation
    from groundswell.pages.models import HubCard
    from groundswell.schemas.lists import TaggedHeadline

app = typer.Typer(no_args_is_help=True, help="Hubs: list and show them, write and check a hub file, tag headlines.")


@app.command("list")
def list_hubs(as_of: Day = None, db: Db = None, as_json: AsJson = False) -> None:
    """List the hubs with the number of their stories and their verdicts. Example: groundswell hubs list --json"""
    day = parse_as_of(as_of)
    from groundswell.app import Reader
    from groundswell.hubs.file.load import load_hubs
    from groundswell.model import Verdict
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    with Reader.open(settings.db, load_hubs(settings.hubs)) as reader:
        page = reader.index_page(day)
    if as_json:
        from groundswell.schemas.hubs import build_hub_list

        print_json(build_hub_list(page, site_of(settings)))
        return
    print_table(
        "Hubs",
        ("slug", "title", "stories", "claims", "verdicts", "readings for", "numbers to"),
        map(_build_row, page.cards),
        dates=("numbers to",),
    )
    if {verdict for card in page.cards for verdict, _ in card.verdicts} <= {Verdict.NOT_MEASURED}:
        print("This store has no verdicts yet: groundswell up evaluates the claims, and again whenever data change.")


@app.command()
def show(hub: Hub, as_of: Day = None, db: Db = None, as_json: AsJson = False) -> None:
    """Show a hub: its thesis, its claims with their verdicts, and its instruments.

    The verdicts are those recorded last, or those of a past day. Example: groundswell hubs show small-caps
    """
    day = parse_as_of(as_of)
    from groundswell.app import Reader, find_hub
    from groundswell.hubs.file.load import load_hubs
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    hubs = load_hubs(settings.hubs)
    spec = find_hub(hubs, hub)  # an unknown hub is reported before the store is opened
    with Reader.open(settings.db, hubs) as reader:
        if as_json:
            from groundswell.schemas.hubs import map_hub_titles
            from groundswell.schemas.pages import build_hub

            print_json(build_hub(reader.hub_page(hub, day), site_of(settings), map_hub_titles(hubs)))
            return
        evaluations = {evaluation.id: evaluation for evaluation in reader.claims(hub, day)}
    _print_hub(spec, evaluations)


@app.command()
def new(
    slug: Annotated[str, typer.Argument(metavar="SLUG", help="Its permanent name: small letters, digits, hyphens.")],
    title: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The name that readers see. \\[default: the slug]")
    ] = None,
    folder: Annotated[Path, typer.Option(metavar="DIR", help="The folder to write the file to.")] = Path(),
) -> None:
    """Write a commented hub file to start from; it passes `hubs check` as it is.

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
        raise UsageError(f"{path} exists already; choose another slug, or move the file away") from None
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}; name a folder with --folder") from None
    print(f"{path} is written. Edit it, then run: groundswell hubs check {path}")


@app.command()
def check(file: Annotated[Path, typer.Argument(metavar="FILE", help="A hub file (TOML).")]) -> None:
    """Check a hub file and explain each mistake by line and field. Example: groundswell hubs check my-hub.toml"""
    from groundswell.hubs.file.load import load_hub
    from groundswell.hubs.file.validate import find_warnings
    from groundswell.wording.plurals import choose_verb, write_count

    hub = load_hub(file)
    for warning in find_warnings(hub):
        print(f"warning: {warning}.")
    measured = sum(claim.measure is not None for claim in hub.claims)
    print(
        f"{file} is a valid hub file: {hub.slug}, {write_count(len(hub.claims), 'claim')} ({measured} measured), "
        f"{write_count(len(hub.tests), 'headline test')} {choose_verb(len(hub.tests), 'passes', 'pass')}."
    )


@app.command()
def tag(documents: Documents, output: Output) -> None:
    """List the hubs that each headline belongs to, and why. Example: groundswell hubs tag docs.jsonl -o tags.jsonl"""
    from groundswell.feeds.jsonl import read_stream
    from groundswell.hubs.file.load import load_hubs
    from groundswell.hubs.tagging.tagger import Tagger
    from groundswell.schemas.lists import build_tagged_headline
    from groundswell.settings import load_settings

    refuse_overwriting(output, documents)
    tagger = Tagger(load_hubs(load_settings().hubs))

    def rows() -> Iterator[TaggedHeadline]:
        with show_progress("headlines") as advance:
            for entry in read_stream(documents):
                yield build_tagged_headline(entry.guid, tagger.tag(entry.title, entry.text))
                advance(1)

    count = write_lines(output, rows())
    print_written(output, f"Headlines tagged in {output}: {count:,}.")


def _build_row(card: HubCard) -> tuple[str, ...]:
    counts = [*card.verdicts, *([("on a stand-in", card.stand_ins)] if card.stand_ins else [])]
    verdicts = ", ".join(f"{count} {words}" for words, count in counts)
    return (
        card.hub.slug,
        card.hub.title,
        f"{card.story_count:,}",
        str(len(card.hub.claims)),
        verdicts,
        write_share(card.readings_judged),
        str(card.data_as_of or "–"),
    )


def _print_hub(spec: HubSpec, evaluations: Mapping[str, Evaluation]) -> None:
    from groundswell.wording.verdicts import write_verdict

    print(f"{spec.title} ({spec.slug})\n{spec.summary}\n")
    print("\n\n".join(" ".join(paragraph.split()) for paragraph in spec.thesis), end="\n\n")
    estimands = {claim.id: claim.measure.estimand if claim.measure else "not measured" for claim in spec.claims}
    print_table(
        "Claims",
        ("claim", "side", "verdict", "readings for", "estimand", "text"),
        [
            (
                claim.id,
                claim.side,
                write_verdict(evaluations[claim.id]),
                write_share(evaluations[claim.id].readings_judged),
                estimands[claim.id],
                claim.text,
            )
            for claim in spec.claims
        ],
    )
    instruments = [(instrument.symbol, instrument.name, instrument.role) for instrument in spec.instruments]
    print_table("Instruments", ("symbol", "name", "role"), instruments)
    if spec.related:
        print(f"Related hubs: {', '.join(spec.related)}")
