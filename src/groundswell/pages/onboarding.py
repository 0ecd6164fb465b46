"""What is measured now, and what each further step would measure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from groundswell.model import SeriesRef
from groundswell.wording.plurals import choose_verb, write_count


@dataclass(frozen=True, slots=True)
class Supply:
    """A step that an owner may take, the series that it would bring, and those that come by the same way without it."""

    title: str
    remedy: str
    series: frozenset[SeriesRef]
    along: frozenset[SeriesRef] = frozenset()


@dataclass(frozen=True, slots=True)
class OnboardingStep:
    """A step, how it is taken, and the claims that it would measure as declared, as HUB/CLAIM."""

    title: str
    remedy: str
    claims: tuple[str, ...]


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

    def select_hub(self, slug: str, claim_count: int) -> Onboarding:
        """Return the part of one hub, which has ``claim_count`` claims."""

        def select(claims: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(claim for claim in claims if claim.startswith(f"{slug}/"))

        steps = (replace(step, claims=select(step.claims)) for step in self.steps)
        return replace(
            self,
            claim_count=claim_count,
            measured=select(self.measured),
            stand_ins=select(self.stand_ins),
            steps=tuple(sorted((step for step in steps if step.claims), key=lambda step: -len(step.claims))),
        )


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
            steps.append(OnboardingStep(supply.title, supply.remedy, claims))
    return tuple(sorted(steps, key=lambda step: -len(step.claims)))


def write_onboarding(onboarding: Onboarding) -> tuple[str, ...]:
    """Write the panel as lines for a terminal."""
    count = len(onboarding.measured)
    stand_ins = f", {len(onboarding.stand_ins)} on a stand-in" if onboarding.stand_ins else ""
    total = write_count(onboarding.claim_count, "claim")
    head = f"{count} of {total} {choose_verb(count)} measured as declared{stand_ins}."
    steps = (
        f"  {step.title}: {write_count(len(step.claims), 'more claim')} ({step.remedy})" for step in onboarding.steps
    )
    waiting = (f"  {text}" for text in onboarding.waiting)
    return (head, *steps, *waiting)
