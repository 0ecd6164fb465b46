"""``python -m groundswell.testing.hostile [NAME …]``: run the cases, one JSON line each; status 1 if any fails."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from groundswell.testing.hostile import CASES, run_cases


def main(names: list[str]) -> int:
    all_passed = True
    for result in run_cases(case for case in CASES if not names or case.name in names):
        sys.stdout.write(json.dumps(asdict(result)) + "\n")
        sys.stdout.flush()
        all_passed = all_passed and not result.faults
    return 0 if all_passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
