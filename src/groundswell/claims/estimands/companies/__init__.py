"""Estimands over companies: accounts, members, weights."""
