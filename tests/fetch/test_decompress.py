"""Bodies in every encoding that is asked for, and under wrong labels, in pieces, within their limit."""

import gzip
import tracemalloc
import zlib
from contextlib import suppress
from itertools import repeat

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from groundswell.fetch.decompress import (
    ACCEPT_ENCODING,
    MAX_LAYERS,
    MAX_PARTS,
    DecodingError,
    TooLargeError,
    decompress,
)


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
FEED = b"<?xml version='1.0'?><rss><channel><item><title>Rates are held</title></item></channel></rss>"
COMPRESSED = [name for name in ENCODED if name not in ("", "identity")]


def pieces(body, size):
    return [body[start : start + size] for start in range(0, len(body), size)]


@pytest.mark.parametrize("encoding", ENCODED)
@given(body=st.binary(max_size=300), times=st.integers(1, 600), size=st.integers(1, 5_000))
def test_a_body_comes_back_whatever_its_pieces(encoding, body, times, size):
    whole = b"<" + body * times  # what begins as gzip would be decompressed
    sent = ENCODED[encoding](whole)
    assert decompress(pieces(sent, size), encoding, len(sent) + len(whole)) == whole


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
        decompress([whole[:-20]], encoding, 100_000)
    with pytest.raises(DecodingError, match=r"incomplete|damaged"):
        decompress([b"\xff<rss/>\0" + whole], encoding, 100_000)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@given(body=st.binary(min_size=20, max_size=300), cut=st.integers(1, 12))
def test_only_a_checksum_may_be_missing(encoding, body, cut):
    sent = b"<" + body
    checksum = {"gzip": 8, "deflate": 4}[encoding]
    if cut <= checksum:
        assert decompress([ENCODED[encoding](sent)[:-cut]], encoding, 1_000) == sent
    else:
        with pytest.raises(DecodingError, match="incomplete"):
            decompress([ENCODED[encoding](sent)[:-cut]], encoding, 1_000)


def test_a_wrong_checksum_is_damage():
    sent = bytearray(gzip.compress(FEED))
    sent[-8] ^= 1
    with pytest.raises(DecodingError, match="damaged"):
        decompress([bytes(sent)], "gzip", 1_000)


def test_a_window_that_needs_much_memory_is_refused():
    options = {zstd.CompressionParameter.window_log: 27, zstd.CompressionParameter.enable_long_distance_matching: 1}
    made = zstd.ZstdCompressor(options=options)
    sent = made.compress(bytes(1000)) + made.flush()
    with pytest.raises(DecodingError, match="damaged"):
        decompress([sent], "zstd", 1_000_000)


LABELS = ["", "identity", "none", "binary", "utf-8", "UTF8", "8bit", "chunked", "aws-chunked", "x" * 9_000, ",", "*"]
LABELS += ["gzip", "GZIP", "x-gzip", "gzip;q=1.0", '"gzip"', "gzip, gzip", "gzip, identity", "deflate", "br", "zstd"]
LABELS += ["br, gzip", "gzip,utf-8", "zstd, br"]


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize(
    "body", [FEED, b"", b" \r\n<rss/>", b'{"items": []}', "\ufeff<rss>\u20ac</rss>".encode("utf-16")]
)
def test_no_label_spoils_a_plain_body(label, body):
    assert decompress([body], label, 1_000) == body


@pytest.mark.parametrize(
    "label", ["", "identity", "none", "utf-8", "gzip", "x-gzip", "zstd", "gzip, gzip", "br", "deflate"]
)
@pytest.mark.parametrize("kind", ["gzip", "zstd"])
@given(body=st.text(max_size=300), size=st.integers(1, 50))
def test_a_body_that_begins_as_compressed_is_decompressed_whatever_its_label(label, kind, body, size):
    sent = FEED + body.encode()
    assert decompress(pieces(ENCODED[kind](sent), size), label, 5_000) == sent


