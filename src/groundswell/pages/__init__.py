"""What each page holds, as values without look-ups."""
