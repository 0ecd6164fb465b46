"""Estimands that relate returns to changes of rates and spreads."""
