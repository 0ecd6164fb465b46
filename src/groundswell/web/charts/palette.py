"""The colours of the style sheet, for pictures that leave the site and cannot ask it."""

from __future__ import annotations

import re
from functools import cache

from groundswell.web.assets import STATIC

_RULE = re.compile(r":root \{([^}]*)\}")
_COLOUR = re.compile(r"--([a-z]+): (#[0-9a-f]{6})")
_VARIABLE = re.compile(r"var\(--([a-z]+)\)")


@cache
def light() -> dict[str, str]:
    """The colours of the light scheme by name: those of the first rule of the style sheet."""
    rule = _RULE.search((STATIC / "groundswell.css").read_text(encoding="utf-8"))
    assert rule is not None  # noqa: S101  (our own file)
    return dict(_COLOUR.findall(rule[1]))


def coloured(text: str) -> str:
    """A drawing or specification with its variables replaced by colours."""
    colours = light()
    written = _VARIABLE.sub(lambda found: colours[found[1]], text)
    return written.replace("currentColor", colours["ink"])
