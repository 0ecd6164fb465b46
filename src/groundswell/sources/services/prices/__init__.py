"""Services of prices of securities and levels of indices."""
