"""What reading a folder gave, kept by the hash of all that it follows from."""
