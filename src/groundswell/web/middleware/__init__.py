"""What stands between a request and its route: cache, limits, headers, errors."""
