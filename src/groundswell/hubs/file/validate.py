"""Validate a hub file: find all of its mistakes at once, each with its line, its field and the fix."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from groundswell.claims.checks.series import explain_shown
from groundswell.claims.checks.subjects import explain_mismatch
from groundswell.claims.spec import FieldPath
from groundswell.claims.validate import check_claim
from groundswell.hubs.answers import FIGURE_WRITERS, REFERENCE
from groundswell.hubs.file.error_messages import explain_error
from groundswell.hubs.file.toml_lines import find_line, locate_fields
from groundswell.hubs.spec import HubSpec
from groundswell.hubs.tagging.tagger import Tagger

WORDS = ("id", "side", "text", "explanation")
"""The fields of a claim that do not say how it is measured, which are left of one with a mistake."""

LONG, SHORT = "long", "short"
"""The fields that name the series of a chart or a gauge, which is missing with the reason where one does not fit."""

REFUSED = "refused by groundswell hubs check"
"""The beginning of the reason why a claim with a mistake is not measured."""

FieldMistake = tuple[FieldPath, str]
"""The path of a field and what is wrong with it."""


@dataclass(frozen=True, slots=True, order=True)
class HubFileMistake:
    """A mistake in a field and how to fix it; ``line`` counts from 1."""

    line: int
    field: str
    message: str

    def __str__(self) -> str:
        field = f", field {self.field}" if self.field else ""
        return f"line {self.line}{field}: {self.message}"


def read_hub(text: str, name: str) -> HubSpec | tuple[HubFileMistake, ...]:
    """Read the hub file ``text``; ``name`` is its file name without ``.toml``.

    Return the hub, or every mistake by line. The rules between fields are checked only when each field is valid.
    """
    try:
        fields = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return (_describe_syntax_error(text, str(error)),)
    hub, mistakes = _read_fields(fields, name)
    return hub if hub is not None and not mistakes else _place(text, mistakes)


def read_usable_hub(text: str, name: str) -> HubSpec | tuple[HubFileMistake, ...]:
    """Read a hub file as ``read_hub`` does, but let no claim stop the hub: one with a mistake is not measured.

    What is wrong with it is then the reason. Nor does a chart or a gauge whose series do not fit: it is missing on the
    page, with the reason. Other mistakes are returned.
    """
    strict = read_hub(text, name)
    if isinstance(strict, HubSpec):
        return strict
    try:
        fields = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return strict
    _, mistakes = _read_fields(fields, name)
    by_claim: dict[int, dict[str, str | int]] = {}
    for path, message in filter(_stops_hub, mistakes):
        if path[0] != "claims" or len(path) < 3 or path[2] == "id":
            return strict
        by_claim.setdefault(int(path[1]), {})[f"{write_path(path[2:])}: {message}"] = path[2]
    for number, messages in by_claim.items():
        claim = fields["claims"][number]
        sound = {name: claim[name] for name in WORDS if name in claim and name not in messages.values()}
        blank = {"side": "context", "text": f"Claim {claim['id']}"}
        fields["claims"][number] = {**blank, **sound, "unmeasured": f"{REFUSED}: {'; '.join(messages)}"}
    hub, remaining = _read_fields(fields, name)
    return hub if hub is not None and not any(map(_stops_hub, remaining)) else strict


def _stops_hub(mistake: FieldMistake) -> bool:
    path, _ = mistake
    return not (path[0] in {"charts", "gauges"} and path[-1] in {LONG, SHORT})


def _read_fields(fields: dict[str, Any], name: str) -> tuple[HubSpec | None, list[FieldMistake]]:
    try:
        hub = HubSpec.model_validate(fields)
    except ValidationError as error:
        return None, [(tuple(detail["loc"]), explain_error(detail)) for detail in error.errors()]
    return hub, list(_check_contents(hub, name))


def _place(text: str, mistakes: list[FieldMistake]) -> tuple[HubFileMistake, ...]:
    lines = locate_fields(text)
    return tuple(
        sorted(HubFileMistake(find_line(lines, path), write_path(path), message) for path, message in mistakes)
    )


def write_path(path: Iterable[str | int]) -> str:
    """Write a path for readers: ``("claims", 2, "text")`` is ``claims[2].text``. Positions count from 0."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _describe_syntax_error(text: str, message: str) -> HubFileMistake:
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)", message)
    reason = message[: place.start()] if place else message
    if place and place[1]:
        return HubFileMistake(int(place[1]), "", f"not TOML at column {place[2]}: {reason}; fix the syntax there")
    last_line = max(1, len(text.splitlines()))
    return HubFileMistake(last_line, "", f"not TOML at the end of the file: {reason}; close what is open")


