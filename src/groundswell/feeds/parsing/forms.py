"""How a text of a feed is to be read."""

from __future__ import annotations

from enum import Enum


class Form(Enum):
    """Whether a text is plain or markup: by the rules of its format, or to be judged by what it looks like."""

    PLAIN = "plain"
    MARKUP = "markup"
    UNSURE = "unsure"
