"""Queries over data files, answered by DuckDB in memory.

The engine has bounded memory and threads, writes no file, and never fetches an extension: what is not part of its
wheel is an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
from numpy.typing import NDArray

from groundswell.errors import BadInputError

QueryError = duckdb.Error
"""What a query raises for a file that is damaged or not of its kind."""

Columns = dict[str, NDArray[Any]]
"""Columns of equal length. One with missing values is a masked array; texts and lists are arrays of objects."""

_CONFIGURATION: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,  # a name in a query never stands for a variable of the program
    "memory_limit": "400MB",
    "temp_directory": "",  # a query that needs more than the limit fails; the default makes a folder where we are
    "threads": 2,
}


@cache
def _open_engine() -> duckdb.DuckDBPyConnection:
    engine = duckdb.connect(":memory:", config=_CONFIGURATION)
    engine.execute("SET TimeZone = 'UTC'")
    return engine


def fetch_columns(query: str, parameters: Sequence[object] = ()) -> Columns:
    """Return the columns of the answer to a query; each ``?`` in it stands for a parameter."""
    with _open_engine().cursor() as cursor:  # threads may not share one
        return cursor.execute(query, list(parameters)).fetchnumpy()


def fetch_rows(query: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Return the rows of the answer to a query. Columns are far faster where there are many rows."""
    with _open_engine().cursor() as cursor:
        return cursor.execute(query, list(parameters)).fetchall()


def list_columns(path: Path) -> dict[str, str]:
    """Return the type of each column of a file, by its name, as DuckDB writes it: ``DATE``, ``VARCHAR``."""
    rows = fetch_rows(f"DESCRIBE SELECT * FROM {write_scan(path)}", [write_path(path)])
    return {name: type_ for name, type_, *_ in rows}


def write_scan(path: Path) -> str:
    """Return what reads a file as a table of a query, with the path as parameter. Cells of CSV files are texts."""
    if path.suffix == ".parquet":
        return "read_parquet(?, hive_partitioning = false)"
    return "read_csv(?, all_varchar = true, header = true, hive_partitioning = false)"


def write_path(path: Path) -> str:
    """Return a path as a parameter of a query: of this file alone, where its name holds signs of a pattern."""
    return re.sub(r"[\[?*]", r"[\g<0>]", str(path))


def quote_name(name: str) -> str:
    """Return a column's name as a query writes it."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def describe_failure(file: str, error: Exception) -> BadInputError:
    """Return the error of a file that cannot be read, with the first line of the engine's reason."""
    lines = str(error).strip().splitlines()
    return BadInputError(
        f"{file} cannot be read: {lines[0] if lines else type(error).__name__}; replace the file or take it out"
    )
