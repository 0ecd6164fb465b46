"""``groundswell ledger``: check what is on record of claims."""

from __future__ import annotations

from typing import Annotated

import typer

from groundswell.cli.options import AsJson, Day, Db, parse_as_of
from groundswell.cli.output import print_json, print_table

app = typer.Typer(
    no_args_is_help=True,
    help="Ledger: check what is on record, and score forecasts.",
)

BROKEN = 1
"""Exit status of ``ledger verify`` where a record is not what was written."""


@app.command()
def verify(
    hub: Annotated[str | None, typer.Argument(help="The hub whose records are checked; all by default.")] = None,
    noted: Annotated[str, typer.Option(help="The last digest of an earlier check, which must still be there.")] = "",
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Check every registration, evaluation and forecast on record against the chain, and name the first that differs.

    Evaluations by releases before there was a chain are counted apart. Exit status: 0 if all hold, 1 if one does not.
    Example: groundswell ledger verify small-caps
    """
    from groundswell.app import Reader
    from groundswell.hubs.file.load import load_hubs
    from groundswell.schemas.ledger import build_ledger_check
    from groundswell.settings import load_settings
    from groundswell.wording.plurals import write_count

    settings = load_settings(db=db)
    with Reader.open(settings.db, load_hubs(settings.hubs)) as reader:
        found = build_ledger_check(hub, reader.check_ledger(hub, noted))
    if as_json:
        print_json(found)
    elif found.broken:
        broken = found.broken
        of = f", {broken.hub}/{broken.claim} of {broken.as_of}" if broken.claim else ""
        where = f" at {broken.record} {broken.key}{of}" if broken.key else ""
        print(f"Broken{where}: {broken.reason}.")
    else:
        print(f"{write_count(found.checked, 'record')} checked, all as written; last digest {found.head or 'none'}.")
    if not as_json and found.unchained:
        print(f"{write_count(found.unchained, 'evaluation')} from before there was a chain: not checked.")
    if found.broken:
        raise typer.Exit(BROKEN)


@app.command()
def forecasts(
    hub: Annotated[str | None, typer.Argument(help="The hub whose claims are forecast; all by default.")] = None,
    as_of: Day = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Forecast each event of a claim from the events before it, and score what became of the forecasts.

    Those on record stand as they were made when their event happened; those of earlier events are replayed. Scores
    stand next to those of a coin and of the share of all earlier windows. Example: groundswell ledger forecasts
    """
    day = parse_as_of(as_of)
    from groundswell.app import Reader
    from groundswell.hubs.file.load import load_hubs
    from groundswell.schemas.ledger import build_forecast_list
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    with Reader.open(settings.db, load_hubs(settings.hubs)) as reader:
        found = build_forecast_list(reader.forecasts(hub, day))
    if as_json:
        print_json(found)
        return
    rows = [("all", found.score), ("on record", found.recorded), ("since registered", found.since_registered)]
    rows += [(each.hub, each.score) for each in found.hubs]
    print_table(
        "Brier scores: 0 is best; usual: the share of all earlier windows, over the same events as the column before",
        ("hub", "resolved", "open", "void", "score", "coin", "with usual", "usual", "in the interval"),
        [
            (
                name,
                str(score.resolved),
                str(score.open),
                str(score.voids),
                *map(_write_score, (score.brier, score.coin, score.brier_compared, score.usual)),
                f"{score.covered} of {score.bounded}",
            )
            for name, score in rows
        ],
    )
    still_open = [each for each in found.forecasts if each.status == "open"]
    if still_open:
        print_table(
            "Open forecasts",
            ("hub", "claim", "event", "opened", "resolved on", "probability", "from"),
            [
                (
                    each.hub,
                    each.claim,
                    str(each.day),
                    str(each.opened or "replayed"),
                    str(each.ends),
                    f"{each.probability:.2f}",
                    f"{each.hits} of {each.n}",
                )
                for each in still_open
            ],
        )


def _write_score(score: float | None) -> str:
    return "–" if score is None else f"{score:.3f}"
