"""The monthly factors: from the shipped table, and from the package arch where it is installed."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import sysconfig
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pytest

from groundswell.model import Frequency, Measure, SeriesRef
from groundswell.sources.shipped.french import load_french_factors

SRC = Path(__file__).parents[2] / "src"

DESCRIBE = """
import json
from groundswell.sources.shipped.french import load_french_factors
print(json.dumps({series.ref.id: [series.source, str(series.last), series.values.tolist()]
                  for series in load_french_factors()}))
"""


@pytest.fixture(scope="module")
def without_arch(tmp_path_factory) -> Path:
    """A folder of installed packages that is this environment's but for arch."""
    folder = tmp_path_factory.mktemp("packages")
    for path in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        for entry in Path(path).iterdir():
            if not entry.name.startswith(("arch", "__pycache__")):
                (folder / entry.name).symlink_to(entry)
    return folder


def describe_factors(packages: Path) -> dict[str, list]:
    """Return the factors as another process loads them, in which only ``packages`` are installed."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(SRC), str(packages)))}
    done = subprocess.run(
        [sys.executable, "-S", "-c", DESCRIBE], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def put_arch(packages: Path, folder: Path, lines: str | bytes) -> Path:
    """Return a folder of installed packages in which arch 99.0 has other figures."""
    folder.mkdir()
    for entry in packages.iterdir():
        (folder / entry.name).symlink_to(entry)
    (folder / "arch-99.0.dist-info").mkdir()
    (folder / "arch-99.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: arch\nVersion: 99.0\n")
    data = folder / "arch" / "data" / "frenchdata"
    data.mkdir(parents=True)
    content = gzip.compress(lines.encode()) if isinstance(lines, str) else lines
    (data / "frenchdata.csv.gz").write_bytes(content)
    return folder


def test_the_factors_are_monthly_fractions_dated_at_month_ends():
    factors = {series.ref.id: series for series in load_french_factors()}
    assert list(factors) == ["ff.mkt-rf", "ff.smb", "ff.rf"]
    for series in factors.values():
        assert series.ref == SeriesRef(series.ref.id, Measure.PERIOD_RETURN)
        assert (series.frequency, series.revised) == (Frequency.MONTHLY, True)
        assert (len(series), str(series.dates[0]), series.last) == (1109, "1926-07-31", date(2018, 11, 30))
        assert str(series.known_at[-1]) == "2018-12-30T21:30:00"
        assert "French" in series.source


def test_without_arch_the_shipped_table_is_read(without_arch):
    factors = describe_factors(without_arch)
    assert list(factors) == ["ff.mkt-rf", "ff.smb", "ff.rf"]
    for source, last, values in factors.values():
        assert source == "Kenneth R. French data library, monthly research factors, figures as published in 2018"
        assert (last, len(values)) == ("2018-11-30", 1109)
    assert factors["ff.smb"][2][0] == pytest.approx(-0.0230)  # July 1926


def test_with_arch_its_file_is_read(without_arch, tmp_path):
    lines = "Date,Mkt-RF,SMB,HML,RF\n201811,1.69,-0.68,0.28,0.18\n201812,-9.57,-2.37,-1.88,0.19\n"
    factors = describe_factors(put_arch(without_arch, tmp_path / "packages", lines))
    assert list(factors) == ["ff.mkt-rf", "ff.smb", "ff.rf"]
    source, last, values = factors["ff.mkt-rf"]
    assert source.endswith("as shipped in the Python package arch 99.0")
    assert (last, values) == ("2018-12-31", pytest.approx([0.0169, -0.0957]))


@pytest.mark.parametrize(
    "content",
    [b"", b"no archive", gzip.compress(b"Date,SMB,RF,Mkt-RF")[:-4], gzip.compress(b"Date,SMB")],
    ids=["empty", "no archive", "cut off", "a column missing"],
)
def test_a_damaged_file_of_arch_gives_way_to_the_table(without_arch, tmp_path, content):
    factors = describe_factors(put_arch(without_arch, tmp_path / "packages", content))
    assert list(factors) == ["ff.mkt-rf", "ff.smb", "ff.rf"]


def test_the_shipped_figures_are_those_of_the_library(without_arch):
    frenchdata = pytest.importorskip("arch.data.frenchdata", reason="the extra factors is not installed")
    published = frenchdata.load()
    installed = {series.ref.id: series for series in load_french_factors()}
    assert installed["ff.smb"].source.endswith(f"arch {version('arch')}")
    for name, (_, _, values) in describe_factors(without_arch).items():
        (column,) = (column for column in published.columns if f"ff.{column.lower()}" == name)
        assert values == pytest.approx(published[column].to_numpy() / 100)
        assert installed[name].values == pytest.approx(published[column].to_numpy() / 100)
