"""When the articles of a story appeared: a few bars, drawn here because so small a chart needs no library."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from markupsafe import Markup

from groundswell.model import Member, Story
from groundswell.wording.dates import write_day
from groundswell.wording.plurals import write_count

WIDTH, HEIGHT, TOP_MARGIN, BOTTOM_MARGIN = 640, 130, 26, 28  # pixels
MAX_BARS = 60
MIN_ARTICLES = 3
STEPS = tuple(dt.timedelta(hours=hours) for hours in (1, 3, 6, 12, 24, 7 * 24, 28 * 24, 364 * 24))
"""Lengths of time that a bar may cover; the shortest one that needs at most ``MAX_BARS`` bars is used."""
MAX_BARS_WITH_TIMES = 3  # the times of more bars overlap on a phone
MAX_BAR_WIDTH = 48
CHART = Markup(
    '<svg class="chart volume" viewBox="0 0 {width} {height}" role="img" aria-label="{name}">'
    '<line x1="0" x2="{width}" y1="{floor}" y2="{floor}"/>{parts}</svg>'
)
BAR = Markup('<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>')
LABEL = Markup('<text x="{x:.1f}" y="{y:.1f}" class="{anchor}">{text}</text>')


@dataclass(frozen=True, slots=True)
class ArticleCounts:
    """The number of articles in each step of time from ``start``."""

    start: dt.datetime
    step: dt.timedelta
    counts: tuple[int, ...]

    @property
    def peak(self) -> int:
        """The index of the step with the most articles."""
        return max(range(len(self.counts)), key=self.counts.__getitem__)


@dataclass(frozen=True, slots=True)
class TimelineDay:
    """The articles of a story on one day, in order of time."""

    day: dt.date
    members: tuple[Member, ...]


def group_by_day(story: Story) -> tuple[TimelineDay, ...]:
    """Group the articles of a story by day (UTC), oldest first."""
    days: dict[dt.date, list[Member]] = {}
    for member in sorted(story.members, key=lambda member: member.article.at):
        days.setdefault(member.article.at.date(), []).append(member)
    return tuple(TimelineDay(day, tuple(members)) for day, members in days.items())


def count_articles_by_step(story: Story) -> ArticleCounts | None:
    """Count the articles of a story in steps of time; None where they are too few or too close together.

    A step is at least a day where the publication time of any article is a day only.
    """
    times = sorted(member.article.at for member in story.members)
    shortest = dt.timedelta(days=1) if any(member.article.day_only for member in story.members) else STEPS[0]
    if len(times) < MIN_ARTICLES or times[-1] - times[0] < shortest:
        return None
    steps = [step for step in STEPS if step >= shortest]
    midnight = dt.datetime.combine(times[0].date(), dt.time(), dt.UTC)
    step = next((step for step in steps if (times[-1] - times[0]) / step < MAX_BARS), steps[-1])
    start = midnight + step * ((times[0] - midnight) // step)
    counts = Counter((time - start) // step for time in times)
    return ArticleCounts(start, step, tuple(counts[index] for index in range(max(counts) + 1)))


def describe_counts(counts: ArticleCounts, story: Story) -> str:
    """Describe what the bars show, in a sentence."""
    total = f"{write_count(sum(counts.counts), 'article')} {_describe_days(story.first_at, story.last_at)}"
    most = max(counts.counts)
    if most == 1:
        return f"{total}."
    return (
        f"{total}, with a peak of {most} {_describe_interval(counts.start + counts.peak * counts.step, counts.step)}."
    )


def draw_counts(counts: ArticleCounts, name: str) -> Markup:
    """Draw the bars. The highest has its number; each has its time where they are few, otherwise the first and last."""
    slot, floor, most = WIDTH / len(counts.counts), HEIGHT - BOTTOM_MARGIN, max(counts.counts)
    bar_width = min(slot - min(2.0, slot / 5), MAX_BAR_WIDTH)
    parts = [
        BAR.format(x=index * slot + (slot - bar_width) / 2, y=floor - height, width=bar_width, height=height)
        for index, number in enumerate(counts.counts)
        if (height := (floor - TOP_MARGIN) * number / most)
    ]
    parts.append(LABEL.format(x=(counts.peak + 0.5) * slot, y=TOP_MARGIN - 5, anchor="middle", text=most))
    times = [_format_time(counts.start + index * counts.step, counts.step) for index in range(len(counts.counts))]
    if len(times) <= MAX_BARS_WITH_TIMES:
        labels = [((index + 0.5) * slot, "middle", text) for index, text in enumerate(times)]
    else:
        labels = [(0.0, "start", times[0]), (float(WIDTH), "end", times[-1])]
    parts += [LABEL.format(x=x, y=HEIGHT - 6, anchor=anchor, text=text) for x, anchor, text in labels]
    return CHART.format(width=WIDTH, height=HEIGHT, floor=floor, name=name, parts=Markup("").join(parts))


def describe_step(counts: ArticleCounts) -> str:
    """Write the length of a step: ``an hour``, ``3 hours``, ``a day``, ``7 days``."""
    hours = counts.step // dt.timedelta(hours=1)
    number, unit = (hours, "hour") if hours < 24 else (hours // 24, "day")
    return {(1, "hour"): "an hour", (1, "day"): "a day"}.get((number, unit), f"{number} {unit}s")


def _describe_days(first: dt.datetime, last: dt.datetime) -> str:
    days = (last.date() - first.date()).days + 1
    return f"over {days} days" if days > 1 else "in one day"


def _describe_interval(start: dt.datetime, step: dt.timedelta) -> str:
    if step < dt.timedelta(days=1):
        return f"between {start:%H:%M} and {start + step:%H:%M} UTC on {write_day(start)}"
    if step == dt.timedelta(days=1):
        return f"on {write_day(start)}"
    return f"in the {step.days} days from {write_day(start)}"


def _format_time(time: dt.datetime, step: dt.timedelta) -> str:
    day = write_day(time).rpartition(" ")[0] if step < dt.timedelta(days=300) else f"{time.year}"
    return f"{time:%H:%M}, {day}" if step < dt.timedelta(days=1) else day
