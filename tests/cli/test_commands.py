"""Commands as a person types them; those with a contract in a process of their own."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from groundswell.storage.engine.store import Store

from ..commands import TERMINAL, run, run_process


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    rows = [
        {
            "id": "1",
            "published": "2024-09-18T18:00:00Z",
            "title": "Fed cuts interest rates by half a point",
            "source": "a",
        },
        {"id": "3", "published": "2024-09-18T19:00:00Z", "title": "Ferry strike enters its second week", "source": "b"},
        {
            "id": "2",
            "published": "2024-09-18T18:30:00Z",
            "title": "The Fed cuts interest rates half a point",
            "extra": 1,
        },
    ]
    path = tmp_path / "docs.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def make_store(folder: Path) -> None:
    Store.open(str(folder / "groundswell.db")).close()


def rows_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_stories_cluster_keeps_its_contract(tmp_path: Path, documents: Path) -> None:
    done = run_process(tmp_path, "stories", "cluster", documents.name, "-o", "out.jsonl")
    assert done.returncode == 0, done.stderr
    found = rows_of(tmp_path / "out.jsonl")
    assert [row["id"] for row in found] == ["1", "2", "3"]
    assert found[0]["story"] == found[1]["story"] != found[2]["story"]
    assert not list(tmp_path.glob("*.db")), "detecting stories in a file needs no store"


def test_stories_pairs_keeps_its_contract(tmp_path: Path, documents: Path) -> None:
    pairs = tmp_path / "pairs.jsonl"
    pairs.write_text('{"a": "1", "b": "2", "label": "SAME"}\n{"a": "3", "b": "1"}\n', encoding="utf-8")
    done = run_process(tmp_path, "stories", "pairs", documents.name, pairs.name, "-o", "out.jsonl")
    assert done.returncode == 0, done.stderr
    same, other = rows_of(tmp_path / "out.jsonl")
    assert list(same) == ["a", "b", "score", "same"]
    assert (same["a"], same["b"], other["a"], other["b"]) == ("1", "2", "3", "1")
    assert 0 <= other["score"] < same["score"] <= 1
    assert all(row["same"] is (row["score"] >= 0.5) for row in (same, other))
    pairs.write_text('{"a": "1", "b": "9"}\n', encoding="utf-8")
    refused = run_process(tmp_path, "stories", "pairs", documents.name, pairs.name, "-o", "never.jsonl")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "names the document '9'" in refused.stderr
    assert not (tmp_path / "never.jsonl").exists()


def test_hubs_tag_keeps_its_contract(tmp_path: Path, documents: Path) -> None:
    done = run_process(tmp_path, "hubs", "tag", documents.name, "-o", "out.jsonl")
    assert done.returncode == 0, done.stderr
    found = {row["id"]: row for row in rows_of(tmp_path / "out.jsonl")}
    assert list(found) == ["1", "3", "2"]
    assert found["1"]["hubs"] == ["fomc"]
    assert found["1"]["why"]["fomc"]
    assert (found["3"]["hubs"], found["3"]["why"]) == ([], {})


@pytest.mark.parametrize("through", ["pipe", "link"])
def test_nothing_takes_the_place_of_a_pipe_or_a_link(tmp_path: Path, documents: Path, through: str) -> None:
    out, target = tmp_path / "out", tmp_path / "target"
    out.symlink_to("/proc/self/fd/1" if through == "pipe" else target)
    done = run_process(tmp_path, "hubs", "tag", documents.name, "-o", "out")
    assert (done.returncode, done.stderr) == (0, "Headlines tagged in out: 3.\n")
    assert out.is_symlink()
    lines = done.stdout if through == "pipe" else target.read_text(encoding="utf-8")
    assert [json.loads(line)["id"] for line in lines.splitlines()] == ["1", "3", "2"]


def test_replay_then_read(tmp_path: Path, documents: Path) -> None:
    done = run_process(tmp_path, "replay", documents.name, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"offered": 3, "new": 3, "founded": 2, "tagged": 2, "as_of": "2024-09-18"}
    listed = json.loads(run_process(tmp_path, "stories", "list", "fomc", "--json").stdout)
    assert [story["article_count"] for story in listed["stories"]] == [2]
    assert "Fed cuts interest rates" in run_process(tmp_path, "stories", "list", "fomc").stdout
    claims = json.loads(
        run_process(tmp_path, "claims", "evaluate", "small-caps", "--as-of", "2024-09-18", "--json").stdout
    )
    assert claims["as_of"] == "2024-09-18"
    assert len(claims["claims"]) == 14


CLAIM_KEYS = [
    "id", "hub", "text", "verdict", "reason", "estimand", "unit", "estimate", "median", "ci_low", "ci_high", "n",
    "wins", "placebo_p", "sign_p", "as_of", "window", "events", "readings", "sources", "history",
]  # fmt: skip


def test_claims_estimands_lists_what_claims_are_measured_by(tmp_path: Path) -> None:
    listed = json.loads(run_process(tmp_path, "claims", "estimands", "--json").stdout)["estimands"]
    assert {"event-study", "sensitivity", "prediction", "weight-drift"} <= {one["name"] for one in listed}
    assert listed[0]["arguments"][:2] == ["events", "long"]
    assert "event-study" in run_process(tmp_path, "claims", "estimands").stdout


def test_the_table_of_verdicts_gives_their_reasons_at_a_hundred_columns(
    tmp_path: Path, made_market: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TERMINAL, "COLUMNS", "100")
    arguments = ("claims", "evaluate", "roic", "--data", str(made_market), "--as-of", "2024-12-31")
    claims = json.loads(run_process(tmp_path, *arguments, "--json").stdout)["claims"]
    verdicts, reasons = run_process(tmp_path, *arguments).stdout.split("Reasons")
    assert all(len(line) <= 100 for line in (verdicts + reasons).splitlines())
    rows = [line for line in reasons.splitlines() if line[:1] == "R" and line[1:2].isdecimal()]
    assert [row.split()[0] for row in rows] == [claim["id"] for claim in claims]
    for claim, row in zip(claims, rows, strict=True):
        first = " ".join(claim["reason"].split()[:3])
        assert first in row  # side by side with the text, and not a few letters wide
    assert all(claim["verdict"].split()[0] in verdicts for claim in claims)


@pytest.mark.shared(twin="tests/cli/test_commands.py::test_claims_evaluate_keeps_its_contract_on_made_data")
def test_claims_evaluate_keeps_its_contract(tmp_path: Path, market_data: Path) -> None:
    arguments = ("claims", "evaluate", "small-caps", "--data", str(market_data), "--as-of", "2026-08-20")
    done = run_process(tmp_path, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    claims = json.loads(done.stdout)["claims"]
    assert [claim["id"] for claim in claims] == [f"C{place}" for place in range(1, 15)]
    assert all([key for key in claim if key in CLAIM_KEYS] == CLAIM_KEYS for claim in claims)
    first = claims[0]
    assert (first["verdict"], first["n"], first["unit"]) == ("refuted", 6, "return")
    values = {event["date"]: event["value"] for event in first["events"]}
    assert values["1998-09-29"] == pytest.approx(-0.0618, abs=5e-5), "on the price indices"
    assert values["2001-01-03"] == pytest.approx(0.0596, abs=5e-5)
    assert values["2019-07-31"] == pytest.approx(-0.0188, abs=5e-5)
    (last,) = first["history"]
    assert (last["as_of"], last["verdict"]) == ("2026-08-20", "refuted")
    readings = {reading["name"]: reading for reading in first["readings"]}
    assert len(readings) >= 4
    assert readings["Russell 2000 against S&P 500, price index"]["n"] == 6
    assert all(set(reading) >= {"name", "verdict", "estimate", "n"} for reading in readings.values())
    assert "not measured" not in {claim["verdict"] for claim in claims}
    assert all(claim["reason"] for claim in claims)
    table = run_process(tmp_path, *arguments)
    assert "insufficient data" in table.stdout
    assert not list(tmp_path.glob("*.db")), "evaluating a folder needs no store"


def test_claims_evaluate_keeps_its_contract_on_made_data(tmp_path: Path, made_market: Path) -> None:
    arguments = ("claims", "evaluate", "roic", "--data", str(made_market), "--as-of", "2024-12-31", "--json")
    done = run_process(tmp_path, *arguments)
    assert done.returncode == 0, done.stderr
    claims = json.loads(done.stdout)["claims"]
    assert all([key for key in claim if key in CLAIM_KEYS] == CLAIM_KEYS for claim in claims)
    assert all(claim["reason"] for claim in claims)
    lasts = [[(row["as_of"], row["verdict"]) for row in claim["history"]] for claim in claims]
    assert lasts == [[("2024-12-31", claim["verdict"])] for claim in claims]
    readings = [reading for claim in claims for reading in claim["readings"]]
    assert all(set(reading) >= {"name", "verdict", "estimate", "n"} for reading in readings)
    assert not list(tmp_path.glob("*.db")), "evaluating a folder needs no store"


@pytest.mark.shared(twin="tests/golden/test_golden.py::test_evaluation_as_a_table")
def test_a_past_day_knows_nothing_later(tmp_path: Path, market_data: Path) -> None:
    done = run(
        tmp_path, "claims", "evaluate", "small-caps", "--data", str(market_data), "--as-of", "2019-08-01", "--json"
    )
    first = json.loads(done.stdout)["claims"][0]
    dates = ["1995-07-06", "1998-09-29", "2001-01-03", "2007-09-18"]
    assert [event["date"] for event in first["events"]] == dates
    assert max(source["last"] for source in first["sources"]) <= "2019-08-01"


GOOD = "src/groundswell/hubs/catalog/roic.toml"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("replay", "absent.jsonl"), "there is no file absent.jsonl"),
        (("replay", "bad.jsonl"), "bad.jsonl, line 1"),
        (("replay", "good.jsonl", "--until", "yesterday"), "'yesterday' is not a date; write it as YYYY-MM-DD"),
        (("replay", "good.jsonl", "--data", "absent"), "absent"),
        (("replay", "good.jsonl", "--data", "empty"), "empty"),
        (("replay", "good.jsonl", "--db", "absent/x.db"), "does not exist; name a file with --db"),
        (("claims", "evaluate", "gold", "--data", "cats"), "there is no hub 'gold'"),
        (("claims", "evaluate", "small-caps", "--data", "absent"), "absent"),
        (("claims", "evaluate", "small-caps", "--data", "cats"), "contains none of the series"),
        (("claims", "evaluate", "small-caps", "--as-of", "2019-02-30"), "'2019-02-30' is not a date"),
        (("claims", "evaluate", "small-caps", "--data", "broken"), "broken"),
        (("stories", "cluster", "absent.jsonl", "-o", "out.jsonl"), "there is no file absent.jsonl"),
        (("stories", "cluster", "good.jsonl", "-o", "absent/out.jsonl"), "cannot write absent/out.jsonl"),
        (("stories", "cluster", "good.jsonl", "-o", "good.jsonl"), "good.jsonl is also the file to read"),
        (("stories", "pairs", "good.jsonl", "bad.jsonl", "-o", "bad.jsonl"), "bad.jsonl is also the file to read"),
        (("hubs", "tag", "good.jsonl", "-o", "./good.jsonl"), "good.jsonl is also the file to read"),
        (("stories", "list", "gold"), "there is no hub 'gold'"),
        (("hubs", "tag", "bad.jsonl", "-o", "out.jsonl"), "bad.jsonl, line 1"),
        (("hubs", "check", "absent.toml"), "absent.toml"),
        (("feeds", "read", "good.jsonl"), "is not a feed"),
        (("feeds", "read", "absent.xml"), "there is no file absent.xml"),
        (("feeds", "import", "good.jsonl"), "is no usable OPML list"),
        (("feeds", "import", "absent.opml"), "there is no file absent.opml"),
        (("feeds", "add", "file:///etc/hostname"), "is not the address of a feed"),
        (("feeds", "check", "file:///etc/hostname"), "is not the address of a feed"),
        (("up", "--data", "absent"), "absent"),
        (("up", "--port", "99999"), "port"),
    ],
)
def test_bad_input_is_one_line_with_status_2_and_nothing_written(tmp_path: Path, arguments, message: str) -> None:
    (tmp_path / "bad.jsonl").write_text("{ no json\n", encoding="utf-8")
    (tmp_path / "good.jsonl").write_text(
        '{"id": "1", "title": "A title", "published": "2024-01-01"}\n', encoding="utf-8"
    )
    for folder, content in (("empty", None), ("cats", "date,symbol,close\n2024-01-02,CATS,3\n"), ("broken", "\0\0\0")):
        (tmp_path / folder).mkdir()
        if content:
            (tmp_path / folder / "prices.csv").write_text(content, encoding="utf-8")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    done = run_process(tmp_path, *arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    assert message in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stdout == ""
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_hubs_check_explains_each_mistake_by_line_and_field(tmp_path: Path) -> None:
    good = Path(__file__).resolve().parents[2] / GOOD
    assert "is a valid hub file" in run_process(tmp_path, "hubs", "check", str(good)).stdout
    broken = good.read_text(encoding="utf-8").replace('side = "', 'sied = "', 1).replace('summary = "', 'sumary = "', 1)
    (tmp_path / "roic.toml").write_text(broken, encoding="utf-8")
    done = run_process(tmp_path, "hubs", "check", "roic.toml")
    assert done.returncode == 2
    mistakes = done.stderr.splitlines()
    for line in ("summary", "sumary", "side", "sied"):
        assert any(f"field {line}" in mistake or f".{line}:" in mistake for mistake in mistakes), done.stderr
    assert sum(mistake.startswith("line ") for mistake in mistakes) >= 4


@pytest.mark.parametrize("command", [(), ("hubs", "list"), ("feeds", "list")])
def test_lists_and_help(tmp_path: Path, command: tuple[str, ...]) -> None:
    if not command:
        assert "groundswell up" in run_process(tmp_path, "--help").stdout
        return
    make_store(tmp_path)
    table, data = run_process(tmp_path, *command), json.loads(run_process(tmp_path, *command, "--json").stdout)
    rows = data[command[0]]
    assert len(rows) >= 4
    assert all(row["slug"] in table.stdout for row in rows)
    # What ships with the program gives an empty store some verdicts, and some on a stand-in.
    assert ("1 on a stand-in" in table.stdout) == ("hubs" in command)


def test_a_list_without_a_story_says_so(tmp_path: Path) -> None:
    make_store(tmp_path)
    done = run_process(tmp_path, "stories", "list", "fomc")
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    assert done.stdout.startswith("No story of fomc is stored; ")


def test_help_shows_the_defaults(tmp_path: Path) -> None:
    printed = run_process(tmp_path, "up", "--help").stdout
    for default in ("[default: 8000]", "[default: 127.0.0.1]", "[default: groundswell.db]"):
        assert default in printed, "brackets are not read as markup"


@pytest.mark.parametrize(
    ("settings", "following", "footer"),
    [
        ("", "next cycle", "No feed was tried yet: `groundswell up` polls those that are on"),
        ("live = false", "none", "No feed is polled: the setting live is false."),
    ],
)
def test_feeds_that_were_never_tried_say_when_they_will_be(
    tmp_path: Path, settings: str, following: str, footer: str
) -> None:
    (tmp_path / "groundswell.toml").write_text(settings, encoding="utf-8")
    make_store(tmp_path)
    lines = run_process(tmp_path, "feeds", "list").stdout.splitlines()
    nexts = {tuple(line.rstrip().rsplit("  ", 1)[-1].split("  ")) for line in lines if " yes " in line}
    assert nexts == {(following,)}
    assert all(line.rstrip().endswith("none") for line in lines if " no " in line and "not tried yet" in line)
    assert footer in " ".join(lines)


def test_feeds_come_and_go_by_commands(tmp_path: Path) -> None:
    (tmp_path / "in.opml").write_text(
        '<opml version="2.0"><body><outline text="A" xmlUrl="https://a.example/rss"/>'
        '<outline xmlUrl="data:x"/></body></opml>'
    )
    done = run_process(tmp_path, "feeds", "import", "in.opml", "--json")
    assert done.returncode == 0, done.stderr
    added = json.loads(done.stdout)
    assert [feed["url"] for feed in added["new"]] == ["https://a.example/rss"]
    assert len(added["left_out"]) == 1
    assert run_process(tmp_path, "feeds", "export", "-o", "out.opml").returncode == 0
    assert 'xmlUrl="https://a.example/rss"' in (tmp_path / "out.opml").read_text()
    assert "turned on: 0; on already: 1" in run_process(tmp_path, "feeds", "add", "https://a.example/rss").stdout
    listed = json.loads(run_process(tmp_path, "feeds", "list", "--json").stdout)["feeds"]
    assert listed[-1]["publisher"] == "A"
    assert "no longer polled" in run_process(tmp_path, "feeds", "remove", "https://a.example/rss").stdout
    assert "there is no feed" in run_process(tmp_path, "feeds", "remove", "https://a.example/rss").stderr
    tried = run_process(tmp_path, "feeds", "check", "http://127.0.0.1:9/", "--json")
    (row,) = json.loads(tried.stdout)["feeds"]
    assert (tried.returncode, row["outcome"]) == (1, "refused")
    assert "this machine itself" in row["detail"]
