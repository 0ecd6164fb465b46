"""How values are written for readers."""
