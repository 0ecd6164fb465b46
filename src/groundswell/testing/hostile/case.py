"""The parts of a hostile case: what is sent, and what must still be true."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from groundswell.model import Outcome

FIRST, LAST = "First good headline", "Last good headline"
GOOD = (FIRST, LAST)


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """A request as the server received it: the server's address, the path after the case's name, and the headers."""

    root: str
    rest: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """The server's answer; the pieces of the body are sent as fast as they are read."""

    body: Iterable[bytes] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/xml"})


@dataclass(frozen=True, slots=True)
class Case:
    """An attack: its name, what is sent and what must be true in words, and the conditions that can be checked.

    ``outcome`` is the required outcome of the request, ``titles`` are headlines that must be read, and ``absent`` are
    texts that must not occur in anything that was read.
    """

    name: str
    sent: str
    holds: str
    answer: Callable[[ReceivedRequest], Answer]
    outcome: Outcome = Outcome.OK
    titles: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def build_rss(middle: str, prologue: str = "") -> bytes:
    """Return an RSS feed of two good items with ``middle`` between them."""
    items = (_build_item(FIRST, 1), middle, _build_item(LAST, 2))
    return f'{prologue}<rss version="2.0"><channel><title>Feed</title>{"".join(items)}</channel></rss>'.encode()


def build_feed_case(
    name: str,
    sent: str,
    middle: str,
    *,
    prologue: str = "",
    titles: tuple[str, ...] = GOOD,
    absent: tuple[str, ...] = (),
) -> Case:
    """Return the case of a feed whose two good items must be read, whatever is between them."""
    holds = "the items around it are read" + (", and no part of it becomes live" if absent else "")
    return Case(name, sent, holds, lambda request: Answer([build_rss(middle, prologue)]), titles=titles, absent=absent)


def _build_item(title: str, number: int) -> str:
    return f"<item><title>{title}</title><link>https://good.example/{number}</link></item>"
