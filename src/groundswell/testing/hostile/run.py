"""Runs the cases against the real retriever and parser, and tells what did not hold."""

from __future__ import annotations

import re
import resource
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_network

from groundswell.feeds.parsing.items import ParsedFeed
from groundswell.feeds.parsing.parse import parse_feed
from groundswell.feeds.parsing.sanitize import MAX_ENTRY_TEXT_CHARACTERS, MAX_ENTRY_TITLE_CHARACTERS
from groundswell.feeds.parsing.xml_limits import MAX_ITEMS
from groundswell.fetch.client import HttpRetriever
from groundswell.fetch.urls import address
from groundswell.model import Entry, FeedSpec, Outcome
from groundswell.ports import Retrieved
from groundswell.testing.hostile.case import Case
from groundswell.testing.hostile.server import resolve_astray, serving

SECONDS = 10.0  # of the processor's time, for one case
MEGABYTES = 300.0  # by which memory may grow
DEADLINE = 2.0  # for one retrieval, so that slow answers do not hold the run up

_TAG = re.compile(r"<\s*/?\s*[a-zA-Z!?]")


@dataclass(frozen=True, slots=True)
class Result:
    """What one case came to: the faults found (none is good), processor seconds, and growth of memory in megabytes."""

    name: str
    faults: tuple[str, ...]
    seconds: float
    megabytes: float


def run_cases(cases: Iterable[Case]) -> Iterator[Result]:
    """Serve and read each case in turn. Memory is the process's greatest so far, so that it can only grow."""
    cases = tuple(cases)
    retriever = HttpRetriever("", (ip_network("127.0.0.1"),), total=DEADLINE, resolver=resolve_astray)
    with serving(cases) as root:
        for case in cases:
            spec = FeedSpec(case.name, "Hostile", f"{root}/{case.name}", "", True, 30, "")
            before, began = _megabytes(), time.thread_time()
            retrieved = retriever.retrieve(spec.url, None, None)
            parsed = (
                parse_feed(retrieved.body, retrieved.content_type, spec)
                if retrieved.outcome is Outcome.OK
                else ParsedFeed()
            )
            seconds, grown = time.thread_time() - began, _megabytes() - before
            yield Result(case.name, tuple(_faults(case, retrieved, parsed, seconds, grown)), seconds, grown)


def _faults(case: Case, retrieved: Retrieved, parsed: ParsedFeed, seconds: float, grown: float) -> Iterator[str]:
    outcome = Outcome.MALFORMED if parsed.malformed else retrieved.outcome
    if outcome is not case.outcome:
        yield f"the outcome is {outcome} ({parsed.malformed or retrieved.detail}), not {case.outcome}"
    titles = [entry.title for entry in parsed.entries]
    yield from (f"{title!r} was not read" for title in case.titles if title not in titles)
    words = "\n".join(f"{entry.title}\n{entry.text}\n{entry.guid}\n{entry.url}" for entry in parsed.entries)
    yield from (f"{piece!r} was let through" for piece in case.absent if piece in words.replace("\n", " "))
    yield from _unfit(retrieved, parsed)
    if seconds > SECONDS:
        yield f"it took {seconds:.1f} s of the processor's time"
    if grown > MEGABYTES:
        yield f"memory grew by {grown:.0f} MB"


def _unfit(retrieved: Retrieved, parsed: ParsedFeed) -> Iterator[str]:
    """What must hold whatever was sent."""
    if len(parsed.entries) > MAX_ITEMS:
        yield f"{len(parsed.entries):,} items were read"
    for entry in parsed.entries:
        yield from _unfit_entry(entry)
    told = (retrieved.detail, parsed.malformed, *parsed.problems)
    if any("\n" in line or len(line) > 300 for line in told):
        yield "what is told of it is not one short line"
    for validator in (retrieved.etag, retrieved.last_modified):
        if validator and (len(validator) > 200 or not validator.isprintable() or not validator.isascii()):
            yield "an unfit validator was kept"


def _unfit_entry(entry: Entry) -> Iterator[str]:
    if len(entry.title) > MAX_ENTRY_TITLE_CHARACTERS or len(entry.text) > MAX_ENTRY_TEXT_CHARACTERS:
        yield "a text is longer than may be"
    if _TAG.search(entry.title) or _TAG.search(entry.text):
        yield f"a tag was let through: {entry.title[:80]!r}"
    if entry.url and address(entry.url) != entry.url:
        yield f"an unfit address was let through: {entry.url!r}"


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
