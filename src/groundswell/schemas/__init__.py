"""The one public JSON vocabulary: API, ``--json`` and files."""
