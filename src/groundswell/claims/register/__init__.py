"""What is put on record of a claim: its specification, the data it was measured on, its forecasts."""
