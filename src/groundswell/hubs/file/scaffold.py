"""A hub file to start from: commented, and good as it stands."""

from __future__ import annotations

import json
from importlib.resources import files

from pydantic import TypeAdapter, ValidationError

from groundswell.errors import UsageError
from groundswell.hubs.file.load import parse_hub
from groundswell.hubs.spec import Slug


def write_skeleton(slug: str, title: str) -> str:
    """The text of a hub file. Raises ``UsageError`` for what cannot be a slug or a title."""
    try:
        TypeAdapter(Slug).validate_python(slug)
    except ValidationError:
        raise UsageError(
            f"{slug[:80]!r} cannot be a slug; use small letters, digits and single hyphens, such as small-caps"
        ) from None
    if not title.strip() or not title.isprintable():
        raise UsageError(f"{title[:80]!r} cannot be a title; give a line of text")
    text = (files("groundswell.hubs.file") / "skeleton.txt").read_text(encoding="utf-8")
    text = text.replace("SLUG", slug).replace('"TITLE"', json.dumps(title, ensure_ascii=False))
    parse_hub(text, slug)
    return text
