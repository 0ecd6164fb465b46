"""Services of rates, published statistics, and the Federal Reserve's decisions."""
