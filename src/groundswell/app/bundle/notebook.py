"""The script as a notebook: one cell a part."""

from __future__ import annotations

import json
from typing import Any

MARK = "# %% "
"""Begins each part of the script, with its title."""

RUN = 'assert compare(Path()), "a figure differs from the recorded one"'


def write_notebook(script: str) -> str:
    """Write a script as a notebook of format 4.5, with a heading above each part; the last part runs all of them.

    The same script gives the same notebook: the ids of cells are their numbers.
    """
    introduction, *parts = script.split(MARK)
    cells = [_make_text(introduction.strip().strip('"').strip())]
    for number, part in enumerate(parts, start=1):
        title, _, code = part.partition("\n")
        cells.append(_make_text(f"## {title}"))
        cells.append(_make_code(RUN if number == len(parts) else code.strip()))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    notebook = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _make_text(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}


def _make_code(code: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": code.splitlines(keepends=True),
    }
