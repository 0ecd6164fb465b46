"""Stored articles, titles, tags, lineage, and the queries over them."""
