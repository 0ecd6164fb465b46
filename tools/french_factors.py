"""Write the shipped table of monthly factors: src/groundswell/sources/shipped/french_factors.csv.

The figures are those of Kenneth R. French's data library as the package ``arch`` ships them (pip install
'groundswell[factors]'). Only the factors that something uses are taken. NOTICE says what they are.

    python tools/french_factors.py
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from groundswell.sources.shipped.french import FACTORS, TABLE, read_arch_file

COLUMNS = ("Date", *FACTORS)
HEADING = (
    "# Kenneth R. French's data library, published figures, percent a month. Not under this program's licence: NOTICE"
)
PATH = Path(__file__).parents[1] / "src/groundswell/sources/shipped" / TABLE


def write_factors(lines: Sequence[str], path: Path = PATH) -> None:
    """Write the columns in use of a file with the names of the columns in its first line."""
    rows = [[row[name] for name in COLUMNS] for row in csv.DictReader(lines)]
    with path.open("w", encoding="ascii", newline="") as file:
        file.write(HEADING + "\n")
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])


if __name__ == "__main__":
    found = read_arch_file()
    if found is None:
        raise SystemExit("the package arch is not installed; install it with: pip install 'groundswell[factors]'")
    write_factors(found[1])
