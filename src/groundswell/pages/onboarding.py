"""What is measured now, and what each further step would measure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from groundswell.model import SeriesRef
from groundswell.wording.plurals import choose_verb, write_count


@dataclass(frozen=True, slots=True)
class Supply:
    """A step that an owner may take, the series that it would bring, and those that come by the same way without it.

    ``way`` names that way: it is needed for the series in ``along``.
    """

    title: str
    remedy: str
    series: frozenset[SeriesRef]
    along: frozenset[SeriesRef] = frozenset()
    way: str = ""


@dataclass(frozen=True, slots=True)
class OnboardingStep:
    """A step, how it is taken, and the claims that it would measure as declared, as HUB/CLAIM.

    Those in ``counted`` are also measured by a step before it: it is another way to them. ``needs`` names what some of
    the claims need too.
    """

    title: str
    remedy: str
    claims: tuple[str, ...]
    counted: tuple[str, ...] = ()
    needs: str = ""

    @property
    def gain(self) -> str:
        """Say how many claims it would measure, those of earlier steps apart."""
        more, again = len(self.claims) - len(self.counted), len(self.counted)
        if not again:
            text = write_count(more, "more claim")
        elif more:
            text = f"{write_count(more, 'more claim')}, and another way to {again} of those above"
        else:
            text = f"another way to {again} of those above"
        return f"{text}, with {self.needs}" if self.needs else text


@dataclass(frozen=True, slots=True)
class Onboarding:
    """How many claims there are, those measured as declared and on a stand-in (HUB/CLAIM), from what, and the steps.

    ``waiting`` says for settings that are missing what waits for them.
    """

    claim_count: int
    measured: tuple[str, ...]
    stand_ins: tuple[str, ...]
    sources: tuple[str, ...]
    steps: tuple[OnboardingStep, ...]
    waiting: tuple[str, ...] = ()


def list_steps(missing: Mapping[str, frozenset[SeriesRef]], supplies: Iterable[Supply]) -> tuple[OnboardingStep, ...]:
    """List the supplies that would measure a claim, the most useful first.

    ``missing`` are the series that each claim misses. A claim counts for a supply that brings one of them, if nothing
    else is missing then.
    """
    steps = []
    for supply in supplies:
        within = supply.series | supply.along
        claims = tuple(claim for claim, refs in missing.items() if refs & supply.series and refs <= within)
        if claims:
            needs = supply.way if any(not missing[claim] <= supply.series for claim in claims) else ""
            steps.append(OnboardingStep(supply.title, supply.remedy, claims, needs=needs))
    steps.sort(key=lambda step: -len(step.claims))
    counted = set[str]()
    for number, step in enumerate(steps):
        steps[number] = replace(step, counted=tuple(claim for claim in step.claims if claim in counted))
        counted.update(step.claims)
    return tuple(steps)


def write_onboarding(onboarding: Onboarding) -> tuple[str, ...]:
    """Write the panel as lines for a terminal."""
    count = len(onboarding.measured)
    stand_ins = f", {len(onboarding.stand_ins)} on a stand-in" if onboarding.stand_ins else ""
    total = write_count(onboarding.claim_count, "claim")
    head = f"{count} of {total} {choose_verb(count)} measured as declared{stand_ins}."
    steps = (f"  {step.title}: {step.gain} ({step.remedy})" for step in onboarding.steps)
    waiting = (f"  {text}" for text in onboarding.waiting)
    return (head, *steps, *waiting)
