"""Write the names of months in many languages: src/groundswell/feeds/parsing/month_names.csv.

The names are those of the Unicode CLDR as Babel has them (pip install babel), which is too large to be needed when
Groundswell runs. The languages are in the order of their share of the web; a word that names different months in two
of them has the meaning of the first. Names of several words are left out, and so are marks such as accents.

    python tools/month_names.py
"""

from __future__ import annotations

import csv
import re
import unicodedata
from pathlib import Path

from babel import Locale

LANGUAGES = (
    *("en", "es", "de", "fr", "pt", "ru", "it", "nl", "pl", "tr", "fa", "id", "cs", "uk", "hu", "ar", "ro", "sv", "el"),
    *("he", "fi", "da", "sk", "bg", "nb", "ca", "sl", "lt", "et", "lv", "az", "eu", "gl", "is"),
)
COMMON_IN_FEEDS = {
    "janner": 1,
    "fev": 2,
    "mrz": 3,
    "juill": 7,
    "agt": 8,
    "ags": 8,
    "sept": 9,
    "setiembre": 9,
    "сен": 9,
    "ноя": 11,
}
FILE = Path(__file__).parent.parent / "src/groundswell/feeds/parsing/month_names.csv"
_WORD = re.compile(r"[^\W\d_]{2,}")


def fold(name: str) -> str:
    """Return the name in lower case without marks, as ``parse_date`` folds a date."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def collect_names() -> dict[str, int]:
    """Return the month of each folded name."""
    months: dict[str, int] = {}
    for language in LANGUAGES:
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, name in Locale.parse(language).months[form][width].items():
                    word = fold(name).rstrip(".")
                    if _WORD.fullmatch(word) and months.setdefault(word, month) != month:
                        print(f"{language}: {word} is {months[word]} in a language before, not {month}")
    return COMMON_IN_FEEDS | months


def main() -> None:
    names = collect_names()
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("month", "names"))
        for month in range(1, 13):
            writer.writerow((month, " ".join(sorted(name for name, number in names.items() if number == month))))
    print(f"{len(names)} names of {len(LANGUAGES)} languages")


if __name__ == "__main__":
    main()
