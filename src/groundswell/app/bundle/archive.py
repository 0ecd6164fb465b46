"""The archive of a bundle: the same files give the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

MADE_AT = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive, the first that the format knows, so that no two archives differ by it."""

READABLE = 0o644 << 16


def write_archive(folder: str, built: Mapping[str, str]) -> bytes:
    """Write texts by their names into one folder of an archive, in the order of names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(built):
            entry = zipfile.ZipInfo(f"{folder}/{name}", MADE_AT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = READABLE
            entry.create_system = 3  # Unix, whatever the system, so that the permissions are read
            archive.writestr(entry, built[name].encode("utf-8"))
    return out.getvalue()
