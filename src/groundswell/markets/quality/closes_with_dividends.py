"""Whether closes next to dividends include these dividends already.

A raw close falls by the dividend on an ex-dividend day, a close that is adjusted for dividends does not. A single day
shows little, because dividends are smaller than usual moves. All ex-dividend days together often decide. So do whole
cents: they show in raw closes, and in adjusted ones only after the last dividend.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.quality.finding import Finding
from groundswell.markets.series.calendar import Days
from groundswell.model import Action, IssueKind
from groundswell.model.series import Values

DEGREES = 5.0
"""Degrees of freedom of Student's t, whose tails are about those of daily returns."""

_MEDIAN_SIZE = 0.7267
"""The median of the absolute value of Student's t with five degrees of freedom."""

MAX_LOG_ODDS_OF_DAY = 3.0
"""No day counts for more, so that one wrong dividend cannot decide."""

DECISIVE_LOG_ODDS = 4.6
"""Odds of 100 to 1: with equal chances before, one decision in a hundred is wrong at most."""

DOUBTFUL_LOG_ODDS, MAX_SHARE_IN_DOUBT = 1.6, 0.01
"""Undecided closes that more likely include their dividends, and have more of them, withhold verdicts."""

DECISIVE_LOG_ODDS_OF_SPAN = 10.0
"""Odds of 22,000 to 1 for either side of a day that is chosen among all, because files that mix treatments are rare."""

ROWS_AROUND = 40
"""Rows before and after an ex-dividend day whose changes give the usual size of a move."""

MIN_ROWS = 10

MIN_SHARE_OF_CENTS, MAX_SHARE_OF_CENTS = 0.9, 0.5
"""Prices of which a larger, or a smaller, share are whole cents are raw, or are not."""


DIVIDEND_PRECISION = 0.1
"""In cents: published dividends have three decimals of a dollar."""


class Treatment(Enum):
    """What closes are with regard to the dividends next to them."""

    NO_DIVIDENDS = auto()
    RAW = auto()
    INCLUDED = auto()
    PARTLY = auto()  # included before a day, or from a day on, and not elsewhere
    UNDECIDED = auto()


@dataclass(frozen=True, eq=False)
class Judgement:
    """The treatment of dividends in closes, the log odds for "included" against "raw", and what to show of it."""

    treatment: Treatment
    log_odds: float = 0.0
    finding: Finding | None = None


def judge_closes(dates: Days, closes: Values, dividends: Values) -> Judgement:
    """Judge whether ``closes`` (positive, by increasing date) include the ``dividends`` of the same rows.

    Splits must be undone in both. The change of each ex-dividend day has the likelihood of Student's t around zero if
    dividends are included, and around the fall by the dividend if they are not; its scale is the median size of the
    changes around the day. The sum of log likelihood ratios decides (Wald 1945), each limited in size.
    """
    places = np.flatnonzero((dividends[1:] > 0.0) & (dividends[1:] < closes[:-1])) + 1
    if not len(places) or len(closes) < MIN_ROWS:
        return Judgement(Treatment.NO_DIVIDENDS)
    changes = np.diff(np.log(closes))
    falls = -np.log1p(-dividends[places] / closes[places - 1])
    odds = _log_odds(changes, places - 1, falls)
    are_cents = _share_of_cents(closes) >= MIN_SHARE_OF_CENTS
    total = float(odds.sum())
    if _become_cents(closes, dividends, int(places[-1])):
        total = max(total, 0.0) + 2.0 * DECISIVE_LOG_ODDS
    elif are_cents:  # raw, or rounded after the adjustment
        total -= MAX_LOG_ODDS_OF_DAY
    days = tuple(dates[places].tolist())
    share = float(np.expm1(falls.sum()))
    change_at = _find_change(odds, DECISIVE_LOG_ODDS_OF_SPAN + MAX_LOG_ODDS_OF_DAY * are_cents)
    if change_at is not None:
        return Judgement(Treatment.PARTLY, total, _describe_mixture(days, odds, change_at, share))
    if total > DECISIVE_LOG_ODDS:
        text = (
            f"on its {len(days)} ex-dividend days the close does not fall by the dividend: "
            "it includes the dividends, and is read as a total return"
        )
        return Judgement(
            Treatment.INCLUDED,
            total,
            Finding(IssueKind.INCLUDES_DIVIDENDS, days, text, share, "return", action=Action.CORRECTED),
        )
    if total < -DECISIVE_LOG_ODDS:
        return Judgement(Treatment.RAW, total)
    return Judgement(Treatment.UNDECIDED, total, _describe_doubt(days, total, share))


