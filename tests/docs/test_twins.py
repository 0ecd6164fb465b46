"""Every test that needs the measuring data has a twin without them, and tests/README.md lists both."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "tests" / "README.md"
TABLE = "| test | twin |\n|---|---|\n"
OWN_CASE = "its own case [made]"


def test_every_twin_is_a_test_that_needs_no_measuring_data() -> None:
    pairs = dict(marked_tests())
    tests = set(all_tests())
    assert len(pairs) > 20
    assert {twin for twin in pairs.values() if twin != OWN_CASE} - tests == set()
    assert set(pairs) & set(pairs.values()) == set(), "a twin needs the measuring data itself"


def test_the_table_of_twins_is_complete() -> None:
    rows = [f"| `{test.removeprefix('tests/')}` | `{twin.removeprefix('tests/')}` |\n" for test, twin in marked_tests()]
    text = README.read_text(encoding="utf-8")
    head = text[: text.index(TABLE) + len(TABLE)]
    if os.environ.get("GOLDEN") == "write":
        README.write_text(head + "".join(rows), encoding="utf-8")
    assert text == head + "".join(rows), "GOLDEN=write python -m pytest tests/docs/test_twins.py writes the table"


def marked_tests() -> Iterator[tuple[str, str]]:
    """Each test that needs the measuring data, with its twin."""
    for test, function in functions():
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.shared":
                yield test, ast.literal_eval(decorator.keywords[0].value)
        if "each_book" in {argument.arg for argument in function.args.args}:
            yield test, OWN_CASE


def all_tests() -> Iterator[str]:
    return (test for test, _ in functions())


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every test function below tests/ with its id, methods of classes among them."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        name = path.relative_to(ROOT).as_posix()
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            members = node.body if isinstance(node, ast.ClassDef) else [node]
            prefix = f"{name}::{node.name}::" if isinstance(node, ast.ClassDef) else f"{name}::"
            for member in members:
                if isinstance(member, ast.FunctionDef) and member.name.startswith("test_"):
                    yield prefix + member.name, member
