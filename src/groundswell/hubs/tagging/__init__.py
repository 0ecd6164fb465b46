"""Which articles belong to a hub, and why."""
