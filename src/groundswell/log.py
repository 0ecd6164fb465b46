"""The program's log: lines for people, or one JSON object a line for programs."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

QUIETED_LOGGERS = ("httpx2", "alembic")  # they log every request and migration; our own log sums up each cycle


class JsonFormatter(logging.Formatter):
    """Formats time (UTC), level, logger and message, the traceback if there is one, and the fields in ``extra``."""

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
        return json.dumps(line, ensure_ascii=False, default=str)


def start_log(as_json: bool) -> None:
    """Send the log to standard error, as lines for people or as JSON."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if as_json else logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in QUIETED_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
