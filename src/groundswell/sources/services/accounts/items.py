"""The items of annual accounts, and the tags of filings that give them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class AccountItem:
    """An item of the accounts, from the tags of a filing.

    The first known tag of ``totals`` is the item. Without one, the item is the sum of its ``parts``, each of which
    lists groups of tags: of the first group with a known tag, the first known tag counts. Without a part, the first
    known tag of ``wholes`` counts, less the first known one of ``less``: a whole includes what ``less`` names. A whole
    from which nothing is known to be taken away counts as it is, unless a tag of ``overlaps`` is known: that may
    hold the amount a second time.
    """

    totals: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...] = ()
    wholes: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    overlaps: tuple[str, ...] = ()
    components: tuple[tuple[str, str], ...] = ()
    """Pairs of a tag and one that is usually a component of it: they add up where the second is the larger one."""

    @property
    def tags(self) -> tuple[str, ...]:
        """Every tag that may give the item."""
        return (*self.totals, *(tag for part in self.parts for tag in part), *self.wholes)

    def compute(self, known: Mapping[str, float], repeated: Collection[tuple[str, str]] = ()) -> float | None:
        """Compute the item from the known amounts by tag; None where they do not give it.

        ``repeated`` are pairs of tags of different parts under which the company files one amount twice.
        """
        for tag in self.totals:
            if tag in known:
                return known[tag]
        found = [tag for part in self.parts for tag in [tag for tag in part if tag in known][:1]]
        if found:
            counted = [tag for tag in found if not any((earlier, tag) in repeated for earlier in found)]
            return sum(known[tag] for tag in (*counted, *self._find_separate(counted, known)))
        whole = next((known[tag] for tag in self.wholes if tag in known), None)
        taken = next((known[tag] for tag in self.less if tag in known), None)
        if whole is None or (taken is None and any(tag in known for tag in self.overlaps)):
            return None
        return whole - min(taken or 0.0, whole)

    def _find_separate(self, counted: Collection[str], known: Mapping[str, float]) -> list[str]:
        """Return the tags that cannot be components of counted ones, because their amounts are larger."""
        return [tag for whole, tag in self.components if whole in counted and known.get(tag, 0.0) > known[whole]]


ACCOUNT_ITEMS = MappingProxyType(
    {
        "interest_expense": AccountItem(
            (
                "InterestExpense",
                "InterestExpenseNonoperating",
                "InterestExpenseOperating",
                "InterestExpenseDebt",
                "InterestAndDebtExpense",
            )
        ),
        "operating_income": AccountItem(("OperatingIncomeLoss",)),
        "net_income": AccountItem(("NetIncomeLoss", "ProfitLoss")),
        "short_term_debt": AccountItem(
            ("DebtCurrent",),
            (
                ("LongTermDebtCurrent", "LongTermDebtAndCapitalLeaseObligationsCurrent"),
                ("ShortTermBorrowings", "CommercialPaper", "NotesPayableCurrent"),
            ),
            components=(("ShortTermBorrowings", "CommercialPaper"),),
        ),
        "long_term_debt": AccountItem(
            ("LongTermDebtNoncurrent", "LongTermDebtAndCapitalLeaseObligations"),
            wholes=("LongTermDebt", "LongTermDebtAndCapitalLeaseObligationsIncludingCurrentMaturities"),
            less=("LongTermDebtCurrent", "LongTermDebtAndCapitalLeaseObligationsCurrent"),
            overlaps=("DebtCurrent",),
        ),
        "equity": AccountItem(
            ("StockholdersEquity", "StockholdersEquityIncludingPortionAttributableToNoncontrollingInterest")
        ),
        "cash": AccountItem(("CashAndCashEquivalentsAtCarryingValue",)),
    }
)
"""The items read for each company. Short-term debt is what falls due of long-term debt, and what was borrowed short."""

READ_TAGS = tuple(dict.fromkeys(tag for item in ACCOUNT_ITEMS.values() for tag in (*item.tags, *item.less)))
"""Every tag that is read."""
