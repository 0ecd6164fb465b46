"""The engine that reads data files: bounded, without a network, and without traces on disk."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from groundswell.sources.files.query import (
    QueryError,
    describe_failure,
    fetch_columns,
    fetch_rows,
    list_columns,
    quote_name,
    write_path,
)

READ = "SELECT * FROM read_csv(?, hive_partitioning = false)"


def test_missing_values_are_masked():
    columns = fetch_columns("SELECT * FROM (VALUES (1, 2.5), (2, NULL)) AS t(day, price) ORDER BY day")
    assert columns["day"].tolist() == [1, 2]
    assert np.ma.getmaskarray(columns["price"]).tolist() == [False, True]


@pytest.mark.parametrize(
    "statement", ["SELECT * FROM read_xlsx('a.xlsx')", "SELECT * FROM 'https://example.org/a.csv'"]
)
def test_what_is_not_part_of_the_engine_is_never_fetched(statement):
    # A fetch would open a socket, which the tests forbid with another error.
    with pytest.raises(QueryError, match="extension"):
        fetch_columns(statement)
    assert (
        fetch_rows(
            "SELECT extension_name FROM duckdb_extensions() WHERE installed AND install_mode <> 'STATICALLY_LINKED'"
        )
        == []
    )


def test_a_name_in_a_query_is_no_variable_of_the_program():
    secret = {"a": np.array([1.0])}
    with pytest.raises(QueryError, match="secret"):
        fetch_columns("SELECT * FROM secret")
    assert secret


@pytest.mark.parametrize("folder", ["year=2024", "a[b]c", "it's", "q?*"])
def test_any_path_is_one_file(tmp_path: Path, folder: str):
    path = tmp_path / folder
    path.mkdir()
    (path / "p?.csv").write_text("date,close\n2024-01-02,1.5\n")
    (path / "px.csv").write_text("date,close\n2024-01-03,9.5\n")
    columns = fetch_columns(READ, [write_path(path / "p?.csv")])
    assert list(columns) == ["date", "close"]
    assert columns["close"].tolist() == [1.5]


def test_a_query_that_needs_too_much_memory_fails_and_leaves_nothing_on_disk(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(QueryError, match="Out of Memory"):
        fetch_columns("SELECT list(md5(i::VARCHAR)) AS l FROM range(20_000_000) AS t(i)")
    assert list(tmp_path.iterdir()) == []
    assert fetch_columns("SELECT 1 AS one")["one"].tolist() == [1]


def test_threads_may_query_at_once():
    def add_up(last: int) -> int:
        return int(fetch_columns("SELECT sum(i)::BIGINT AS s FROM range(?) AS t(i)", [last])["s"][0])

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(add_up, range(1, 40))) == [last * (last - 1) // 2 for last in range(1, 40)]


def test_the_columns_of_a_parquet_file(tmp_path: Path):
    file, name = tmp_path / "a.parquet", 'it "is"'
    quoted = quote_name(name)
    fetch_rows(f"COPY (SELECT DATE '2024-01-02' AS date, 1.5::FLOAT AS {quoted}) TO '{file}' (FORMAT parquet)")
    assert list_columns(file) == {"date": "DATE", name: "FLOAT"}
    assert fetch_columns(f"SELECT {quoted} AS v FROM read_parquet(?)", [str(file)])["v"].tolist() == [1.5]


def test_a_damaged_file_is_named_with_the_reason(tmp_path: Path):
    file = tmp_path / "a.parquet"
    file.write_bytes(b"PAR1 and nothing else that could be read PAR1")
    with pytest.raises(QueryError) as caught:
        list_columns(file)
    message = str(describe_failure(file.name, caught.value))
    assert message.startswith("a.parquet cannot be read: ")
    assert message.endswith("; replace the file or take it out")
    assert "\n" not in message
