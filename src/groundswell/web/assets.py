"""The folders of templates and static files."""

from __future__ import annotations

from pathlib import Path

WEB_FOLDER = Path(__file__).parent
TEMPLATES = WEB_FOLDER / "templates"
STATIC = WEB_FOLDER / "static"
