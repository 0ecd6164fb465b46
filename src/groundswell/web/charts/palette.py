"""The colours of the style sheet, for charts that are shown outside the site and cannot use it."""

from __future__ import annotations

import re
from functools import cache

from groundswell.web.assets import STATIC

_ROOT_RULE = re.compile(r":root \{([^}]*)\}")
_COLOUR = re.compile(r"--([a-z]+): (#[0-9a-f]{6})")
_VARIABLE = re.compile(r"var\(--([a-z]+)\)")


@cache
def light_colours() -> dict[str, str]:
    """Return the colours of the light scheme by name: those of the first rule of the style sheet."""
    rule = _ROOT_RULE.search((STATIC / "groundswell.css").read_text(encoding="utf-8"))
    assert rule is not None  # noqa: S101  (our own file)
    return dict(_COLOUR.findall(rule[1]))


def replace_variables(text: str) -> str:
    """Replace the CSS variables in a drawing or specification by their colours in the light scheme."""
    colours = light_colours()
    coloured = _VARIABLE.sub(lambda match: colours[match[1]], text)
    return coloured.replace("currentColor", colours["ink"])
