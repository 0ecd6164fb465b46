"""A base installation stays small: what the program requires without extras, as installed here."""

from __future__ import annotations

import importlib.util
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, PathDistribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
BASE = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("install_size", ROOT / "tools/install_size.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Program(Distribution):
    """The program by what pyproject.toml says now, which may be newer than what was installed."""

    metadata = {}  # noqa: RUF012
    requires = BASE
    files = ()

    def read_text(self, filename: str) -> None:
        return None

    def locate_file(self, path):
        return ROOT / path


def find(name: str) -> Distribution:
    return Program() if name == "groundswell" else distribution(name)


def make_package(folder: Path, name: str, content: bytes, *requires: str) -> None:
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / f"{name}.py").write_bytes(content)
    lines = "".join(f"Requires-Dist: {requirement}\n" for requirement in requires)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{lines}")
    (info / "RECORD").write_text(f"{name}.py,,\n{name}-1.0.dist-info/METADATA,,\n")


def test_the_base_installation_keeps_to_the_limit(tool):
    sizes = tool.measure_closure("groundswell", find)
    own = sum(file.stat().st_size for file in (ROOT / "src").rglob("*") if file.is_file())
    assert {canonicalize_name(Requirement(text).name) for text in BASE} < set(sizes)
    assert sum(sizes.values()) + own <= tool.LIMIT_MEGABYTES * tool.MEGABYTE, tool.describe_sizes(sizes)


def test_what_only_tests_and_benchmarks_need_is_no_part_of_it(tool):
    assert not {"arch", "statsmodels", "pandas"} & set(tool.measure_closure("groundswell", find))


def test_files_of_all_requirements_are_added_up(tool, tmp_path):
    make_package(tmp_path, "top", b"x" * 1000, "middle", 'never; extra == "other"', 'old; python_version < "3"')
    make_package(tmp_path, "middle", b"x" * 2000, "bottom[more]")
    make_package(tmp_path, "bottom", b"x" * 4000, 'extra_part; extra == "more"')
    make_package(tmp_path, "extra-part", b"x" * 8000)

    def find_made(name: str) -> Distribution:
        return PathDistribution(tmp_path / f"{name}-1.0.dist-info")

    sizes = tool.measure_closure("top", find_made)
    assert set(sizes) == {"top", "middle", "bottom", "extra-part"}
    metadata = sum((tmp_path / f"{name}-1.0.dist-info" / "METADATA").stat().st_size for name in sizes)
    assert sum(sizes.values()) == 15_000 + metadata


def test_a_limit_that_is_passed_fails(tool, monkeypatch, capsys):
    monkeypatch.setattr(tool, "measure_closure", lambda root: {root: 2_000_000})
    monkeypatch.setattr("sys.argv", ["install_size.py", "--limit", "1.5"])
    with pytest.raises(SystemExit, match=r"more than 1\.5 MB"):
        tool.main()
    assert "2.0 MB  groundswell" in capsys.readouterr().out


def test_a_requirement_that_is_not_installed_is_named(tool, monkeypatch):
    def fail(root: str) -> dict[str, int]:
        raise PackageNotFoundError("duckdb")

    monkeypatch.setattr(tool, "measure_closure", fail)
    monkeypatch.setattr("sys.argv", ["install_size.py"])
    with pytest.raises(SystemExit, match="duckdb is not installed"):
        tool.main()


def test_the_documentation_states_the_limit(tool):
    assert f"at most {tool.LIMIT_MEGABYTES} MB" in (ROOT / "docs/operations.md").read_text()
