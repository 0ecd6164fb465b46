"""Hubs: the files that hold them, the rules that fill them with news, and their pages."""
