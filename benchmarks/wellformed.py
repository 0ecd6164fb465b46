"""Run feedparser's test files through our parser: count the item titles that are lost and the files that are refused.

Usage: python benchmarks/wellformed.py FOLDER

``FOLDER`` contains ``.xml`` files, such as ``tests/wellformed`` of feedparser's source distribution. Every item title
that feedparser reads from a file must also be read by our parser, after cleaning.
"""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from pathlib import Path

import feedparser

from groundswell.feeds.parsing.parse import parse_feed
from groundswell.feeds.parsing.sanitize import MAX_ENTRY_TITLE_CHARACTERS, to_plain_text
from groundswell.model import FeedSpec

FEED = FeedSpec("test", "", "http://127.0.0.1:8097/", "", enabled=True, minutes=30, note="")


def read_titles(path: Path) -> Counter[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        entries = feedparser.parse(path.read_bytes()).entries
    cleaned = (to_plain_text(str(dict.get(entry, "title") or ""), MAX_ENTRY_TITLE_CHARACTERS) for entry in entries)
    return Counter(title for title in cleaned if title)


def main(folder: Path) -> None:
    files = sorted(folder.rglob("*.xml"))
    title_count, lost, refused = 0, [], []
    for path in files:
        wanted = read_titles(path)
        title_count += wanted.total()
        parsed = parse_feed(path.read_bytes(), "", FEED)
        missing = wanted - Counter(entry.title for entry in parsed.entries)
        lost += [(path, title) for title in missing.elements()]
        refused += [(path, parsed.malformed)] if parsed.malformed and wanted else []
    for path, problem in (*lost, *refused):
        print(f"{path.relative_to(folder)}: {problem[:100]!r}")
    print(f"{len(files)} files, {title_count} titles, {len(lost)} lost, {len(refused)} files with titles refused")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