def _check_contents(hub: HubSpec, name: str) -> Iterator[FieldMistake]:
    if hub.slug != name:
        yield ("slug",), f"is '{hub.slug}' but the file is named '{name}.toml'; make the two equal"
    yield from _check_unique("claims", "id", [claim.id for claim in hub.claims])
    yield from _check_unique("charts", "id", [chart.id for chart in hub.charts])
    yield from _check_unique("gauges", "id", [gauge.id for gauge in hub.gauges])
    yield from _check_unique("instruments", "symbol", [instrument.symbol for instrument in hub.instruments])
    for number, slug in enumerate(hub.related):
        if slug == hub.slug:
            yield ("related", number), "names the hub itself; name only other hubs"
    for number, claim in enumerate(hub.claims):
        for path, message in check_claim(claim, hub.names):
            yield ("claims", number, *path), message
    yield from _check_shown_series(hub)
    yield from _check_answers(hub)
    yield from _check_claim_mentions(hub)
    yield from _check_tagging(hub)


def find_warnings(hub: HubSpec) -> tuple[str, ...]:
    """Find what is no mistake of a hub's claims but may mislead, each with the id of the claim."""
    warnings = ((claim.id, explain_mismatch(claim, hub.names)) for claim in hub.claims)
    return tuple(f"claim {claim}: {warning}" for claim, warning in warnings if warning)


def _check_unique(table: str, key: str, values: list[str]) -> Iterator[FieldMistake]:
    for number, value in enumerate(values):
        if value in values[:number]:
            message = f"'{value}' is already used by {table}[{values.index(value)}]; choose another"
            yield (table, number, key), message


def _check_shown_series(hub: HubSpec) -> Iterator[FieldMistake]:
    """Check that the series of charts and gauges fit their use, as those of claims do."""
    for table, shown in (("charts", hub.charts), ("gauges", hub.gauges)):
        for number, spec in enumerate(shown):
            for name, message in explain_shown(spec.refs, hub.names):
                yield (table, number, SHORT if name == spec.short else LONG), message


def _check_answers(hub: HubSpec) -> Iterator[FieldMistake]:
    """Check that the references in answers name claims of the hub and fields of a claim."""
    ids = {claim.id for claim in hub.claims}
    for number, question in enumerate(hub.questions):
        path: FieldPath = ("questions", number, "answer")
        for claim_id, field in REFERENCE.findall(question.answer):
            if claim_id not in ids:
                yield path, f"{{{claim_id}.{field}}} names no claim of this hub; use one of its claim ids"
            elif field not in FIGURE_WRITERS:
                yield path, f"{{{claim_id}.{field}}} names no field of a claim; use one of {', '.join(FIGURE_WRITERS)}"
        if re.search("[{}]", REFERENCE.sub("", question.answer)):
            yield path, "has a brace that is not part of a reference; write references as {C1.estimate}"


def _check_claim_mentions(hub: HubSpec) -> Iterator[FieldMistake]:
    ids = {claim.id for claim in hub.claims}
    for number, rule in enumerate(hub.claim_mentions):
        if rule.claim not in ids:
            message = f"'{rule.claim}' is not a claim of this hub; use one of its claim ids"
            yield ("claim_mentions", number, "claim"), message


def _check_tagging(hub: HubSpec) -> Iterator[FieldMistake]:
    """Check that the rules can admit a headline, and run the hub's headline tests."""
    rules = hub.tagging
    if not (rules.strong or rules.names or rules.pairs or rules.tickers or hub.examples.belongs):
        yield ("tagging",), "admits no headline; give 'strong', 'names', 'pairs' or 'tickers'"
        return
    tagger = Tagger((hub,))
    for number, test in enumerate(hub.tests):
        tags = tagger.tag(test.title)
        if bool(tags) != test.belongs:
            outcome = f"belongs ({'; '.join(tags[0].reasons)})" if tags else "does not belong"
            yield ("tests", number), f"by the rules, this headline {outcome}; change the rules or the test"
