"""Stored states of feeds and data services, and subscriptions."""
