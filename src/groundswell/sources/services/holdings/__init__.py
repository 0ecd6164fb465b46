"""Services of lists of what funds own."""
