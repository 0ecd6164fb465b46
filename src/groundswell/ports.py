"""The few interfaces by which the outside world enters the domain."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from groundswell.types import Article, Assignment, Outcome, Repair

Clock = Callable[[], datetime]
"""Answers the current instant, aware and in UTC."""

Progress = Callable[[int], None]
"""Is told how many more units of a long piece of work are done."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What came back from one request: a body to parse, or an outcome that says why there is none."""

    outcome: Outcome
    detail: str
    body: bytes = b""
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None


class Retriever(Protocol):
    """Fetches one address, conditionally. Never raises for what the network or the server does."""

    def retrieve(self, url: str, etag: str | None, last_modified: str | None) -> Retrieved: ...


class Detector(Protocol):
    """Puts each article into a story as it arrives, and mends stories at fixed points of the stream.

    The state is a function of the articles still remembered and their present stories, so that ``restore`` after a
    restart gives the same answers as never having stopped.
    """

    def assign(self, article: Article) -> Assignment: ...

    def repair(self) -> tuple[Repair, ...]:
        """The merges and splits that are due, most often none. To be asked after each ``assign``: when they are due is
        a matter of the stream alone."""
        ...

    def settle(self) -> tuple[Repair, ...]:
        """The merges and splits around the last articles, without waiting for more; none where nothing came since."""
        ...

    def restore(self, assigned: Iterable[tuple[Article, str]]) -> None:
        """Take up articles with the stories they already have, in order of ``(at, arrival)``."""
        ...
