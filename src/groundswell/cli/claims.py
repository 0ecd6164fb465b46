"""``groundswell claims``: what a hub claims and how it stands against the data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groundswell.cli.arguments import Claim, Hub
from groundswell.cli.history import show_history
from groundswell.cli.issues import print_data_issues
from groundswell.cli.options import AsJson, Data, DataAlone, Day, Db, day
from groundswell.cli.output import print_json, print_table, progress

if TYPE_CHECKING:
    from groundswell.claims.spec import ClaimSpec
    from groundswell.hubs.spec import HubSpec
    from groundswell.model import DataIssue, Evaluation

COLUMNS = ("claim", "verdict", "estimate", "95 % interval", "n", "text")

app = typer.Typer(no_args_is_help=True, help="Claims: list those of a hub, show one, evaluate them against data.")


@app.command()
def evaluate(
    hub: Hub,
    data: DataAlone = None,
    as_of: Day = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Evaluate a hub's claims from what was known by the end of a day (today unless told otherwise).

    With --data the folder's files and what ships with the program are used, and nothing is stored; without it, the
    series in the store. Example: groundswell claims evaluate small-caps --data prices/ --as-of 2026-08-20 --json
    """
    today = datetime.now(UTC).date()
    when = day(as_of) if as_of else today
    from groundswell.app import Groundswell, find_hub
    from groundswell.hubs.file.load import load_hubs
    from groundswell.schemas.claims import as_json as claim_json
    from groundswell.settings import load_settings

    settings = load_settings(db=db, data=data)
    hubs = load_hubs(settings.hubs)
    spec = find_hub(hubs, hub)
    if settings.data is not None:
        found = _evaluated(spec, settings.data, when)
    else:
        with Groundswell.open(settings.db, hubs) as groundswell:
            found = groundswell.claims(hub, when)
    if as_json:
        print_json({"hub": hub, "as_of": when.isoformat(), "claims": [claim_json(one) for one in found]})
    else:
        print_table(f"{hub}, as of {when}", COLUMNS, map(_row, found))
        _print_touches(found)


