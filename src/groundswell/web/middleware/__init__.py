"""Middleware between the server and the routes: response cache, rate limit, headers, errors."""
