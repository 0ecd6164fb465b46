"""The text in the bytes of a file: its encoding is found in the bytes, and named."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from groundswell.sources.tables.faults import TableError

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
"""The longer marks first: that of UTF-32 begins like that of UTF-16."""

SAMPLE_BYTES = 4096
MIN_ZERO_SHARE, MAX_ZERO_SHARE = 0.4, 0.1
"""In UTF-16 most of every second byte of a table is zero, and little of the others."""

MAX_CONTROL_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A text whose lines end in ``\\n``, and the name of its encoding."""

    text: str
    encoding: str


def decode_text(body: bytes) -> DecodedText:
    """Decode by the byte order mark, else as UTF-16 by its zero bytes, as UTF-8, or as Windows-1252 in the end.

    Every sequence of bytes is some text in Windows-1252, which contains Latin-1; digits and signs are the same in
    all of these. Raises ``TableError`` for what is no text.
    """
    codec, name = _find_codec(body)
    try:
        text = body.decode(codec)
    except UnicodeDecodeError as error:
        if codec != "utf-8":
            raise TableError(f"it is damaged {name}: byte {error.start} cannot be read", "save it as UTF-8") from None
        name = "Windows-1252"
        text = body.decode("cp1252", errors="replace")
    controls = sum(text.count(chr(code)) for code in range(32) if code not in (9, 10, 11, 12, 13, 28, 29, 30, 31))
    if controls > MAX_CONTROL_SHARE * len(text):
        raise TableError("it is not a text", "save it as CSV, Excel or Parquet under the ending of that kind")
    return DecodedText(_unify_line_ends(text.replace("\0", "")), name)


def _find_codec(body: bytes) -> tuple[str, str]:
    for mark, codec, name in BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return codec, name
    sample = body[:SAMPLE_BYTES]
    even, odd = sample[::2], sample[1::2]
    if odd and even:
        zeros = even.count(0) / len(even), odd.count(0) / len(odd)
        if zeros[1] >= MIN_ZERO_SHARE and zeros[0] <= MAX_ZERO_SHARE:
            return "utf-16-le", "UTF-16 without a byte order mark"
        if zeros[0] >= MIN_ZERO_SHARE and zeros[1] <= MAX_ZERO_SHARE:
            return "utf-16-be", "UTF-16 without a byte order mark"
    return "utf-8", "UTF-8"


def _unify_line_ends(text: str) -> str:
    r"""Return the text with ``\n`` at the end of each line, also where it was written as ``\r\r\n`` or ``\r``."""
    if "\r" not in text:
        return text
    return text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
