"""Series computed from constituents and contracts while a folder is loaded."""
