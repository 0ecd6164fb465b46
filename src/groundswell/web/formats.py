"""Values as they are written on pages: times, figures that do not break over lines, verdicts with a symbol."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from groundswell.model import Verdict
from groundswell.redaction import is_redacted
from groundswell.wording import figures
from groundswell.wording.dates import write_day
from groundswell.wording.figures import write_interval, write_level, write_value

NARROW_SPACE = "\u202f"  # does not break: a figure and its unit stay on one line
ABSENT = "–"

VERDICT_SYMBOLS = {
    Verdict.SUPPORTED: "✓",
    Verdict.REFUTED: "✗",
    Verdict.INCONCLUSIVE: "≈",
    Verdict.INSUFFICIENT: "…",
    Verdict.NOT_MEASURED: "○",
}
MOMENTUM_WORDS = ((0.75, "high"), (0.55, "rising"), (0.45, "steady"), (0.25, "slowing"), (0.0, "low"))
"""The lowest momentum for each word."""
PERCENT_UNITS = {
    "return",
    "return per percentage point",
    "share",
    "difference of shares",
}  # units of values that are fractions and shown in percent


def write_instant(value: datetime) -> str:
    """Write a time: ``18 September 2024, 14:05 UTC``."""
    return f"{write_day(value)}, {value:%H:%M} UTC"


def write_figure(value: float | None, unit: str | None) -> str:
    """Write an estimate in its unit without a line break; a dash for None."""
    return write_value(value, unit, ABSENT).replace(" ", NARROW_SPACE, 1)


def write_size(value: float, unit: str | None) -> str:
    """Write how large an effect is, without sign and without a line break."""
    return figures.write_size(value, unit).replace(" ", NARROW_SPACE, 1)


def write_gauge_figure(value: float, unit: str) -> str:
    """Write the value of a gauge without a line break."""
    return write_level(value, unit).replace(" ", NARROW_SPACE)


def join_percent_signs(text: str) -> str:
    """Join each percent sign to its figure, so that no line breaks between them."""
    return text.replace(" %", f"{NARROW_SPACE}%")


def drop_denominator(unit: str | None) -> str | None:
    """Return the unit without its denominator, for the cells of a table whose caption has it."""
    return unit.partition(" per ")[0] if unit else unit


def write_denominator(unit: str | None) -> str:
    """Write the denominator of a unit for a caption, such as ``, per percentage point``; empty if there is none."""
    return f", per {unit.partition(' per ')[2]}" if unit and " per " in unit else ""


def write_bounds(low: float | None, high: float | None, unit: str | None) -> str:
    """Write ``low to high`` without line breaks in the figures; words stand for an infinite bound, a dash for None."""
    return write_interval(low, high, unit, write_figure, ABSENT)


def get_verdict_symbol(verdict: Verdict | str) -> str:
    """Return the symbol shown before a verdict. It adds nothing to the word and is hidden from screen readers."""
    return VERDICT_SYMBOLS[Verdict(verdict)]


def write_css_class(verdict: Verdict | str) -> str:
    """Return the CSS class of a verdict."""
    return str(verdict).replace(" ", "-")


def write_momentum(momentum: float) -> str:
    """Write a story's momentum as a word and a number: ``high (0.83)``."""
    word = next(word for minimum, word in MOMENTUM_WORDS if momentum >= minimum)
    return f"{word} ({momentum:.2f})"


def is_web_address(text: str | None) -> bool:
    """Whether a link may point to this address: http or https, with a host and nothing taken out of it."""
    if not text or is_redacted(text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def write_sentence(text: str) -> str:
    """End a text with a full stop and begin it with a capital letter, except for an id such as ``ff.smb``."""
    text = text.strip()
    if not text:
        return text
    head = text[0].upper() if text.split()[0].isalpha() else text[0]
    return head + text[1:] + ("" if text[-1] in ".!?…" else ".")


def capitalise(text: str) -> str:
    """Begin a text with a capital letter, and leave the rest as it is."""
    return text[:1].upper() + text[1:]
