"""Hub files are read whole or not at all."""

import pytest

from groundswell.errors import BadInputError, NotFoundError
from groundswell.hubs.file.load import PACKAGED_SLUGS, load_catalog, load_hub, load_hubs, parse_hub

SMALL = 'slug = "tin"\ntitle = "Tin"\nsummary = "s"\nthesis = ["t"]\n[tagging]\nstrong = ["tin"]\n'


def test_a_file_is_read(tmp_path):
    path = tmp_path / "tin.toml"
    path.write_text(SMALL, encoding="utf-8")
    assert load_hub(path) == parse_hub(SMALL, "tin")
    assert load_hub(path).tagging.strong == ("tin",)


def test_a_missing_file_is_reported(tmp_path):
    with pytest.raises(NotFoundError, match=r"there is no hub file .*tin\.toml"):
        load_hub(tmp_path / "tin.toml")
    (tmp_path / "file").touch()
    with pytest.raises(NotFoundError):
        load_hub(tmp_path / "file" / "tin.toml")


def test_what_is_no_text_is_refused(tmp_path):
    with pytest.raises(BadInputError, match="not a text file"):
        load_hub(tmp_path)
    (tmp_path / "tin.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInputError, match="not a text file"):
        load_hub(tmp_path / "tin.toml")


@pytest.mark.parametrize(("text", "count"), [("a = ", "1 mistake;"), ("slug = 1", "5 mistakes;")])
def test_every_mistake_is_carried(text, count):
    with pytest.raises(BadInputError, match=f"tin.toml has {count} fix the file") as caught:
        parse_hub(text, "tin")
    assert len(caught.value.mistakes) == int(count.split()[0])


def test_the_catalogue_holds_the_four_hubs_flagship_first():
    assert tuple(hub.slug for hub in load_catalog()) == PACKAGED_SLUGS
    assert PACKAGED_SLUGS[0] == "small-caps"


def test_an_owners_folder_adds_hubs_and_replaces_packaged_ones(tmp_path):
    (tmp_path / "roic.toml").write_text(SMALL.replace('"tin"\n', '"roic"\n', 1), encoding="utf-8")
    (tmp_path / "tin.toml").write_text(SMALL, encoding="utf-8")
    found = load_hubs(tmp_path)
    assert [hub.slug for hub in found] == ["small-caps", "fomc", "panic-selling", "roic", "tin"]
    assert [hub.title for hub in found[3:]] == ["Tin", "Tin"]
    assert load_hubs() == load_catalog()
    with pytest.raises(NotFoundError, match="no folder of hub files"):
        load_hubs(tmp_path / "absent")


CLAIM = """
[[claims]]
id = "{id}"
side = "bull"
text = "Tin shines."
[claims.measure]
estimand = "sensitivity"
arguments = {{ long = "KRE", factor = "DGS2", controls = {controls} }}
range = {claimed}
"""
SOUND, COLLINEAR = '["spread"]', '["slope", "DGS10"]'


def write(folder, *claims, name="tin"):
    text = "".join(CLAIM.format(id=f"T{at}", controls=each[0], claimed=each[1]) for at, each in enumerate(claims, 1))
    head, tagging = SMALL.replace("tin", name).split("[tagging]")
    path = folder / f"{name}.toml"
    path.write_text(f"{head}{text}[tagging]{tagging}", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ((COLLINEAR, "[0.0, inf]"), "the factor and its controls are collinear"),
        ((SOUND, "[5.0, 15.0]"), "measure.range: 5 would be"),
        ((SOUND, "[0.1]"), "measure.range"),  # not even of the form of a range
        (("7", "[0.0, inf]"), "measure.arguments.controls"),
        ((SOUND, '"high"'), "measure.range"),
    ],
)
def test_one_bad_claim_does_not_stop_the_hub(tmp_path, bad, reason):
    path = write(tmp_path, (SOUND, "[0.0, inf]"), bad, (SOUND, "[-inf, 0.0]"))
    with pytest.raises(BadInputError) as caught:
        load_hub(path)
    assert "claims[1].measure" in str(caught.value.mistakes)
    hub = load_hubs(tmp_path)[-1]
    first, second, third = hub.claims
    assert (first.measure is None, second.measure, third.measure is None) == (False, None, False)
    assert second.unmeasured.startswith("refused by groundswell hubs check: ")
    assert reason in second.unmeasured


def test_a_mistake_elsewhere_stops_the_file(tmp_path):
    path = write(tmp_path, (COLLINEAR, "[0.0, inf]"))
    path.write_text(path.read_text(encoding="utf-8").replace('title = "Tin"', "title = 7"), encoding="utf-8")
    with pytest.raises(BadInputError, match="has 1 mistake"):
        load_hubs(tmp_path)
