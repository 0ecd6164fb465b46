"""Stored series, observations, quality checks and evaluations."""
