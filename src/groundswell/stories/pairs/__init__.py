"""Decide whether two articles report the same event."""
