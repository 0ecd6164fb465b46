"""The addresses of the site and the API."""
