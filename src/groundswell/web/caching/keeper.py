"""Keeps pages: answers from memory while what a page reads is unchanged, and lets one request make a page for all."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable

from groundswell.model.changes import LOST, ChangeMark, Changes
from groundswell.web.caching.pages import NEVER, Address, Page, Pages
from groundswell.web.caching.reads import Reads
from groundswell.web.caching.responses import KeptResponse

MAX_SECONDS_BETWEEN_LOOKS = 2.0
"""After so long without a look at the store from behind, a request looks by itself."""
MAX_SECONDS_STALE = 60.0
"""How long after a change the page of before may still be sent while the new one is made."""
MAX_SECONDS_OVERDUE = 600.0
"""The same where only time has passed, which changes little on a page."""

Look = Callable[[ChangeMark | None], Changes]
Make = Callable[[Address], Awaitable[KeptResponse]]


class Keeper:
    """The pages kept by one event loop.

    By itself it looks at the store at each request, and sends no page that a write has changed. With ``behind``,
    ``Behind`` looks at the store and makes the pages in ``due`` again; a request then reads memory alone, and gets the
    last answer while the next one is made.
    """

    def __init__(self, look: Look, clock: Callable[[], float], *, behind: bool) -> None:
        self.pages = Pages(exact=not behind)
        self.due: dict[Address, Reads] = {}
        """The pages to make again, the one that became due first coming first."""
        self.clock = clock
        self._look = look
        self._behind = behind
        self._mark: ChangeMark | None = None
        self._mark_lock = threading.Lock()
        self._looked_at = NEVER
        self._making: dict[Address, asyncio.Task[Page]] = {}

    async def answer(self, address: Address, reads: Reads, make: Make) -> KeptResponse:
        """Return the kept response of an address, or make it; of several requests at once, one makes it."""
        self._look_if_needed()
        page = self.pages.get(address)
        if page is not None and not self._may_send(page):
            page = None
        while page is None:
            joined = self._making.get(address)
            page = await asyncio.shield(joined or self.begin(address, reads, make))
            if joined:
                self._look_if_needed()
                page = page if self._may_send(page) else None  # it may have been begun before a change
        page.read_at = self.clock()
        if self._behind and not page.is_fresh(page.read_at) and self.pages.peek(address) is page:
            self.due.setdefault(address, reads)
        return page.get_response()

    def begin(self, address: Address, reads: Reads, make: Make) -> asyncio.Task[Page]:
        """Begin to make the page of an address, unless that was begun already."""
        making = self._making.get(address)
        if making is None:
            making = self._making[address] = asyncio.create_task(self._make(address, reads, make))
            making.add_done_callback(lambda _: self._making.pop(address, None))
        return making

    def read_changes(self) -> Changes:
        """Read what changed since the last time. Any thread may call it."""
        with self._mark_lock:
            changes = self._look(self._mark)
            self._mark = changes.mark
        return changes

    def apply(self, changes: Changes) -> list[Page]:
        """Mark the pages that show what changed; return them. The pages of a lost store are dropped."""
        self._looked_at = self.clock()
        if LOST in changes.topics:
            self.pages.clear()
            self.due.clear()
        return self.pages.mark(changes.topics, self._looked_at) if changes.topics else []

    def _look_if_needed(self) -> None:
        if self.clock() - self._looked_at >= (MAX_SECONDS_BETWEEN_LOOKS if self._behind else 0):
            self.apply(self.read_changes())

    def _may_send(self, page: Page) -> bool:
        now = self.clock()
        if page.is_fresh(now):
            return True
        stale_since = now if page.changed_at is None else page.changed_at
        overdue = now - page.made_at - page.reads.seconds
        return self._behind and now - stale_since < MAX_SECONDS_STALE and overdue < MAX_SECONDS_OVERDUE

    async def _make(self, address: Address, reads: Reads, make: Make) -> Page:
        """Make a page and keep it if its status is 200; drop the one before if the new one is not kept."""
        before = self.pages.peek(address)
        page = Page(address, reads, self.clock(), before.read_at if before else NEVER)
        self.pages.watch(page)
        kept = False
        try:
            page.response = await make(address)
            kept = page.response.status == 200 and self.pages.put(page)
        finally:
            if not kept:
                self.pages.forget(page)
                self.pages.drop(address)
                page.changed_at = page.made_at  # for nothing marks it from now on
        return page
