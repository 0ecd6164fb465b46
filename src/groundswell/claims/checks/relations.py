"""Relations that follow from how their series are made, whatever the data: collinear factors, and identities.

Each factor and each response is a sum of series with weights, its *legs*. The series are taken as directions of their
own. What is left of a sum once others are known, and what share of one is part of another, then follows by least
squares over the legs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from groundswell.markets.studies.relation import Legs, Relation
from groundswell.wording.figures import use_minus_sign
from groundswell.wording.plurals import write_list

DEFINITIONS: Mapping[str, Legs] = {
    "T10Y2Y": {"DGS10": 1.0, "DGS2": -1.0},
    "T10Y3M": {"DGS10": 1.0, "DGS3MO": -1.0},
    "T10YIE": {"DGS10": 1.0, "DFII10": -1.0},
    "T5YIE": {"DGS5": 1.0, "DFII5": -1.0},
    "BAA10Y": {"DBAA": 1.0, "DGS10": -1.0},
    "AAA10Y": {"DAAA": 1.0, "DGS10": -1.0},
    "VIXCLS": {"^VIX": 1.0},
}
"""Published series that are sums of others, or the same under another name."""

SMALL = 1e-9


def explain_relation(relation: Relation) -> Iterator[tuple[str, str]]:
    """Say, with the field, which controls are collinear with the factor, and what of the response is the factor itself.

    A response over a later window cannot be part of the factor.
    """
    names = list(relation.terms)
    series = sorted({leg for legs in (*relation.terms.values(), *relation.responses) for leg in _expand(legs)})
    terms = np.column_stack([_weigh(relation.terms[name], series) for name in names])
    collinear = _find_combination(names, terms)
    if collinear is not None:
        name, combination = collinear
        yield (
            "controls",
            f"the factor and its controls are collinear: {name} is {combination} by definition, so that no data can "
            "separate their coefficients; leave one of them out",
        )
        return
    for response in () if relation.later else relation.responses:
        message = _explain_identity(response, names, terms, series, relation.estimates_slope)
        if message:
            yield "factor" if relation.estimates_slope else "long", message
            return


def _explain_identity(
    response: Legs, names: list[str], terms: NDArray[np.float64], series: list[str], estimates_slope: bool
) -> str:
    weights = _weigh(response, series)
    coefficients = np.linalg.lstsq(terms, weights, rcond=None)[0]
    words = _write_sum(response)
    if np.abs(weights - terms @ coefficients).max() < SMALL:
        made_of = write_list([name for name, one in zip(names, coefficients, strict=True) if abs(one) > SMALL])
        return (
            f"the response explains itself: {words} is made of {made_of}, so that the relation is an identity, true "
            "whatever happens; name a response and a factor that share no series"
        )
    own = float(coefficients[0])
    if not estimates_slope or abs(own) < SMALL:
        return ""
    shared = [leg for leg in _expand(response) if terms[series.index(leg), 0]]
    size = use_minus_sign(f"{own:.2g}")
    return (
        f"the response {words} and the factor {names[0]} share {write_list(shared)}: some {size} of the coefficient is "
        "algebra, not evidence; name a response and a factor that share no series, or measure what follows with the "
        "estimand prediction"
    )


def _find_combination(names: list[str], terms: NDArray[np.float64]) -> tuple[str, str] | None:
    """Find the first term that is a sum of those before it, and write the sum."""
    for number in range(1, len(names)):
        before, term = terms[:, :number], terms[:, number]
        weights = np.linalg.lstsq(before, term, rcond=None)[0]
        if np.abs(term - before @ weights).max() < SMALL:
            return names[number], _write_sum(
                {name: float(weight) for name, weight in zip(names, weights, strict=False) if abs(weight) > SMALL}
            )
    return None


def _weigh(legs: Legs, series: list[str]) -> NDArray[np.float64]:
    expanded = _expand(legs)
    return np.array([expanded.get(name, 0.0) for name in series])


def _expand(legs: Legs) -> dict[str, float]:
    """Replace series that are sums of others by these."""
    expanded: dict[str, float] = {}
    for name, weight in legs.items():
        for part, share in DEFINITIONS.get(name, {name: 1.0}).items():
            expanded[part] = expanded.get(part, 0.0) + weight * share
    return {name: weight for name, weight in expanded.items() if abs(weight) > SMALL}


def _write_sum(weights: Legs) -> str:
    """Write a sum: "DGS10 less DGS2", "minus RSP", "0.5 times A plus B"."""
    words = ""
    for name, weight in sorted(weights.items(), key=lambda each: each[1] < 0):
        size = "" if abs(abs(weight) - 1.0) < SMALL else f"{abs(weight):.3g} times "
        joint = (" less " if weight < 0 else " plus ") if words else ("minus " if weight < 0 else "")
        words += f"{joint}{size}{name}"
    return words