@given(labels=st.lists(st.sampled_from(COMPRESSED), min_size=1, max_size=MAX_LAYERS + 2))
def test_a_body_is_decompressed_as_often_as_its_label_says_up_to_three_times(labels):
    sent = FEED
    for label in labels:
        sent = ENCODED[label](sent)
    if len(labels) <= MAX_LAYERS:
        assert decompress([sent], ", ".join(labels), 5_000) == FEED
    else:
        with pytest.raises(DecodingError, match="more than 3 times"):
            decompress([sent], ", ".join(labels), 5_000)


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_a_body_may_hide_no_more_layers_than_three(kind):
    sent = FEED
    for _ in range(MAX_LAYERS):
        sent = ENCODED[kind](sent)
    assert decompress([sent], "", 5_000) == FEED
    with pytest.raises(DecodingError, match="more than 3 times"):
        decompress([ENCODED[kind](sent)], "", 5_000)


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_a_bomb_within_a_small_body_ends_at_the_limit(kind):
    sent = ENCODED[kind](ENCODED[kind](bytes(50_000_000)))
    tracemalloc.start()
    with pytest.raises(TooLargeError, match="larger than 1 MB"):
        decompress([sent], "", 1_000_000)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_parts_that_follow_one_another_are_one_body(kind):
    parts = [FEED[:10], b"", FEED[10:]]
    assert decompress([b"".join(map(ENCODED[kind], parts))], kind, 5_000) == FEED
    with pytest.raises(DecodingError, match="more than 1,000 parts"):
        decompress([ENCODED[kind](b"") * (MAX_PARTS + 1)], kind, 100_000)


@pytest.mark.parametrize("label", ["compress", "X-Compress", "aes128gcm"])
def test_a_compression_that_was_not_asked_for_is_named(label):
    with pytest.raises(DecodingError, match=f"'{label.lower()}' was not asked for"):
        decompress([b"\x1f\x9d\x90"], label, 100)


@pytest.mark.parametrize("label", ["gzip", "zstd", "deflate", "br"])
@given(body=st.binary(max_size=200))
def test_no_body_raises_anything_else(label, body):
    with suppress(DecodingError, TooLargeError):
        assert len(decompress([body], label, 100)) <= 100


def breaking_off(*chunks):
    yield from chunks
    raise ConnectionResetError("peer")


WHOLE = [FEED, FEED + b" \r\n", b"<feed><title>a</title></feed >", b"<rdf:RDF></rdf:RDF>", b' {"items": []} ']


@pytest.mark.parametrize("body", WHOLE)
@pytest.mark.parametrize("encoding", ENCODED)
def test_a_whole_body_counts_although_the_connection_breaks_off(encoding, body):
    assert decompress(breaking_off(ENCODED[encoding](body)), encoding, 1_000) == body


@pytest.mark.parametrize("encoding", ENCODED)
@given(data=st.data())
def test_a_part_of_a_body_does_not_count(encoding, data):
    whole = ENCODED[encoding](data.draw(st.sampled_from(WHOLE)) * 3)
    part = whole[: data.draw(st.integers(0, len(whole) // 2))]
    if part.rstrip().lower().endswith((b"</rss>", b"</feed >", b"</rdf:rdf>", b"}")):
        return  # it ends as a feed does
    with pytest.raises(ConnectionResetError):
        decompress(breaking_off(part), encoding, 1_000)


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"{" * 100_000, FEED[:-1], b"</rss> and more"])
def test_what_broke_off_raises_as_it_did(body):
    with pytest.raises(ConnectionResetError):
        decompress(breaking_off(body), "", 200_000)
    with pytest.raises(TooLargeError):
        decompress(breaking_off(FEED, FEED), "", len(FEED))


def test_what_is_asked_for_can_be_decoded():
    for encoding in ACCEPT_ENCODING.split(", "):
        assert decompress([ENCODED[encoding](b"x")], encoding, 100) == b"x"
