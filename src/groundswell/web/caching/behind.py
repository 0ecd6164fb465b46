"""Works behind the readers: looks at the store, and makes changed pages again before they are asked for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from urllib.parse import unquote

from groundswell.model import StoryFilter
from groundswell.model.changes import EVERYTHING, LOST, NEWS
from groundswell.schemas.addresses import path_of_claim, path_of_hub, path_of_index, path_of_story
from groundswell.web.backend import Backend
from groundswell.web.caching.keeper import Keeper, Make
from groundswell.web.caching.pages import NEVER, Address, Page
from groundswell.web.caching.reads import Reads

log = logging.getLogger("groundswell")

SECONDS_BETWEEN_LOOKS = 0.15
SECONDS_BETWEEN_MAKINGS = 1.0
"""Of one page, so that many changes one after the other make it again once."""
SECONDS_BETWEEN_LISTS = 5.0
"""Of the main pages, which new stories change."""
SECONDS_READ_LATELY = 120.0
REST = 1.0
"""The rest after making a page, as a multiple of the time that it took: readers and the intake go first."""
REST_AFTER_FAILURE = 2.0
STORIES_OF_A_HUB = 12

FindReads = Callable[[Address], Reads | None]


def list_main_pages(backend: Backend) -> list[Address]:
    """List the pages that are kept ready: the index, the hubs, their newest stories, and the claims."""
    hubs = backend.hubs()
    paths = [path_of_index(), *(path_of_hub(hub.slug) for hub in hubs)]
    for hub in hubs:
        newest = backend.search(StoryFilter(hub=hub.slug), limit=STORIES_OF_A_HUB).stories
        paths += [path_of_story(story.id) for story in newest]
    paths += [path_of_claim(hub.slug, claim.id) for hub in hubs for claim in hub.claims]
    return [Address(unquote(path)) for path in dict.fromkeys(paths)]


class Behind:
    """The work behind the readers, on the event loop of the keeper. Pages are made one after the other, with rests.

    Pages that are made ahead wait for no other kind, as a search may take long.
    """

    def __init__(
        self, keeper: Keeper, list_main: Callable[[], Iterable[Address]], find_reads: FindReads, make: Make
    ) -> None:
        self._keeper = keeper
        self._list_main = list_main
        self._find_reads = find_reads
        self._make = make
        self._main: frozenset[Address] = frozenset()
        self._listed_at = NEVER
        self._must_list = True
        self._fails = False

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Work until the end of the block."""
        with ThreadPoolExecutor(1, "look") as looking, ThreadPoolExecutor(1, "list") as listing:
            work = (self._look(looking), self._make_due(ahead=True), self._make_due(ahead=False), self._list(listing))
            tasks = [asyncio.create_task(step) for step in work]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self, thread: ThreadPoolExecutor) -> None:
        """Mark the pages that show what changed. Without a look for too long, the requests look by themselves."""
        while True:
            try:
                changes = await asyncio.get_running_loop().run_in_executor(thread, self._keeper.read_changes)
            except Exception as error:
                self._report("look for changes", error)
            else:
                self._fails = False
                for page in self._keeper.apply(changes):
                    if self._is_wanted(page):
                        self._keeper.due.setdefault(page.address, page.reads)
                self._must_list |= LOST not in changes.topics and not changes.topics.isdisjoint((NEWS, EVERYTHING))
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)

    async def _list(self, thread: ThreadPoolExecutor) -> None:
        """List the main pages again after news, and make those due that are not kept."""
        while True:
            if self._must_list:
                self._must_list = False
                try:
                    main = await asyncio.get_running_loop().run_in_executor(thread, lambda: list(self._list_main()))
                except Exception as error:
                    self._report("list the main pages", error)
                else:
                    self._add_main(main)
            await asyncio.sleep(SECONDS_BETWEEN_LISTS)

    def _add_main(self, main: list[Address]) -> None:
        self._main = frozenset(main)
        for address in main:
            reads = self._find_reads(address)
            if reads is not None and self._keeper.pages.peek(address) is None:
                self._keeper.due.setdefault(address, reads)

    async def _make_due(self, *, ahead: bool) -> None:
        while True:
            due = self._take_due(ahead=ahead)
            if due is None:
                await asyncio.sleep(SECONDS_BETWEEN_LOOKS / 3)
                continue
            began = self._keeper.clock()
            try:
                page = await self._keeper.begin(*due, self._make)
            except Exception as error:  # the next reader makes the page, and gets the error
                self._report("make a page again", error)
            else:
                if page.get_response().status >= 500:  # which its own place reports
                    await asyncio.sleep(REST_AFTER_FAILURE)
            await asyncio.sleep(REST * (self._keeper.clock() - began))

    def _take_due(self, *, ahead: bool) -> tuple[Address, Reads] | None:
        """Take the first page that is due and was not made a moment ago.

        Those that are fresh again are due no longer, nor are those that were dropped and are no main pages.
        """
        now = self._keeper.clock()
        for address, reads in list(self._keeper.due.items()):
            page = self._keeper.pages.peek(address)
            if page.is_fresh(now) if page is not None else address not in self._main:
                del self._keeper.due[address]
            elif reads.ahead is ahead and (page is None or now - page.made_at >= SECONDS_BETWEEN_MAKINGS):
                del self._keeper.due[address]
                return address, reads
        return None

    def _is_wanted(self, page: Page) -> bool:
        read_lately = self._keeper.clock() - page.read_at < SECONDS_READ_LATELY
        return page.reads.ahead and (read_lately or page.address in self._main)

    def _report(self, what: str, error: Exception) -> None:
        """Log the first of several failures in a row."""
        if not self._fails:
            log.error("could not %s: %s", what, type(error).__name__, extra={"fields": {"error": type(error).__name__}})
        self._fails = True
