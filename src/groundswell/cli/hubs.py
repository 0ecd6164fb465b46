"""``groundswell hubs``: the hubs there are, checking a hub file, tagging headlines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from groundswell.cli.naming import Hub
from groundswell.cli.options import AsJson, Documents, Output
from groundswell.cli.output import apart, print_json, print_table, print_written, progress, write_lines

app = typer.Typer(no_args_is_help=True, help="Hubs: list and show them, write and check a hub file, tag headlines.")


@app.command("list")
def list_hubs(as_json: AsJson = False) -> None:
    """List the hubs. Example: groundswell hubs list --json"""
    from groundswell.config import load_settings
    from groundswell.hubs.load import installed

    rows = [
        {"slug": hub.slug, "title": hub.title, "summary": hub.summary, "claims": len(hub.claims)}
        for hub in installed(load_settings().hubs)
    ]
    if as_json:
        print_json({"hubs": rows})
    else:
        print_table(
            "Hubs",
            ("slug", "title", "claims", "summary"),
            [[str(row[c]) for c in ("slug", "title", "claims", "summary")] for row in rows],
        )


@app.command()
def show(hub: Hub, as_json: AsJson = False) -> None:
    """Show what a hub is: its thesis, claims, instruments and rules. Example: groundswell hubs show small-caps"""
    from groundswell.app import find_hub
    from groundswell.config import load_settings
    from groundswell.hubs.load import installed

    spec = find_hub(installed(load_settings().hubs), hub)
    if as_json:
        print(spec.model_dump_json(indent=2))  # an open bound of a range is null
        return
    print(f"{spec.title} ({spec.slug})\n{spec.summary}\n")
    print("\n\n".join(" ".join(paragraph.split()) for paragraph in spec.thesis), end="\n\n")
    measured = {claim.id: claim.measure.estimand if claim.measure else "not measured" for claim in spec.claims}
    print_table(
        "Claims", ("claim", "side", "by", "text"), [(c.id, c.side, measured[c.id], c.text) for c in spec.claims]
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
    from groundswell.hubs.skeleton import skeleton

    text = skeleton(slug, title or slug.replace("-", " ").capitalize())
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
    from groundswell.hubs.load import load_hub

    hub = load_hub(file)
    measured = sum(claim.measure is not None for claim in hub.claims)
    print(
        f"{file} is a good hub file: {hub.slug}, {len(hub.claims)} claims ({measured} measured), "
        f"{len(hub.tests)} headline tests hold."
    )


@app.command()
def tag(documents: Documents, output: Output) -> None:
    """Tell which hubs each headline belongs to, and why. Example: groundswell hubs tag docs.jsonl -o tags.jsonl"""
    from groundswell.config import load_settings
    from groundswell.feeds.stream import read_stream
    from groundswell.hubs.load import installed
    from groundswell.hubs.tagging import Tagger

    apart(output, documents)
    tagger = Tagger(installed(load_settings().hubs))

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
