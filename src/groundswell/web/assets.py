"""Where the files of the site are."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent  # of templates and static files


STATIC = HERE / "static"
