"""Each mistake of a hub file is found, with its line and field."""

import pytest

from groundswell.hubs.file.validate import read_usable_hub
from groundswell.hubs.spec import HubSpec

from .reading import check_hub

GOOD = """slug = "tin"
title = "Tin"
summary = "All about tin."
thesis = ["Tin is a metal."]
related = ["zinc"]

[[claims]]
id = "C1"
side = "bull"
text = "Small companies lead."
[claims.measure]
estimand = "event-study"
arguments = { events = "first_cuts", long = "IWM", short = "SPY", measure = "price", horizon = 63, unit = "sessions" }
range = [0.05, 0.15]

[[claims]]
id = "C2"
side = "bear"
text = "Tin falls."
unmeasured = "not measured yet: no prices"

[[questions]]
question = "Why?"
answer = "Because of {C1.estimate} and {C2.verdict}."

[[charts]]
id = "tin-zinc"
title = "Tin"
long = "TIN"

[tagging]
strong = ["tin"]

[[tests]]
title = "Tin rises"
belongs = true
"""


FALLBACK = """
[[claims.fallbacks]]
name = "Tin instead"
arguments = { long = "TIN" }
why = "a fund of tin"
"""


def mistakes(old, new, name="tin"):
    assert old in GOOD
    return [(found.line, found.field, found.message) for found in check_hub(GOOD.replace(old, new, 1), name)]


