"""The seed of every random draw."""

from __future__ import annotations

SEED = 1994
"""Fixed, so that the same data give the same figures on every machine and day."""
