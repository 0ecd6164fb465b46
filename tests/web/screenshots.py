"""Take the screenshots in docs/screenshots from made data: phone and desktop, light and dark.

    python -m tests.web.screenshots [--out docs/screenshots]

Headlines and prices are those of tests/golden/made.py: no market data, and no real publisher. The images have at most
256 colours, so that they stay small in the repository.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import json
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright
from tests.golden import made

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
ARGUMENTS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
SCREENS = {"phone": (375, 1500), "desk": (1440, 1500)}
MAX_COLOURS = 256
PIXELS = """async written => {
    const image = await createImageBitmap(await (await fetch(written)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const bytes = context.getImageData(0, 0, image.width, image.height).data;
    let text = '';
    for (let at = 0; at < bytes.length; at += 32768)
        text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return [image.width, image.height, btoa(text)];
}"""


@contextlib.contextmanager
def run_server(folder: Path) -> Iterator[str]:
    """Replay the made data into a store, and run the program with it; yield its address once it responds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made.write_lines(folder / "docs.jsonl", made.stream()[0])
    made.write_market(folder / "market")
    groundswell = [sys.executable, "-m", "groundswell"]
    store = ["--db", str(folder / "store.db")]
    subprocess.run(
        [*groundswell, "replay", str(folder / "docs.jsonl"), "--data", str(folder / "market"), *store], check=True
    )
    command = [*groundswell, "up", "--no-live", *store]
    process = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        while process.poll() is None:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
                break
            time.sleep(0.5)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def list_paths(address: str, as_of: str) -> dict[str, str]:
    """Return the paths to show; the story is the one of the FOMC hub with the most articles."""
    with urllib.request.urlopen(f"{address}/api/v1/stories?hub=fomc&as_of={as_of}&limit=100") as answer:
        stories = json.load(answer)["stories"]
    busiest = max(stories, key=lambda story: story["article_count"])
    return {
        "hub": f"/hubs/small-caps?as_of={as_of}",
        "charts": f"/hubs/fomc?as_of={as_of}#charts",
        "story": f"/stories/{busiest['id']}?as_of={as_of}",
        "claim": f"/claims/small-caps/C11?as_of={as_of}",
        "search": "/search?q=rate+cut",
        "status": "/status",
    }


def reduce_colours(picture: bytes, page: Page) -> bytes:
    """Reduce an image to its most common colours; other colours become the nearest of these."""
    written = "data:image/png;base64," + base64.b64encode(picture).decode()
    width, height, pixels = page.evaluate(PIXELS, written)
    flat = np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(-1, 4)[:, :3].astype(np.int32)
    keys = flat @ np.array([1 << 16, 1 << 8, 1])
    colours, place, counts = np.unique(keys, return_inverse=True, return_counts=True)
    kept = colours[np.sort(np.argsort(counts)[::-1][:MAX_COLOURS])]
    parts, kept_parts = (np.stack([one >> 16, one >> 8 & 255, one & 255], axis=1) for one in (colours, kept))
    nearest = np.array([np.abs(kept_parts - part).sum(axis=1).argmin() for part in parts], np.uint8)
    rows = nearest[place].reshape(height, width)
    body = zlib.compress(np.insert(rows, 0, 0, axis=1).tobytes(), 9)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"PLTE", kept_parts.astype(np.uint8).tobytes()), (b"IDAT", body), (b"IEND", b""))
    made = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


def take_screenshots(address: str, as_of: str, out: Path) -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        bench = browser.new_page()
        for name, path in list_paths(address, as_of).items():
            for screen, (width, height) in SCREENS.items():
                for scheme in ("light", "dark"):
                    context = browser.new_context(
                        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
                    )
                    page = context.new_page()
                    page.goto(address + path, timeout=120_000)
                    file = out / f"{name}-{screen}-{scheme}.png"
                    file.write_bytes(reduce_colours(page.screenshot(), bench))
                    print(f"{file} {file.stat().st_size / 1000:.0f} kB", flush=True)
                    context.close()
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--as-of", default="2024-12-27")
    parser.add_argument("--out", type=Path, default=Path("docs/screenshots"))
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, run_server(Path(folder)) as address:
        take_screenshots(address, given.as_of, given.out)


if __name__ == "__main__":
    main()
