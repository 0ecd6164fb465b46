"""The level of every interval."""

from __future__ import annotations

CONFIDENCE = 0.95
"""The level of every interval."""

UPPER_TAIL = 1.0 - (1.0 - CONFIDENCE) / 2.0
"""The level of the upper bound of a two-sided interval."""
