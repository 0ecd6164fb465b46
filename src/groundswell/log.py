"""The program's log: lines for a person, or a JSON object a line for programs."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

CHATTY = ("httpx2", "alembic")  # our own log tells what came of each cycle


class JsonLines(logging.Formatter):
    """Time (UTC), level, logger and message; the trace where there is one; and the fields given as ``extra``."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the message holds."""
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
    """Send the log to standard error, as lines for a person or as JSON."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if as_json else logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
