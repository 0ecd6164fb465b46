"""``groundswell claims``: the claims of a hub and their verdicts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groundswell.cli.arguments import Claim, Hub
from groundswell.cli.claim_tables import COLUMNS, build_row, print_claim, print_impacts, print_reasons, write_data_day
from groundswell.cli.ledger.history import print_history
from groundswell.cli.options import AsJson, Data, DataAlone, Day, Db, parse_as_of, parse_day_option
from groundswell.cli.output import print_json, print_table, print_written, show_progress, write_bytes

if TYPE_CHECKING:
    from groundswell.claims.spec import ClaimSpec
    from groundswell.hubs.spec import HubSpec
    from groundswell.model import Evaluation

app = typer.Typer(no_args_is_help=True, help="Claims: list those of a hub, show one, evaluate them against data.")


@app.command()
def evaluate(
    hub: Hub,
    data: DataAlone = None,
    as_of: Day = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Evaluate a hub's claims from what was known by the end of a day, today by default.

    With --data only the files of that folder and the series shipped with the program are used, and nothing is stored;
    without it, the series of the store. Example: groundswell claims evaluate small-caps --data prices/ --json
    """
    day = parse_as_of(as_of) or datetime.now(UTC).date()
    from groundswell.app import Reader, find_hub
    from groundswell.hubs.file.load import load_hubs
    from groundswell.schemas.claims import build_claim_list
    from groundswell.settings import load_settings

    settings = load_settings(db=db, data=data)
    hubs = load_hubs(settings.hubs)
    spec = find_hub(hubs, hub)
    if settings.data is not None:
        evaluations = _evaluate_from_folder(spec, settings.data, day, settings.cache)
    else:
        with Reader.open(settings.db, hubs) as reader:
            evaluations = reader.claims(hub, day)
    if as_json:
        print_json(build_claim_list(hub, day, evaluations))
    else:
        print_table(f"{hub}, as of {day}{write_data_day(evaluations)}", COLUMNS, map(build_row, evaluations))
        print_reasons(evaluations)
        print_impacts(evaluations)


@app.command("list")
def list_claims(hub: Hub, as_of: Day = None, db: Db = None, as_json: AsJson = False) -> None:
    """List a hub's claims with the verdicts recorded last, or those of a past day.

    Example: groundswell claims list small-caps
    """
    day = parse_as_of(as_of)
    from groundswell.app import Reader, find_hub
    from groundswell.hubs.file.load import load_hubs
    from groundswell.schemas.claims import build_claim_list
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    hubs = load_hubs(settings.hubs)
    find_hub(hubs, hub)  # an unknown hub is reported before the store is opened
    with Reader.open(settings.db, hubs) as reader:
        evaluations = reader.claims(hub, day)
    if as_json:
        latest = max((evaluation.as_of for evaluation in evaluations), default=day or datetime.now(UTC).date())
        print_json(build_claim_list(hub, latest, evaluations))
    else:
        rows = [(evaluation.as_of.isoformat(), *build_row(evaluation)) for evaluation in evaluations]
        print_table(f"Claims of {hub}{write_data_day(evaluations)}", ("as of", *COLUMNS), rows)
        print_reasons(evaluations)


