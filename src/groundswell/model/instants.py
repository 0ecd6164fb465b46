"""Instants that several packages need."""

from __future__ import annotations

from datetime import UTC, datetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""The start of Unix time, which stands for "unknown" in many programs."""
