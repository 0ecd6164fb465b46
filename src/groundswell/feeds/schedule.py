"""When to ask a feed again."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

LONGEST_WAIT = timedelta(hours=24)
_SPREAD = 0.1


def next_due(minutes: int, failures: int, tried_at: datetime, slug: str) -> datetime:
    """Return the instant after which a feed tried at ``tried_at`` may be asked again.

    The wait is the feed's interval, doubled for each failure since the last success, at most 24 hours; up to a tenth
    is added, fixed by the slug, so that feeds with one interval do not all come due at once.
    """
    wait = min(timedelta(minutes=minutes * (1 << min(failures, 20))), LONGEST_WAIT)
    digest = hashlib.blake2b(slug.encode(), digest_size=4).digest()
    spread = _SPREAD * int.from_bytes(digest) / 2**32
    return tried_at + min(wait * (1 + spread), LONGEST_WAIT)
