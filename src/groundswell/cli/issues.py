"""Defects of data in the terminal: those alike on one line, the mend of each kind below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from groundswell.cli.output import print_table

if TYPE_CHECKING:
    from groundswell.model import Defect
    from groundswell.wording.quality import Group

NAMED = 4


def print_defects(title: str, defects: Iterable[Defect], claims: Mapping[Defect, Sequence[str]] | None = None) -> None:
    """Print a table of defects, with the claims that each touches where they are given; nothing if there are none."""
    from groundswell.wording.quality import grouped, size_in_words

    groups = grouped(defects)
    if not groups:
        return
    columns = ("kind", "series", "days", "largest", "done", "source", *(("claims",) if claims else ()))
    rows = [
        (
            group.defect.kind.value,
            group.names(NAMED),
            group.days,
            size_in_words(group.defect.size, group.defect.unit),
            group.defect.care.value,
            group.defect.source,
            *((_of(group, claims),) if claims else ()),
        )
        for group in groups
    ]
    print_table(title, columns, rows)
    mends = {group.defect.kind: group.defect.mend for group in groups}
    print_table("Mends", ("kind", "mend"), ((kind.value, mend) for kind, mend in mends.items()))


def _of(group: Group, claims: Mapping[Defect, Sequence[str]]) -> str:
    return ", ".join(dict.fromkeys(name for one in group.defects for name in claims[one]))
