"""Shipped helps for trying out and testing: a demonstration corpus, and fakes of the ports."""
