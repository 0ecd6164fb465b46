"""The kept pages: found by address, marked by the topics that changed, bounded in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from groundswell.model.changes import EVERYTHING
from groundswell.web.caching.reads import ANYTHING, Reads
from groundswell.web.caching.responses import KeptResponse

MAX_BYTES = 48 * 1024 * 1024
MAX_PAGE_BYTES = 4 * 1024 * 1024
PAGE_OVERHEAD = 2048
"""Approximate memory of a page without its body; it bounds the number of pages with empty bodies."""

NEVER = float("-inf")


@dataclass(frozen=True, slots=True)
class Address:
    """What a page is known by: its decoded path and its query."""

    path: str
    query: str = ""


@dataclass(slots=True, eq=False)
class Page:
    """A page that is made or was made. Times are seconds of one monotonic clock.

    ``made_at`` is when its making began. ``changed_at`` is when something that it reads was first seen to have changed
    since then. ``read_at`` is when a reader last asked for it.
    """

    address: Address
    reads: Reads
    made_at: float
    read_at: float = NEVER
    changed_at: float | None = None
    response: KeptResponse | None = None

    def is_fresh(self, now: float) -> bool:
        return self.changed_at is None and now - self.made_at < self.reads.seconds

    def get_response(self) -> KeptResponse:
        """Return the response of a page that was made."""
        if self.response is None:
            raise RuntimeError(f"the page {self.address.path} is not made yet")
        return self.response

    @property
    def size(self) -> int:
        return PAGE_OVERHEAD + len(self.address.query) + (len(self.response.body) if self.response else 0)


class Pages:
    """Pages by address, the one read longest ago first. Not thread-safe: an event loop owns it.

    A page is watched from before it is made until it is dropped, so that no change during its making is missed. With
    ``exact``, changes that a page may show later mark it too.
    """

    def __init__(self, *, exact: bool) -> None:
        self._exact = exact
        self._by_address: OrderedDict[Address, Page] = OrderedDict()
        self._by_topic: dict[str, dict[Page, None]] = {}
        self._size = 0

    def __len__(self) -> int:
        return len(self._by_address)

    @property
    def size(self) -> int:
        """The memory of all kept pages in bytes, approximately."""
        return self._size

    def peek(self, address: Address) -> Page | None:
        """Return the page of an address, without counting that as a reading."""
        return self._by_address.get(address)

    def get(self, address: Address) -> Page | None:
        page = self._by_address.get(address)
        if page is not None:
            self._by_address.move_to_end(address)
        return page

    def watch(self, page: Page) -> None:
        """Let changes mark a page from now on."""
        for topic in self._list_topics(page):
            self._by_topic.setdefault(topic, {})[page] = None

    def put(self, page: Page) -> bool:
        """Keep a watched page in place of the one before at its address; return whether it is small enough."""
        if page.size > MAX_PAGE_BYTES:
            return False
        self.drop(page.address)
        self._by_address[page.address] = page
        self._size += page.size
        while self._size > MAX_BYTES:
            self.drop(next(iter(self._by_address)))
        return True

    def clear(self) -> None:
        """Drop all pages."""
        for address in list(self._by_address):
            self.drop(address)

    def drop(self, address: Address) -> None:
        page = self._by_address.pop(address, None)
        if page is not None:
            self._size -= page.size
            self.forget(page)

    def forget(self, page: Page) -> None:
        """Watch a page no longer."""
        for topic in self._list_topics(page):
            if pages := self._by_topic.get(topic):
                pages.pop(page, None)
                if not pages:
                    del self._by_topic[topic]

    def mark(self, topics: Iterable[str], now: float) -> list[Page]:
        """Mark the pages that read any of the topics, which changed; return those that were not marked before."""
        marked = []
        for topic in {*topics, ANYTHING}:
            for page in self._by_topic.get(topic, ()):
                if page.changed_at is None:
                    page.changed_at = now
                    marked.append(page)
        return marked

    def _list_topics(self, page: Page) -> Iterator[str]:
        yield from page.reads.now
        if self._exact:
            yield from page.reads.later
        yield EVERYTHING
