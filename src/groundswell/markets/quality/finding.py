"""What a rule finds in a series, and what is usually done about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from groundswell.model import Action, DataIssue, IssueKind

ISSUE_REMEDIES: Mapping[IssueKind, str] = MappingProxyType(
    {
        IssueKind.DIVIDEND: "download the whole history of this source again, so that all rows are adjusted alike",
        IssueKind.OTHER_DIVIDEND: "compare the dividend with the fund's own notice, and download the history again",
        IssueKind.INCLUDES_DIVIDENDS: "name the column adj_close, and load the file again",
        IssueKind.PARTLY_ADJUSTED: "download the whole history again, with closes that are not adjusted for dividends",
        IssueKind.DIVIDENDS_UNCLEAR: "add a column adj_close, so that nothing has to be computed",
        IssueKind.SPLIT: "adjust the prices before the split, or add a column splits",
        IssueKind.LARGE: "compare the day with the news, and with another source",
        IssueKind.IMPOSSIBLE: "compare the day with another source, and download the whole history again",
        IssueKind.TWO_SECURITIES: "take the earlier rows out, or load them under another symbol",
        IssueKind.OTHER_UNIT: "load the series in the unit of the catalogue",
        IssueKind.WRONG_DAYS: "date each row by the session in New York",
        IssueKind.CARRIED: "leave out the days without trading",
        IssueKind.LEVEL_JUMP: "take both sides of the jump from one download",
        IssueKind.UNFINISHED: "load the source again after the close",
        IssueKind.ONE_DAY: "take the day from another source",
        IssueKind.PRINTS: "use closes of the exchange on which the security is listed",
        IssueKind.STALE: "load the source again, or take the days from another source",
        IssueKind.BEGINS_LATE: "load closes that are not adjusted for dividends back to the first day",
        IssueKind.SERVED_SHORT: "load the earlier values, or take the series from another source",
        IssueKind.ENDS_EARLY: "load newer values",
        IssueKind.MISSING: "load the missing days",
        IssueKind.OFF_SESSION: "remove these rows",
        IssueKind.UNREADABLE: "correct the cell in the file",
        IssueKind.TWO_VALUES: "keep the right row of the day in the file",
        IssueKind.DISAGREE: "compare with a third source, and keep the correct one",
        IssueKind.IDENTITY: "compare with the publisher's own figures",
        IssueKind.SURVIVORS: "load the members as of each past day, including those that left",
        IssueKind.SOURCE_CHANGE: "wait: the earlier source gives these days itself when it answers again",
        IssueKind.CONTRADICTED: "wait: it is loaded again in full if its services go on to say so; or correct the file",
        IssueKind.RELOADED: "compare the values with the publisher's own",
    }
)

USUAL_ACTIONS: Mapping[IssueKind, Action] = MappingProxyType(
    {
        IssueKind.PARTLY_ADJUSTED: Action.WITHHELD,
        IssueKind.SPLIT: Action.WITHHELD,
        IssueKind.IMPOSSIBLE: Action.WITHHELD,
        IssueKind.TWO_SECURITIES: Action.DROPPED,
        IssueKind.OTHER_UNIT: Action.WITHHELD,
        IssueKind.WRONG_DAYS: Action.CORRECTED,
        IssueKind.CARRIED: Action.DROPPED,
        IssueKind.CONTRADICTED: Action.WITHHELD,
    }
)
"""What is done about a finding of a used series; other kinds are kept and marked."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of issue that a rule found: the days (or a span), the largest size and a description."""

    kind: IssueKind
    days: tuple[dt.date, ...]
    text: str
    size: float | None = None
    unit: str = ""
    span: tuple[dt.date, dt.date] | None = None
    action: Action | None = None

    @property
    def usual_action(self) -> Action:
        """What is done about it in a used series: its own ``action``, or the usual one of its kind."""
        return self.action or USUAL_ACTIONS.get(self.kind, Action.KEPT)

    def to_issue(self, series: str, source: str, action: Action | None = None) -> DataIssue:
        """Return the finding as the data issue of a series from a source; ``action`` is the usual one if None."""
        first, last = self.span or (min(self.days), max(self.days))
        days = () if self.span else self.days
        remedy, done = ISSUE_REMEDIES[self.kind], action or self.usual_action
        return DataIssue(self.kind, series, source, first, last, days, self.size, self.unit, self.text, remedy, done)
