"""Prices and total returns computed from closes, dividends, capital gains and splits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.quality.closes_with_dividends import Treatment, judge_closes, take_dividends_out
from groundswell.markets.quality.finding import Finding
from groundswell.markets.series.adjust import PayoutError, adjust
from groundswell.model import IssueKind
from groundswell.model.series import Values
from groundswell.sources.files.file_table import SymbolRows
from groundswell.sources.tables.faults import Fault
from groundswell.sources.tables.vocabulary import PAYOUT_ROLES, Role

NO_TOTAL_RETURN = "no total return is computed"


@dataclass(frozen=True, eq=False)
class AdjustedRows:
    """The rows with ``close`` adjusted for splits and ``adj_close`` for payouts too.

    ``findings`` are about the values of a role, ``faults`` about single rows.
    """

    rows: SymbolRows
    findings: tuple[tuple[Role, Finding], ...] = ()
    faults: tuple[Fault, ...] = ()


def has_payouts(rows: SymbolRows) -> bool:
    """Whether the rows have a column of dividends, capital gains or splits next to closes."""
    return Role.CLOSE in rows.values and any(role in rows.values for role in PAYOUT_ROLES)


def adjust_closes(file: str, rows: SymbolRows) -> AdjustedRows:
    """Adjust the closes of one symbol, in order of days, or find that they were adjusted before.

    Adjusted closes that the file has stay as they are, unless they do not include the dividends next to them. A payout
    that cannot be right leaves the price alone.
    """
    closes = rows.values[Role.CLOSE]
    present = np.flatnonzero(np.isfinite(closes) & (closes > 0.0))
    if not len(present):
        return AdjustedRows(rows)
    return _Adjustment(file, rows, present).adjust()


@dataclass
class _Adjustment:
    """The steps of one adjustment; arrays without a role are of the rows ``present``, which have a close."""

    file: str
    rows: SymbolRows
    present: NDArray[np.intp]
    findings: list[tuple[Role, Finding]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def adjust(self) -> AdjustedRows:
        payouts = _fill(self.rows, Role.DIVIDEND, 0.0) + _fill(self.rows, Role.CAPITAL_GAIN, 0.0)
        has_total = Role.ADJ_CLOSE in self.rows.values
        is_sound = self._check_payouts(payouts, has_total=has_total)
        price = self._compute(np.zeros(len(self.present)))
        if price is None:
            return self._finish(None, self.rows.values.get(Role.ADJ_CLOSE))
        in_new_shares = payouts[self.present] * price / self.rows.values[Role.CLOSE][self.present]
        judged = judge_closes(self.rows.days[self.present], price, in_new_shares)
        if judged.treatment is Treatment.INCLUDED and judged.finding:
            self.findings.append((Role.CLOSE, judged.finding))
            total = self.rows.values[Role.ADJ_CLOSE] if has_total else self._put(price)
            return self._finish(take_dividends_out(price, in_new_shares), total)
        if judged.treatment is Treatment.PARTLY and judged.finding:
            self.findings.append((Role.CLOSE, judged.finding))
        if has_total and not self._leaves_dividends_out(in_new_shares):
            return self._finish(price, self.rows.values[Role.ADJ_CLOSE])
        if judged.treatment in (Treatment.PARTLY, Treatment.UNDECIDED) and judged.finding:
            self.findings.append((Role.ADJ_CLOSE, judged.finding))
        has_dividends = not {Role.DIVIDEND, Role.CAPITAL_GAIN}.isdisjoint(self.rows.values)
        computed = self._compute(payouts[self.present], total=True) if is_sound and has_dividends else None
        return self._finish(price, self._put(computed))

    def _leaves_dividends_out(self, payouts: Values) -> bool:
        """Whether the adjusted closes of the file fall by the dividends, which are then added."""
        adjusted = self.rows.values[Role.ADJ_CLOSE][self.present]
        has_both = np.isfinite(adjusted) & (adjusted > 0.0)
        days = self.rows.days[self.present][has_both]
        if judge_closes(days, adjusted[has_both], payouts[has_both]).treatment is not Treatment.RAW:
            return False
        ex_days = tuple(days[payouts[has_both] > 0.0].tolist())
        text = "the adjusted close falls by the dividends: the total return is computed from close and dividends"
        self.findings.append((Role.ADJ_CLOSE, Finding(IssueKind.DIVIDEND, ex_days, text)))
        return True

    def _compute(self, payouts: Values, *, total: bool = False) -> Values | None:
        """Return the price, or the total return; None where a payout forbids it, which becomes a fault."""
        closes, splits = self.rows.values[Role.CLOSE][self.present], _fill(self.rows, Role.SPLIT, 1.0)[self.present]
        if not payouts.any() and np.isin(splits, (0.0, 1.0)).all():
            return closes  # to the last digit
        try:
            adjusted = adjust(closes, payouts, splits)
        except PayoutError as error:
            lost = NO_TOTAL_RETURN if total else "its closes are not used"
            self._add_fault(self.present[error.place], str(error), f"correct the row; {lost}")
            return None
        return adjusted.total if total else adjusted.price

    def _check_payouts(self, payouts: Values, *, has_total: bool) -> bool:
        """Whether each payout can be read and has a close on its day."""
        unreadable = np.zeros(len(payouts), dtype=bool)
        for role in PAYOUT_ROLES:
            unreadable |= self.rows.bad.get(role, np.zeros(len(payouts), dtype=bool))
        is_lost = payouts > 0.0
        is_lost[self.present] = False
        if has_total or not (unreadable.any() or is_lost.any()):
            return True
        if unreadable.any():
            fix = f"correct the cell; {NO_TOTAL_RETURN}"
            self._add_fault(np.argmax(unreadable), "a dividend or split that cannot be read", fix)
        else:
            fix = f"add the close of the day; {NO_TOTAL_RETURN}"
            self._add_fault(np.argmax(is_lost), "a dividend on a day without a close", fix)
        return False

    def _add_fault(self, row: np.intp, text: str, fix: str) -> None:
        self.faults.append(Fault(self.file, int(self.rows.lines[row]), "", text, f"{fix} for {self.rows.symbol}"))

    def _put(self, values: Values | None) -> Values:
        """Return a value for each row, NaN where there is no close. A close that is no price is kept, to be counted."""
        if values is None:
            return np.full(len(self.rows.days), np.nan)
        filled = self.rows.values[Role.CLOSE].copy()
        filled[self.present] = values
        return filled

    def _finish(self, price: Values | None, total: Values | None) -> AdjustedRows:
        values = {**self.rows.values, Role.CLOSE: self._put(price)}
        bad = dict(self.rows.bad)
        if total is not None:
            values[Role.ADJ_CLOSE] = total
            bad.setdefault(Role.ADJ_CLOSE, bad[Role.CLOSE])
        return AdjustedRows(replace(self.rows, values=values, bad=bad), tuple(self.findings), tuple(self.faults))


def _fill(rows: SymbolRows, role: Role, default: float) -> Values:
    """Return the values of a role, the default where a cell is empty or there is no such column."""
    if role not in rows.values:
        return np.full(len(rows.days), default)
    return np.where(np.isnan(rows.values[role]), default, rows.values[role])
