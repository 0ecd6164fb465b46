"""Repair stories: re-cluster recent articles, and record the merges and splits that result."""
