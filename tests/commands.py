"""Runs commands of the program as a person types them."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import subprocess
import sys
from pathlib import Path
from subprocess import CompletedProcess
from unittest import mock

from groundswell.cli.main import main

TERMINAL = {"COLUMNS": "200", "NO_COLOR": "1"}


def run(folder: Path, *arguments: str) -> CompletedProcess[str]:
    """Run a command inside this process, which saves the second that imports take in one of its own."""
    command = ["groundswell", *arguments]
    out, err = io.StringIO(), io.StringIO()
    threshold = gc.get_threshold()
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.object(sys, "argv", command),
        mock.patch.dict(os.environ, TERMINAL),
    ):
        try:
            main()
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        finally:
            gc.set_threshold(*threshold)
    return CompletedProcess(command, status, out.getvalue(), err.getvalue())


def run_process(folder: Path, *arguments: str) -> CompletedProcess[str]:
    """Run a command in a process of its own, where every warning is an error."""
    command = [sys.executable, "-W", "error", "-m", "groundswell", *arguments]
    environment = {**os.environ, **TERMINAL}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
