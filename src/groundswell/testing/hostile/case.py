"""What a hostile feed is made of: what is sent, and what must hold all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from groundswell.model import Outcome

FIRST, LAST = "First good headline", "Last good headline"
GOOD = (FIRST, LAST)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the server saw it; ``root`` is the server's own address, ``rest`` what follows the case's name."""

    root: str
    rest: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server sends: the body piece by piece, as fast as it is taken."""

    body: Iterable[bytes] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "application/xml"})


@dataclass(frozen=True, slots=True)
class Case:
    """An attack: its name, what was sent and what must hold, in words, and then as far as it can be checked.

    ``outcome`` is what must come of the try, ``titles`` are headlines that must be read, ``absent`` are pieces of text
    that must be nowhere in what was read.
    """

    name: str
    sent: str
    holds: str
    answer: Callable[[Request], Answer]
    outcome: Outcome = Outcome.OK
    titles: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def rss(middle: str, prologue: str = "") -> bytes:
    """An RSS feed of two good items with something between them."""
    items = (_item(FIRST, 1), middle, _item(LAST, 2))
    return f'{prologue}<rss version="2.0"><channel><title>Feed</title>{"".join(items)}</channel></rss>'.encode()


def feed(
    name: str,
    sent: str,
    middle: str,
    *,
    prologue: str = "",
    titles: tuple[str, ...] = GOOD,
    absent: tuple[str, ...] = (),
) -> Case:
    """The case of a feed that is sent as it stands, whose two good items must be read whatever is between them."""
    holds = "the items beside it are read" + (", and nothing of it becomes live" if absent else "")
    return Case(name, sent, holds, lambda request: Answer([rss(middle, prologue)]), titles=titles, absent=absent)


def _item(title: str, place: int) -> str:
    return f"<item><title>{title}</title><link>https://good.example/{place}</link></item>"