@app.command()
def show(  # noqa: PLR0917 - each is an option
    hub: Hub,
    claim: Claim,
    data: DataAlone = None,
    as_of: Day = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Show a claim: how it is measured, its events, readings and sources.

    The verdict is the one recorded last, or that of a past day; with --data, the claim is evaluated from that folder,
    as of today by default. Example: groundswell claims show small-caps C1 --as-of 2019-09-30
    """
    day = parse_as_of(as_of)
    from groundswell.app import Reader, find_hub
    from groundswell.hubs.file.load import load_hubs
    from groundswell.schemas.claims import build_claim_detail
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    hubs = load_hubs(settings.hubs)
    spec = find_hub(hubs, hub)
    claim_spec = _find_claim(spec, claim)
    if data is not None:  # the whole hub is evaluated: a p-value is adjusted for the number of its claims
        evaluations = _evaluate_from_folder(spec, data, day or datetime.now(UTC).date(), settings.cache)
        evaluation = next(evaluation for evaluation in evaluations if evaluation.id == claim)
        detail = build_claim_detail(evaluation, ()) if as_json else None
    else:
        with Reader.open(settings.db, hubs) as reader:
            page = reader.claim_page(hub, claim, day)
        evaluation = page.evaluation
        detail = build_claim_detail(evaluation, page.verdict_changes) if as_json else None
    if detail:
        print_json(detail)
    else:
        print_claim(claim_spec, evaluation)


@app.command()
def bundle(  # noqa: PLR0917 - each is an option
    hub: Hub,
    claim: Claim,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE.zip", help="The archive to write.")],
    data: DataAlone = None,
    as_of: Day = None,
    db: Db = None,
) -> None:
    """Write what is needed to compute the figure of a claim again: its data, a script and a notebook.

    The archive has the specification, every series that the measurement uses as it was known, and a script that needs
    numpy alone. With --data, the claim is evaluated from that folder, as of today by default.
    Example: groundswell claims bundle small-caps C1 -o c1.zip
    """
    day = parse_as_of(as_of)
    from groundswell.app import Reader, bundle_from_folder, find_hub
    from groundswell.hubs.file.load import load_hubs
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    hubs = load_hubs(settings.hubs)
    spec = find_hub(hubs, hub)
    claim_spec = _find_claim(spec, claim)
    if data is not None:
        with show_progress("claims measured", len(spec.claims)) as advance:
            made = bundle_from_folder(spec, claim_spec, data, day or datetime.now(UTC).date(), advance)
    else:
        with Reader.open(settings.db, hubs) as reader:
            made = reader.claim_bundle(hub, claim, day)
    write_bytes(output, made.content)
    print_written(output, f"Bundle in {output}: {len(made.content):,} bytes. Unpack it, and run recompute.py.")


@app.command()
def history(  # noqa: PLR0917 - each is an option
    hub: Hub,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day, as YYYY-MM-DD.")],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="The last day, as YYYY-MM-DD.")],
    claim: Annotated[str | None, typer.Option(metavar="ID", help="Show this claim alone.")] = None,
    data: Data = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Evaluate a hub at the end of every month between two days, and show when its verdicts changed, and why.

    Each month uses only what was known by its end. The store keeps the evaluations; with --data, the folder is loaded
    first. Example: groundswell claims history small-caps --from 2024-01-01 --to 2024-12-31
    """
    since, until = parse_day_option(first), parse_day_option(last)
    from groundswell.app import Groundswell, find_hub, read_data
    from groundswell.hubs.file.load import load_hubs
    from groundswell.settings import load_settings

    settings = load_settings(db=db, data=data)
    hubs = load_hubs(settings.hubs)
    spec = find_hub(hubs, hub)
    if claim is not None:
        _find_claim(spec, claim)
    loaded = read_data(settings.data, hubs, settings.cache) if settings.data else None
    with Groundswell.open(settings.db, hubs, create=loaded is not None) as groundswell:
        if loaded:
            groundswell.load(loaded)
        with show_progress("months") as advance:
            days = groundswell.record_months(hub, since, until, advance)
        evaluations = [evaluation for evaluation in groundswell.claims(hub, days[-1]) if claim in (None, evaluation.id)]
        changes = [change for change in groundswell.verdict_changes(hub, claim, days[-1]) if change.as_of in days]
    print_history(hub, days, evaluations, changes, as_json)


@app.command()
def estimands(as_json: AsJson = False) -> None:
    """List what a claim can be measured by: each estimand's name, title, unit and arguments.

    Example: groundswell claims estimands
    """
    from groundswell.claims.registry import ESTIMANDS
    from groundswell.schemas.claims import build_estimand_list

    listed = build_estimand_list(ESTIMANDS.values())
    if as_json:
        print_json(listed)
    else:
        rows = [(row.name, row.title, row.unit, ", ".join(row.arguments)) for row in listed.estimands]
        print_table("Estimands", ("name", "title", "unit", "arguments"), rows)


def _evaluate_from_folder(hub: HubSpec, folder: Path, day: date, keep_in: Path | None) -> tuple[Evaluation, ...]:
    """Evaluate the claims of a hub from a folder, with progress."""
    from groundswell.app import evaluate_hub

    with show_progress("claims measured", len(hub.claims)) as advance:
        return evaluate_hub(hub, folder, day, advance, keep_in)


def _find_claim(hub: HubSpec, claim_id: str) -> ClaimSpec:
    """Find a claim by its id. Raises ``NotFoundError``, before the store is opened or a folder read."""
    from groundswell.errors import NotFoundError, suggest

    claims = {claim.id: claim for claim in hub.claims}
    if claim_id not in claims:
        raise NotFoundError(f"the hub {hub.slug} has no claim {claim_id!r}; {suggest(claim_id, claims)}")
    return claims[claim_id]
