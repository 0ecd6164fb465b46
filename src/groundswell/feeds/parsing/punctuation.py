"""Titles whose punctuation some collector left spaced out: ``U . S . stocks fall 0 . 8 %``."""

from __future__ import annotations

import re

# Each alternative tells of one space that is plainly too many, by what stands around it.
_SUPERFLUOUS = re.compile(
    r" (?:(?=[.,;:?!](?:\s|$|['’”\"]))"  # before a mark that stands alone
    r"|(?=%)(?<=\d )"  # 8 %
    r"|(?=\d)(?<=\d \. )"  # 0 . 25
    r"|(?=\d{3}(?!\d))(?<=\d , )(?<!\d{4} , )"  # 1 , 250
    r"|(?=(?:com|net|org)\b)(?<=\w \. )"  # name . com
    r"|(?=['’”\"](?:\s|$))(?<=[,.?!] ))"  # the closing quote after a mark
)
_SPACED = re.compile(r" [.,;:?!%'’”\"]")  # somewhere in all that is closed up
_INITIALS = re.compile(r"\b[A-Z](?: \. [A-Z]\b)+ \.(?: (?=-\w))?")


def unspace(title: str) -> str:
    """Return ``title`` with plainly spaced-out punctuation closed up; any other title comes back as it was.

    Only a mark that stands alone between spaces (or a space and the end) is moved, so dashes, ampersands, times and
    names such as ``.NET`` stay.
    """
    if not _SPACED.search(title):
        return title
    if " . " in title:
        title = _INITIALS.sub(lambda found: found.group().replace(" ", ""), title)
    return _SUPERFLUOUS.sub("", title)
