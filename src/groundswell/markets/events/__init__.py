"""Event lists: Fed decisions and what prices show, each dated by when it was known."""
