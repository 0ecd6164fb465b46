"""Lines of fields in TOML, checked against what tomllib reads."""

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.hubs.file.load import PACKAGED_SLUGS
from groundswell.hubs.file.toml_lines import find_line, locate_fields

GOLDEN = '''# a comment with "quotes" and [brackets]
title = 'plain # not a comment'
"quoted.key" = 3
a.b . "c" = 4

text = """
one "quoted" \\""" line
two""""
literal = \'\'\'
x \'\' y\'\'\'
list = [ # why
  "first", # [x]
  ["nested",
   15],
  { in = 16, "line" = [ 16 ] },
]
empty = []
none = {}

[table]
when = 2024-01-02 03:04:05
[table.deep]
key = 23

[[many]]
id = 26
[[many.inner]]
id = 28
[[many.inner]]
id = 30
[many.sub]
id = 32

[[many]]
id = 35
[[many.inner]]
id = 37
'''


def test_golden():
    tomllib.loads(GOLDEN)
    lines = locate_fields(GOLDEN)
    expected = {
        ("title",): 2,
        ("quoted.key",): 3,
        ("a", "b", "c"): 4,
        ("text",): 6,
        ("literal",): 9,
        ("list",): 11,
        ("list", 0): 12,
        ("list", 1, 0): 13,
        ("list", 1, 1): 14,
        ("list", 2, "in"): 15,
        ("list", 2, "line", 0): 15,
        ("empty",): 17,
        ("none",): 18,
        ("table",): 20,
        ("table", "when"): 21,
        ("table", "deep"): 22,
        ("many",): 25,
        ("many", 0): 25,
        ("many", 0, "inner", 1, "id"): 30,
        ("many", 0, "sub", "id"): 32,
        ("many", 1): 34,
        ("many", 1, "inner", 0, "id"): 37,
    }
    assert {path: lines.get(path) for path in expected} == expected


@pytest.mark.parametrize(
    ("path", "line"),
    [(("many", 1, "missing"), 34), (("many", 9), 25), (("nowhere",), 1), ((), 1), (("list", 1, 1, "x"), 14)],
)
def test_a_field_that_is_not_written_has_the_line_of_what_is_around_it(path, line):
    assert find_line(locate_fields(GOLDEN), path) == line


def leaves(value, path=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*path, number))
    else:
        yield path, value


@pytest.mark.parametrize("slug", PACKAGED_SLUGS)
def test_every_value_of_the_packaged_files_has_a_line(slug):
    text = (files("groundswell.hubs") / "catalog" / f"{slug}.toml").read_text(encoding="utf-8")
    lines = locate_fields(text)
    paths = [path for path, _ in leaves(tomllib.loads(text))]
    assert len(paths) > 100
    assert [path for path in paths if path not in lines] == []


# TOML in which each HERE is to be replaced by the line on which it stands
HERE = "§"
GAPS = st.sampled_from(["", " ", "\n", " # it's a [comment] \"\n", "\n\n  "])
ENDS = st.sampled_from(["\n", " # end\n", "\n\n"])
KEYS = st.sampled_from(["a", "b-c", '"d e"', "'f.g'"])
STRINGS = st.sampled_from(
    ['"x ] # y"', "'x\\'", '"""p\n]"""', "'''q\n\n'q''''", '"\\" ="', "-3.5", "true", "1979-05-27"]
)


def arrays(values):
    items = st.lists(st.tuples(GAPS, values, GAPS), max_size=3)
    return st.builds(lambda found, gap: "[" + ",".join(map("".join, found)) + gap + "]", items, GAPS)


def inline_tables(values):
    return st.lists(values, max_size=2).map(
        lambda found: "{ " + ", ".join(f"k{number} = {value}" for number, value in enumerate(found)) + "}"
    )


SIMPLE = st.just(HERE) | STRINGS
VALUES = st.recursive(SIMPLE, lambda inner: arrays(inner) | inline_tables(SIMPLE), max_leaves=6)
PAIRS = st.lists(st.tuples(KEYS, VALUES, ENDS), unique_by=lambda pair: pair[0], max_size=3).map(
    lambda pairs: "".join(f"{key} = {value}{end}" for key, value, end in pairs)
)
INNER = st.lists(PAIRS.map(" [[ rows . inner ]]\n{}".format), max_size=2).map("".join)
ROWS = st.lists(st.tuples(st.just("[[rows]]\n"), PAIRS, INNER).map("".join), max_size=3).map("".join)


def numbered(text):
    lines = text.split("\n")
    return "\n".join(line.replace(HERE, str(number)) for number, line in enumerate(lines, start=1))


DOCUMENTS = st.tuples(PAIRS, ROWS, st.just("[t.'x'.y]\n"), PAIRS).map("".join).map(numbered)


@given(DOCUMENTS)
def test_integers_stand_where_they_say(text):
    lines = locate_fields(text)
    for path, value in leaves(tomllib.loads(text)):
        assert path in lines
        if type(value) is int:
            assert lines[path] == value


def test_text_that_is_not_toml_is_refused():
    with pytest.raises(ValueError, match="line 2: not TOML"):
        locate_fields("a = 1\n= 2\n")
