"""The canonical form of a claim's specification, so that the same measurement always has the same hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from groundswell.claims.binding import bind_claim
from groundswell.claims.estimand import BoundMeasure
from groundswell.claims.spec import ClaimSpec


def write_canonical(claim: ClaimSpec) -> str | None:
    """Write what a claim measures and what it claims of it, as JSON with sorted keys; None where nothing is measured.

    It holds the estimand, the arguments that differ from their defaults, the range and how it is claimed, the smallest
    number of observations, and the day from which data are needed. Texts, readings and stand-ins are not in it: they
    can be reworded or added without changing what the verdict on the claim is of. An argument that is given at its
    default is the same as none, so that later releases may add arguments.
    """
    if claim.measure is None:
        return None
    measure, bound = claim.measure, bind_claim(claim).main
    arguments, minimum = measure.model_dump(mode="json")["arguments"], measure.minimum_events
    if isinstance(bound, BoundMeasure):
        arguments = bound.arguments.model_dump(mode="json", exclude_defaults=True)
        minimum = minimum or bound.estimand.minimum
    specification: Mapping[str, Any] = {
        "estimand": measure.estimand,
        "arguments": arguments,
        "range": list(measure.range),
        "holds": measure.holds,
        "minimum": minimum,
        "since": measure.since.isoformat() if measure.since else None,
    }
    return json.dumps(specification, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def list_specifications(claims: Iterable[ClaimSpec]) -> dict[str, tuple[str, str]]:
    """Return the canonical form of each claim that is measured, with its hash, by the claim's id."""
    written = ((claim.id, write_canonical(claim)) for claim in claims)
    return {claim: (canonical, hash_text(canonical)) for claim, canonical in written if canonical is not None}


def hash_text(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, as hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
