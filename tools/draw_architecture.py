"""Draw docs/architecture.svg: the packages in the order of their import layers, and the three ways through them.

The layers are those of ``.importlinter``, the ways the numbered lists of docs/architecture.md. Run it again when either
changes: python tools/draw_architecture.py
"""

from __future__ import annotations

import configparser
import re
from itertools import groupby, pairwise
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[1]
WAYS = ("An article", "A price", "A claim")
COLOURS = ("#b4451f", "#1f6f8b", "#5b7a1f")
ROW, LEFT, BOX, STEP = 44, 16, 360, 150
HEADING, DOT = 56, 14


def read_layers() -> list[list[str]]:
    """Return the packages of each import layer, highest first."""
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")
    layers = config["importlinter:contract:layers"]["layers"].split("\n")
    return [[name.strip() for name in re.split(r"[|:]", layer)] for layer in layers if layer.strip()]


def read_ways() -> dict[str, list[str]]:
    """Return the files of each way in order, as paths below ``src/groundswell``."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^### ([^\n]+)\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL))
    return {name: re.findall(r"^\d+\. `([^`]+)`", sections[name], re.MULTILINE) for name in WAYS}


def list_packages(files: list[str]) -> list[str]:
    """Return the packages that a way enters, in order; one that is entered again stands again."""
    return [package for package, _ in groupby(file.split("/")[0] for file in files)]


def draw() -> str:
    """Return the picture as SVG text."""
    layers = read_layers()
    row_of = {package: row for row, layer in enumerate(layers) for package in layer}
    shift_of = {package: DOT * (2 * place + 1 - len(layer)) for layer in layers for place, package in enumerate(layer)}
    width, height = LEFT + BOX + STEP * len(WAYS) + 16, HEADING + ROW * len(layers) + 12
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img" aria-label="Packages by import layer, and three ways through them" '
        'font-family="Helvetica, Arial, sans-serif" font-size="15">',
        f'<rect width="{width}" height="{height}" fill="#fffdf8"/>',
        f'<text x="{LEFT}" y="32" fill="#555">Each package may import those below it.</text>',
    ]
    for row, layer in enumerate(layers):
        size = (BOX - 8 * (len(layer) - 1)) / len(layer)
        for place, package in enumerate(layer):
            left, top = LEFT + place * (size + 8), HEADING + row * ROW
            parts.append(
                f'<rect x="{left:g}" y="{top}" width="{size:g}" height="{ROW - 10}" rx="5" fill="#f1ece0" '
                f'stroke="#b9b09a"/><text x="{left + size / 2:g}" y="{top + 22}" text-anchor="middle" '
                f'fill="#222">{escape(package)}</text>'
            )
    for column, (name, files) in enumerate(read_ways().items()):
        colour, centre = COLOURS[column], LEFT + BOX + STEP * column + STEP // 2
        parts.append(
            f'<text x="{centre}" y="32" text-anchor="middle" fill="{colour}" font-weight="bold">{escape(name)}</text>'
        )
        points = [
            (centre + shift_of[package], HEADING + row_of[package] * ROW + (ROW - 10) // 2)
            for package in list_packages(files)
        ]
        # A line that leads back down bends aside, so that it does not cover the line that led up.
        path = f"M{points[0][0]},{points[0][1]}"
        for (left, top), (right, bottom) in pairwise(points):
            aside = 44 if bottom > top else 0
            path += f" Q{left + aside},{(top + bottom) // 2} {right},{bottom}"
        parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        for step, (left, top) in enumerate(points, 1):
            parts.append(
                f'<circle cx="{left}" cy="{top}" r="{DOT - 2}" fill="{colour}"/><text x="{left}" y="{top + 5}" '
                f'text-anchor="middle" fill="#fff" font-size="13">{step}</text>'
            )
    return "\n".join([*parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    (ROOT / "docs/architecture.svg").write_text(draw(), encoding="utf-8")
