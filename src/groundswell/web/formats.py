"""How values are written for readers: dates in full, signed figures with a proper minus, verdicts with a mark."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from groundswell.model import Verdict
from groundswell.wording.dates import write_day
from groundswell.wording.figures import write_interval, write_level, write_value

NARROW_SPACE = "\u202f"  # keeps a figure and its unit on one line
ABSENT = "–"

MARKS = {
    Verdict.SUPPORTED: "✓",
    Verdict.REFUTED: "✗",
    Verdict.INCONCLUSIVE: "≈",
    Verdict.INSUFFICIENT: "…",
    Verdict.NOT_MEASURED: "○",
}
PACES = ((0.75, "lively"), (0.55, "busier than before"), (0.45, "steady"), (0.25, "slowing"), (0.0, "quiet"))
PERCENT_UNITS = {
    "return",
    "return per percentage point",
    "share",
    "difference of shares",
}  # kept as fractions, shown as percent


def instant(value: datetime) -> str:
    """``18 September 2024, 14:05 UTC``."""
    return f"{write_day(value)}, {value:%H:%M} UTC"


def figure(value: float | None, unit: str | None) -> str:
    """Write an estimate in its unit, as in prose, kept on one line; an absent one is a dash."""
    return write_value(value, unit, ABSENT).replace(" ", NARROW_SPACE, 1)


def gauge_figure(value: float, unit: str) -> str:
    """Write a figure of the state of the trade, kept on one line."""
    return write_level(value, unit).replace(" ", NARROW_SPACE)


def tied(text: str) -> str:
    """The text with each percent sign kept on the line of its figure."""
    return text.replace(" %", f"{NARROW_SPACE}%")


def bare(unit: str | None) -> str | None:
    """The unit of figures in a table whose caption says per what they are."""
    return unit.partition(" per ")[0] if unit else unit


def per(unit: str | None) -> str:
    """What ``bare`` leaves out: ``, per percentage point``, or nothing."""
    return f", per {unit.partition(' per ')[2]}" if unit and " per " in unit else ""


def interval(low: float | None, high: float | None, unit: str | None) -> str:
    """Write ``low to high`` as figures are written; a bound at infinity is told in words, an absent one is a dash."""
    return write_interval(low, high, unit, figure, ABSENT)


def mark(verdict: Verdict | str) -> str:
    """The sign that stands before a verdict's words, for eyes only."""
    return MARKS[Verdict(verdict)]


def slugged(verdict: Verdict | str) -> str:
    """A verdict as the name of a style."""
    return str(verdict).replace(" ", "-")


def pace(momentum: float) -> str:
    """A story's momentum in words, the number behind them: ``lively (0.83)``."""
    words = next(text for least, text in PACES if momentum >= least)
    return f"{words} ({momentum:.2f})"


def is_web_address(text: str | None) -> bool:
    """Whether a link may point there: an http or https address with a host."""
    if not text:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def sentence(text: str) -> str:
    """The text with a stop at its end and a capital at its head, unless it begins with a name such as ``ff.smb``."""
    text = text.strip()
    if not text:
        return text
    head = text[0].upper() if text.split()[0].isalpha() else text[0]
    return head + text[1:] + ("" if text[-1] in ".!?…" else ".")
