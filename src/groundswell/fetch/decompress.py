"""Bodies as servers send them to the bytes they stand for, never more than a set number of them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import brotli
from backports.zstd import DecompressionParameter, ZstdDecompressor, ZstdError

ENCODINGS = "gzip, deflate, br, zstd"
_PIECE = 65_536
_GZIP = 31  # zlib's word for: with a gzip header
_WINDOW = 23  # the largest window, as a power of two, that RFC 9659 lets a server use: 8 MB


class DecodingError(ValueError):
    """A body that cannot be decoded, in one line."""


class TooLargeError(ValueError):
    """A body that is larger than may be read."""


class _Decoder(Protocol):
    """Decodes piece by piece: ``more`` answers at most ``_PIECE`` bytes a time, and b"" once it wants new input."""

    def more(self, data: bytes) -> bytes: ...

    def ended(self) -> bool: ...


class _Identity:
    def more(self, data: bytes) -> bytes:
        return data

    def ended(self) -> bool:
        return True


class _Gzip:
    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(_GZIP)

    def more(self, data: bytes) -> bytes:
        return self._decoder.decompress(self._decoder.unconsumed_tail + data, _PIECE)

    def ended(self) -> bool:
        return self._decoder.eof


class _Deflate(_Gzip):
    """Deflate in the zlib wrapping that the standard asks for, or bare, as some servers send it."""

    def __init__(self) -> None:
        self._begun = False

    def more(self, data: bytes) -> bytes:
        if not self._begun and data:
            wrapped = data[0] & 0x0F == zlib.DEFLATED  # no encoder begins bare deflate like this
            self._decoder = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
            self._begun = True
        return super().more(data) if self._begun else b""

    def ended(self) -> bool:
        return self._begun and super().ended()


class _Brotli:
    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()

    def more(self, data: bytes) -> bytes:
        if self._decoder.is_finished():
            return b""
        return bytes(self._decoder.process(data, output_buffer_limit=_PIECE))

    def ended(self) -> bool:
        return bool(self._decoder.is_finished())


class _Zstd:
    def __init__(self) -> None:
        self._decoder = ZstdDecompressor(options={DecompressionParameter.window_log_max: _WINDOW})

    def more(self, data: bytes) -> bytes:
        return b"" if self._decoder.eof else self._decoder.decompress(data, _PIECE)

    def ended(self) -> bool:
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


def decoded(chunks: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """Decode a body that arrives in ``chunks``, holding at most ``limit`` bytes of it and one piece of 64 kB.

    ``encoding`` is the value of Content-Encoding; a body encoded twice over is not accepted, for nobody has good cause
    to send one. Raises ``DecodingError`` for an unknown encoding or a damaged or incomplete body, ``TooLargeError``
    as soon as the limit is passed.
    """
    made = _DECODERS.get(encoding.strip().lower())
    if made is None:
        raise DecodingError(f"the content encoding {encoding[:20]!r} was not asked for")
    decoder = made()
    body = bytearray()
    sent = 0
    try:
        for chunk in chunks:
            sent += len(chunk)  # counted too, for what follows the end of a compressed body decodes to nothing
            for piece in _pieces(decoder, chunk):
                body += piece
                if max(sent, len(body)) > limit:
                    raise TooLargeError(f"the body is larger than {limit / 1e6:.0f} MB")
    except (zlib.error, brotli.error, ZstdError):
        raise DecodingError("the compressed body is damaged") from None
    if not decoder.ended():
        raise DecodingError("the compressed body is incomplete")
    return bytes(body)


def _pieces(decoder: _Decoder, chunk: bytes) -> Iterator[bytes]:
    yield decoder.more(chunk)
    while not isinstance(decoder, _Identity) and (piece := decoder.more(b"")):
        yield piece
