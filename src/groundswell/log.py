"""The program's log: lines for people, or one JSON object a line for programs."""

from __future__ import annotations

import json
import logging
import math
import threading
import time
from collections.abc import Callable, Collection
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TextIO

from groundswell.redaction import redact_text

log = logging.getLogger("groundswell")

QUIETED_LOGGERS = ("httpx2", "alembic")  # they log every request and migration; our own log sums up each cycle
WINDOW_SECONDS = 60.0
BURST_BYTES, BYTES_PER_SECOND = 128 * 1024, 512
MAX_TRACKED_RECORDS = 1000
MAX_KEY_LENGTH = 1000

Key = tuple[str, int, str, str, str, int]


class TextFormatter(logging.Formatter):
    """Formats time and message for people, with the traceback if there is one, without ``secrets`` and addresses'."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        super().__init__("%(asctime)s %(message)s", "%H:%M:%S")
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """Format a record."""
        return redact_text(super().format(record), self._secrets)


class JsonFormatter(logging.Formatter):
    """Formats time (UTC), level, logger and message, the traceback if there is one, and the fields in ``extra``.

    ``secrets``, and those in addresses, are taken out of every text.
    """

    def __init__(self, secrets: Collection[str] = ()) -> None:
        super().__init__()
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """Format a record as one line, whatever its message contains."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        texts = {name: redact_text(text, self._secrets) for name, text in line.items() if isinstance(text, str)}
        return json.dumps(line | texts, ensure_ascii=False, default=str)


class LimitedHandler(logging.StreamHandler[TextIO]):
    """Writes records, counts those that repeat instead of writing them again, and bounds how fast the log grows.

    A record repeats another if logger, level, message, values and the place of the exception are the same. Of each,
    one is written in ``WINDOW_SECONDS``; at the end of the time a line says how many there were. Beyond that, each
    top-level logger may write ``BURST_BYTES`` at once and ``BYTES_PER_SECOND`` in the long run, so that no library
    that complains about every request can fill the disk or silence our own lines. What was left out is counted too.
    """

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream)
        self._clock = clock
        self._repeats: dict[Key, _Repeats] = {}
        self._budgets: dict[str, _Budget] = {}
        self._timer: threading.Timer | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, or count it."""
        now = self._clock()
        self._write_counts(now)
        key = _describe(record)
        if key in self._repeats:
            self._repeats[key].count += 1
            self._start_timer()
            return
        if len(self._repeats) < MAX_TRACKED_RECORDS:
            self._repeats[key] = _Repeats(record.name, record.levelno, _shorten(record.getMessage()), now)
        self._write(record, now)

    def write_due_counts(self) -> None:
        """Write the counts whose time is over."""
        with self.lock or nullcontext():
            self._write_counts(self._clock())

    def close(self) -> None:
        """Write all counts; the program ends."""
        with self.lock or nullcontext():
            if self._timer is not None:
                self._timer.cancel()
            self._write_counts(math.inf)
        super().close()

    def _write(self, record: logging.LogRecord, now: float) -> None:
        budget = self._budgets.setdefault(record.name.partition(".")[0], _Budget(now))
        if budget.take(len(self.format(record)), now):
            super().emit(record)
        else:
            self._start_timer()

    def _write_counts(self, now: float) -> None:
        """Write how often each record was repeated whose time is over, and how much each logger left out."""
        while self._repeats:
            key, repeats = next(iter(self._repeats.items()))  # the oldest
            if now - repeats.since < WINDOW_SECONDS:
                break
            del self._repeats[key]
            if repeats.count:
                message = f"repeated {repeats.count} times: {repeats.text}"
                self._write(_build_record(repeats.logger, repeats.level, message), now)
        for name, budget in self._budgets.items():
            if budget.left_out and now - budget.since >= WINDOW_SECONDS:
                left_out, budget.left_out, budget.since = budget.left_out, 0, now
                message = f"{left_out} lines were left out, because there were too many"
                super().emit(_build_record(name, logging.WARNING, message))

    def _start_timer(self) -> None:
        """Make sure that counts are written although no further record comes."""
        if self._timer is None or not self._timer.is_alive():
            self._timer = threading.Timer(WINDOW_SECONDS + 1, self.write_due_counts)
            self._timer.daemon = True
            with suppress(RuntimeError):  # no thread can be started any more: the counts are written at the end
                self._timer.start()


@dataclass(slots=True)
class _Repeats:
    """A record that was written, without the objects that it refers to, and how often it was repeated."""

    logger: str
    level: int
    text: str
    since: float
    count: int = 0


@dataclass(slots=True)
class _Budget:
    """The bytes that a logger may still write, refilled at a constant rate."""

    refilled_at: float
    left: float = BURST_BYTES
    left_out: int = 0
    since: float = 0.0

    def take(self, size: int, now: float) -> bool:
        self.left = min(BURST_BYTES, self.left + (now - self.refilled_at) * BYTES_PER_SECOND)
        self.refilled_at = now
        if self.left < size:
            self.left_out += 1
            self.since = self.since if self.left_out > 1 else now
            return False
        self.left -= size
        return True


def _build_record(logger: str, level: int, message: str) -> logging.LogRecord:
    return logging.LogRecord(logger, level, "", 0, message, None, None)


def _describe(record: logging.LogRecord) -> Key:
    """Return what two records have in common that say the same."""
    trace = record.exc_info[2] if record.exc_info else None
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = (trace.tb_frame.f_code.co_filename, trace.tb_lineno) if trace is not None else ("", 0)
    kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
    return record.name, record.levelno, record.getMessage()[:MAX_KEY_LENGTH], kind, *place


def _shorten(text: str) -> str:
    return text if len(text) <= 200 else text[:200] + "…"


def start_log(as_json: bool, secrets: Collection[str] = ()) -> None:
    """Send the log to standard error, as lines for people or as JSON, without ``secrets``."""
    handler = LimitedHandler()
    handler.setFormatter(JsonFormatter(secrets) if as_json else TextFormatter(secrets))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in QUIETED_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)


def log_program_error(place: str, error: BaseException) -> str:
    """Log an exception that nobody expected, with its trace; return its kind in one line for readers.

    ``place`` names the source or the step. The text of the exception stays in the log: it may repeat what was sent.
    """
    kind = f"the program failed on it: {type(error).__name__}"
    log.error("%s: %s", place, kind, exc_info=error, extra={"fields": {"source": place, "error": type(error).__name__}})
    return kind
