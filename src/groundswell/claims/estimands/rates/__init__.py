"""Estimands of interest rates as futures price them."""
