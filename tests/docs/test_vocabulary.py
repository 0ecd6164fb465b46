"""Words and names follow the glossary: a list of words that readers and newcomers must not meet, and where they are."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from typer.main import get_command

from groundswell.cli.main import app as commands
from groundswell.web.app import create_app

from ..golden import made
from ..golden.canon import EXPECTED
from ..web.conftest import FakeHubs

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "groundswell"

VAGUE = ("told", "tells", "held", "lacking", "anew", "mend", "mends", "beside")
"""Words that the code may hold less often than once in a thousand lines."""
MAX_PER_THOUSAND_LINES = 1.0

BANNED = (
    *VAGUE,
    *("telling", "lacks", "mended", "mending", "settle", "settled", "settles", "errand", "errands", "echo", "echoes"),
    *("occasions", "happening", "happenings", "voices", "stuffed", "bait", "weld", "welded", "welds"),
    *("edition", "editions", "flip", "flips", "flipped", "defect", "defects", "touched", "touches", "came", "rhythm"),
    *("kept answers", "put down", "taken up", "takes up", "at hand", "for good", "what came in"),
)
"""Words and phrases that stand in no help, JSON, page or document; docs/glossary.md says what stands there instead."""

TERMS = re.compile(r"sign-flip|flip[_ ]p\b", re.IGNORECASE)
"""Terms of the field, and the name of a value, that contain a banned word."""

ALLOWED = {
    ("hubs/catalog/", "*"): "the phrases that tag headlines are written as headlines write",
    ("text/stopwords.py", "*"): "stop words are any words",
    ("feeds/demo.jsonl", "*"): "made headlines",
    ("stories/pairs/pair_weights.toml", "*"): "weights of the words of headlines",
    ("storage/migrations/versions/", "*"): "a migration names the tables and columns that it found",
    ("docs/decisions/", "echo"): "the command of the shell in examples",
    ("docs/", "echo"): "the command of the shell in examples",
}
"""Where a word may stand all the same, by the beginning of the place and the word, with the reason."""

PARTICIPLES = {
    *("told", "held", "kept", "made", "found", "seen", "drawn", "written", "shown", "known", "taken", "given", "sent"),
    *(
        "built",
        "left",
        "done",
        "grown",
        "gone",
        "begun",
        "cut",
        "met",
        "lost",
        "won",
        "bought",
        "sold",
        "paid",
        "split",
    ),
}
NOT_PARTICIPLES = {"feed", "need", "seed", "embed", "shed", "speed", "bed", "proceed"}
ALLOWED_FUNCTIONS = {
    "split": "the verb",
    "cut": "the verb",
}
"""Functions whose name looks like a past participle, with the reason."""


def list_words(text: str) -> str:
    """The text in lower case, names split at underscores and capitals, and other signs made spaces."""
    split = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text).replace("_", " ").lower()
    return f" {' '.join(re.findall(r'[a-z]+', split))} "


def count_banned(text: str, place: str, banned: tuple[str, ...] = BANNED) -> Counter[str]:
    """How often each banned word stands in a text from ``place``, without those that are allowed there."""
    words = list_words(TERMS.sub("", text))
    counts = Counter({word: words.count(f" {word} ") for word in banned})
    return Counter({word: n for word, n in counts.items() if n and not is_allowed(place, word)})


def is_allowed(place: str, word: str) -> bool:
    return any(place.startswith(start) and allowed in ("*", word) for start, allowed in ALLOWED)


def list_source_files() -> Iterator[tuple[str, str]]:
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix in {".py", ".html", ".toml", ".css", ".xml", ".txt"}:
            yield path.relative_to(SOURCE).as_posix(), path.read_text(encoding="utf-8")


def test_vague_words_are_rare_in_the_code() -> None:
    files = list(list_source_files())
    counts = {place: count_banned(text, place, VAGUE) for place, text in files}
    lines = sum(text.count("\n") for _, text in files)
    worst = {place: dict(words) for place, words in counts.items() if words}
    assert 1000 * sum(words.total() for words in counts.values()) / lines < MAX_PER_THOUSAND_LINES, worst


def test_help_holds_no_banned_word() -> None:
    helps = dict(list_help(get_command(commands)))
    assert len(helps) > 20
    assert {name: dict(words) for name, text in helps.items() if (words := count_banned(text, name))} == {}


def list_help(command: click.Command, name: str = "groundswell") -> Iterator[tuple[str, str]]:
    """The help of a command and of all its options and subcommands, each with its name."""
    options = [f"{' '.join(option.opts)} {getattr(option, 'help', None) or ''}" for option in command.params]
    yield name, " ".join([command.help or "", command.epilog or "", *options])
    for part, below in getattr(command, "commands", {}).items():
        yield from list_help(below, f"{name} {part}")


def test_the_description_of_the_api_holds_no_banned_word() -> None:
    """The names of fields and parameters, the paths, and what is said of each."""
    description = json.dumps(create_app(FakeHubs()).openapi())
    assert dict(count_banned(description, "openapi.json")) == {}


def test_pages_hold_no_banned_word() -> None:
    """The texts of the golden pages, without the made headlines and articles on them."""
    rows, _events = made.stream()
    texts = {row[key] for row in rows for key in ("title", "text", "source") if key in row}
    headlines = sorted({part for text in texts for part in (text, *re.split(r"(?<=[.!?]) ", text))}, key=len)
    found = {}
    for path in sorted((EXPECTED / "pages").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        for headline in reversed(headlines):
            text = text.replace(headline, "")
        if words := count_banned(text, f"pages/{path.name}"):
            found[path.name] = dict(words)
    assert found == {}


@pytest.mark.parametrize(
    "path", [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")], ids=lambda path: str(path.relative_to(ROOT))
)
def test_documentation_holds_no_banned_word(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.name == "CHANGELOG.md":  # this part names what was renamed
        text = re.sub(r"^### Changed names.*?(?=^### )", "", text, flags=re.MULTILINE | re.DOTALL)
    assert dict(count_banned(text, path.relative_to(ROOT).as_posix())) == {}


def test_no_function_is_named_by_a_bare_past_participle() -> None:
    """A function is a verb phrase, a predicate begins with ``is_`` or ``has_``; a property may be a participle."""
    found = []
    for place, text in list_source_files():
        if place.endswith(".py") and "migrations/versions" not in place:
            names = [function.name for function in list_functions(ast.parse(text)) if is_participle(function.name)]
            found += [f"{place}: {name}" for name in names]
    assert found == []


def list_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """The public functions of a module and methods of its classes, without properties."""
    for node in tree.body:
        for part in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(part, ast.FunctionDef) and not part.name.startswith("_"):
                decorators = {ast.unparse(decorator).split(".")[-1] for decorator in part.decorator_list}
                if not decorators & {"property", "cached_property", "computed_field"}:
                    yield part


def is_participle(name: str) -> bool:
    if name in NOT_PARTICIPLES or name in ALLOWED_FUNCTIONS:
        return False
    return name in PARTICIPLES or re.fullmatch(r"[a-z]+ed", name) is not None


def test_the_checks_find_what_they_look_for() -> None:
    assert dict(count_banned("heldBack is_told beside withheld kept_answers", "x")) == {
        "told": 1, "held": 1, "beside": 1, "kept answers": 1,
    }  # fmt: skip
    assert not count_banned("told", "hubs/catalog/roic.toml")
    assert [is_participle(name) for name in ("marked", "told", "feed", "mark_days")] == [True, True, False, False]
