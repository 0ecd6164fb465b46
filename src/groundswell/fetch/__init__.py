"""Polite HTTP for feeds and data services: safe addresses, bounded answers, one request a host, back-off."""