def _describe_doubt(days: tuple[dt.date, ...], odds: float, share: float) -> Finding:
    """Describe that nothing is decided: verdicts are withheld where counting dividends twice is the likelier error."""
    text = (
        f"its {len(days)} ex-dividend days do not show whether the close includes the dividends; it is read as one "
        "that does not"
    )
    if odds > DOUBTFUL_LOG_ODDS and share > MAX_SHARE_IN_DOUBT:
        text += f", but may count {share:.1%} of dividends twice".replace("%", " %")
        return Finding(IssueKind.DIVIDENDS_UNCLEAR, days, text, share, "return", action=Action.WITHHELD)
    return Finding(IssueKind.DIVIDENDS_UNCLEAR, days, text, share, "return")


def take_dividends_out(closes: Values, dividends: Values) -> Values:
    """Return the closes without dividends from ``closes`` that include them, as data vendors adjust them.

    The last close stays. Each earlier one is what the dividends of later days were taken from (see ``adjust.adjust``).
    """
    prices = np.empty_like(closes)
    prices[-1] = closes[-1]
    for place in range(len(closes) - 1, 0, -1):
        prices[place - 1] = prices[place] * closes[place - 1] / closes[place] + dividends[place]
    return prices


def _log_odds(changes: Values, rows: NDArray[np.intp], falls: Values) -> Values:
    """Return the log odds of each ex-dividend day for a change around zero, against one around its fall."""
    is_usual = np.ones(len(changes), dtype=np.bool_)
    is_usual[rows] = False
    usual = changes[is_usual] if is_usual.any() else changes
    center = float(np.median(usual))
    overall = float(np.median(np.abs(usual - center)))
    scales = np.array([_usual_size(changes, is_usual, int(row), center, overall) for row in rows]) / _MEDIAN_SIZE
    distances = (changes[rows] - center) / scales, (changes[rows] - center + falls) / scales
    included, raw = (-(DEGREES + 1.0) / 2.0 * np.log1p(distance**2 / DEGREES) for distance in distances)
    odds: Values = np.clip(included - raw, -MAX_LOG_ODDS_OF_DAY, MAX_LOG_ODDS_OF_DAY)
    odds[changes[rows] == 0.0] = 0.0  # a thin fund did not trade
    return odds


def _usual_size(changes: Values, is_usual: NDArray[np.bool_], row: int, center: float, overall: float) -> float:
    around = slice(max(0, row - ROWS_AROUND), row + ROWS_AROUND + 1)
    near = changes[around][is_usual[around]]
    if len(near) < MIN_ROWS:
        return max(overall, 1e-6)
    # np.median takes six times as long, and this is asked for on thousands of days.
    sizes = np.sort(np.abs(near - center))
    size = float(sizes[(len(sizes) - 1) // 2] + sizes[len(sizes) // 2]) / 2.0
    return max(size, overall / 4.0, 1e-6)


def _become_cents(closes: Values, dividends: Values, last: int) -> bool:
    """Whether closes are whole cents from the ``last`` ex-dividend day on, and before it once its dividend is out.

    A tenth of a cent around each cent is a fifth of all numbers: ten rows are not so by chance. On which side of the
    last dividend more of the rows are does not matter.
    """
    earlier = np.flatnonzero(dividends[1:last] > 0.0)
    before = slice(int(earlier[-1]) + 1 if len(earlier) else 0, last)
    if last - before.start < MIN_ROWS:  # two dividends in a few days
        before = slice(int(earlier[-2]) + 1 if len(earlier) > 1 else 0, last)
    if last - before.start < MIN_ROWS:
        return False
    prices = take_dividends_out(closes[before.start :], dividends[before.start :])[: last - before.start]
    return (
        _share_of_cents(closes[last:]) >= MIN_SHARE_OF_CENTS
        and _share_of_cents(prices, DIVIDEND_PRECISION) >= MIN_SHARE_OF_CENTS
        and _share_of_cents(closes[before]) <= MAX_SHARE_OF_CENTS
    )


def _share_of_cents(prices: Values, precision: float = 1e-3) -> float:
    """Return the share of prices that are whole cents, within a precision (in cents) and that of single floats."""
    cents = prices * 100.0
    is_whole = np.abs(cents - np.round(cents)) <= precision + 1.2e-7 * cents
    return float(is_whole.mean())


def _find_change(odds: Values, decisive: float) -> int | None:
    """Return the first ex-dividend day of the later treatment, if both sides have decisive odds and differ."""
    before = np.cumsum(odds)[:-1]
    after = odds.sum() - before
    is_decided = np.minimum(np.abs(before), np.abs(after)) > decisive
    differs = is_decided & (np.sign(before) != np.sign(after))
    return int(np.abs(np.where(differs, before - after, 0.0)).argmax()) + 1 if differs.any() else None


def _describe_mixture(days: tuple[dt.date, ...], odds: Values, change_at: int, share: float) -> Finding:
    is_first_included = odds[:change_at].sum() > 0.0
    included = days[:change_at] if is_first_included else days[change_at:]
    sides = ("up to", days[change_at - 1]) if is_first_included else ("from", days[change_at])
    text = f"the close includes the dividends {sides[0]} {sides[1]}, and not on other ex-dividend days"
    return Finding(IssueKind.PARTLY_ADJUSTED, included, text, share, "return")