@app.command("list")
def list_claims(hub: Hub, as_of: Day = None, db: Db = None, as_json: AsJson = False) -> None:
    """List a hub's claims with the verdicts recorded last, or as of a past day.

    Example: groundswell claims list small-caps
    """
    when = day(as_of) if as_of else None
    from groundswell.app import Groundswell, find_hub
    from groundswell.hubs.file.load import load_hubs
    from groundswell.schemas.claims import as_json as claim_json
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    hubs = load_hubs(settings.hubs)
    find_hub(hubs, hub)  # an unknown one is told before a store is made
    with Groundswell.open(settings.db, hubs) as groundswell:
        found = groundswell.claims(hub, when)
    if as_json:
        print_json({"hub": hub, "claims": [claim_json(one) for one in found]})
    else:
        print_table(f"Claims of {hub}", ("as of", *COLUMNS), [(one.as_of.isoformat(), *_row(one)) for one in found])


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

    As recorded last, or as of a past day; with --data, evaluated from that folder (as of today unless told otherwise).
    Example: groundswell claims show small-caps C1 --as-of 2019-09-30
    """
    when = day(as_of) if as_of else None
    from groundswell.app import Groundswell, find_hub
    from groundswell.hubs.file.load import load_hubs
    from groundswell.schemas.claims import as_json as claim_json
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    hubs = load_hubs(settings.hubs)
    whole = find_hub(hubs, hub)
    spec = _claim_of(whole, claim)
    if data is not None:  # all its claims: what one is worth depends on how many there are
        evaluated = _evaluated(whole, data, when or datetime.now(UTC).date())
        found = next(one for one in evaluated if one.id == claim)
    else:
        with Groundswell.open(settings.db, hubs) as groundswell:
            found = groundswell.claim_page(hub, claim, when).evaluation
    if as_json:
        print_json(claim_json(found))
    else:
        _print_claim(spec, found)


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
    """Evaluate a hub as of the end of every month between two days, and tell when its verdicts changed, and why.

    Each month uses what was known by its end. The evaluations are kept in the store's ledger; with --data, the folder
    is loaded into the store first. Example: groundswell claims history small-caps --from 2024-01-01 --to 2024-12-31
    """
    since, until = day(first), day(last)
    from groundswell.app import Groundswell, find_hub, read_data
    from groundswell.hubs.file.load import load_hubs
    from groundswell.settings import load_settings

    settings = load_settings(db=db, data=data)
    hubs = load_hubs(settings.hubs)
    spec = find_hub(hubs, hub)
    if claim is not None:
        _claim_of(spec, claim)
    loaded = read_data(settings.data, hubs) if settings.data else None
    with Groundswell.open(settings.db, hubs) as groundswell:
        if loaded:
            groundswell.load(loaded)
        with progress("months") as advance:
            days = groundswell.record_months(hub, since, until, advance)
        shown = [one for one in groundswell.claims(hub, days[-1]) if claim in (None, one.id)]
        verdict_changes = [one for one in groundswell.verdict_changes(hub, claim, days[-1]) if one.as_of in days]
    show_history(hub, days, shown, verdict_changes, as_json)


@app.command()
def estimands(as_json: AsJson = False) -> None:
    """List what a claim can be measured by: each estimand's name, title, unit and arguments.

    Example: groundswell claims estimands
    """
    from groundswell.claims.registry import ESTIMANDS

    if as_json:
        rows = [
            {"name": one.name, "title": one.title, "unit": one.unit, "arguments": list(one.arguments.model_fields)}
            for one in ESTIMANDS.values()
        ]
        print_json({"estimands": rows})
    else:
        print_table(
            "Estimands",
            ("name", "title", "unit", "arguments"),
            ((one.name, one.title, one.unit, ", ".join(one.arguments.model_fields)) for one in ESTIMANDS.values()),
        )


def _evaluated(hub: HubSpec, folder: Path, when: date) -> tuple[Evaluation, ...]:
    """The claims of a hub evaluated from a folder, with progress."""
    from groundswell.app import evaluate_hub

    with progress("claims measured", len(hub.claims)) as advance:
        return evaluate_hub(hub, folder, when, advance)


def _claim_of(hub: HubSpec, claim: str) -> ClaimSpec:
    """The claim of an id. Raises ``NotFoundError``, before a store is made or a folder read."""
    from groundswell.errors import NotFoundError, suggest

    claims = {one.id: one for one in hub.claims}
    if claim not in claims:
        raise NotFoundError(f"the hub {hub.slug} has no claim {claim!r}; {suggest(claim, claims)}")
    return claims[claim]


def _print_claim(spec: ClaimSpec, found: Evaluation) -> None:
    from groundswell.claims.registry import ESTIMANDS, describe

    print(f"{found.id}: {found.text}")
    print(f"{found.verdict} as of {found.as_of}: {found.reason}")
    if spec.measure:
        print(describe(spec.measure))
    if spec.measure and found.events:
        rows = [(str(one.date), _shown(found, one.value), str(one.start), str(one.end)) for one in found.events]
        print_table(ESTIMANDS[spec.measure.estimand].rows, ("date", "value", "from", "to"), rows)
    for absence in found.absent:
        print(f"{absence.date}: no value, {absence.reason}")
    if found.readings:
        readings = [(one.name, one.verdict.value, _shown(found, one.estimate), str(one.n)) for one in found.readings]
        print_table("Other readings", ("reading", "verdict", "estimate", "n"), readings)
    for use in found.sources:
        print(f"source: {use.series}, {use.source}, last value {use.last or 'none'}")


def _print_touches(found: Iterable[Evaluation]) -> None:
    """The defects in the windows of the claims: a claim whose readings alone are touched stands in brackets."""
    touched: dict[DataIssue, list[str]] = {}
    for evaluation in found:
        for impact in evaluation.impacts:
            touched.setdefault(impact.issue, []).append(evaluation.id if impact.main else f"({evaluation.id})")
    print_data_issues("Defects of the data in these windows; in brackets: in other readings only", touched, touched)


def _row(found: Evaluation) -> tuple[str, ...]:
    interval = "–" if found.ci_low is None else f"{_shown(found, found.ci_low)} to {_shown(found, found.ci_high)}"
    return found.id, found.verdict.value, _shown(found, found.estimate), interval, str(found.n or "–"), found.text


def _shown(found: Evaluation, value: float | None) -> str:
    from groundswell.wording.figures import write_value

    return write_value(value, found.unit) if value is not None and found.unit else "–"
