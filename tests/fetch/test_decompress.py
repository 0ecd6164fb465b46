"""Bodies in every encoding that is asked for, in pieces, within their limit."""

import gzip
import tracemalloc
import zlib
from itertools import repeat

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from groundswell.fetch.decompress import ACCEPT_ENCODING, DecodingError, TooLargeError, decompress


def bare_deflate(body):
    made = zlib.compressobj(wbits=-15)
    return made.compress(body) + made.flush()


ENCODED = {
    "": bytes,
    "identity": bytes,
    "gzip": gzip.compress,
    " X-GZip ": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": bare_deflate,
    "br": brotli.compress,
    "zstd": zstd.compress,
}
COMPRESSED = [name for name in ENCODED if name not in ("", "identity")]


def pieces(body, size):
    return [body[start : start + size] for start in range(0, len(body), size)]


@pytest.mark.parametrize("encoding", ENCODED)
@given(body=st.binary(max_size=300), times=st.integers(1, 600), size=st.integers(1, 5_000))
def test_a_body_comes_back_whatever_its_pieces(encoding, body, times, size):
    sent = ENCODED[encoding](body * times)
    assert decompress(pieces(sent, size), encoding, len(sent) + 300 * 600) == body * times


@pytest.mark.parametrize("encoding", COMPRESSED)
def test_a_bomb_ends_at_the_limit_without_using_memory(encoding):
    sent = ENCODED[encoding](bytes(50_000_000))
    tracemalloc.start()
    with pytest.raises(TooLargeError, match="larger than 1 MB"):
        decompress(pieces(sent, 65_536), encoding, 1_000_000)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("encoding", COMPRESSED)
def test_what_follows_the_end_counts_too(encoding):
    endless = repeat(b"x" * 10_000)
    first = ENCODED[encoding](b"<rss/>")

    def sent():
        yield first
        yield from endless

    with pytest.raises((TooLargeError, DecodingError)):
        decompress(sent(), encoding, 100_000)


@pytest.mark.parametrize("encoding", COMPRESSED)
def test_damaged_and_incomplete_bodies_are_told(encoding):
    whole = ENCODED[encoding](bytes(range(256)) * 50)
    with pytest.raises(DecodingError, match=r"incomplete|damaged"):
        decompress([whole[:-3]], encoding, 100_000)
    with pytest.raises(DecodingError, match=r"incomplete|damaged"):
        decompress([b"\xff<rss/>" + whole], encoding, 100_000)
    with pytest.raises(DecodingError, match="incomplete"):
        decompress([], encoding, 100_000)


def test_a_window_that_needs_much_memory_is_refused():
    options = {zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.enable_long_distance_matching: 1}
    made = zstd.ZstdCompressor(options=options)
    sent = made.compress(bytes(1000)) + made.flush()
    with pytest.raises(DecodingError, match="damaged"):
        decompress([sent], "zstd", 1_000_000)


@pytest.mark.parametrize("encoding", ["compress", "gzip, gzip", "br,gzip", "x" * 9_000])
def test_other_encodings_are_refused(encoding):
    with pytest.raises(DecodingError, match="was not asked for"):
        decompress([b"x"], encoding, 100)


def test_what_is_asked_for_can_be_decoded():
    for encoding in ACCEPT_ENCODING.split(", "):
        assert decompress([ENCODED[encoding](b"x")], encoding, 100) == b"x"
