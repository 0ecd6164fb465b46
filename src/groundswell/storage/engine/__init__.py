"""The store itself: opening, locking, errors and backups."""
