"""A bundle computes the figure of its claim again, with numpy alone, and notices a value that was changed."""

from __future__ import annotations

import ast
import csv
import io
import json
import math
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from groundswell.app.bundle.build import bundle_claim
from groundswell.app.bundle.files import name_files
from groundswell.claims.evaluate import evaluate_claims
from groundswell.claims.register.canonical import hash_text, write_canonical
from groundswell.claims.spec import ClaimSpec, MeasureSpec, ReadingSpec
from groundswell.errors import NotFoundError
from groundswell.hubs.file.load import load_catalog
from groundswell.markets.series.book import SeriesBook
from groundswell.markets.series.catalogue import POLICY_SURPRISES
from groundswell.model import Evaluation, Frequency, Measure, Series, SeriesRef, Verdict

DAY = date(2024, 12, 31)
PAIR = {"long": "IWM", "short": "SPY"}
EXTEND = {"IWM": "^RUT", "SPY": "^GSPC"}
GROUPS = {"long": "XBI", "peers": ["KRE", "IWM", "XLI"]}
PERIODS = {"earlier": (date(2020, 6, 1), date(2022, 6, 30)), "later": (date(2022, 7, 1),)}
WHOLE = ("n", "estimate", "low", "high")
OWN = {
    "cuts": ("event-study", {"events": "year_ends", **PAIR, "horizon": 21, "base": 1}),
    "extended": ("event-study", {"events": "year_ends", **PAIR, "horizon": 21, "extend": EXTEND}),
    "months": ("event-study", {"events": "year_ends", **PAIR, "unit": "months", "horizon": 3}),
    "market model": (
        "event-study",
        {"events": "year_ends", **PAIR, "horizon": 10, "model": "market", "estimation": 120},
    ),
    "period returns": (
        "event-study",
        {"events": "year_ends", "long": "ff.smb", "measure": "period return", "unit": "months", "horizon": 3},
    ),
    "rate": ("event-change", {"events": "year_ends", "rate": "DGS2", "horizon": 21, "base": -10}),
    "difference": ("difference", {"events": "year_ends", **PAIR, "horizon": 21}),
    "difference, extended": ("difference", {"events": "year_ends", **PAIR, "horizon": 21, "extend": EXTEND}),
    "difference by months": (
        "difference",
        {"events": "year_ends", "long": "ff.smb", "measure": "period return", "unit": "months", "horizon": 3},
    ),
    "frequency": ("frequency", {"events": "year_ends", **PAIR, "horizon": 21, "above": 0.01}),
    "frequency below the usual": (
        "frequency",
        {"events": "year_ends", **PAIR, "horizon": 21, "below": 0.0, "against": "usual", "extend": EXTEND},
    ),
    "slope by months": ("sensitivity", {**PAIR, "factor": "DGS2", "step": "month", "controls": ["market"]}),
    "slope by days": ("sensitivity", {"long": "KRE", "factor": "slope", "step": "day", "first": "2021-01-01"}),
    "slope of rises": ("sensitivity", {**PAIR, "factor": "DGS10", "rises_only": True}),
    "against peers": ("sensitivity", {"long": "XBI", "peers": ["KRE", "IWM"], "factor": "DGS2", "direction": "fall"}),
    "prediction": ("prediction", {**PAIR, "factor": "slope", "lookback": 21, "horizon": 21}),
    "overlapping": ("prediction", {**PAIR, "factor": "DGS10", "overlap": True, "last": "2023-06-30"}),
    "plain errors": ("prediction", {"long": "HYG", "factor": "DGS2", "errors": "plain"}),
    "variance share": ("variance-share", {"long": "XBI", "against": ["KRE", "HYG"], "trade": "IWM"}),
    "variance share of all": ("variance-share", {"long": "XBI", "against": ["KRE"], "step": "month"}),
    "variance share alone": ("variance-share", {"long": "KRE", "trade": "IWM", "first": "2021-01-01"}),
    "quarters of lists": ("largest-weight", {"fund": "RSP"}),
    "trailing": ("trailing-comparison", {**PAIR, "years": 2}),
    "surprises": ("surprise-sensitivity", {**PAIR, "surprise": "TFUT10", "less": "TFUT02", "sessions": 2}),
    "rank of returns": ("rank", {**GROUPS, "by": "return", "years": 2, "about": "past"}),
    "expected rank of returns": ("rank", {**GROUPS, "by": "return", "order": "lowest"}),
    "rank by size of slopes": (
        "rank",
        {**GROUPS, "by": "sensitivity", "factor": "DGS10", "controls": ["market"], "order": "largest"},
    ),
    "rank by slopes": ("rank", {**GROUPS, "by": "sensitivity", "last": "2023-06-30"}),
    "rank by share": (
        "rank",
        {**GROUPS, "by": "rate share", "factor": "slope", "controls": ["DGS2", "market"], "about": "past"},
    ),
    "rank by surprises": ("rank", {**GROUPS, "by": "surprise", "surprise": "TFUT10", "order": "largest"}),
    "means of periods": ("compare-periods", {**PAIR, **PERIODS}),
    "slopes of periods": ("compare-slopes", {**PAIR, **PERIODS, "factor": "DGS2", "controls": ["slope"]}),
    "slopes by months": ("compare-slopes", {**PAIR, **PERIODS, "factor": "DGS10", "step": "month"}),
}
"""Claims of each kind that is computed from the series, and of each way to do so."""


