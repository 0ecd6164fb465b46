"""The canonical form of a claim's specification, so that the same measurement always has the same hash.

Form 1, of the first releases, has no ``form`` and leaves out what is at its default. Form 2 has every argument, and the
version of the estimand: a release that changes a default, or what an estimand does, starts a new version of the claims
that this is a change for. Specifications keep the form in which they were registered.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from groundswell.claims.binding import bind_claim
from groundswell.claims.estimand import BoundMeasure, Refused
from groundswell.claims.registry import ESTIMANDS, bind
from groundswell.claims.spec import ClaimSpec, MeasureSpec

FORM = 2

FIRST_VERSION = 1
"""Of every estimand when form 1 was written."""


def write_canonical(claim: ClaimSpec) -> str | None:
    """Write what a claim measures and what it claims of it, as JSON with sorted keys; None where nothing is measured.

    It holds the estimand with its version, all arguments, the range and how it is claimed, the smallest number of
    observations, and the day from which data are needed. Texts, readings and stand-ins are not in it: they can be
    reworded or added without changing what the verdict on the claim is of.
    """
    if claim.measure is None:
        return None
    bound = bind_claim(claim).main
    if not isinstance(bound, BoundMeasure):
        return _write(claim.measure, claim.measure.model_dump(mode="json")["arguments"], None, form=FORM, code=None)
    arguments = bound.arguments.model_dump(mode="json")
    return _write(claim.measure, arguments, bound, form=FORM, code=bound.estimand.version)


def list_specifications(claims: Iterable[ClaimSpec], registered: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return the canonical form of each claim that is measured, with its hash, by the claim's id.

    ``registered`` are the newest canonical forms on record, which are kept where they are of the same measurement.
    """
    found = {}
    for claim in claims:
        canonical = write_canonical(claim)
        before = registered.get(claim.id)
        if before is not None and _is_same(before, claim, canonical):
            canonical = before
        if canonical is not None:
            found[claim.id] = (canonical, hash_text(canonical))
    return found


def read_canonical(canonical: str) -> tuple[MeasureSpec, BoundMeasure | Refused]:
    """Read a registered specification as it is measured; refused where this program does not measure it so any more."""
    fields = json.loads(canonical)
    names = ("estimand", "arguments", "range", "holds", "since")
    measure = MeasureSpec.model_validate({name: fields[name] for name in names})
    estimand = ESTIMANDS.get(measure.estimand)
    if estimand is None or estimand.version != fields.get("code", FIRST_VERSION):
        return measure, Refused(f"this version of the program does not measure {measure.estimand} as it was registered")
    try:
        return measure, bind(measure)
    except ValidationError:
        return measure, Refused(f"this version of the program knows other arguments of {measure.estimand}")


def hash_text(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, as hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _is_same(registered: str, claim: ClaimSpec, canonical: str | None) -> bool:
    """Whether a registered specification is that of the claim; arguments added since may be at their defaults."""
    bound = bind_claim(claim).main
    if canonical is None or claim.measure is None or not isinstance(bound, BoundMeasure):
        return registered == canonical
    given = bound.arguments.model_dump(mode="json", exclude_defaults=True)
    before, now = json.loads(registered), json.loads(canonical)
    if "form" not in before:
        return bound.estimand.version == FIRST_VERSION and registered == _write(claim.measure, given, bound)
    added = now["arguments"].keys() - before["arguments"].keys() - given.keys()
    return bool(before == now | {"arguments": {k: v for k, v in now["arguments"].items() if k not in added}})


def _write(measure: MeasureSpec, arguments: Mapping[str, Any], bound: BoundMeasure | None, **more: Any) -> str:
    specification = {
        "estimand": measure.estimand,
        "arguments": arguments,
        "range": list(measure.range),
        "holds": measure.holds,
        "minimum": measure.minimum_events or (bound.estimand.minimum if bound else None),
        "since": measure.since.isoformat() if measure.since else None,
        **more,
    }
    return json.dumps(specification, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
