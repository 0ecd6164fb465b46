"""Decompress bodies, up to a limit of bytes, as browsers do: by their labels, and by their first bytes.

Many servers label their bodies wrongly. A label that names no compression ("utf-8") changes nothing, and neither does
one that the body contradicts. A body that begins as gzip or zstd is decompressed without a label: no feed begins so.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable

from groundswell.fetch.decoders import DECODER_ERRORS, MAKE_DECODER, STARTS

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
MAX_LAYERS = 3
"""How often a body may be compressed: some servers do it twice by mistake."""

MAX_PARTS = 1_000
"""How many compressed parts may follow one another in one body."""

_READ_BYTES = 4_096  # at a time, so that a bomb ends early and the bytes after a part are few
_PEEKED_BYTES = 1_000
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*[<{\[]|\xff\xfe|\xfe\xff|\x00<")
_FEED_END = re.compile(rb"</(?:rss|feed|rdf:rdf)\s*>\s*\Z", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")

# Registered, but never asked for. Every other name that we do not know is no compression at all.
_NOT_ASKED_FOR = frozenset({"compress", "x-compress", "exi", "pack200-gzip", "aes128gcm", "dcb", "dcz"})


class DecodingError(ValueError):
    """A body that cannot be decompressed; the text says why, in one line."""


class TooLargeError(ValueError):
    """A body that is larger than the limit."""


class _Body:
    """A body of at most ``limit`` bytes, of which no more is received than was asked for.

    ``failure`` is the exception by which receiving broke off: what has arrived until then may be all there is.
    """

    def __init__(self, chunks: Iterable[bytes], limit: int) -> None:
        self.limit = limit
        self.failure: Exception | None = None
        self._chunks = iter(chunks)
        self._received = bytearray()

    def peek(self, start: int, size: int) -> bytes:
        """Return ``size`` bytes from ``start`` on, fewer only at the end."""
        while len(self._received) < start + size and self._receive():
            pass
        return bytes(self._received[start : start + size])

    def read(self, start: int) -> bytes:
        """Return the next bytes from ``start`` on, as soon as there are any; none at the end."""
        self.peek(start, 1)
        return bytes(self._received[start : start + _READ_BYTES])

    def read_all(self) -> bytes:
        while self._receive():
            pass
        return bytes(self._received)

    def _receive(self) -> bool:
        try:
            chunk = next(self._chunks, None)
        except Exception as failure:
            self.failure, self._chunks, chunk = failure, iter(()), None
        self._received += chunk or b""
        _check_size(self._received, self.limit)
        return chunk is not None


def decompress(chunks: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """Decompress a body that arrives in ``chunks``. At most ``limit`` bytes of each of its forms are in memory.

    ``encoding`` is the value of Content-Encoding: names in the order in which they were applied. Raises
    ``DecodingError`` for a damaged or incomplete body, for a compression that was not asked for, and for a body
    compressed more than three times; ``TooLargeError`` once any form of the body is larger than the limit. Where
    ``chunks`` raises, as some servers announce more than they send, what has arrived counts if it is whole: if the
    compressed data or the feed have ended. Otherwise the exception is raised again.
    """
    received = _Body(chunks, limit)
    try:
        layers, body = _open_layers(received, encoding)
    except DecodingError:
        if received.failure:
            raise received.failure from None
        raise
    if received.failure and not layers and not _is_whole(body):
        raise received.failure
    return body


def _open_layers(body: _Body, encoding: str) -> tuple[int, bytes]:
    """Return how often a body was compressed, and what is in it."""
    layers = 0
    for label in reversed(_read_labels(encoding)):
        if opened := _undo_label(body, label):
            layers, body = _count_layer(layers), opened
    while kind := _find_kind(body):
        layers, body = _count_layer(layers), _open(body, kind)
    return layers, body.read_all()


def _is_whole(body: bytes) -> bool:
    """Whether a body ends as a feed ends."""
    if body.lstrip().startswith(b"{"):
        try:
            json.loads(body)
        except (ValueError, RecursionError):
            return False
        return True
    return bool(_FEED_END.search(body[-_PEEKED_BYTES:]))


def _count_layer(layers: int) -> int:
    if layers == MAX_LAYERS:
        raise DecodingError(f"the body is compressed more than {MAX_LAYERS} times")
    return layers + 1


def _read_labels(encoding: str) -> list[str]:
    labels = (part.partition(";")[0].strip(" \t\"'").lower() for part in encoding.split(","))
    return ["gzip" if label == "x-gzip" else label for label in labels]


def _undo_label(body: _Body, label: str) -> _Body | None:
    """Return ``body`` without the compression that a label names, or None if it is not so compressed."""
    if label in _NOT_ASKED_FOR and not _looks_like_text(body):
        raise DecodingError(f"the content encoding {label!r} was not asked for")
    if label not in MAKE_DECODER:
        return None
    kind = _find_kind(body)
    if label in STARTS and kind != label:
        if kind or _looks_like_text(body):
            return None
        raise DecodingError(f"the compressed body is damaged: it does not begin as {label}")
    try:
        return _open(body, label)
    except DecodingError:
        if label not in STARTS and (kind or _looks_like_text(body)):
            return None
        raise


def _find_kind(body: _Body) -> str:
    """Return the compression that the first bytes prove, or ""."""
    return next((kind for kind, start in STARTS.items() if body.peek(0, len(start)) == start), "")


def _looks_like_text(body: _Body) -> bool:
    """Whether a body begins as XML, JSON or HTML, perhaps after the words of an error."""
    start = body.peek(0, _PEEKED_BYTES)
    if _MARKUP.match(start):
        return True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(start)


def _open(body: _Body, kind: str) -> _Body:
    """Decompress the parts of a body. What follows the last of them is ignored."""
    decoded = bytearray()
    start = 0
    try:
        for _ in range(MAX_PARTS):
            start = _open_part(body, start, kind, decoded)
            if kind not in STARTS or body.peek(start, len(STARTS[kind])) != STARTS[kind]:
                body.read_all()  # what follows is ignored, but counts
                return _Body([bytes(decoded)], body.limit)
    except DECODER_ERRORS:
        raise DecodingError("the compressed body is damaged") from None
    raise DecodingError(f"the compressed body has more than {MAX_PARTS:,} parts")


def _open_part(body: _Body, start: int, kind: str, decoded: bytearray) -> int:
    """Decompress the part at ``start`` onto the end of ``decoded``; return where it ends."""
    decoder = MAKE_DECODER[kind](body.peek(start, 1))
    begun = len(decoded)
    while not decoder.is_ended() and (data := body.read(start)):
        start += len(data)
        piece = decoder.more(data)
        while piece:
            decoded += piece
            _check_size(decoded, body.limit)
            piece = decoder.more(b"")
    if not decoder.is_ended() and not decoder.misses_only_checksum(bytes(decoded[begun:])):
        raise DecodingError("the compressed body is incomplete")
    return start - decoder.count_left()


def _check_size(body: bytearray, limit: int) -> None:
    if len(body) > limit:
        raise TooLargeError(f"the body is larger than {limit / 1e6:.0f} MB")
