"""Estimands over dated events."""
