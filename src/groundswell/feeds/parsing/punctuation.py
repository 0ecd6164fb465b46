"""Close up punctuation that a collector left spaced out: ``U . S . stocks fall 0 . 8 %``."""

from __future__ import annotations

import re

# Each alternative matches one superfluous space by its context.
_SUPERFLUOUS_SPACE = re.compile(
    r" (?:(?=[.,;:?!](?:\s|$|['’”\"]))"  # before a mark with spaces around it
    r"|(?=%)(?<=\d )"  # 8 %
    r"|(?=\d)(?<=\d \. )"  # 0 . 25
    r"|(?=\d{3}(?!\d))(?<=\d , )(?<!\d{4} , )"  # 1 , 250
    r"|(?=(?:com|net|org)\b)(?<=\w \. )"  # name . com
    r"|(?=['’”\"](?:\s|$))(?<=[,.?!] ))"  # the closing quote after a mark
)
_SPACED_MARK = re.compile(r" [.,;:?!%'’”\"]")  # occurs in every title that is changed
_INITIALS = re.compile(r"\b[A-Z](?: \. [A-Z]\b)+ \.(?: (?=-\w))?")


def close_up_punctuation(title: str) -> str:
    """Return ``title`` with spaced-out punctuation closed up; any other title is returned unchanged.

    Only a mark between two spaces, or between a space and the end, is moved. Dashes, ampersands, times and names such
    as ``.NET`` stay as they are.
    """
    if not _SPACED_MARK.search(title):
        return title
    if " . " in title:
        title = _INITIALS.sub(lambda initials: initials.group().replace(" ", ""), title)
    return _SUPERFLUOUS_SPACE.sub("", title)
