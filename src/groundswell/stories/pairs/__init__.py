"""Whether two documents report the same event."""
