"""Write a new hub file with comments, which is valid as it is."""

from __future__ import annotations

import json
from importlib.resources import files

from pydantic import TypeAdapter, ValidationError

from groundswell.errors import UsageError
from groundswell.hubs.file.load import parse_hub
from groundswell.hubs.spec import Slug


def write_skeleton(slug: str, title: str) -> str:
    """Return the text of a new hub file. Raises ``UsageError`` for an invalid slug or title."""
    try:
        TypeAdapter(Slug).validate_python(slug)
    except ValidationError:
        raise UsageError(
            f"{slug[:80]!r} is not a valid slug; use small letters, digits and single hyphens, such as small-caps"
        ) from None
    if not title.strip() or not title.isprintable():
        raise UsageError(f"{title[:80]!r} is not a valid title; give one line of text")
    text = (files("groundswell.hubs.file") / "skeleton.txt").read_text(encoding="utf-8")
    text = text.replace("SLUG", slug).replace('"TITLE"', json.dumps(title, ensure_ascii=False))
    parse_hub(text, slug)
    return text
