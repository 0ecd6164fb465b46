"""Kept pages: what each page reads, which pages are kept, and how they are made again after a change."""
