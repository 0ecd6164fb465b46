"""An error of the program at any step of one source is that source's outcome, and changes nothing for the others."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from groundswell import Groundswell
from groundswell.app import facade
from groundswell.app.cycle import CycleReport, CycleRunner
from groundswell.app.subscriptions import Subscriptions
from groundswell.errors import StoreError
from groundswell.feeds.opml import Outline
from groundswell.model import Outcome, UpstreamState
from groundswell.ports import Retrieved
from groundswell.storage.upstreams import states
from groundswell.testing.fakes import FixedClock

from .conftest import NOW
from .injection import InjectedError, Injection, name_of

TURN = timedelta(days=2)


def list_items(host: str, turn: int) -> list[tuple[str, str, datetime]]:
    """Title, path and time of the items of a turn: two new ones, and one of the turn before with another title."""
    words = f"{host.title()} bank report"
    at = NOW + turn * TURN - timedelta(hours=1)
    return [
        (f"{words} {turn} number 0", f"{turn}/0", at),
        (f"{words} {turn} number 1", f"{turn}/1", at + timedelta(minutes=1)),
        (f"{words} {turn - 1} number 0 corrected", f"{turn - 1}/0", at - TURN),
    ]


def write_rss(host: str, turn: int) -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>https://{host}.example/{path}</link><guid>{path}</guid>"
        f"<pubDate>{format_datetime(at, usegmt=True)}</pubDate></item>"
        for title, path, at in list_items(host, turn)
    )
    return f"<rss version='2.0'><channel><title>{host}</title><ttl>30</ttl>{items}</channel></rss>".encode()


def write_atom(host: str, turn: int) -> bytes:
    entries = "".join(
        f"<entry><title>{title}</title><id>{host}:{path}</id><link href='https://{host}.example/{path}'/>"
        f"<updated>{at.isoformat()}</updated></entry>"
        for title, path, at in list_items(host, turn)
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>{host}</title>{entries}</feed>".encode()


def write_json(host: str, turn: int) -> bytes:
    items = [
        {"id": path, "url": f"https://{host}.example/{path}", "title": title, "date_published": at.isoformat()}
        for title, path, at in list_items(host, turn)
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": host, "items": items}).encode()


FEED_KINDS: dict[str, Callable[[str, int], bytes]] = {"rss": write_rss, "atom": write_atom, "json": write_json}


class Wire:
    """Answers each host's feed with two items that are new in each turn."""

    def __init__(self, kind: str) -> None:
        self.kind, self.turn = kind, 0
        self.asked: list[str] = []

    def retrieve(
        self, url: str, etag: str | None, last_modified: str | None, max_bytes: int | None = None
    ) -> Retrieved:
        self.asked.append(url)
        body = FEED_KINDS[self.kind](url.split("/")[2].split(".", maxsplit=1)[0], self.turn)
        return Retrieved(Outcome.OK, "HTTP 200", body, "", etag=f'"{self.turn}"')


class House:
    """A store with one feed that is made to fail, a healthy neighbour, and nothing else."""

    def __init__(self, groundswell: Groundswell, clock: FixedClock, wire: Wire) -> None:
        self.groundswell, self.clock, self.wire = groundswell, clock, wire
        self.runner = CycleRunner(groundswell, wire, clock, pause=lambda _: None)

    def run(self) -> CycleReport:
        """Run a cycle two days later, in which every feed is due and has new items."""
        self.clock.advance(TURN)
        self.wire.turn += 1
        return self.runner.run_once()

    def state(self, name: str) -> UpstreamState:
        return next(feed for feed in self.groundswell.status_page().feeds if name in feed.address)

    def titles(self, host: str) -> set[str]:
        """The titles of a host that are stored of this turn."""
        found = self.groundswell.articles(limit=100).articles
        words = f"{host.title()} bank report {self.wire.turn} number"
        return {article.title for article, *_ in found if article.title.startswith(words)}


@contextmanager
def open_house(folder: Path, kind: str = "rss") -> Iterator[House]:
    clock = FixedClock(NOW)
    with Groundswell.open(str(folder / f"{kind}.db"), (), clock) as groundswell:
        groundswell.add_feeds([Outline(f"https://{host}.example/feed", host, "") for host in ("broken", "harbour")])
        yield House(groundswell, clock, Wire(kind))


@pytest.fixture(autouse=True)
def _no_feeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facade, "load_default_feeds", tuple)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


@pytest.mark.slow
def test_an_error_in_any_function_of_a_feed_is_its_outcome_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    taken: set[CodeType] = set()
    for kind in FEED_KINDS:
        with open_house(tmp_path, kind) as house, monkeypatch.context() as patch:
            check_every_step(house, taken, patch, caplog)
            assert house.groundswell.heartbeat().progress.stuck == ()


