"""What an owner asks first: checks of the installation, and what each further step would measure."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from groundswell import Groundswell
from groundswell.app.doctor import examine
from groundswell.app.reader import utc_now
from groundswell.claims.estimand import BoundMeasure
from groundswell.errors import BadInputError
from groundswell.pages.onboarding import OnboardingStep, write_onboarding
from groundswell.sources.services.registry import build_services

from .. import commands

NOWHERE = "http://127.0.0.1:9"
"""Nothing listens there."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def listener() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def state_of(name: str, **settings: object) -> tuple[str, str]:
    given = {"db": "none.db", "proxy": NOWHERE, "port": 1 + socket.getservbyname("http") * 500} | settings
    (check,) = (check for check in examine(**given).checks if check.name == name)
    return check.state, check.text


def steps(**settings: object) -> dict[str, OnboardingStep]:
    found = examine(**({"db": "none.db", "live": False} | settings)).onboarding
    return {step.title: step for step in found.steps}


def test_before_there_is_a_store_the_shipped_numbers_count() -> None:
    found = examine(db="none.db", live=False).onboarding
    assert (found.claim_count, len(found.measured), len(found.stand_ins)) == (31, 3, 6)
    assert any("H.15" in source for source in found.sources)
    assert not Path("none.db").exists()


def test_a_step_counts_the_claims_that_miss_nothing_else() -> None:
    found = steps()
    assert "panic-selling/P5" not in found["A network"].claims  # it needs breadth too, which no service has
    assert {"small-caps/C1", "fomc/F2"} <= set(found["A network"].claims)
    assert {"small-caps/C5", "small-caps/C6", "roic/R4"} == set(found["A contact"].claims)
    assert "panic-selling/P5" in found["Breadth of the companies of an index"].claims
    tiingo = found["A free key of Tiingo end-of-day prices"]
    assert "small-caps/C1" in tiingo.claims
    assert "fomc/F3" not in tiingo.claims  # of an index alone
    assert "[services.tiingo] key" in tiingo.remedy
    sizes = [len(step.claims) for step in found.values()]
    assert sizes == sorted(sizes, reverse=True)


def test_a_step_that_was_taken_is_no_step_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDSWELL_SERVICES", json.dumps({"tiingo": {"key": "k"}}))
    found = steps(contact="desk@example.org")
    assert not {"A free key of Tiingo end-of-day prices", "A contact"} & set(found)
    assert "small-caps/C5" in found["A network"].claims  # the SEC needs no more than that now


def test_files_are_named_that_are_missing(made_market: Path) -> None:
    with Groundswell.open("made.db") as groundswell:
        groundswell.load(made_market)
        before, after = steps(), groundswell.describe_onboarding(build_services({}))
    assert len(after.measured) > 15
    files = [step for step in after.steps if step.title.startswith("CSV")]
    assert all(len(step.claims) < len(before["A network"].claims) for step in files)
    assert "small-caps/C1" in after.measured


def test_a_claim_is_counted_once_and_another_way_to_it_is_called_so() -> None:
    found = examine(db="none.db", live=False).onboarding
    gained = [claim for step in found.steps for claim in step.claims if claim not in step.counted]
    assert len(gained) == len(set(gained)) == len({claim for step in found.steps for claim in step.claims})
    by_title = {step.title: step for step in found.steps}
    accounts = by_title["Annual accounts of small and large companies"]
    assert (accounts.counted, accounts.gain) == (accounts.claims, "another way to 2 of those above")
    assert by_title["A contact"].gain == "2 more claims, and another way to 1 of those above"
    assert by_title["Breadth of the companies of an index"].needs == "files of prices and rates"


def test_the_panel_of_a_hub_names_what_its_own_claims_miss() -> None:
    with Groundswell.open("made.db") as groundswell:
        services = build_services({})
        fomc, everything = (groundswell.describe_onboarding(services, hub=hub) for hub in ("fomc", None))
    assert (fomc.claim_count, everything.claim_count) == (5, 31)
    assert all(claim.startswith("fomc/") for step in fomc.steps for claim in step.claims)
    (files,) = [step.title for step in fomc.steps if step.title.startswith("CSV")]
    assert "^GSPC" in files
    assert "KRE" not in files
    assert "A contact" not in [step.title for step in fomc.steps]


def test_a_hub_names_only_what_waits_of_its_own() -> None:
    with Groundswell.open("made.db") as groundswell:
        groundswell.register_sources()
        waiting = {
            hub: "; ".join(groundswell.describe_onboarding(build_services({}), hub=hub).waiting)
            for hub in (None, "fomc", "small-caps", "panic-selling", "roic")
        }
    assert "5 news feeds of bls.gov and sec.gov" in waiting[None]
    assert waiting["fomc"] == "waits for contact: 1 news feed of bls.gov"
    assert "1 news feed of sec.gov" in waiting["roic"]
    assert "2 news feeds of sec.gov" in waiting["panic-selling"]
    assert ("SEC frames" in waiting["small-caps"], "SEC frames" in waiting["panic-selling"]) == (True, False)
    assert not any("bls.gov" in waiting[hub] for hub in ("small-caps", "panic-selling", "roic"))


