"""What a reader must know next to a verdict: how far it reaches, and what would have changed it."""
