"""Attacks over HTTP: compression bombs, endless and slow answers, redirects into internal networks, validators."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice, repeat

import brotli
from backports import zstd

from groundswell.model import Outcome
from groundswell.testing.hostile.case import GOOD, Answer, Case, ReceivedRequest, build_rss

_ZERO_MEGABYTE = bytes(1_000_000)
_BOMB_MEGABYTES = 1_000


def _deflated(wbits: int) -> Iterator[bytes]:
    packer = zlib.compressobj(9, wbits=wbits)
    yield from (packer.compress(_ZERO_MEGABYTE) for _ in range(_BOMB_MEGABYTES))
    yield packer.flush()


def _brotli() -> Iterator[bytes]:
    packer = brotli.Compressor(quality=5)
    yield from (packer.process(_ZERO_MEGABYTE) for _ in range(_BOMB_MEGABYTES))
    yield packer.finish()


def _zstd() -> Iterator[bytes]:
    packer = zstd.ZstdCompressor()
    yield from (packer.compress(_ZERO_MEGABYTE) for _ in range(_BOMB_MEGABYTES))
    yield packer.flush()


def _bomb(encoding: str, body: Callable[[], Iterator[bytes]]) -> Case:
    return Case(
        f"{encoding}-bomb",
        f"{_BOMB_MEGABYTES:,} MB of zeros, compressed by {encoding}",
        "reading ends at 5 MB",
        lambda request: Answer(body(), 200, {"Content-Encoding": encoding}),
        Outcome.TOO_LARGE,
    )


def _endless(name: str, sent: str, answer: Answer, outcome: Outcome) -> Case:
    return Case(name, sent, "reading ends at 5 MB or at the deadline", lambda request: answer, outcome)


def _slow(pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        time.sleep(0.05)
        yield piece


def _redirect(name: str, to: str, outcome: Outcome = Outcome.REFUSED) -> Case:
    def answer(request: ReceivedRequest) -> Answer:
        return Answer((), 301, {"Location": to.format(root=request.root, rest=request.rest)})

    return Case(name, f"a redirect to {to}", "it is not followed, and nothing is requested there", answer, outcome)


def _with_headers(name: str, sent: str, headers: dict[str, str], status: int = 200, **more: object) -> Case:
    outcome = Outcome.OK if status == 200 else Outcome.MALFORMED
    return Case(
        name,
        sent,
        "the validator is not kept, and the feed is read" if status == 200 else "it counts as a failure",
        lambda request: Answer([build_rss("")] if status == 200 else (), status, headers),
        outcome,
        GOOD if status == 200 else (),
    )


def _compress_zeros_twice() -> bytes:
    return zlib.compress(zlib.compress(bytes(50_000_000), wbits=31), wbits=31)


TRANSPORT = (
    _bomb("gzip", lambda: _deflated(31)),
    _bomb("deflate", lambda: _deflated(15)),
    _bomb("br", _brotli),
    _bomb("zstd", _zstd),
    Case(
        "bomb-in-a-bomb",
        "50 MB of zeros, compressed twice",
        "reading ends at 5 MB",
        lambda request: Answer([_compress_zeros_twice()], 200, {"Content-Encoding": "gzip, gzip"}),
        Outcome.TOO_LARGE,
    ),
    Case(
        "endless-after-gzip",
        "a small compressed feed, and then endless bytes",
        "reading ends at 5 MB",
        lambda request: Answer(
            chain([zlib.compress(build_rss(""), wbits=31)], repeat(_ZERO_MEGABYTE)),
            200,
            {"Content-Encoding": "gzip"},
        ),
        Outcome.TOO_LARGE,
    ),
    Case(
        "endless-body",
        "an endless body",
        "reading ends at 5 MB",
        lambda request: Answer(repeat(b"<item>" * 10_000)),
        Outcome.TOO_LARGE,
    ),
    Case(
        "slow-drip",
        "a byte every twentieth of a second",
        "reading ends at the deadline",
        lambda request: Answer(_slow(islice(repeat(b" "), 1_000))),
        Outcome.UNREACHABLE,
    ),
    Case(
        "page-of-links",
        "a web page of unfinished links, where a feed should be",
        "looking for the feeds that it names takes linear time",
        lambda request: Answer([b"<html><head>", b"<link a='" * 550_000], 200, {"Content-Type": "text/html"}),
        Outcome.MALFORMED,
    ),
    Case(
        "page-of-feeds",
        "a web page that names seventy thousand feeds in private networks",
        "none of them is requested",
        lambda request: Answer(
            [b"<html><head>", b"<link rel=alternate type=application/rss+xml href=//10.0.0.1>" * 70_000]
        ),
        Outcome.MALFORMED,
    ),
    Case(
        "cookies-without-end",
        "a redirect to itself with ever more and larger cookies",
        "it is followed five times, and no request grows",
        lambda request: Answer(
            (), 302, {"Location": request.root + "/cookies-without-end", "Set-Cookie": "a=" + "x" * 60_000}
        ),
        Outcome.REFUSED,
    ),
    _redirect("cloud-service", "http://168.63.129.16/machine"),
    _redirect("cloud-service-mapped", "http://[::ffff:168.63.129.16]/machine"),
    _redirect("loop", "{root}/loop"),
    _redirect("redirects-without-end", "{root}/redirects-without-end/{rest}x"),
    _redirect("metadata", "http://169.254.169.254/latest/meta-data/"),
    _redirect("metadata-mapped", "http://[::ffff:169.254.169.254]/"),
    _redirect("metadata-mapped-hex", "http://[::ffff:a9fe:a9fe]/"),
    _redirect("metadata-translated", "http://[64:ff9b::a9fe:a9fe]/"),
    _redirect("metadata-6to4", "http://[2002:a9fe:a9fe::]/"),
    _redirect("metadata-teredo", "http://[2001:0:a9fe:a9fe::]/"),
    _redirect("metadata-ipv6", "http://[fd00:ec2::254]/"),
    _redirect("metadata-decimal", "http://2852039166/"),
    _redirect("metadata-octal", "http://0251.0376.0251.0376/"),
    _redirect("metadata-hex", "http://0xa9.0xfe.0xa9.0xfe/"),
    _redirect("metadata-short", "http://169.254.43518/"),
    _redirect("metadata-by-name", "http://metadata.hostile/"),
    _redirect("private-by-name", "http://inside.hostile/"),
    _redirect("private", "http://10.0.0.1/"),
    _redirect("zone", "http://[fe80::1%25eth0]/"),
    _redirect("nowhere", "http://0.0.0.0/"),
    _redirect("file", "file:///etc/hostname"),
    _redirect("other-scheme", "gopher://good.example/"),
    _redirect("with-user", "http://user:word@good.example/"),
    _redirect("no-address", "http://[/"),
    _with_headers("unasked-304", "not modified, although no condition was sent", {}, status=304),
    _with_headers("long-validator", "an ETag of 50,000 characters", {"ETag": '"' + "x" * 50_000 + '"'}),
    _with_headers("unprintable-validator", "an ETag of unprintable characters", {"ETag": '"\u00e9\u00ff"'}),
    Case(
        "many-headers",
        "200 kB of headers",
        "the answer is refused",
        lambda request: Answer([build_rss("")], 200, {f"X-{n}": "x" * 1_000 for n in range(200)}),
        Outcome.MALFORMED,
    ),
    Case(
        "error-page",
        "a page in HTML with status 200 and an ETag",
        "it is no feed, and the ETag is not kept",
        lambda request: Answer([b"<!doctype html><html><body>no</body></html>"], 200, {"ETag": '"1"'}),
        Outcome.MALFORMED,
    ),
)
