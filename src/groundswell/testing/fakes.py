"""Hand-written fakes of the ports: they answer from what they were given and use no network or clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from groundswell.model import Outcome
from groundswell.ports import Retrieved


@dataclass
class FakeRetriever:
    """Implements ``ports.Retriever`` from a mapping of address to answer; any other address is unreachable.

    Like a server it answers "not modified" to the validators of a held answer. ``asked`` lists the addresses in order.
    """

    answers: Mapping[str, Retrieved]
    asked: list[str] = field(default_factory=list)

    def retrieve(self, url: str, etag: str | None, last_modified: str | None) -> Retrieved:
        self.asked.append(url)
        answer = self.answers.get(url)
        if answer is None:
            return Retrieved(Outcome.UNREACHABLE, "DNS failure: the host name is not known")
        same_tag = etag is not None and etag == answer.etag
        same_date = last_modified is not None and last_modified == answer.last_modified
        if answer.outcome is Outcome.OK and (same_tag or same_date):
            return replace(answer, outcome=Outcome.NOT_MODIFIED, detail="HTTP 304", body=b"", content_type="")
        return answer


@dataclass
class FixedClock:
    """A ``ports.Clock`` that stands still until it is told to move."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by
