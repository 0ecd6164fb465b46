"""Two hundred feeds on loopback for benchmarks/live.py, of which two thirds misbehave, each kind in its own way.

Feed ``n`` has an address of its own in 127.9.0.0/16, so that each is another host; ten healthy feeds share one. Items
appear by a schedule that the arguments fix, and each title ends in a word of its own (``k012n00034``), by which the
store can be compared with what was sent. The server remembers which items it sent, and when.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import multiprocessing
import os
import random
import socket
import struct
import time
import zlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from multiprocessing.connection import Connection
from xml.sax.saxutils import escape

from ingest import draw_words

FIRST_ITEMS = 12  # listed at the start, so that a feed shows how often it publishes
MAX_LISTED = 60
LARGE_ITEMS = 1_000
SUBJECTS = ("Small caps", "Regional banks", "The Fed", "Traders", "Biotech shares", "Bond funds", "Analysts", "Lenders")
OBJECTS = ("a rate cut", "new figures", "higher costs", "a merger", "the minutes", "a strike", "the vote", "a default")
SHARED_HOSTS = 10  # so many healthy feeds have one host
RINGS = (
    "<LinearRing xmlns='http://www.opengis.net/gml'><posList>40.7 -74.0 41.0 -74.1</posList></LinearRing>",
    "<r:where xmlns:r='http://www.georss.org/georss' xmlns='http://www.opengis.net/gml'><Polygon><exterior><LinearRing>"
    "<posList>near here</posList></LinearRing></exterior></Polygon></r:where>",
)
"""Well-formed places at which feedparser raises: a ring outside ``where``, and one whose coordinates are no numbers."""


@dataclass(slots=True)
class Feed:
    """One feed: its number, kind, and address; what was sent of it, as pairs of time and the number of items."""

    number: int
    kind: str
    host: str
    seconds: float
    requests: list[float] = field(default_factory=list)
    sent: list[tuple[float, int]] = field(default_factory=list)

    def url(self, port: int) -> str:
        return f"http://{self.host}:{port}/{self.number}"


@dataclass(slots=True)
class Clock:
    """The schedule: items appear from ``start`` until ``end``, at most."""

    start: float
    end: float = float("inf")

    def count_items(self, feed: Feed, now: float) -> int:
        if feed.kind == "large":
            return LARGE_ITEMS
        return FIRST_ITEMS + int((min(now, self.end) - self.start) / feed.seconds)

    def date(self, feed: Feed, number: int) -> datetime:
        return datetime.fromtimestamp(self.start + (number - FIRST_ITEMS + 1) * feed.seconds, UTC)


def word(feed: int, number: int) -> str:
    return f"k{feed:03}n{number:05}"


def write_title(feed: int, number: int) -> str:
    draw = random.Random(feed * 1_000_003 + number)
    words = f"{draw.choice(SUBJECTS)} and {draw.choice(OBJECTS)}" if draw.random() < 0.3 else draw_words(draw, 3)
    return f"{words} {draw_words(draw, 5)} {word(feed, number)}".capitalize()


class Publisher:
    """Writes the answers of all feeds."""

    def __init__(self, feeds: list[Feed], port: int, start: float) -> None:
        self.feeds = feeds
        self.port = port
        self.clock = Clock(start)
        self._bomb = gzip.compress(bytes(200_000_000), 1)

    def list_numbers(self, feed: Feed) -> range:
        count = self.clock.count_items(feed, time.time())
        return range(max(0, count - (LARGE_ITEMS if feed.kind == "large" else MAX_LISTED)), count)

    def link(self, feed: Feed, number: int) -> str:
        return f"http://{feed.host}:{self.port}/{feed.number}/items/{number}"

    def item(self, feed: Feed, number: int, *, link: str = "", guid: str = "", title: str = "", more: str = "") -> str:
        date = self.clock.date(feed, number)
        if feed.kind == "future":
            date = date.replace(year=date.year + 3)
        dated = "" if feed.kind == "undated" else f"<pubDate>{format_datetime(date)}</pubDate>"
        return (
            f"<item><title>{escape(title or write_title(feed.number, number))}</title>"
            f"<link>{escape(link or self.link(feed, number))}</link>"
            f"<guid isPermaLink='false'>{escape(guid or f'{feed.number}-{number}')}</guid>{dated}"
            f"<description>{draw_words(random.Random(number), 25)}</description>{more}</item>"
        )

    def rss(self, feed: Feed, items: Iterable[str] | None = None) -> bytes:
        listed = reversed([self.item(feed, number) for number in self.list_numbers(feed)]) if items is None else items
        body = f"<title>Publisher {feed.number}</title>{''.join(listed)}"
        return f"<?xml version='1.0'?><rss version='2.0'><channel>{body}</channel></rss>".encode()

    def with_rotating(self, feed: Feed, *, guid: bool) -> bytes:
        def draw() -> str:
            return f"{random.getrandbits(60):x}"

        items = (
            self.item(feed, n, link=f"http://{feed.host}:{self.port}/go/{draw()}", guid=draw() if guid else "")
            for n in self.list_numbers(feed)
        )
        return self.rss(feed, items)

    def of_another(self, feed: Feed) -> bytes:
        """Return the newest addresses of a healthy feed under false titles."""
        owner = self.feeds[SHARED_HOSTS + feed.number % 20]
        titles = {n: f"False: {write_title(feed.number, n)} {word(owner.number, n)}" for n in self.list_numbers(owner)}
        return self.rss(feed, (self.item(owner, n, title=title) for n, title in titles.items()))

    def json_feed(self, feed: Feed) -> bytes:
        items = [
            {
                "id": f"{feed.number}-{number}",
                "url": self.link(feed, number),
                "title": write_title(feed.number, number),
                "date_published": self.clock.date(feed, number).isoformat(),
            }
            for number in self.list_numbers(feed)
        ]
        return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": items}).encode()

    def atom(self, feed: Feed) -> bytes:
        entries = "".join(
            f"<entry><title type='html'>{write_title(feed.number, n)}</title><id>tag:{feed.number}-{n}</id>"
            f"<link href='{self.link(feed, n)}'/><updated>{self.clock.date(feed, n).isoformat()}</updated></entry>"
            for n in self.list_numbers(feed)
        )
        return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title>{entries}</feed>".encode()


Headers = dict[str, str]
Answer = tuple[int, Headers, bytes]


def answer_plain(publisher: Publisher, feed: Feed, headers: Headers) -> Answer:
    """Answer with the body that the kind of the feed has, always completely."""
    bodies: dict[str, Callable[[], bytes]] = {
        "atom": lambda: publisher.atom(feed),
        "json": lambda: publisher.json_feed(feed),
        "rotating links": lambda: publisher.with_rotating(feed, guid=False),
        "rotating links and guids": lambda: publisher.with_rotating(feed, guid=True),
        "false titles": lambda: publisher.of_another(feed),
        "one link": lambda: publisher.rss(
            feed,
            (
                publisher.item(feed, n, link=f"http://{feed.host}:{publisher.port}/")
                for n in publisher.list_numbers(feed)
            ),
        ),
        "raises in an item": lambda: publisher.rss(
            feed, (publisher.item(feed, n, more=RINGS[feed.number % 2]) for n in publisher.list_numbers(feed))
        ),
        "twice in one answer": lambda: publisher.rss(
            feed,
            (
                publisher.item(feed, n, link=publisher.link(feed, n) + tracked)
                for n in publisher.list_numbers(feed)
                for tracked in ("", "?utm_source=rss")
            ),
        ),
        "large": lambda: publisher.rss(
            feed, (publisher.item(feed, n, more=f"<x>{'y' * 4_300}</x>") for n in publisher.list_numbers(feed))
        ),
        "wrong encoding": lambda: (
            publisher.rss(feed).replace(b"1.0'?>", b"1.0' encoding='utf-16'?>", 1) + "<!-- café -->".encode("cp1252")
        ),
        "broken XML": lambda: publisher.rss(feed)[:-90] + b"</b><nbsp;&",
        "huge titles": lambda: publisher.rss(
            feed, (publisher.item(feed, n, title="long " * 20_000) for n in publisher.list_numbers(feed)[-20:])
        ),
        "nested": lambda: b"<rss>" + b"<a>" * 200_000,
        "entities": lambda: (
            b"<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'>"
            + b"".join(b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
            + b"]><rss><channel><title>&m;</title></channel></rss>"
        ),
        "empty": lambda: publisher.rss(feed, ()),
        "page": lambda: b"<!doctype html><html><head><title>Welcome</title></head><body>Accept?</body></html>",
        "too large": lambda: publisher.rss(feed) + b" " * 6_000_000,
    }
    body = bodies.get(feed.kind, lambda: publisher.rss(feed))()
    if feed.kind == "unlabelled gzip":
        body = gzip.compress(body)
    return 200, {"Content-Type": "application/xml"}, body


def answer_with_status(publisher: Publisher, feed: Feed, headers: Headers) -> Answer:
    """Answer with headers that matter: validators, errors, redirects, cookies, codings."""
    if feed.kind == "validators":
        body = publisher.rss(feed)
        etag = f'"{zlib.crc32(body):x}"'
        return (304, {}, b"") if headers.get("if-none-match") == etag else (200, {"ETag": etag}, body)
    if feed.kind == "cookie":
        if "visited=1" in headers.get("cookie", ""):
            return 200, {}, publisher.rss(feed)
        return 302, {"Set-Cookie": "visited=1; Path=/", "Location": feed.url(publisher.port)}, b""
    return {
        "server error": (500, {}, b"<h1>Oops</h1>"),
        "too many requests": (429, {"Retry-After": "120"}, b""),
        "loop": (302, {"Location": f"/{feed.number}?{random.getrandbits(30)}"}, b""),
        "bomb": (200, {"Content-Encoding": "gzip"}, publisher._bomb),
        "odd coding": (200, {"Content-Encoding": "utf-8"}, publisher.rss(feed)),
    }[feed.kind]


async def drip(publisher: Publisher, feed: Feed, writer: asyncio.StreamWriter) -> None:
    body = publisher.rss(feed)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n")
    for place in range(0, len(body), 50):
        writer.write(body[place : place + 50])
        await writer.drain()
        await asyncio.sleep(2)


async def stay_silent(publisher: Publisher, feed: Feed, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(90)


async def reset(publisher: Publisher, feed: Feed, writer: asyncio.StreamWriter) -> None:
    body = publisher.rss(feed)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body[: len(body) // 2])
    await writer.drain()
    await asyncio.sleep(0.05)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


async def hang_up(publisher: Publisher, feed: Feed, writer: asyncio.StreamWriter) -> None:
    pass


async def talk_nonsense(publisher: Publisher, feed: Feed, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot a length\r\n" + bytes(2_000))


PLAIN = {
    # kind: (share in 200, whether each of its items must be stored exactly once)
    "healthy": (66, True),
    "atom": (4, True),
    "json": (4, True),
    "rotating links": (6, True),
    "rotating links and guids": (6, True),
    "false titles": (6, False),
    "one link": (4, True),
    "raises in an item": (6, True),
    "twice in one answer": (4, True),
    "large": (6, True),
    "wrong encoding": (4, True),
    "undated": (4, True),
    "future": (4, True),
    "unlabelled gzip": (4, True),
    "broken XML": (4, False),
    "huge titles": (4, False),
    "nested": (2, False),
    "entities": (2, False),
    "empty": (4, False),
    "page": (4, False),
    "too large": (4, False),
}
WITH_STATUS = {
    "validators": (4, True),
    "cookie": (4, True),
    "odd coding": (4, True),
    "server error": (4, False),
    "too many requests": (4, False),
    "loop": (4, False),
    "bomb": (4, False),
}
SPEAKING: dict[str, Callable[[Publisher, Feed, asyncio.StreamWriter], Awaitable[None]]] = {
    "drip": drip,
    "silent": stay_silent,
    "reset": reset,
    "hangs up": hang_up,
    "nonsense": talk_nonsense,
}
SHARES = PLAIN | WITH_STATUS | dict.fromkeys(SPEAKING, (4, False))
EXACT = frozenset(kind for kind, (_, exact) in SHARES.items() if exact)


def plan_feeds(count: int) -> list[Feed]:
    """Return ``count`` feeds, a third of them healthy and the rest of every kind in its share."""
    kinds = [kind for kind, (share, _) in SHARES.items() for _ in range(max(1, round(share * count / 200)))]
    kinds += ["silent"] * (count - len(kinds))
    feeds = []
    for number, kind in enumerate(kinds):
        shares_host = kind == "healthy" and number < SHARED_HOSTS
        host = "127.9.200.1" if shares_host else f"127.9.{number // 200}.{number % 200 + 1}"
        feeds.append(Feed(number, kind, host, 20.0 if kind == "healthy" else 45.0))
    return feeds


class Server:
    """Serves all feeds in one process. ``talk`` answers the questions of the parent process."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            number = head[0].split(" ")[1].partition("?")[0].strip("/").partition("/")[0]
            feed = self._publisher.feeds[int(number)]
            feed.requests.append(time.time())
            if feed.kind in SPEAKING:
                await SPEAKING[feed.kind](self._publisher, feed, writer)
                return
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            write = answer_plain if feed.kind in PLAIN else answer_with_status
            upto = self._publisher.list_numbers(feed).stop
            status, more, body = write(self._publisher, feed, headers)
            lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", "Connection: close"]
            lines += [f"{name}: {value}" for name, value in more.items()]
            writer.write("\r\n".join([*lines, "", ""]).encode() + body)
            await writer.drain()
            if status == 200:
                feed.sent.append((time.time(), upto))
        except (OSError, ValueError, IndexError, asyncio.IncompleteReadError):
            pass  # the program was killed meanwhile, or a reader followed the link of an item
        finally:
            writer.close()

    async def run(self, port: int, pipe: Connection) -> None:
        hosts = sorted({feed.host for feed in self._publisher.feeds})
        server = await asyncio.start_server(self.answer, hosts, port, backlog=256)
        pipe.send("ready")
        await server.start_serving()
        while (order := await asyncio.to_thread(pipe.recv)) != "leave":
            if order == "end":
                self._publisher.clock.end = time.time()
            pipe.send((self._publisher.clock, self._publisher.feeds))
        os._exit(0)  # slow answers are still being sent


def serve_feeds(count: int, port: int, start: float, pipe: Connection) -> None:
    asyncio.run(Server(Publisher(plan_feeds(count), port, start)).run(port, pipe))


class FeedServer:
    """The process of the feeds, seen from the benchmark."""

    def __init__(self, count: int, port: int) -> None:
        self.port = port
        self.feeds = plan_feeds(count)
        self._pipe, other = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=serve_feeds, args=(count, port, time.time(), other), daemon=True)
        self._process.start()
        self._pipe.recv()

    def ask(self, order: str = "look") -> tuple[Clock, list[Feed]]:
        """Return the schedule and what was sent; with ``end``, no item appears from now on."""
        self._pipe.send(order)
        answer: tuple[Clock, list[Feed]] = self._pipe.recv()
        return answer

    def stop(self) -> None:
        self._pipe.send("leave")
        self._process.join(10)
        self._process.kill()
