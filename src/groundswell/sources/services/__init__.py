"""Data services: one declaration a file, found by the registry."""
