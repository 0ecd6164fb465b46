"""Decompress bodies, up to a limit of bytes."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import brotli
from backports.zstd import DecompressionParameter, ZstdDecompressor, ZstdError

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
_PIECE_BYTES = 65_536
_GZIP_HEADER = 31  # zlib's code for data with a gzip header
_MAX_WINDOW_LOG = 23  # 2**23 bytes, the largest window that RFC 9659 lets a server use


class DecodingError(ValueError):
    """A body that cannot be decompressed; the text says why, in one line."""


class TooLargeError(ValueError):
    """A body that is larger than the limit."""


class _Decoder(Protocol):
    """Decompresses in pieces: ``more`` returns at most ``_PIECE_BYTES``, and b"" once it needs new input."""

    def more(self, data: bytes) -> bytes: ...

    def is_ended(self) -> bool: ...


class _Identity:
    def more(self, data: bytes) -> bytes:
        return data

    def is_ended(self) -> bool:
        return True


class _Gzip:
    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(_GZIP_HEADER)

    def more(self, data: bytes) -> bytes:
        return self._decoder.decompress(self._decoder.unconsumed_tail + data, _PIECE_BYTES)

    def is_ended(self) -> bool:
        return self._decoder.eof


class _Deflate(_Gzip):
    """Deflate within zlib headers, as the standard requires, or bare, as some servers send it."""

    def __init__(self) -> None:
        self._has_begun = False

    def more(self, data: bytes) -> bytes:
        if not self._has_begun and data:
            has_header = data[0] & 0x0F == zlib.DEFLATED  # no encoder begins bare deflate like this
            self._decoder = zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)
            self._has_begun = True
        return super().more(data) if self._has_begun else b""

    def is_ended(self) -> bool:
        return self._has_begun and super().is_ended()


class _Brotli:
    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()

    def more(self, data: bytes) -> bytes:
        if self._decoder.is_finished():
            return b""
        return bytes(self._decoder.process(data, output_buffer_limit=_PIECE_BYTES))

    def is_ended(self) -> bool:
        return bool(self._decoder.is_finished())


class _Zstd:
    def __init__(self) -> None:
        self._decoder = ZstdDecompressor(options={DecompressionParameter.window_log_max: _MAX_WINDOW_LOG})

    def more(self, data: bytes) -> bytes:
        return b"" if self._decoder.eof else self._decoder.decompress(data, _PIECE_BYTES)

    def is_ended(self) -> bool:
        return self._decoder.eof


_DECODERS: dict[str, Callable[[], _Decoder]] = {
    "": _Identity,
    "identity": _Identity,
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
    "br": _Brotli,
    "zstd": _Zstd,
}


def decompress(chunks: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """Decompress a body that arrives in ``chunks``; at most ``limit`` bytes of it and 64 kB are in memory.

    ``encoding`` is the value of Content-Encoding. A body compressed twice is not accepted: there is no good reason to
    send one. Raises ``DecodingError`` for an unknown encoding and a damaged or incomplete body, and ``TooLargeError``
    once the body is larger than the limit.
    """
    make_decoder = _DECODERS.get(encoding.strip().lower())
    if make_decoder is None:
        raise DecodingError(f"the content encoding {encoding[:20]!r} was not asked for")
    decoder = make_decoder()
    body = bytearray()
    bytes_sent = 0
    try:
        for chunk in chunks:
            bytes_sent += len(chunk)  # counted too: bytes after the end of a compressed body decompress to nothing
            for piece in _pieces(decoder, chunk):
                body += piece
                if max(bytes_sent, len(body)) > limit:
                    raise TooLargeError(f"the body is larger than {limit / 1e6:.0f} MB")
    except (zlib.error, brotli.error, ZstdError):
        raise DecodingError("the compressed body is damaged") from None
    if not decoder.is_ended():
        raise DecodingError("the compressed body is incomplete")
    return bytes(body)


def _pieces(decoder: _Decoder, chunk: bytes) -> Iterator[bytes]:
    yield decoder.more(chunk)
    while not isinstance(decoder, _Identity) and (piece := decoder.more(b"")):
        yield piece
