"""``groundswell data``: check and load a folder of prices and rates, report what is stored, and keep backups."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from groundswell.cli.issues import print_data_issues, print_faults, print_inspection
from groundswell.cli.options import AsJson, Db, Folder
from groundswell.cli.output import print_json, print_table, show_progress

if TYPE_CHECKING:
    from groundswell.model import UpstreamState
    from groundswell.pages.status import SeriesChain, SeriesStatus, ServiceProbe

app = typer.Typer(
    no_args_is_help=True,
    help="Data: inspect a file, check a folder of prices and rates, load it, show what is stored, back the store up.",
)

FAILED = 1
"""Exit status of ``data probe`` where a service failed."""

ISSUES_FOUND = 1
"""Exit status of ``data check`` where a folder has data issues."""


@app.command()
def check(folder: Folder, as_json: AsJson = False) -> None:
    """Compare all sources of a folder with each other, and report what is wrong with which series and file.

    Nothing is stored. Exit status: 0 without data issues and faults, 1 with some, 2 if the folder cannot be read.
    Example: groundswell data check prices/ --json
    """
    from groundswell.app import check_folder
    from groundswell.schemas.data import build_data_check

    with show_progress("files read") as advance:
        checked = check_folder(folder, advance)
    found = build_data_check(checked.folder, checked.data_issues, checked.faults, checked.notes)
    if as_json:
        print_json(found)
    else:
        print_data_issues(f"Data issues in {folder}", checked.data_issues)
        print_faults(found.faults)
        unused = [(note.file, note.text) for note in checked.notes if not note.used]
        if unused:
            print_table("Files and series that are not used", ("file", "why"), unused)
        used, count = len(checked.in_use()), len(checked.data_issues)
        faults = len(checked.faults)
        print(
            f"{len(checked.series)} series checked. Data issues: {count}, {used} of them in series in use. "
            f"Faults in files: {faults}."
        )
    if checked.data_issues or checked.faults:
        raise typer.Exit(ISSUES_FOUND)


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV, Excel or Parquet file, or a folder of parts.")],
    as_json: AsJson = False,
) -> None:
    """Show how a file would be read: encoding, delimiter, heading, order of dates, columns, series, faults.

    Nothing is loaded. Exit status: 0 if the file would be used without a fault, 1 if not, 2 if there is no such file.
    Example: groundswell data inspect prices/IWM.csv
    """
    from groundswell.app import inspect_data_file
    from groundswell.schemas.data import build_data_inspection

    inspected = build_data_inspection(inspect_data_file(file, datetime.now(UTC).date()))
    if as_json:
        print_json(inspected)
    else:
        print_inspection(inspected)
    if inspected.reason or inspected.faults:
        raise typer.Exit(ISSUES_FOUND)


@app.command()
def load(folder: Folder, db: Db = None) -> None:
    """Load the series that the hubs use into the store, with their data issues, and evaluate the claims again.

    Example: groundswell data load prices/ --db hubs.db
    """
    from groundswell.app import Groundswell, read_data
    from groundswell.hubs.file.load import load_hubs
    from groundswell.settings import load_settings

    today = datetime.now(UTC).date()
    settings = load_settings(db=db)
    hubs = load_hubs(settings.hubs)
    with show_progress("hubs evaluated", len(hubs)) as advance:
        loaded = read_data(folder, hubs, settings.cache)
        with Groundswell.open(settings.db, hubs) as groundswell:
            groundswell.load(loaded)
            for hub in hubs:
                groundswell.record(today, (hub.slug,))
                advance(1)
    print_data_issues("Data issues of the loaded series", loaded.in_use())
    for note in loaded.notes:
        print(f"{note.file}: {note.text}")
    print(
        f"{len(loaded.series)} series loaded into {settings.db}. Data issues: {len(loaded.in_use())}. "
        f"Claims evaluated as of {today}."
    )


@app.command()
def status(db: Db = None, as_json: AsJson = False) -> None:
    """Show each stored series and whether it is stale, each data service and its next request, and who serves what.

    Example: groundswell data status --json
    """
    from groundswell.app import Reader
    from groundswell.hubs.file.load import load_hubs
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    with Reader.open(settings.db, load_hubs(settings.hubs)) as reader:
        series = reader.series_status()
        page = reader.status_page()
    if as_json:
        from groundswell.schemas.data import build_data_status

        print_json(build_data_status(series, page))
        return
    columns = ("series, with its source", "first", "last", "values", "stale")
    print_table("Stored series", columns, map(_build_series_row, series), whole=columns[1:])
    if not series:
        print("No series is stored; load some with: groundswell data load DIR")
    service_columns = ("service", "last result", "last success,\nnext request")
    print_table("Data services", service_columns, map(_build_service_row, page.data), whole=service_columns[1:])
    print_table("Chains", ("series, with the services in order", "served by"), map(_build_chain_row, page.chains))
    calendars = ((one.title, *(str(day or "none") for day in (one.next, one.known_until))) for one in page.calendars)
    print_table("Calendars", ("calendar", "next", "known up to"), calendars)


@app.command()
def probe(as_json: AsJson = False) -> None:
    """Ask every data service for a series now and show the answers, storing nothing. Exit status 1 if one failed.

    Example: groundswell data probe --json
    """
    from groundswell.app import build_services, utc_now
    from groundswell.app.service_probe import probe_services
    from groundswell.fetch.client import HttpRetriever
    from groundswell.hubs.file.load import load_hubs
    from groundswell.schemas.services import build_service_probes
    from groundswell.settings import load_settings

    settings = load_settings()
    services = build_services(settings.services, settings.contact)
    retriever = HttpRetriever(settings.contact, settings.networks, proxy=settings.proxy)
    hubs = load_hubs(settings.hubs)
    with show_progress("services tried", len(services)) as advance:
        probes = probe_services(services, hubs, retriever, utc_now, companies=settings.companies, progress=advance)
        found = list(probes)
    order = [service.name for service in services]
    found.sort(key=lambda result: order.index(result.service))
    if as_json:
        print_json(build_service_probes(found))
    else:
        columns = ("service", "series asked for", "answer", "seconds")
        print_table("Data services tried", columns, map(_build_probe_row, found))
    if any(result.outcome.failed for result in found):
        raise typer.Exit(FAILED)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; an earlier backup is replaced.")],
    db: Db = None,
) -> None:
    """Copy the store to a file, even while `groundswell up` runs. The copy is complete and checked, or not written.

    Example: groundswell data backup hubs-2026-08-20.db --db hubs.db
    """
    from groundswell.app import back_up
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    with show_progress("pages copied") as advance:
        size = back_up(settings.db, file, advance)
    print(f"Backup of {settings.db} written to {file}: {size / 1e6:.1f} MB, checked.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `groundswell data backup` wrote.")],
    db: Db = None,
) -> None:
    """Check a backup and put it in the store's place. The previous store is moved aside, not deleted.

    Example: groundswell data restore hubs-2026-08-20.db --db hubs.db
    """
    from groundswell.app import restore
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    with show_progress("pages copied") as advance:
        aside = restore(file, settings.db, advance)
    print(f"{settings.db} is restored from {file}.{f' The previous store is in {aside}.' if aside else ''}")


@app.command()
def upgrade(db: Db = None) -> None:
    """Bring a store of an earlier version up to this one, as every command that writes does; back it up first.

    Example: groundswell data upgrade --db hubs.db
    """
    from groundswell.app import upgrade
    from groundswell.settings import load_settings

    settings = load_settings(db=db)
    upgrade(settings.db)
    print(f"{settings.db} is ready for this version.")


def _build_series_row(status: SeriesStatus) -> tuple[str, ...]:
    kinds = ", ".join(dict.fromkeys(issue.kind for issue in status.data_issues))
    lines = [f"{status.id} ({status.measure})", f"source: {status.source}", f"known: {status.known}"]
    return (
        "\n".join([*lines, f"data issues: {kinds}"] if kinds else lines),
        str(status.first),
        str(status.last),
        f"{status.observations:,}",
        "yes" if status.stale else "no",
    )


def _build_service_row(service: UpstreamState) -> tuple[str, ...]:
    succeeded, due = (f"{at:%Y-%m-%d %H:%M}" if at else "none" for at in (service.last_ok_at, service.next_due_at))
    name = f"{service.title}\n{service.detail}" if service.detail else service.title
    return name, service.outcome if service.enabled else "off", f"{succeeded}\n{due}"


def _build_chain_row(chain: SeriesChain) -> tuple[str, ...]:
    services = " → ".join(link.title if link.is_on else f"({link.title}: off)" for link in chain.links)
    serving = ", ".join(link.title for link in chain.links if link.serves) or "none yet"
    failed = "; ".join(
        f"{link.title}: {link.answer.outcome}, {link.answer.detail}" for link in chain.failed if link.answer
    )
    text = f"{chain.id} ({chain.measure})\n{services}"
    return f"{text}\nfailed: {failed}" if failed else text, serving


def _build_probe_row(probe: ServiceProbe) -> tuple[str, ...]:
    span = f"{probe.values:,} values, {probe.first} to {probe.last}" if probe.values else ""
    answer = "; ".join(filter(None, (span, probe.detail)))
    if probe.series or not probe.detail:  # of one that was not asked the reason is enough
        answer = f"{probe.outcome}: {answer}"
    return probe.title, ", ".join(probe.series) or "none", answer, f"{probe.seconds:.1f}"
