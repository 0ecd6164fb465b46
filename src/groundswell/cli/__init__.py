"""Commands. Each noun has a file; heavy imports are made inside commands, so that ``--help`` answers at once."""

from groundswell.cli.main import main

__all__ = ["main"]