def test_a_good_file_has_none():
    assert check_hub(GOOD, "tin") == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "words"),
    [
        ('title = "Tin"', "", 1, "title", "is missing; add it"),
        ('title = "Tin"', "title = 3", 2, "title", "must be text; put it in quotes"),
        ('title = "Tin"', 'title = " "', 2, "title", "is empty"),
        ('title = "Tin"', 'titel = "Tin"\ntitle = "Tin"', 2, "titel", "write 'title' or remove it"),
        ('slug = "tin"', 'slug = "Tin!"', 1, "slug", "small letters, digits and single hyphens"),
        ('slug = "tin"', 'slug = "tan"', 1, "slug", "the file is named 'tin.toml'"),
        ("thesis = [", "thesis = [] #", 4, "thesis", "at least 1 item"),
        ('thesis = ["Tin is a metal."]', 'thesis = "Tin"', 4, "thesis", "must be a list; put it in [ ]"),
        ('related = ["zinc"]', 'related = [\n"zinc",\n"tin"]', 7, "related[1]", "names the hub itself"),
        ('side = "bull"', 'side = "both"', 9, "claims[0].side", "use 'bull', 'bear' or 'context'"),
        ('id = "C2"', 'id = "C1"', 17, "claims[1].id", "'C1' is already used by claims[0]"),
        ('id = "C2"', 'id = "c2"', 17, "claims[1].id", "as in C1"),
        ('text = "Tin falls."', 'txt = "Tin falls."', 16, "claims[1].text", "is missing"),
        ('unmeasured = "not measured yet: no prices"', "", 16, "claims[1].measure", "unmeasured with the reason"),
        ("[claims.measure]", 'unmeasured = "no"\n[claims.measure]', 11, "claims[0].unmeasured", "not both"),
        ("horizon = 63", "horizon = -1", 13, "claims[0].measure.arguments.horizon", "greater than"),
        ('"event-study"', '"correlation"', 12, "claims[0].measure.estimand", "correlation of levels is refused"),
        ("[claims.measure]", "[claims.measure]\nrnage = 1", 12, "claims[0].measure.rnage", "write 'range'"),
        (
            "[0.05, 0.15]",
            "[0.05, 0.15]" + FALLBACK.replace("why", "whi"),
            15,
            "claims[0].fallbacks[0].why",
            "is missing; add it",
        ),
        (
            "[0.05, 0.15]",
            "[0.05, 0.15]" + FALLBACK.replace('"a fund of tin"', "' '"),
            18,
            "claims[0].fallbacks[0].why",
            "is empty",
        ),
        (
            "[0.05, 0.15]",
            "[0.05, 0.15]" + FALLBACK.replace("TIN", "IWM"),
            15,
            "claims[0].fallbacks[0]",
            "can never stand in: it needs all that the declared measurement needs",
        ),
        (
            "[0.05, 0.15]",
            "[0.05, 0.15]" + FALLBACK.replace("long", "lang"),
            17,
            "claims[0].fallbacks[0].arguments.lang",
            "unknown argument",
        ),
        ("[0.05, 0.15]", "[0.05]", 14, "claims[0].measure.range[1]", "is missing; add it"),
        ("{C1.estimate}", "{C9.estimate}", 24, "questions[0].answer", "names no claim of this hub"),
        ("{C1.estimate}", "{C1.mean}", 24, "questions[0].answer", "use one of estimate, median, ci"),
        ("{C1.estimate}", "{C1 estimate}", 24, "questions[0].answer", "a brace that is not part of a reference"),
        (
            'long = "TIN"',
            'long = "TIN"\n[[charts]]\nid = "tin-zinc"\ntitle = "x"\nlong = "Z"',
            31,
            "charts[1].id",
            "already",
        ),
        ('long = "TIN"', 'long = "TIN"\nmeasure = "rates"', 30, "charts[0].measure", "not one of the allowed values"),
        ('long = "TIN"', 'long = "TIN"\nmeasure = "rate"', 26, "charts[0]", "need the kind 'levels'"),
        ('strong = ["tin"]', "", 31, "tagging", "admits no headline"),
        ('strong = ["tin"]', 'strong = ["tin", "!"]', 32, "tagging.strong[1]", "use a letter or digit"),
        ('strong = ["tin"]', 'strong = ["tun"]', 34, "tests[0]", "this headline does not belong"),
        ("belongs = true", "belongs = false", 34, "tests[0]", "belongs (names 'tin')"),
        ("belongs = true", 'belongs = "maybe"', 36, "tests[0].belongs", "true or false"),
        ("belongs = true", "belongs = tru", 36, "", "not TOML at column 11"),
        ('strong = ["tin"]', 'strong = ["tin"]\ntin', 33, "", "not TOML"),
        ("belongs = true", 'belongs = true\nx = """', 37, "", "not TOML at the end of the file"),
    ],
)
def test_mistake(old, new, line, field, words):
    found = mistakes(old, new)
    assert [(where, what) for where, what, _ in found][:1] == [(line, field)], found
    assert words in found[0][2]


def test_every_mistake_is_listed_by_line():
    text = (
        GOOD.replace('title = "Tin"', "title = 1", 1).replace('side = "bull"', "side = 2").replace("strong", "srtong")
    )
    assert [(found.line, found.field) for found in check_hub(text, "tin")] == [
        (2, "title"),
        (9, "claims[0].side"),
        (32, "tagging.srtong"),
    ]


def test_a_mistake_reads_as_one_line():
    (mistake,) = check_hub(GOOD.replace('long = "TIN"', 'lnog = "TIN"'), "tin")[1:]
    assert str(mistake) == "line 29, field charts[0].lnog: is not a known field; write 'long' or remove it"
    (syntax,) = check_hub("a = ", "tin")
    assert str(syntax).startswith("line 1: not TOML")
    assert "\n" not in str(syntax)


def test_the_required_fields_of_an_empty_file_are_missing():
    assert {found.field for found in check_hub("", "tin")} == {"slug", "title", "summary", "thesis", "tagging"}


def test_a_renamed_field_names_its_present_one():
    (mistake,) = check_hub(f"{GOOD}\n[[echoes]]\nclaim = 'T1'\npairs = []\n", "tin")
    assert str(mistake).endswith("field echoes: is not a known field; it is called 'claim_mentions' now")