def make_claim(name: str) -> ClaimSpec:
    estimand, arguments = OWN[name]
    dates = {key: date.fromisoformat(value) for key, value in arguments.items() if key in ("first", "last")}
    is_rank = estimand == "rank"
    measure = MeasureSpec(
        estimand=estimand,
        arguments={**arguments, **dates},
        range=(1.0, 2.0) if is_rank else (0.01, 0.02),
        holds="within" if is_rank else "reaches",
        chosen_by="the test, in order to cut the rows" if dates or "later" in arguments else "",
    )
    whole = ReadingSpec(name="whole", arguments=dict.fromkeys(dates))
    return ClaimSpec(
        id="C1", side="bull", text="Small companies lead.", measure=measure, readings=(whole,) if dates else ()
    )


def unpack(content: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    (root,) = folder.iterdir()
    return root


def run_script(root: Path, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the script in a process that knows neither this program nor the variables of this one."""
    command = [sys.executable, "-I", str(root / "recompute.py"), *arguments]
    environment = {"PATH": os.environ["PATH"]}
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=cwd, check=False)


def read_recipe(root: Path) -> dict[str, Any]:
    recipe: dict[str, Any] = json.loads((root / "recipe.json").read_text(encoding="utf-8"))
    return recipe


def list_imports(script: Path) -> set[str]:
    """List the packages that a script imports; ``__future__`` is none."""
    names = set()
    for node in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names - {"__future__"}


def evaluate(claim: ClaimSpec, book: SeriesBook, day: date = DAY) -> Evaluation:
    (evaluation,) = evaluate_claims("small-caps", [claim], book, day)
    return evaluation


@pytest.fixture(scope="module")
def late_book(made_book: SeriesBook) -> SeriesBook:
    """The made book, in which both funds begin late, so that early events are measured on the indices."""
    begin = np.datetime64("2021-06-30")

    def cut(series: Series) -> Series:
        late = series.dates >= begin
        dates, values, known_at = series.dates[late], series.values[late], series.known_at[late]
        return replace(series, dates=dates, values=values, known_at=known_at)

    funds = [made_book.by_ref[SeriesRef(name, Measure.TOTAL_RETURN)] for name in EXTEND]
    return SeriesBook.of([*made_book, *map(cut, funds)])


@pytest.fixture(scope="module")
def announced_book(made_book: SeriesBook) -> SeriesBook:
    """The made book with surprises of policy, which move what they announce."""
    days = np.array(made_book.by_ref[SeriesRef("IWM", Measure.TOTAL_RETURN)].dates[30::25])
    draw = np.random.default_rng(5)

    def make(contract: str) -> Series:
        values = draw.normal(0.0, 0.04, len(days))
        return Series(POLICY_SURPRISES.ref(contract), Frequency.DAILY, "made", days, values, days.astype("M8[s]"))

    return SeriesBook.of([*made_book, make("TFUT02"), make("TFUT10")])


@pytest.fixture(scope="module")
def cuts_bundle(made_book: SeriesBook) -> bytes:
    claim = make_claim("cuts")
    return bundle_claim(claim, evaluate(claim, made_book), made_book).content


@pytest.mark.parametrize("name", OWN)
def test_the_script_finds_the_recorded_figure_again(
    late_book: SeriesBook, announced_book: SeriesBook, tmp_path: Path, name: str
) -> None:
    claim = make_claim(name)
    book = late_book if "extend" in OWN[name][1] else announced_book
    evaluation = evaluate(claim, book)
    assert evaluation.estimate is not None, evaluation.reason
    root = unpack(bundle_claim(claim, evaluation, book).content, tmp_path)
    done = run_script(root)
    assert done.returncode == 0, done.stdout + done.stderr
    recipe = read_recipe(root)
    compared = WHOLE[:2] if evaluation.is_fact else WHOLE
    assert tuple(recipe["compared"]) == compared
    assert recipe["recorded"]["estimate"] == evaluation.estimate
    assert done.stdout.count("agrees") == len(compared), done.stdout


def test_extended_events_are_among_those_that_are_measured(late_book: SeriesBook, tmp_path: Path) -> None:
    """Else the tests above would not say anything about what other series cost."""
    claim = make_claim("extended")
    root = unpack(bundle_claim(claim, evaluate(claim, late_book), late_book).content, tmp_path)
    with (root / "events.csv").open(encoding="utf-8") as lines:
        measured_on = {row["long"] for row in csv.DictReader(lines)}
    assert measured_on == {"^RUT (price)", "IWM (total return)"}
    assert read_recipe(root)["cost"]["deviation"] > 0


def test_every_claim_of_the_catalog_with_a_figure_can_be_computed_again(made_book: SeriesBook, tmp_path: Path) -> None:
    kinds = set()
    for hub in load_catalog():
        evaluations = evaluate_claims(hub.slug, hub.claims, made_book, DAY)
        for claim, evaluation in zip(hub.claims, evaluations, strict=True):
            if evaluation.estimand in kinds or evaluation.verdict is Verdict.NOT_MEASURED:
                continue
            kinds.add(evaluation.estimand)
            root = unpack(bundle_claim(claim, evaluation, made_book).content, tmp_path / f"{hub.slug}-{claim.id}")
            done = run_script(root)
            assert done.returncode == 0, f"{hub.slug}/{claim.id}: {done.stdout}{done.stderr}"
    assert {"event-study", "frequency", "sensitivity", "largest-weight", "breadth"} <= kinds


def test_the_script_imports_numpy_and_the_standard_library_alone(announced_book: SeriesBook, tmp_path: Path) -> None:
    for number, name in enumerate(OWN):
        claim = make_claim(name)
        evaluation = evaluate(claim, announced_book)
        root = unpack(bundle_claim(claim, evaluation, announced_book).content, tmp_path / str(number))
        assert list_imports(root / "recompute.py") <= {"csv", "json", "sys", "math", "pathlib", "typing", "numpy"}


@pytest.mark.parametrize("name", ["cuts", "prediction", "frequency", "against peers"])
def test_the_cells_of_the_notebook_run_in_their_order(
    made_book: SeriesBook,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    claim = make_claim(name)
    root = unpack(bundle_claim(claim, evaluate(claim, made_book), made_book).content, tmp_path)
    notebook = json.loads((root / "recompute.ipynb").read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    monkeypatch.chdir(root)
    names: dict[str, Any] = {"__name__": "notebook"}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
    assert capsys.readouterr().out.count("agrees") == len(WHOLE)
    figures = names["recompute"](names["Claim"](Path()))
    recorded = read_recipe(root)["recorded"]
    assert all(math.isclose(figures[each], recorded[each], rel_tol=1e-9, abs_tol=1e-9) for each in WHOLE)


def change_value(file: Path, row: int, column: int, text: str) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    cells = lines[row].split(",")
    cells[column] = text
    lines[row] = ",".join(cells)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_changed_price_makes_the_script_fail(cuts_bundle: bytes, tmp_path: Path) -> None:
    root = unpack(cuts_bundle, tmp_path)
    with (root / "events.csv").open(encoding="utf-8") as lines:
        start = next(csv.DictReader(lines))["start"]
    file = root / "data" / "iwm-total-return.csv"
    rows = file.read_text(encoding="utf-8").splitlines()
    row = next(number for number, line in enumerate(rows) if line.startswith(start))
    change_value(file, row, 1, "1.0")
    done = run_script(root)
    assert done.returncode == 1
    assert "DIFFERS" in done.stdout


def test_a_window_that_was_moved_makes_the_script_fail(cuts_bundle: bytes, tmp_path: Path) -> None:
    root = unpack(cuts_bundle, tmp_path)
    change_value(root / "events.csv", 1, 3, "2024-12-30")
    done = run_script(root)
    assert done.returncode == 1
    assert "the window of" in done.stderr


def test_a_recorded_figure_that_was_changed_makes_the_script_fail(cuts_bundle: bytes, tmp_path: Path) -> None:
    root = unpack(cuts_bundle, tmp_path)
    recipe = read_recipe(root)
    recipe["recorded"]["high"] += 1e-8
    (root / "recipe.json").write_text(json.dumps(recipe), encoding="utf-8")
    done = run_script(root)
    assert done.returncode == 1
    assert done.stdout.count("DIFFERS") == 1


def test_the_folder_can_be_named(cuts_bundle: bytes, tmp_path: Path) -> None:
    root = unpack(cuts_bundle, tmp_path)
    assert run_script(root, str(root), cwd=Path("/")).returncode == 0


def test_the_same_claim_gives_the_same_bytes(made_book: SeriesBook, cuts_bundle: bytes) -> None:
    claim = make_claim("cuts")
    assert bundle_claim(claim, evaluate(claim, made_book), made_book).content == cuts_bundle
    with zipfile.ZipFile(io.BytesIO(cuts_bundle)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist() == sorted(archive.namelist())


def test_what_became_known_later_is_left_out(made_book: SeriesBook, tmp_path: Path) -> None:
    claim, day = make_claim("cuts"), date(2022, 12, 30)
    root = unpack(bundle_claim(claim, evaluate(claim, made_book, day), made_book).content, tmp_path)
    for file in (root / "data").iterdir():
        with file.open(encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        assert max(row["date"] for row in rows) <= str(day)
        assert max(row["known_at"] for row in rows) < "2022-12-31T12"
        assert all(row["source"] for row in rows)
    assert run_script(root).returncode == 0


def test_the_readme_and_the_terms_say_what_is_what(cuts_bundle: bytes, tmp_path: Path) -> None:
    root = unpack(cuts_bundle, tmp_path)
    readme = (root / "README.txt").read_text(encoding="utf-8")
    assert "$" not in readme
    assert "Small companies lead." in readme
    for file in root.rglob("*"):
        if file.is_file() and file.name != "README.txt":
            assert str(file.relative_to(root)) in readme, f"{file.name} is not in the README"
    assert "grants no right" in (root / "TERMS.txt").read_text(encoding="utf-8")
    specification = (root / "specification.json").read_text(encoding="utf-8")
    assert specification == write_canonical(make_claim("cuts"))
    assert hash_text(specification) in readme
    claim = json.loads((root / "claim.json").read_text(encoding="utf-8"))
    assert claim["measured_by"]["arguments"]["base"] == 1


@pytest.mark.parametrize("values", [0, 1])
def test_a_claim_with_few_values_gives_what_there_is(made_book: SeriesBook, tmp_path: Path, values: int) -> None:
    claim = make_claim("cuts")
    assert claim.measure is not None
    first = min(event.end for event in evaluate(claim, made_book).events)
    day = first if values else date.fromordinal(first.toordinal() - 1)
    evaluation = evaluate(claim, made_book, day)
    assert len(evaluation.events) == values
    root = unpack(bundle_claim(claim, evaluation, made_book).content, tmp_path)
    done = run_script(root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("agrees") == (2 if values else 0)


def test_a_claim_without_a_figure_has_no_bundle(made_book: SeriesBook) -> None:
    claim = ClaimSpec(id="C2", side="bull", text="Nobody measures this.", unmeasured="no source")
    with pytest.raises(NotFoundError, match="small-caps/C2 has no figure"):
        bundle_claim(claim, evaluate(claim, made_book), made_book)
    withheld = replace(evaluate(make_claim("cuts"), made_book), verdict=Verdict.NOT_MEASURED, withheld=True)
    with pytest.raises(NotFoundError, match="has no figure"):
        bundle_claim(make_claim("cuts"), withheld, made_book)


def test_names_of_files_are_safe_and_apart() -> None:
    def make_series(name: str) -> Series:
        day = np.array(["2024-01-02"], dtype="datetime64[D]")
        known = np.array([datetime(2024, 1, 2, tzinfo=UTC).replace(tzinfo=None)], dtype="datetime64[s]")
        return Series(SeriesRef(name, Measure.PRICE), Frequency.DAILY, "made", day, np.ones(1), known)

    names = name_files([make_series(name) for name in ("^RUT", "RUT", "../../etc/passwd", "rut", "ü", "a:b\\c\n")])
    assert len(set(names)) == 6
    assert names[:3] == ("data/rut-price.csv", "data/rut-price-2.csv", "data/etc-passwd-price.csv")
    assert all(re.fullmatch(r"data/[a-z0-9][a-z0-9.-]*\.csv", name) for name in names)
    assert not any(".." in name for name in names)
