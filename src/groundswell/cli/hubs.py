"""``groundswell hubs``: the hubs there are, checking a hub file, tagging headlines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from groundswell.cli.options import AsJson, Documents, Output
from groundswell.cli.output import print_json, print_table, progress, write_lines

app = typer.Typer(no_args_is_help=True, help="Hubs: list them, check a hub file, tag headlines.")


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

    print(f"{write_lines(output, rows()):,} headlines tagged into {output}.")
