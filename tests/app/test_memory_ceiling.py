"""The memory of the program stays below a ceiling whatever feeds send; benchmarks/live.py measures a long run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

CEILING_MB = 500


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="measured by the files of Linux")
def test_memory_stays_below_the_ceiling_whatever_feeds_send(tmp_path: Path) -> None:
    """Thirty bodies of up to 5 MB at once, five thousand items of one time, and a reader took 386 MB."""
    program = Path(__file__).with_name("memory_program.py")
    command = [sys.executable, str(program), str(tmp_path / "store.db")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result = json.loads(done.stdout)
    assert (result["asked"], result["failures"]) == (30, [])
    assert result["peak_mb"] < CEILING_MB
