"""The JSON of the ledger: whether the chain of records is whole, and forecasts."""

import datetime as dt
from collections.abc import Collection, Iterable

from pydantic import Field

from groundswell.claims.register.forecasts import score_forecasts
from groundswell.model import ChainReport, Forecast
from groundswell.schemas.base import Schema, fill_schema


class BrokenLinkOut(Schema):
    """The first record that is not what was written."""

    record: str = Field(description="registration, evaluation or forecast; chain: of the chain as a whole.")
    key: int = Field(description="Its key in its table.")
    hub: str = Field(description="Empty, as are claim and as_of, where the record was removed.")
    claim: str
    as_of: str
    reason: str


class LedgerCheck(Schema):
    """The check of the chain that links every registration, evaluation and forecast to the record before it."""

    hub: str | None = Field(description="The hub whose records were checked; null: all.")
    intact: bool
    checked: int = Field(description="Records that are what was written.")
    unchained: int = Field(description="Evaluations by earlier releases, from before there was a chain.")
    head: str = Field(description="The digest of the last link: note it, and give it as --noted later.")
    broken: BrokenLinkOut | None


class ForecastOut(Schema):
    """A forecast made on the day of an event, from what was known then."""

    hub: str
    claim: str
    day: dt.date = Field(description="The day of the event.")
    n: int = Field(description="Earlier events whose windows had ended.")
    hits: int = Field(description="Those of them that reached the claimed bound.")
    probability: float = Field(description="That this one does: (hits + 1) / (n + 2).")
    low: float | None = Field(description="Low end of the 95 % prediction interval.")
    high: float | None
    usual: float | None = Field(description="The share of all earlier windows that reached the bound.")
    status: str = Field(description="open, resolved or void.")
    ends: dt.date | None = Field(description="Last day of the window, while it is open.")
    value: float | None
    hit: bool | None
    void: str = Field(description="Why there is no value, of a void forecast.")
    after_registration: bool = Field(description="Whether the event is later than the registration of the claim.")
    version: int | None = Field(description="The version of the claim that it is of; null: replayed.")
    opened: dt.date | None = Field(description="When it was put on record; null: replayed.")
    closed: dt.date | None = Field(description="When its outcome was.")


class BinOut(Schema):
    """Resolved forecasts of similar probability."""

    low: float
    high: float
    n: int
    probability: float = Field(description="Their mean probability.")
    share: float = Field(description="The share of them that reached the bound.")


class ScoreOut(Schema):
    """Brier scores: 0 is best; lower than the others means that the forecasts know more."""

    resolved: int
    open: int
    voids: int
    brier: float | None
    coin: float | None = Field(description="That of a coin.")
    compared: int = Field(description="Forecasts for which all earlier windows are known.")
    brier_compared: float | None = Field(description="The score of the forecasts over these.")
    usual: float | None = Field(description="That of the share of all earlier windows, over the same.")
    bounded: int = Field(description="Resolved forecasts with a prediction interval.")
    covered: int = Field(description="Those whose value lies in it; 95 % are expected.")
    calibration: list[BinOut]


class HubScoreOut(Schema):
    hub: str
    score: ScoreOut
    recorded: ScoreOut


class ForecastList(Schema):
    """Forecasts of the events of claims, on record or replayed over the past, and how they turned out."""

    score: ScoreOut = Field(description="Of all forecasts.")
    recorded: ScoreOut = Field(description="Of those put on record when they opened.")
    since_registered: ScoreOut = Field(description="Of those of events after the registration of their claims.")
    hubs: list[HubScoreOut]
    forecasts: list[ForecastOut] = Field(description="Newest first.")


def build_forecast_list(forecasts: Collection[Forecast]) -> ForecastList:
    """Return forecasts with their scores, a hub and in all."""
    slugs = dict.fromkeys(forecast.hub for forecast in forecasts)
    of_hubs = {slug: [each for each in forecasts if each.hub == slug] for slug in slugs}
    return ForecastList(
        score=_build_score(forecasts),
        recorded=_build_score(_select_recorded(forecasts)),
        since_registered=_build_score([each for each in forecasts if each.after_registration]),
        hubs=[
            HubScoreOut(hub=slug, score=_build_score(own), recorded=_build_score(_select_recorded(own)))
            for slug, own in of_hubs.items()
        ],
        forecasts=[
            fill_schema(ForecastOut, forecast)
            for forecast in sorted(forecasts, key=lambda each: each.day, reverse=True)
        ],
    )


def _select_recorded(forecasts: Iterable[Forecast]) -> list[Forecast]:
    return [forecast for forecast in forecasts if forecast.opened is not None]


def _build_score(forecasts: Iterable[Forecast]) -> ScoreOut:
    return ScoreOut.model_validate(score_forecasts(forecasts))


def build_ledger_check(hub: str | None, report: ChainReport) -> LedgerCheck:
    """Return the result of a check."""
    broken = BrokenLinkOut.model_validate(report.broken) if report.broken else None
    return LedgerCheck(
        hub=hub,
        intact=report.broken is None,
        checked=report.checked,
        unchained=report.unchained,
        head=report.head,
        broken=broken,
    )
