"""The JSON of the ledger: whether the chain of evaluations is whole."""

from pydantic import Field

from groundswell.model import ChainReport
from groundswell.schemas.base import Schema


class BrokenLinkOut(Schema):
    """The first row that is not what was written."""

    key: int = Field(description="Its key in the table of evaluations.")
    hub: str
    claim: str
    as_of: str
    reason: str


class LedgerCheck(Schema):
    """The check of the chain that links every recorded evaluation to the one before it."""

    hub: str | None = Field(description="The hub whose rows were checked; null: all.")
    intact: bool
    checked: int = Field(description="Rows that are what was written.")
    unchained: int = Field(description="Rows of earlier releases, from before there was a chain.")
    head: str = Field(description="The digest of the last row: note it to see later that none was removed.")
    broken: BrokenLinkOut | None


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
