"""Names of hubs and claims as arguments, with completion in the shell."""

from __future__ import annotations

from typing import Annotated

import typer


def _complete_hub(incomplete: str) -> list[tuple[str, str]]:
    from groundswell.hubs.file.load import load_hubs
    from groundswell.settings import load_settings

    return [(hub.slug, hub.title) for hub in load_hubs(load_settings().hubs) if hub.slug.startswith(incomplete)]


def _complete_claim(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    from groundswell.hubs.file.load import load_hubs
    from groundswell.settings import load_settings

    hubs = [hub for hub in load_hubs(load_settings().hubs) if hub.slug == context.params.get("hub")]
    return [(claim.id, claim.text) for hub in hubs for claim in hub.claims if claim.id.startswith(incomplete)]


Hub = Annotated[
    str, typer.Argument(metavar="HUB", help="The slug of a hub, such as small-caps.", autocompletion=_complete_hub)
]
Claim = Annotated[
    str, typer.Argument(metavar="CLAIM", help="The id of a claim, such as C1.", autocompletion=_complete_claim)
]
