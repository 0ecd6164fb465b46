"""Estimands that compare series with one another over periods."""