def test_the_panel_measures_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with Groundswell.open("made.db") as groundswell:
        groundswell.record(utc_now().date())
        expected = groundswell.describe_onboarding(build_services({}))

        def refuse(*arguments: object) -> None:
            raise AssertionError("measured")

        monkeypatch.setattr(BoundMeasure, "measure", refuse)
        tomorrow = groundswell._source.today() + timedelta(days=1)
        monkeypatch.setattr(groundswell._source, "today", lambda: tomorrow)
        assert groundswell.describe_onboarding(build_services({})) == expected
    assert (len(expected.measured), len(expected.stand_ins)) == (3, 6)


def test_the_lines_for_a_terminal_say_the_numbers() -> None:
    head, *lines = write_onboarding(examine(db="none.db", live=False).onboarding)
    assert head == "3 of 31 claims are measured as declared, 6 on a stand-in."
    assert any("A contact: 2 more claims" in line for line in lines)
    assert sum("waits for contact" in line for line in lines) == 1


class TestChecks:
    def test_a_proxy_that_is_not_there_is_no_network(self) -> None:
        state, text = state_of("network")
        assert (state, text) == ("problem", "no network: 127.0.0.1 cannot be reached")

    def test_a_host_that_answers_is_a_network(self, listener: int) -> None:
        assert state_of("network", proxy=f"http://127.0.0.1:{listener}") == ("ok", "127.0.0.1 can be reached")

    def test_a_port_in_use_is_a_problem(self, listener: int) -> None:
        state, text = state_of("port", port=listener)
        assert state == "problem"
        assert f"{listener} of 127.0.0.1" in text

    def test_a_store_that_is_none_is_named(self) -> None:
        Path("broken.db").write_text("no database")
        assert state_of("store", db="broken.db")[0] == "problem"
        assert state_of("store", db="none.db")[0] == "note"

    def test_a_folder_without_data_is_a_problem(self, tmp_path: Path) -> None:
        assert state_of("data folder") == ("note", "none is set: --data DIR, or data in groundswell.toml")
        assert state_of("data folder", data=tmp_path / "absent")[0] == "problem"

    def test_what_waits_for_a_contact_is_said_once(self) -> None:
        state, text = state_of("contact")
        assert state == "note"
        assert text.count("waits for contact") == 1
        assert "SEC company facts" in text
        assert "5 news feeds of bls.gov and sec.gov" in text
        assert state_of("contact", contact="desk@example.org")[0] == "ok"


class TestWrongSettings:
    """A wrong file is a check that failed, with its line, and the other checks go on."""

    def state(self, text: str) -> tuple[str, str]:
        Path("groundswell.toml").write_text(text)
        return state_of("settings")

    def test_a_file_that_is_no_toml(self) -> None:
        state, text = self.state('contact = "a"\nport =\n')
        assert state == "problem"
        assert "line 2" in text
        assert "fix the file or move it away" in text

    def test_every_wrong_setting_has_its_line(self) -> None:
        state, text = self.state('# mine\ncycle_seconds = "x"\n\nhots = "a"\n')
        assert state == "problem"
        assert "groundswell.toml line 2: setting cycle_seconds" in text
        assert "groundswell.toml line 4: setting hots" in text

    def test_a_service_that_does_not_exist(self) -> None:
        state, text = self.state("\n[services.yaho]\nenabled = false\n")
        assert state == "problem"
        assert "groundswell.toml line 2: setting services.yaho" in text
        assert "did you mean yahoo?" in text

    def test_a_wrong_variable_has_no_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GROUNDSWELL_CYCLE_SECONDS", "soon")
        state, text = state_of("settings")
        assert state == "problem"
        assert "line" not in text

    def test_a_wrong_hub_file(self, tmp_path: Path) -> None:
        (tmp_path / "hubs").mkdir()
        (tmp_path / "hubs" / "own.toml").write_text("slug = 1\n")
        state, text = state_of("hubs", hubs=tmp_path / "hubs")
        assert state == "problem"
        assert "own.toml" in text

    def test_a_wrong_argument_is_refused(self) -> None:
        with pytest.raises(BadInputError):
            examine(port=99_999)


def test_files_that_are_not_loaded_yet_are_a_step(made_market: Path) -> None:
    found = steps(data=made_market)[f"The files in {made_market}"]
    assert "small-caps/C1" in found.claims
    with Groundswell.open("made.db") as groundswell:
        groundswell.load(made_market)
        groundswell.register_sources()
    assert f"The files in {made_market}" not in steps(db="made.db", data=made_market)


def test_the_command_answers_in_both_forms_and_fails_for_a_problem(tmp_path: Path) -> None:
    (tmp_path / "groundswell.toml").write_text(f'proxy = "{NOWHERE}"\n')
    table, answer = (commands.run(tmp_path, "doctor", *more) for more in ((), ("--json",)))
    assert (table.returncode, answer.returncode) == (1, 1)
    assert "3 of 31 claims are measured as declared" in table.stdout
    found = json.loads(answer.stdout)
    assert {check["name"]: check["state"] for check in found["checks"]}["network"] == "problem"
    assert found["onboarding"]["claim_count"] == 31
    assert sorted(path.name for path in tmp_path.iterdir()) == ["groundswell.toml"]
