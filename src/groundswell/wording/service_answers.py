"""What data services answered, in words for readers: who refused when, and when they are asked again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from groundswell.model import Outcome
from groundswell.model.service_answers import ServiceAnswer

_VERBS = {
    Outcome.REFUSED: "refused",
    Outcome.UNREACHABLE: "could not be reached",
    Outcome.PROGRAM_ERROR: "could not be read",
}


def describe_failures(failures: Iterable[tuple[str, ServiceAnswer]], now: dt.datetime) -> str:
    """Write what the services of these titles failed to send, each failure once; times are in UTC.

    For example: Yahoo charts refused at 14:05 (HTTP 429 Too Many Requests); asked again at 14:50.
    """
    due_by_text: dict[str, dt.datetime] = {}
    for title, answer in failures:
        verb = (
            _VERBS.get(answer.outcome, "sent nothing usable") if answer.outcome.failed else "sent too short a history"
        )
        why = f" ({answer.detail})" if answer.detail else ""
        text = f"{title} {verb} at {write_time(answer.tried_at, now)}{why}"
        due_by_text[text] = min(due_by_text.get(text, answer.due_at), answer.due_at)
    return "; ".join(f"{text}; asked again {_write_due(due, now)}" for text, due in due_by_text.items())


def write_time(at: dt.datetime, now: dt.datetime) -> str:
    """Write the time of an instant, with its day unless that is today's."""
    return f"{at:%H:%M} UTC" if at.date() == now.date() else f"{at:%H:%M} UTC on {at:%Y-%m-%d}"


def _write_due(due: dt.datetime, now: dt.datetime) -> str:
    return "in the next cycle" if due <= now else f"at {write_time(due, now)}"
