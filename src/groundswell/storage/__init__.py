"""Everything that is stored: one file per aggregate, functions over a connection."""
