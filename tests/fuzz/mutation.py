"""Mutate valid bodies: cut, repeat and splice them, and insert tokens that are hard to parse."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st

WORDS = Path(__file__).with_name("tokens.txt").read_text(encoding="utf-8").splitlines()
SIGNS = ("\x00", "\ufeff", "\u202e", "\u200b", "\ud800", "\U0010ffff", "\u2028", "\r\n", "\n", "\t")
TOKENS = tuple(token.encode("utf-8", "surrogatepass") for token in (*WORDS, *SIGNS))


def _change(body: bytes, kind: str, start: int, size: int, token: bytes) -> bytes:
    start %= len(body) + 1
    end = min(len(body), start + size)
    if kind == "cut":
        return body[:start] + body[end:]
    if kind == "double":
        return body[:end] + body[start:end] + body[end:]
    if kind == "end":
        return body[:start]
    if kind == "invert":
        return body[:start] + bytes(255 - byte for byte in body[start : start + 1]) + body[start + 1 :]
    return body[:start] + token + body[start if kind == "insert" else end :]


@st.composite
def mutate(draw: st.DrawFn, seeds: Sequence[bytes]) -> bytes:
    """Draw one of ``seeds`` with up to eight changes, possibly spliced with the end of another."""
    body = draw(st.sampled_from(seeds))
    if draw(st.integers(0, 9)) == 0:
        other = draw(st.sampled_from(seeds))
        body = body[: draw(st.integers(0, len(body)))] + other[draw(st.integers(0, len(other))) :]
    kinds = st.sampled_from(("cut", "double", "end", "invert", "insert", "replace"))
    tokens = st.sampled_from(TOKENS) | st.binary(max_size=6)
    for kind, start, size, token in draw(
        st.lists(st.tuples(kinds, st.integers(0, 20_000), st.integers(0, 40), tokens), max_size=8)
    ):
        body = _change(body, kind, start, size, token)
    return body
