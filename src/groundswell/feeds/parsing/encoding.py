"""The bytes of a feed to characters, whatever encoding they are said to be in."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml\b[^>]{0,500}\?>")

# What browsers read (the Encoding Standard), by the codecs that Python has for it. Others are not tried: some codecs
# are of no text at all, and some take quadratic time.
_AS_NAMED = (
    *("utf-8", "utf-16", "gb18030", "big5", "euc_jp", "shift_jis", "iso2022_jp", "euc_kr"),
    *("koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "cp866", "cp874", "cp932", "cp949"),
    *(f"cp{page}" for page in range(1250, 1259)),
    *(f"iso8859-{part}" for part in (*range(2, 9), 10, *range(13, 17))),
)
_READ_AS = dict(zip(_AS_NAMED, _AS_NAMED, strict=True)) | {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
_STATEFUL = "iso2022_jp"  # its bytes are all ASCII, so that they would pass for UTF-8


def characters(body: bytes, content_type: str) -> str:
    """Return the characters of a feed without its XML declaration and without anything before that.

    Bytes that are valid UTF-8 are UTF-8, whatever is declared: text in another encoding hardly ever is by chance. Else
    the encoding is that of the byte-order mark, the declaration, the Content-Type, the first that fits; else UTF-8 or
    Windows-1252, whichever loses less. Never fails: what cannot be read becomes U+FFFD.
    """
    text = _decoded(body, content_type).lstrip("\ufeff \t\r\n")
    declaration = _DECLARATION.match(text)
    return text[declaration.end() :].lstrip() if declaration else text


def _decoded(body: bytes, content_type: str) -> str:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    declared = _declared(body, content_type)
    for encoding in ("utf-8", *declared) if _STATEFUL not in declared else declared:
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    mostly = body.decode("utf-8", "replace")
    sound = sum(1 for character in mostly if character > "\x7f" and character != "\ufffd")
    return mostly if sound > mostly.count("\ufffd") else body.decode("cp1252", "replace")


def _declared(body: bytes, content_type: str) -> list[str]:
    """The encodings that the XML declaration and the Content-Type name, as far as we know them."""
    in_xml = _DECLARED.search(body[:500])
    in_type = _CHARSET.search(content_type)
    names = [in_xml[1].decode("ascii") if in_xml else "", in_type[1] if in_type else ""]
    return [_READ_AS[found] for name in names if (found := _codec(name)) in _READ_AS]


def _codec(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""
