"""What is wrong with series: alone, against other sources, against identities."""
