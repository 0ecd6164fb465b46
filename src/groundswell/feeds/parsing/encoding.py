"""Decode the bytes of a feed, whatever encoding they claim to be in."""

from __future__ import annotations

import codecs
import re

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is a prefix of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,500}\?>")

# The encodings that browsers read (the Encoding Standard), by the names of Python's codecs. Others are not tried: some
# codecs do not decode text, and some take quadratic time.
_BROWSER_ENCODINGS = (
    *("utf-8", "utf-16", "gb18030", "big5", "euc_jp", "shift_jis", "iso2022_jp", "euc_kr"),
    *("koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "cp866", "cp874", "cp932", "cp949"),
    *(f"cp{page}" for page in range(1250, 1259)),
    *(f"iso8859-{part}" for part in (*range(2, 9), 10, *range(13, 17))),
)
_CODEC_OF_ENCODING = dict(zip(_BROWSER_ENCODINGS, _BROWSER_ENCODINGS, strict=True)) | {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
_STATEFUL = "iso2022_jp"  # its bytes are all ASCII and would be mistaken for UTF-8


def decode_feed(body: bytes, content_type: str) -> str:
    """Return the characters of a feed without its XML declaration and anything before it.

    Bytes that are valid UTF-8 are decoded as UTF-8, whatever is declared, because text in another encoding is hardly
    ever valid UTF-8 by chance. Otherwise the first that fits of the byte-order mark, the declaration and the
    Content-Type decides, and failing these UTF-8 or Windows-1252, whichever loses less. Never fails: undecodable bytes
    become U+FFFD.
    """
    text = _decode(body, content_type).lstrip("\ufeff \t\r\n")
    declaration = _DECLARATION.match(text)
    return text[declaration.end() :].lstrip() if declaration else text


def _decode(body: bytes, content_type: str) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    declared = _list_declared_codecs(body, content_type)
    for encoding in ("utf-8", *declared) if _STATEFUL not in declared else declared:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    as_utf8 = body.decode("utf-8", "replace")
    readable = sum(1 for character in as_utf8 if character > "\x7f" and character != "\ufffd")
    return as_utf8 if readable > as_utf8.count("\ufffd") else body.decode("cp1252", "replace")


def _list_declared_codecs(body: bytes, content_type: str) -> list[str]:
    """Return the codecs for the encodings that the XML declaration and the Content-Type name, if they are known."""
    in_xml = _DECLARED.search(body[:500])
    in_type = _CHARSET.search(content_type)
    names = [in_xml[1].decode("ascii") if in_xml else "", in_type[1] if in_type else ""]
    codecs_named = [_CODEC_OF_ENCODING[codec] for name in names if (codec := _find_codec(name)) in _CODEC_OF_ENCODING]
    # What begins with two letters of ASCII is not UTF-16, but any even number of its bytes would decode to something.
    return [codec for codec in codecs_named if codec != "utf-16" or 0 in body[:2]]


def _find_codec(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""
