"""When the articles of a story came: a few bars, drawn here because so small a picture needs no library."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from markupsafe import Markup

from groundswell.model import Member, Story
from groundswell.web.formats import count
from groundswell.wording.dates import day_in_words

WIDTH, HEIGHT, TOP, FOOT = 640, 130, 26, 28
MOST_BARS = 60
LEAST_ARTICLES = 3
STEPS = tuple(dt.timedelta(hours=hours) for hours in (1, 3, 6, 12, 24, 7 * 24, 28 * 24, 364 * 24))
"""Lengths of a bar, of which the shortest that gives at most sixty bars is taken."""
MOST_LABELLED, WIDEST = 5, 48
PICTURE = Markup(
    '<svg class="chart volume" viewBox="0 0 {width} {height}" role="img" aria-label="{name}">'
    '<line x1="0" x2="{width}" y1="{floor}" y2="{floor}"/>{parts}</svg>'
)
BAR = Markup('<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>')
LABEL = Markup('<text x="{x:.1f}" y="{y:.1f}" class="{at}">{words}</text>')


@dataclass(frozen=True, slots=True)
class Volume:
    """How many articles came in each step of time from ``start`` on."""

    start: dt.datetime
    step: dt.timedelta
    counts: tuple[int, ...]

    @property
    def busiest(self) -> int:
        return max(range(len(self.counts)), key=self.counts.__getitem__)


@dataclass(frozen=True, slots=True)
class Day:
    """The articles of one day of a story, in order."""

    day: dt.date
    members: tuple[Member, ...]


def timeline(story: Story) -> tuple[Day, ...]:
    """The articles of a story by day (UTC), oldest first."""
    days: dict[dt.date, list[Member]] = {}
    for member in sorted(story.members, key=lambda one: one.article.at):
        days.setdefault(member.article.at.date(), []).append(member)
    return tuple(Day(day, tuple(members)) for day, members in days.items())


def volume(story: Story) -> Volume | None:
    """Articles by the hour, or by the day where any has a day alone, or longer; None where they are too few to tell."""
    instants = sorted(member.article.at for member in story.members)
    shortest = dt.timedelta(days=1) if any(member.article.day_only for member in story.members) else STEPS[0]
    if len(instants) < LEAST_ARTICLES or instants[-1] - instants[0] < shortest:
        return None
    steps = [step for step in STEPS if step >= shortest]
    midnight = dt.datetime.combine(instants[0].date(), dt.time(), dt.UTC)
    step = next((step for step in steps if (instants[-1] - instants[0]) / step < MOST_BARS), steps[-1])
    start = midnight + step * ((instants[0] - midnight) // step)
    counts = Counter((at - start) // step for at in instants)
    return Volume(start, step, tuple(counts[place] for place in range(max(counts) + 1)))


def finding(found: Volume, story: Story) -> str:
    """What the bars show, in a sentence."""
    most = found.counts[found.busiest]
    begin = found.start + found.busiest * found.step
    total = count(sum(found.counts), "article")
    return f"{total}{_over(story.first_at, story.last_at)}; most, {most}, came {_within(begin, found.step)}."


def volume_chart(found: Volume, name: str) -> Markup:
    """The bars, named by what they show; the busiest one is labelled with its number, few ones each with its time."""
    slot, floor, most = WIDTH / len(found.counts), HEIGHT - FOOT, max(found.counts)
    wide = min(slot - min(2.0, slot / 5), WIDEST)
    parts = [
        BAR.format(x=place * slot + (slot - wide) / 2, y=floor - height, width=wide, height=height)
        for place, number in enumerate(found.counts)
        if (height := (floor - TOP) * number / most)
    ]
    parts.append(LABEL.format(x=(found.busiest + 0.5) * slot, y=TOP - 5, at="middle", words=most))
    moments = [_moment(found.start + place * found.step, found.step) for place in range(len(found.counts))]
    if len(moments) <= MOST_LABELLED:
        placed = [((place + 0.5) * slot, "middle", words) for place, words in enumerate(moments)]
    else:
        placed = [(0.0, "start", moments[0]), (float(WIDTH), "end", moments[-1])]
    parts += [LABEL.format(x=x, y=HEIGHT - 6, at=at, words=words) for x, at, words in placed]
    return PICTURE.format(width=WIDTH, height=HEIGHT, floor=floor, name=name, parts=Markup("").join(parts))


def step_in_words(found: Volume) -> str:
    """``an hour``, ``3 hours``, ``a day``, ``7 days``."""
    hours = found.step // dt.timedelta(hours=1)
    number, unit = (hours, "hour") if hours < 24 else (hours // 24, "day")
    return {(1, "hour"): "an hour", (1, "day"): "a day"}.get((number, unit), f"{number} {unit}s")


def _over(first: dt.datetime, last: dt.datetime) -> str:
    days = (last.date() - first.date()).days + 1
    return f" over {days} days" if days > 1 else " in a day"


def _within(begin: dt.datetime, step: dt.timedelta) -> str:
    if step < dt.timedelta(days=1):
        return f"between {begin:%H:%M} and {begin + step:%H:%M} UTC on {day_in_words(begin)}"
    if step == dt.timedelta(days=1):
        return f"on {day_in_words(begin)}"
    return f"in the {step.days} days from {day_in_words(begin)} on"


def _moment(instant: dt.datetime, step: dt.timedelta) -> str:
    day = day_in_words(instant).rpartition(" ")[0] if step < dt.timedelta(days=300) else f"{instant.year}"
    return f"{instant:%H:%M}, {day}" if step < dt.timedelta(days=1) else day