def test_a_misspelt_estimand_is_recognised():
    (mistake,) = check_hub(GOOD.replace('"event-study"', '"event-studies"'), "tin")
    assert "there is no estimand 'event-studies'; did you mean event-study?" in str(mistake)


BOND = "\n[[instruments]]\nsymbol = 'BNDX9'\nname = 'a Treasury bond fund'\nrole = 'bonds'\n"


@pytest.mark.parametrize(
    ("table", "field", "words"),
    [
        ("[[charts]]\nid = 'u'\ntitle = 'Jobs'\nkind = 'levels'\nlong = 'UNRATE'\nmeasure = 'rate'\n"
         "unit = 'percent'\nlabels = ['jobless']", "charts[1].long", "only the latest vintage is available"),
        ("[[charts]]\nid = 'b'\ntitle = 'Bonds'\nlong = 'SPY'\nshort = 'TLT'\nmeasure = 'price'",
         "charts[1].short", "TLT is a bond fund"),
        ("[[charts]]\nid = 'b'\ntitle = 'Bonds'\nlong = 'BNDX9'\nmeasure = 'price'", "charts[1].long", "bond fund"),
        ("[[gauges]]\nid = 'u'\ntitle = 'Jobs'\nkind = 'level'\nlong = 'UNRATE'\nmeasure = 'rate'",
         "gauges[0].long", "its past values were revised"),
        ("[[gauges]]\nid = 'd'\ntitle = 'Junk'\nkind = 'drawdown'\nlong = 'HYG'\nmeasure = 'price'",
         "gauges[0].long", 'use measure = "total return"'),
        ("[[gauges]]\nid = 'i'\ntitle = 'Index'\nkind = 'relative'\nlong = 'IWM'\nshort = '^GSPC'",
         "gauges[0].short", "an index without dividends"),
    ],
)  # fmt: skip
def test_series_of_charts_and_gauges_must_fit_as_those_of_claims_do(table, field, words):
    text = f"{GOOD}{BOND}\n{table}\n"
    (mistake,) = check_hub(text, "tin")
    assert mistake.field == field
    assert words in mistake.message
    usable = read_usable_hub(text, "tin")
    assert isinstance(usable, HubSpec)  # the page says it of the chart or gauge, and the hub goes on


def test_other_mistakes_of_a_chart_still_stop_the_hub():
    (mistake,) = read_usable_hub(f"{GOOD}\n[[charts]]\nid = 'tin-zinc'\ntitle = 'Again'\nlong = 'TIN'\n", "tin")
    assert mistake.field == "charts[1].id"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('text = "Small companies lead."', 'text = " "', "text: is empty"),
        ('text = "Small companies lead."', f'text = "{"small " * 200}"', "text: string should have at most 1000"),
        ('side = "bull"', 'side = "up"', "side: is not one of the allowed values"),
        ('side = "bull"', 'side = "bull"\nsource = "a talk"', "source: is not a known field"),
        (
            "range = [0.05, 0.15]",
            f"range = [0.05, 0.15]\n[claims.grid]\naxes = {{ horizon = {list(range(1, 502))} }}",
            "grid: makes 501 readings, at most 500",
        ),
    ],
    ids=["empty", "long", "side", "unknown", "readings"],
)
def test_no_mistake_of_one_claim_stops_the_hub(old, new, reason):
    text = GOOD.replace(old, new, 1)
    assert check_hub(text, "tin")
    usable = read_usable_hub(text, "tin")
    assert isinstance(usable, HubSpec)
    first, second = usable.claims
    assert first.measure is None
    assert reason in first.unmeasured
    assert (first.id, second.text) == ("C1", "Tin falls.")


def test_a_claim_without_a_sound_id_has_no_address_and_stops_the_hub():
    mistakes = read_usable_hub(GOOD.replace('id = "C2"', 'id = "C1"'), "tin")
    assert "claims[1].id" in {mistake.field for mistake in mistakes}
