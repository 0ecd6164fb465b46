"""Characters that XML allows."""

from __future__ import annotations

import re

_INVALID = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def remove_invalid_characters(text: str) -> str:
    """Remove the characters that an XML document may not contain."""
    return _INVALID.sub("", text)
