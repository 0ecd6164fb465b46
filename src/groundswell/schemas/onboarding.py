"""The JSON of what is measured, of further steps, and of the checks of an installation."""

from __future__ import annotations

from pydantic import Field

from groundswell.schemas.base import Schema


class OnboardingStep(Schema):
    title: str
    remedy: str = Field(description="How the step is taken.")
    claims: tuple[str, ...] = Field(description="The claims that it would measure as declared, as HUB/CLAIM.")
    counted: tuple[str, ...] = Field(description="Of these, the claims that a step before it would measure too.")
    needs: str = Field(description="What some of the claims need too, such as a network; empty where nothing.")


class Onboarding(Schema):
    claim_count: int
    measured: tuple[str, ...] = Field(description="Claims measured as declared, as HUB/CLAIM.")
    stand_ins: tuple[str, ...] = Field(description="Claims measured on a stand-in.")
    sources: tuple[str, ...] = Field(description="From which data.")
    steps: tuple[OnboardingStep, ...]
    waiting: tuple[str, ...] = Field(description="What waits for a setting.")


class Check(Schema):
    name: str
    state: str = Field(description="ok, note or problem.")
    text: str


class Examination(Schema):
    """The answer of ``groundswell doctor``."""

    checks: tuple[Check, ...]
    onboarding: Onboarding
