"""What is put on record when claims are evaluated."""
