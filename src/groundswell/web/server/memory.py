"""How the C library keeps memory that the program freed. Nothing is done without glibc, that of most Linux."""

from __future__ import annotations

import ctypes
import sys
import threading

SECONDS_BETWEEN_TRIMS = 30.0
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # of glibc's malloc.h
_OPTIONS = (
    (_M_ARENA_MAX, 2),  # by default eight a core, each of which keeps what some thread needed once
    (_M_MMAP_THRESHOLD, 1 << 20),  # a body of a feed goes back as soon as it was read; by default up to 32 MB are kept
    (_M_TRIM_THRESHOLD, 1 << 20),
)


def keep_little_memory() -> bool:
    """Let freed memory go back to the system early; return whether the C library can. Call it before threads start."""
    library = _find_glibc()
    return library is not None and all(library.mallopt(option, value) for option, value in _OPTIONS)


def trim_memory(stop: threading.Event) -> None:
    """Give back what was freed, every half minute until ``stop`` is set."""
    library = _find_glibc()
    while library is not None and not stop.wait(SECONDS_BETWEEN_TRIMS):
        library.malloc_trim(0)  # other threads run meanwhile


def _find_glibc() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None
