"""Which source of a series is right, and what is wrong with the others."""
