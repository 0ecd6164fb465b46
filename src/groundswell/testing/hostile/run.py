"""Run the cases against the real retriever and parser, and report the faults."""

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
from groundswell.feeds.parsing.xml_feed.limits import MAX_ITEMS
from groundswell.fetch.client import HttpRetriever
from groundswell.fetch.urls import safe_address
from groundswell.model import Entry, FeedSpec, Outcome
from groundswell.ports import Retrieved
from groundswell.testing.hostile.case import Case
from groundswell.testing.hostile.server import resolve_hostile_host, serve_cases

MAX_PROCESSOR_SECONDS = 10.0
MAX_MEMORY_GROWTH_MB = 300.0
DEADLINE_SECONDS = 2.0  # of one retrieval, so that slow answers do not delay the run

_TAG = re.compile(r"<\s*/?\s*[a-zA-Z!?]")


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one case: its faults (empty if it passed), processor seconds, and memory growth in megabytes."""

    name: str
    faults: tuple[str, ...]
    seconds: float
    megabytes: float


def run_cases(cases: Iterable[Case]) -> Iterator[Result]:
    """Serve and read each case in turn. Memory is the peak of the process, so its growth is never negative."""
    cases = tuple(cases)
    retriever = HttpRetriever("", (ip_network("127.0.0.1"),), total=DEADLINE_SECONDS, resolver=resolve_hostile_host)
    with serve_cases(cases) as root:
        for case in cases:
            spec = FeedSpec(case.name, "Hostile", f"{root}/{case.name}", "", True, 30, "")
            peak_before, started = _measure_peak_mb(), time.thread_time()
            retrieved = retriever.retrieve(spec.url, None, None)
            parsed = (
                parse_feed(retrieved.body, retrieved.content_type, spec)
                if retrieved.outcome is Outcome.OK
                else ParsedFeed()
            )
            seconds, growth = time.thread_time() - started, _measure_peak_mb() - peak_before
            yield Result(case.name, tuple(_find_faults(case, retrieved, parsed, seconds, growth)), seconds, growth)


def _find_faults(case: Case, retrieved: Retrieved, parsed: ParsedFeed, seconds: float, growth: float) -> Iterator[str]:
    outcome = Outcome.MALFORMED if parsed.malformed else retrieved.outcome
    if outcome is not case.outcome:
        yield f"the outcome is {outcome} ({parsed.malformed or retrieved.detail}), not {case.outcome}"
    titles = [entry.title for entry in parsed.entries]
    yield from (f"{title!r} was not read" for title in case.titles if title not in titles)
    everything = "\n".join(f"{entry.title}\n{entry.text}\n{entry.guid}\n{entry.url}" for entry in parsed.entries)
    yield from (f"{piece!r} was let through" for piece in case.absent if piece in everything.replace("\n", " "))
    yield from _find_general_faults(retrieved, parsed)
    if seconds > MAX_PROCESSOR_SECONDS:
        yield f"it took {seconds:.1f} s of processor time"
    if growth > MAX_MEMORY_GROWTH_MB:
        yield f"memory grew by {growth:.0f} MB"


def _find_general_faults(retrieved: Retrieved, parsed: ParsedFeed) -> Iterator[str]:
    """Yield what is wrong regardless of the case."""
    if len(parsed.entries) > MAX_ITEMS:
        yield f"{len(parsed.entries):,} items were read"
    for entry in parsed.entries:
        yield from _find_entry_faults(entry)
    messages = (retrieved.detail, parsed.malformed, *parsed.problems)
    if any("\n" in line or len(line) > 300 for line in messages):
        yield "a message is not one short line"
    for validator in (retrieved.etag, retrieved.last_modified):
        if validator and (len(validator) > 200 or not validator.isprintable() or not validator.isascii()):
            yield "an unsafe validator was kept"


def _find_entry_faults(entry: Entry) -> Iterator[str]:
    if len(entry.title) > MAX_ENTRY_TITLE_CHARACTERS or len(entry.text) > MAX_ENTRY_TEXT_CHARACTERS:
        yield "a text exceeds its limit"
    if _TAG.search(entry.title) or _TAG.search(entry.text):
        yield f"a tag was let through: {entry.title[:80]!r}"
    if entry.url and safe_address(entry.url) != entry.url:
        yield f"an unsafe address was let through: {entry.url!r}"


def _measure_peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