def check_every_step(
    house: House, taken: set[CodeType], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Let every function raise that runs for the kind of feed and is not in ``taken``, which they join."""
    house.run()
    injection = Injection()
    injection.watch(monkeypatch, Subscriptions, "take", lambda _, state, *__: "broken" in state.address)
    house.run()
    assert len(injection.seen) > 40, "every function from the bytes to the stored row"
    steps = injection.take_steps(taken)
    taken.update(steps)
    reached = 0
    for number, step in enumerate(steps):
        injection.target, injection.raised = step, 0
        caplog.clear()
        house.run()
        place = f"{number}: {name_of(step)}"
        reached += injection.raised
        assert len(house.titles("harbour")) == 2, place
        assert house.state("harbour").outcome is Outcome.OK, place
        if injection.raised:
            check_failed(house, caplog, place)
        injection.target = None
        house.run()
        assert (house.state("broken").outcome, house.state("broken").failures) == (Outcome.OK, 0), place
        assert len(house.titles("broken")) == 2, place
    assert reached >= 0.9 * len(steps), "some functions run once and are cached"


def check_failed(house: House, caplog: pytest.LogCaptureFixture, place: str) -> None:
    """The feed has failed, is left alone and named in the log with a trace; or its items were read in another way."""
    state = house.state("broken")
    if state.outcome is Outcome.OK:
        assert len(house.titles("broken")) == 2, place
        return
    assert (state.outcome, state.failures) == (Outcome.PROGRAM_ERROR, 1), place
    assert state.detail.startswith("the program failed on it: "), place
    assert house.titles("broken") == set(), place
    assert state.next_due_at is not None
    assert state.next_due_at - house.clock.now >= timedelta(minutes=60), place
    assert "having failed once" in state.due_reason
    traces = [record for record in caplog.records if record.exc_info and state.name in record.getMessage()]
    assert len(traces) == 1, place
    assert "in trace\n    raise InjectedError" in caplog.text, place


def break_saving(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Make every attempt to store a state of the broken feed raise."""
    save = states.save_states

    def save_or_raise(connection: object, new: Iterable[UpstreamState]) -> None:
        new = list(new)
        if any("broken" in state.address for state in new):
            raise error
        save(connection, new)

    monkeypatch.setattr(states, "save_states", save_or_raise)


def test_a_feed_whose_failure_cannot_be_stored_is_left_alone_all_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_saving(monkeypatch, InjectedError())
    house.run()
    for _ in range(25):
        house.clock.advance(timedelta(seconds=2))
        house.runner.run_once()
    assert sum("broken" in url for url in house.wire.asked) == 1
    assert len(house.titles("harbour")) == 2
    house.run()
    assert sum("broken" in url for url in house.wire.asked) == 2


def test_a_store_that_cannot_be_written_is_no_fault_of_a_feed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    break_saving(monkeypatch, StoreError("the disk is full"))
    with pytest.raises(StoreError):
        house.run()
    assert house.state("broken").outcome is Outcome.NOT_TRIED


def test_an_error_in_the_request_is_the_outcome_of_its_feed(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answer = house.wire.retrieve

    def retrieve(url: str, etag: str | None, last_modified: str | None, max_bytes: int | None = None) -> Retrieved:
        if "broken" in url:
            raise InjectedError
        return answer(url, etag, last_modified)

    monkeypatch.setattr(house.wire, "retrieve", retrieve)
    house.run()
    assert (house.state("broken").outcome, house.state("broken").failures) == (Outcome.PROGRAM_ERROR, 1)
    assert len(house.titles("harbour")) == 2
    assert "in retrieve\n    raise InjectedError" in caplog.text


STEPS = {
    "feeds": "due_feeds",
    "stories": "flush_stories",
    "daily report": "day_report",
    "data services": "due_requests",
    "evaluation": "record",
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_fails_is_shown_as_stuck_and_the_others_go_on(
    house: House, step: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def watch(name: str, method: str) -> None:
        call = getattr(house.groundswell, method)

        def note(*arguments: Any) -> Any:
            done.append(name)
            if name == step and failing:
                raise InjectedError
            return call(*arguments)

        monkeypatch.setattr(house.groundswell, method, note)

    for name, method in STEPS.items():
        watch(name, method)
    failing = True
    house.run()
    assert done == list(STEPS)
    (stuck,) = house.groundswell.heartbeat().progress.stuck
    assert (stuck.step, stuck.error, stuck.since, stuck.failures) == (step, "InjectedError", house.clock.now, 1)
    since = house.clock.now
    for _ in range(20):
        house.clock.advance(timedelta(seconds=30))
        house.runner.run_once()
    assert 2 < done.count(step) < 6, "it is tried again, ever less often"
    assert caplog.text.count("raise InjectedError") == 1, "one trace"
    assert house.groundswell.heartbeat().progress.last_cycle_at == house.clock.now
    failing = False
    house.run()
    assert house.groundswell.heartbeat().progress.stuck == ()
    assert house.groundswell.heartbeat().progress.last_evaluation_at == house.clock.now
    assert since < house.clock.now
