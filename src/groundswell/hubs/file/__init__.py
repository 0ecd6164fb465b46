"""The hub file: read it, check it, and say what is wrong on which line."""
