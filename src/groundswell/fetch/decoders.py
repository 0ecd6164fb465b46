"""Decoders of the compressions that servers use, each over pieces of bounded size."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Protocol

import brotli
from backports.zstd import DecompressionParameter, ZstdDecompressor, ZstdError

DECODER_ERRORS = (zlib.error, brotli.error, ZstdError)
"""What a decoder raises for damaged data."""

_PIECE_BYTES = 65_536
_GZIP_CODE = 31  # zlib's code for data with a gzip header
_MAX_WINDOW_LOG = 23  # 2**23 bytes, the largest window that RFC 9659 lets a server use


class Decoder(Protocol):
    """Decompresses in pieces: ``more`` returns at most ``_PIECE_BYTES``, and b"" once it needs new input."""

    def more(self, data: bytes) -> bytes: ...

    def is_ended(self) -> bool: ...

    def count_left(self) -> int:
        """Return how many of the last bytes given are behind the end."""
        ...

    def misses_only_checksum(self, decoded: bytes) -> bool:
        """Whether nothing is missing but the checksum of ``decoded``, or its end: browsers do without it."""
        ...


class _Zlib:
    """What zlib decompresses, by its code for the kind of header, with the checksum that ends it."""

    def __init__(self, code: int, checksum: Callable[[bytes], bytes]) -> None:
        self._decoder = zlib.decompressobj(code)
        self._checksum = checksum

    def more(self, data: bytes) -> bytes:
        return self._decoder.decompress(self._decoder.unconsumed_tail + data, _PIECE_BYTES)

    def is_ended(self) -> bool:
        return self._decoder.eof

    def count_left(self) -> int:
        return len(self._decoder.unused_data)

    def misses_only_checksum(self, decoded: bytes) -> bool:
        checksum = self._checksum(decoded)
        for start in range(len(checksum)):
            trial = self._decoder.copy()
            try:
                trial.decompress(checksum[start:])
            except zlib.error:
                continue
            if trial.eof:
                return True
        return False


class _Brotli:
    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()

    def more(self, data: bytes) -> bytes:
        if self._decoder.is_finished():
            return b""
        return bytes(self._decoder.process(data, output_buffer_limit=_PIECE_BYTES))

    def is_ended(self) -> bool:
        return bool(self._decoder.is_finished())

    def count_left(self) -> int:
        return 0

    def misses_only_checksum(self, _: bytes) -> bool:
        return False  # it has none


class _Zstd:
    def __init__(self) -> None:
        self._decoder = ZstdDecompressor(options={DecompressionParameter.window_log_max: _MAX_WINDOW_LOG})

    def more(self, data: bytes) -> bytes:
        return b"" if self._decoder.eof else self._decoder.decompress(data, _PIECE_BYTES)

    def is_ended(self) -> bool:
        return self._decoder.eof

    def count_left(self) -> int:
        return len(self._decoder.unused_data)

    def misses_only_checksum(self, _: bytes) -> bool:
        return False  # whether a frame has one is its own choice


def _make_gzip(_: bytes) -> Decoder:
    return _Zlib(_GZIP_CODE, lambda decoded: struct.pack("<LL", zlib.crc32(decoded), len(decoded)))


def _make_deflate(body: bytes) -> Decoder:
    """Deflate within zlib headers, as the standard requires, or bare, as some servers send it."""
    has_header = body[:1] and body[0] & 0x0F == zlib.DEFLATED  # no encoder begins bare deflate like this
    if has_header:
        return _Zlib(zlib.MAX_WBITS, lambda decoded: struct.pack(">L", zlib.adler32(decoded)))
    return _Zlib(-zlib.MAX_WBITS, lambda _: b"")


STARTS = {"gzip": b"\x1f\x8b\x08", "zstd": b"\x28\xb5\x2f\xfd"}
"""The first bytes of each part, for the compressions that have them."""

MAKE_DECODER: dict[str, Callable[[bytes], Decoder]] = {
    "gzip": _make_gzip,
    "deflate": _make_deflate,
    "br": lambda _: _Brotli(),
    "zstd": lambda _: _Zstd(),
}
"""Makes the decoder of each compression, given the first byte of what is compressed."""
